package cwmp

import (
	"errors"
	"testing"
)

func TestAFaultIsReadInEveryFormOfItsParts(t *testing.T) {
	const cwmpFault = `<detail><cwmp:Fault><FaultCode>9005</FaultCode><FaultString>no</FaultString></cwmp:Fault></detail>`
	read := &Fault{SOAPCode: SOAPClient, SOAPString: "CWMP fault", Detail: true, Code: 9005, String: "no"}
	for name, c := range map[string]struct {
		fault string
		want  *Fault
	}{
		"the faultcode with a prefix":      {`<faultcode>SOAP-ENV:Client</faultcode><faultstring>CWMP fault</faultstring>` + cwmpFault, read},
		"with another prefix":              {`<faultcode>soap:Client</faultcode><faultstring>CWMP fault</faultstring>` + cwmpFault, read},
		"without a prefix":                 {`<faultcode>Client</faultcode><faultstring>CWMP fault</faultstring>` + cwmpFault, read},
		"in small letters, in white space": {`<faultcode> client </faultcode><faultstring>CWMP fault</faultstring>` + cwmpFault, read},
		"elements in capitals":             {`<FaultCode>Client</FaultCode><FaultString>CWMP fault</FaultString><Detail>` + cwmpFault[len("<detail>"):len(cwmpFault)-len("</detail>")] + `</Detail>`, read},
		"without a FaultString":            {`<faultcode>Server</faultcode><detail><cwmp:Fault><FaultCode> 9002 </FaultCode></cwmp:Fault></detail>`, &Fault{SOAPCode: SOAPServer, Detail: true, Code: 9002}},
	} {
		t.Run(name, func(t *testing.T) {
			wantEqual(t, "fault", mustDecode(t, []byte(soap("", `<soap:Fault>`+c.fault+`</soap:Fault>`))).Message, Message(c.want))
		})
	}
}

func TestBinaryAndListValuesAreTheTextThatTheDeviceWrote(t *testing.T) {
	for _, c := range []struct{ typ, text, want string }{
		{"xsd:base64", "AAEC\r\n  AwQF", "AAEC\n  AwQF"},
		{"xsd:base64", " AAEC ", "AAEC"},
		{"xsd:hexBinary", "00ffAB", "00ffAB"},
		{"xsd:hexBinary", "0FF", "0FF"},
		{"xsd:string", "a,b%2Cc, d", "a,b%2Cc, d"},
	} {
		body := soap("", `<cwmp:GetParameterValuesResponse><ParameterList><ParameterValueStruct><Name>Device.A</Name><Value xsi:type="`+c.typ+`">`+c.text+`</Value></ParameterValueStruct></ParameterList></cwmp:GetParameterValuesResponse>`)
		got := mustDecode(t, []byte(body)).Message.(*GetParameterValuesResponse).ParameterList
		if len(got) != 1 || got[0].Value != c.want || got[0].Type != c.typ {
			t.Errorf("%s %q became %+v", c.typ, c.text, got)
		}
	}
}

func TestWhatAnArraySaysOfItselfIsNotBelieved(t *testing.T) {
	for _, claim := range []string{"[4294967295]", "[-1]", "[9,9]", "[]", "[0]", "[2][3]", "", "["} {
		body := soap("", `<cwmp:GetParameterNamesResponse><ParameterList enc:arrayType="cwmp:ParameterInfoStruct`+claim+`"><ParameterInfoStruct><Name>Device.A</Name><Writable>1</Writable></ParameterInfoStruct></ParameterList></cwmp:GetParameterNamesResponse>`)
		wantEqual(t, claim, mustDecode(t, []byte(body)).Message, Message(&GetParameterNamesResponse{ParameterList: []ParameterInfoStruct{{Name: "Device.A", Writable: true}}}))
	}
}

func TestHintsAtOtherDocumentsAreIgnoredOrRefused(t *testing.T) {
	const style = `<?xml-stylesheet href="http://192.0.2.1/a.xsl"?>`
	body := style + soap("", `<cwmp:Reboot xsi:schemaLocation="urn:a http://192.0.2.1/a.xsd" xml:base="http://192.0.2.1/"><?include file:///etc/passwd?><CommandKey>k</CommandKey></cwmp:Reboot>`)
	wantEqual(t, "message", mustDecode(t, []byte(body)).Message, Message(&Reboot{CommandKey: "k"}))
	included := soap("", `<cwmp:Reboot><CommandKey><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/></CommandKey></cwmp:Reboot>`)
	var refused *DecodeError
	if _, err := Decode([]byte(included), DefaultLimits()); !errors.As(err, &refused) || refused.Kind != Structure {
		t.Errorf("XInclude: %v", err)
	}
}
