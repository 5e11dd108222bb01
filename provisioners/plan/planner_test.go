package plan

import (
	"errors"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func (h *house) ask(q Question) Answer {
	h.t.Helper()
	answer, err := h.planner.Ask(h.t.Context(), q)
	h.check(err)
	return answer
}

func TestAPlanNamesThePhonesThatALevelWouldChange(t *testing.T) {
	h := newHouse(t)
	h.phones(3, "A1", "acme/south")
	h.phones(2, "A2", "acme/north")
	h.phones(4, "A1", "other")
	h.phones(1, "unknown", "acme/south")
	global, acme := key(provisioners.GlobalLevel, ""), key(provisioners.GroupLevel, "acme")
	h.declare(global, "account.1.user", "100", "account.1.registrar", "old.example")
	q := Question{
		Levels: []provisioners.Level{h.level(acme, "account.1.registrar", "new.example")}, Scope: device.Scope{Group: "acme"},
		Level: acme, Paths: []string{"account.1.registrar"}, Names: 4,
	}
	got := h.ask(q)
	if got.Devices != 6 || got.Changed != 5 || got.Unserved != 1 || len(got.Names) != 4 || !got.Truncated || got.Failing != 0 {
		t.Errorf("answer is %+v", got)
	}
	if len(got.ByModel) != 2 || got.ByModel[0] != (Count{Name: "A1", Count: 3}) || got.ByModel[1] != (Count{Name: "A2", Count: 2}) {
		t.Errorf("by model: %+v", got.ByModel)
	}
	if len(got.ByGroup) != 2 || got.ByGroup[0] != (Count{Name: "acme/south", Count: 3}) {
		t.Errorf("by group: %+v", got.ByGroup)
	}
	// What is there already changes nothing.
	q.Levels = []provisioners.Level{h.level(acme, "account.1.registrar", "old.example")}
	if got := h.ask(q); got.Changed != 0 {
		t.Errorf("the same value changes %d", got.Changed)
	}
	if stored, err := h.levels.Levels(t.Context(), []provisioners.LevelKey{acme}); err != nil || len(stored) != 0 {
		t.Errorf("a plan stored %v (%v)", stored, err)
	}
}

func TestAPlanReportsWhatALevelDoesNotReachAndWhy(t *testing.T) {
	h := newHouse(t)
	h.phones(3, "A1", "acme")
	acme := key(provisioners.GroupLevel, "acme")
	overriding := key(provisioners.DeviceLevel, "device000002")
	h.declare(key(provisioners.GlobalLevel, ""), "account.1.user", "100", "network.vlan.voice.id", "!7")
	h.declare(overriding, "account.1.registrar", "own.example")
	paths := []string{"account.*.registrar", "network.vlan.voice.id", "account.9.user"}
	got := h.ask(Question{
		Levels: []provisioners.Level{h.level(acme, "account.*.registrar", "new.example", "network.vlan.voice.id", "9", "account.9.user", "900")},
		Level:  acme, Paths: paths, Names: 1000,
	})
	if got.Changed != 2 || got.Unreached.Overridden != 1 || got.Unreached.Refused != 3 || got.Unreached.Unused != 3 || got.Unreached.Truncated {
		t.Errorf("answer is %+v", got)
	}
	found := map[Why]Place{}
	for _, p := range got.Unreached.Places {
		found[p.Why] = p
	}
	if p := found[Overridden]; p.Device.ID != "device000002" || p.Path != "account.1.registrar" || p.By != overriding {
		t.Errorf("overridden: %+v", p)
	}
	if p := found[Refused]; p.Path != "network.vlan.voice.id" || p.By.Kind != provisioners.GlobalLevel {
		t.Errorf("refused: %+v", p)
	}
	if p := found[Unused]; p.Path != "account.9.user" || p.Reason == "" {
		t.Errorf("unused: %+v", p)
	}
}

func TestTheListsOfAPlanAreBounded(t *testing.T) {
	h := newHouse(t)
	h.phones(5, "A1", "acme")
	global := key(provisioners.GlobalLevel, "")
	h.declare(global, "account.1.user", "1", "network.vlan.voice.id", "!7")
	acme := key(provisioners.GroupLevel, "acme")
	got := h.ask(Question{Levels: []provisioners.Level{h.level(acme, "network.vlan.voice.id", "9", "account.1.label", "x")}, Level: acme, Paths: []string{"network.vlan.voice.id"}, Names: 2})
	if got.Changed != 5 || len(got.Names) != 2 || !got.Truncated || got.Unreached.Refused != 5 || len(got.Unreached.Places) != 2 || !got.Unreached.Truncated {
		t.Errorf("answer is %+v", got)
	}
}

func TestAPlanOfAPackTellsFilesThatChangeFromThoseThatStay(t *testing.T) {
	h := newHouse(t)
	h.phones(2, "A1", "acme")
	h.phones(1, "A2", "acme")
	h.declare(key(provisioners.GlobalLevel, ""), "account.1.user", "100")
	got := h.ask(Question{Packs: pack.NewRegistry(h.pack(template + `{{if eq .model.name "A2"}}more = 1{{"\n"}}{{end}}`)), Names: 10})
	if got.Devices != 3 || got.Changed != 3 || got.Alike != 2 || got.Failing != 0 {
		t.Errorf("answer is %+v", got)
	}
	got = h.ask(Question{Packs: pack.NewRegistry(h.pack(template + `{{if eq .model.name "A2"}}{{fail "no"}}{{end}}`)), Names: 10})
	if got.Failing != 1 || len(got.Failures) != 1 || got.Failures[0].Device.Model != "A2" || !strings.Contains(got.Failures[0].Problem, "no") {
		t.Errorf("answer is %+v", got)
	}
	if got := h.ask(Question{Packs: pack.NewRegistry()}); got.Changed != 3 {
		t.Errorf("without the pack %+v", got)
	}
}

func TestAPlanOfADeviceThatMovesLooksAtThatDevice(t *testing.T) {
	h := newHouse(t)
	h.phones(2, "A1", "acme")
	h.declare(key(provisioners.GroupLevel, "acme"), "account.1.user", "100")
	h.declare(key(provisioners.GroupLevel, "other"), "account.1.user", "200")
	move := func(d device.Device) device.Device { d.Group = "other"; return d }
	q := Question{Device: "device000001", Alter: move, Names: 10}
	if got := h.ask(q); got.Devices != 1 || got.Changed != 1 {
		t.Errorf("answer is %+v", got)
	}
	differences, err := h.planner.Differences(t.Context(), q)
	h.check(err)
	if len(differences) != 1 || !strings.Contains(differences[0].Text, "-account.1.user = 100\n") || !strings.Contains(differences[0].Text, "+account.1.user = 200\n") {
		t.Errorf("differences are %+v", differences)
	}
	q.Scope.Group = "other"
	if _, err := h.planner.Ask(t.Context(), q); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("beyond the scope: %v", err)
	}
	if _, err := h.planner.Differences(t.Context(), q); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("beyond the scope: %v", err)
	}
}

func TestADifferenceShowsThatASecretChangesAndNotWhatItIs(t *testing.T) {
	h := newHouse(t)
	h.phones(1, "A1", "")
	own := key(provisioners.DeviceLevel, "device000001")
	h.declare(own, "account.1.user", "100", "account.1.password", "first secret")
	ask := func(password string) []Difference {
		t.Helper()
		l := h.level(own, "account.1.user", "100", "account.1.password", password)
		l.Revision = 1
		found, err := h.planner.Differences(t.Context(), Question{Device: "device000001", Levels: []provisioners.Level{l}})
		h.check(err)
		return found
	}
	if found := ask("first secret"); len(found) != 0 {
		t.Errorf("the same secret, sealed anew: %+v", found)
	}
	found := ask("second secret")
	if len(found) != 1 || found[0].Name != "0a0b0c000001.cfg" || found[0].Added != 1 || found[0].Removed != 1 {
		t.Fatalf("differences are %+v", found)
	}
	if strings.Contains(found[0].Text, "secret") || !strings.Contains(found[0].Text, "+account.1.password = "+ChangedMask) {
		t.Errorf("the difference is\n%s", found[0].Text)
	}
}

// Ten thousand phones take seconds, and no more memory than a page of them.
func TestAPlanOfTenThousandPhonesTakesSeconds(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	h := newHouse(t)
	h.phones(10_000, "A1", "acme/south")
	h.declare(key(provisioners.GlobalLevel, ""), "account.1.user", "100", "account.1.registrar", "old.example")
	acme := key(provisioners.GroupLevel, "acme")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	got := h.ask(Question{Levels: []provisioners.Level{h.level(acme, "account.1.registrar", "new.example")}, Level: acme, Paths: []string{"account.1.registrar"}, Names: 1000})
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if got.Changed != 10_000 || len(got.Names) != 1000 || !got.Truncated || h.fleet.lists != 20 {
		t.Errorf("changed %d, named %d, %d pages", got.Changed, len(got.Names), h.fleet.lists)
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 16<<20 {
		t.Errorf("keeps %d bytes", kept)
	}
	if took > 30*time.Second {
		t.Errorf("took %s", took)
	}
	t.Logf("10000 phones in %s", took)
}
