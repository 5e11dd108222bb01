package cpe

import (
	"html"
	"regexp"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// messageOddities are about what an Inform has.
var messageOddities = []Oddity{
	{Name: "no-parameter-list", Manner: "informs without a ParameterList", text: without("ParameterList", "Inform")},
	{Name: "no-event", Manner: "informs without Event", text: without("Event", "Inform")},
	{Name: "no-retry-count", Manner: "informs without RetryCount", text: without("RetryCount", "Inform")},
	{Name: "no-max-envelopes", Manner: "informs without MaxEnvelopes", text: without("MaxEnvelopes", "Inform")},
	{Name: "no-current-time", Manner: "informs without CurrentTime", text: without("CurrentTime", "Inform")},
	{Name: "local-time", Manner: "tells the time without a zone", text: changed(func(text string) string { return timeZone.ReplaceAllString(text, "$1</CurrentTime>") }, "Inform")},
	{Name: "odd-events", Manner: "informs of an event with characters of all kinds", text: replaced("</Event>",
		"<EventStruct><EventCode>X_ACME_ .!@#$%^&amp;*()/\\&lt;é&#x202e;</EventCode><CommandKey></CommandKey></EventStruct></Event>", "Inform")},
	{Name: "spaced-events", Manner: "writes event codes with white space around and twice in between", text: replaced("<EventCode>", "<EventCode> \n", "Inform")},
	{Name: "open-array-type", Manner: "leaves the prefix and the count out of arrayType", text: changed(func(text string) string {
		return arrayType.ReplaceAllString(text, ` arrayType="$1[n]"`)
	})},
	{Name: "no-connection-request-url", Manner: "has an empty ConnectionRequestURL", text: connectionRequestURL("")},
	{Name: "bad-connection-request-url", Manner: "has a ConnectionRequestURL that is none", text: connectionRequestURL("http://:0:/%zz")},
	{Name: "https-connection-request-url", Manner: "has a ConnectionRequestURL with https", text: connectionRequestURL("https://192.0.2.1:7547/")},
	{Name: "tells-secrets", Manner: "informs of its own passwords in clear", text: replaced("</ParameterList>",
		`<ParameterValueStruct><Name>Device.ManagementServer.Password</Name><Value xsi:type="xsd:string">`+toldSecret+`</Value></ParameterValueStruct>`+
			`<ParameterValueStruct><Name>Device.ManagementServer.ConnectionRequestPassword</Name><Value xsi:type="xsd:string">`+toldSecret+`</Value></ParameterValueStruct></ParameterList>`, "Inform")},
}

// toldSecret is the password that a device tells everybody.
const toldSecret = "told-to-everybody"

var (
	timeZone  = regexp.MustCompile(`(<CurrentTime>[0-9T:.-]+)Z</CurrentTime>`)
	arrayType = regexp.MustCompile(` SOAP-ENC:arrayType="(?:[a-z]+:)?([A-Za-z]+)\[\d+\]"`)
	urlValue  = regexp.MustCompile(`(ConnectionRequestURL</Name><Value xsi:type="xsd:string">)[^<]*`)
	anyValue  = regexp.MustCompile(`<Value xsi:type="([^"]*)">([^<]*)</Value>`)
)

func connectionRequestURL(url string) func(cwmp.Message, string) string {
	return changed(func(text string) string { return urlValue.ReplaceAllString(text, "${1}"+url) })
}

// valueOddities are about how values are written.
var valueOddities = []Oddity{
	{Name: "values-untyped", Manner: "writes values without xsi:type", text: retyped(func(string) string { return "" })},
	{Name: "values-of-unknown-type", Manner: "writes types that there are not", text: retyped(func(kind string) string {
		return map[string]string{cwmp.TypeString: ` xsi:type="xsd:json"`, cwmp.TypeUnsignedInt: ` xsi:type="xsd:signedInt"`}[kind]
	})},
	{Name: "values-of-no-type", Manner: "writes xsi:type with a prefix and no name", text: retyped(func(string) string { return ` xsi:type="xsd:"` })},
	{Name: "values-of-long-type", Manner: "writes the length into the type of strings", text: replaced(`xsi:type="xsd:string"`, `xsi:type="xsd:string(256)"`)},
	{Name: "boolean-words", Manner: "writes booleans as TRUE and FALSE", text: valued(cwmp.TypeBoolean, func(value string) string {
		return map[string]string{"1": "TRUE", "0": "FALSE"}[value]
	})},
	{Name: "booleans-unreadable", Manner: "writes booleans that are none", text: valued(cwmp.TypeBoolean, func(string) string { return "maybe" })},
	{Name: "numbers-unreadable", Manner: "writes numbers that are none", text: valued(cwmp.TypeUnsignedInt, func(string) string { return "many" })},
	{Name: "times-unreadable", Manner: "writes times that are none", text: valued(cwmp.TypeDateTime, func(string) string { return "yesterday at noon" })},
	{Name: "value-left-out", Manner: "has a Name without a Value first in every GetParameterValuesResponse", text: changed(func(text string) string {
		if at := anyValue.FindStringIndex(text); at != nil {
			return text[:at[0]] + text[at[1]:]
		}
		return text
	}, "GetParameterValuesResponse")},
	{Name: "cdata", Manner: "writes values in CDATA sections", text: changed(func(text string) string {
		return anyValue.ReplaceAllStringFunc(text, func(value string) string {
			parts := anyValue.FindStringSubmatch(value)
			return `<Value xsi:type="` + parts[1] + `"><![CDATA[` + html.UnescapeString(parts[2]) + `]]></Value>`
		})
	})},
	{Name: "entities", Manner: "writes entities that XML does not have, and control characters", text: replaced("</Manufacturer>",
		" &nbsp;&copy;&unknown; R&D &#x41;&#0;\x01\x1f\x7f \"'</Manufacturer>", "Inform")},
	{Name: "padded-values", Manner: "writes white space around names and numbers", text: changed(func(text string) string {
		return strings.NewReplacer("<Name>", "<Name>\n  ", "</Name>", "\n </Name>", "<FaultCode>", "<FaultCode> ", "<Status>", "<Status>\t").Replace(text)
	})},
}

func retyped(attribute func(kind string) string) func(cwmp.Message, string) string {
	return changed(func(text string) string {
		return anyValue.ReplaceAllStringFunc(text, func(value string) string {
			parts := anyValue.FindStringSubmatch(value)
			return "<Value" + attribute(parts[1]) + ">" + parts[2] + "</Value>"
		})
	})
}

func valued(kind string, write func(value string) string) func(cwmp.Message, string) string {
	return changed(func(text string) string {
		return anyValue.ReplaceAllStringFunc(text, func(value string) string {
			parts := anyValue.FindStringSubmatch(value)
			if parts[1] != kind {
				return value
			}
			return `<Value xsi:type="` + kind + `">` + write(parts[2]) + "</Value>"
		})
	})
}
