package delivery_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fixture is a Server over stores in memory.
type fixture struct {
	devices *devices
	fetches *provisionerstest.Fetches
	levels  *provisionerstest.Levels
	lines   *provisionerstest.Lines
	library *files.Library
	// converged and credentials are what delivery reads and makes of CWMP.
	converged   *provisionerstest.Convergences
	credentials *credentials
	tree        *provisioners.Tree
	resolver    *provisioners.Resolver
	keeper      *secret.Keeper
	packs       *pack.Registry
	server      *delivery.Server
	registry    *prometheus.Registry
	log         *buffer
	now         time.Time
	stop        func()
}

func newFixture(t testing.TB, change func(*delivery.Options)) *fixture {
	t.Helper()
	f := &fixture{
		devices: newDevices(), fetches: provisionerstest.NewFetches(nil), levels: provisionerstest.NewLevels(), lines: provisionerstest.NewLines(),
		converged: provisionerstest.NewConvergences(), credentials: newCredentials(), registry: prometheus.NewRegistry(), log: new(buffer), now: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC),
	}
	logger := slog.New(slog.NewTextHandler(f.log, nil))
	catalogue, err := provisioners.DefaultCatalogue()
	fatal(t, err)
	f.keeper, err = secret.NewKeeper(bytes.Repeat([]byte{7}, 32))
	fatal(t, err)
	f.tree, err = provisioners.NewTree(t.Context(), f.levels, logger)
	fatal(t, err)
	f.packs = registry(t, catalogue, nil)
	f.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: catalogue, Levels: f.levels, Lines: f.lines, Packs: currentPacks{f}, Shared: f.tree, Keeper: f.keeper, Logger: logger,
	})
	fatal(t, err)
	content, err := files.OpenDirectory(t.TempDir())
	fatal(t, err)
	t.Cleanup(func() { _ = content.Close() })
	f.library, err = files.NewLibrary(files.Options{Store: filestest.NewStore(), Content: content, Logger: logger})
	fatal(t, err)
	options := delivery.Options{
		Packs: func() *pack.Registry { return f.packs }, Catalogue: catalogue, Devices: f.devices, Provisioning: f.devices, Fetches: f.fetches,
		Resolver: f.resolver, Shared: f.tree, Lines: f.lines, Library: f.library,
		Convergences: f.converged, Credentials: f.credentials, Keeper: f.keeper,
		Now: func() time.Time { return f.now }, Logger: logger, Registerer: f.registry,
	}
	if change != nil {
		change(&options)
	}
	f.server, err = delivery.New(options)
	fatal(t, err)
	f.run()
	t.Cleanup(func() { f.stop() })
	return f
}

// run starts the recorder; stop ends it, after which everything is recorded.
func (f *fixture) run() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); f.server.Run(ctx) }()
	f.stop = func() { cancel(); <-done }
}

// settle waits until everything that was asked is recorded.
func (f *fixture) settle() {
	f.stop()
	f.run()
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// currentPacks are the packs of the fixture at the moment of the question.
type currentPacks struct{ f *fixture }

func (c currentPacks) For(d device.Device) (provisioners.Served, bool) { return c.f.packs.For(d) }

// set stores a level, sealing the values of secrets.
func (f *fixture) set(t testing.TB, key provisioners.LevelKey, settings map[string]string) {
	t.Helper()
	var entries []provisioners.Entry
	for path, value := range settings {
		e := provisioners.Entry{Path: path, Value: value}
		if strings.HasSuffix(path, "assword") {
			sealed, err := f.keeper.Seal(secret.NewText(value), key.Owner(path))
			fatal(t, err)
			e.Value, e.Sealed = "", sealed
		}
		entries = append(entries, e)
	}
	f.levels.Set(key, entries...)
	fatal(t, f.tree.Refresh(t.Context()))
}

func globalKey() provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.GlobalLevel}
}

func deviceKey(id string) provisioners.LevelKey {
	return provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: id}
}

// phone adds a device with an account.
func (f *fixture) phone(t testing.TB, id, mac, model string) device.Device {
	t.Helper()
	d := device.Device{ID: device.ID(id), MAC: mac, Model: model, Origin: device.OriginOperator}
	f.devices.put(d)
	f.set(t, deviceKey(id), map[string]string{"account.1.user": "user-" + id, "account.1.password": "pass-" + id})
	return d
}

// ask opens a path as a phone in the private network does.
func (f *fixture) ask(t testing.TB, r files.Request) (string, files.Opened, error) {
	t.Helper()
	if r.Protocol == "" {
		r.Protocol = "http"
	}
	if r.Method == "" {
		r.Method = "GET"
	}
	if r.Host == "" {
		r.Host = "files.example:7567"
	}
	if !r.Address.IsValid() {
		r.Address = netip.MustParseAddr("192.168.1.50")
	}
	if r.At.IsZero() {
		r.At = f.now
	}
	opened, err := f.server.OpenRequest(t.Context(), r)
	if err != nil {
		return "", opened, err
	}
	defer opened.Content.Close()
	content, err := io.ReadAll(opened.Content)
	fatal(t, err)
	if int64(len(content)) != opened.Size {
		t.Errorf("%s: %d bytes, said to be %d", r.Path, len(content), opened.Size)
	}
	return string(content), opened, nil
}

// take asks, and tells that the phone got all of it.
func (f *fixture) take(t testing.TB, r files.Request) string {
	t.Helper()
	content, opened, err := f.ask(t, r)
	if err != nil {
		t.Fatalf("%s: %v", r.Path, err)
	}
	opened.Ended(files.Ended{Status: 200, Bytes: opened.Size, Complete: true})
	return content
}

// history returns what was recorded, the newest first.
func (f *fixture) history(t testing.TB) []provisioners.Fetch {
	t.Helper()
	f.settle()
	list, err := f.fetches.ListFetches(t.Context(), provisioners.FetchList{Limit: 1000})
	fatal(t, err)
	return list
}

func (f *fixture) strangers(t testing.TB) []provisioners.Stranger {
	t.Helper()
	f.settle()
	list, err := f.fetches.ListStrangers(t.Context(), provisioners.Stranger{}, 1000)
	fatal(t, err)
	return list
}

// count returns a counter of that label's value.
func (f *fixture) count(t testing.TB, name, label string) float64 {
	t.Helper()
	families, err := f.registry.Gather()
	fatal(t, err)
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == name && metric.GetLabel()[0].GetValue() == label {
				return metric.GetCounter().GetValue()
			}
		}
	}
	return 0
}

func (f *fixture) lint(t testing.TB) {
	t.Helper()
	problems, err := testutil.GatherAndLint(f.registry)
	if err != nil || len(problems) != 0 {
		t.Errorf("metrics: %v, %v", problems, err)
	}
}

// devices are the stores of devices in memory.
type devices struct {
	mu    sync.Mutex
	byID  map[device.ID]device.Device
	calls int
	err   error
}

func newDevices() *devices { return &devices{byID: map[device.ID]device.Device{}} }

func (s *devices) put(d device.Device) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byID[d.ID] = d
}

func (s *devices) get(id string) device.Device {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[device.ID(id)]
}

func (s *devices) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
}

func (s *devices) ByIdentity(_ context.Context, identity device.Identity) (device.Device, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls++
	if s.err != nil {
		return device.Device{}, s.err
	}
	for _, d := range s.byID {
		for _, has := range d.Identities() {
			if has == identity {
				return d, nil
			}
		}
	}
	return device.Device{}, device.ErrNotFound
}

func (s *devices) Get(_ context.Context, id device.ID) (device.Device, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byID[id]
	if !ok {
		return d, device.ErrNotFound
	}
	return d, s.err
}

func (s *devices) List(_ context.Context, l device.List) (device.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var page device.Page
	for _, d := range s.byID {
		if query.Match(l.Filter, func(name string) (query.Value, bool) { return d.Field(name, l.Now) }) && len(page.Devices) < l.PageSize {
			page.Devices = append(page.Devices, d)
		}
	}
	return page, nil
}

func (s *devices) Mark(context.Context, device.ID, device.Mark) (bool, error) {
	return false, errors.New("nobody marks here")
}

func (s *devices) NoteConverged(context.Context, device.ID, device.Converged) error {
	return errors.New("nobody converges here")
}

func (s *devices) Reconsider(context.Context, device.ID, time.Time) error {
	return errors.New("nobody converges here")
}

func (s *devices) NoteFetched(_ context.Context, id device.ID, n device.Fetched) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, ok := s.byID[id]
	if !ok {
		return device.ErrNotFound
	}
	s.byID[id] = d.ApplyFetched(n)
	return s.err
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.String()
}

type optionsOf = delivery.Options

// leases are MAC addresses by IP address.
type leases map[string]string

func (l leases) MAC(_ context.Context, address netip.Addr) (string, bool) {
	mac, ok := l[address.String()]
	return mac, ok
}

// uploads is a library in which every file came from a device.
type uploads struct{ delivery.Library }

func (u uploads) Get(ctx context.Context, name string) (files.File, error) {
	f, err := u.Library.Get(ctx, name)
	f.Device = "d"
	return f, err
}
