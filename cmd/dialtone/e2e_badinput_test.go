//go:build e2e

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

const canaryText = "canary-in-the-coal-mine"

func TestBadMessagesGetTheirAnswerAndTheServerStaysUp(t *testing.T) {
	t.Parallel()
	s := serve(t, "--max-body", "1MB")
	var contacted atomic.Int64
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { contacted.Add(1) }))
	t.Cleanup(canary.Close)
	file := filepath.Join(t.TempDir(), "canary.txt")
	writeFile(t, file, canaryText)

	good := informOf("GOOD")
	declared := func(doctype, serial string) string {
		return `<?xml version="1.0"?>` + doctype + strings.TrimPrefix(informOf(serial), `<?xml version="1.0"?>`)
	}
	laughs := `<!DOCTYPE l [<!ENTITY a "ha">`
	for c := 'b'; c <= 'p'; c++ {
		laughs += fmt.Sprintf(`<!ENTITY %c "%s">`, c, strings.Repeat(fmt.Sprintf("&%c;", c-1), 10))
	}
	for name, test := range map[string]struct {
		body   string
		status int
	}{
		"a body over the limit":               {strings.Repeat(" ", 1<<20) + good, http.StatusRequestEntityTooLarge},
		"not XML":                             {"hello", http.StatusBadRequest},
		"JSON":                                {`{"method":"Inform"}`, http.StatusBadRequest},
		"bytes that are no text":              {"\xff\xfe\x00\x01<", http.StatusBadRequest},
		"XML that is not SOAP":                {"<html><body/></html>", http.StatusBadRequest},
		"an Inform without its end":           {good[:len(good)/2], http.StatusBadRequest},
		"two messages in one body":            {good + good, http.StatusBadRequest},
		"SOAP 1.2":                            {strings.ReplaceAll(good, "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope"), http.StatusBadRequest},
		"10,000 nested elements":              {envelope("1", strings.Repeat("<a>", 10_000)+strings.Repeat("</a>", 10_000)), http.StatusBadRequest},
		"10,000 nested elements without end":  {strings.Repeat("<a>", 10_000), http.StatusBadRequest},
		"a document type":                     {declared(`<!DOCTYPE Envelope>`, "DTD1"), http.StatusBadRequest},
		"an entity of a file":                 {declared(`<!DOCTYPE x [<!ENTITY c SYSTEM "file://`+file+`">]>`, "&c;"), http.StatusBadRequest},
		"an entity of a URL":                  {declared(`<!DOCTYPE x [<!ENTITY c SYSTEM "`+canary.URL+`/entity">]>`, "&c;"), http.StatusBadRequest},
		"a document type of a URL":            {declared(`<!DOCTYPE x SYSTEM "`+canary.URL+`/dtd">`, "DTD2"), http.StatusBadRequest},
		"a parameter entity of a URL":         {declared(`<!DOCTYPE x [<!ENTITY % c SYSTEM "`+canary.URL+`/parameter">%c;]>`, "DTD3"), http.StatusBadRequest},
		"a billion laughs":                    {declared(laughs+"]>", "&p;"), http.StatusBadRequest},
		"an element with 10,000 attributes":   {`<a ` + manyAttributes(10_000) + `/>`, http.StatusBadRequest},
		"an RPC of the device out of session": {envelope("1", `<cwmp:GetRPCMethods/>`), http.StatusBadRequest},
		"a response out of session":           {envelope("1", `<cwmp:RebootResponse/>`), http.StatusBadRequest},
		"an empty POST out of session":        {"", http.StatusNoContent},
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			status, answer := s.rawDevice(t).post(test.body)
			if status != test.status {
				t.Errorf("status %d, want %d: %s", status, test.status, tail(answer, 500))
			}
			if strings.Contains(answer, canaryText) {
				t.Error("the answer has the content of the file")
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("the answer took %s", took)
			}
		})
	}
	if n := contacted.Load(); n != 0 {
		t.Errorf("an entity was fetched: the canary was contacted %d times", n)
	}
	if all := listAll[deviceRecord](s.Client("viewer"), "devices"); len(all) != 0 || strings.Contains(s.Log.String(), canaryText) {
		t.Errorf("%d devices are listed, want none; content of the file in the log: %t", len(all), strings.Contains(s.Log.String(), canaryText))
	}
	if status, _ := s.rawDevice(t).post(good); status != http.StatusOK {
		t.Errorf("a good Inform afterwards: status %d, want 200", status)
	}
	// Devices forget to escape an ampersand: what is no entity of XML is text.
	if status, answer := s.rawDevice(t).post(informOf("AT&T;")); status != http.StatusOK || !strings.Contains(answer, ">inform-AT&amp;T;<") {
		t.Errorf("an ampersand that is not escaped: status %d: %s; want 200 and the id as it was given", status, answer)
	}
	if peak := memoryPeak(t, s.PID()); peak > 200*megabyte {
		t.Errorf("the server used %d MB", peak/megabyte)
	}
}

func manyAttributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `a%d="" `, i)
	}
	return b.String()
}

func TestABodyOverTheLimitIsRefusedHoweverItIsSent(t *testing.T) {
	t.Parallel()
	s := serve(t, "--max-body", "64KB")
	chunked := struct{ io.Reader }{io.LimitReader(noise(5, 1<<40), 4*megabyte)} // Of no known length.
	if status, _, err := s.rawDevice(t).try(chunked); err != nil || status != http.StatusRequestEntityTooLarge {
		t.Errorf("in chunks: status %d, %v, want 413", status, err)
	}
	var bomb bytes.Buffer
	squeeze := gzip.NewWriter(&bomb)
	_, _ = io.Copy(squeeze, io.LimitReader(zeros{}, 50*megabyte))
	_ = squeeze.Close()
	if status, _, err := s.rawDevice(t).try(&bomb, "Content-Encoding", "gzip"); err != nil || status != http.StatusRequestEntityTooLarge {
		t.Errorf("compressed to %d bytes: status %d, %v, want 413", bomb.Len(), status, err)
	}
	if got := exchangeBytes(t, s.CWMP, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"); !strings.Contains(got, " 413 ") {
		t.Errorf("announced by Content-Length: %s, want 413 before the body is sent", got)
	}
	if got := exchangeBytes(t, s.CWMP, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\nConnection: close\r\nContent-Encoding: br\r\n\r\n0123456789"); !strings.Contains(got, " 415 ") {
		t.Errorf("in an encoding that is not read: %s, want 415", got)
	}
	c := s.Client("admin")
	c.Post("devices", object{"mac": "000e08000001", "tags": []string{strings.Repeat("x", 8*megabyte)}}).Problem(http.StatusRequestEntityTooLarge, "too-large")
	c.Do(http.MethodPost, "devices", readerOf("{"), "Content-Type", "application/json").Problem(http.StatusBadRequest, "malformed")
	c.Do(http.MethodPut, "devices", nil).Problem(http.StatusMethodNotAllowed, "method-not-allowed")
	c.Get("nothing").Problem(http.StatusNotFound, "not-found")
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestAmbiguousHTTPIsRefused(t *testing.T) {
	t.Parallel()
	s := serve(t)
	for name, request := range map[string]string{
		"two lengths":                     "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
		"a length that is none":           "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
		"a space before the colon":        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello",
		"a transfer encoding of its own":  "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"two transfer encodings":          "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
		"no host":                         "POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
		"two hosts":                       "POST / HTTP/1.1\r\nHost: x\r\nHost: y\r\nContent-Length: 0\r\n\r\n",
		"a chunk whose size is no number": "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n",
		"a header of 64 KB":               "POST / HTTP/1.1\r\nHost: x\r\nX: " + strings.Repeat("x", megabyte/16) + "\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			for listener, address := range map[string]string{"cwmp": s.CWMP, "files": s.Files, "web": s.Web} {
				if name == "a chunk whose size is no number" && listener != "cwmp" {
					continue // Their answer does not wait for the body.
				}
				got := exchangeBytes(t, address, request)
				if !strings.Contains(got, " 400 ") && !strings.Contains(got, " 431 ") && !strings.Contains(got, " 501 ") {
					t.Errorf("%s listener: %s, want 400 (431 for the header, 501 for the encoding)", listener, got)
				}
			}
		})
	}
	if got := exchangeBytes(t, s.CWMP, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); !strings.Contains(got, " 405 ") {
		t.Errorf("GET on the CWMP listener: %s, want 405", got)
	}
}

func TestAnUnknownRPCGetsFault8000AndTheSessionGoesOn(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-onboarding")
	d := s.rawDevice(t)
	if status, answer := d.post(informOf("UNKNOWN01")); status != http.StatusOK || !strings.Contains(answer, "InformResponse") {
		t.Fatalf("Inform: status %d: %s", status, answer)
	}
	for _, rpc := range []string{"X_VENDOR_Dance", "Reboot", "FactoryReset"} {
		status, answer := d.post(envelope("id-7", "<cwmp:"+rpc+"><Argument>1</Argument></cwmp:"+rpc+">"))
		if status != http.StatusOK || !strings.Contains(answer, ">8000<") || !strings.Contains(answer, ">id-7<") {
			t.Errorf("%s: status %d: %s; want fault 8000 with the id of the request", rpc, status, answer)
		}
	}
	if status, answer := d.post(envelope("id-8", "<cwmp:GetRPCMethods/>")); status != http.StatusOK || !strings.Contains(answer, "TransferComplete") {
		t.Errorf("GetRPCMethods afterwards: status %d: %s", status, answer)
	}
	if status, _ := d.post(""); status != http.StatusNoContent {
		t.Errorf("the end of the session: status %d, want 204", status)
	}
}

func TestACookieOfASessionThatIsOverOpensNothing(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-onboarding")
	ended := s.rawDevice(t)
	ended.post(informOf("STALE01"))
	if status, _ := ended.post(""); status != http.StatusNoContent || ended.cookie == "" {
		t.Fatalf("the session did not end: status %d, cookie %q", status, ended.cookie)
	}
	for name, cookie := range map[string]string{"of a session that ended": ended.cookie, "that nobody gave": "session=0123456789abcdef0123456789abcdef", "that is garbage": `session="; session==;;`} {
		t.Run(name, func(t *testing.T) {
			stale := s.rawDevice(t)
			stale.cookie = cookie
			if status, _ := stale.post(""); status != http.StatusNoContent {
				t.Errorf("an empty POST: status %d, want 204", status)
			}
			stale.cookie = cookie
			if status, _ := stale.post(envelope("1", "<cwmp:RebootResponse/>")); status != http.StatusBadRequest {
				t.Errorf("a response: status %d, want 400", status)
			}
			stale.cookie = cookie
			if status, _ := stale.post(envelope("1", "<cwmp:GetRPCMethods/>")); status != http.StatusBadRequest {
				t.Errorf("a request: status %d, want 400", status)
			}
			stale.cookie = cookie
			if status, answer := stale.post(informOf("STALE02")); status != http.StatusOK || !strings.Contains(answer, "InformResponse") {
				t.Errorf("an Inform: status %d, want a new session: %s", status, answer)
			}
		})
	}
}

func TestACrowdOfUnknownDevicesIsCappedAndAKnownPhoneIsServed(t *testing.T) {
	t.Parallel()
	const crowd, most = 10_000, 500
	s := serve(t, "--max-unknown-devices", fmt.Sprint(most), "--no-onboarding")
	s.Restart() // The first start hashes a password, which takes memory of its own.
	c := s.Client("operator")
	phone := s.startPhone(t, "REGULAR01", nil)
	id := c.arrive(phone).ID
	before := memoryPeak(t, s.PID())

	var accepted, refused atomic.Int64
	serials := make(chan string)
	var workers sync.WaitGroup
	for range 8 {
		d := s.rawDevice(t)
		workers.Go(func() {
			for serial := range serials {
				d.cookie = ""
				status, answer, err := d.try(strings.NewReader(informOf(serial)))
				switch {
				case err == nil && status == http.StatusOK && strings.Contains(answer, "InformResponse"):
					accepted.Add(1)
				case err == nil && status == http.StatusOK && strings.Contains(answer, ">8001<"):
					refused.Add(1)
				default:
					t.Errorf("Inform of %s: status %d, %v: %s", serial, status, err, tail(answer, 200))
				}
			}
		})
	}
	for i := range crowd {
		if i == crowd/2 {
			c.Succeed(id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "amid.example.net")}}, nil)
		}
		serials <- fmt.Sprintf("CROWD%08X", uint32(i)*2654435761)
	}
	close(serials)
	workers.Wait()

	if accepted.Load() != most-1 || accepted.Load()+refused.Load() != crowd {
		t.Errorf("%d accepted and %d refused, want %d and %d: the phone is one of the %d", accepted.Load(), refused.Load(), most-1, crowd-most+1, most)
	}
	var page listed[deviceRecord]
	c.Get("devices?pageSize=1").Want(http.StatusOK).Decode(&page)
	if page.TotalSize != most {
		t.Errorf("%d devices are listed, want %d", page.TotalSize, most)
	}
	holds(t, phone, ntp, "amid.example.net")
	c.Post("devices", object{"mac": "00:0e:08:12:34:56"}).Want(http.StatusCreated)
	if grown := memoryPeak(t, s.PID()) - before; grown > 200*megabyte {
		t.Errorf("the server grew by %d MB", grown/megabyte)
	} else {
		t.Logf("the server grew by %d MB", grown/megabyte)
	}
	if info, err := os.Stat(filepath.Join(s.DataDir, "dialtone.db")); err != nil || info.Size() > 50*megabyte {
		t.Errorf("the database: %v, %v", info, err)
	}
}
