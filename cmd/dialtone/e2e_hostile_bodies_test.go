//go:build e2e

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// hostileBody is a body and the status that it may be answered with.
type hostileBody struct {
	name     string
	body     func() string
	statuses []int
	headers  []string
}

func always(body string) func() string { return func() string { return body } }

// informWith is a good Inform with something in place of the parameter list's end.
func informWith(serial, parameters string) string {
	return strings.Replace(informOf(serial), "</ParameterList>", parameters+"</ParameterList>", 1)
}

func parameter(name, value string) string {
	return `<ParameterValueStruct><Name>` + name + `</Name><Value xsi:type="xsd:string">` + value + `</Value></ParameterValueStruct>`
}

var (
	served   = []int{http.StatusOK}
	bad      = []int{http.StatusBadRequest}
	tooLarge = []int{http.StatusRequestEntityTooLarge}
	either   = []int{http.StatusOK, http.StatusBadRequest}
)

func hostileBodies(canary string) []hostileBody {
	good := informOf("HOSTILE01")
	altered := func(old, with string) func() string { return always(strings.Replace(good, old, with, 1)) }
	return []hostileBody{
		{"S4 a million nested elements", func() string { return strings.Repeat("<a>", 1_000_000) + strings.Repeat("</a>", 1_000_000) }, bad, nil},
		{"S5 a million attributes", func() string { return "<a " + manyAttributes(1_000_000) + "/>" }, bad, nil},
		{"S5 a hundred thousand namespaces", func() string {
			var b strings.Builder
			for i := range 100_000 {
				fmt.Fprintf(&b, ` xmlns:n%d="u"`, i)
			}
			return "<a" + b.String() + "/>"
		}, bad, nil},
		{"S5 an attribute of a megabyte", func() string { return `<a b="` + strings.Repeat("x", megabyte) + `"/>` }, bad, nil},
		{"S5 a name of a megabyte", func() string { return "<" + strings.Repeat("x", megabyte) + "/>" }, bad, nil},
		{"S10 gzip in gzip", always(gzipped(gzipped(good))), bad, []string{"Content-Encoding", "gzip"}},
		{"S10 two codings", always(gzipped(gzipped(good))), []int{http.StatusUnsupportedMediaType}, []string{"Content-Encoding", "gzip, gzip"}},
		{"S10 a hundred members", func() string { return strings.Repeat(gzipped(strings.Repeat(" ", megabyte)), 100) }, tooLarge, []string{"Content-Encoding", "gzip"}},
		{"S10 gzip that ends early", always(gzipped(good)[:100]), bad, []string{"Content-Encoding", "gzip"}},
		{"S12 UTF-16 without a mark", always(strings.Join(strings.Split(good, ""), "\x00") + "\x00"), bad, nil},
		{"S12 UTF-32", always("\xff\xfe\x00\x00" + strings.Join(strings.Split(good, ""), "\x00\x00\x00")), bad, nil},
		{"S12 UTF-7", always(good), bad, []string{"Content-Type", "text/xml; charset=utf-7"}},
		{"S12 EBCDIC", altered(`version="1.0"`, `version="1.0" encoding="ebcdic-cp-us"`), bad, nil},
		{"S12 bytes that are no UTF-8", altered("HOSTILE01</Serial", "HOSTILE01\xc0\xaf\xed\xa0\x80\xff\x00\ufffe</Serial"), served, nil},
		{"S13 XML 1.1", altered(`version="1.0"`, `version="1.1"`), bad, nil},
		{"S13 a style sheet", altered(`?>`, `?><?xml-stylesheet href="`+canary+`/style" type="text/xsl"?>`), either, nil},
		{"S13 XInclude", altered("<Manufacturer>", `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="`+canary+`/include" parse="text"/><Manufacturer xml:base="`+canary+`/base">`), either, nil},
		{"S14 a schema's place", altered("<soap:Envelope ", `<soap:Envelope xsi:schemaLocation="urn:x `+canary+`/schema" xsi:noNamespaceSchemaLocation="`+canary+`/none" `), either, nil},
		{"S15 an array of 4294967295", altered("ParameterValueStruct[2]", "ParameterValueStruct[4294967295]"), served, nil},
		{"S15 an array of -1", altered("ParameterValueStruct[2]", "ParameterValueStruct[-1]"), served, nil},
		{"S15 an array of many dimensions", altered("ParameterValueStruct[2]", "ParameterValueStruct[9,9][9]"), served, nil},
		{"S16 a million parameters", func() string { return informWith("HOSTILE01", strings.Repeat(parameter("Device.A", "1"), 1_000_000)) }, tooLarge, nil},
		{"S16 a hundred thousand parameters", func() string {
			return informWith("HOSTILE01", strings.Repeat("<ParameterValueStruct><Name>Device.A</Name></ParameterValueStruct>", 100_000))
		}, bad, nil},
		{"S17 names that are code", always(informWith("HOSTILE17", hostileNames())), served, nil},
		{"S18 a value of fifty megabytes", func() string {
			return informWith("HOSTILE18", parameter("Device.Big", strings.Repeat("QUJD", 50*megabyte/4)))
		}, tooLarge, nil},
		{"S18 a value of ten megabytes", func() string {
			return informWith("HOSTILE18", parameter("Device.Big", strings.Repeat("QUJD", 10*megabyte/4)))
		}, served, nil},
		{"S18 a serial number of a megabyte", func() string { return informOf(strings.Repeat("x", megabyte)) }, served, nil},
		{"S18 a firmware version of a megabyte", func() string {
			return strings.Replace(informOf("HOSTILE18"), ">1</Value>", ">"+strings.Repeat("x", megabyte)+"</Value>", 1)
		}, served, nil},
		{"S21 two IDs", altered("</soap:Header>", "<cwmp:ID>2</cwmp:ID></soap:Header>"), bad, nil},
		{"S21 two Bodies", altered("</soap:Envelope>", "<soap:Body/></soap:Envelope>"), bad, nil},
		{"S21 the Header after the Body", altered("</soap:Envelope>", "<soap:Header/></soap:Envelope>"), bad, nil},
		{"S21 two messages", altered("</soap:Body>", "<cwmp:GetRPCMethods/></soap:Body>"), bad, nil},
		{"S22 Inform in another namespace", always(strings.NewReplacer("<cwmp:Inform>", `<x:Inform xmlns:x="urn:evil">`, "</cwmp:Inform>", "</x:Inform>").Replace(good)), bad, nil},
		{"S75 numbers without end", altered("<RetryCount>0", "<RetryCount>99999999999999999999999"), served, nil},
		{"S75 numbers below zero", always(strings.NewReplacer("<RetryCount>0", "<RetryCount>-4294967296", "<MaxEnvelopes>1", "<MaxEnvelopes>-1").Replace(good)), served, nil},
		{"S75 an interval of nothing", always(informWith("HOSTILE01", parameter("Device.ManagementServer.PeriodicInformInterval", "0"))), served, nil},
		{"S75 an interval without end", always(informWith("HOSTILE01", parameter("Device.ManagementServer.PeriodicInformInterval", "99999999999999999999"))), served, nil},
		{"S76 the year 99999", altered("2026-01-01T00:00:00Z", "99999-12-31T23:59:59Z"), served, nil},
		{"S76 a year below zero", altered("2026-01-01T00:00:00Z", "-0001-01-01T24:00:00+14:00"), served, nil},
		{"S76 a leap second in no zone that there is", altered("2026-01-01T00:00:00Z", "2026-12-31T23:59:60+99:99"), served, nil},
	}
}

func gzipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func hostileNames() string {
	var b strings.Builder
	for _, name := range []string{
		strings.Repeat("Device.", 100_000/7), strings.Repeat("x", 10_000), "Device.&#1;A", "Device..A", "../../etc/passwd", "__proto__", "constructor.prototype",
		"$where", "Device.$where", "Device.[0]", "Device.'; DROP TABLE devices;--", "Device.%00", "Device.&lt;script&gt;", "",
	} {
		b.WriteString(parameter(name, "1"))
	}
	return b.String()
}
