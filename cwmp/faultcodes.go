package cwmp

// Fault codes of an ACS (TR-069 A.5.2) and of a device (A.5.1).
const (
	FaultACSMethodNotSupported = 8000
	FaultACSRequestDenied      = 8001
	FaultACSInternalError      = 8002
	FaultACSInvalidArguments   = 8003
	FaultACSResourcesExceeded  = 8004
	FaultACSRetryRequest       = 8005
	FaultACSVersionMismatch    = 8006

	FaultMethodNotSupported              = 9000
	FaultRequestDenied                   = 9001
	FaultInternalError                   = 9002
	FaultInvalidArguments                = 9003
	FaultResourcesExceeded               = 9004
	FaultInvalidParameterName            = 9005
	FaultInvalidParameterType            = 9006
	FaultInvalidParameterValue           = 9007
	FaultNonWritableParameter            = 9008
	FaultNotificationRejected            = 9009
	FaultTransferFailure                 = 9010
	FaultUploadFailure                   = 9011
	FaultTransferAuthentication          = 9012
	FaultTransferProtocolNotSupported    = 9013
	FaultTransferMulticast               = 9014
	FaultTransferServerUnreachable       = 9015
	FaultTransferFileInaccessible        = 9016
	FaultTransferIncomplete              = 9017
	FaultTransferFileCorrupted           = 9018
	FaultTransferFileAuthentication      = 9019
	FaultTransferTimeWindows             = 9020
	FaultCancelNotPermitted              = 9021
	FaultInvalidUUID                     = 9022
	FaultUnknownExecutionEnvironment     = 9023
	FaultDisabledExecutionEnvironment    = 9024
	FaultExecutionEnvironmentMismatch    = 9025
	FaultDuplicateDeploymentUnit         = 9026
	FaultSystemResourcesExceeded         = 9027
	FaultUnknownDeploymentUnit           = 9028
	FaultInvalidDeploymentUnitState      = 9029
	FaultDeploymentUnitDowngrade         = 9030
	FaultDeploymentUnitVersionMissing    = 9031
	FaultDeploymentUnitVersionDuplicated = 9032
)

// FaultText returns the text of a fault code, or the empty string for a code that
// TR-069 does not define, such as a vendor's (9800 to 9899).
func FaultText(code int) string {
	switch code {
	case FaultACSMethodNotSupported, FaultMethodNotSupported:
		return "Method not supported"
	case FaultACSRequestDenied, FaultRequestDenied:
		return "Request denied"
	case FaultACSInternalError, FaultInternalError:
		return "Internal error"
	case FaultACSInvalidArguments, FaultInvalidArguments:
		return "Invalid arguments"
	case FaultACSResourcesExceeded, FaultResourcesExceeded:
		return "Resources exceeded"
	case FaultACSRetryRequest:
		return "Retry request"
	case FaultACSVersionMismatch:
		return "ACS version incompatible with CPE"
	case FaultInvalidParameterName:
		return "Invalid parameter name"
	case FaultInvalidParameterType:
		return "Invalid parameter type"
	case FaultInvalidParameterValue:
		return "Invalid parameter value"
	case FaultNonWritableParameter:
		return "Attempt to set a non-writable parameter"
	case FaultNotificationRejected:
		return "Notification request rejected"
	}
	if text := transferFaultText(code); text != "" {
		return text
	}
	return softwareFaultText(code)
}

func transferFaultText(code int) string {
	switch code {
	case FaultTransferFailure:
		return "File transfer failure"
	case FaultUploadFailure:
		return "Upload failure"
	case FaultTransferAuthentication:
		return "File transfer server authentication failure"
	case FaultTransferProtocolNotSupported:
		return "Unsupported protocol for file transfer"
	case FaultTransferMulticast:
		return "File transfer failure: unable to join multicast group"
	case FaultTransferServerUnreachable:
		return "File transfer failure: unable to contact file server"
	case FaultTransferFileInaccessible:
		return "File transfer failure: unable to access file"
	case FaultTransferIncomplete:
		return "File transfer failure: unable to complete download"
	case FaultTransferFileCorrupted:
		return "File transfer failure: file corrupted"
	case FaultTransferFileAuthentication:
		return "File transfer failure: file authentication failure"
	case FaultTransferTimeWindows:
		return "File transfer failure: unable to complete download within specified time windows"
	case FaultCancelNotPermitted:
		return "Cancellation of file transfer not permitted in current transfer state"
	}
	return ""
}

func softwareFaultText(code int) string {
	switch code {
	case FaultInvalidUUID:
		return "Invalid UUID format"
	case FaultUnknownExecutionEnvironment:
		return "Unknown execution environment"
	case FaultDisabledExecutionEnvironment:
		return "Disabled execution environment"
	case FaultExecutionEnvironmentMismatch:
		return "Deployment unit to execution environment mismatch"
	case FaultDuplicateDeploymentUnit:
		return "Duplicate deployment unit"
	case FaultSystemResourcesExceeded:
		return "System resources exceeded"
	case FaultUnknownDeploymentUnit:
		return "Unknown deployment unit"
	case FaultInvalidDeploymentUnitState:
		return "Invalid deployment unit state"
	case FaultDeploymentUnitDowngrade:
		return "Invalid deployment unit update: downgrade not permitted"
	case FaultDeploymentUnitVersionMissing:
		return "Invalid deployment unit update: version not specified"
	case FaultDeploymentUnitVersionDuplicated:
		return "Invalid deployment unit update: version already exists"
	}
	return ""
}

// soapCode is the SOAP fault code that goes with a CWMP fault code: Client where
// the receiver of the fault erred, Server otherwise.
func soapCode(code int) string {
	switch code {
	case FaultACSInvalidArguments, FaultInvalidArguments, FaultInvalidParameterName,
		FaultInvalidParameterType, FaultInvalidParameterValue, FaultNonWritableParameter,
		FaultTransferTimeWindows, FaultCancelNotPermitted:
		return SOAPClient
	}
	return SOAPServer
}
