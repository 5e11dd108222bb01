package cwmp

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestTextThatXMLCannotCarryIsAnErrorThatNamesTheField(t *testing.T) {
	for _, c := range []struct {
		name  string
		e     *Envelope
		field string
	}{
		{"a control character in a value", &Envelope{Message: &SetParameterValues{ParameterList: []ParameterValueStruct{{Name: "Device.A", Value: "a\x01"}}}}, "SetParameterValues: Value of Device.A"},
		{"invalid UTF-8 in a key", &Envelope{Message: &Reboot{CommandKey: "\xFF"}}, "Reboot: CommandKey"},
		{"U+FFFE in a URL", &Envelope{Message: &Download{URL: "\uFFFE"}}, "Download: URL"},
		{"NUL in the ID", &Envelope{ID: "\x00", HasID: true, Message: &Reboot{}}, "Reboot: ID header"},
		{"a control character in a name", &Envelope{Message: &GetParameterValues{ParameterNames: []string{"a\x7f", "b\x1f"}}}, "GetParameterValues: string"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Encode(c.e)
			var textErr *TextError
			if !errors.As(err, &textErr) || textErr.Field != c.field {
				t.Errorf("got %v, want a TextError of %q", err, c.field)
			}
		})
	}
}

// foreign is a message of another package.
type foreign struct{}

func (foreign) Method() string { return "Inform" }

func TestAnEnvelopeThatCannotBeWrittenIsAnError(t *testing.T) {
	for name, e := range map[string]*Envelope{
		"no message":                      {},
		"a foreign message":               {Message: foreign{}},
		"a namespace that is not CWMP":    {Namespace: `urn:x" a="`, Message: &Reboot{}},
		"a type that CWMP lacks":          {Message: &SetParameterValues{ParameterList: []ParameterValueStruct{{Name: "a", Type: "xsd:token"}}}},
		"a type in another spelling":      {Message: &SetParameterValues{ParameterList: []ParameterValueStruct{{Name: "a", Type: "int"}}}},
		"a value that is said to be none": {Message: &SetParameterValues{ParameterList: []ParameterValueStruct{{Name: "a", Value: "b", NoValue: true}}}},
		"an unknown message without name": {Message: &Unknown{}},
		"markup in the name of a message": {Message: &Unknown{Name: "a/><b"}},
	} {
		if got, err := Encode(e); err == nil {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

func TestThePartsThatPickyClientsLookForAreThere(t *testing.T) {
	inform := string(mustEncode(t, &Envelope{ID: "1", HasID: true, Message: &InformResponse{}}))
	for _, want := range []string{
		`<?xml version="1.0" encoding="UTF-8"?>`,
		`<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" xmlns:SOAP-ENC="http://schemas.xmlsoap.org/soap/encoding/"` +
			` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">`,
		`<cwmp:ID SOAP-ENV:mustUnderstand="1">1</cwmp:ID>`,
		`<cwmp:InformResponse><MaxEnvelopes>1</MaxEnvelopes></cwmp:InformResponse>`,
	} {
		if !strings.Contains(inform, want) {
			t.Errorf("%s lacks %s", inform, want)
		}
	}
	if without := string(mustEncode(t, &Envelope{ID: "1", Message: &Reboot{}})); strings.Contains(without, "Header") {
		t.Errorf("a header without HasID: %s", without)
	}
	fault := string(mustEncode(t, &Envelope{Message: &Fault{Code: FaultACSInternalError}}))
	for _, want := range []string{"<faultcode>SOAP-ENV:Server</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>8002</FaultCode>"} {
		if !strings.Contains(fault, want) {
			t.Errorf("%s lacks %s", fault, want)
		}
	}
}

func TestEveryFaultCodeHasATextAndAFaultCarriesIt(t *testing.T) {
	for code := 8000; code <= 9032; code++ {
		defined := code <= 8006 || code >= 9000
		if got := FaultText(code); (got != "") != defined {
			t.Errorf("%d: %q", code, got)
		}
	}
	if FaultText(9850) != "" || FaultText(0) != "" {
		t.Error("a text for a code that is not defined")
	}
	wantEqual(t, "fault", NewFault(FaultInvalidParameterName, ""),
		&Fault{SOAPCode: SOAPClient, SOAPString: "CWMP fault", Detail: true, Code: 9005, String: "Invalid parameter name"})
	wantEqual(t, "fault with text", NewFault(FaultACSInternalError, "busy"),
		&Fault{SOAPCode: SOAPServer, SOAPString: "CWMP fault", Detail: true, Code: 8002, String: "busy"})
	plain := &Fault{SOAPCode: SOAPVersionMismatch, SOAPString: "SOAP 1.1 expected"}
	answer := mustEncode(t, &Envelope{Message: plain})
	wantEqual(t, "a SOAP fault without CWMP detail", mustDecode(t, answer).Message, Message(plain))
}

func TestAnyTextThatIsValidSurvivesTheWire(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.OneOf(
			rapid.SampledFrom([]rune("\t\r\n <>&\"']]>-!?;#ab")), rapid.Rune())).Draw(t, "value")
		want := &Envelope{ID: value, HasID: true, Namespace: NamespaceV1_0, Message: &SetParameterValues{
			ParameterList: []ParameterValueStruct{{Name: "Device.A", Value: value, Type: TypeString}}, ParameterKey: value,
		}}
		data, err := Encode(want)
		if (err == nil) != (ValidText(value) == nil) {
			t.Fatalf("%q: Encode says %v, ValidText %v", value, err, ValidText(value))
		}
		if err != nil {
			return
		}
		got, err := Decode(data, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", value, diff)
		}
	})
}

func TestNamespacesAreToldFromOthers(t *testing.T) {
	for uri, want := range map[string]bool{
		NamespaceV1_0: true, NamespaceV1_1: true, NamespaceV1_2: true, "urn:dslforum-org:cwmp-1-4": true, "urn:dslforum-org:cwmp-1-10": true,
		"urn:dslforum-org:cwmp-1-": false, "urn:dslforum-org:cwmp-2-0": false, "urn:dslforum-org:cwmp-1-x": false,
		"urn:dslforum-org:cwmp-1-0000": false, "": false, "URN:DSLFORUM-ORG:CWMP-1-0": false,
	} {
		if got := IsNamespace(uri); got != want {
			t.Errorf("%q: %v", uri, got)
		}
	}
}
