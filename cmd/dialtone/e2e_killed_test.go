//go:build e2e

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// seedVariable repeats the choices of an earlier run, as far as the network
// lets it.
const seedVariable = "DIALTONE_SEED"

// massacreSize is how much is done to the server.
type massacreSize struct {
	phones, kills int
	// perSecond is how many tasks are queued while the server lives.
	perSecond int
	interval  time.Duration
	// drain is how long the phones have to end every task after the last kill.
	drain time.Duration
}

func killedSize() massacreSize {
	if os.Getenv("DIALTONE_SOAK") != "" {
		return massacreSize{phones: 500, kills: 300, perSecond: 60, interval: 4 * time.Second, drain: 5 * time.Minute}
	}
	return massacreSize{phones: 200, kills: 20, perSecond: 200, interval: 1500 * time.Millisecond, drain: 100 * time.Second}
}

func TestNoTaskIsLostAndNoUnsafeRPCRunsTwiceWhenTheServerIsKilled(t *testing.T) {
	size := killedSize()
	m := newMassacre(t, size, chooseSeed(t))
	m.arrive()
	m.queueOneOfEach()
	stopQueueing := m.queueMore()
	started := time.Now()
	for round := range size.kills {
		m.killOnce(round)
		m.deleteSomeOfWhatWasAdded()
	}
	stopQueueing()
	t.Logf("%d kills in %s (%d aimed at the middle of an RPC and on target), %d tasks acknowledged, %d of %d requests to queue one were cut off",
		size.kills, time.Since(started).Round(time.Second), m.onTarget, len(m.acknowledged), m.cutOff, m.asked)
	m.drain()
	m.check()
}

func chooseSeed(tb testing.TB) uint64 {
	tb.Helper()
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv(seedVariable); text != "" {
		given, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			tb.Fatalf("%s: %v", seedVariable, err)
		}
		seed = given
	}
	tb.Logf("%s=%d", seedVariable, seed)
	return seed
}

// massacre is a server that is killed over and over while phones work for it.
type massacre struct {
	t    *testing.T
	size massacreSize
	// server is the one that is killed; acs is where phones inform, which may
	// lead to others too, as api may.
	server *server
	acs    string
	api    *client
	files  *httptest.Server
	phones []*victim

	// tolerant says that a request to queue a task may be answered with an error
	// of the server: it, or what it stands on, is being broken.
	tolerant bool

	// process is what a hook of a phone kills; aim is what it waits for.
	process  atomic.Pointer[os.Process]
	aim      atomic.Pointer[killAim]
	struck   chan struct{}
	onTarget int

	mu           sync.Mutex
	random       *rand.Rand
	acknowledged map[string]string
	asked        int
	cutOff       int
	deleted      map[string]bool
}

// victim is a phone with what it was asked for. Guarded by massacre.mu.
type victim struct {
	phone *cpe.Device
	id    string
	// free are parameters that no task was to set yet: each is set by one task
	// only, so that the phone shows whether that one was carried out.
	free []string
	// room is how many instances fit into the table that tasks add to.
	room int
	// number names what the tasks set.
	number int
}

// addTable is the object that tasks add instances to, and its size.
const (
	addTable     = "Device.Services.VoiceService.1.VoiceProfile.1.SIP.EventSubscribe."
	addTableSize = 8
)

// massacreFlags have servers live fast.
func massacreFlags() []string {
	return []string{"--task-outcome", "20s", "--task-backoff", "200ms", "--session-timeout", "2s", "--inform-interval", "0", "--log-level", "warn"}
}

func newMassacre(t *testing.T, size massacreSize, seed uint64) *massacre {
	t.Helper()
	s := serve(t, massacreFlags()...)
	return newMassacreOf(t, size, seed, s, s.CWMPURL(), s.Client("admin"))
}

// newMassacreOf is newMassacre on servers that run already.
func newMassacreOf(t *testing.T, size massacreSize, seed uint64, s *server, acs string, api *client) *massacre {
	t.Helper()
	m := &massacre{
		t: t, size: size, random: rand.New(rand.NewPCG(seed, 0)), struck: make(chan struct{}, 1),
		acknowledged: map[string]string{}, deleted: map[string]bool{}, server: s, acs: acs, api: api,
	}
	m.process.Store(s.command.Process)
	// A file server that is never killed: a download that fails by itself is
	// rightly tried again, and would hide one that ran twice.
	m.files = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<flat-profile/>")) }))
	t.Cleanup(m.files.Close)
	m.startPhones()
	return m
}

func (m *massacre) startPhones() {
	m.t.Helper()
	listener, err := cpe.ListenConnectionRequests("127.0.0.1:0")
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { _ = listener.Close() })
	model, err := cpe.NewPhoneModel(cpe.RootDevice, 16)
	if err != nil {
		m.t.Fatal(err)
	}
	for i := range m.size.phones {
		phone := m.server.startPhone(m.t, fmt.Sprintf("KILL%05d", i), func(c *cpe.Config) {
			c.ConnectionRequestListen, c.ConnectionRequests, c.ACSURL = "", listener, m.acs
			c.Lines, c.Model, c.JournalSize = 16, model, -1
			c.Interval, c.HoldInterval, c.Jitter = m.size.interval, true, 0.3
			c.RebootDuration = 30 * time.Millisecond
			c.Hooks = cpe.Hooks{
				BeforeRPC: func(request cwmp.Message) error { return m.reached(request, beforeExecution) },
				AfterRPC:  func(request, _ cwmp.Message) error { return m.reached(request, afterExecution) },
			}
		})
		m.phones = append(m.phones, &victim{phone: phone, free: parametersToSet(), room: addTableSize})
	}
}

// parametersToSet returns paths of strings that a new phone lets the server set.
func parametersToSet() []string {
	var paths []string
	for line := 1; line <= 16; line++ {
		for _, name := range []string{"DirectoryNumber", "SIP.AuthUserName", "SIP.URI", "CallingFeatures.CallerIDName", "CallingFeatures.CallForwardUnconditionalNumber"} {
			paths = append(paths, fmt.Sprintf("Device.Services.VoiceService.1.VoiceProfile.1.Line.%d.%s", line, name))
		}
	}
	return paths
}

// arrive waits until the server knows every phone, and learns their ids.
func (m *massacre) arrive() {
	m.t.Helper()
	bySerial := map[string]string{}
	m.api.Eventually("every phone is known", func() bool {
		for _, d := range listAll[deviceRecord](m.api, "devices") {
			bySerial[d.SerialNumber] = d.ID
		}
		return len(bySerial) == len(m.phones)
	})
	for _, v := range m.phones {
		v.id = bySerial[v.phone.Identity().SerialNumber]
	}
}

// kindsToQueue are what is queued; those that must not run twice come more often.
var kindsToQueue = []string{"addObject", "addObject", "setParameterValues", "setParameterValues", "reboot", "download", "download", "getParameterValues", "refresh"}

// newTask returns the body of a task that can be carried out only once.
func (m *massacre) newTask(v *victim, kind string) object {
	m.mu.Lock()
	defer m.mu.Unlock()
	if kind == "addObject" && v.room == 0 || kind == "setParameterValues" && len(v.free) == 0 {
		kind = "getParameterValues"
	}
	v.number++
	token := fmt.Sprintf("value-%d", v.number)
	body := object{"kind": kind}
	switch kind {
	case "addObject":
		v.room--
		body["objectName"] = addTable
		body["parameters"] = []object{{"path": "Event", "value": token, "type": "xsd:string"}}
	case "setParameterValues":
		body["parameters"] = []object{{"path": v.free[0], "value": token, "type": "xsd:string"}}
		v.free = v.free[1:]
	case "download":
		body["url"], body["fileType"] = m.files.URL+"/phone.cfg", cwmp.FileTypeConfiguration
	case "getParameterValues":
		body["paths"] = []string{"Device.DeviceInfo.UpTime", "Device.Time."}
	case "refresh":
		body["path"] = "Device.UserInterface."
	}
	return body
}

// queue asks for a task. An answer that does not come is no failure: the server
// may die at this very moment.
func (m *massacre) queue(ctx context.Context, v *victim, body object) bool {
	path := "devices/" + v.id + "/tasks"
	if m.chance(0.3) {
		path += "?connectionRequest=true"
	}
	got, err := m.api.Try(ctx, http.MethodPost, path, body)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if err != nil {
		m.cutOff++
		return false
	}
	if got.Status >= http.StatusInternalServerError && m.tolerant {
		m.cutOff++
		return false
	}
	if got.Status != http.StatusAccepted {
		m.t.Errorf("queue %v: status %d: %s", body, got.Status, got.Body)
		return false
	}
	var task taskRecord
	got.Decode(&task)
	m.acknowledged[task.ID] = task.Kind
	return true
}

func (m *massacre) chance(p float64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.random.Float64() < p
}

func (m *massacre) pick(n int) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.random.IntN(n)
}

// queueOneOfEach gives every phone something of every kind, before the first
// kill.
func (m *massacre) queueOneOfEach() {
	work := make(chan *victim)
	var workers sync.WaitGroup
	for range 8 {
		workers.Go(func() {
			for v := range work {
				for _, kind := range []string{"setParameterValues", "addObject", "download", "getParameterValues", "reboot", "refresh"} {
					m.queue(context.Background(), v, m.newTask(v, kind))
				}
			}
		})
	}
	for _, v := range m.phones {
		work <- v
	}
	close(work)
	workers.Wait()
}

// queueMore goes on queueing until stop is called, whether the server lives or
// not.
func (m *massacre) queueMore() (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	const clerks = 4
	var working sync.WaitGroup
	for range clerks {
		working.Go(func() {
			ticker := time.NewTicker(clerks * time.Second / time.Duration(m.size.perSecond))
			defer ticker.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				v := m.phones[m.pick(len(m.phones))]
				// Not with ctx: what is asked for is to be answered.
				m.queue(context.Background(), v, m.newTask(v, kindsToQueue[m.pick(len(kindsToQueue))]))
			}
		})
	}
	return func() {
		cancel()
		working.Wait()
	}
}

// deleteSomeOfWhatWasAdded queues the deletion of every second of the newest
// instances.
func (m *massacre) deleteSomeOfWhatWasAdded() {
	m.t.Helper()
	var page listed[taskRecord]
	m.api.Get("tasks?pageSize=100&filter=" + url.QueryEscape(`kind = "addObject" AND state = "succeeded"`)).Want(http.StatusOK).Decode(&page)
	byID := map[string]*victim{}
	for _, v := range m.phones {
		byID[v.id] = v
	}
	for _, added := range page.Items {
		if m.deleted[added.ID] {
			continue
		}
		m.deleted[added.ID] = true
		if m.chance(0.5) {
			continue
		}
		v := byID[added.Device]
		if m.queue(context.Background(), v, object{"kind": "deleteObject", "objectName": addTable + strconv.Itoa(addedInstance(m.t, added)) + "."}) {
			m.mu.Lock()
			v.room++
			m.mu.Unlock()
		}
	}
}

// killMoment is when in the life of an RPC the server is killed.
type killMoment int

const (
	// beforeExecution: the phone has the request.
	beforeExecution killMoment = iota
	// afterExecution: the phone has executed it, and its response leaves.
	afterExecution
)

// killAim says at what a phone's hook kills the server.
type killAim struct {
	method string
	moment killMoment
	// delay lets the response travel; lost says that it does not arrive, or the
	// request, as it is before the execution.
	delay time.Duration
	lost  bool
}

// errLost breaks a session off, as a network does.
var errLost = errors.New("lost on the way")

// lossRate is how often a request or a response is lost without the server being
// killed; thinking is the longest that a phone takes for one half of an RPC, so
// that at any time many are in the middle of one.
const (
	lossRate = 0.01
	thinking = 30 * time.Millisecond
)

// reached is called by phones in the middle of RPCs. It kills the server if this
// is what is aimed at; the error says that the request or response is lost.
func (m *massacre) reached(request cwmp.Message, now killMoment) error {
	time.Sleep(time.Duration(m.pick(int(thinking))))
	a := m.aim.Load()
	if a == nil || a.method != request.Method() || a.moment != now || !m.aim.CompareAndSwap(a, nil) {
		if m.chance(lossRate) {
			return errLost
		}
		return nil
	}
	if a.delay == 0 {
		m.strike()
		return nil
	}
	time.AfterFunc(a.delay, m.strike)
	if a.lost {
		return errLost
	}
	return nil
}

func (m *massacre) strike() {
	_ = m.process.Load().Kill()
	m.struck <- struct{}{}
}

// killOnce lets the server live for a while, kills it and starts it again.
func (m *massacre) killOnce(round int) {
	m.t.Helper()
	life := time.After(time.Duration(m.pick(900)) * time.Millisecond)
	if round%5 == 4 {
		// Hardly up again: while it still looks after what it left behind.
		life = time.After(time.Duration(m.pick(60)) * time.Millisecond)
	}
	<-life
	if round%5 < 3 {
		m.killInTheMiddle()
	}
	m.server.Kill()
	m.server.Start()
	m.process.Store(m.server.command.Process)
}

// killInTheMiddle waits for a phone to come to a chosen moment of a chosen RPC.
func (m *massacre) killInTheMiddle() {
	methods := []string{"AddObject", "AddObject", "Reboot", "Reboot", "Download", "Download", "SetParameterValues", "DeleteObject"}
	a := &killAim{method: methods[m.pick(len(methods))], moment: killMoment(m.pick(2))}
	if m.chance(0.5) {
		a.delay, a.lost = time.Duration(1+m.pick(4000))*time.Microsecond, m.chance(0.3)
	}
	m.aim.Store(a)
	select {
	case <-m.struck:
		m.onTarget++
	case <-time.After(3 * time.Second):
		if !m.aim.CompareAndSwap(a, nil) {
			<-m.struck
			m.onTarget++
		}
	}
}

// drain waits until every task is final.
func (m *massacre) drain() {
	m.t.Helper()
	started := time.Now()
	filter := url.QueryEscape(`state = "queued" OR state = "running" OR state = "waiting"`)
	for {
		var open listed[taskRecord]
		m.api.Get("tasks?pageSize=3&filter=" + filter).Want(http.StatusOK).Decode(&open)
		if open.TotalSize == 0 && len(open.Items) == 0 {
			m.t.Logf("every task was final %s after the last kill", time.Since(started).Round(time.Second/10))
			return
		}
		if time.Since(started) > m.size.drain {
			m.t.Fatalf("%d tasks are not final %s after the last kill, among them %+v", open.TotalSize, m.size.drain, open.Items)
		}
		time.Sleep(250 * time.Millisecond)
	}
}
