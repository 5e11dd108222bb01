package cwmp

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var oddDevice = DeviceIDStruct{Manufacturer: "M", OUI: "00AABB", ProductClass: "PC", SerialNumber: "S1"}

func withID(id string, m Message) *Envelope {
	return &Envelope{ID: id, HasID: true, Namespace: NamespaceV1_0, Message: m}
}

func values(v ...ParameterValueStruct) *GetParameterValuesResponse {
	return &GetParameterValuesResponse{ParameterList: v}
}

func text(name, value string) ParameterValueStruct {
	return ParameterValueStruct{Name: name, Value: value, Type: TypeString}
}

// oddEnvelopes is what must come out of every file in testdata/odd.
func oddEnvelopes() map[string]*Envelope {
	noZone := NewDateTime(testTime)
	noZone.Raw, noZone.NoZone = "2026-03-14T15:09:26", true
	fraction := ParseDateTime("2026-03-14T15:09:26.123456Z")
	offset := NewDateTime(testTime)
	offset.Raw = "2026-03-14T17:09:26+02:00"
	return map[string]*Envelope{
		"icwmp-announces-cwmp-1-4": {ID: "1804289383", HasID: true, Namespace: "urn:dslforum-org:cwmp-1-4", Message: &Inform{
			DeviceID: oddDevice, Events: []EventStruct{{EventCode: EventHeartbeat}}, MaxEnvelopes: 1, CurrentTime: offset,
			ParameterList: []ParameterValueStruct{text("Device.RootDataModelVersion", "2.15")},
		}},
		"rdk-indents-with-crlf": withID("1", values(
			ParameterValueStruct{Name: "Device.A", Value: "7", Type: TypeUnsignedInt}, text("Device.B", "two\nlines"))),
		"catawampus-unprefixed-array-type": {ID: "catawampus.1", HasID: true, Namespace: NamespaceV1_2, Message: &Inform{
			DeviceID: oddDevice, Events: []EventStruct{{EventCode: EventBoot}}, MaxEnvelopes: 1, CurrentTime: fraction, RetryCount: 3,
		}},
		"netcwmp-1999-schema-and-sized-types": withID("1", &Inform{
			DeviceID: oddDevice, Events: []EventStruct{{EventCode: EventBootstrap}}, MaxEnvelopes: 1, CurrentTime: noZone,
			ParameterList: []ParameterValueStruct{text("InternetGatewayDevice.DeviceSummary", "x"), text("InternetGatewayDevice.Flag", "-5 ")},
		}),
		"zyxel-no-more-requests": {ID: "1", HasID: true, Namespace: NamespaceV1_0, NoMoreRequests: true, Message: &TransferComplete{}},
		"hitron-declares-namespaces-on-inner-elements": {ID: "h", HasID: true, Namespace: NamespaceV1_2,
			Message: values(ParameterValueStruct{Name: "Device.A", Value: "5", Type: TypeInt})},
		"spa122-name-without-value": withID("1", values(
			ParameterValueStruct{Name: "Device.DeviceInfo.DeviceLog", Type: TypeString, NoValue: true},
			text("Device.B", "no type"), text("Device.C", ""))),
		"default-namespaces-everywhere": {ID: "d", HasID: true, Namespace: NamespaceV1_1, Message: &Inform{
			DeviceID: oddDevice, MaxEnvelopes: 1, ParameterList: []ParameterValueStruct{text("Device.A", " spaced ")},
		}},
		"thomson-iso-8859-1": withID("1", values(text("Device.A", "Zürich, café"))),
		"cdata-in-values":    withID("1", values(text("Device.A", `<!DOCTYPE a [<!ENTITY b "c">]> & tail`))),
		"comments-and-instructions-inside": withID("1", &GetParameterNamesResponse{
			ParameterList: []ParameterInfoStruct{{Name: "Device.A", Writable: true}}}),
		"booleans-in-any-case": withID("1", &GetParameterNamesResponse{ParameterList: []ParameterInfoStruct{
			{"Device.0", true}, {"Device.1", false}, {"Device.2", true}, {"Device.3", false}, {"Device.4", true},
			{"Device.5", false}, {"Device.6", false}, {"Device.missing", false},
		}}),
		"inform-with-almost-nothing": {Namespace: NamespaceV1_0, Message: &Inform{
			DeviceID: DeviceIDStruct{OUI: "00aabb", SerialNumber: "S 1/%é"}}},
		"no-soap-header":                   {Namespace: NamespaceV1_0, Message: &RebootResponse{}},
		"byte-order-mark-and-trailing-nul": withID("1", &RebootResponse{}),
		"session-timeout-and-foreign-headers": {ID: "  padded id  ", HasID: true, Namespace: NamespaceV1_2, SessionTimeout: 300,
			SupportedCWMPVersions: []string{"1.0", "1.1"}, Message: &GetRPCMethods{}},
		"array-counts-and-item-names-that-lie": withID("1", &GetRPCMethodsResponse{
			MethodList: []string{"Reboot", "Download", "AddObject"}}),
		"nil-values": withID("1", values(
			ParameterValueStruct{Name: "Device.A", Type: TypeString, NoValue: true},
			ParameterValueStruct{Name: "Device.B", Value: "AAEC", Type: TypeBase64})),
		"numbers-out-of-range": withID("1", &Inform{
			DeviceID: oddDevice, Events: []EventStruct{{EventCode: "6  Connection request"}},
			CurrentTime: DateTime{Raw: "99999-01-01T00:00:00Z"}, RetryCount: 4294967295,
		}),
		"add-object-response-absurd-instance":    withID("1", &AddObjectResponse{InstanceNumber: 4294967295, Status: -2147483648}),
		"add-object-response-without-status":     withID("1", &AddObjectResponse{InstanceNumber: 3}),
		"extra-elements-are-ignored":             withID("1", &SetParameterValuesResponse{Status: 1}),
		"fault-without-detail":                   withID("1", &Fault{SOAPCode: SOAPServer, SOAPString: "out of memory"}),
		"fault-code-followed-by-text":            withID("1", &Fault{SOAPCode: SOAPClient, Detail: true, Code: 9005, String: "Invalid parameter name"}),
		"fault-code-not-a-number":                withID("1", &Fault{SOAPCode: SOAPClient, SOAPString: "CWMP fault", Detail: true, String: "Invalid arguments"}),
		"fault-of-an-absurd-code":                withID("1", &Fault{SOAPCode: "X.Vendor", SOAPString: "CWMP fault", Detail: true, Code: 2147483647, String: "big"}),
		"fault-of-a-vendor-without-cwmp-element": withID("1", &Fault{SOAPCode: SOAPServer, SOAPString: "CWMP fault", Detail: true, Code: 9850, String: "vendor"}),
		"control-characters-and-bad-utf8":        withID("1", values(text("Device.A", "a\uFFFDb\uFFFD\uFFFD\uFFFDc\uFFFDd\uFFFDe"))),
		"bare-ampersands-and-undefined-entities": withID("1", values(text("Device.A", "a & b &nbsp; &xxe; &lt; AB' &"))),
		"vendor-method":                          withID("1", &Unknown{Name: "X_00AABB_Ring", Namespace: NamespaceV1_0, Content: "<Line>1</Line>"}),
		"vendor-answer-with-prefixes": withID("1", &Unknown{Name: "X_00AABB_RingResponse", Namespace: "urn:v", Content: `<a v:b="&quot;1&quot;" xmlns="urn:default" xmlns:v="urn:v" xmlns:xsi="` + namespaceInstance +
			`" xmlns:xsd="` + namespaceSchema + `"><x:c xmlns:x="urn:x" xsi:type="xsd:int">&lt;5&gt;</x:c></a> tail `}),
		"vendor-answer-with-undeclared-prefix": withID("1", &Unknown{Name: "X_00AABB_RingResponse", Namespace: NamespaceV1_0, ContentDropped: true}),
		"versions-with-spaces-and-rubbish": {ID: "1", HasID: true, Namespace: NamespaceV1_0, HoldRequestsOver: true,
			SupportedCWMPVersions: []string{"1.0", "1.1", "1.4"}, UseCWMPVersion: "1.2", Message: &GetRPCMethods{}},
		"du-results-in-an-array": withID("1", &DUStateChangeComplete{CommandKey: "k", Results: []OpResultStruct{
			{UUID: "u1", Fault: FaultStruct{FaultUnknownDeploymentUnit, "Unknown"}}, {CurrentState: DeploymentUnitInstalled, Resolved: true},
		}}),
		"autonomous-du-result-with-almost-nothing": withID("1", &AutonomousDUStateChangeComplete{Results: []AutonOpResultStruct{{}, {OperationPerformed: "X_Move"}}}),
		"operations-of-odd-types": withID("1", &ChangeDUState{Operations: []OperationStruct{
			InstallOpStruct{URL: "http://a/"}, UnknownOpStruct{Type: "x:MoveOpStruct"}, UnknownOpStruct{},
		}}),
		"transfer-lists-that-lie": withID("1", &GetAllQueuedTransfersResponse{TransferList: []AllQueuedTransferStruct{
			{State: TransferInProgress}, {CommandKey: "k", State: 2147483647, FileSize: 4294967295},
		}}),
		"kicked-without-anything":     withID("1", &Kicked{}),
		"options-without-dates":       withID("1", &GetOptionsResponse{OptionList: []OptionStruct{{OptionName: "o", ExpirationDate: DateTime{Raw: "never"}}}}),
		"inform-in-a-wrong-namespace": withID("1", &Unknown{Name: "Inform", Namespace: "urn:vendor"}),
		"fault-in-the-cwmp-namespace": withID("1", &Unknown{Name: "Fault", Namespace: NamespaceV1_0}),
		"undeclared-prefix":           withID("1", &Inform{}),
		"download-response-of-unknown-times": withID("1", &DownloadResponse{
			StartTime: DateTime{Raw: "0001-01-01T00:00:00+00:00"}, CompleteTime: DateTime{Raw: "-"}}),
		"attributes-without-access-list": withID("1", &GetParameterAttributesResponse{
			ParameterList: []ParameterAttributeStruct{{Name: "Device.A", Notification: 2}}}),
	}
}

func TestOddClientsAreUnderstood(t *testing.T) {
	for name, want := range oddEnvelopes() {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, "Decode", mustDecode(t, readFile(t, filepath.Join("odd", name+".xml"))), want)
		})
	}
}

func TestEveryOddFileHasAnExpectation(t *testing.T) {
	files, err := os.ReadDir("testdata/odd")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if oddEnvelopes()[strings.TrimSuffix(file.Name(), ".xml")] == nil {
			t.Errorf("%s: nothing says what must come out", file.Name())
		}
	}
}

func TestOddEventCodesAreRecognised(t *testing.T) {
	for _, c := range []struct {
		raw, code string
		want      bool
	}{
		{"0 BOOTSTRAP", EventBootstrap, true},
		{"0  bootstrap ", EventBootstrap, true},
		{" 00 ", EventBootstrap, true},
		{"1", EventBoot, true},
		{"10 AUTONOMOUS TRANSFER COMPLETE", EventBoot, false},
		{"4 VALUE CHANGED", EventValueChange, true},
		{"M  reboot", EventMReboot, true},
		{"M Reboot", EventMDownload, false},
		{"M", EventMReboot, false},
		{"", EventBootstrap, false},
		{"", "", true},
		{"X 00AABB a", "X 00AABB a", true},
		{"BOOT", EventBoot, false},
	} {
		if got := (EventStruct{EventCode: c.raw}).Is(c.code); got != c.want {
			t.Errorf("%q is %q: %v, want %v", c.raw, c.code, got, c.want)
		}
	}
}

func TestTypesOfAnySpellingBecomeTheOneOfThisPackage(t *testing.T) {
	for spelling, want := range map[string]string{
		"xsd:string": TypeString, "": TypeString, "xs:int": TypeInt, "INT": TypeInt, "SOAP-ENC:base64": TypeBase64,
		"xsd:base64Binary": TypeBase64, "xsd:string(256)": TypeString, "xsd:unsignedInt[1:5]": TypeUnsignedInt, "xsd:datetime": TypeDateTime,
		"xsd:signedInt": TypeString, "xsd:": TypeString, "a:b:unsignedLong": TypeUnsignedLong, " xsd:hexBinary ": TypeHexBinary, "xsd:decimal": TypeDecimal,
	} {
		if got := NormalType(spelling); got != want {
			t.Errorf("%q became %q, want %q", spelling, got, want)
		}
	}
	for _, typ := range Types() {
		if got := NormalType(typ); got != typ {
			t.Errorf("%q became %q", typ, got)
		}
	}
}
