package api_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/plan"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// house is an API over the embedded store, with everything real but the phones.
type house struct {
	files     *files.Library
	t         *testing.T
	api       *api.API
	server    *httptest.Server
	store     *sqlite.Store
	queue     *tasks.Queue
	bulks     *tasks.BulkRunner
	directory *users.Directory
	audit     *users.AuditLog
	keeper    *secret.Keeper
	hub       *api.Hub
	waker     *fakeWaker
	clock     *clock
	log       *lockedBuffer
	shelf     *shelf.Shelf
	tree      *provisioners.Tree
	pass      *plan.Pass
	// Tokens by role; south is an operator limited to the group "acme/south",
	// southAdmin an administrator of the same.
	admin, operator, viewer, south, southAdmin string
	// support is limited to "acme/south" as well; helpdesk has the role that
	// newHouse makes, with helpdeskPermissions.
	support, helpdesk string
}

// clock is a time that only the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// lockedBuffer takes log lines from several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// fakeWaker answers calls to devices, and says on called which were called.
type fakeWaker struct {
	result api.WakeResult
	err    error
	called chan device.ID
}

func (w *fakeWaker) Wake(_ context.Context, id device.ID) (api.WakeResult, error) {
	select {
	case w.called <- id:
	default:
	}
	return w.result, w.err
}

// library adapts files.Library.
type library struct{ *files.Library }

func (l library) Delete(ctx context.Context, name string) error {
	_, err := l.Library.Delete(ctx, name)
	return err
}

// indexedParameters are the names of the indexed parameters of a house.
func indexedParameters() []string { return []string{"registration", "vlan"} }

// newHouse opens a house; changes are made to the options before the API is.
func newHouse(t *testing.T, changes ...func(*api.Options)) *house {
	t.Helper()
	folder := t.TempDir()
	h := &house{t: t, clock: &clock{now: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)}, log: &lockedBuffer{}, waker: &fakeWaker{called: make(chan device.ID, 16)}}
	logger := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	h.store = openStore(t, filepath.Join(folder, "test.db"), h.clock.Now)
	t.Cleanup(func() { check(t, h.store.Close()) })
	h.keeper, err = secret.LoadOrCreate(filepath.Join(folder, "key"))
	check(t, err)
	content, err := files.OpenDirectory(filepath.Join(folder, "files"))
	check(t, err)
	t.Cleanup(func() { check(t, content.Close()) })
	h.files, err = files.NewLibrary(files.Options{Store: h.store.Files(), Content: content, Now: h.clock.Now, MaxSize: 200 << 20, Logger: logger})
	check(t, err)
	registry := prometheus.NewRegistry()
	h.hub = api.NewHub(h.clock.Now())
	h.queue, err = tasks.NewQueue(tasks.QueueOptions{
		Store: h.store.Tasks(), Work: h.store.Sessions(), Keeper: h.keeper, Policy: tasks.DefaultPolicy(), Now: h.clock.Now,
		Observer: h.hub, Logger: logger, Metrics: registry,
	})
	check(t, err)
	h.bulks = tasks.NewBulkRunner(tasks.BulkOptions{
		Store: h.store.Bulks(), Devices: h.store.Devices(), Queue: h.queue, Keeper: h.keeper, Now: h.clock.Now, Logger: logger,
		PerSecond: 10000, Retention: time.Hour, IndexedParameters: indexedParameters(), Edited: h.hub.DeviceChanged, Groups: h.store.Groups(),
	})
	h.directory = h.newDirectory()
	h.audit = users.NewAuditLog(h.store.Audit(), h.clock.Now)
	builtIn, err := quirks.BuiltIn()
	check(t, err)
	o := api.Options{
		Devices: h.store.Devices(), Parameters: h.store.Parameters(), Credentials: h.store.Credentials(), Sealer: h.keeper,
		Tasks: h.queue, Bulks: h.bulks, Waker: h.waker, Files: library{h.files}, Directory: h.directory, Audit: h.audit, Groups: h.store.Groups(), Hub: h.hub,
		IndexedParameters: indexedParameters(),
		Summary:           h.store.Summary(), Causes: h.store.Causes(), History: h.store.History(), Opener: h.keeper, AuditHead: h.store.Audit(),
		Declared: h.store.Declared(), Models: h.store.Models(), Traces: h.store.Traces(), BuiltInQuirks: builtIn,
		FallbackRule: access.Rule{Name: "options", Enabled: true, Methods: []access.Method{access.None}, Unknown: access.Accept, Rebootstrap: access.Accept},
		System:       api.SystemOptions{Node: "node1", StoreKind: "sqlite", StartedAt: h.clock.Now(), Console: true},
		Provisioning: h.provisioning(logger),
		Ping:         h.store.Ping, Metrics: api.MetricsOptions{Registerer: registry, Gatherer: registry}, Logger: logger, Now: h.clock.Now, Version: "1.2.3",
	}
	for _, change := range changes {
		change(&o)
	}
	h.api, err = api.New(o)
	check(t, err)
	h.server = httptest.NewServer(h.api)
	t.Cleanup(h.server.Close)
	t.Cleanup(h.api.Close)
	h.server.Client().CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	h.admin = h.token(users.Admin, "")
	h.operator = h.token(users.Operator, "")
	h.viewer = h.token(users.Viewer, "")
	h.south = h.token(users.Operator, "acme/south")
	h.southAdmin = h.token(users.Admin, "acme/south")
	h.support = h.token(users.Support, "acme/south")
	h.helpdesk = h.token(h.role("helpdesk", helpdeskPermissions()...), "")
	return h
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) token(role users.Role, group string) string {
	h.t.Helper()
	plain, _, err := h.directory.CreateToken(h.t.Context(), users.NewToken{Name: "test " + string(role), Role: role, Scope: device.Scope{Group: group}, CreatedBy: "test"})
	check(h.t, err)
	return plain
}

// phone stores a device as its sessions would have left it.
func (h *house) phone(serial, group string) device.ID {
	h.t.Helper()
	now := h.clock.Now()
	d := device.Device{
		ID: device.NewID(), Manufacturer: "Cisco", CWMPIdentity: device.CWMPIdentity{OUI: "00562B", ProductClass: "CP-8851-3PCC", SerialNumber: serial},
		Model: "CP-8851", SoftwareVersion: "11.3.1", Address: "192.0.2.7", Origin: device.OriginOperator, Group: group, Revision: 1,
		FirstSeen: now, LastInform: now, OnlineUntil: now.Add(time.Hour), InformInterval: 300, Root: "Device.",
		Events: []device.Event{{Code: "1 BOOT", At: now}},
	}
	check(h.t, h.store.Devices().Create(h.t.Context(), d, 0))
	return d.ID
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do sends a request and holds the answer against the API description. Headers
// are pairs of name and value.
func (h *house) do(method, path, token, body string, headers ...string) answer {
	h.t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(h.t.Context(), method, h.server.URL+path, reader)
	check(h.t, err)
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := h.server.Client().Do(request)
	check(h.t, err)
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	check(h.t, err)
	a := answer{t: h.t, status: response.StatusCode, header: response.Header, body: raw}
	h.hold(method, path, a)
	return a
}

// hold checks that the answer is what the description says of it.
func (h *house) hold(method, path string, a answer) {
	h.t.Helper()
	path, _, _ = strings.Cut(path, "?")
	if !strings.HasPrefix(path, "/api/v1/") {
		return
	}
	op := h.operation(method, path)
	if op == nil {
		if a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed {
			h.t.Errorf("%s %s is not described and answers %d", method, path, a.status)
		}
		return
	}
	response := op.Responses[strconv.Itoa(a.status)]
	if response == nil {
		h.t.Errorf("%s answered %d, which is not described: %s", op.OperationID, a.status, a.body)
		return
	}
	contentType, _, _ := strings.Cut(a.header.Get("Content-Type"), ";")
	if len(response.Content) == 0 {
		if len(a.body) > 0 {
			h.t.Errorf("%s answered %d with a body that is not described: %s", op.OperationID, a.status, a.body)
		}
		return
	}
	media := response.Content[contentType]
	if media == nil {
		h.t.Errorf("%s answered %d as %q, which is not described", op.OperationID, a.status, contentType)
		return
	}
	if media.Schema.Format == "binary" || h.holdLines(op.OperationID, contentType, media.Schema, a.body) {
		return
	}
	var value any
	if err := json.Unmarshal(a.body, &value); err != nil {
		h.t.Errorf("%s answered no JSON: %v: %s", op.OperationID, err, a.body)
		return
	}
	h.conforms(op.OperationID+" "+strconv.Itoa(a.status), media.Schema, value)
}

// conforms checks a value against a schema of the description.
func (h *house) conforms(what string, schema *huma.Schema, value any) {
	h.t.Helper()
	var result huma.ValidateResult
	huma.Validate(h.api.Description().Components.Schemas, schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, value, &result)
	for _, err := range result.Errors {
		h.t.Errorf("%s does not conform to its description: %v", what, err)
	}
}

// operation returns the described operation that a request meets: the one with
// the fewest parameters in its path, as the router chooses.
func (h *house) operation(method, path string) *huma.Operation {
	segments := strings.Split(path, "/")
	var best *huma.Operation
	for template, item := range h.api.Description().Paths {
		op := map[string]*huma.Operation{http.MethodGet: item.Get, http.MethodPost: item.Post, http.MethodPut: item.Put, http.MethodPatch: item.Patch, http.MethodDelete: item.Delete}[method]
		if op == nil || !fits(strings.Split(template, "/"), segments) {
			continue
		}
		if best == nil || strings.Count(template, "{") < strings.Count(best.Path, "{") {
			best = op
		}
	}
	return best
}

func fits(template, segments []string) bool {
	if len(template) != len(segments) {
		return false
	}
	for i, part := range template {
		if part != segments[i] && !strings.HasPrefix(part, "{") {
			return false
		}
	}
	return true
}

// want checks the status.
func (a answer) want(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("status %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// problem checks that the answer is a problem of that kind, and returns it.
func (a answer) problem(status int, kind string) api.Problem {
	a.t.Helper()
	a.want(status)
	var p api.Problem
	a.into(&p)
	if p.Type != "urn:dialtone:problem:"+kind || p.Status != status || p.Title == "" || !strings.HasPrefix(p.Instance, "urn:dialtone:request:") {
		a.t.Fatalf("problem %+v, want kind %s", p, kind)
	}
	return p
}

// invalid checks that the answer is a 422 that names exactly this place.
func (a answer) invalid(location string) api.FieldError {
	a.t.Helper()
	p := a.problem(http.StatusUnprocessableEntity, "invalid")
	if len(p.Errors) != 1 || p.Errors[0].Location != location || p.Errors[0].Message == "" {
		a.t.Fatalf("errors %+v, want exactly %s", p.Errors, location)
	}
	return p.Errors[0]
}

func (a answer) into(v any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
}

// as decodes the answer.
func as[T any](a answer) T {
	a.t.Helper()
	var v T
	a.into(&v)
	return v
}

var errBroken = errors.New("disk on fire at /secret/path")

func secretText(s string) secret.Text { return secret.NewText(s) }
