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
}

// method is a MethodInfo with the way to make its empty message, which reads and
// writes itself.
type method struct {
	MethodInfo
	make func() codec
}

// methods is every message of the package but Unknown. Decode and Encode know no
// other.
var methods = [...]method{
	{MethodInfo{"Inform", FromCPE, "InformResponse"}, func() codec { return new(Inform) }},
	{MethodInfo{"InformResponse", FromACS, ""}, func() codec { return new(InformResponse) }},
	{MethodInfo{"TransferComplete", FromCPE, "TransferCompleteResponse"}, func() codec { return new(TransferComplete) }},
	{MethodInfo{"TransferCompleteResponse", FromACS, ""}, func() codec { return new(TransferCompleteResponse) }},
	{MethodInfo{"GetRPCMethods", FromEither, "GetRPCMethodsResponse"}, func() codec { return new(GetRPCMethods) }},
	{MethodInfo{"GetRPCMethodsResponse", FromEither, ""}, func() codec { return new(GetRPCMethodsResponse) }},
	{MethodInfo{"GetParameterValues", FromACS, "GetParameterValuesResponse"}, func() codec { return new(GetParameterValues) }},
	{MethodInfo{"GetParameterValuesResponse", FromCPE, ""}, func() codec { return new(GetParameterValuesResponse) }},
	{MethodInfo{"SetParameterValues", FromACS, "SetParameterValuesResponse"}, func() codec { return new(SetParameterValues) }},
	{MethodInfo{"SetParameterValuesResponse", FromCPE, ""}, func() codec { return new(SetParameterValuesResponse) }},
	{MethodInfo{"GetParameterNames", FromACS, "GetParameterNamesResponse"}, func() codec { return new(GetParameterNames) }},
	{MethodInfo{"GetParameterNamesResponse", FromCPE, ""}, func() codec { return new(GetParameterNamesResponse) }},
	{MethodInfo{"GetParameterAttributes", FromACS, "GetParameterAttributesResponse"}, func() codec { return new(GetParameterAttributes) }},
	{MethodInfo{"GetParameterAttributesResponse", FromCPE, ""}, func() codec { return new(GetParameterAttributesResponse) }},
	{MethodInfo{"SetParameterAttributes", FromACS, "SetParameterAttributesResponse"}, func() codec { return new(SetParameterAttributes) }},
	{MethodInfo{"SetParameterAttributesResponse", FromCPE, ""}, func() codec { return new(SetParameterAttributesResponse) }},
	{MethodInfo{"AddObject", FromACS, "AddObjectResponse"}, func() codec { return new(AddObject) }},
	{MethodInfo{"AddObjectResponse", FromCPE, ""}, func() codec { return new(AddObjectResponse) }},
	{MethodInfo{"DeleteObject", FromACS, "DeleteObjectResponse"}, func() codec { return new(DeleteObject) }},
	{MethodInfo{"DeleteObjectResponse", FromCPE, ""}, func() codec { return new(DeleteObjectResponse) }},
	{MethodInfo{"Reboot", FromACS, "RebootResponse"}, func() codec { return new(Reboot) }},
	{MethodInfo{"RebootResponse", FromCPE, ""}, func() codec { return new(RebootResponse) }},
	{MethodInfo{"FactoryReset", FromACS, "FactoryResetResponse"}, func() codec { return new(FactoryReset) }},
	{MethodInfo{"FactoryResetResponse", FromCPE, ""}, func() codec { return new(FactoryResetResponse) }},
	{MethodInfo{"Download", FromACS, "DownloadResponse"}, func() codec { return new(Download) }},
	{MethodInfo{"DownloadResponse", FromCPE, ""}, func() codec { return new(DownloadResponse) }},
	{MethodInfo{methodFault, FromEither, ""}, func() codec { return new(Fault) }},
}

// methodFault is the one message that is in the SOAP namespace and not in that of
// CWMP.
const methodFault = "Fault"

// Methods returns every message that this package knows, Fault included.
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
	cwmp := IsNamespace(e.space)
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
