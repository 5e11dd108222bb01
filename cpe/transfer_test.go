package cpe

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func firmware(size int) []byte {
	return append([]byte("version: sip88xx.12-0-5\n"), bytes.Repeat([]byte("0123456789abcdef"), size/16)...)
}

func sum(content []byte) string {
	s := sha256.Sum256(content)
	return hex.EncodeToString(s[:])
}

// serveFile serves content with Range and an ETag, and cuts the first cuts answers
// after half of what is left.
func serveFile(t *testing.T, content []byte, cuts int32) (url string, ranges func() []string) {
	t.Helper()
	var left atomic.Int32
	left.Store(cuts)
	seen := make(chan string, 100)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header.Get("Range")
		if left.Add(-1) >= 0 {
			w = &cutWriter{ResponseWriter: w, left: len(content) / 4}
		}
		w.Header().Set("ETag", `"one"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/sip88xx.12-0-9.loads", func() []string {
		close(seen)
		var list []string
		for r := range seen {
			list = append(list, r)
		}
		return list
	}
}

// cutWriter breaks the connection off after some bytes of the body.
type cutWriter struct {
	http.ResponseWriter
	left int
}

func (w *cutWriter) Write(p []byte) (int, error) {
	if len(p) < w.left {
		w.left -= len(p)
		return w.ResponseWriter.Write(p)
	}
	_, _ = w.ResponseWriter.Write(p[:w.left])
	_ = http.NewResponseController(w.ResponseWriter).Flush()
	panic(http.ErrAbortHandler)
}

func download(url, fileType string) *cwmp.Download {
	return &cwmp.Download{CommandKey: "key", FileType: fileType, URL: url}
}

func TestFirmwareIsFetchedInstalledAndReportedAfterAReboot(t *testing.T) {
	content := firmware(1 << 20)
	url, ranges := serveFile(t, content, 2)
	a := newTestACS(t)
	d := start(t, testConfig(a))
	m := download(url, cwmp.FileTypeFirmware)
	m.FileSize = int64(len(content))
	a.ask(m)
	if r := inform(t, d, cwmp.EventPeriodic); r.Err != nil {
		t.Fatal(r.Err)
	}
	r := waitEvent(t, d, cwmp.EventTransferComplete)
	if diff := cmp.Diff([]string{"4 VALUE CHANGE", "1 BOOT", "7 TRANSFER COMPLETE", "M Download (key)"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
	if d.SoftwareVersion() != "sip88xx.12-0-5" {
		t.Errorf("software version %s", d.SoftwareVersion())
	}
	complete := a.own[0].(*cwmp.TransferComplete)
	if complete.CommandKey != "key" || complete.Fault.FaultCode != 0 || !complete.StartTime.Known() || !complete.CompleteTime.Known() {
		t.Errorf("TransferComplete %+v", complete)
	}
	files := d.Files()
	if len(files) != 1 || files[0].SHA256 != sum(content) || files[0].Size != int64(len(content)) || files[0].Resumed != 2 {
		t.Errorf("files %+v", files)
	}
	if got := ranges(); len(got) != 3 || got[0] != "" || !strings.HasPrefix(got[1], "bytes=") || got[2] <= got[1] {
		t.Errorf("ranges %q", got)
	}
	inform(t, d, cwmp.EventPeriodic)
	if len(a.own) != 1 {
		t.Error("a TransferComplete that was answered is sent again")
	}
}

func TestAConfigurationFileIsTakenWithoutAReboot(t *testing.T) {
	url, _ := serveFile(t, []byte("<flat-profile/>"), 0)
	a := newTestACS(t)
	d := start(t, testConfig(a))
	a.ask(download(url, cwmp.FileTypeConfiguration))
	inform(t, d, cwmp.EventPeriodic)
	r := waitEvent(t, d, cwmp.EventTransferComplete)
	if diff := cmp.Diff([]string{"7 TRANSFER COMPLETE", "M Download (key)"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
	if files := d.Files(); len(files) != 1 || files[0].Name != "sip88xx.12-0-9.loads" || files[0].SHA256 != sum([]byte("<flat-profile/>")) {
		t.Errorf("files %+v", files)
	}
}

func TestATransferCompleteIsSentUntilItIsAnswered(t *testing.T) {
	url, _ := serveFile(t, []byte("x"), 0)
	a := newTestACS(t)
	sent := 0
	a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if e == nil || e.Message.Method() != "TransferComplete" {
			return false
		}
		sent++
		switch sent {
		case 1:
			reset(w)
		case 2:
			reply(w, e, cwmp.NewFault(8002, ""))
		case 3:
			reply(w, e, &cwmp.InformResponse{})
		default:
			return false
		}
		return true
	}
	d := start(t, testConfig(a))
	a.ask(download(url, cwmp.FileTypeConfiguration))
	inform(t, d, cwmp.EventPeriodic)
	err := d.WaitFor(testContext(t), func() bool {
		r := d.LastSession()
		return r.HasEvent(cwmp.EventMDownload) && r.Err == nil
	})
	if err != nil || sent != 4 {
		t.Errorf("sent %d times: %v", sent, err)
	}
	if len(d.Files()) != 1 {
		t.Error("the file was fetched again")
	}
}

func TestAFailedFetchIsReportedWithItsFault(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	status := func(code int) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
	}
	tests := map[string]struct {
		handler http.Handler
		change  func(m *cwmp.Download)
		want    int
	}{
		"not found":             {status(404), nil, 9016},
		"forbidden":             {status(403), nil, 9016},
		"server error":          {status(500), nil, 9010},
		"without a password":    {status(401), nil, 9012},
		"with a wrong password": {http.HandlerFunc(basicFile), func(m *cwmp.Download) { m.Username, m.Password = "phone", "wrong" }, 9012},
		"of another size":       {http.HandlerFunc(basicFile), func(m *cwmp.Download) { m.Username, m.Password, m.FileSize = "phone", "secret", 7 }, 9018},
		"nobody there":          {status(200), func(m *cwmp.Download) { m.URL = "http://" + closed.Addr().String() + "/a" }, 9015},
		"always cut": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			content := firmware(1 << 16)
			http.ServeContent(&cutWriter{ResponseWriter: w, left: 100}, r, "", time.Time{}, bytes.NewReader(content))
		}), nil, 9017},
		"another range": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Range") == "" {
				w.Header().Set("Content-Length", "100")
				_, _ = (&cutWriter{ResponseWriter: w, left: 50}).Write(make([]byte, 100))
			}
			w.Header().Set("Content-Range", "bytes 10-99/100")
			w.WriteHeader(206)
		}), nil, 9017},
		"with the right password": {http.HandlerFunc(basicFile), func(m *cwmp.Download) { m.Username, m.Password, m.FileSize = "phone", "secret", 4 }, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(test.handler)
			defer server.Close()
			a := newTestACS(t)
			d := start(t, testConfig(a))
			m := download(server.URL+"/a", cwmp.FileTypeFirmware)
			if test.change != nil {
				test.change(m)
			}
			a.ask(m)
			inform(t, d, cwmp.EventPeriodic)
			r := waitEvent(t, d, cwmp.EventTransferComplete)
			complete := a.own[0].(*cwmp.TransferComplete)
			if complete.Fault.FaultCode != test.want || (complete.Fault.FaultString == "") != (test.want == 0) {
				t.Errorf("fault %+v, want %d", complete.Fault, test.want)
			}
			if booted := r.HasEvent(cwmp.EventBoot); booted != (test.want == 0) {
				t.Errorf("booted: %t", booted)
			}
		})
	}
}

func TestAServerThatStallsIsGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		sent int
		want int
	}{"before the first byte": {0, 9015}, "in the middle": {50, 9017}} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Length", "100")
				if test.sent > 0 {
					_, _ = w.Write(make([]byte, test.sent))
					_ = http.NewResponseController(w).Flush()
				}
				<-r.Context().Done()
			}))
			defer server.Close()
			_, fault := fetch(t.Context(), server.Client(), download(server.URL, cwmp.FileTypeFirmware), 20*time.Millisecond)
			if fault.FaultCode != test.want {
				t.Errorf("fault %+v, want %d", fault, test.want)
			}
		})
	}
}

func basicFile(w http.ResponseWriter, r *http.Request) {
	if username, password, _ := r.BasicAuth(); username != "phone" || password != "secret" {
		w.Header().Set("WWW-Authenticate", `Basic realm="files"`)
		w.WriteHeader(401)
		return
	}
	_, _ = fmt.Fprint(w, "file")
}

func TestAServerWithoutRangesStartsTheFileAnew(t *testing.T) {
	content := firmware(1 << 18)
	var cut atomic.Bool
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", fmt.Sprint(len(content)))
		if cut.CompareAndSwap(false, true) {
			w = &cutWriter{ResponseWriter: w, left: len(content) / 2}
		}
		_, _ = w.Write(content)
	}))
	defer server.Close()
	got, fault := fetch(t.Context(), server.Client(), download(server.URL, cwmp.FileTypeFirmware), time.Minute)
	if fault.FaultCode != 0 || got.sum != sum(content) || got.size != int64(len(content)) {
		t.Errorf("fault %+v, %d bytes", fault, got.size)
	}
}

func TestADelayedDownloadWaitsAndSurvivesAReboot(t *testing.T) {
	url, _ := serveFile(t, []byte("x"), 0)
	a := newTestACS(t)
	c := testConfig(a)
	clock := &manualClock{}
	c.Clock = clock
	d := start(t, c)
	m := download(url, cwmp.FileTypeConfiguration)
	m.DelaySeconds = 3600
	a.ask(m, &cwmp.Reboot{CommandKey: "r"})
	inform(t, d, cwmp.EventPeriodic)
	clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventMReboot) }, time.Second)
	if len(d.Files()) != 0 {
		t.Error("fetched before its time")
	}
	clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventMDownload) }, 10*time.Minute)
	if waited := d.Files()[0].StartTime.Sub(time.Unix(0, 0)); waited < time.Hour {
		t.Errorf("fetched after %s", waited)
	}
}

func TestAFirmwaresVersionIsItsFirstLineOrItsName(t *testing.T) {
	for _, test := range []struct{ head, name, want string }{
		{"version: 1.2.3\nrest", "a.loads", "1.2.3"},
		{"version:1.2.3", "a.loads", "1.2.3"},
		{"version: \n", "sip88xx.12-0-1.loads", "sip88xx.12-0-1"},
		{"version: a\x00b\n", "a.bin", "a"},
		{"\x7fELF", "image", "image"},
		{"version: " + strings.Repeat("1", 65), strings.Repeat("2", 70), strings.Repeat("2", 64)},
	} {
		if got := firmwareVersion([]byte(test.head), test.name); got != test.want {
			t.Errorf("firmwareVersion(%q, %q) = %q, want %q", test.head, test.name, got, test.want)
		}
	}
}
