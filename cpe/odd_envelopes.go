package cpe

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// envelopeOddities are about what is around a message.
var envelopeOddities = []Oddity{
	{Name: "no-id", Manner: "sends a SOAP header without an ID", config: quirk(func(q *Quirks) { q.NoID = true }), text: replaced(
		"<SOAP-ENV:Body>", "<SOAP-ENV:Header/><SOAP-ENV:Body>")},
	{Name: "no-header", Manner: "sends no SOAP header", config: quirk(func(q *Quirks) { q.NoID = true })},
	{Name: "constant-id", Manner: "has one ID for all its requests", config: quirk(func(q *Quirks) { q.ConstantID = true })},
	{Name: "no-more-requests", Manner: "sends a NoMoreRequests header that must be understood", envelope: func(request cwmp.Message, envelope *cwmp.Envelope) {
		envelope.NoMoreRequests = request == nil
	}},
	{Name: "odd-prefixes", Manner: "has namespace prefixes of its own", text: changed(oddPrefixes.Replace)},
	{Name: "default-namespace", Manner: "has no prefix on envelope and method, but a default namespace on each", text: changed(defaultNamespace)},
	{Name: "undeclared-prefix", Manner: "has a prefix for CWMP that nothing declares", config: func(c *Config) { c.Namespace = cwmp.NamespaceV1_0 }, text: changed(func(text string) string {
		before, after, _ := strings.Cut(text, ` xmlns:cwmp="`)
		_, after, _ = strings.Cut(after, `"`)
		return before + after
	})},
	{Name: "schema-1999", Manner: "declares the XML Schema of 1999", text: changed(strings.NewReplacer(
		"http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/1999/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema", "http://www.w3.org/1999/XMLSchema").Replace)},
	{Name: "cwmp-1-0", Manner: "speaks namespace cwmp-1-0", config: func(c *Config) { c.Namespace = cwmp.NamespaceV1_0 }},
	{Name: "cwmp-1-3", Manner: "speaks namespace cwmp-1-3", config: func(c *Config) { c.Namespace = "urn:dslforum-org:cwmp-1-3" }},
	{Name: "cwmp-1-4", Manner: "speaks namespace cwmp-1-4", config: func(c *Config) { c.Namespace = "urn:dslforum-org:cwmp-1-4" }},
	{Name: "cwmp-1-9", Manner: "speaks namespace cwmp-1-9, which there is not", config: func(c *Config) { c.Namespace = "urn:dslforum-org:cwmp-1-9" }},
	{Name: "vendor-namespace", Manner: "speaks CWMP in a namespace of its vendor", text: replaced("urn:dslforum-org:cwmp-1-2", "urn:vendor-example:cwmp-1-2")},
	{Name: "indented", Manner: "has white space and comments between elements", text: replaced("><", ">\r\n\t<!-- -->\n<")},
}

var oddPrefixes = strings.NewReplacer(
	"SOAP-ENV:", "S:", "xmlns:SOAP-ENV=", "xmlns:S=", "SOAP-ENC:", "_enc.1:", "xmlns:SOAP-ENC=", "xmlns:_enc.1=",
	"cwmp:", "DSL-Forum:", "xmlns:cwmp=", "xmlns:DSL-Forum=", "xsi:type=\"xsd:", "i:type=\"x:", "xmlns:xsi=", "xmlns:i=", "xmlns:xsd=", "xmlns:x=",
)

func defaultNamespace(text string) string {
	return strings.NewReplacer(
		"<SOAP-ENV:Envelope ", `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" `, "<SOAP-ENV:", "<", "</SOAP-ENV:", "</",
		"<cwmp:ID ", `<ID xmlns="`+cwmp.NamespaceV1_2+`" `, "</cwmp:", "</",
		"<cwmp:Fault>", `<Fault xmlns="`+cwmp.NamespaceV1_2+`">`,
	).Replace(methodNamespace(text))
}

// methodNamespace declares the namespace of CWMP on the element of the method.
func methodNamespace(text string) string {
	before, after, found := strings.Cut(text, "<SOAP-ENV:Body><cwmp:")
	if !found {
		return text
	}
	end := strings.IndexAny(after, "/>")
	return before + "<SOAP-ENV:Body><" + after[:end] + ` xmlns="` + cwmp.NamespaceV1_2 + `"` + after[end:]
}

// The charset parameters that some devices send.
const (
	contentLatin1  = `text/xml; charset=ISO-8859-1`
	contentUTF16   = `text/xml; charset=utf-16`
	contentNothing = `text/xml`
)

// charsetOddities are about the bytes of a message.
var charsetOddities = []Oddity{
	{Name: "latin-1", Manner: "writes ISO-8859-1 and says so", text: replaced(`encoding="UTF-8"`, `encoding="ISO-8859-1"`), request: inLatin1(contentLatin1)},
	{Name: "latin-1-declared", Manner: "writes ISO-8859-1 and says so in the XML declaration alone", text: replaced(`encoding="UTF-8"`, "\n encoding='iso-8859-1'\n"), request: inLatin1(contentNothing)},
	{Name: "latin-1-in-http", Manner: "writes ISO-8859-1 and says so in the HTTP header alone", text: replaced(` encoding="UTF-8"`, ""), request: inLatin1(contentLatin1)},
	{Name: "wrong-charset", Manner: "writes UTF-8 and calls it ISO-8859-1 in the HTTP header", request: contentType(contentLatin1)},
	{Name: "no-charset", Manner: "names no charset anywhere", text: replaced(` encoding="UTF-8"`, ""), request: contentType(contentNothing)},
	{Name: "no-xml-declaration", Manner: "has no XML declaration", text: replaced("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", "")},
	{Name: "byte-order-mark", Manner: "begins messages with a byte order mark", text: changed(func(text string) string { return "\ufeff" + text })},
	{Name: "terminated", Manner: "sends the zero byte at the end of its string", text: changed(func(text string) string { return text + "\x00" })},
	{Name: "utf-16", Manner: "writes UTF-16", text: replaced(`encoding="UTF-8"`, `encoding="UTF-16"`), request: func(p *post) {
		if body, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(p.body); err == nil && len(p.body) > 0 {
			p.body, p.contentType = body, contentUTF16
		}
	}},
}

// contentType is the request of an oddity that sends another Content-Type with a
// message.
func contentType(value string) func(*post) {
	return func(p *post) {
		if len(p.body) > 0 {
			p.contentType = value
		}
	}
}

func inLatin1(content string) func(*post) {
	return func(p *post) {
		if body, err := charmap.ISO8859_1.NewEncoder().Bytes(p.body); err == nil {
			p.body = body
		}
		contentType(content)(p)
	}
}
