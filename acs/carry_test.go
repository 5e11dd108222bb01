package acs

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// carriedSessions is a device.CarriedSessionStore that counts what it is asked.
type carriedSessions struct {
	mu       sync.Mutex
	sessions map[string]device.CarriedSession
	wishes   map[string]time.Time
	calls    atomic.Int64
	broken   atomic.Bool
	// lost has the answer to PutSession lost after it was carried out.
	lost atomic.Bool
}

func (c *carriedSessions) do(run func()) error {
	c.calls.Add(1)
	if c.broken.Load() {
		return errors.New("the store is away")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	run()
	return nil
}

func (c *carriedSessions) PutSession(_ context.Context, s device.CarriedSession) error {
	err := c.do(func() { c.sessions[s.ID] = s; delete(c.wishes, s.ID) })
	if err == nil && c.lost.Load() {
		err = errors.New("the answer was lost")
	}
	return err
}

func (c *carriedSessions) TakeSession(_ context.Context, id string) (s device.CarriedSession, err error) {
	found := false
	err = c.do(func() { s, found = c.sessions[id]; delete(c.sessions, id) })
	if err == nil && !found {
		err = device.ErrNotFound
	}
	return s, err
}

func (c *carriedSessions) WantSession(_ context.Context, id string, until time.Time) error {
	return c.do(func() {
		if _, there := c.sessions[id]; !there {
			c.wishes[id] = until
		}
	})
}

// WantedSessions is asked now and then whatever happens, so it is not counted.
func (c *carriedSessions) WantedSessions(context.Context, int) (ids []string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for id := range c.wishes {
		ids = append(ids, id)
	}
	return ids, nil
}

func (c *carriedSessions) DropWish(_ context.Context, id string) error {
	return c.do(func() { delete(c.wishes, id) })
}

func (c *carriedSessions) ExpiredSessions(_ context.Context, at time.Time, _ int) (ids []string, err error) {
	err = c.do(func() {
		for id, s := range c.sessions {
			if !s.Until.After(at) {
				ids = append(ids, id)
			}
		}
		for id, until := range c.wishes {
			if !until.After(at) {
				ids = append(ids, id)
			}
		}
	})
	return ids, err
}

// nodesFixture is two servers on one store: the fixture's and another.
type nodesFixture struct {
	*fixture
	carried *carriedSessions
	others  atomic.Int64
	second  *Server
	http2   *httptest.Server
}

func newNodes(t *testing.T) *nodesFixture {
	t.Helper()
	n := &nodesFixture{carried: &carriedSessions{sessions: map[string]device.CarriedSession{}, wishes: map[string]time.Time{}}}
	n.others.Store(1)
	join := func(o *Options) {
		o.Carried, o.Node, o.OtherNodes, o.SessionKey = n.carried, "first", func() int { return int(n.others.Load()) }, []byte("0123456789abcdef")
	}
	n.fixture = newFixture(t, join)
	o := n.server.options
	o.Node = "second"
	o.Metrics, o.Logger = prometheus.NewRegistry(), slog.New(slog.DiscardHandler)
	second, err := New(o)
	must(t, err)
	second.transform = n.server.transform
	n.second = second
	n.http2 = httptest.NewUnstartedServer(second)
	n.http2.Config.ConnContext = second.ConnContext
	n.http2.Start()
	t.Cleanup(n.http2.Close)
	for _, s := range []*Server{n.server, second} {
		s.carry.wantFor = 500 * time.Millisecond
	}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { n.server.Run(ctx) })
	running.Go(func() { second.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return n
}

// alternating sends every request of a phone to the other node than the last.
func (n *nodesFixture) alternating(p *phone) *phone {
	turn := 0
	p.url = func() string {
		turn++
		return []string{n.http.URL, n.http2.URL}[turn%2]
	}
	return p
}

func answerValues(m cwmp.Message) cwmp.Message {
	get, ok := m.(*cwmp.GetParameterValues)
	if !ok {
		return cwmp.NewFault(9000, "")
	}
	response := &cwmp.GetParameterValuesResponse{}
	for _, name := range get.ParameterNames {
		response.ParameterList = append(response.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: "1", Type: cwmp.TypeString})
	}
	return response
}

func TestASessionWhoseRequestsAlternateBetweenNodesDoesAllItsTasksOnce(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	n.alternating(p)
	var all []tasks.Task
	for i := range 5 {
		all = append(all, n.task(d.ID, tasks.GetParameterValues, fmt.Sprintf(`{"paths":["Device.X%d"]}`, i)))
	}
	asked := p.session(answerValues, "2 PERIODIC")
	if len(asked) != 5 {
		t.Errorf("the phone was asked %v, want five times", asked)
	}
	for _, task := range all {
		if now := n.want(task, tasks.Succeeded); len(now.Attempts) != 1 {
			t.Errorf("task took %d attempts", len(now.Attempts))
		}
	}
	if d := p.record(); d.Session.ID != "" {
		t.Errorf("the lock was not given back: %+v", d.Session)
	}
}

func TestASessionThatStaysAtItsNodeNeverAsksTheStoreForIt(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	for range 3 {
		p.session(answerValues, "2 PERIODIC")
	}
	n.want(task, tasks.Succeeded)
	if calls := n.carried.calls.Load(); calls != 0 {
		t.Errorf("the store was asked %d times for sessions that never moved", calls)
	}
}

func TestSessionsNoLongerCountAsRoamingOnceEachStaysAtItsNode(t *testing.T) {
	n := newNodes(t)
	p, _ := n.known("1")
	n.alternating(p)
	p.session(answerValues, "2 PERIODIC")
	p.url = nil
	for range 3 {
		n.clock.advance(roamFor / 2)
		p.session(answerValues, "2 PERIODIC")
	}
	before := n.carried.calls.Load()
	p.session(answerValues, "2 PERIODIC")
	if calls := n.carried.calls.Load() - before; calls != 0 {
		t.Errorf("the store was asked %d times", calls)
	}
}

func TestANodeThatStopsHandsItsSessionsOver(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	p.open("2 PERIODIC")
	request := p.send(nil, nil)
	n.server.Close(t.Context())
	p.url = func() string { return n.http2.URL }
	if next := p.send(answerValues(request.Message), request); next != nil {
		t.Errorf("the session goes on with %s", next.Message.Method())
	}
	if now := n.want(task, tasks.Succeeded); len(now.Attempts) != 1 {
		t.Errorf("task took %d attempts", len(now.Attempts))
	}
}

func TestTheLastNodeThatStopsGivesItsSessionsUp(t *testing.T) {
	n := newNodes(t)
	n.others.Store(0)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	p.open("2 PERIODIC")
	p.send(nil, nil)
	n.server.Close(t.Context())
	n.want(task, tasks.Queued)
	if len(n.carried.sessions) != 0 {
		t.Error("a session was put for nobody to take")
	}
}

func TestACookieThatNoNodeMadeIsNotLookedFor(t *testing.T) {
	n := newNodes(t)
	for _, id := range []string{"", "x", strings.Repeat("0", 32), strings.Repeat("f", 48), hex.EncodeToString(make([]byte, 24))} {
		p := n.newPhone("1")
		p.header.Set("Cookie", cookieName+"="+id)
		if response, _ := p.post([]byte("<x/>")); response.StatusCode != http.StatusBadRequest {
			t.Errorf("cookie %q: status %d", id, response.StatusCode)
		}
	}
	if calls := n.carried.calls.Load(); calls != 0 {
		t.Errorf("the store was asked %d times for sessions that were made up", calls)
	}
}

func TestAnInformWithTheCookieOfAnOlderSessionIsNotLookedFor(t *testing.T) {
	n := newNodes(t)
	p, _ := n.known("1")
	n.alternating(p)
	p.open("2 PERIODIC")
	p.open("2 PERIODIC")
	if calls := n.carried.calls.Load(); calls != 0 {
		t.Errorf("the store was asked %d times", calls)
	}
}

func TestARequestWhoseSessionNobodyGivesAwayIsOutOfPlace(t *testing.T) {
	n := newNodes(t)
	p, _ := n.known("1")
	p.open("2 PERIODIC")
	p.header.Set("Cookie", cookieName+"="+n.server.ids.fresh())
	p.client.Jar = nil
	p.url = func() string { return n.http2.URL }
	body, err := cwmp.Encode(&cwmp.Envelope{Namespace: cwmp.NamespaceV1_0, Message: &cwmp.GetRPCMethods{}})
	must(t, err)
	if response, _ := p.post(body); response.StatusCode != http.StatusBadRequest {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestASessionInTheStoreThatNoNodeTakesIsGivenUp(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	n.server.carry.roamed()
	p.open("2 PERIODIC")
	if p.send(nil, nil) == nil {
		t.Fatal("nothing was asked")
	}
	must(t, n.second.SweepCarried(t.Context()))
	n.want(task, tasks.Running)
	n.clock.advance(2 * time.Minute)
	must(t, n.second.SweepCarried(t.Context()))
	n.want(task, tasks.Queued)
	if len(n.carried.sessions) != 0 {
		t.Error("the session is still there")
	}
}

func TestAWishThatNobodyFulfilledIsDropped(t *testing.T) {
	n := newNodes(t)
	must(t, n.carried.WantSession(t.Context(), "x", n.clock.now()))
	n.clock.advance(time.Minute)
	must(t, n.second.SweepCarried(t.Context()))
	if len(n.carried.wishes) != 0 {
		t.Error("the wish is still there")
	}
}

func TestASessionGoesOnAtItsNodeWhileTheStoreCannotTakeIt(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	n.server.carry.roamed()
	n.carried.broken.Store(true)
	p.session(answerValues, "2 PERIODIC")
	n.want(task, tasks.Succeeded)
}

func TestASessionThatTheStoreTookUnnoticedIsNotLeftThere(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	n.server.carry.roamed()
	n.carried.lost.Store(true)
	p.session(answerValues, "2 PERIODIC")
	if now := n.want(task, tasks.Succeeded); len(now.Attempts) != 1 {
		t.Errorf("task took %d attempts", len(now.Attempts))
	}
	if len(n.carried.sessions) != 0 {
		t.Errorf("%d sessions are in the store beside the node that has them", len(n.carried.sessions))
	}
}

func TestAStoreThatIsAwayHasTheDeviceComeAgain(t *testing.T) {
	n := newNodes(t)
	p, _ := n.known("1")
	p.open("2 PERIODIC")
	n.carried.broken.Store(true)
	p.url = func() string { return n.http2.URL }
	response, _ := p.post(nil)
	if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" {
		t.Errorf("status %d", response.StatusCode)
	}
}

func TestASupersededSessionIsNotTakenInBesideTheNewerOne(t *testing.T) {
	n := newNodes(t)
	p, d := n.known("1")
	older := n.newPhone("1")
	older.url = func() string { return n.http2.URL }
	older.open("2 PERIODIC")
	task := n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
	p.open("2 PERIODIC")
	older.url = func() string { return n.http.URL }
	if got := older.send(nil, nil); got != nil {
		t.Errorf("the older session is asked %s", got.Message.Method())
	}
	p.work(answerValues)
	if now := n.want(task, tasks.Succeeded); len(now.Attempts) != 1 {
		t.Errorf("task took %d attempts", len(now.Attempts))
	}
}

func TestASessionOfAnotherFormatIsNotReadAsThisOne(t *testing.T) {
	for _, state := range []string{`{"Format":2,"Session":{"ID":"x"}}`, `{"Format":1}`, `{}`} {
		if _, err := decodeCarried([]byte(state)); !errors.Is(err, errNoSession) {
			t.Errorf("%s: %v", state, err)
		}
	}
	if _, err := decodeCarried([]byte("{")); err == nil {
		t.Error("damaged state was read")
	}
}

func TestManyPhonesWhoseRequestsGoAnywhereLoseAndRepeatNothing(t *testing.T) {
	n := newNodes(t)
	var phones sync.WaitGroup
	for serial := range 20 {
		p, d := n.known(fmt.Sprint(serial))
		n.alternating(p)
		for range 3 {
			n.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.X"]}`)
		}
		phones.Go(func() {
			if asked := p.session(answerValues, "2 PERIODIC"); len(asked) != 3 {
				t.Errorf("phone was asked %v", asked)
			}
		})
	}
	phones.Wait()
}

func TestWhatADeviceSendsAfterItsSessionEndedIsNotLookedFor(t *testing.T) {
	n := newNodes(t)
	p, _ := n.known("1")
	p.session(answerValues, "2 PERIODIC")
	if p.send(nil, nil) != nil {
		t.Error("a session that ended goes on")
	}
	if calls := n.carried.calls.Load(); calls != 0 {
		t.Errorf("the store was asked %d times", calls)
	}
}

func TestTheLastSessionsThatEndedAreRememberedAndNoMore(t *testing.T) {
	r := newRecentIDs()
	for i := range 3 * maxRecentIDs {
		r.add(fmt.Sprint(i))
	}
	if r.has("0") || r.has(fmt.Sprint(2*maxRecentIDs-1)) || !r.has(fmt.Sprint(2*maxRecentIDs)) || !r.has(fmt.Sprint(3*maxRecentIDs-1)) || len(r.known) != maxRecentIDs {
		t.Errorf("%d ids are remembered", len(r.known))
	}
}

func TestSessionIDsAreGenuineForTheirKeyOnly(t *testing.T) {
	a, b := sessionIDs{key: []byte("a")}, sessionIDs{key: []byte("b")}
	id := a.fresh()
	both := sessionIDs{key: []byte("b"), others: [][]byte{[]byte("a")}}
	if !both.genuine(id) || !both.genuine(both.fresh()) || !b.genuine(both.fresh()) {
		t.Error("who has both keys does not take the ids of each, or signs with the other one")
	}
	if len(id) != 32 || !a.genuine(id) || b.genuine(id) || a.genuine(id[:31]) || a.genuine(id+"00") {
		t.Errorf("id %q", id)
	}
}
