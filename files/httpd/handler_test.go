package httpd_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// noise returns the same bytes for the same seed.
func noise(seed byte, size int) []byte {
	content := make([]byte, size)
	_, _ = rand.NewChaCha8([32]byte{seed}).Read(content)
	return content
}

func TestADownloadThatBreaksIsResumed(t *testing.T) {
	f := newFixture(t, nil)
	content := noise(1, 8<<20)
	_, offer := f.add(t, "fw.bin", bytes.NewReader(content))

	response, err := f.server.Client().Do(f.request(t, http.MethodGet, offer.Path))
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 3_000_001)
	if _, err := io.ReadFull(response.Body, got); err != nil {
		t.Fatal(err)
	}
	etag := response.Header.Get("ETag")
	if err := response.Body.Close(); err != nil {
		t.Fatal(err)
	}
	<-f.closed
	if f.served(t, "aborted") != 1 {
		t.Errorf("the broken download is not counted as aborted: %s", f.log)
	}

	response, rest := f.do(t, http.MethodGet, offer.Path, "Range", fmt.Sprintf("bytes=%d-", len(got)), "If-Range", etag)
	if response.StatusCode != http.StatusPartialContent || !bytes.Equal(content, append(got, rest...)) {
		t.Fatalf("%s, %d bytes", response.Status, len(rest))
	}
	f.server.Close() // Which waits for the handler.
	if f.served(t, "partial") != 1 {
		t.Error("the rest is not counted as partial")
	}
}

func TestSeveralRangesInOneRequest(t *testing.T) {
	f := newFixture(t, nil)
	_, offer := f.add(t, "fw.bin", strings.NewReader("0123456789"))
	response, body := f.do(t, http.MethodGet, offer.Path, "Range", "bytes=0-1,8-9")
	if response.StatusCode != http.StatusPartialContent || !strings.HasPrefix(response.Header.Get("Content-Type"), "multipart/byteranges") {
		t.Fatalf("%s, %v", response.Status, response.Header)
	}
	if !strings.Contains(body, "\r\n01\r\n") || !strings.Contains(body, "\r\n89\r\n") {
		t.Fatalf("body %q", body)
	}
}

func TestSiblingsLieInTheSameFolder(t *testing.T) {
	f := newFixture(t, nil)
	f.add(t, "kern.bin", strings.NewReader("kernel"))
	f.add(t, "other.bin", strings.NewReader("other"))
	if _, err := f.library.Add(t.Context(), files.File{Name: "fw.loads", Siblings: []string{"kern.bin"}}, strings.NewReader("kern.bin")); err != nil {
		t.Fatal(err)
	}
	path := offer(t, f.library, "fw.loads").Path
	folder := strings.TrimSuffix(path, "fw.loads")
	if _, body := f.do(t, http.MethodGet, folder+"kern.bin"); body != "kernel" {
		t.Errorf("the sibling is %q", body)
	}
	if response, body := f.do(t, http.MethodGet, folder+"other.bin"); response.StatusCode != http.StatusNotFound || body != "" {
		t.Errorf("a file that was not offered: %s %q", response.Status, body)
	}
}

func TestNothingElseIsServed(t *testing.T) {
	f := newFixture(t, nil)
	file, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	if err := os.WriteFile(filepath.Join(filepath.Dir(f.folder), "secret"), []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	folder := strings.TrimSuffix(offer.Path, "fw.bin")
	for _, path := range []string{
		"/", "/files", "/files/", "/files/t", "/files/t/", strings.TrimSuffix(folder, "/"), folder,
		folder + ".", folder + "..", folder + "../", folder + "../../secret", folder + "../" + offer.Token + "/fw.bin",
		folder + "./fw.bin", folder + "/fw.bin", "/" + offer.Path, "//" + offer.Path, "/x/.." + offer.Path,
		folder + "%2e%2e/secret", folder + "%2e%2e%2fsecret", folder + "..%2fsecret", folder + "%252e%252e%252fsecret",
		folder + "..%5csecret", folder + `..\secret`, folder + `fw.bin\`, folder + "fw.bin%00", folder + "fw.bin%00.txt",
		folder + "%2ffw.bin", strings.Replace(offer.Path, offer.Token+"/", offer.Token+"%2f", 1), strings.Replace(offer.Path, "/t/", "%2ft%2f", 1),
		folder + "fw.bin/", folder + "fw.bin/x", folder + "FW.BIN", folder + "fw.bi", folder + file.Content, "/" + file.Content,
		"/files/t/" + strings.ToUpper(offer.Token) + "/fw.bin", "/FILES/T/" + offer.Token + "/fw.bin",
		folder + "fw%c0%ae.bin", folder + "%ff", folder + "fw.bin;x", folder + "CON", folder + strings.Repeat("a", 4000),
	} {
		t.Run(path, func(t *testing.T) {
			answer := f.raw(t, "GET "+path+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			response := parse(t, answer)
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != http.StatusNotFound || len(body) != 0 || response.Header.Get("Location") != "" {
				t.Fatalf("%q, %v", answer, err)
			}
		})
	}
	for _, path := range []string{folder + "fw.bin\x00", folder + "fw.bin%", folder + "fw.bin%zz", "fw.bin", folder + "fw .bin"} {
		t.Run("malformed "+path, func(t *testing.T) {
			answer := f.raw(t, "GET "+path+" HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
			if status := parse(t, answer).StatusCode; status != http.StatusBadRequest && status != http.StatusNotFound {
				t.Fatalf("%q", answer)
			}
		})
	}
}

func TestAConnectionCarriesSeveralRequests(t *testing.T) {
	f := newFixture(t, nil)
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	get := "GET " + offer.Path + " HTTP/1.1\r\nHost: h\r\n"
	answer := f.raw(t, get+"\r\n"+"GET /none HTTP/1.1\r\nHost: h\r\n\r\n"+get+"Connection: close\r\n\r\n")
	if strings.Count(answer, "200 OK") != 2 || strings.Count(answer, "404 Not Found") != 1 || !strings.HasSuffix(answer, "firmware") {
		t.Fatalf("%q", answer)
	}
	old := "GET " + offer.Path + " HTTP/1.0\r\n"
	answer = f.raw(t, old+"Connection: keep-alive\r\n\r\n"+old+"\r\n")
	if strings.Count(answer, "200 OK") != 2 {
		t.Fatalf("HTTP/1.0: %q", answer)
	}
}

func TestTwoHundredPhonesFetchAtOnce(t *testing.T) {
	f := newFixture(t, nil)
	const phones, size = 200, 1 << 20
	content := noise(2, size)
	file, offer := f.add(t, "fw.bin", bytes.NewReader(content))
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	var phonesDone sync.WaitGroup
	for i := range phones {
		request := f.request(t, http.MethodGet, offer.Path)
		half := i % 2 * size / 2
		if half != 0 {
			request.Header.Set("Range", fmt.Sprintf("bytes=%d-", half))
		}
		phonesDone.Go(func() {
			response, err := client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			hash := sha256.New()
			hash.Write(content[:half])
			if _, err := io.Copy(hash, response.Body); err != nil {
				t.Error(err)
			}
			if got := hex.EncodeToString(hash.Sum(nil)); got != file.SHA256 {
				t.Errorf("phone %d got %s", i, got)
			}
		})
	}
	phonesDone.Wait()
	f.server.Close()
	if complete, partial := f.served(t, "complete"), f.served(t, "partial"); complete != phones/2 || partial != phones/2 {
		t.Errorf("complete %v, partial %v", complete, partial)
	}
	if sent := f.gauge(t, "dialtone_files_bytes_total"); sent != phones*size*3/4 {
		t.Errorf("%v bytes counted", sent)
	}
	if now := f.gauge(t, "dialtone_files_in_flight"); now != 0 {
		t.Errorf("%v still in flight", now)
	}
	f.lint(t)
}

func TestTooManyTransfersAreToldToComeBack(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	f := newFixture(t, func(o *httpd.Options) {
		o.MaxTransfers = 1
		o.Library = libraryFunc{o.Library, func(context.Context) error {
			entered <- struct{}{}
			<-leave
			return nil
		}}
	})
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	request := f.request(t, http.MethodGet, offer.Path)
	first := make(chan int)
	go func() {
		response, err := f.server.Client().Do(request)
		if err != nil {
			t.Error(err)
			first <- 0
			return
		}
		_ = response.Body.Close()
		first <- response.StatusCode
	}()
	<-entered
	if now := f.gauge(t, "dialtone_files_in_flight"); now != 1 {
		t.Errorf("%v in flight", now)
	}
	response, body := f.do(t, http.MethodGet, offer.Path)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") != "30" || body != "" {
		t.Errorf("%s, %v, %q", response.Status, response.Header, body)
	}
	if f.served(t, "busy") != 1 {
		t.Error("not counted as busy")
	}
	close(leave)
	if status := <-first; status != http.StatusOK {
		t.Errorf("the first: %d", status)
	}
	go func() { <-entered }()
	if response, _ := f.do(t, http.MethodGet, offer.Path); response.StatusCode != http.StatusOK {
		t.Errorf("after the first: %s", response.Status)
	}
}

func TestAFailureOfTheStoreIsNotCalledNotFound(t *testing.T) {
	f := newFixture(t, nil)
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	f.store.Fail(errors.New("the disk is on fire"))
	response, body := f.do(t, http.MethodGet, offer.Path)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || body != "" {
		t.Errorf("%s, %v, %q", response.Status, response.Header, body)
	}
	if log := f.log.String(); !strings.Contains(log, "the disk is on fire") || strings.Contains(log, offer.Token) {
		t.Errorf("log: %s", log)
	}
}

func TestContentThatWasDamagedIsNotServed(t *testing.T) {
	f := newFixture(t, nil)
	file, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	path := filepath.Join(f.folder, file.Content)
	if err := os.Truncate(path, 3); err != nil {
		t.Fatal(err)
	}
	if response, body := f.do(t, http.MethodGet, offer.Path); response.StatusCode != http.StatusServiceUnavailable || body != "" {
		t.Errorf("cut off: %s, %q", response.Status, body)
	}
	if !strings.Contains(f.log.String(), "another size") {
		t.Errorf("log: %s", f.log)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if response, body := f.do(t, http.MethodGet, offer.Path); response.StatusCode != http.StatusNotFound || body != "" {
		t.Errorf("gone: %s, %q", response.Status, body)
	}
	if !strings.Contains(f.log.String(), "file not found") {
		t.Errorf("log: %s", f.log)
	}
}

func TestTheLogNamesWhoFetchedWhatAndNeverTheToken(t *testing.T) {
	f := newFixture(t, nil)
	_, offer := f.add(t, "fw.bin", strings.NewReader("firmware"))
	f.do(t, http.MethodGet, offer.Path)
	f.do(t, http.MethodHead, offer.Path)
	f.do(t, http.MethodGet, offer.Path, "Range", "bytes=99-")
	f.do(t, http.MethodGet, offer.Path+"x")
	f.do(t, http.MethodDelete, offer.Path)
	f.raw(t, "GET "+offer.Path+"% HTTP/1.1\r\nHost: h\r\n\r\n")
	f.server.Close()
	log := f.log.String()
	for _, want := range []string{"device=" + phone, "task=task1", "file=fw.bin", "outcome=complete", "outcome=head", "outcome=condition", "size=8"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s", want)
		}
	}
	if strings.Contains(log, offer.Token) {
		t.Error("the log holds the token")
	}
	if t.Failed() {
		t.Log(log)
	}
}

func TestNewRefusesWhatCannotBe(t *testing.T) {
	f := newFixture(t, nil)
	for name, options := range map[string]httpd.Options{
		"no library":              {},
		"negative transfers":      {Library: f.library, MaxTransfers: -1},
		"a negative timeout":      {Library: f.library, IdleTimeout: -1},
		"a negative time to wait": {Library: f.library, RetryAfter: -1},
		"metrics that are taken":  {Library: f.library, Registerer: f.registry},
	} {
		if _, err := httpd.New(options); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := httpd.New(httpd.Options{Library: f.library}); err != nil {
		t.Errorf("defaults: %v", err)
	}
}
