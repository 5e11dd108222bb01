package api_test

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/web/api"
)

// sharedNodes is where the nodes of a test find each other. It has no leases.
type sharedNodes struct {
	nodes.Store
	mu       sync.Mutex
	nodes    map[string]nodes.Node
	messages map[string][]nodes.Message
}

func (s *sharedNodes) Beat(_ context.Context, n nodes.Node) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.nodes[n.ID] = n
	return nil
}

func (s *sharedNodes) Nodes(context.Context) ([]nodes.Node, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.nodes), func(a, b nodes.Node) int { return cmp.Compare(a.ID, b.ID) }), nil
}

func (s *sharedNodes) RemoveNode(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.nodes, id)
	return nil
}

func (s *sharedNodes) Publish(_ context.Context, messages []nodes.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range messages {
		s.messages[m.Node] = append(s.messages[m.Node], m)
	}
	return nil
}

func (s *sharedNodes) Messages(_ context.Context, node string, after int64, limit int) ([]nodes.Message, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := s.messages[node][min(after, int64(len(s.messages[node]))):]
	return slices.Clone(all[:min(limit, len(all))]), nil
}

// kinds returns what a node told, without the data.
func (s *sharedNodes) kinds(node string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kinds []string
	for _, m := range s.messages[node] {
		kinds = append(kinds, m.Kind)
	}
	return kinds
}

// joinNodes makes the house one of several nodes on the data of the first house.
// It returns the ID of the node.
func (h *house) joinNodes(store *sharedNodes, first *house) string {
	h.t.Helper()
	metrics := prometheus.NewRegistry()
	registry, err := nodes.NewRegistry(nodes.RegistryOptions{
		Store: store, Name: "host", Now: time.Now, Logger: slog.New(slog.DiscardHandler), Metrics: metrics, Beat: 20 * time.Millisecond,
	})
	check(h.t, err)
	remote, err := api.NewRemote(api.RemoteOptions{Hub: h.hub, Device: first.store.Devices().Get, Task: first.store.Tasks().Get, Logger: slog.New(slog.DiscardHandler)})
	check(h.t, err)
	feed, err := nodes.NewFeed(registry, remote.Receive)
	check(h.t, err)
	h.hub.Join(feed)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { registry.Run(ctx) })
	running.Go(func() { feed.Run(ctx) })
	h.t.Cleanup(func() { cancel(); running.Wait() })
	<-registry.Ready()
	return registry.ID()
}

// twoNodes returns two houses on one data.
func twoNodes(t *testing.T) (first, second *house, store *sharedNodes, firstID, secondID string) {
	t.Helper()
	store = &sharedNodes{nodes: map[string]nodes.Node{}, messages: map[string][]nodes.Message{}}
	first = newHouse(t)
	second = newHouse(t, func(o *api.Options) { o.Devices, o.Tasks = first.store.Devices(), first.queue })
	return first, second, store, first.joinNodes(store, first), second.joinNodes(store, first)
}

func TestEventsShowWhatChangesAtAnotherNode(t *testing.T) {
	first, second, store, _, secondID := twoNodes(t)
	here := first.follow("", first.viewer)
	there := second.follow("", second.viewer)
	for _, s := range []*stream{here, there} {
		s.want("overflow", "read anew") // From now on every node sends.
	}
	both := func(name, holds string) {
		t.Helper()
		here.want(name, holds)
		there.want(name, holds)
	}
	created := as[api.Device](first.do(http.MethodPost, "/api/v1/devices", first.operator, `{"mac":"001565aabb01"}`).want(http.StatusCreated))
	both("device", `"mac":"00:15:65:aa:bb:01"`)
	first.do(http.MethodPost, "/api/v1/devices/"+created.ID+"/tasks", first.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	both("task", `"state":"queued"`)
	now := first.clock.Now()
	first.hub.SessionEnded(api.SessionEvent{ID: "s1", Device: device.ID(created.ID), Events: []string{"2 PERIODIC"}, Outcome: "completed", StartedAt: now, EndedAt: now, RPCs: 2})
	both("session", `"rpcs":2`)
	first.do(http.MethodDelete, "/api/v1/devices/"+created.ID, first.operator, "").want(http.StatusNoContent)
	both("task", `"state":"cancelled"`)
	both("device", `"deleted":true`)
	second.hub.SessionEnded(api.SessionEvent{ID: "s2", StartedAt: now, EndedAt: now})
	both("session", "s2")
	// What came from elsewhere is not sent on.
	told := slices.DeleteFunc(store.kinds(secondID), func(kind string) bool { return kind == "sending" })
	if !slices.Equal(told, []string{"session"}) {
		t.Errorf("the second node told %v, want its own session only", told)
	}
}

func TestEventsOfAnotherNodeAreLimitedToTheScope(t *testing.T) {
	first, second, _, _, _ := twoNodes(t)
	s := second.follow("", second.south)
	s.want("overflow", "read anew")
	for _, group := range []string{"acme/north", "acme/south/x"} {
		id := first.phone("serial of "+group, group)
		d, err := first.store.Devices().Get(t.Context(), id)
		check(t, err)
		first.hub.DeviceChanged(d)
	}
	seen := s.want("device", `"group":"acme/south/x"`)
	page := as[struct{ Items []api.Device }](first.do(http.MethodGet, "/api/v1/devices", first.viewer, ""))
	for _, d := range page.Items {
		first.do(http.MethodDelete, "/api/v1/devices/"+d.ID, first.operator, "").want(http.StatusNoContent)
	}
	gone := s.want("device", `"deleted":true`)
	if id := strings.Split(gone.data, `"`)[3]; !strings.Contains(seen.data, id) {
		t.Errorf("told of %s, which is none of its devices", gone.data)
	}
}

// recorder is a relay that notes what it is told.
type recorder struct {
	wanted  bool
	listens chan bool
	sent    chan string
}

func (r *recorder) Wanted() bool                  { return r.wanted }
func (r *recorder) Send(kind string, data []byte) { r.sent <- kind + " " + string(data) }
func (r *recorder) Listen(on bool)                { r.listens <- on }

func TestTheHubTellsWhenTheFirstReaderComesAndTheLastOneGoes(t *testing.T) {
	h := newHouse(t)
	r := &recorder{listens: make(chan bool, 10)}
	h.hub.Join(r)
	// A reader who left is noticed when something is written.
	left := func() {
		for len(r.listens) == 0 && api.Subscribers(h.hub) > 1 {
			h.hub.SessionEnded(api.SessionEvent{ID: "s"})
		}
	}
	first, second := h.follow("", h.viewer), h.follow("", h.viewer)
	if on := <-r.listens; !on || len(r.listens) != 0 {
		t.Fatalf("told %v with two readers", on)
	}
	second.cancel()
	left()
	if len(r.listens) != 0 {
		t.Fatal("told although one reader is left")
	}
	first.cancel()
	deadline := time.After(30 * time.Second)
	for on := true; on; {
		h.hub.SessionEnded(api.SessionEvent{ID: "s"})
		select {
		case on = <-r.listens:
		case <-deadline:
			t.Fatal("not told that the last reader went")
		default:
		}
	}
	h.follow("", h.viewer)
	if on := <-r.listens; !on {
		t.Error("not told that a reader came again")
	}
	h.hub.Close()
	if on := <-r.listens; on {
		t.Error("not told that the hub was closed")
	}
}

func TestNothingIsSentThatNobodyWants(t *testing.T) {
	r := &recorder{sent: make(chan string, 10)}
	hub := api.NewHub(time.Now())
	hub.Join(r)
	hub.DeviceChanged(device.Device{ID: "d"})
	if len(r.sent) != 0 {
		t.Errorf("sent %s", <-r.sent)
	}
	r.wanted = true
	hub.DeviceChanged(device.Device{ID: "d", Manufacturer: "Cisco"})
	hub.DeviceDeleted(device.Device{ID: "d", Group: "acme"})
	hub.SessionEnded(api.SessionEvent{EndedAt: time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)}) // It cannot be encoded.
	for _, want := range []string{`device {"id":"d"}`, `deleted {"id":"d","group":"acme"}`, "overflow "} {
		if got := <-r.sent; got != want {
			t.Errorf("sent %s, want %s", got, want)
		}
	}
}
