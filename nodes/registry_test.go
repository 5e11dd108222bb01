package nodes_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/dialtone-acs/dialtone/nodes"
)

// node is one server of a test.
type node struct {
	t        *testing.T
	registry *nodes.Registry
	line     *line
	metrics  *prometheus.Registry
	log      *logged
	cancel   context.CancelFunc
	ended    sync.WaitGroup
}

// logged is a log that several goroutines write.
type logged struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(p)
}

// count returns how often the log has a text.
func (l *logged) count(text string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buffer.String(), text)
}

// newNode returns a node whose clock, as people are shown it, is wrong by skew.
// Nothing of it runs.
func newNode(t *testing.T, store *shared, skew time.Duration) *node {
	t.Helper()
	n := &node{t: t, line: &line{shared: store, calls: map[string]int{}}, metrics: prometheus.NewRegistry(), log: &logged{}}
	var err error
	n.registry, err = nodes.NewRegistry(nodes.RegistryOptions{
		Store: n.line, Name: "host", Version: "1.2.3", Now: func() time.Time { return time.Now().Add(skew).UTC() },
		Logger: slog.New(slog.NewTextHandler(n.log, nil)), Metrics: n.metrics,
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// start runs the registry and the workers; the end of the test stops them.
func (n *node) start(workers ...func(context.Context)) *node {
	ctx, cancel := context.WithCancel(context.Background())
	n.cancel = cancel
	joined, leave := context.WithCancel(context.Background())
	var registry, running sync.WaitGroup
	registry.Go(func() { n.registry.Run(joined) })
	for _, work := range workers {
		running.Go(func() { work(ctx) })
	}
	// As in a server, the registry ends last.
	n.ended.Go(func() {
		<-ctx.Done()
		running.Wait()
		leave()
		registry.Wait()
	})
	n.t.Cleanup(n.stop)
	return n
}

// stop ends the node in order.
func (n *node) stop() {
	n.cancel()
	n.ended.Wait()
}

// kill ends the node without a word to the others.
func (n *node) kill() {
	n.line.cut()
	n.stop()
}

// knows checks which others the node holds to be alive.
func (n *node) knows(when string, others ...*node) {
	n.t.Helper()
	got := map[string]bool{}
	for _, o := range n.registry.Others() {
		got[o.ID] = true
	}
	for _, o := range others {
		if !got[o.registry.ID()] {
			n.t.Errorf("%s: a node that is alive is not known", when)
		}
	}
	if len(got) != len(others) {
		n.t.Errorf("%s: %d nodes are known, want %d", when, len(got), len(others))
	}
}

func TestNodesKnowEachOtherWhateverTheirClocksSay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b, c := newNode(t, store, -5*time.Hour).start(), newNode(t, store, 0).start(), newNode(t, store, 7*time.Hour).start()
		for _, after := range []time.Duration{3 * time.Second, time.Hour} {
			time.Sleep(after)
			a.knows(after.String(), b, c)
			b.knows(after.String(), a, c)
			c.knows(after.String(), a, b)
		}
		if n := a.log.count("node joined"); n != 2 {
			t.Errorf("%d nodes joined, want 2", n)
		}
		if n := a.log.count("node left"); n != 0 {
			t.Errorf("%d nodes left, want none", n)
		}
		if err := testutil.GatherAndCompare(a.metrics, strings.NewReader(`
# HELP dialtone_nodes_alive Nodes that this one holds to be alive, itself included.
# TYPE dialtone_nodes_alive gauge
dialtone_nodes_alive 3
`), "dialtone_nodes_alive"); err != nil {
			t.Error(err)
		}
	})
}

func TestANodeThatIsKilledIsDeadAfterItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b, c := newNode(t, store, 0).start(), newNode(t, store, time.Hour).start(), newNode(t, store, 0).start()
		time.Sleep(time.Minute + time.Millisecond)
		b.kill()
		time.Sleep(nodes.DefaultDead - nodes.DefaultBeat)
		a.knows("before its time is over", b, c)
		time.Sleep(2 * nodes.DefaultBeat)
		a.knows("after its time", c)
		if n := a.log.count("node left"); n != 1 {
			t.Errorf("%d nodes left, want 1", n)
		}
	})
}

func TestANodeThatStopsIsGoneWithinABeat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newNode(t, store, 0).start(), newNode(t, store, 0).start()
		time.Sleep(time.Minute + time.Millisecond)
		b.stop()
		if all, _ := store.Nodes(t.Context()); len(all) != 1 {
			t.Errorf("%d records are left, want 1", len(all))
		}
		time.Sleep(nodes.DefaultBeat)
		a.knows("after a beat")
		if n := a.log.count("node left"); n != 1 {
			t.Errorf("%d nodes left, want 1", n)
		}
	})
}

func TestTheRecordOfADeadNodeIsRemovedAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newNode(t, store, 0), newNode(t, store, 0).start()
		a.start(a.registry.Clean)
		time.Sleep(time.Minute)
		b.kill()
		time.Sleep(time.Minute)
		if all, _ := store.Nodes(t.Context()); len(all) != 2 {
			t.Errorf("%d records after a minute, want 2", len(all))
		}
		time.Sleep(time.Minute)
		if all, _ := store.Nodes(t.Context()); len(all) != 1 || all[0].ID != a.registry.ID() {
			t.Errorf("records after two minutes: %v", all)
		}
	})
}

func TestALeftRecordIsNoNodeThatJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		if err := store.Beat(t.Context(), nodes.Node{ID: "long-dead", Beat: 1234, Listening: true}); err != nil {
			t.Fatal(err)
		}
		a := newNode(t, store, 0).start()
		time.Sleep(2 * nodes.DefaultDead)
		a.knows("later")
		if a.log.count("node joined")+a.log.count("node left") != 0 {
			t.Error("it was taken for a node that joined")
		}
	})
}

func TestAStoreThatFailsEndsNothingAndIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newNode(t, store, 0).start(), newNode(t, store, 0).start()
		time.Sleep(time.Minute)
		for round := 1; round <= 2; round++ {
			a.line.cut()
			time.Sleep(time.Hour)
			for _, text := range []string{"cannot tell other nodes that this one is alive\"", "cannot look for other nodes\""} {
				if n := a.log.count(text); n != round {
					t.Errorf("%q was logged %d times after %d failures", text, n, round)
				}
			}
			a.knows("while it cannot look", b)
			a.line.breaks(nil, nil)
			time.Sleep(3 * nodes.DefaultBeat)
			a.knows("after the store is back", b)
			b.knows("after the store is back", a)
		}
		if n := a.log.count("it works again"); n != 4 {
			t.Errorf("it was logged %d times that it works again, want 4", n)
		}
	})
}

func TestANodeThatCouldNotLookHoldsNobodyForDead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newNode(t, store, 0).start(), newNode(t, store, 0).start()
		time.Sleep(time.Minute)
		// The store is away for both: b's beat stands still for long.
		b.line.cut()
		time.Sleep(nodes.DefaultBeat + time.Second)
		a.line.cut()
		time.Sleep(10 * time.Minute)
		a.line.breaks(nil, nil)
		time.Sleep(2 * nodes.DefaultBeat)
		a.knows("after its first look", b)
		b.line.breaks(nil, nil)
		time.Sleep(time.Minute)
		if n := a.log.count("node left"); n != 0 {
			t.Errorf("%d nodes left, want none", n)
		}
		a.knows("later", b)
	})
}

func TestReadyComesWithTheFirstBeatAndLook(t *testing.T) {
	for _, call := range []string{"Beat", "Nodes"} {
		synctest.Test(t, func(t *testing.T) {
			a := newNode(t, newShared(), 0)
			a.line.breaks(only(call), nil)
			a.start()
			time.Sleep(time.Minute)
			select {
			case <-a.registry.Ready():
				t.Errorf("ready although %s fails", call)
			default:
			}
			a.line.breaks(nil, nil)
			<-a.registry.Ready()
		})
	}
}

func TestOthersAreToldThatSomebodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newNode(t, store, 0).start(), newNode(t, store, 0).start()
		time.Sleep(time.Minute + time.Millisecond)
		for _, on := range []bool{true, false} {
			a.registry.SetListening(on)
			synctest.Wait()
			all, _ := store.Nodes(t.Context())
			for _, n := range all {
				if n.ID == a.registry.ID() && n.Listening != on {
					t.Errorf("the record says %v at once, want %v", n.Listening, on)
				}
			}
			time.Sleep(nodes.DefaultBeat)
			if others := b.registry.Others(); len(others) != 1 || others[0].Listening != on {
				t.Errorf("the other knows %+v, want listening %v", others, on)
			}
		}
	})
}

func TestARecordSaysWhoTheNodeIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a := newNode(t, store, time.Hour)
		began := time.Now().Add(time.Hour).UTC()
		a.start()
		time.Sleep(time.Minute + time.Second)
		all, _ := store.Nodes(t.Context())
		if len(all) != 1 || all[0].Name != "host" || all[0].Version != "1.2.3" || !all[0].StartedAt.Equal(began) || !all[0].SeenAt.Equal(began.Add(time.Minute)) {
			t.Errorf("records %+v", all)
		}
		if id := a.registry.ID(); len(id) != 26 || strings.ToLower(id) != id || id == newNode(t, store, 0).registry.ID() {
			t.Errorf("ID %q", id)
		}
	})
}

func TestOptionsOfARegistryAreChecked(t *testing.T) {
	whole := nodes.RegistryOptions{Store: newShared(), Now: time.Now, Logger: slog.New(slog.DiscardHandler), Metrics: prometheus.NewRegistry()}
	if _, err := nodes.NewRegistry(whole); err != nil {
		t.Fatal(err)
	}
	if _, err := nodes.NewRegistry(whole); err == nil {
		t.Error("its metrics were registered twice")
	}
	for name, change := range map[string]func(*nodes.RegistryOptions){
		"no store":   func(o *nodes.RegistryOptions) { o.Store = nil },
		"no clock":   func(o *nodes.RegistryOptions) { o.Now = nil },
		"no logger":  func(o *nodes.RegistryOptions) { o.Logger = nil },
		"no metrics": func(o *nodes.RegistryOptions) { o.Metrics = nil },
	} {
		o := whole
		change(&o)
		if _, err := nodes.NewRegistry(o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}
