package httpd_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/textproto"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// place makes a place where the phone can put its log.
func (f *fixture) place(t testing.TB) files.Receipt {
	t.Helper()
	receipt, err := f.library.Receive(t.Context(), files.ReceiveRequest{Device: phone, Task: "task1", Type: "2 Vendor Log File", Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return receipt
}

// stored returns the content of a file, and false if there is none.
func (f *fixture) stored(t testing.TB, name string) (string, bool) {
	t.Helper()
	_, content, err := f.library.Open(t.Context(), name)
	if errors.Is(err, files.ErrNotFound) {
		return "", false
	}
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), true
}

func TestADevicePutsAFileOnce(t *testing.T) {
	for name, request := range map[string]string{
		"by PUT":                           "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nConnection: close\r\n\r\nlog lines",
		"by POST":                          "POST %s HTTP/1.1\r\nHost: h\r\nContent-Type: text/plain\r\nContent-Length: 9\r\nConnection: close\r\n\r\nlog lines",
		"in chunks":                        "PUT %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n4\r\nlog \r\n5\r\nlines\r\n0\r\n\r\n",
		"to a path with a name of its own": "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\nConnection: close\r\n\r\nlog lines",
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, nil)
			receipt := f.place(t)
			path := receipt.Path
			if strings.Contains(name, "name of its own") {
				path = strings.TrimSuffix(path, receipt.Name) + "messages.tar.gz"
			}
			answer := f.raw(t, fmt.Sprintf(request, path))
			if status := parse(t, answer).StatusCode; status != http.StatusCreated {
				t.Fatalf("answer %q", answer)
			}
			if text, _ := f.stored(t, receipt.Name); text != "log lines" {
				t.Errorf("stored %q", text)
			}
			file, err := f.library.Get(t.Context(), receipt.Name)
			if err != nil || file.Device != phone || file.Task != "task1" || file.Type != "2 Vendor Log File" || file.Size != 9 {
				t.Errorf("file = %+v, %v", file, err)
			}
			if response, _ := f.do(t, http.MethodPut, path); response.StatusCode != http.StatusNotFound {
				t.Errorf("a second file: %s", response.Status)
			}
			if strings.Contains(f.log.String(), receipt.Token) {
				t.Error("the log has the token")
			}
			f.lint(t)
		})
	}
}

func TestADeviceIsToldToGoOnOnlyIfItMaySend(t *testing.T) {
	f := newFixture(t, nil)
	receipt := f.place(t)
	for _, c := range []struct{ path, first string }{
		{receipt.Path, "HTTP/1.1 100 Continue"},
		{strings.Replace(receipt.Path, receipt.Token, strings.Repeat("a", 26), 1), "HTTP/1.1 404 Not Found"},
	} {
		conn := f.dial(t)
		fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n", c.path)
		reader := textproto.NewReader(bufio.NewReader(conn))
		first, err := reader.ReadLine()
		if err != nil || first != c.first {
			t.Fatalf("first line %q, %v, want %q", first, err, c.first)
		}
		if !strings.Contains(c.first, "100") {
			continue
		}
		if _, err := reader.ReadLine(); err != nil {
			t.Fatal(err)
		}
		fmt.Fprint(conn, "log")
		if last, err := reader.ReadLine(); err != nil || last != "HTTP/1.1 201 Created" {
			t.Fatalf("last line %q, %v", last, err)
		}
	}
}

func TestAnUploadThatBreaksOffLeavesThePlaceGood(t *testing.T) {
	f := newFixture(t, nil)
	receipt := f.place(t)
	for _, request := range []string{
		"PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf of it",
		"PUT %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n64\r\nhalf of it",
	} {
		conn := f.dial(t)
		fmt.Fprintf(conn, request, receipt.Path)
		_ = conn.Close()
		<-f.closed
	}
	if _, ok := f.stored(t, receipt.Name); ok {
		t.Fatal("half a file was stored")
	}
	request := f.request(t, http.MethodPut, receipt.Path)
	request.Body = io.NopCloser(strings.NewReader("all of it"))
	response, err := f.server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if text, _ := f.stored(t, receipt.Name); response.StatusCode != http.StatusCreated || text != "all of it" {
		t.Errorf("%s, stored %q", response.Status, text)
	}
}

func TestAnUploadThatStallsIsEnded(t *testing.T) {
	f := newFixture(t, func(o *httpd.Options) { o.IdleTimeout = 50 * time.Millisecond })
	receipt := f.place(t)
	conn := f.dial(t)
	fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nhalf", receipt.Path)
	answer, err := io.ReadAll(conn)
	if err != nil || !bytes.HasPrefix(answer, []byte("HTTP/1.1 400 ")) {
		t.Errorf("answer %q, %v", answer, err)
	}
	if _, ok := f.stored(t, receipt.Name); ok {
		t.Error("half a file was stored")
	}
}

func TestAnUploadBeyondTheLimitIsRefused(t *testing.T) {
	store := newFixture(t, nil)
	limited, err := files.NewLibrary(files.Options{Store: store.store, Content: mustOpen(t), MaxUpload: 10})
	if err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, func(o *httpd.Options) { o.Library = limited })
	f.library = limited
	receipt := f.place(t)
	for name, request := range map[string]string{
		"by its length": "PUT %s HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nConnection: close\r\n\r\n01234567890",
		"in chunks":     "PUT %s HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nb\r\n01234567890\r\n0\r\n\r\n",
	} {
		if answer := f.raw(t, fmt.Sprintf(request, receipt.Path)); parse(t, answer).StatusCode != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %q", name, answer)
		}
	}
	if _, ok := f.stored(t, receipt.Name); ok {
		t.Error("it was stored")
	}
}

func mustOpen(t *testing.T) *files.Directory {
	t.Helper()
	directory, err := files.OpenDirectory(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = directory.Close() })
	return directory
}

func TestAPlaceForUploadsIsNeitherReadNorListed(t *testing.T) {
	f := newFixture(t, nil)
	receipt := f.place(t)
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{http.MethodGet, receipt.Path, http.StatusMethodNotAllowed, "PUT, POST"},
		{http.MethodHead, receipt.Path, http.StatusMethodNotAllowed, "PUT, POST"},
		{http.MethodDelete, receipt.Path, http.StatusMethodNotAllowed, "PUT, POST"},
		{http.MethodPut, offer.Path, http.StatusMethodNotAllowed, "GET, HEAD"},
		{http.MethodPut, "/files/u/" + offer.Token, http.StatusNotFound, ""},
		{http.MethodPut, "/files/u/", http.StatusNotFound, ""},
		{http.MethodPut, receipt.Path + "/deeper", http.StatusNotFound, ""},
		{http.MethodGet, "/files/t/" + receipt.Token + "/" + receipt.Name, http.StatusNotFound, ""},
	} {
		response, body := f.do(t, c.method, c.path)
		if response.StatusCode != c.status || response.Header.Get("Allow") != c.allow || body != "" {
			t.Errorf("%s %s: %s, Allow %q, body %q", c.method, c.path, response.Status, response.Header.Get("Allow"), body)
		}
	}
}

func TestAPartOfAFileIsNotTakenForTheWhole(t *testing.T) {
	f := newFixture(t, nil)
	receipt := f.place(t)
	if response, _ := f.do(t, http.MethodPut, receipt.Path, "Content-Range", "bytes 0-4/10"); response.StatusCode != http.StatusBadRequest {
		t.Errorf("%s", response.Status)
	}
}

// storeAway is a library that cannot store.
type storeAway struct{ *files.Library }

func (storeAway) Accept(_ context.Context, _ string, r io.Reader) (files.File, error) {
	_, _ = io.Copy(io.Discard, r)
	return files.File{}, errors.New("the store is away")
}

func TestADeviceComesAgainIfTheStoreIsAway(t *testing.T) {
	f := newFixture(t, func(o *httpd.Options) { o.Library = storeAway{o.Library.(*files.Library)} })
	response, _ := f.do(t, http.MethodPut, f.place(t).Path)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("%s, Retry-After %q", response.Status, response.Header.Get("Retry-After"))
	}
}

func TestAnswersToUploadsOnTheWire(t *testing.T) {
	f := newFixture(t, nil)
	receipt := f.place(t)
	for _, c := range []struct{ name, request, body string }{
		{"upload-get", "GET {path} HTTP/1.1", ""},
		{"upload-range", "PUT {path} HTTP/1.1\r\nContent-Range: bytes 0-2/9\r\nContent-Length: 3", "log"},
		{"upload", "PUT {path} HTTP/1.1\r\nContent-Length: 3", "log"},
		{"upload-again", "PUT {path} HTTP/1.1\r\nContent-Length: 3", "log"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := f.raw(t, strings.ReplaceAll(c.request, "{path}", receipt.Path)+"\r\nHost: h\r\nConnection: close\r\n\r\n"+c.body)
			golden(t, c.name, plain(c.request)+"\n\n"+plain(answer))
		})
	}
}
