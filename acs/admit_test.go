package acs

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/admission"
)

// rejected returns how many requests were turned away for a reason.
func (f *fixture) rejected(reason string) float64 {
	f.t.Helper()
	families, err := f.registry.Gather()
	must(f.t, err)
	for _, family := range families {
		if family.GetName() != "dialtone_cwmp_rejected_total" {
			continue
		}
		for _, m := range family.GetMetric() {
			if m.GetLabel()[0].GetValue() == reason {
				return m.GetCounter().GetValue()
			}
		}
	}
	return 0
}

// informStatus sends an Inform and returns the status; 503 must have a Retry-After
// between the default of 30 s and three times that.
func (p *phone) informStatus(events ...string) int {
	p.f.t.Helper()
	p.requests++
	body, err := cwmp.Encode(&cwmp.Envelope{ID: strconv.Itoa(p.requests), HasID: true, Message: p.inform(events...)})
	must(p.f.t, err)
	response, _ := p.post(body)
	if response.StatusCode == http.StatusServiceUnavailable {
		if after, err := strconv.Atoi(response.Header.Get("Retry-After")); err != nil || after < 30 || after > 90 {
			p.f.t.Errorf("Retry-After: %q, want 30 to 90", response.Header.Get("Retry-After"))
		}
	}
	return response.StatusCode
}

func TestAnAddressThatAsksTooOftenIsTurnedAwayAndNoOther(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Load.AddressRate, o.Load.AddressBurst = 1, 3
		o.ClientAddress = func(r *http.Request) netip.Addr { return netip.MustParseAddr(r.Header.Get("X-Forwarded-For")) }
		o.Load.Exempt = netip.MustParsePrefix("203.0.113.0/24").Contains
	})
	from := func(address string) []int {
		p := f.newPhone("S" + address)
		p.header.Set("X-Forwarded-For", address)
		var got []int
		for range 5 {
			response, _ := p.post(nil)
			got = append(got, response.StatusCode)
		}
		return got
	}
	limited, free := []int{204, 204, 204, 503, 503}, []int{204, 204, 204, 204, 204}
	for _, c := range []struct {
		address string
		want    []int
	}{
		{"192.0.2.1", limited}, {"192.0.2.2", limited}, {"2001:db8::1", limited},
		{"2001:db8::2", []int{503, 503, 503, 503, 503}}, // Of the same /64.
		{"203.0.113.7", free},
	} {
		if got := from(c.address); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.address, got, c.want)
		}
	}
	if n := f.rejected("addressRate"); n != 11 {
		t.Errorf("%v are counted, want 11", n)
	}
	f.clock.advance(2 * time.Second)
	if got, want := from("192.0.2.1"), []int{204, 204, 503, 503, 503}; !slices.Equal(got, want) {
		t.Errorf("after two seconds: %v, want %v", got, want)
	}
}

func TestADeviceThatBeginsTooManySessionsIsTurnedAwayAndCanStillBeCalled(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Load.DeviceRate = 3 })
	p := f.newPhone("LOOP")
	for range 3 {
		if status := p.informStatus("2 PERIODIC"); status != http.StatusOK {
			t.Fatalf("status %d within the limit", status)
		}
	}
	before := f.storeOperations()
	if status := p.informStatus("2 PERIODIC"); status != http.StatusServiceUnavailable {
		t.Errorf("status %d beyond the limit", status)
	}
	if n := f.storeOperations() - before; n != 0 {
		t.Errorf("turning a device away cost %v store operations", n)
	}
	if n := f.rejected("deviceRate"); n != 1 {
		t.Errorf("%v are counted, want 1", n)
	}
	if status := p.informStatus("6 CONNECTION REQUEST"); status != http.StatusOK {
		t.Errorf("status %d in answer to a connection request", status)
	}
	if status := f.newPhone("OTHER").informStatus("2 PERIODIC"); status != http.StatusOK {
		t.Errorf("another device got %d", status)
	}
	f.clock.advance(20 * time.Second)
	if status := p.informStatus("2 PERIODIC"); status != http.StatusOK {
		t.Errorf("status %d after its third of a minute", status)
	}
}

// slow is an Authenticator that takes its time: it stands for work.
type slow time.Duration

func (s slow) Authenticate(http.ResponseWriter, *http.Request) (Account, error) {
	time.Sleep(time.Duration(s))
	return Account{}, nil
}

func (slow) Challenge(http.ResponseWriter, []access.Method, bool) {}
func (slow) Forget(string)                                        {}
func (slow) Continues(*http.Request, Account, device.ID) (bool, error) {
	return true, nil
}

func TestARequestOfASessionGoesBeforeInformsThatWait(t *testing.T) {
	f := newFixture(t, func(o *Options) { o.Load.Working, o.Load.Waiting, o.Load.Patience = 1, 2, time.Minute })
	begun := f.newPhone("BEGUN")
	begun.open("2 PERIODIC")

	// One place is taken, and as many Informs wait as may.
	must(t, f.server.doorman.gate.Enter(t.Context(), admission.New))
	statuses := make(chan int, 3)
	for _, serial := range []string{"N1", "N2"} {
		p := f.newPhone(serial)
		go func() { statuses <- p.informStatus("2 PERIODIC") }()
	}
	f.waiting(2)
	if status := f.newPhone("N3").informStatus("2 PERIODIC"); status != http.StatusServiceUnavailable {
		t.Errorf("an Inform that finds no place to wait got %d", status)
	}
	if n := f.rejected("crowded"); n != 1 {
		t.Errorf("%v are counted, want 1", n)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if begun.send(nil, nil) != nil {
			t.Error("a session with nothing to do was asked something")
		}
	}()
	if status := <-statuses; status != http.StatusServiceUnavailable {
		t.Errorf("the Inform that came last got %d, want to be put out for a session that has begun", status)
	}
	f.server.doorman.gate.Leave()
	<-ended
	if status := <-statuses; status != http.StatusOK {
		t.Errorf("the Inform that waited got %d", status)
	}
}

// waiting returns once so many requests wait.
func (f *fixture) waiting(n int) {
	f.t.Helper()
	for begun := time.Now(); ; time.Sleep(time.Millisecond) {
		if _, waiting := f.server.doorman.gate.Counts(); waiting == n {
			return
		}
		if time.Since(begun) > 20*time.Second {
			f.t.Fatalf("not %d requests wait", n)
		}
	}
}

// TestAStormOfInformsIsAnsweredInTimeOrShedBeforeAnyWork has many devices come at
// once to a server that can work on four requests, each for 10 ms.
func TestAStormOfInformsIsAnsweredInTimeOrShedBeforeAnyWork(t *testing.T) {
	const devices, working, work, patience = 600, 4, 10 * time.Millisecond, 300 * time.Millisecond
	f := newFixture(t, func(o *Options) {
		o.Load.Working, o.Load.Waiting, o.Load.Patience = working, 200, patience
		o.Authenticator = slow(work)
	})
	f.known("KNOWN")
	before := f.storeOperations()
	var mu sync.Mutex
	var answered []time.Duration
	shed := 0
	var all sync.WaitGroup
	for i := range devices {
		body, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Message: f.newPhone("S" + strconv.Itoa(i)).inform("2 PERIODIC")})
		must(t, err)
		request := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		all.Go(func() {
			answer, began := httptest.NewRecorder(), time.Now()
			f.server.ServeHTTP(answer, request)
			took := time.Since(began)
			mu.Lock()
			defer mu.Unlock()
			switch answer.Code {
			case http.StatusOK:
				answered = append(answered, took)
			case http.StatusServiceUnavailable:
				shed++
			default:
				t.Errorf("status %d", answer.Code)
			}
		})
	}
	all.Wait()
	slices.Sort(answered)
	if len(answered) < working || shed == 0 {
		t.Fatalf("%d answered and %d shed: this was no storm", len(answered), shed)
	}
	p99 := answered[len(answered)*99/100]
	// All of them would take at least 1.5 s.
	if most := patience + time.Second; p99 > most {
		t.Errorf("p99 of what was answered is %s, want at most %s", p99, most)
	}
	if sum := f.rejected("crowded") + f.rejected("waited"); int(sum) != shed {
		t.Errorf("%v are counted, %d were shed", sum, shed)
	}
	// A first contact costs a handful of operations; what was shed none.
	if perSession := (f.storeOperations() - before) / float64(len(answered)); perSession > 8 {
		t.Errorf("%.1f store operations for each Inform that was answered: those that were shed cost some", perSession)
	}
	t.Logf("%d answered, p99 %s, %d shed", len(answered), p99, shed)
	if working, waiting := f.server.doorman.gate.Counts(); working != 0 || waiting != 0 {
		t.Errorf("%d work and %d wait at the end", working, waiting)
	}
}

func TestTooManyHeaderFieldsAreRefused(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	for i := range 101 {
		p.header.Add("X-Field", strconv.Itoa(i))
	}
	if response, _ := p.post(nil); response.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("status %d", response.StatusCode)
	}
	if n := f.rejected("headers"); n != 1 {
		t.Errorf("%v are counted, want 1", n)
	}
}

func TestTheListenerOfARequestIsKnown(t *testing.T) {
	if name := ListenerName(t.Context()); name != "" {
		t.Errorf("a request of no listener has %q", name)
	}
	if name := ListenerName(WithListener(t.Context(), "cwmp-legacy")); name != "cwmp-legacy" {
		t.Errorf("listener %q", name)
	}
}
