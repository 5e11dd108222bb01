package acs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
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

// benchDevices is how many known devices take turns in a benchmark.
const benchDevices = 2000

// BenchmarkPeriodicSession is a session in which nothing is to be done, without
// network: Inform and empty POST of a known device. Over the SQLite store it
// shows what the store costs beside the same over records in memory.
func BenchmarkPeriodicSession(b *testing.B) {
	for _, c := range []struct {
		name     string
		parallel int
		memory   bool
	}{{"sqlite 1 at a time", 1, false}, {"sqlite 64 at a time", 64, false}, {"memory 1 at a time", 1, true}} {
		b.Run(c.name, func(b *testing.B) {
			f := newBenchFixture(b, c.memory)
			f.run(b, c.parallel, f.periodic)
		})
	}
}

// BenchmarkSessionWithOneTask is a session that carries out one queued
// SetParameterValues.
func BenchmarkSessionWithOneTask(b *testing.B) {
	f := newBenchFixture(b, false)
	f.run(b, 64, f.withTask)
}

// benchFixture is a server over a real store whose devices are all known.
type benchFixture struct {
	server  *Server
	store   store.Store
	queue   *tasks.Queue
	informs [][]byte
	ids     []device.ID
	devices int
	next    atomic.Int64
}

func newBenchFixture(b *testing.B, memory bool) *benchFixture {
	b.Helper()
	registry := prometheus.NewRegistry()
	return newBenchFixtureOn(b, openBenchSQLite(b, registry), registry, benchDevices, memory)
}

func openBenchSQLite(b *testing.B, registry *prometheus.Registry) store.Store {
	b.Helper()
	opened, err := sqlite.Open(b.Context(), sqlite.Options{Path: filepath.Join(b.TempDir(), "dialtone.db"), Registerer: registry})
	if err != nil {
		b.Fatal(err)
	}
	return opened
}

// newBenchFixtureOn takes the store over and closes it at the end.
func newBenchFixtureOn(b *testing.B, opened store.Store, registry *prometheus.Registry, devices int, memory bool) *benchFixture {
	b.Helper()
	check := func(err error) {
		if err != nil {
			b.Helper()
			b.Fatal(err)
		}
	}
	f := &benchFixture{store: opened, devices: devices}
	logger := slog.New(slog.DiscardHandler)
	clock := func() time.Time { return time.Now().UTC().Truncate(time.Millisecond) }
	b.Cleanup(func() { check(opened.Close()) })
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte{7}, 32))
	check(err)
	f.queue, err = tasks.NewQueue(tasks.QueueOptions{Store: f.store.Tasks(), Work: f.store.Sessions(), Keeper: keeper, Policy: tasks.DefaultPolicy(), Now: clock, Logger: logger, Metrics: registry})
	check(err)
	o := Options{
		Devices: f.store.Devices(), Sessions: f.store.Sessions(), Parameters: f.store.Parameters(), Models: f.store.Models(),
		Queue: f.queue, Keeper: keeper, Files: &fakeFiles{}, Logger: logger, Metrics: registry, Now: clock, Onboarding: Onboarding{Off: true},
		ClientAddress: func(r *http.Request) netip.Addr { return netip.MustParseAddrPort(r.RemoteAddr).Addr() },
	}
	if memory {
		o.Sessions = &memorySessions{SessionStore: o.Sessions, devices: o.Devices, known: map[device.CWMPIdentity]*device.Device{}, byID: map[device.ID]*device.Device{}}
	}
	f.server, err = New(o)
	check(err)
	check(f.meet())
	return f
}

// meet has every device contact the server once, so that all are known.
func (f *benchFixture) meet() error {
	f.informs = make([][]byte, f.devices)
	f.ids = make([]device.ID, f.devices)
	var meeting sync.WaitGroup
	failed := make(chan error, 1)
	for worker := range 64 {
		meeting.Go(func() {
			e := newExchange()
			for i := worker; i < f.devices; i += 64 {
				if err := f.meetOne(e, i); err != nil {
					select {
					case failed <- err:
					default:
					}
					return
				}
			}
		})
	}
	meeting.Wait()
	select {
	case err := <-failed:
		return err
	default:
		return nil
	}
}

func (f *benchFixture) meetOne(e *exchange, i int) error {
	m := benchInform(i)
	var err error
	if f.informs[i], err = cwmp.Encode(&cwmp.Envelope{ID: strconv.Itoa(i), HasID: true, Namespace: cwmp.NamespaceV1_2, Message: m}); err != nil {
		return err
	}
	if err := f.session(e, i, nil); err != nil {
		return err
	}
	identity := device.CWMPIdentity{OUI: m.DeviceID.OUI, ProductClass: m.DeviceID.ProductClass, SerialNumber: m.DeviceID.SerialNumber}
	d, err := f.store.Devices().ByIdentity(context.Background(), identity.Identity())
	f.ids[i] = d.ID
	return err
}

// benchInform is what a Cisco 8800 sends every few minutes.
func benchInform(i int) *cwmp.Inform {
	value := func(name, value string) cwmp.ParameterValueStruct {
		return cwmp.ParameterValueStruct{Name: "Device." + name, Value: value, Type: cwmp.TypeString}
	}
	return &cwmp.Inform{
		DeviceID:     cwmp.DeviceIDStruct{Manufacturer: "Cisco Systems, Inc.", OUI: "000E08", ProductClass: "CP-8841-3PCC", SerialNumber: fmt.Sprintf("FCH%08d", i)},
		Events:       []cwmp.EventStruct{{EventCode: cwmp.EventPeriodic}},
		MaxEnvelopes: 1, CurrentTime: cwmp.NewDateTime(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		ParameterList: []cwmp.ParameterValueStruct{
			value("DeviceSummary", "Device:1.1[](Baseline:1), VoiceService:1.0[1](Endpoint:1, SIPEndpoint:1)"),
			value("DeviceInfo.HardwareVersion", "V03"), value("DeviceInfo.SoftwareVersion", "sip88xx.12-0-1MPP0001-123"),
			value("DeviceInfo.ProvisioningCode", ""), value("DeviceInfo.ModelName", "CP-8841-3PCC"),
			value("ManagementServer.ConnectionRequestURL", "http://192.0.2.9:7547/0123456789abcdef"), value("ManagementServer.ParameterKey", ""),
			value("LAN.IPAddress", "192.0.2.9"),
		},
	}
}

// run lets sessions run by turns of the devices and reports the CPU time beside
// what the testing package reports.
func (f *benchFixture) run(b *testing.B, parallel int, session func(e *exchange, i int) error) {
	b.ReportAllocs()
	cpu := benchCPU(b)
	b.ResetTimer()
	if parallel == 1 {
		e := newExchange()
		for b.Loop() {
			if err := session(e, int(f.next.Add(1))%f.devices); err != nil {
				b.Fatal(err)
			}
		}
	} else {
		b.SetParallelism(parallel / 2)
		b.RunParallel(func(pb *testing.PB) {
			e := newExchange()
			for pb.Next() {
				if err := session(e, int(f.next.Add(1))%f.devices); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	b.ReportMetric(float64((benchCPU(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
}

// benchCPU returns the CPU time that the process used so far.
func benchCPU(b *testing.B) time.Duration {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func (f *benchFixture) periodic(e *exchange, i int) error { return f.session(e, i, nil) }

func (f *benchFixture) withTask(e *exchange, i int) error {
	if err := f.enqueue(i); err != nil {
		return err
	}
	return f.session(e, i, benchAnswer)
}

func (f *benchFixture) enqueue(i int) error {
	_, err := f.queue.Enqueue(context.Background(), tasks.New{Device: f.ids[i], Kind: tasks.SetParameterValues, Args: benchTask, CreatedBy: "benchmark"})
	return err
}

var (
	benchTask   = json.RawMessage(`{"parameters":[{"path":"Device.Time.NTPServer1","value":"ntp.example.net","type":"xsd:string"}]}`)
	benchAnswer = &cwmp.SetParameterValuesResponse{}
)

// session is one session; answer is given to the one request that the server is
// to send, nil if it is to send none.
func (f *benchFixture) session(e *exchange, i int, answer cwmp.Message) error {
	e.cookie = ""
	if status := e.post(f.server, f.informs[i]); status != http.StatusOK {
		return fmt.Errorf("the Inform was answered with %d", status)
	}
	status := e.post(f.server, nil)
	if answer != nil && status == http.StatusOK {
		request, err := cwmp.Decode(e.body.Bytes(), cwmp.DefaultLimits())
		if err != nil {
			return err
		}
		body, err := cwmp.Encode(&cwmp.Envelope{ID: request.ID, HasID: true, Namespace: cwmp.NamespaceV1_2, Message: answer})
		if err != nil {
			return err
		}
		status = e.post(f.server, body)
	} else if answer != nil {
		return fmt.Errorf("no request came: %d", status)
	}
	if status != http.StatusNoContent {
		return fmt.Errorf("the session ended with %d", status)
	}
	return nil
}

// exchange is the HTTP of one worker, without a network below it.
type exchange struct {
	request *http.Request
	header  http.Header
	body    bytes.Buffer
	status  int
	cookie  string
}

func newExchange() *exchange {
	r, _ := http.NewRequest(http.MethodPost, "http://acs.example.net/", nil) // Cannot fail: both are constant.
	r.RemoteAddr = "192.0.2.9:40000"
	r.Header.Set("Content-Type", `text/xml; charset="utf-8"`)
	return &exchange{request: r, header: http.Header{}}
}

func (e *exchange) post(h http.Handler, body []byte) int {
	clear(e.header)
	e.body.Reset()
	e.request.Body, e.request.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	delete(e.request.Header, "Cookie")
	if e.cookie != "" {
		e.request.Header["Cookie"] = []string{e.cookie}
	}
	h.ServeHTTP(e, e.request)
	if set := e.header.Get("Set-Cookie"); set != "" {
		e.cookie, _, _ = strings.Cut(set, ";")
	}
	return e.status
}

// Header implements http.ResponseWriter.
func (e *exchange) Header() http.Header { return e.header }

// WriteHeader implements http.ResponseWriter.
func (e *exchange) WriteHeader(status int) { e.status = status }

// Write implements http.ResponseWriter.
func (e *exchange) Write(p []byte) (int, error) { return e.body.Write(p) }

// memorySessions keeps what sessions change in memory; the first contact of a
// device goes to the real store, from which the record is taken.
type memorySessions struct {
	device.SessionStore
	devices Devices
	mu      sync.Mutex
	known   map[device.CWMPIdentity]*device.Device
	byID    map[device.ID]*device.Device
}

// Begin implements device.SessionStore.
func (m *memorySessions) Begin(ctx context.Context, c device.Contact) (device.Began, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	record := m.known[c.Identity]
	if record == nil {
		began, err := m.SessionStore.Begin(ctx, c)
		if err == nil {
			after := began.After
			m.known[c.Identity], m.byID[after.ID] = &after, &after
		}
		return began, err
	}
	before := *record
	after, err := before.Apply(c)
	*record = after
	return device.Began{Before: before, After: after}, err
}

// End implements device.SessionStore.
func (m *memorySessions) End(_ context.Context, e device.SessionEnd) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	record := m.byID[e.Device]
	after, err := record.End(e)
	if err == nil {
		*record = after
	}
	return err
}
