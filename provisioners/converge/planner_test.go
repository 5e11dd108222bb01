package converge

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func TestAPlannerNeedsAllOfItsOptions(t *testing.T) {
	h := newHouse(t)
	for name, without := range map[string]func(*Options){
		"resolver": func(o *Options) { o.Resolver = nil }, "packs": func(o *Options) { o.Packs = nil },
		"parameters": func(o *Options) { o.Parameters = nil }, "provisioning": func(o *Options) { o.Provisioning = nil },
		"convergences": func(o *Options) { o.Convergences = nil }, "data models": func(o *Options) { o.DataModels = nil },
		"profiles": func(o *Options) { o.Profiles = nil }, "tasks": func(o *Options) { o.Tasks = nil },
		"files": func(o *Options) { o.Files = nil }, "keeper": func(o *Options) { o.Keeper = nil }, "clock": func(o *Options) { o.Now = nil },
	} {
		o := h.planner.o
		without(&o)
		if _, err := New(o); err == nil {
			t.Errorf("one without %s was made", name)
		}
	}
}

func TestOutcomesAreCounted(t *testing.T) {
	h, p := newHouse(t), newPhone()
	registry := prometheus.NewRegistry()
	o := h.planner.o
	o.Registerer = registry
	planner, err := New(o)
	h.check(err)
	if _, err := New(o); err == nil {
		t.Error("a second planner was registered")
	}
	h.planner, h.alone = planner, true
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.changes(p, registrar, "other.example.org")
	const want = `# HELP dialtone_convergence_sessions_total Sessions that looked after the settings of their device, by what came of it.
# TYPE dialtone_convergence_sessions_total counter
dialtone_convergence_sessions_total{state="converged"} 1
dialtone_convergence_sessions_total{state="drifted"} 1
`
	if err := testutil.GatherAndCompare(registry, strings.NewReader(want), "dialtone_convergence_sessions_total"); err != nil {
		t.Error(err)
	}
}

func TestAProgressThatCannotBeReadIsAnError(t *testing.T) {
	h := newHouse(t)
	if _, err := h.planner.Resume(t.Context(), Visit{}, json.RawMessage(`{"Stage":7}`)); err == nil {
		t.Error("it was read")
	}
}

func TestAStoreThatFailsEndsTheCourseWithAnError(t *testing.T) {
	away := errors.New("the store is away")
	for name, fail := range map[string]func(h *house){
		"settings":     func(h *house) { h.levels.Fail(away) },
		"convergences": func(h *house) { h.convergences.Fail(away) },
		"data models":  func(h *house) { h.models.Fail(away) },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.declare(accounts(1)...)
			fail(h)
			d := h.records.devices[id]
			v := Visit{Device: &d, Events: []device.Event{{Code: "0 BOOTSTRAP"}}, Now: h.now}
			course, err := h.planner.Begin(t.Context(), v)
			h.check(err)
			if m, _, err := course.Next(t.Context(), v); !errors.Is(err, away) || m != nil {
				t.Errorf("it goes on with %v, %v", m, err)
			}
		})
	}
}

func TestWhatTwoNodesLearnOfOneDataModelIsKept(t *testing.T) {
	h := newHouse(t)
	key := device.ModelKey{Manufacturer: "Acme", ProductClass: "A1", SoftwareVersion: "1.0"}
	one, other := newModels(h.models, h.clock), newModels(h.models, h.clock)
	first, err := one.of(t.Context(), key, "Device.")
	h.check(err)
	second, err := other.of(t.Context(), key, "Device.")
	h.check(err)
	first.add("Device.", []cwmp.ParameterInfoStruct{{Name: "Device.Time."}, {Name: "Device.Time.NTPServer1", Writable: true}, {Name: "InternetGatewayDevice.X"}})
	first.noteAsked("Time.")
	first.refuse("Time.NTPServer1")
	second.add("Device.", []cwmp.ParameterInfoStruct{{Name: "Device.X.1.A"}, {Name: "Device.X.2.A", Writable: true}})
	second.noteAsked("X.")
	second.report([]provisioners.Unmapped{{Setting: "time.zone", Reason: "none"}})
	h.check(one.save(t.Context(), first))
	h.check(other.save(t.Context(), second))
	stored, err := h.models.DataModel(t.Context(), key, "Device.")
	h.check(err)
	if len(stored.Asked) != 2 || len(stored.Names) != 3 || len(stored.NoNotification) != 1 || len(stored.Unmapped) != 1 {
		t.Errorf("stored is %+v", stored)
	}
	if n := second.names(); !n.Writable("X.7.A") || !n.Writable("Time.NTPServer1") || n.Has("X.7.B") {
		t.Error("the names are not those of both")
	}
	h.check(h.models.DeleteDataModel(t.Context(), key, "Device."))
	second.noteAsked("Y.")
	h.check(other.save(t.Context(), second))
	if stored, err = h.models.DataModel(t.Context(), key, "Device."); err != nil || len(stored.Asked) != 3 {
		t.Errorf("after it was removed there is %+v, %v", stored, err)
	}
}

func TestHashesTellListsApartAndNeedTheKey(t *testing.T) {
	h := newHouse(t)
	of := h.planner.hashes.of
	if of("a", "b") == of("ab") || of("a", "b") == of("b", "a") || len(of("a")) != 2*hashSize {
		t.Error("hashes do not tell apart")
	}
	if (&hashes{[]byte("other")}).of("a") == of("a") {
		t.Error("the key does not matter")
	}
}

func TestNothingThatIsStoredHoldsASecret(t *testing.T) {
	h, p := newHouse(t), newPhone()
	p.answer = func(m cwmp.Message) cwmp.Message {
		set, ok := m.(*cwmp.SetParameterValues)
		if !ok {
			return nil
		}
		f := cwmp.NewFault(9003, "sesame is bad")
		for _, v := range set.ParameterList {
			f.ParameterFaults = append(f.ParameterFaults, cwmp.SetParameterValuesFault{ParameterName: v.Name, Code: 9007, String: "not sesame"})
		}
		return f
	}
	h.declare(append(accounts(1), "account.1.password", "sesame")...)
	h.session(p, "0 BOOTSTRAP")
	h.want(device.ProvisioningFailing)
	encoded, err := json.Marshal(h.convergence())
	h.check(err)
	if strings.Contains(string(encoded), "sesame") || strings.Contains(h.record().Stuck, "sesame") {
		t.Errorf("the secret is in %s or %q", encoded, h.record().Stuck)
	}
}

func TestADeviceThatAPackWithoutParametersServesIsGivenUp(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.declare(accounts(1)...)
	h.session(p, "0 BOOTSTRAP")
	h.changes(p, registrar, "other.example.org")
	h.want(device.ProvisioningDrifted)

	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	files, err := pack.Load(t.Context(), fstest.MapFS{
		"acme/pack.yaml":      {Data: []byte(filesManifest)},
		"acme/phone.cfg.tmpl": {Data: []byte("a = {{range .accounts}}{{.user}}{{end}}\n")},
	}, "acme", catalogue)
	h.check(err)
	h.packs = pack.NewRegistry(files)
	d := h.records.devices[id]
	d.Provisioning.Wanted = "another"
	h.records.devices[id] = d
	h.alone = true
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "a device that files serve")
	if r := h.record(); r.Managed || r.Drifted != 0 || r.State() != device.ProvisioningPending {
		t.Errorf("the record is %+v", *r)
	}
	h.wantRPCs(h.session(p, "2 PERIODIC"), 0, "the session after")
}

func TestADeviceOfWhichNobodySaidAnythingIsNotLookedAtAgainWhateverHappens(t *testing.T) {
	h, p := newHouse(t), newPhone()
	h.wantRPCs(h.session(p, "0 BOOTSTRAP", "1 BOOT"), 0, "the first session")
	h.want(device.ProvisioningConverged)
	d := h.records.devices[id]
	d.ParameterKey = "of another"
	for _, event := range []string{"0 BOOTSTRAP", "1 BOOT", "4 VALUE CHANGE", "2 PERIODIC"} {
		v := Visit{Device: &d, Events: []device.Event{{Code: event}}, Changed: true, Proven: true, Now: h.now}
		if c, err := h.planner.Begin(t.Context(), v); c != nil || err != nil {
			t.Errorf("after %s there is a course (%v)", event, err)
		}
	}
	h.declare(accounts(1)...)
	if h.session(p, "2 PERIODIC") == 0 {
		t.Error("what is declared later is not set")
	}
	h.want(device.ProvisioningConverged)
}

const filesManifest = `name: acme
vendor: Acme
version: 1
models: [{name: A1, lines: 2, keys: 0}]
files:
  - {name: '{mac}.cfg', template: phone.cfg.tmpl, format: keyvalue, contentType: text/plain, confirms: true}
`
