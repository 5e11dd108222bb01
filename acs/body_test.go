package acs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func gzipped(t *testing.T, body []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write(body)
	must(t, err)
	must(t, w.Close())
	return b.Bytes()
}

// big returns an Inform with so many bytes that are hard to compress.
func (p *phone) big(bytes int) []byte {
	p.f.t.Helper()
	m := p.inform("1 BOOT")
	for i := 0; bytes > 0; i++ {
		var value strings.Builder
		for range 64 {
			fmt.Fprintf(&value, "%016x", rand.Uint64())
		}
		m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: fmt.Sprintf("Device.X.%d", i), Value: value.String(), Type: cwmp.TypeString})
		bytes -= value.Len()
	}
	body, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Message: m})
	must(p.f.t, err)
	return body
}

func TestABodyIsBoundedAsItIsSentAndAsItIsInflated(t *testing.T) {
	small := func(o *Options) { o.MaxBody, o.Load.MaxInflated = 2<<20, 4<<20 }
	for _, c := range []struct {
		name     string
		body     func(p *phone) []byte
		encoding string
		status   int
		reason   string
	}{
		{"one that is compressed and larger than what may be sent plain", func(p *phone) []byte { return gzipped(t, p.big(3<<20)) }, "gzip", 200, ""},
		{"one that inflates to too much", func(p *phone) []byte { return gzipped(t, append(p.big(3<<20), bytes.Repeat([]byte(" "), 3<<19)...)) }, "gzip", 413, "inflated"},
		{"one that inflates a thousandfold", func(*phone) []byte { return gzipped(t, bytes.Repeat([]byte(" "), 3<<20)) }, "gzip", 413, "inflated"},
		{"one that inflates a thousandfold to little", func(*phone) []byte { return gzipped(t, bytes.Repeat([]byte(" "), 1<<20-1)) }, "gzip", 204, ""},
		{"one that inflates a thousandfold, in many members", func(*phone) []byte { return bytes.Repeat(gzipped(t, bytes.Repeat([]byte(" "), 1<<18)), 40) }, "gzip", 413, "inflated"},
		{"one that inflates a thousandfold, deflated", func(*phone) []byte {
			var b bytes.Buffer
			w := zlib.NewWriter(&b)
			_, _ = w.Write(bytes.Repeat([]byte(" "), 3<<20))
			_ = w.Close()
			return b.Bytes()
		}, "deflate", 413, "inflated"},
		{"one that is too large to be sent", func(p *phone) []byte { return p.big(2<<20 + 1) }, "", 413, "tooLarge"},
		{"one as large as may be sent", func(p *phone) []byte { return append(bytes.Repeat([]byte(" "), 1<<20), p.big(1<<19)...) }, "", 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, small)
			p := f.newPhone("S1")
			if c.encoding != "" {
				p.header.Set("Content-Encoding", c.encoding)
			}
			response, _ := p.post(c.body(p))
			if response.StatusCode != c.status {
				t.Errorf("status %d, want %d", response.StatusCode, c.status)
			}
			if c.reason != "" && f.rejected(c.reason) != 1 {
				t.Errorf("it is not counted as %s", c.reason)
			}
			if n := f.server.bodies.memory.Taken(); n != 0 {
				t.Errorf("%d bytes are still taken", n)
			}
		})
	}
}

func TestBodiesTakeNoMoreMemoryThanTheyMay(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Load.BodyMemory = 256 << 10 })
	if !f.server.bodies.memory.Take(100 << 10) { // As another request would.
		t.Fatal("no memory")
	}
	if response, _ := f.newPhone("LARGE").post(f.newPhone("LARGE").big(200 << 10)); response.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want 503", response.StatusCode)
	}
	if n := f.rejected("memory"); n != 1 {
		t.Errorf("%v are counted, want 1", n)
	}
	if status := f.newPhone("SMALL").informStatus("1 BOOT"); status != http.StatusOK {
		t.Errorf("a small one got %d", status)
	}
	f.server.bodies.memory.Give(100 << 10)
	if response, _ := f.newPhone("LARGE").post(f.newPhone("LARGE").big(100 << 10)); response.StatusCode != http.StatusOK {
		t.Errorf("status %d once there is memory again", response.StatusCode)
	}
	if n := f.server.bodies.memory.Taken(); n != 0 {
		t.Errorf("%d bytes are still taken", n)
	}
}

func TestABodyThatClaimsMuchAndSendsNothingTakesLittle(t *testing.T) {
	f := newFixture(t)
	c := f.dial()
	_, err := fmt.Fprintf(c, "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: %d\r\n\r\n<", 16<<20)
	must(t, err)
	for begun := time.Now(); f.server.bodies.memory.Taken() == 0; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 20*time.Second {
			t.Fatal("the body is not read")
		}
	}
	if n := f.server.bodies.memory.Taken(); n > firstRead {
		t.Errorf("%d bytes are taken for a single one", n)
	}
}

// dial opens a connection to the fixture's server.
func (f *fixture) dial() net.Conn {
	f.t.Helper()
	c, err := net.Dial("tcp", f.http.Listener.Addr().String())
	must(f.t, err)
	f.t.Cleanup(func() { _ = c.Close() })
	must(f.t, c.SetDeadline(time.Now().Add(30*time.Second)))
	return c
}

// status reads an answer.
func (f *fixture) status(r *bufio.Reader) int {
	f.t.Helper()
	answer, err := http.ReadResponse(r, nil)
	must(f.t, err)
	_, err = io.Copy(io.Discard, answer.Body)
	must(f.t, err)
	_ = answer.Body.Close()
	return answer.StatusCode
}

func TestABodyThatComesTooSlowlyIsEnded(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Load.BodyTime = 300 * time.Millisecond })
	c := f.dial()
	began := time.Now()
	_, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 1000\r\n\r\n<")
	must(t, err)
	go func() { // A byte now and then does not help.
		for range 100 {
			time.Sleep(20 * time.Millisecond)
			if _, err := c.Write([]byte(" ")); err != nil {
				return
			}
		}
	}()
	if status := f.status(bufio.NewReader(c)); status != http.StatusRequestTimeout {
		t.Errorf("status %d, want 408", status)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %s", took)
	}
	if n := f.rejected("slow"); n != 1 {
		t.Errorf("%v are counted, want 1", n)
	}
}

func TestTheRateOfABodyMovesItsDeadline(t *testing.T) {
	var deadlines []time.Duration
	r := &pacedReader{body: strings.NewReader(strings.Repeat("x", 10_000)), load: Load{MinBodyRate: 1000, BodyTime: 28 * time.Second}, grace: bodyGrace, began: time.Now()}
	r.deadline = func(at time.Time) error { deadlines = append(deadlines, at.Sub(r.began)); return nil }
	r.move()
	for _, n := range []int{100, 1900, 3000, 5000} {
		_, err := io.ReadFull(r, make([]byte, n))
		must(t, err)
	}
	want := []time.Duration{20 * time.Second, 22 * time.Second, 25 * time.Second, 28 * time.Second}
	if fmt.Sprint(deadlines) != fmt.Sprint(want) {
		t.Errorf("deadlines %v, want %v", deadlines, want)
	}
}

func TestAConnectionIsUsedOnAfterABodyThatTookSomeTime(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Load.BodyTime = 500 * time.Millisecond })
	c := f.dial()
	answers := bufio.NewReader(c)
	for range 2 {
		_, err := io.WriteString(c, "POST / HTTP/1.1\r\nHost: acs\r\nContent-Length: 2\r\n\r\n")
		must(t, err)
		time.Sleep(300 * time.Millisecond)
		_, err = io.WriteString(c, "\r\n")
		must(t, err)
		if status := f.status(answers); status != http.StatusNoContent {
			t.Fatalf("status %d", status)
		}
		time.Sleep(400 * time.Millisecond) // Beyond the deadline of the body before.
	}
}
