package acs

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/tasks"
)

// clockAt is a clock that tests move.
type clockAt struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clockAt) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clockAt) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// fixture is a server over a real store, and what tests look into.
type fixture struct {
	t        *testing.T
	server   *Server
	http     *httptest.Server
	store    store.Store
	queue    *tasks.Queue
	keeper   *secret.Keeper
	registry *prometheus.Registry
	clock    *clockAt
	offers   *fakeFiles
	// woken are the devices that the queue called.
	woken []device.ID
}

// fakeFiles offers any file but "missing", and says that of the files that devices
// send those came whose size it has.
type fakeFiles struct {
	mu       sync.Mutex
	received map[string]int64
	asked    []ReceiveRequest
}

func (f *fakeFiles) Receive(_ context.Context, r ReceiveRequest) (FileReceipt, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r)
	name := "upload-" + string(r.Device) + "-" + strconv.Itoa(len(f.asked))
	return FileReceipt{URL: "http://" + r.Host + ":7567/files/u/token/" + name, Name: name}, nil
}

func (f *fakeFiles) Received(_ context.Context, name string) (int64, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	size, ok := f.received[name]
	if !ok {
		return 0, ErrNoFile
	}
	return size, nil
}

// put acts as a device that sends the file.
func (f *fakeFiles) put(name string, size int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.received[name] = size
}

func (*fakeFiles) Offer(_ context.Context, r FileRequest) (FileOffer, error) {
	if r.Name == "missing" {
		return FileOffer{}, ErrNoFile
	}
	return FileOffer{URL: "http://" + r.Host + ":7567/files/t/token/" + r.Name, FileType: "1 Firmware Upgrade Image", Size: 42}, nil
}

// emptyStore returns the file of a store that holds nothing, made once: its
// migrations take longer than most tests.
func emptyStore(t *testing.T) []byte {
	t.Helper()
	file, err := madeStore()
	must(t, err)
	return file
}

var madeStore = sync.OnceValues(func() ([]byte, error) {
	folder, err := os.MkdirTemp("", "acs-test")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "dialtone.db")
	s, err := sqlite.Open(context.Background(), sqlite.Options{Path: path, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	if err := s.Close(); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newFixture starts a server. Between any two requests its sessions are encoded
// and decoded, as if another node went on with them.
func newFixture(t *testing.T, change ...func(*Options)) *fixture {
	t.Helper()
	f := &fixture{t: t, clock: &clockAt{t: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}, registry: prometheus.NewRegistry(), offers: &fakeFiles{received: map[string]int64{}}}
	logger := slog.New(slog.DiscardHandler)
	var err error
	path := filepath.Join(t.TempDir(), "dialtone.db")
	must(t, os.WriteFile(path, emptyStore(t), 0o600))
	f.store, err = sqlite.Open(t.Context(), sqlite.Options{Path: path, Logger: logger, Registerer: f.registry})
	must(t, err)
	t.Cleanup(func() { must(t, f.store.Close()) })
	f.keeper, err = secret.NewKeeper(bytes.Repeat([]byte{7}, 32))
	must(t, err)
	policy := tasks.DefaultPolicy()
	f.queue, err = tasks.NewQueue(tasks.QueueOptions{Store: f.store.Tasks(), Work: f.store.Sessions(), Keeper: f.keeper, Policy: policy, Now: f.clock.now, Logger: logger, Metrics: f.registry, Wake: func(id device.ID) { f.woken = append(f.woken, id) }})
	must(t, err)
	o := Options{
		Devices: f.store.Devices(), Sessions: f.store.Sessions(), Parameters: f.store.Parameters(), Models: f.store.Models(),
		Queue: f.queue, Keeper: f.keeper, Files: f.offers, Logger: logger, Metrics: f.registry, Now: f.clock.now,
		ClientAddress: func(r *http.Request) netip.Addr { return netip.MustParseAddrPort(r.RemoteAddr).Addr() },
		Onboarding:    Onboarding{Off: true},
	}
	for _, c := range change {
		c(&o)
	}
	f.server, err = New(o)
	must(t, err)
	f.server.transform = func(s *Session) *Session {
		raw, err := json.Marshal(s)
		if err != nil {
			t.Errorf("encode session: %v", err)
			return s
		}
		var decoded Session
		if err := json.Unmarshal(raw, &decoded); err != nil {
			t.Errorf("decode session: %v", err)
			return s
		}
		return &decoded
	}
	f.http = httptest.NewUnstartedServer(f.server)
	f.http.Config.ConnContext = f.server.ConnContext
	f.http.Start()
	t.Cleanup(f.http.Close)
	return f
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// phone is a device whose every message a test writes.
type phone struct {
	f         *fixture
	client    *http.Client
	namespace string
	serial    string
	requests  int
	header    http.Header
	// rewrite changes what is sent, if it is not nil; envelope what is encoded.
	rewrite  func([]byte) []byte
	envelope func(*cwmp.Envelope)
	// url returns where the next request goes; nil for the fixture's server.
	url func() string
}

// newPhone returns a phone that keeps cookies and one connection.
func (f *fixture) newPhone(serial string) *phone {
	jar, err := cookiejar.New(nil)
	must(f.t, err)
	transport := &http.Transport{MaxConnsPerHost: 1}
	f.t.Cleanup(transport.CloseIdleConnections)
	return &phone{f: f, client: &http.Client{Jar: jar, Transport: transport}, namespace: cwmp.NamespaceV1_0, serial: serial, header: http.Header{}}
}

// post sends a body and returns the status and the body of the answer.
func (p *phone) post(body []byte) (*http.Response, []byte) {
	p.f.t.Helper()
	url := p.f.http.URL
	if p.url != nil {
		url = p.url()
	}
	request, err := http.NewRequestWithContext(p.f.t.Context(), http.MethodPost, url+"/", bytes.NewReader(body))
	must(p.f.t, err)
	request.Header = p.header.Clone()
	if len(body) > 0 && request.Header.Get("Content-Type") == "" {
		request.Header.Set("Content-Type", `text/xml; charset="utf-8"`)
	}
	response, err := p.client.Do(request)
	must(p.f.t, err)
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	must(p.f.t, err)
	return response, answer
}

// send sends a message as the device's request, or as the answer to a request of
// the server, nil as an empty POST; it returns the server's message, nil for 204.
func (p *phone) send(m cwmp.Message, inAnswerTo *cwmp.Envelope) *cwmp.Envelope {
	p.f.t.Helper()
	var body []byte
	if m != nil {
		p.requests++
		e := &cwmp.Envelope{ID: "phone-" + strconv.Itoa(p.requests), HasID: true, Namespace: p.namespace, Message: m}
		if inAnswerTo != nil {
			e.ID, e.HasID = inAnswerTo.ID, inAnswerTo.HasID
		}
		if p.envelope != nil {
			p.envelope(e)
		}
		var err error
		body, err = cwmp.Encode(e)
		must(p.f.t, err)
		if p.rewrite != nil {
			body = p.rewrite(body)
		}
	}
	response, answer := p.post(body)
	if response.StatusCode == http.StatusNoContent {
		return nil
	}
	if response.StatusCode != http.StatusOK {
		p.f.t.Fatalf("status %d for %T", response.StatusCode, m)
	}
	got, err := cwmp.Decode(answer, cwmp.DefaultLimits())
	must(p.f.t, err)
	return got
}

// inform returns an Inform of the phone with the given events.
func (p *phone) inform(events ...string) *cwmp.Inform {
	m := &cwmp.Inform{
		DeviceID:     cwmp.DeviceIDStruct{Manufacturer: "Cisco", OUI: "00562B", ProductClass: "CP-8851-3PCC", SerialNumber: p.serial},
		MaxEnvelopes: 1, CurrentTime: cwmp.NewDateTime(p.f.clock.now()),
		ParameterList: []cwmp.ParameterValueStruct{
			{Name: "Device.DeviceInfo.SoftwareVersion", Value: "12.0.4", Type: cwmp.TypeString},
			{Name: "Device.DeviceInfo.HardwareVersion", Value: "V01", Type: cwmp.TypeString},
			{Name: "Device.ManagementServer.ConnectionRequestURL", Value: "http://192.0.2.9:7547/abc", Type: cwmp.TypeString},
			{Name: "Device.ManagementServer.ParameterKey", Value: "", Type: cwmp.TypeString},
		},
	}
	for _, e := range events {
		m.Events = append(m.Events, cwmp.EventStruct{EventCode: e})
	}
	return m
}

// open opens a session and returns the device's record.
func (p *phone) open(events ...string) device.Device {
	p.f.t.Helper()
	answer := p.send(p.inform(events...), nil)
	if _, ok := answer.Message.(*cwmp.InformResponse); !ok {
		p.f.t.Fatalf("Inform was answered with %s", answer.Message.Method())
	}
	return p.record()
}

// record returns the phone's device record.
func (p *phone) record() device.Device {
	p.f.t.Helper()
	identity := device.CWMPIdentity{OUI: "00562B", ProductClass: "CP-8851-3PCC", SerialNumber: p.serial}
	d, err := p.f.store.Devices().ByIdentity(p.f.t.Context(), identity.Identity())
	must(p.f.t, err)
	return d
}

// session runs a whole session: it opens it, and answers every request of the
// server by the given function until 204. It returns the methods asked.
func (p *phone) session(answer func(m cwmp.Message) cwmp.Message, events ...string) []string {
	p.f.t.Helper()
	p.open(events...)
	return p.work(answer)
}

// work goes on with an open session until 204.
func (p *phone) work(answer func(m cwmp.Message) cwmp.Message) []string {
	p.f.t.Helper()
	var asked []string
	request := p.send(nil, nil)
	for request != nil {
		asked = append(asked, request.Message.Method())
		if len(asked) > 500 {
			p.f.t.Fatalf("the session does not end: %v", asked[:20])
		}
		request = p.send(answer(request.Message), request)
	}
	return asked
}

// task enqueues a task and returns it.
func (f *fixture) task(id device.ID, kind tasks.Kind, args string) tasks.Task {
	f.t.Helper()
	t, err := f.queue.Enqueue(f.t.Context(), tasks.New{Device: id, Kind: kind, Args: json.RawMessage(args), CreatedBy: "test"})
	must(f.t, err)
	return t
}

// reload returns the task as it is now.
func (f *fixture) reload(t tasks.Task) tasks.Task {
	f.t.Helper()
	now, err := f.queue.Get(f.t.Context(), t.ID)
	must(f.t, err)
	return now
}

// known returns a phone whose device has contacted the server before.
func (f *fixture) known(serial string) (*phone, device.Device) {
	f.t.Helper()
	p := f.newPhone(serial)
	d := p.open("1 BOOT")
	if p.send(nil, nil) != nil {
		f.t.Fatal("an idle session was asked something")
	}
	return p, d
}

// want fails the test unless the task is in the state.
func (f *fixture) want(t tasks.Task, s tasks.State) tasks.Task {
	f.t.Helper()
	now := f.reload(t)
	if now.State != s {
		f.t.Fatalf("task %s is %s, want %s (fault %v)", now.Kind, now.State, s, now.Fault)
	}
	return now
}
