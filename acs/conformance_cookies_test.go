package acs

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestASessionIDThatTheDeviceChoseIsNotTaken(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	const chosen = "0123456789abcdef0123456789abcdef"
	p.client.Jar = nil
	p.header.Set("Cookie", "session="+chosen)
	response, _ := p.post(encoded(t, "1", p.inform("1 BOOT")))
	cookie := response.Header.Get("Set-Cookie")
	if response.StatusCode != http.StatusOK || cookie == "" || strings.Contains(cookie, chosen) {
		t.Errorf("status %d, Set-Cookie %q: want a fresh one", response.StatusCode, cookie)
	}
}

func TestAnotherConnectionOfOneAddressIsNotInTheSession(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.client.Jar = nil
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	stranger := f.newPhone("S1")
	stranger.client.Jar = nil
	if response, _ := stranger.post(encoded(t, request.ID, &cwmp.GetRPCMethodsResponse{MethodList: []string{"Forged"}})); response.StatusCode != http.StatusBadRequest {
		t.Errorf("a response: status %d", response.StatusCode)
	}
	if response, _ := stranger.post(nil); response.StatusCode != http.StatusNoContent {
		t.Errorf("an empty POST: status %d", response.StatusCode)
	}
	f.want(task, tasks.Running)
	p.send(&cwmp.GetRPCMethodsResponse{}, request)
	if got := f.want(task, tasks.Succeeded); strings.Contains(string(got.Result), "Forged") {
		t.Errorf("result = %s", got.Result)
	}
}

// hosts keeps by which host devices reached the server.
type hosts struct {
	fakeFiles
	seen []string
}

// Offer implements FileServer.
func (h *hosts) Offer(ctx context.Context, r FileRequest) (FileOffer, error) {
	h.seen = append(h.seen, r.Host)
	return h.fakeFiles.Offer(ctx, r)
}

func TestASessionGoesOverIPv6(t *testing.T) {
	files := &hosts{}
	f := newFixture(t, func(o *Options) { o.Files = files })
	open, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skipf("this machine has no IPv6: %v", err)
	}
	over6 := httptest.NewUnstartedServer(f.server)
	_ = over6.Listener.Close()
	over6.Listener = open
	over6.Config.ConnContext = f.server.ConnContext
	over6.Start()
	t.Cleanup(over6.Close)
	p := f.newPhone("S1")
	p.url = func() string { return over6.URL }
	d := p.open("1 BOOT")
	p.send(nil, nil)
	if d.Address != "::1" {
		t.Errorf("address = %q", d.Address)
	}
	f.task(d.ID, tasks.Download, `{"file":"f.bin"}`)
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.DownloadResponse{Status: 1} }, "2 PERIODIC")
	if len(files.seen) != 1 || files.seen[0] != "::1" {
		t.Errorf("files are offered at %q, want the host by which the device came", files.seen)
	}
}
