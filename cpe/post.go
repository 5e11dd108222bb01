package cpe

import (
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// post is one HTTP request before it is written.
type post struct {
	// message is what the body holds; nil for an empty POST.
	message      cwmp.Message
	protocol     string
	host, target string
	// contentType is empty where there is none; action is a whole line, or empty.
	contentType, action string
	authorization       string
	cookie              string
	// headers are more lines.
	headers []string
	body    []byte
	// chunked sends the body in chunks; expect sends it once the ACS says so.
	chunked, expect bool
}

func (t *transport) newPost(message cwmp.Message, body []byte) *post {
	p := &post{message: message, protocol: "HTTP/1.1", host: t.target.Host, target: t.target.RequestURI(), body: body}
	if len(body) > 0 {
		p.contentType, p.action = `text/xml; charset="utf-8"`, `SOAPAction: ""`
	}
	p.authorization = t.login.authorization(http.MethodPost, p.target)
	if len(t.cookies) > 0 {
		p.cookie = t.cookieHeader()
	}
	t.device.config.manner.send(p)
	return p
}

// head returns the request up to its body.
func (p *post) head() []byte {
	request := make([]byte, 0, 512+len(p.body))
	request = append(request, "POST "+p.target+" "+p.protocol+"\r\nHost: "+p.host+"\r\nUser-Agent: "+userAgent+"\r\n"...)
	line := func(text string) {
		request = append(append(request, text...), "\r\n"...)
	}
	if p.contentType != "" {
		line("Content-Type: " + p.contentType)
	}
	if p.action != "" {
		line(p.action)
	}
	if p.chunked {
		line("Transfer-Encoding: chunked")
	} else {
		line("Content-Length: " + strconv.Itoa(len(p.body)))
	}
	if p.expect {
		line("Expect: 100-continue")
	}
	if p.authorization != "" {
		line("Authorization: " + p.authorization)
	}
	if p.cookie != "" {
		line("Cookie: " + p.cookie)
	}
	for _, header := range p.headers {
		line(header)
	}
	return append(request, "\r\n"...)
}

// chunkSize is that of a device that sends chunks, in bytes.
const chunkSize = 1000

// content returns the body as it is written.
func (p *post) content() []byte {
	if !p.chunked {
		return p.body
	}
	var written []byte
	for rest := p.body; len(rest) > 0; {
		n := min(chunkSize, len(rest))
		written = append(written, strconv.FormatInt(int64(n), 16)+"\r\n"...)
		written = append(append(written, rest[:n]...), "\r\n"...)
		rest = rest[n:]
	}
	return append(written, "0\r\n\r\n"...)
}

func (t *transport) write(p *post) error {
	if !p.expect {
		_, err := t.connection.Write(append(p.head(), p.content()...))
		return err
	}
	if _, err := t.connection.Write(p.head()); err != nil {
		return err
	}
	answer, err := http.ReadResponse(t.reader, requestMethod)
	if err != nil {
		return err
	}
	if answer.StatusCode >= http.StatusOK {
		t.early = answer
		return nil
	}
	_, err = t.connection.Write(p.content())
	return err
}

// leave turns away from a connection, which is closed at once or, by a device that is
// late with it, when the next one is left.
func (t *transport) leave() {
	if !t.device.config.Quirks.LeaveConnections || t.connection == nil {
		t.close()
		return
	}
	t.leaveOpen()
}

// lateConnection is not closed yet.
type lateConnection struct{ net.Conn }

// Close implements net.Conn.
func (c lateConnection) Close() error { return c.SetDeadline(time.Time{}) }
