package httpd_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

var update = flag.Bool("update", false, "write the golden files")

// created is when the file of the golden answers was added.
var created = time.Date(2026, 3, 1, 12, 30, 45, 678e6, time.UTC)

// libraryAt is a library in which every file was added at created.
type libraryAt struct{ *files.Library }

func (l libraryAt) Resolve(ctx context.Context, token, name string) (files.Resolved, error) {
	found, err := l.Library.Resolve(ctx, token, name)
	found.File.CreatedAt = created
	return found, err
}

func TestAnswersOnTheWire(t *testing.T) {
	f := newFixture(t, func(o *httpd.Options) {
		o.Library = libraryAt{o.Library.(*files.Library)}
	})
	file, offer := f.add(t, "fw.bin", strings.NewReader("0123456789"))
	etag := `"` + file.SHA256 + `"`
	modified := created.Format("Mon, 02 Jan 2006 15:04:05 GMT")
	earlier := created.Add(-time.Hour).Format("Mon, 02 Jan 2006 15:04:05 GMT")
	for _, test := range []struct {
		name    string
		request string
		headers []string
	}{
		{name: "get", request: "GET {path} HTTP/1.1"},
		{name: "head", request: "HEAD {path} HTTP/1.1"},
		{name: "http10", request: "GET {path} HTTP/1.0"},
		{name: "query", request: "GET {path}?mac=000000000000 HTTP/1.1"},
		{name: "absolute", request: "GET http://phones.example{path} HTTP/1.1"},
		{name: "range", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=2-4"}},
		{name: "range-resume", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=7-"}},
		{name: "range-suffix", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=-1"}},
		{name: "range-head", request: "HEAD {path} HTTP/1.1", headers: []string{"Range: bytes=0-0"}},
		{name: "range-beyond", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=10-"}},
		{name: "range-malformed", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=a-b"}},
		{name: "if-range-same", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=2-4", "If-Range: " + etag}},
		{name: "if-range-other", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=2-4", `If-Range: "other"`}},
		{name: "if-range-date", request: "GET {path} HTTP/1.1", headers: []string{"Range: bytes=2-4", "If-Range: " + modified}},
		{name: "if-none-match-same", request: "GET {path} HTTP/1.1", headers: []string{"If-None-Match: " + etag}},
		{name: "if-none-match-other", request: "GET {path} HTTP/1.1", headers: []string{`If-None-Match: "other"`}},
		{name: "if-match-other", request: "GET {path} HTTP/1.1", headers: []string{`If-Match: "other"`}},
		{name: "if-modified-since-same", request: "GET {path} HTTP/1.1", headers: []string{"If-Modified-Since: " + modified}},
		{name: "if-modified-since-earlier", request: "GET {path} HTTP/1.1", headers: []string{"If-Modified-Since: " + earlier}},
		{name: "not-found", request: "GET {path}x HTTP/1.1"},
		{name: "not-found-head", request: "HEAD / HTTP/1.1"},
		{name: "put", request: "PUT {path} HTTP/1.1", headers: []string{"Content-Length: 0"}},
		{name: "options", request: "OPTIONS * HTTP/1.1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			request := strings.ReplaceAll(test.request, "{path}", offer.Path) + "\r\nHost: h\r\nConnection: close\r\n"
			for _, header := range test.headers {
				request += header + "\r\n"
			}
			answer := f.raw(t, request+"\r\n")
			golden(t, test.name, fmt.Sprintf("%s\n%s\n\n%s", test.request, strings.Join(test.headers, "\n"), plain(answer)))
		})
	}
}

var date = regexp.MustCompile(`\r\nDate: [^\r]*`)

// plain is an answer without what differs each time.
func plain(answer string) string {
	return strings.ReplaceAll(date.ReplaceAllString(answer, "\r\nDate: (now)"), "\r\n", "\n")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}
