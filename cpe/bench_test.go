package cpe

import (
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// BenchmarkPeriodicSession is the cost of one periodic session of a simulated device
// with a server in the same process that only answers; cpu-ms/session is that of
// both.
func BenchmarkPeriodicSession(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if len(body) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		id := between(string(body), `mustUnderstand="1">`, "<")
		reply(w, &cwmp.Envelope{ID: id, HasID: true, Namespace: cwmp.NamespaceV1_2}, &cwmp.InformResponse{})
	}))
	defer server.Close()
	c := testConfig(nil)
	c.ACSURL = server.URL
	d, err := New(c)
	if err != nil {
		b.Fatal(err)
	}
	d.boot()
	d.runSession(b.Context())
	before := processorTime()
	b.ReportAllocs()
	for b.Loop() {
		d.Inform(cwmp.EventStruct{EventCode: cwmp.EventPeriodic})
		d.runSession(b.Context())
		if d.last.Err != nil {
			b.Fatal(d.last.Err)
		}
	}
	b.ReportMetric(float64(processorTime()-before)/float64(time.Millisecond)/float64(b.N), "cpu-ms/session")
}

// BenchmarkDevice is the memory of one device of a fleet that is switched off.
func BenchmarkDevice(b *testing.B) {
	c := testConfig(nil)
	common, err := c.withDefaults()
	if err != nil {
		b.Fatal(err)
	}
	devices := make([]*Device, 10_000)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		for i := range devices {
			common.Identity = IdentityAt(1, i, "", "")
			if devices[i], err = New(common); err != nil {
				b.Fatal(err)
			}
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/float64(len(devices)), "bytes/device")
	runtime.KeepAlive(devices)
}

func between(text, start, end string) string {
	for i := 0; i+len(start) <= len(text); i++ {
		if text[i:i+len(start)] == start {
			rest := text[i+len(start):]
			for j := range len(rest) {
				if rest[j:j+len(end)] == end {
					return rest[:j]
				}
			}
		}
	}
	return ""
}

func processorTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
