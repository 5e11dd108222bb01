package delivery_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// listen serves the fixture over HTTP.
func (f *fixture) listen(t testing.TB) *httptest.Server {
	t.Helper()
	handler, err := httpd.New(httpd.Options{Library: f.library, Opener: f.server})
	fatal(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

// get asks a server, and returns the status, the ETag and the content.
func get(t testing.TB, server *httptest.Server, path, userAgent, etag string) (status int, newETag, content string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	fatal(t, err)
	request.Header.Set("User-Agent", userAgent)
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	response, err := server.Client().Do(request)
	fatal(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	fatal(t, err)
	return response.StatusCode, response.Header.Get("ETag"), string(body)
}

func TestAPhoneConvergesOverHTTP(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	server := f.listen(t)
	for path, want := range map[string]int{"/001565112233.boot": 200, "/y000000000066.cfg": 200, "/000000000000.cfg": 404, "/001565112233-license.cfg": 404} {
		if status, _, _ := get(t, server, path, yealinkAgent, ""); status != want {
			t.Errorf("%s: %d", path, status)
		}
	}
	status, etag, content := get(t, server, "/001565112233.cfg", yealinkAgent, "")
	if status != 200 || !strings.Contains(content, "pass-yealink") {
		t.Fatalf("%d, %q", status, content)
	}
	f.settle()
	held := f.devices.get("yealink").Provisioning.Held
	if status, again, content := get(t, server, "/001565112233.cfg", yealinkAgent, etag); status != 304 || again != etag || content != "" {
		t.Errorf("unchanged: %d, %s, %q", status, again, content)
	}
	f.set(t, globalKey(), map[string]string{"admin.password": "new"})
	if status, again, content := get(t, server, "/001565112233.cfg", yealinkAgent, etag); status != 200 || again == etag || !strings.Contains(content, "admin = new") {
		t.Errorf("changed: %d, %s, %q", status, again, content)
	}
	f.settle()
	if now := f.devices.get("yealink").Provisioning.Held; held == "" || now == "" || now == held {
		t.Errorf("it held %q and holds %q", held, now)
	}
	if status, _, _ := get(t, server, "/001565112233.cfg", snomAgent, ""); status != 403 {
		t.Errorf("as another maker's phone: %d", status)
	}
	statuses := map[int]int{}
	for _, fetch := range f.history(t) {
		statuses[fetch.Status]++
	}
	if statuses[200] != 4 || statuses[304] != 1 || statuses[403] != 1 || statuses[404] != 2 {
		t.Errorf("recorded %v", statuses)
	}
}

func TestFirmwareIsResumedOverHTTP(t *testing.T) {
	f := newFixture(t, nil)
	_, err := f.library.Add(t.Context(), files.File{Name: "fw.rom", Type: files.TypeFirmware}, strings.NewReader("0123456789"))
	fatal(t, err)
	server := f.listen(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/firmware/fw.rom", nil)
	fatal(t, err)
	request.Header.Set("Range", "bytes=4-")
	response, err := server.Client().Do(request)
	fatal(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusPartialContent || string(body) != "456789" {
		t.Errorf("%s, %q, %v", response.Status, body, err)
	}
}

func BenchmarkFilesOverHTTP(b *testing.B) {
	f := newFixture(b, nil)
	f.phone(b, "yealink", "00:15:65:11:22:33", "T46S")
	server := f.listen(b)
	_, etag, _ := get(b, server, "/001565112233.cfg", yealinkAgent, "")
	for name, known := range map[string]string{"whole": "", "unchanged": etag} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				get(b, server, "/001565112233.cfg", yealinkAgent, known)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}
