package cpe

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// uploadServer takes files by PUT; refuse may answer a request in its place.
type uploadServer struct {
	*httptest.Server
	mu    sync.Mutex
	files []string
}

func newUploadServer(t *testing.T, refuse func(w http.ResponseWriter, r *http.Request) bool) *uploadServer {
	t.Helper()
	s := &uploadServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refuse != nil && refuse(w, r) {
			return
		}
		content, err := io.ReadAll(r.Body)
		if err != nil || r.Method != http.MethodPut || r.ContentLength != int64(len(content)) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.files = append(s.files, string(content))
		w.WriteHeader(http.StatusCreated)
	}))
	t.Cleanup(s.Close)
	return s
}

func upload(url, fileType string) *cwmp.Upload {
	return &cwmp.Upload{CommandKey: "key", FileType: fileType, URL: url + "/put/1?x=y"}
}

func TestAnUploadIsPutAndReported(t *testing.T) {
	for fileType, want := range map[string]string{
		cwmp.FileTypeUploadConfiguration:      `<parameter name="Device.DeviceInfo.SerialNumber">FCH2401TEST</parameter>`,
		cwmp.FileTypeUploadLog:                " Upload fault 0",
		cwmp.FileTypeUploadNumberedLog + " 1": " Upload fault 0",
		"X 000E08 Call History":               "FCH2401TEST",
	} {
		t.Run(fileType, func(t *testing.T) {
			server := newUploadServer(t, nil)
			a := newTestACS(t)
			c := testConfig(a)
			c.FileTypes = []string{"X 000E08 Call History"}
			c.Password = "never to be uploaded"
			d := start(t, c)
			a.ask(upload(server.URL, fileType))
			inform(t, d, cwmp.EventPeriodic)
			r := waitEvent(t, d, cwmp.EventTransferComplete)
			if diff := cmp.Diff([]string{"7 TRANSFER COMPLETE", "M Upload (key)"}, eventCodes(r.Events)); diff != "" {
				t.Error(diff)
			}
			complete := a.own[0].(*cwmp.TransferComplete)
			if complete.CommandKey != "key" || complete.Fault.FaultCode != 0 || !complete.StartTime.Known() || !complete.CompleteTime.Known() {
				t.Errorf("TransferComplete %+v", complete)
			}
			if len(server.files) != 1 || !strings.Contains(server.files[0], want) || strings.Contains(server.files[0], c.Password) {
				t.Fatalf("files %q", server.files)
			}
			sent := d.Uploads()
			if len(sent) != 1 || sent[0].SHA256 != sum([]byte(server.files[0])) || sent[0].Size != int64(len(server.files[0])) || sent[0].FileType != fileType {
				t.Errorf("uploads %+v", sent)
			}
		})
	}
}

func TestAnUploadThatFailsIsReportedWithItsFault(t *testing.T) {
	challenge := func(header, authorized string) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if strings.HasPrefix(r.Header.Get("Authorization"), authorized) && authorized != "" {
				return false
			}
			w.Header().Set("WWW-Authenticate", header)
			w.WriteHeader(http.StatusUnauthorized)
			return true
		}
	}
	status := func(code int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(code); return true }
	}
	const digestHeader = `Digest realm="files", nonce="abc", qop="auth"`
	for name, test := range map[string]struct {
		refuse   func(http.ResponseWriter, *http.Request) bool
		username string
		closed   bool
		want     int
	}{
		"with Basic":                 {challenge(`Basic realm="files"`, "Basic cGhvbmU6c2VjcmV0"), "phone", false, 0},
		"with Digest":                {challenge(digestHeader, `Digest username="phone", realm="files", nonce="abc", uri="/put/1?x=y"`), "phone", false, 0},
		"with a wrong password":      {challenge(digestHeader, ""), "phone", false, 9012},
		"without a password":         {challenge(digestHeader, ""), "", false, 9012},
		"refused":                    {status(403), "", false, 9011},
		"a server that fails":        {status(500), "", false, 9011},
		"a server that is not there": {nil, "", true, 9015},
	} {
		t.Run(name, func(t *testing.T) {
			server := newUploadServer(t, test.refuse)
			if test.closed {
				server.Close()
			}
			a := newTestACS(t)
			d := start(t, testConfig(a))
			m := upload(server.URL, cwmp.FileTypeUploadLog)
			m.Username, m.Password = test.username, "secret"
			a.ask(m)
			inform(t, d, cwmp.EventPeriodic)
			waitEvent(t, d, cwmp.EventTransferComplete)
			complete := a.own[0].(*cwmp.TransferComplete)
			if complete.Fault.FaultCode != test.want {
				t.Errorf("fault %+v, want %d", complete.Fault, test.want)
			}
			if sent := len(d.Uploads()); (sent == 1) != (test.want == 0) {
				t.Errorf("%d uploads", sent)
			}
		})
	}
}

func TestAnUploadOfWhatThePhoneHasNotIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		change func(m *cwmp.Upload)
		want   string
	}{
		"firmware":              {func(m *cwmp.Upload) { m.FileType = cwmp.FileTypeFirmware }, "fault 9003"},
		"a second log":          {func(m *cwmp.Upload) { m.FileType = cwmp.FileTypeUploadNumberedLog + " 2" }, "fault 9003"},
		"an unknown type":       {func(m *cwmp.Upload) { m.FileType = "X 000E08 Core" }, "fault 9003"},
		"a long key":            {func(m *cwmp.Upload) { m.CommandKey = strings.Repeat("k", 33) }, "fault 9003"},
		"ftp":                   {func(m *cwmp.Upload) { m.URL = "ftp://files.example/a" }, "fault 9013"},
		"a password in the URL": {func(m *cwmp.Upload) { m.URL = "http://a:b@files.example/a" }, "fault 9003"},
	} {
		d := newTestDevice(t, testConfig(nil))
		m := upload("http://files.example", cwmp.FileTypeUploadLog)
		test.change(m)
		if got := summary(d.execute(m)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}
