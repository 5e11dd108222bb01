package acs

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// TestARequestThatCanBeReadInTwoWaysIsRefused: what a proxy before us takes for
// one request must not be two for us (RFC 9112, 6.3).
func TestARequestThatCanBeReadInTwoWaysIsRefused(t *testing.T) {
	f := newFixture(t)
	const hidden = "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct {
		request string
		status  int
	}{
		"two lengths that differ":             {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\nContent-Length: 51\r\n\r\n" + hidden, 400},
		"a list of lengths that differ":       {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 0, 51\r\n\r\n" + hidden, 400},
		"a negative length":                   {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: -1\r\n\r\n" + hidden, 400},
		"a length with a sign":                {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: +0\r\n\r\n" + hidden, 400},
		"an encoding that is not known":       {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + hidden, 501},
		"two encodings":                       {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + hidden, 501},
		"a space before the colon":            {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length : 51\r\n\r\n" + hidden, 400},
		"two hosts":                           {"POST / HTTP/1.1\r\nHost: acs\r\nHost: other\r\nContent-Length: 0\r\n\r\n", 400},
		"no host":                             {"POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", 400},
		"a chunk whose length is no number":   {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n" + hidden, 400},
		"a header beyond what may be in one":  {"POST / HTTP/1.1\r\nHost: acs\r\nX: " + strings.Repeat("x", 2<<20) + "\r\n\r\n", 431},
		"chunks with an endless extension":    {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\n1;" + strings.Repeat("x", 1<<16) + "\r\n \r\n0\r\n\r\n", 400},
		"chunks that are mostly extensions":   {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 500)+"\r\n \r\n", 2000) + "0\r\n\r\n", 400},
		"a body of chunks that is too large":  {"POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\n" + strings.Repeat("10000\r\n"+strings.Repeat(" ", 0x10000)+"\r\n", 300), 413},
		"a body of 10 GB, not one byte of it": {"POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 10737418240\r\n\r\n", 413},
	} {
		t.Run(name, func(t *testing.T) {
			conn := f.dial()
			go func() { _, _ = io.WriteString(conn, c.request) }() // It may be refused before its end.
			answers := bufio.NewReader(conn)
			if status := f.status(answers); status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if next, err := http.ReadResponse(answers, nil); err == nil {
				t.Errorf("what was hidden in it was answered, too, with %s", next.Status)
			}
		})
	}
}

// TestALengthBesideChunksIsNotBelieved: by RFC 9112, 6.3, the chunks count. Where
// a proxy that may have taken the length for true shares the connection among
// devices, nothing that comes behind is read.
func TestALengthBesideChunksIsNotBelieved(t *testing.T) {
	f := newFixture(t)
	const hidden = "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 0\r\n\r\n"
	inform, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Message: f.newPhone("S1").inform("2 PERIODIC")})
	must(t, err)
	for header, closes := range map[string]bool{"": false, "X-Forwarded-For: 192.0.2.7\r\n": true} {
		conn := f.dial()
		_, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: acs\r\n%sContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n%s", header, len(inform), inform, hidden)
		must(t, err)
		answers := bufio.NewReader(conn)
		if status := f.status(answers); status != http.StatusOK {
			t.Errorf("status %d: the chunks are an Inform", status)
		}
		if _, err := http.ReadResponse(answers, nil); (err != nil) != closes {
			t.Errorf("header %q: behind it comes %v; the connection must be closed: %v", header, err, closes)
		}
	}
}

func TestHTTP2IsNotSpoken(t *testing.T) {
	f := newFixture(t)
	conn := f.dial()
	_, err := io.WriteString(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
	must(t, err)
	if status := f.status(bufio.NewReader(conn)); status != http.StatusMethodNotAllowed {
		t.Errorf("status %d, want 405 in HTTP/1.1", status)
	}
}

func TestADeviceMayWaitForContinueSpeakHTTP10OrSendChunks(t *testing.T) {
	f := newFixture(t)
	inform, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Message: f.newPhone("S1").inform("2 PERIODIC")})
	must(t, err)
	t.Run("Expect: 100-continue", func(t *testing.T) {
		conn := f.dial()
		answers := bufio.NewReader(conn)
		_, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: acs\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(inform))
		must(t, err)
		if line, err := answers.ReadString('\n'); err != nil || line != "HTTP/1.1 100 Continue\r\n" {
			t.Fatalf("%q, %v", line, err)
		}
		if _, err := answers.ReadString('\n'); err != nil {
			t.Fatal(err)
		}
		_, err = conn.Write(inform)
		must(t, err)
		if status := f.status(answers); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	})
	t.Run("Expect: 100-continue for a body that is too large", func(t *testing.T) {
		conn := f.dial()
		_, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: acs\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n\r\n")
		must(t, err)
		if status := f.status(bufio.NewReader(conn)); status != http.StatusRequestEntityTooLarge {
			t.Errorf("status %d, want it refused before it is sent", status)
		}
	})
	t.Run("HTTP/1.0", func(t *testing.T) {
		conn := f.dial()
		_, err := fmt.Fprintf(conn, "POST / HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s", len(inform), inform)
		must(t, err)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		must(t, err)
		body, err := io.ReadAll(answer.Body)
		must(t, err)
		if answer.StatusCode != http.StatusOK || answer.ContentLength != int64(len(body)) || len(answer.TransferEncoding) != 0 {
			t.Errorf("%s, length %d, %d bytes, %v", answer.Status, answer.ContentLength, len(body), answer.TransferEncoding)
		}
	})
	t.Run("chunks of one byte", func(t *testing.T) {
		conn := f.dial()
		var chunks strings.Builder
		for _, b := range inform {
			fmt.Fprintf(&chunks, "1\r\n%c\r\n", b)
		}
		_, err := io.WriteString(conn, "POST / HTTP/1.1\r\nHost: acs\r\nTransfer-Encoding: chunked\r\n\r\n"+chunks.String()+"0\r\n\r\n")
		must(t, err)
		if status := f.status(bufio.NewReader(conn)); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
	})
}
