package api_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/web/api"
)

// phoneLike stores a device that is changed before.
func (h *house) phoneLike(serial, group string, change func(*device.Device)) device.ID {
	h.t.Helper()
	now := h.clock.Now()
	d := device.Device{
		ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "00562B", SerialNumber: serial}, Model: "CP-8851", SoftwareVersion: "11.3.1",
		Origin: device.OriginOperator, Group: group, Revision: 1, FirstSeen: now, LastInform: now, OnlineUntil: now.Add(time.Hour),
	}
	change(&d)
	check(h.t, h.store.Devices().Create(h.t.Context(), d, 0))
	return d.ID
}

// fleet stores a device in each state in the north, and one that is online in the
// south.
func (h *house) fleet() {
	h.t.Helper()
	now := h.clock.Now()
	h.phoneLike("online", "acme/north", func(d *device.Device) { d.Tags = []string{"vip", "lobby"} })
	h.phoneLike("late", "acme/north", func(d *device.Device) { d.OnlineUntil = now.Add(-time.Minute) })
	h.phoneLike("offline", "acme/north", func(d *device.Device) { d.OnlineUntil = now.Add(-2 * time.Hour); d.SoftwareVersion = "12.0" })
	h.phoneLike("never", "acme/north", func(d *device.Device) {
		d.FirstSeen, d.LastInform, d.OnlineUntil, d.Model, d.SoftwareVersion = time.Time{}, time.Time{}, time.Time{}, "", ""
	})
	h.phoneLike("south", "acme/south", func(d *device.Device) { d.Tags, d.Model = []string{"vip"}, "T46S" })
}

func TestTheSummaryCountsWhatTheOneWhoAsksMaySee(t *testing.T) {
	h := newHouse(t)
	h.fleet()
	got := as[api.DeviceSummary](h.do(http.MethodGet, "/api/v1/devices/summary", h.viewer, "").want(http.StatusOK))
	want := api.DeviceSummary{
		Total: 5, States: api.DeviceStates{Online: 2, Late: 1, Offline: 1, Never: 1},
		Models: []api.ModelCount{{Model: "CP-8851", SoftwareVersion: "11.3.1", Count: 2}, {Count: 1}, {Model: "CP-8851", SoftwareVersion: "12.0", Count: 1}, {Model: "T46S", SoftwareVersion: "11.3.1", Count: 1}},
		Tags:   []api.TagCount{{Tag: "vip", Count: 2}, {Tag: "lobby", Count: 1}}, AsOf: h.clock.Now(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	got = as[api.DeviceSummary](h.do(http.MethodGet, "/api/v1/devices/summary", h.south, "").want(http.StatusOK))
	want = api.DeviceSummary{
		Total: 1, States: api.DeviceStates{Online: 1}, Models: []api.ModelCount{{Model: "T46S", SoftwareVersion: "11.3.1", Count: 1}},
		Tags: []api.TagCount{{Tag: "vip", Count: 1}}, AsOf: h.clock.Now(),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("of a part, -want +got:\n%s", diff)
	}
	d := as[api.Page[api.Device]](h.do(http.MethodGet, "/api/v1/devices?"+url.Values{"filter": {"serialNumber = offline"}}.Encode(), h.viewer, "").want(http.StatusOK))
	if len(d.Items) != 1 || d.Items[0].State != "offline" || d.Items[0].Online {
		t.Errorf("lists %+v", d.Items)
	}
}

// countedSummary counts how often the store is asked.
type countedSummary struct {
	store api.Summary
	asked *atomic.Int32
}

func (s countedSummary) Summary(ctx context.Context, scope device.Scope, now time.Time) (device.Summary, error) {
	s.asked.Add(1)
	return s.store.Summary(ctx, scope, now)
}

func TestOverviewsAskTheStoreOnceInAFewSeconds(t *testing.T) {
	var asked atomic.Int32
	h := newHouse(t, func(o *api.Options) { o.Summary = countedSummary{o.Summary, &asked} })
	for _, path := range []string{"/devices/summary", "/attention", "/filterFields?of=devices", "/devices/summary"} {
		h.do(http.MethodGet, "/api/v1"+path, h.viewer, "").want(http.StatusOK)
	}
	if asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	h.clock.advance(5 * time.Second)
	h.do(http.MethodGet, "/api/v1/devices/summary", h.viewer, "").want(http.StatusOK)
	h.do(http.MethodGet, "/api/v1/devices/summary", h.south, "").want(http.StatusOK)
	if asked.Load() != 3 {
		t.Errorf("asked %d times", asked.Load())
	}
}

// failWith queues a task and has it fail.
func (h *house) failWith(id device.ID, kind tasks.Kind, fault tasks.Fault) tasks.ID {
	h.t.Helper()
	task, err := h.queue.Enqueue(h.t.Context(), tasks.New{Device: id, Kind: kind, CreatedBy: "test"})
	check(h.t, err)
	h.run(id, func(t tasks.Task) error { _, err := h.queue.Fail(h.t.Context(), t, fault); return err })
	return task.ID
}

// listed returns how many items a list has for a filter.
func (h *house) listed(of, filter, token string) int {
	h.t.Helper()
	page := as[api.Page[map[string]any]](h.do(http.MethodGet, "/api/v1/"+of+"?"+url.Values{"filter": {filter}}.Encode(), token, "").want(http.StatusOK))
	return *page.TotalSize
}

func TestAttentionCountsWhatItsFiltersSelect(t *testing.T) {
	h := newHouse(t)
	h.fleet()
	north, south := h.phone("N", "acme/north"), h.phone("S", "acme/south")
	old := h.failWith(north, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	h.clock.advance(8 * 24 * time.Hour)
	for range 2 {
		h.failWith(north, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	}
	h.failWith(north, tasks.Reboot, tasks.Fault{Reason: tasks.OutcomeUnknown})
	h.failWith(south, tasks.Reboot, tasks.Fault{Code: 9005})
	answer := as[api.Attention](h.do(http.MethodGet, "/api/v1/attention", h.viewer, "").want(http.StatusOK))
	var kinds []string
	for _, item := range answer.Items {
		kinds = append(kinds, item.Kind)
		if n := h.listed(item.Of, item.Filter, h.viewer); n != item.Count {
			t.Errorf("%s counts %d, its filter selects %d", item.Kind, item.Count, n)
		}
	}
	if want := []string{"outcomeUnknown", "tasksFailed", "devicesOffline", "neverSeen"}; !slices.Equal(kinds, want) {
		t.Errorf("needs attention: %q, want %q", kinds, want)
	}
	if answer.Items[1].Count != 3 {
		t.Errorf("%d tasks failed, want 3: %s is old", answer.Items[1].Count, old)
	}
	// In the south one task failed, and two devices are offline by now.
	answer = as[api.Attention](h.do(http.MethodGet, "/api/v1/attention", h.south, "").want(http.StatusOK))
	if len(answer.Items) != 2 || answer.Items[0].Kind != "tasksFailed" || answer.Items[0].Count != 1 || answer.Items[1].Count != 2 {
		t.Errorf("in the south %+v", answer.Items)
	}
}

func TestAttentionCountsDevicesInQuarantineAndWithAlarmsOfTheOwnGroup(t *testing.T) {
	h := newHouse(t)
	h.fleet()
	north, south := h.phone("N", "acme/north"), h.phone("S", "acme/south")
	for _, kind := range []device.AlarmKind{device.AlarmIdentityClash, device.AlarmTransfers} {
		check(t, h.store.Sessions().RaiseAlarm(t.Context(), north, device.RaisedAlarm{Kind: kind}, h.clock.Now()))
	}
	h.do(http.MethodPatch, "/api/v1/devices/"+string(south), h.operator, `{"quarantined":true}`).want(http.StatusOK)
	marked := func(token string) map[string]int {
		counts := map[string]int{}
		for _, item := range as[api.Attention](h.do(http.MethodGet, "/api/v1/attention", token, "").want(http.StatusOK)).Items {
			if item.Kind != "devicesQuarantined" && item.Kind != "devicesAlarmed" {
				continue
			}
			counts[item.Kind] = item.Count
			if n := h.listed(item.Of, item.Filter, token); n != item.Count {
				t.Errorf("%s counts %d, its filter selects %d", item.Kind, item.Count, n)
			}
		}
		return counts
	}
	if diff := cmp.Diff(map[string]int{"devicesQuarantined": 1, "devicesAlarmed": 1}, marked(h.viewer)); diff != "" {
		t.Errorf("of all, -want +got:\n%s", diff)
	}
	if diff := cmp.Diff(map[string]int{"devicesQuarantined": 1}, marked(h.south)); diff != "" {
		t.Errorf("in the south, -want +got:\n%s", diff)
	}
	h.do(http.MethodPatch, "/api/v1/devices/"+string(south), h.operator, `{"quarantined":false}`).want(http.StatusOK)
	h.clock.advance(5 * time.Second)
	if diff := cmp.Diff(map[string]int{"devicesAlarmed": 1}, marked(h.viewer)); diff != "" {
		t.Errorf("after the approval, -want +got:\n%s", diff)
	}
}

func TestCausesGroupFailuresAndTheirFiltersSelectThem(t *testing.T) {
	h := newHouse(t)
	north, south := h.phone("N", "acme/north"), h.phone("S", "acme/south")
	for range 2 {
		h.failWith(north, tasks.GetRPCMethods, tasks.Fault{Code: 9003, String: "Invalid arguments"})
	}
	retried := h.failWith(north, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	h.do(http.MethodPost, "/api/v1/tasks/"+string(retried)+"/retry", h.operator, "").want(http.StatusAccepted)
	h.failWith(south, tasks.Reboot, tasks.Fault{Reason: tasks.OutcomeUnknown, String: "no evidence"})
	list := as[api.CauseList](h.do(http.MethodGet, "/api/v1/tasks/causes", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 2 || list.Items[0].Code != 9003 || list.Items[0].Count != 2 || len(list.Items[0].Sample) != 2 || list.Items[0].Text != "Invalid arguments" {
		t.Fatalf("causes %+v", list.Items)
	}
	for _, c := range list.Items {
		if n := h.listed("tasks", c.Filter, h.viewer); n != c.Count {
			t.Errorf("%s selects %d tasks, want %d", c.Filter, n, c.Count)
		}
	}
	list = as[api.CauseList](h.do(http.MethodGet, "/api/v1/tasks/causes?limit=1", h.south, "").want(http.StatusOK))
	if len(list.Items) != 1 || list.Items[0].Reason != "outcomeUnknown" {
		t.Errorf("in the south %+v", list.Items)
	}
	since := url.Values{"since": {h.clock.Now().Add(time.Minute).Format(time.RFC3339)}}
	list = as[api.CauseList](h.do(http.MethodGet, "/api/v1/tasks/causes?"+since.Encode(), h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 0 {
		t.Errorf("since a minute from now %+v", list.Items)
	}
	since = url.Values{"since": {h.clock.Now().Add(-time.Minute).Format(time.RFC3339Nano)}}
	list = as[api.CauseList](h.do(http.MethodGet, "/api/v1/tasks/causes?"+since.Encode(), h.viewer, "").want(http.StatusOK))
	if n := h.listed("tasks", list.Items[0].Filter, h.viewer); n != 2 {
		t.Errorf("%s selects %d tasks", list.Items[0].Filter, n)
	}
	h.do(http.MethodGet, "/api/v1/tasks/causes?since=yesterday", h.viewer, "").invalid("query.since")
	h.do(http.MethodGet, "/api/v1/tasks/causes?limit=0", h.viewer, "").invalid("query.limit")
}

func TestCausesAreGroupedOnceForAllWhoAskWithinTwoSeconds(t *testing.T) {
	counted := &countedCauses{}
	h := newHouse(t, func(o *api.Options) {
		counted.next = o.Causes
		o.Causes = counted
	})
	ask := func(token string, since time.Time) int {
		h.do(http.MethodGet, "/api/v1/tasks/causes?since="+url.QueryEscape(since.Format(time.RFC3339Nano)), token, "").want(http.StatusOK)
		return int(counted.calls.Load())
	}
	now := h.clock.Now() // Five seconds into its minute.
	for _, c := range []struct {
		name  string
		token string
		since time.Time
		later time.Duration
		want  int
	}{
		{"the first", h.viewer, now, 0, 1}, {"another caller", h.operator, now.Add(7 * time.Millisecond), 0, 1}, {"a moment later", h.viewer, now.Add(time.Second), 1900 * time.Millisecond, 1},
		{"who is limited to a group", h.south, now, 0, 2}, {"since another minute", h.viewer, now.Add(-time.Minute), 0, 3}, {"two seconds later", h.viewer, now, 100 * time.Millisecond, 4},
	} {
		h.clock.advance(c.later)
		if calls := ask(c.token, c.since); calls != c.want {
			t.Errorf("%s: grouped %d times, want %d", c.name, calls, c.want)
		}
	}
}

// countedCauses counts how often tasks are grouped.
type countedCauses struct {
	next  api.Causes
	calls atomic.Int64
}

func (c *countedCauses) Causes(ctx context.Context, s device.Scope, since time.Time, limit int) ([]tasks.Cause, error) {
	c.calls.Add(1)
	return c.next.Causes(ctx, s, since, limit)
}

func TestFilterFieldsAreThoseOfTheListWithTheirValues(t *testing.T) {
	h := newHouse(t)
	h.fleet()
	fields := func(of, token string) map[string]api.FilterField {
		all := map[string]api.FilterField{}
		for _, f := range as[api.FilterFields](h.do(http.MethodGet, "/api/v1/filterFields?of="+of, token, "").want(http.StatusOK)).Items {
			all[f.Name] = f
		}
		return all
	}
	devices := fields("devices", h.viewer)
	for _, want := range []api.FilterField{
		{Name: "model", Type: "string", Search: true, Orders: true, Values: []string{"CP-8851", "T46S"}},
		{Name: "softwareVersion", Type: "string", Search: true, Orders: true, Values: []string{"11.3.1", "12.0"}},
		{Name: "tags", Type: "list", Search: true, Values: []string{"lobby", "vip"}},
		{Name: "late", Type: "bool"},
		{Name: "lastInform", Type: "time", Orders: true},
		{Name: "revision", Type: "int", Orders: true},
		{Name: "parameter.vlan", Type: "string", Orders: true},
	} {
		if diff := cmp.Diff(want, devices[want.Name]); diff != "" {
			t.Errorf("%s, -want +got:\n%s", want.Name, diff)
		}
	}
	if south := fields("devices", h.south); !slices.Equal(south["model"].Values, []string{"T46S"}) || !slices.Equal(south["tags"].Values, []string{"vip"}) {
		t.Errorf("in the south models are %q, tags %q", south["model"].Values, south["tags"].Values)
	}
	of := fields("tasks", h.viewer)
	if !slices.Contains(of["state"].Values, "expired") || !slices.Contains(of["kind"].Values, "reboot") || !slices.Contains(of["faultReason"].Values, "outcomeUnknown") || of["createdAt"].Orders {
		t.Errorf("of tasks %+v", of)
	}
	if of := fields("audit", h.viewer); !slices.Contains(of["action"].Values, "updateDevice") || slices.Contains(of["action"].Values, "listDevices") {
		t.Errorf("actions %q", of["action"].Values)
	}
	if of := fields("files", h.viewer); of["name"].Type != "string" {
		t.Errorf("of files %+v", of)
	}
	h.do(http.MethodGet, "/api/v1/filterFields?of=tokens", h.viewer, "").invalid("query.of")
	h.do(http.MethodGet, "/api/v1/filterFields", h.viewer, "").invalid("query.of")
}

func TestTheSystemIsShown(t *testing.T) {
	node := api.NodeInfo{ID: "node1", Host: "a", Since: time.Unix(1e9, 0).UTC(), LastSeen: time.Unix(1e9, 0).UTC(), Self: true}
	h := newHouse(t, func(o *api.Options) {
		o.System.Nodes = func(context.Context) ([]api.NodeInfo, error) { return []api.NodeInfo{node}, nil }
	})
	got := as[api.System](h.do(http.MethodGet, "/api/v1/system", h.operator, "").want(http.StatusOK))
	if got.Version != "1.2.3" || got.GoVersion == "" || got.Node != "node1" || got.Store != (api.StoreStatus{Kind: "sqlite", OK: true}) || !got.Console || got.Audit != nil {
		t.Errorf("the system is %+v", got)
	}
	if diff := cmp.Diff([]api.NodeInfo{node}, got.Nodes); diff != "" {
		t.Error(diff)
	}
	h.phone("1", "")
	h.do(http.MethodDelete, "/api/v1/devices/nothing", h.operator, "")
	last, err := h.store.Audit().LastAudit(t.Context())
	check(t, err)
	got = as[api.System](h.do(http.MethodGet, "/api/v1/system", h.admin, "").want(http.StatusOK))
	if got.Audit == nil || *got.Audit != (api.AuditEnd{Last: last.Sequence, Hash: last.Hash}) {
		t.Errorf("the audit log ends with %+v, want %+v", got.Audit, last)
	}
	if got = as[api.System](h.do(http.MethodGet, "/api/v1/system", h.southAdmin, "").want(http.StatusOK)); got.Audit != nil {
		t.Error("the end of the audit log is told to who is limited to a group")
	}
}

func TestTheSystemIsShownWhileTheStoreIsAway(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Ping = func(context.Context) error { return errBroken } })
	if got := as[api.System](h.do(http.MethodGet, "/api/v1/system", h.operator, "").want(http.StatusOK)); got.Store.OK {
		t.Errorf("the system is %+v", got)
	}
}
