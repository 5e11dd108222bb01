package acs

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestAnUnknownDeviceIsAcceptedAndItsInformIsNoted(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("FCH1234")
	p.namespace = "urn:dslforum-org:cwmp-1-2"
	answer := p.send(p.inform("0 BOOTSTRAP", "1 BOOT"), nil)
	if answer.ID != "phone-1" || answer.Namespace != p.namespace || answer.Message.Method() != "InformResponse" {
		t.Fatalf("answer = %+v", answer)
	}
	d := p.record()
	if d.Manufacturer != "Cisco" || d.Model != "CP-8851-3PCC" || d.SoftwareVersion != "12.0.4" || d.Root != "Device." || d.Address != "127.0.0.1" ||
		!d.LastInform.Equal(f.clock.now()) || d.LastBootstrap.IsZero() || len(d.Events) != 2 || d.Origin != device.OriginContact {
		t.Errorf("record = %+v", d)
	}
	if p.send(nil, nil) != nil {
		t.Error("a device with nothing to do was asked something")
	}
	if d = p.record(); d.Session.ID != "" {
		t.Errorf("the lock is still held: %+v", d.Session)
	}
}

func TestAPeriodicSessionWithNothingToDoCostsTwoStoreOperations(t *testing.T) {
	f := newFixture(t)
	p, _ := f.known("S1")
	before := f.storeOperations()
	p.send(p.inform("2 PERIODIC"), nil)
	if asked := p.work(nil); len(asked) != 0 {
		t.Fatalf("asked %v", asked)
	}
	if after := f.storeOperations(); after-before != 2 {
		t.Errorf("%v store operations, want 2", after-before)
	}
}

// storeOperations counts what the store was asked for.
func (f *fixture) storeOperations() float64 {
	families, err := f.registry.Gather()
	must(f.t, err)
	sum := 0.0
	for _, family := range families {
		if family.GetName() != "dialtone_store_operations_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			sum += m.GetCounter().GetValue()
		}
	}
	if sum == 0 {
		f.t.Fatal("the store counts nothing")
	}
	return sum
}

func TestOnboardingReadsSetsTheIntervalAndGivesCredentials(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Onboarding = Onboarding{InformInterval: 300} })
	p := f.newPhone("S1")
	tree := map[string]string{"Device.DeviceInfo.SoftwareVersion": "1", "Device.ManagementServer.URL": "u"}
	p.session(treeAnswers(tree, true), "0 BOOTSTRAP", "1 BOOT")
	d := p.record()
	if d.OnboardingDue || d.InformInterval != 300 || d.ConnectionRequest.Username != string(d.ID) || d.ConnectionRequest.Password == "" {
		t.Errorf("record after onboarding = %+v", d)
	}
	password, err := f.keeper.Open(d.ConnectionRequest.Password, device.ConnectionRequestOwner(d.ID))
	must(t, err)
	if got := tree["Device.ManagementServer.ConnectionRequestPassword"]; got != password.Reveal() || len(got) < 16 {
		t.Error("the device was not given the password that the record keeps")
	}
	if asked := p.session(treeAnswers(tree, true), "2 PERIODIC"); len(asked) != 0 {
		t.Errorf("a device that is onboarded was asked %v", asked)
	}
	p.session(treeAnswers(tree, true), "0 BOOTSTRAP")
	if again := tree["Device.ManagementServer.ConnectionRequestPassword"]; again == password.Reveal() {
		t.Error("a factory reset did not bring new credentials")
	}
}

func TestWhatIsNoSessionIsAnsweredAndHasNoEffect(t *testing.T) {
	f := newFixture(t)
	response := func(m cwmp.Message) []byte {
		body, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Message: m})
		must(t, err)
		return body
	}
	inform := response(f.newPhone("S9").inform("1 BOOT"))
	deep := []byte(`<E xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body>` + strings.Repeat("<a>", 10_000) + strings.Repeat("</a>", 10_000) + `</Body></E>`)
	gzipped := func(body []byte) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(body)
		_ = w.Close()
		return b.Bytes()
	}
	for _, c := range []struct {
		name   string
		method string
		header http.Header
		body   []byte
		status int
	}{
		{"a GET is not allowed", "GET", nil, nil, 405},
		{"an empty POST is the end of a session", "POST", nil, nil, 204},
		{"a POST of white space is an empty one", "POST", nil, []byte("\r\n"), 204},
		{"a stale cookie with an empty POST", "POST", http.Header{"Cookie": {"session=0123"}}, nil, 204},
		{"a stale cookie with a response", "POST", http.Header{"Cookie": {"session=0123"}}, response(&cwmp.RebootResponse{}), 400},
		{"a response without a session", "POST", nil, response(&cwmp.RebootResponse{}), 400},
		{"a request that is not Inform without a session", "POST", nil, response(&cwmp.GetRPCMethods{}), 400},
		{"a stale cookie with an Inform opens a new session", "POST", http.Header{"Cookie": {"session=0123"}}, inform, 200},
		{"a body over the limit", "POST", nil, bytes.Repeat([]byte("x"), 1<<20+1), 413},
		{"what is not XML", "POST", nil, []byte("hello"), 400},
		{"a truncated body", "POST", nil, inform[:len(inform)/2], 400},
		{"a document type", "POST", nil, append([]byte(`<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>`), inform...), 400},
		{"SOAP 1.2", "POST", nil, bytes.ReplaceAll(inform, []byte("http://schemas.xmlsoap.org/soap/envelope/"), []byte("http://www.w3.org/2003/05/soap-envelope")), 400},
		{"10,000 nested elements", "POST", nil, deep, 400},
		{"an Inform in gzip", "POST", http.Header{"Content-Encoding": {"gzip"}}, gzipped(inform), 200},
		{"what claims to be gzip and is not", "POST", http.Header{"Content-Encoding": {"gzip"}}, inform, 400},
		{"a body that inflates beyond the limit", "POST", http.Header{"Content-Encoding": {"gzip"}}, gzipped(bytes.Repeat([]byte(" "), 8<<20)), 413},
		{"an encoding that is not read", "POST", http.Header{"Content-Encoding": {"br"}}, inform, 415},
		{"two encodings", "POST", http.Header{"Content-Encoding": {"gzip, gzip"}}, gzipped(inform), 415},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t, func(o *Options) { o.MaxBody = 1 << 20 })
			request, err := http.NewRequestWithContext(t.Context(), c.method, f.http.URL+"/any/path", bytes.NewReader(c.body))
			must(t, err)
			for name, values := range c.header {
				request.Header[name] = values
			}
			answer, err := f.http.Client().Do(request)
			must(t, err)
			_ = answer.Body.Close()
			if answer.StatusCode != c.status {
				t.Errorf("status = %d, want %d", answer.StatusCode, c.status)
			}
			if c.status == 405 && answer.Header.Get("Allow") != "POST" {
				t.Error("405 does not say what is allowed")
			}
			if page, err := f.store.Devices().List(t.Context(), device.List{PageSize: 10, Now: f.clock.now()}); err != nil || c.status != 200 && len(page.Devices) != 0 {
				t.Errorf("devices = %v, %v: want none", page.Devices, err)
			}
		})
	}
}

func TestAnAnswerHasTheShapeThatPickyDevicesNeed(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	body, err := cwmp.Encode(&cwmp.Envelope{ID: "a&b<c ", HasID: true, Namespace: "urn:dslforum-org:cwmp-1-4", Message: p.inform("2 PERIODIC")})
	must(t, err)
	response, answer := p.post(body)
	if got := response.Header.Get("Content-Type"); got != `text/xml; charset="utf-8"` {
		t.Errorf("Content-Type = %q", got)
	}
	if response.ContentLength != int64(len(answer)) || len(response.TransferEncoding) != 0 {
		t.Errorf("Content-Length = %d, transfer encoding %v", response.ContentLength, response.TransferEncoding)
	}
	cookie := response.Header.Get("Set-Cookie")
	if !strings.HasPrefix(cookie, "session=") || !strings.HasSuffix(cookie, "; Path=/") || len(cookie) > 60 {
		t.Errorf("Set-Cookie = %q", cookie)
	}
	if got, err := cwmp.Decode(answer, cwmp.DefaultLimits()); err != nil || got.ID != "a&b<c " || got.Namespace != "urn:dslforum-org:cwmp-1-4" {
		t.Errorf("answer = %+v, %v", got, err)
	}
	response, _ = p.post(nil)
	if response.StatusCode != 204 || response.Header.Get("Content-Type") != "" || response.Header.Get("Content-Length") != "" || response.Header.Get("Set-Cookie") != "" {
		t.Errorf("the end is answered with %d %v", response.StatusCode, response.Header)
	}
}

func TestRequestsOfTheDeviceAreAnsweredAndTheSessionGoesOn(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.open("2 PERIODIC")
	methods := p.send(&cwmp.GetRPCMethods{}, nil)
	if got := methods.Message.(*cwmp.GetRPCMethodsResponse).MethodList; !slices.Contains(got, "TransferComplete") {
		t.Errorf("methods = %v", got)
	}
	answer := p.send(&cwmp.TransferComplete{CommandKey: "somebody else's"}, nil)
	if answer.Message.Method() != "TransferCompleteResponse" {
		t.Errorf("an unexpected TransferComplete is answered with %s", answer.Message.Method())
	}
	fault := p.sendUnknown("X_00562B_Foo")
	if m, ok := fault.Message.(*cwmp.Fault); !ok || m.Code != 8000 {
		t.Errorf("an unknown RPC is answered with %+v", fault.Message)
	}
	asked := p.work(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} })
	if !slices.Equal(asked, []string{"GetRPCMethods"}) {
		t.Errorf("asked %v", asked)
	}
	f.want(task, tasks.Succeeded)
}

// sendUnknown sends an RPC that CWMP does not have.
func (p *phone) sendUnknown(method string) *cwmp.Envelope {
	p.f.t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: "x", HasID: true, Message: &cwmp.GetRPCMethods{}})
	must(p.f.t, err)
	_, answer := p.post(bytes.ReplaceAll(body, []byte("GetRPCMethods"), []byte(method)))
	got, err := cwmp.Decode(answer, cwmp.DefaultLimits())
	must(p.f.t, err)
	return got
}

func TestAFaultDoesNotEndTheSession(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	bad := f.task(d.ID, tasks.GetParameterNames, `{"path":"Device.None."}`)
	good := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.session(func(m cwmp.Message) cwmp.Message {
		if _, ok := m.(*cwmp.GetParameterNames); ok {
			return cwmp.NewFault(9005, "")
		}
		return &cwmp.GetRPCMethodsResponse{}
	}, "2 PERIODIC")
	f.want(bad, tasks.Failed)
	f.want(good, tasks.Succeeded)
}

func TestADeviceWithoutCookiesKeepsItsSessionByItsConnection(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.client.Jar = nil
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} }, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
}

func TestADeviceMayUseANewConnectionForEveryRequest(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	p.client.Transport = &http.Transport{DisableKeepAlives: true}
	p.session(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} }, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
}

func TestCookiesAreReadHoweverDevicesWriteThem(t *testing.T) {
	for _, header := range []string{"session=abc", "a=b; session=abc", "a=b, session=abc", `session="abc"`, "$Version=1; session=abc; Path=/", "session=abc;Path=/"} {
		r, _ := http.NewRequest("POST", "/", nil)
		r.Header.Set("Cookie", header)
		if got := sessionCookies(r); !slices.Equal(got, []string{"abc"}) {
			t.Errorf("%q: %v", header, got)
		}
	}
}

func TestAnInformOnTheConnectionOfAnotherDeviceLeavesItsSessionAlone(t *testing.T) {
	f := newFixture(t)
	first, d := f.known("S1")
	task := f.task(d.ID, tasks.GetRPCMethods, `{}`)
	first.open("2 PERIODIC")
	// As behind a proxy that shares one connection among devices.
	second := f.newPhone("S2")
	second.client.Transport = first.client.Transport
	second.session(nil, "1 BOOT")
	first.work(func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} })
	f.want(task, tasks.Succeeded)
}

func TestAnInformThatIsSentAgainIsAnsweredAgain(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	inform := p.inform("1 BOOT")
	p.send(inform, nil)
	p.requests-- // The same ID.
	if answer := p.send(inform, nil); answer.Message.Method() != "InformResponse" {
		t.Fatalf("answered with %s", answer.Message.Method())
	}
	if d := p.record(); d.Session.Generation != 1 {
		t.Errorf("generation = %d, want 1: it is the same session", d.Session.Generation)
	}
}

func TestATaskThatIsQueuedDuringASessionIsRunInIt(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	f.task(d.ID, tasks.GetRPCMethods, `{}`)
	var late tasks.Task
	asked := p.session(func(cwmp.Message) cwmp.Message {
		if late.ID == "" {
			late = f.task(d.ID, tasks.GetRPCMethods, `{}`)
		}
		return &cwmp.GetRPCMethodsResponse{}
	}, "2 PERIODIC")
	if len(asked) != 2 {
		t.Errorf("asked %v", asked)
	}
	f.want(late, tasks.Succeeded)
}

func TestATaskThatIsNotDueIsRunByTheSessionAfterItsTime(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task, err := f.queue.Enqueue(t.Context(), tasks.New{Device: d.ID, Kind: tasks.GetRPCMethods, NotBefore: f.clock.now().Add(time.Hour)})
	must(t, err)
	answer := func(cwmp.Message) cwmp.Message { return &cwmp.GetRPCMethodsResponse{} }
	p.session(answer, "2 PERIODIC")
	f.want(task, tasks.Queued)
	before := f.storeOperations()
	p.send(p.inform("2 PERIODIC"), nil)
	p.work(answer)
	if n := f.storeOperations() - before; n != 2 {
		t.Errorf("a session before its time costs %v store operations, want 2", n)
	}
	f.clock.advance(time.Hour)
	p.session(answer, "2 PERIODIC")
	f.want(task, tasks.Succeeded)
}

func TestUnknownDevicesAreAcceptedUpToTheLimit(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxUnknown = 3 })
	refused := 0
	for _, serial := range []string{"A", "B", "C", "D", "E", "A"} {
		p := f.newPhone(serial)
		answer := p.send(p.inform("1 BOOT"), nil)
		if fault, ok := answer.Message.(*cwmp.Fault); ok && fault.Code == 8001 {
			refused++
		}
	}
	page, err := f.store.Devices().List(t.Context(), device.List{PageSize: 10, Now: f.clock.now()})
	must(t, err)
	if refused != 2 || len(page.Devices) != 3 {
		t.Errorf("%d refused, %d devices: want 2 and 3", refused, len(page.Devices))
	}
	if f.server.Sessions() > 3 {
		t.Errorf("%d sessions are open: a refused device must not keep one", f.server.Sessions())
	}
}

func TestAPhoneAddedByItsMACAddressTakesItsIdentityFromItsInform(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.RefuseUnknown = true })
	added := device.Device{ID: device.NewID(), MAC: "00:56:2b:04:36:15", Origin: device.OriginOperator, Revision: 1, OnboardingDue: true}
	must(t, f.store.Devices().Create(t.Context(), added, 0))
	p := f.newPhone("S1")
	inform := p.inform("0 BOOTSTRAP")
	inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: "Device.LAN.MACAddress", Value: "00562B043615", Type: cwmp.TypeString})
	p.send(inform, nil)
	if got := p.record(); got.ID != added.ID || got.SerialNumber != "S1" {
		t.Errorf("record = %+v, want %s with its identity", got, added.ID)
	}
}

func TestOverloadIsShedWith503(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.MaxSessions = 1 })
	f.newPhone("A").open("1 BOOT")
	p := f.newPhone("B")
	body, err := cwmp.Encode(&cwmp.Envelope{Message: p.inform("1 BOOT")})
	must(t, err)
	response, _ := p.post(body)
	if response.StatusCode != 503 || response.Header.Get("Retry-After") == "" {
		t.Errorf("%d, Retry-After %q", response.StatusCode, response.Header.Get("Retry-After"))
	}
}

// panicky is an observer with a fault of its own for one device.
type panicky struct{ nobody }

func (panicky) SessionBegan(s Summary, _ bool) {
	if s.Device.SerialNumber == "BAD" {
		panic("a fault of ours")
	}
}

func TestAPanicStaysInItsRequest(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Observer = panicky{} })
	good := f.newPhone("GOOD")
	good.open("1 BOOT")
	bad := f.newPhone("BAD")
	body, err := cwmp.Encode(&cwmp.Envelope{Message: bad.inform("1 BOOT")})
	must(t, err)
	if response, _ := bad.post(body); response.StatusCode != 503 {
		t.Errorf("the request that panicked got %d, want 503", response.StatusCode)
	}
	if f.server.Sessions() != 1 {
		t.Errorf("%d sessions are open: the one that panicked must be let go", f.server.Sessions())
	}
	good.work(nil)
}

// recording is an observer that keeps what it is told at the end of sessions.
type recording struct {
	nobody
	ended chan Summary
}

func (r recording) SessionEnded(s Summary) { r.ended <- s }

func TestTheEndOfASessionTellsEveryEventOfItsInform(t *testing.T) {
	r := recording{ended: make(chan Summary, 1)}
	f := newFixture(t, func(o *Options) { o.Observer = r })
	p := f.newPhone("S1")
	p.open("1 BOOT", "2 PERIODIC", "4 VALUE CHANGE")
	p.work(nil)
	var codes []string
	for _, e := range (<-r.ended).Events {
		codes = append(codes, e.Code)
	}
	if got := strings.Join(codes, ", "); got != "1 BOOT, 2 PERIODIC, 4 VALUE CHANGE" {
		t.Errorf("the events are %q", got)
	}
}
