package httpd_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/httpd"
)

// profiles gives one text to the phone, and keeps what it was asked and told.
type profiles struct {
	err error

	mu    sync.Mutex
	of    []device.ID
	asked []files.Request
	ended []files.Ended
}

const profileText = "<flat-profile>of the phone</flat-profile>"

func (p *profiles) Open(_ context.Context, id device.ID, r files.Request) (files.Opened, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of, p.asked = append(p.of, id), append(p.asked, r)
	if p.err != nil {
		return files.Opened{}, p.err
	}
	return files.Opened{
		Name: "phone.xml", ContentType: "text/xml", ETag: `"p1"`, Size: int64(len(profileText)),
		Content: &openedText{Reader: strings.NewReader(profileText), opener: newOpener("")},
		Ended: func(e files.Ended) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.ended = append(p.ended, e)
		},
	}, nil
}

// offeredProfile returns a fixture and the path of a profile.
func offeredProfile(t *testing.T, p *profiles) (f *fixture, offer files.Offer) {
	t.Helper()
	f = newFixture(t, func(o *httpd.Options) { o.Profiles = p })
	offer, err := f.library.Offer(t.Context(), files.OfferRequest{Device: phone, Task: "task1", Name: "phone.xml", Profile: true, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return f, offer
}

func TestAProfileIsServedAsOtherFilesAre(t *testing.T) {
	for name, c := range map[string]struct {
		method, header, value string
		status                int
		body                  string
		complete              bool
	}{
		"whole":             {http.MethodGet, "", "", 200, profileText, true},
		"a part":            {http.MethodGet, "Range", "bytes=0-5", 206, "<flat-", false},
		"its header":        {http.MethodHead, "", "", 200, "", false},
		"not a second time": {http.MethodGet, "If-None-Match", `"p1"`, 304, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			p := &profiles{}
			f, offer := offeredProfile(t, p)
			var header []string
			if c.header != "" {
				header = []string{c.header, c.value}
			}
			response, body := f.do(t, c.method, offer.Path, header...)
			if response.StatusCode != c.status || body != c.body {
				t.Errorf("status %d, %q", response.StatusCode, body)
			}
			if c.status == 200 && response.Header.Get("Content-Type") != "text/xml" {
				t.Errorf("header %v", response.Header)
			}
			f.server.Close() // The answer has ended then.
			if len(p.ended) != 1 || p.ended[0].Status != c.status || p.ended[0].Complete != c.complete {
				t.Errorf("ended %+v", p.ended)
			}
		})
	}
}

func TestWhoMakesAProfileIsToldWhoAsksAndNotTheToken(t *testing.T) {
	p := &profiles{}
	f, offer := offeredProfile(t, p)
	f.do(t, http.MethodGet, offer.Path, "User-Agent", "Cisco-CP-8851-3PCC/11.0.1 (00562b112233)")
	f.server.Close()
	if len(p.of) != 1 || p.of[0] != phone {
		t.Fatalf("asked for %v", p.of)
	}
	if r := p.asked[0]; r.Path != "/phone.xml" || r.Method != "GET" || r.Protocol != "http" || !r.Address.IsLoopback() || r.Host == "" || !strings.HasPrefix(r.UserAgent, "Cisco") {
		t.Errorf("asked %+v", r)
	}
	if log := f.log.String(); strings.Contains(log, offer.Token) || !strings.Contains(log, "task=task1") || !strings.Contains(log, "device="+phone) {
		t.Errorf("log: %s", log)
	}
}

func TestAProfileThatCannotBeGivenIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		err    error
		status int
	}{
		"none":      {fmt.Errorf("open: %w", files.ErrNotFound), 404},
		"forbidden": {fmt.Errorf("open: %w", files.ErrForbidden), 403},
		"broken":    {errors.New("the store is away"), 503},
	} {
		t.Run(name, func(t *testing.T) {
			f, offer := offeredProfile(t, &profiles{err: c.err})
			if response, body := f.do(t, http.MethodGet, offer.Path); response.StatusCode != c.status || body != "" {
				t.Errorf("status %d, %q", response.StatusCode, body)
			}
		})
	}
	f := newFixture(t, nil)
	offer, err := f.library.Offer(t.Context(), files.OfferRequest{Device: phone, Name: "phone.xml", Profile: true, Expires: time.Now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	if response, _ := f.do(t, http.MethodGet, offer.Path); response.StatusCode != 404 {
		t.Errorf("where nobody makes profiles: status %d", response.StatusCode)
	}
}
