package cwmp

// Side is who sends a message.
type Side int

// The sides of CWMP.
const (
	// FromCPE is sent by the device.
	FromCPE Side = iota + 1
	// FromACS is sent by the ACS.
	FromACS
	// FromEither is sent by both.
	FromEither
)

// String returns "cpe", "acs" or "either".
func (s Side) String() string {
	switch s {
	case FromCPE:
		return "cpe"
	case FromACS:
		return "acs"
	}
	return "either"
}

// MethodInfo is one line of the table of methods.
type MethodInfo struct {
	// Name is the local name of the element in the SOAP Body.
	Name string
	// From is who sends it.
	From Side
	// Response is the name of the message that answers it; empty for
	// responses and for Fault.
	Response string
	// Since is the version of CWMP that it came with, such as Version1_0.
	Since string
	// Optional says that a receiver need not know it (TR-069 A.3 and A.4). False for responses and for Fault.
	Optional bool
}

// method is a MethodInfo with the way to make its empty message, which reads and
// writes itself.
type method struct {
	MethodInfo
	make func() codec
}

// methods is every message of the package but Unknown and VendorRPC. Decode and
// Encode know no other.
var methods = [...]method{
	{MethodInfo{"Inform", FromCPE, "InformResponse", Version1_0, false}, func() codec { return new(Inform) }},
	{MethodInfo{"InformResponse", FromACS, "", Version1_0, false}, func() codec { return new(InformResponse) }},
	{MethodInfo{"TransferComplete", FromCPE, "TransferCompleteResponse", Version1_0, false}, func() codec { return new(TransferComplete) }},
	{MethodInfo{"TransferCompleteResponse", FromACS, "", Version1_0, false}, func() codec { return new(TransferCompleteResponse) }},
	{MethodInfo{"AutonomousTransferComplete", FromCPE, "AutonomousTransferCompleteResponse", Version1_1, false}, func() codec { return new(AutonomousTransferComplete) }},
	{MethodInfo{"AutonomousTransferCompleteResponse", FromACS, "", Version1_1, false}, func() codec { return new(AutonomousTransferCompleteResponse) }},
	{MethodInfo{"Kicked", FromCPE, "KickedResponse", Version1_0, true}, func() codec { return new(Kicked) }},
	{MethodInfo{"KickedResponse", FromACS, "", Version1_0, false}, func() codec { return new(KickedResponse) }},
	{MethodInfo{"RequestDownload", FromCPE, "RequestDownloadResponse", Version1_0, true}, func() codec { return new(RequestDownload) }},
	{MethodInfo{"RequestDownloadResponse", FromACS, "", Version1_0, false}, func() codec { return new(RequestDownloadResponse) }},
	{MethodInfo{"DUStateChangeComplete", FromCPE, "DUStateChangeCompleteResponse", Version1_2, true}, func() codec { return new(DUStateChangeComplete) }},
	{MethodInfo{"DUStateChangeCompleteResponse", FromACS, "", Version1_2, false}, func() codec { return new(DUStateChangeCompleteResponse) }},
	{MethodInfo{"AutonomousDUStateChangeComplete", FromCPE, "AutonomousDUStateChangeCompleteResponse", Version1_2, true}, func() codec { return new(AutonomousDUStateChangeComplete) }},
	{MethodInfo{"AutonomousDUStateChangeCompleteResponse", FromACS, "", Version1_2, false}, func() codec { return new(AutonomousDUStateChangeCompleteResponse) }},
	{MethodInfo{"GetRPCMethods", FromEither, "GetRPCMethodsResponse", Version1_0, false}, func() codec { return new(GetRPCMethods) }},
	{MethodInfo{"GetRPCMethodsResponse", FromEither, "", Version1_0, false}, func() codec { return new(GetRPCMethodsResponse) }},
	{MethodInfo{"GetParameterValues", FromACS, "GetParameterValuesResponse", Version1_0, false}, func() codec { return new(GetParameterValues) }},
	{MethodInfo{"GetParameterValuesResponse", FromCPE, "", Version1_0, false}, func() codec { return new(GetParameterValuesResponse) }},
	{MethodInfo{"SetParameterValues", FromACS, "SetParameterValuesResponse", Version1_0, false}, func() codec { return new(SetParameterValues) }},
	{MethodInfo{"SetParameterValuesResponse", FromCPE, "", Version1_0, false}, func() codec { return new(SetParameterValuesResponse) }},
	{MethodInfo{"GetParameterNames", FromACS, "GetParameterNamesResponse", Version1_0, false}, func() codec { return new(GetParameterNames) }},
	{MethodInfo{"GetParameterNamesResponse", FromCPE, "", Version1_0, false}, func() codec { return new(GetParameterNamesResponse) }},
	{MethodInfo{"GetParameterAttributes", FromACS, "GetParameterAttributesResponse", Version1_0, false}, func() codec { return new(GetParameterAttributes) }},
	{MethodInfo{"GetParameterAttributesResponse", FromCPE, "", Version1_0, false}, func() codec { return new(GetParameterAttributesResponse) }},
	{MethodInfo{"SetParameterAttributes", FromACS, "SetParameterAttributesResponse", Version1_0, false}, func() codec { return new(SetParameterAttributes) }},
	{MethodInfo{"SetParameterAttributesResponse", FromCPE, "", Version1_0, false}, func() codec { return new(SetParameterAttributesResponse) }},
	{MethodInfo{"AddObject", FromACS, "AddObjectResponse", Version1_0, false}, func() codec { return new(AddObject) }},
	{MethodInfo{"AddObjectResponse", FromCPE, "", Version1_0, false}, func() codec { return new(AddObjectResponse) }},
	{MethodInfo{"DeleteObject", FromACS, "DeleteObjectResponse", Version1_0, false}, func() codec { return new(DeleteObject) }},
	{MethodInfo{"DeleteObjectResponse", FromCPE, "", Version1_0, false}, func() codec { return new(DeleteObjectResponse) }},
	{MethodInfo{"Reboot", FromACS, "RebootResponse", Version1_0, false}, func() codec { return new(Reboot) }},
	{MethodInfo{"RebootResponse", FromCPE, "", Version1_0, false}, func() codec { return new(RebootResponse) }},
	{MethodInfo{"Download", FromACS, "DownloadResponse", Version1_0, false}, func() codec { return new(Download) }},
	{MethodInfo{"DownloadResponse", FromCPE, "", Version1_0, false}, func() codec { return new(DownloadResponse) }},
	{MethodInfo{"FactoryReset", FromACS, "FactoryResetResponse", Version1_0, true}, func() codec { return new(FactoryReset) }},
	{MethodInfo{"FactoryResetResponse", FromCPE, "", Version1_0, false}, func() codec { return new(FactoryResetResponse) }},
	{MethodInfo{"Upload", FromACS, "UploadResponse", Version1_0, true}, func() codec { return new(Upload) }},
	{MethodInfo{"UploadResponse", FromCPE, "", Version1_0, false}, func() codec { return new(UploadResponse) }},
	{MethodInfo{"ScheduleInform", FromACS, "ScheduleInformResponse", Version1_0, true}, func() codec { return new(ScheduleInform) }},
	{MethodInfo{"ScheduleInformResponse", FromCPE, "", Version1_0, false}, func() codec { return new(ScheduleInformResponse) }},
	{MethodInfo{"GetQueuedTransfers", FromACS, "GetQueuedTransfersResponse", Version1_0, true}, func() codec { return new(GetQueuedTransfers) }},
	{MethodInfo{"GetQueuedTransfersResponse", FromCPE, "", Version1_0, false}, func() codec { return new(GetQueuedTransfersResponse) }},
	{MethodInfo{"GetAllQueuedTransfers", FromACS, "GetAllQueuedTransfersResponse", Version1_1, true}, func() codec { return new(GetAllQueuedTransfers) }},
	{MethodInfo{"GetAllQueuedTransfersResponse", FromCPE, "", Version1_1, false}, func() codec { return new(GetAllQueuedTransfersResponse) }},
	{MethodInfo{"ScheduleDownload", FromACS, "ScheduleDownloadResponse", Version1_2, true}, func() codec { return new(ScheduleDownload) }},
	{MethodInfo{"ScheduleDownloadResponse", FromCPE, "", Version1_2, false}, func() codec { return new(ScheduleDownloadResponse) }},
	{MethodInfo{"CancelTransfer", FromACS, "CancelTransferResponse", Version1_2, true}, func() codec { return new(CancelTransfer) }},
	{MethodInfo{"CancelTransferResponse", FromCPE, "", Version1_2, false}, func() codec { return new(CancelTransferResponse) }},
	{MethodInfo{"ChangeDUState", FromACS, "ChangeDUStateResponse", Version1_2, true}, func() codec { return new(ChangeDUState) }},
	{MethodInfo{"ChangeDUStateResponse", FromCPE, "", Version1_2, false}, func() codec { return new(ChangeDUStateResponse) }},
	{MethodInfo{"SetVouchers", FromACS, "SetVouchersResponse", Version1_0, true}, func() codec { return new(SetVouchers) }},
	{MethodInfo{"SetVouchersResponse", FromCPE, "", Version1_0, false}, func() codec { return new(SetVouchersResponse) }},
	{MethodInfo{"GetOptions", FromACS, "GetOptionsResponse", Version1_0, true}, func() codec { return new(GetOptions) }},
	{MethodInfo{"GetOptionsResponse", FromCPE, "", Version1_0, false}, func() codec { return new(GetOptionsResponse) }},
	{MethodInfo{methodFault, FromEither, "", Version1_0, false}, func() codec { return new(Fault) }},
}

// methodFault is the one message that is in the SOAP namespace and not in that of
// CWMP.
const methodFault = "Fault"

// Methods returns every message that this package knows, Fault included. Vendors' own
// RPCs are not among them.
func Methods() []MethodInfo {
	infos := make([]MethodInfo, len(methods))
	for i := range methods {
		infos[i] = methods[i].MethodInfo
	}
	return infos
}

// messageFor returns the empty message for an element in the SOAP Body. What an
// element is depends on its namespace and local name, on nothing else.
func messageFor(e *element) codec {
	cwmp := isCWMP(e.space)
	for i := range methods {
		m := &methods[i]
		if m.Name != e.local {
			continue
		}
		if isFault := m.Name == methodFault; isFault && e.space == namespaceEnvelope || !isFault && cwmp {
			return m.make()
		}
	}
	return new(Unknown)
}
