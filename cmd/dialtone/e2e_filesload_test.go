//go:build e2e

package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// How many phones fetch at once: every day, and in the long tests.
const (
	filesAtOnce     = 500
	filesAtOnceLong = 2000
)

// fetched is a file as a phone got it.
type fetched struct {
	etag    string
	content []byte
}

// httpPhone is a loadPhone with a connection of its own.
type httpPhone struct {
	loadPhone
	client *http.Client
	base   string
	// files are what it got, by the order of its paths.
	files []fetched
}

// fetch asks for a file, and for nothing if it is the one that the phone has.
func (p *httpPhone) fetch(path, etag string) (status int, got fetched, err error) {
	request, err := http.NewRequest(http.MethodGet, p.base+path, nil)
	if err != nil {
		return 0, got, err
	}
	request.Header.Set("User-Agent", p.agent)
	if etag != "" {
		request.Header.Set("If-None-Match", etag)
	}
	response, err := p.client.Do(request)
	if err != nil {
		return 0, got, err
	}
	defer func() { _ = response.Body.Close() }()
	got.etag = response.Header.Get("ETag")
	got.content, err = io.ReadAll(response.Body)
	return response.StatusCode, got, err
}

// fetchAll asks for all files, and judges each answer.
func (p *httpPhone) fetchAll(conditional bool, judge func(path string, status int, before, now fetched) error) error {
	for i, path := range p.paths {
		etag := ""
		if conditional {
			etag = p.files[i].etag
		}
		status, now, err := p.fetch(path, etag)
		if err == nil {
			err = judge(path, status, p.files[i], now)
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", p.model, path, err)
		}
		if status == http.StatusOK {
			p.files[i] = now
		}
	}
	return nil
}

// atOnce lets all phones fetch at once, and returns how long that took.
func atOnce(t *testing.T, phones []*httpPhone, work func(*httpPhone) error) time.Duration {
	t.Helper()
	start, failures := make(chan struct{}), make(chan error, len(phones))
	for _, p := range phones {
		go func() {
			<-start
			failures <- work(p)
		}()
	}
	begun := time.Now()
	close(start)
	failed := 0
	for range phones {
		if err := <-failures; err != nil {
			if failed++; failed <= 10 {
				t.Error(err)
			}
		}
	}
	if failed > 0 {
		t.Fatalf("%d of %d phones failed", failed, len(phones))
	}
	return time.Since(begun)
}

// connected gives each phone an address and connections of its own.
func connected(t *testing.T, s *server, phones []loadPhone) []*httpPhone {
	all := make([]*httpPhone, len(phones))
	for i, p := range phones {
		dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 1, byte(i>>8), byte(i))}, Timeout: time.Minute}
		transport := &http.Transport{DialContext: dialer.DialContext}
		t.Cleanup(transport.CloseIdleConnections)
		all[i] = &httpPhone{
			loadPhone: p, base: "http://" + s.Files + "/", files: make([]fetched, len(p.paths)),
			client: &http.Client{Transport: transport, Timeout: time.Minute},
		}
	}
	return all
}

// TestPhonesOfFourVendorsFetchTheirFilesAtOnce compares what phones are given at once,
// byte for byte, with what each was given alone, but for one setting that was changed
// meanwhile.
func TestPhonesOfFourVendorsFetchTheirFilesAtOnce(t *testing.T) {
	count, most := filesAtOnce, int64(512*megabyte)
	if os.Getenv("DIALTONE_SOAK") != "" {
		count, most = filesAtOnceLong, 1024*megabyte
	}
	s := newServer(t, "--log-level", "warn", "--mark-per-second", "5000")
	s.Start()
	s.Restart() // The first start hashes a password, which takes memory of its own.
	operator := s.Client("operator")
	plain := newLoadPhones(count)
	addLoadPhones(t, operator, plain)
	phones := connected(t, s, plain)
	for _, p := range phones {
		if err := p.fetchAll(false, alone(p)); err != nil {
			t.Fatal(err)
		}
	}
	operator.waitProvisioned("converged", count)
	operator.setLog(logAfter)
	operator.waitProvisioned("pending", count)
	whole := atOnce(t, phones, func(p *httpPhone) error { return p.fetchAll(false, changed) })
	operator.waitProvisioned("converged", count)
	unchanged := atOnce(t, phones, func(p *httpPhone) error { return p.fetchAll(true, notModified) })
	if n := operator.provisioned("converged"); n != count {
		t.Errorf("%d of %d phones are converged", n, count)
	}
	requests := float64(count * len(phones[0].paths))
	t.Logf("%d phones, %.0f files: %.0f files/s whole, %.0f unchanged; load average %s",
		count, requests, requests/whole.Seconds(), requests/unchanged.Seconds(), loadAverage())
	t.Run("memory", func(t *testing.T) {
		peak := memoryPeak(t, s.PID())
		t.Logf("%d MB at the peak", peak/megabyte)
		if peak > most {
			t.Errorf("the server used %d MB", peak/megabyte)
		}
	})
}

// alone judges what a phone is given that fetches alone: the last file is its own.
func alone(p *httpPhone) func(string, int, fetched, fetched) error {
	return func(path string, status int, _, now fetched) error {
		mine := path == p.paths[len(p.paths)-1]
		switch {
		case status != http.StatusOK || now.etag == "" || len(now.content) == 0:
			return fmt.Errorf("status %d, ETag %q, %d bytes", status, now.etag, len(now.content))
		case strings.Count(string(now.content), "pass-of-") != strings.Count(string(now.content), p.password):
			return fmt.Errorf("it holds the password of another phone")
		case mine && !bytes.Contains(now.content, []byte(p.password)) || mine && !bytes.Contains(now.content, []byte(logBefore)):
			return fmt.Errorf("it lacks the phone's password or the syslog server:\n%s", now.content)
		}
		return nil
	}
}

// changed judges what a phone is given after the change.
func changed(_ string, status int, before, now fetched) error {
	want := bytes.ReplaceAll(before.content, []byte(logBefore), []byte(logAfter))
	switch {
	case status != http.StatusOK:
		return fmt.Errorf("status %d", status)
	case !bytes.Equal(now.content, want):
		return fmt.Errorf("it differs from what the phone was given alone:\n%s\nwant\n%s", now.content, want)
	case (now.etag == before.etag) != bytes.Equal(now.content, before.content):
		return fmt.Errorf("ETag was %s and is %s", before.etag, now.etag)
	}
	return nil
}

// notModified judges what a phone is given that has the file.
func notModified(_ string, status int, before, now fetched) error {
	if status != http.StatusNotModified || now.etag != before.etag || len(now.content) > 0 {
		return fmt.Errorf("status %d, ETag %s of %s, %d bytes", status, now.etag, before.etag, len(now.content))
	}
	return nil
}
