package acs

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// encoded returns an envelope of version 1.0 with an ID.
func encoded(t *testing.T, id string, m cwmp.Message) []byte {
	t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: id, HasID: true, Namespace: cwmp.NamespaceV1_0, Message: m})
	must(t, err)
	return body
}

// answerTo reads an answer to what was written by hand.
func answerTo(t *testing.T, r *bufio.Reader) (*http.Response, []byte) {
	t.Helper()
	answer, err := http.ReadResponse(r, nil)
	must(t, err)
	body, err := io.ReadAll(answer.Body)
	must(t, err)
	return answer, body
}

func TestOnlyAPOSTReachesASession(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	for _, method := range []string{"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"} {
		r, err := http.NewRequestWithContext(t.Context(), method, f.http.URL+"/", bytes.NewReader(encoded(t, request.ID, &cwmp.GetRPCMethodsResponse{})))
		must(t, err)
		answer, err := p.client.Do(r) // With the cookie, on the connection of the session.
		must(t, err)
		_ = answer.Body.Close()
		if answer.StatusCode != http.StatusMethodNotAllowed || answer.Header.Get("Allow") != "POST" {
			t.Errorf("%s: status %d, Allow %q", method, answer.StatusCode, answer.Header.Get("Allow"))
		}
		f.want(task, tasks.Running)
	}
	p.send(&cwmp.GetRPCMethodsResponse{}, request)
	f.want(task, tasks.Succeeded)
}

func TestASessionDependsOnNoHeader(t *testing.T) {
	f := newFixture(t)
	for _, header := range []string{
		"", "Content-Type: text/xml", "Content-Type: text/xml; charset=utf-8", `Content-Type: text/xml; charset="UTF-8"`, "Content-Type: application/xml",
		"Content-Type: application/soap+xml", "Content-Type: text/plain", "Content-Type:", "Content-Type: ;;", "SOAPAction:", `SOAPAction: ""`,
		"SOAPAction: cwmp:Inform", `SOAPAction: "Inform"`, "SOAPAction: urn:dslforum-org:cwmp-1-0#Reboot", "Accept-Encoding: gzip, deflate",
		"Accept: text/html", "User-Agent:", "Connection: keep-alive",
	} {
		t.Run(header, func(t *testing.T) {
			c := f.dial()
			answers := bufio.NewReader(c)
			if header != "" {
				header += "\r\n"
			}
			p := f.newPhone("S1")
			inform := p.inform("2 PERIODIC")
			inform.ParameterList[0].Value = "Zürich 電話"
			body := encoded(t, "1", inform)
			_, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: acs\r\n%sContent-Length: %d\r\n\r\n%s", header, len(body), body)
			must(t, err)
			answer, text := answerTo(t, answers)
			if got, err := cwmp.Decode(text, cwmp.DefaultLimits()); answer.StatusCode != http.StatusOK || err != nil || got.Message.Method() != "InformResponse" {
				t.Fatalf("status %d: %s", answer.StatusCode, text)
			}
			if answer.Header.Get("Content-Encoding") != "" {
				t.Error("the answer is compressed")
			}
			if got := p.record().SoftwareVersion; got != inform.ParameterList[0].Value {
				t.Errorf("SoftwareVersion = %q", got)
			}
			_, err = fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: acs\r\n%sContent-Length: 0\r\n\r\n", header)
			must(t, err)
			if answer, _ := answerTo(t, answers); answer.StatusCode != http.StatusNoContent {
				t.Errorf("an empty POST: status %d", answer.StatusCode)
			}
		})
	}
}

// watching keeps the answers that pass through it, and counts the connections.
type watching struct {
	http.Transport
	dialled int
	answers []*http.Response
}

func watch(p *phone) *watching {
	w := &watching{}
	w.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		w.dialled++
		var d net.Dialer
		return d.DialContext(ctx, network, address)
	}
	p.client.Transport = w
	p.f.t.Cleanup(w.CloseIdleConnections)
	return w
}

// RoundTrip implements http.RoundTripper.
func (w *watching) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := w.Transport.RoundTrip(r)
	w.answers = append(w.answers, answer)
	return answer, err
}

func TestASessionHasOneConnectionAndOneCookie(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	for _, path := range []string{"Device.A", "Device.B", "Device.C"} {
		f.task(d.ID, tasks.GetParameterValues, `{"paths":["`+path+`"]}`)
	}
	w := watch(p)
	cookies := map[string]bool{}
	for range 2 {
		w.answers = nil
		p.session(values(map[string]string{"Device.A": "1", "Device.B": "2", "Device.C": "3"}), "2 PERIODIC")
		for i, answer := range w.answers {
			if answer.Close || answer.Header.Get("Connection") != "" {
				t.Errorf("answer %d closes the connection", i)
			}
			set := answer.Header.Values("Set-Cookie")
			if want := min(1, max(0, 1-i)); len(set) != want {
				t.Errorf("answer %d sets the cookies %q, want %d", i, set, want)
			}
			for _, cookie := range set {
				cookies[cookie] = true
				if len(strings.TrimSuffix(strings.TrimPrefix(cookie, "session="), "; Path=/")) != 32 {
					t.Errorf("cookie %q, want 128 bits in hex", cookie)
				}
			}
		}
	}
	if w.dialled != 1 || len(cookies) != 2 {
		t.Errorf("%d connections, want 1; %d cookies in two sessions", w.dialled, len(cookies))
	}
}

func TestRequestsThatComeTogetherAreAnsweredInTheirOrder(t *testing.T) {
	f := newFixture(t)
	c := f.dial()
	answers := bufio.NewReader(c)
	first, second := encoded(t, "first", f.newPhone("S1").inform("1 BOOT")), encoded(t, "second", f.newPhone("S2").inform("1 BOOT"))
	const head = "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: "
	_, err := fmt.Fprintf(c, head+"%d\r\n\r\n%s"+head+"%d\r\n\r\n%s"+head+"0\r\n\r\n", len(first), first, len(second), second)
	must(t, err)
	for _, id := range []string{"first", "second"} {
		_, text := answerTo(t, answers)
		if got, err := cwmp.Decode(text, cwmp.DefaultLimits()); err != nil || got.ID != id || got.Message.Method() != "InformResponse" {
			t.Fatalf("answer to %s: %s", id, text)
		}
	}
	if answer, _ := answerTo(t, answers); answer.StatusCode != http.StatusNoContent {
		t.Errorf("the empty POST: status %d", answer.StatusCode)
	}
}

func TestALargeMessageHasALengthInBothDirections(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	var paths []string
	large := map[string]string{}
	for i := range 100 {
		path := fmt.Sprintf("Device.%s.%d", strings.Repeat("x", 200), i)
		paths = append(paths, `"`+path+`"`)
		large[path] = strings.Repeat(string(rune('a'+i%26)), 30<<10)
	}
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":[`+strings.Join(paths, ",")+`]}`)
	w := watch(p)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	sent := w.answers[1]
	if sent.ContentLength < 20_000 || len(sent.TransferEncoding) != 0 {
		t.Errorf("the request has length %d, transfer encoding %v", sent.ContentLength, sent.TransferEncoding)
	}
	body := encoded(t, request.ID, values(large)(request.Message))
	if response, _ := p.post(body); response.StatusCode != http.StatusNoContent {
		t.Errorf("an answer of %d bytes: status %d", len(body), response.StatusCode)
	}
	f.want(task, tasks.Succeeded)
	if response, _ := p.post(p.big(5 << 20)); response.StatusCode != http.StatusOK {
		t.Errorf("an Inform of 5 MB: status %d", response.StatusCode)
	}
}

func TestGarbageInASessionIsNoEmptyPOST(t *testing.T) {
	for name, garbage := range map[string]string{
		"text": "hello", "half an envelope": `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>`,
		"two envelopes":   string(encoded(t, "1", &cwmp.GetRPCMethodsResponse{})) + string(encoded(t, "1", &cwmp.GetRPCMethodsResponse{})),
		"a document type": "<!DOCTYPE a>" + string(encoded(t, "1", &cwmp.GetRPCMethodsResponse{})),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
			p.open("2 PERIODIC")
			request := p.send(nil, nil)
			if response, _ := p.post([]byte(garbage)); response.StatusCode != http.StatusBadRequest {
				t.Errorf("status %d", response.StatusCode)
			}
			f.want(task, tasks.Running)
			p.send(&cwmp.GetRPCMethodsResponse{}, request)
			f.want(task, tasks.Succeeded)
		})
	}
}

func TestAHeaderThatMustBeUnderstoodIsAnsweredWithItsFault(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	for must, want := range map[string]string{"1": "Fault", "0": "InformResponse"} {
		body := bytes.Replace(encoded(t, "7", p.inform("1 BOOT")), []byte("</SOAP-ENV:Header>"), []byte(`<x:Seal xmlns:x="urn:x" SOAP-ENV:mustUnderstand="`+must+`">1</x:Seal></SOAP-ENV:Header>`), 1)
		response, answer := p.post(body)
		got, err := cwmp.Decode(answer, cwmp.DefaultLimits())
		if err != nil || response.StatusCode != http.StatusOK || got.ID != "7" || got.Message.Method() != want {
			t.Fatalf("mustUnderstand=%s: status %d, %v: %s", must, response.StatusCode, err, answer)
		}
		if fault, ok := got.Message.(*cwmp.Fault); ok && fault.SOAPCode != cwmp.SOAPMustUnderstand {
			t.Errorf("fault = %+v", fault)
		}
	}
}
