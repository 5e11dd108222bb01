package nodes_test

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/dialtone-acs/dialtone/nodes"
)

// job is work that must run once: it notes who does it.
type job struct {
	mu      sync.Mutex
	working map[string]bool
	most    int
	begun   []string
}

func newJob() *job { return &job{working: map[string]bool{}} }

// at returns the work as one node does it, until its context ends.
func (j *job) at(n *node) func(context.Context) {
	return n.registry.Lead("job", func(ctx context.Context) {
		j.begin(n)
		<-ctx.Done()
		j.end(n)
	})
}

func (j *job) begin(n *node) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.working[n.registry.ID()] = true
	j.begun = append(j.begun, n.registry.ID())
	j.most = max(j.most, len(j.working))
}

func (j *job) end(n *node) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.working, n.registry.ID())
}

// who returns the one node that works.
func (j *job) who(t *testing.T, when string, all ...*node) *node {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, n := range all {
		if len(j.working) == 1 && j.working[n.registry.ID()] {
			return n
		}
	}
	t.Fatalf("%s: %v work, want one of %d nodes", when, slices.Collect(maps.Keys(j.working)), len(all))
	return nil
}

// times checks how often the work was begun, and that it was never done twice at
// once.
func (j *job) times(t *testing.T, want int) {
	t.Helper()
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.begun) != want || j.most > 1 {
		t.Errorf("begun %d times, at %d nodes at once; want %d times, at one", len(j.begun), j.most, want)
	}
}

// team starts that many nodes which do one job.
func team(t *testing.T, j *job, size int) []*node {
	store := newShared()
	var all []*node
	for range size {
		n := newNode(t, store, time.Duration(rand.IntN(1000))*time.Hour)
		all = append(all, n.start(j.at(n)))
	}
	return all
}

func without(all []*node, one *node) []*node {
	return slices.DeleteFunc(slices.Clone(all), func(n *node) bool { return n == one })
}

func TestOneOfAllNodesWorks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 3)
		time.Sleep(time.Hour)
		leader := j.who(t, "after an hour", all...)
		j.times(t, 1)
		for _, n := range all {
			want := 0.0
			if n == leader {
				want = 1
			}
			if got, err := testutil.GatherAndCount(n.metrics, "dialtone_node_leader"); err != nil || got != 1 {
				t.Errorf("%d metrics, %v", got, err)
			}
			if got := value(t, n, "dialtone_node_leader"); got != want {
				t.Errorf("the metric says %v, want %v", got, want)
			}
		}
		if leader.log.count("lease taken") != 1 || leader.log.count("lease lost") != 0 {
			t.Error("the log does not say that the lease was taken once")
		}
	})
}

// value returns the one value of a metric.
func value(t *testing.T, n *node, name string) float64 {
	t.Helper()
	families, err := n.metrics.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetGauge().GetValue()
		}
	}
	t.Fatalf("there is no metric %s", name)
	return 0
}

func TestAnotherNodeGoesOnWithinABeatAfterAnOrderlyStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 3)
		for rounds := range 3 {
			time.Sleep(time.Minute + 300*time.Millisecond)
			leader := j.who(t, "before the stop", all...)
			leader.stop()
			all = without(all, leader)
			if len(all) == 0 {
				j.times(t, rounds+1)
				break
			}
			time.Sleep(nodes.DefaultBeat)
			j.who(t, "a beat after the stop", all...)
			j.times(t, rounds+2)
		}
	})
}

func TestAnotherNodeGoesOnAfterALeaderIsKilled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 3)
		time.Sleep(time.Minute + time.Millisecond)
		leader := j.who(t, "before the kill", all...)
		leader.kill()
		time.Sleep(nodes.LeaseTime - 2*nodes.DefaultBeat)
		j.times(t, 1)
		time.Sleep(4 * nodes.DefaultBeat)
		j.who(t, "after the time of the lease", without(all, leader)...)
		j.times(t, 2)
	})
}

func TestWorkThatCannotBeRenewedEndsBeforeAnotherNodeBeginsIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 2)
		time.Sleep(time.Minute)
		leader := j.who(t, "before", all...)
		leader.line.cut()
		time.Sleep(time.Minute)
		other := j.who(t, "while one node is cut off", without(all, leader)...)
		if leader.log.count("lease lost") != 1 || leader.log.count("cannot renew lease job\"") != 1 {
			t.Error("the log does not say once that the lease was lost, and why")
		}
		leader.line.breaks(nil, nil)
		time.Sleep(time.Minute)
		if j.who(t, "after it is back", all...) != other {
			t.Error("the node that is back took the lease from the one that works")
		}
		j.times(t, 2)
	})
}

func TestALeaseOutlastsAShortFailureOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 3)
		for range 100 {
			time.Sleep(30 * time.Second)
			for _, n := range all {
				n.line.cut()
			}
			time.Sleep(nodes.DefaultBeat + time.Millisecond)
			for _, n := range all {
				n.line.breaks(nil, nil)
			}
		}
		j.who(t, "at the end", all...)
		j.times(t, 1)
	})
}

func TestALeaseOutlastsAnswersThatAreLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, j := newShared(), newJob()
		a := newNode(t, store, 0)
		lose := false
		// Every other answer is lost, that to the taking among them.
		a.line.breaks(nil, func(call string) error {
			if call == "SaveLease" {
				if lose = !lose; lose {
					return errAway
				}
			}
			return nil
		})
		a.start(j.at(a))
		time.Sleep(2*nodes.DefaultBeat + time.Millisecond)
		j.times(t, 1) // The node found that it had taken the lease.
		b := newNode(t, store, 0)
		b.start(j.at(b))
		time.Sleep(time.Hour + time.Millisecond)
		if j.who(t, "after an hour", a, b) != a {
			t.Error("the lease was lost")
		}
		j.times(t, 1)
		a.line.breaks(nil, nil)
		a.stop()
		time.Sleep(nodes.DefaultBeat)
		j.who(t, "after the stop", b)
	})
}

func TestNoTwoNodesWorkAtOnceWhateverIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := newJob()
		all := team(t, j, 3)
		random := rand.New(rand.NewPCG(1, 2))
		for range 2000 {
			n := all[random.IntN(len(all))]
			switch random.IntN(4) {
			case 0:
				n.line.cut()
			case 1:
				n.line.breaks(nil, only("SaveLease"))
			default:
				n.line.breaks(nil, nil)
			}
			time.Sleep(time.Duration(random.Int64N(int64(8 * time.Second))))
		}
		j.mu.Lock()
		defer j.mu.Unlock()
		if j.most != 1 || len(j.begun) < 20 {
			t.Errorf("begun %d times, at %d nodes at once", len(j.begun), j.most)
		}
	})
}

func TestWorkThatReturnsEarlyIsBegunAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begun := 0
		a := newNode(t, newShared(), 0)
		a.start(a.registry.Lead("job", func(context.Context) { begun++ }))
		time.Sleep(time.Minute + time.Second)
		a.stop()
		if begun < 25 || begun > 35 {
			t.Errorf("begun %d times in a minute, want about once a beat", begun)
		}
	})
}
