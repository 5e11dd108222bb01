//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// How many phones the tests with several nodes have.
const (
	manyPhones = 300
	fewPhones  = 60
)

func TestSeveralNodesBehindABalancerAreOneServer(t *testing.T) {
	for _, test := range []struct {
		name    string
		nodes   int
		phones  int
		balance balance
		carried bool
	}{
		{"two nodes behind a balancer of connections", 2, manyPhones, balanceTCP, false},
		{"three nodes behind a balancer of single requests", 3, manyPhones, balanceHTTP, true},
		{"two nodes behind a balancer of single requests", 2, fewPhones, balanceHTTP, true},
		{"three nodes behind a balancer of connections", 3, fewPhones, balanceTCP, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newCluster(t, test.nodes, test.balance, "--no-onboarding", "--log-level", "warn", "--task-retention", "1h")
			w := newWorkOfNodes(t, c, test.phones, 12*time.Second)
			w.arrive()
			w.queueThroughAnyNode()
			w.finish()
			w.checkAddresses()
			w.checkPhones()
			c.checkChoresRunOnce()
			if carried := c.sum("dialtone_sessions_carried_total", `step="taken"`); test.carried != (carried > 0) {
				t.Errorf("%v sessions were carried between nodes, want some: %t", carried, test.carried)
			}
			t.Logf("%d sessions completed; requests or connections by node %v; sessions carried: %.0f times", w.completed(), c.phones.counts(), c.sum("dialtone_sessions_carried_total", `step="taken"`))
		})
	}
}

// workOfNodes is phones of a cluster with what they were given to do.
type workOfNodes struct {
	t       *testing.T
	cluster *cluster
	phones  []*cpe.Device
	ids     []string
	// interval is how often a phone informs.
	interval time.Duration

	mu       sync.Mutex
	sessions int
	failed   []string
	queued   map[string]string
}

func newWorkOfNodes(t *testing.T, c *cluster, phones int, interval time.Duration) *workOfNodes {
	t.Helper()
	return newWorkOfNodesWith(t, c, phones, interval, func(int, *cpe.Config) {})
}

// newWorkOfNodesWith is newWorkOfNodes with phones that are adjusted.
func newWorkOfNodesWith(t *testing.T, c *cluster, phones int, interval time.Duration, adjust func(i int, config *cpe.Config)) *workOfNodes {
	t.Helper()
	w := &workOfNodes{t: t, cluster: c, interval: interval, queued: map[string]string{}}
	w.phones = c.startPhones(phones, func(i int, config *cpe.Config) {
		adjust(i, config)
		config.Interval, config.HoldInterval, config.Jitter = w.interval, true, 0.5
		config.OnSession = func(d *cpe.Device, r cpe.SessionResult) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.sessions++
			if r.Err != nil {
				w.failed = append(w.failed, fmt.Sprintf("%s session %d: %v", d.Identity().SerialNumber, r.Number, r.Err))
			}
		}
	})
	return w
}

func (w *workOfNodes) completed() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.sessions
}

func (w *workOfNodes) arrive() {
	w.t.Helper()
	api := w.cluster.Anywhere()
	api.Within(2*time.Minute, "every phone is known", func() bool {
		var known listed[deviceRecord]
		api.Get("devices?pageSize=1").Want(http.StatusOK).Decode(&known)
		return known.TotalSize == len(w.phones)
	})
	bySerial := map[string]string{}
	for _, d := range listAll[deviceRecord](api, "devices") {
		bySerial[d.SerialNumber] = d.ID
	}
	for _, p := range w.phones {
		w.ids = append(w.ids, bySerial[p.Identity().SerialNumber])
	}
}

// queueThroughAnyNode queues a task for every phone, each through the next node;
// every tenth is waited for where it was asked for.
func (w *workOfNodes) queueThroughAnyNode() {
	w.t.Helper()
	var clerks sync.WaitGroup
	work := make(chan int)
	for range 4 {
		clerks.Go(func() {
			for i := range work {
				w.queueOne(i)
			}
		})
	}
	for i := range w.phones {
		work <- i
	}
	close(work)
	clerks.Wait()
}

func (w *workOfNodes) queueOne(i int) {
	api := w.cluster.API(i % len(w.cluster.nodes))
	body := object{"kind": "setParameterValues", "parameters": []object{setting(ntp, fmt.Sprintf("%d.example.net", i))}}
	switch i % 4 {
	case 1:
		body = object{"kind": "addObject", "objectName": addTable, "parameters": []object{{"path": "Event", "value": fmt.Sprint(i), "type": "xsd:string"}}}
	case 2:
		body = object{"kind": "reboot"}
	}
	path, headers, want := "devices/"+w.ids[i]+"/tasks", []string{}, http.StatusAccepted
	if i%10 == 0 {
		path, headers, want = path+"?connectionRequest=true", []string{"Prefer", "wait=100"}, http.StatusOK
	}
	got, err := api.Try(context.Background(), http.MethodPost, path, body, headers...)
	if err != nil || got.Status != want {
		w.t.Errorf("queue %v: %v, status %d, want %d: %s", body, err, got.Status, want, got.Body)
		return
	}
	var task taskRecord
	got.Decode(&task)
	if want == http.StatusOK && task.State != "succeeded" {
		w.t.Errorf("the wait for %s ended with %s, fault %+v", task.Kind, task.State, task.Fault)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queued[task.ID] = task.Kind
}

// finish waits until every task is final.
func (w *workOfNodes) finish() {
	w.t.Helper()
	api := w.cluster.Anywhere()
	api.Within(3*time.Minute, "every task is final", func() bool { return openTasks(api) == 0 })
}

// checkAddresses demands that a device is known by its own address and not by
// that of the balancer.
func (w *workOfNodes) checkAddresses() {
	w.t.Helper()
	bySerial := map[string]string{}
	for i, p := range w.phones {
		bySerial[p.Identity().SerialNumber] = deviceAddress(i)
	}
	for _, d := range listAll[deviceRecord](w.cluster.API(0), "devices") {
		if d.Address != bySerial[d.SerialNumber] {
			w.t.Fatalf("device %s has address %s, want its own, %s", d.SerialNumber, d.Address, bySerial[d.SerialNumber])
		}
	}
}

// checkPhones demands that no session failed, and that each task was carried out
// once, by what the phones counted.
func (w *workOfNodes) checkPhones() {
	w.t.Helper()
	w.mu.Lock()
	if len(w.failed) > 0 {
		w.t.Errorf("%d of %d sessions failed, such as %s", len(w.failed), w.sessions, w.failed[0])
	}
	w.mu.Unlock()
	byDevice := map[string][]taskRecord{}
	for _, task := range listAll[taskRecord](w.cluster.Anywhere(), "tasks") {
		byDevice[task.Device] = append(byDevice[task.Device], task)
		checkLife(w.t, task)
		if task.State != "succeeded" || len(task.Attempts) != 1 {
			w.t.Errorf("task %s (%s) is %s after %d attempts, fault %+v", task.ID, task.Kind, task.State, len(task.Attempts), task.Fault)
		}
		delete(w.queued, task.ID)
	}
	if len(w.queued) > 0 {
		w.t.Errorf("%d tasks were acknowledged and are lost", len(w.queued))
	}
	for i, p := range w.phones {
		checkPhone(w.t, p, byDevice[w.ids[i]])
	}
}

// openTasks returns how many tasks are not final.
func openTasks(api *client) int {
	var open listed[taskRecord]
	api.Get("tasks?pageSize=1&filter=state%20%3D%20%22queued%22%20OR%20state%20%3D%20%22running%22%20OR%20state%20%3D%20%22waiting%22").Want(http.StatusOK).Decode(&open)
	return max(open.TotalSize, len(open.Items))
}

// checkChoresRunOnce demands that one node holds each lease.
func (c *cluster) checkChoresRunOnce() {
	c.tb.Helper()
	for _, lease := range []string{"chores", "settings"} {
		if leaders := c.sum("dialtone_node_leader", `lease="`+lease+`"`); leaders != 1 {
			c.tb.Errorf("%v nodes do what is to be done once: %s", leaders, lease)
		}
	}
}

// sum adds up a metric of all nodes that run, over the series whose labels hold
// a text.
func (c *cluster) sum(metric, labels string) float64 {
	c.tb.Helper()
	total := 0.0
	line := regexp.MustCompile("(?m)^" + metric + `(\{[^}]*\})? (\S+)$`)
	for i, n := range c.nodes {
		if !n.Running() {
			continue
		}
		for _, found := range line.FindAllStringSubmatch(string(c.API(i).Get("/metrics").Want(http.StatusOK).Body), -1) {
			if !strings.Contains(found[1], labels) {
				continue
			}
			value, err := strconv.ParseFloat(found[2], 64)
			if err != nil {
				c.tb.Fatalf("metric %s: %v", metric, err)
			}
			total += value
		}
	}
	return total
}

// counts returns what each backend got.
func (b *balancer) counts() []int64 {
	counts := make([]int64, len(b.Carried))
	for i := range b.Carried {
		counts[i] = b.Carried[i].Load()
	}
	return counts
}

func TestWhoFollowsEventsAtOneNodeSeesWhatHappensAtAnother(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 2, balanceTCP, "--no-onboarding")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	events := c.API(0).follow(ctx, "")
	// The other node learns within a beat that somebody listens.
	time.Sleep(5 * time.Second)
	phone := c.nodes[1].startPhone(t, "FOLLOWED", nil)
	id := c.API(1).arrive(phone).ID
	task := c.API(1).Succeed(id, object{"kind": "getRPCMethods"}, nil)
	seen := map[string]bool{}
	for !seen["device"] || !seen["succeeded"] || !seen["completed"] || !seen["deleted"] {
		if seen["device"] && seen["succeeded"] && seen["completed"] && !seen["asked"] {
			// Only now: of what is gone a node tells no more than that.
			seen["asked"] = true
			c.API(1).Do(http.MethodDelete, "devices/"+id, nil).Want(http.StatusNoContent)
		}
		select {
		case e := <-events:
			seen["device"] = seen["device"] || e.Kind == "device" && e.Data.SerialNumber == "FOLLOWED"
			seen["deleted"] = seen["deleted"] || e.Data.Deleted && e.Data.ID == id
			seen["completed"] = seen["completed"] || e.Kind == "session" && e.Data.Outcome == "completed" && e.Data.Device == id
			seen["succeeded"] = seen["succeeded"] || e.Data.ID == task.ID && e.Data.State == "succeeded"
		case <-ctx.Done():
			t.Fatalf("seen at the other node: %v", seen)
		}
	}
}

func TestATaskCancelledAtOneNodeIsNotRunByAnother(t *testing.T) {
	t.Parallel()
	c := newCluster(t, 2, balanceTCP, "--no-onboarding")
	phone := c.nodes[0].newPhone(t, "CANCEL01", nil)
	stop := phone.Start()
	id := c.API(0).arrive(phone).ID
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	task := c.API(0).Queue(id, object{"kind": "reboot"})
	c.API(1).Post("tasks/"+task.ID+"/cancel", nil).Want(http.StatusOK)
	last := c.API(1).Queue(id, object{"kind": "getRPCMethods"})
	switchOn(t, phone)
	c.API(0).WaitTask(last.ID, "succeeded")
	if state := c.API(0).Task(task.ID).State; state != "cancelled" {
		t.Errorf("the task is %s", state)
	}
}
