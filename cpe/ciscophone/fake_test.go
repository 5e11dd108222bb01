package ciscophone

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// house is a server of files and an ACS in one.
type house struct {
	*httptest.Server

	mu       sync.Mutex
	files    map[string]string
	asked    []string
	informs  []*cwmp.Inform
	script   []cwmp.Message
	answers  []cwmp.Message
	complete []*cwmp.TransferComplete
	users    map[string]int
}

const mac = "d0ec35112233"

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{files: map[string]string{}, users: map[string]int{}}
	h.Server = httptest.NewServer(h)
	t.Cleanup(h.Close)
	h.put("/8851-3PCC.xml", `<flat-profile><Profile_Rule_B>`+h.URL+`/$MA.xml</Profile_Rule_B></flat-profile>`)
	h.put("/"+mac+".xml", h.profile("sip.example", "41"))
	return h
}

// profile is that of two accounts, one BLF key and all the rest.
func (h *house) profile(domain, blf string) string {
	var b strings.Builder
	b.WriteString("<flat-profile>")
	element := func(name, value string) { fmt.Fprintf(&b, "<%s ua=\"na\">%s</%s>", name, value, name) }
	for n, user := range []string{"200", "201"} {
		of := func(name string) string { return fmt.Sprintf("%s_%d_", name, n+1) }
		element(of("Line_Enable"), "Yes")
		element(of("Proxy"), domain+":5061")
		element(of("User_ID"), user)
		element(of("Auth_ID"), "ph"+user)
		element(of("Use_Auth_ID"), "Yes")
		element(of("Password"), "secret-"+user)
		element(of("Display_Name"), "Name "+user)
		element(of("SIP_Transport"), "TLS")
		element(of("Register_Expires"), "600")
	}
	element("Extension_1_", "1")
	element("Extended_Function_2_", "fnc=sd+blf+cp;sub="+blf+"@$PROXY;nme=Bob")
	element("Enable_VLAN", "Yes")
	element("VLAN_ID", "120")
	element("Time_Zone", "GMT+01:00")
	element("Daylight_Saving_Time_Rule", "start=3/-1/7/2:0:0;end=10/-1/7/3:0:0;save=1:0:0")
	element("Daylight_Saving_Time_Enable", "Yes")
	element("Primary_NTP_Server", "ntp.example")
	element("Admin_Password", "open-sesame")
	element("Profile_Rule", h.URL+"/$MA.xml")
	element("Profile_Rule_B", "")
	element("ACS_URL", h.URL+"/cwmp")
	element("ACS_Username", "phone-1")
	element("ACS_Password", "acs-secret")
	element("Periodic_Inform_Interval", "3600")
	element("Enable_TR-069", "Yes")
	b.WriteString("</flat-profile>")
	return b.String()
}

func (h *house) put(path, content string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.files[path] = content
}

func (h *house) ask(script ...cwmp.Message) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.script = append(h.script, script...)
}

func (h *house) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if r.Method == http.MethodPost {
		h.cwmp(w, r)
		return
	}
	h.asked = append(h.asked, r.URL.Path)
	content, found := h.files[r.URL.Path]
	if !found {
		http.NotFound(w, r)
		return
	}
	_, _ = io.WriteString(w, content)
}

func (h *house) cwmp(w http.ResponseWriter, r *http.Request) {
	user, password, known := r.BasicAuth()
	if !known || password != "acs-secret" {
		w.Header().Set("WWW-Authenticate", `Basic realm="acs"`)
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if len(body) > 0 {
		envelope, err := cwmp.Decode(body, cwmp.DefaultLimits())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		switch m := envelope.Message.(type) {
		case *cwmp.Inform:
			h.users[user]++
			h.informs = append(h.informs, m)
			write(w, envelope, &cwmp.InformResponse{})
			return
		case *cwmp.TransferComplete:
			h.complete = append(h.complete, m)
			write(w, envelope, &cwmp.TransferCompleteResponse{})
			return
		}
		h.answers = append(h.answers, envelope.Message)
	}
	if len(h.script) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	next := h.script[0]
	h.script = h.script[1:]
	write(w, &cwmp.Envelope{ID: "1", HasID: true, Namespace: cwmp.NamespaceV1_2}, next)
}

func write(w http.ResponseWriter, to *cwmp.Envelope, message cwmp.Message) {
	body, err := cwmp.Encode(&cwmp.Envelope{ID: to.ID, HasID: to.HasID, Namespace: to.Namespace, Message: message})
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = w.Write(body)
}

func (h *house) dhcp() Answer { return Answer{OptionTFTPServer: []byte(h.URL + "/")} }

func (h *house) config() Config {
	return Config{MAC: mac, DHCP: h.dhcp(), CWMP: cpe.Config{RebootDuration: time.Millisecond, RetryScale: 0.0001}}
}

// start switches a phone on for the time of the test.
func start(t *testing.T, c Config) *Phone {
	t.Helper()
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	stop := p.Start()
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("the phone ended with %v", err)
		}
	})
	return p
}

func wait(t *testing.T, p *Phone, what string, condition func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := p.WaitFor(ctx, condition); err != nil {
		t.Fatalf("waiting for %s: %v; %+v; the last session %+v", what, err, p.Counts(), p.Device().LastSession())
	}
}

// arrive waits for the first session that the phone completes.
func arrive(t *testing.T, p *Phone) {
	t.Helper()
	wait(t, p, "the first session", func() bool { s := p.Device().LastSession(); return s.Number > 0 && s.Err == nil })
}

// inform has the phone have a session, and waits for its end.
func inform(t *testing.T, p *Phone) cpe.SessionResult {
	t.Helper()
	n := p.Device().Sessions()
	p.Device().Inform()
	wait(t, p, "a session", func() bool { return p.Device().Sessions() > n })
	return p.Device().LastSession()
}
