package cpe

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// cookieOddities are about how a device keeps cookies and sends them.
var cookieOddities = []Oddity{
	{Name: "cookies-none", Manner: "sends no cookies", config: quirk(func(q *Quirks) { q.NoCookies = true })},
	{Name: "cookies-with-path", Manner: "keeps cookies only with Path=/", config: quirk(func(q *Quirks) { q.CookiesWithPath = true })},
	{Name: "cookies-forgotten", Manner: "forgets a cookie that an answer does not set again", config: quirk(func(q *Quirks) { q.CookiesForgotten = true })},
	{Name: "cookies-previous", Manner: "sends the cookies of its last session with the Inform", config: quirk(func(q *Quirks) { q.PreviousCookies = true })},
	{Name: "cookies-comma", Manner: "puts commas between cookies", request: cookies(func(c string) string { return "lang=en, " + strings.ReplaceAll(c, "; ", ", ") })},
	{Name: "cookies-quoted", Manner: "puts the values of cookies in quotes", request: cookies(func(c string) string { return strings.Replace(c, "=", `="`, 1) + `"` })},
	{Name: "cookies-with-attributes", Manner: "sends cookies with the attributes that they were set with", request: cookies(func(c string) string { return c + "; Path=/; HttpOnly" })},
	{Name: "cookies-dollar", Manner: "writes cookies as RFC 2965 has them", request: cookies(func(c string) string { return `$Version="1"; ` + c + `; $Path="/"` })},
}

func cookies(change func(string) string) func(*post) {
	return func(p *post) {
		if p.cookie != "" {
			p.cookie = change(p.cookie)
		}
	}
}

// httpOddities are about the HTTP around a message.
var httpOddities = []Oddity{
	{Name: "gzip", Manner: "compresses its messages with gzip", request: compressed("gzip", func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) })},
	{Name: "deflate", Manner: "compresses its messages with deflate", request: compressed("deflate", func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) })},
	{Name: "chunked", Manner: "sends its messages in chunks", request: func(p *post) { p.chunked = len(p.body) > 0 }},
	{Name: "chunked-empty", Manner: "sends an empty POST in chunks too", request: func(p *post) { p.chunked = true }},
	{Name: "http-1.0", Manner: "speaks HTTP/1.0", request: func(p *post) { p.protocol = "HTTP/1.0" }},
	{Name: "http-1.0-keep-alive", Manner: "speaks HTTP/1.0 and asks to keep the connection", request: func(p *post) {
		p.protocol, p.headers = "HTTP/1.0", append(p.headers, "Connection: keep-alive")
	}},
	{Name: "closes-connections", Manner: "asks that every connection be closed after the answer", request: func(p *post) { p.headers = append(p.headers, "Connection: close") }},
	{Name: "expect-continue", Manner: "sends a message only once the ACS says that it goes on", request: func(p *post) { p.expect = len(p.body) > 0 }},
	{Name: "no-soap-action", Manner: "sends no SOAPAction", request: func(p *post) { p.action = "" }},
	{Name: "soap-action-bare", Manner: "sends SOAPAction without quotes", request: action(func(cwmp.Message) string { return "SOAPAction:" })},
	{Name: "soap-action-method", Manner: "names the method in SOAPAction", request: action(func(m cwmp.Message) string { return `SOAPAction: "urn:dslforum-org:cwmp-1-2#` + m.Method() + `"` })},
	{Name: "soap-action-wrong", Manner: "names another method in SOAPAction", request: action(func(cwmp.Message) string { return "SOAPAction: cwmp:Reboot" })},
	{Name: "content-type-application", Manner: "sends messages as application/xml", request: contentType("application/xml")},
	{Name: "content-type-soap", Manner: "sends messages as application/soap+xml", request: contentType(`application/soap+xml; charset=utf-8; action=""`)},
	{Name: "content-type-form", Manner: "sends messages as an HTML form", request: contentType("application/x-www-form-urlencoded")},
	{Name: "content-type-none", Manner: "sends no Content-Type", request: func(p *post) { p.contentType = "" }},
	{Name: "content-type-empty-post", Manner: "sends text/xml with an empty POST too", request: func(p *post) {
		if len(p.body) == 0 {
			p.contentType = contentNothing
		}
	}},
	{Name: "absolute-url", Manner: "writes the whole URL into the request line", request: func(p *post) { p.target = "http://" + p.host + p.target }},
	{Name: "accepts-gzip", Manner: "says that it reads gzip", request: func(p *post) { p.headers = append(p.headers, "Accept-Encoding: gzip, deflate") }},
}

func action(line func(cwmp.Message) string) func(*post) {
	return func(p *post) {
		if p.message != nil {
			p.action = line(p.message)
		}
	}
}

func compressed(encoding string, writer func(io.Writer) io.WriteCloser) func(*post) {
	return func(p *post) {
		if len(p.body) == 0 {
			return
		}
		var b bytes.Buffer
		w := writer(&b)
		_, _ = w.Write(p.body) // A buffer takes all.
		_ = w.Close()
		p.body, p.headers = b.Bytes(), append(p.headers, "Content-Encoding: "+encoding)
	}
}
