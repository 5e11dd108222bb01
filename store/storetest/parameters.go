package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// tree is what a device's parameters must be: the oracle of the tests.
type tree map[string]device.Parameter

func (m tree) observe(at time.Time, all []device.Observation) {
	for _, o := range all {
		m[o.Path] = m[o.Path].Merge(o, stored(at))
	}
}

func (m tree) below(path string) []device.Parameter {
	var all []device.Parameter
	for known, p := range m {
		if path == "" || known == path || device.IsObject(path) && strings.HasPrefix(known, path) {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, func(a, b device.Parameter) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// sameTree checks all parameters; nil and an empty access list differ.
func sameTree(t interface {
	Helper()
	Errorf(string, ...any)
}, got, want []device.Parameter) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters differ (-want +got):\n%s", diff)
	}
}

func treeOf(t *testing.T, s store.Store, id device.ID, path string) []device.Parameter {
	t.Helper()
	return got[[]device.Parameter](t)(s.Parameters().Parameters(t.Context(), id, path, "", device.MaxParameters))
}

func valueOf(path, text string) device.Observation {
	return device.Observation{Path: path, Value: &device.Value{Text: text, Type: "xsd:string"}}
}

func pathsOf(all []device.Parameter) string {
	var list []string
	for _, p := range all {
		list = append(list, p.Path)
	}
	return strings.Join(list, " ")
}

func observed(t *testing.T, s store.Store, paths string) device.ID {
	t.Helper()
	d := addDevice(t, s, fullDevice(1))
	var all []device.Observation
	for _, path := range strings.Fields(paths) {
		all = append(all, valueOf(path, "value of "+path))
	}
	must(t, s.Parameters().Observe(t.Context(), d.ID, now(), all))
	return d.ID
}

func parameterTests() []test {
	return []test{
		{"an observation is stored whole", func(t *testing.T, s store.Store) {
			d, m := addDevice(t, s, fullDevice(1)), tree{}
			all := []device.Observation{
				{Path: "Device.A", Value: &device.Value{Text: "é\n<&>", Type: "xsd:string"}, Writable: pointer(true), Notification: pointer(2), AccessList: []string{"Subscriber", "x"}},
				{Path: "Device.B", Value: &device.Value{Sealed: "sealed", Type: "xsd:string"}, Writable: pointer(false), Notification: pointer(0), AccessList: []string{}},
				{Path: "Device.C", Value: &device.Value{}},
				{Path: "Device.D.", Writable: pointer(true)},
				{Path: "Device.E"},
			}
			must(t, s.Parameters().Observe(t.Context(), d.ID, now(), all))
			m.observe(now(), all)
			sameTree(t, treeOf(t, s, d.ID, ""), m.below(""))
		}},
		{"any sequence of observations, replacements and removals leaves what Merge says", mergeProperty},
		{"parameters of another device stay out of sight", func(t *testing.T, s store.Store) {
			observed(t, s, "Device.A")
			other := addDevice(t, s, fullDevice(2))
			sameTree(t, treeOf(t, s, other.ID, ""), nil)
		}},
		{"observing an unknown device is not found", func(t *testing.T, s store.Store) {
			fails(t, s.Parameters().Observe(t.Context(), device.NewID(), now(), []device.Observation{valueOf("Device.A", "1")}), device.ErrNotFound)
			fails(t, s.Parameters().Replace(t.Context(), device.NewID(), "", now(), []device.Observation{valueOf("Device.A", "1")}), device.ErrNotFound)
		}},
		{"an unknown device has no parameters", func(t *testing.T, s store.Store) {
			id := device.NewID()
			sameTree(t, treeOf(t, s, id, ""), nil)
			sameTree(t, got[[]device.Parameter](t)(s.Parameters().Values(t.Context(), id, []string{"Device.A"})), nil)
			same(t, "removed", got[int](t)(s.Parameters().Forget(t.Context(), id, "")), 0)
		}},
		{"a branch is the object and what is below, and a leaf is itself alone", func(t *testing.T, s store.Store) {
			id := observed(t, s, "Device. Device.A. Device.A.1 Device.A.1. Device.A.1.B Device.A.10. Device.A0 Device.A- Device.AB Device.A")
			for path, want := range map[string]string{
				"Device.A.": "Device.A. Device.A.1 Device.A.1. Device.A.1.B Device.A.10.", "Device.A.1.": "Device.A.1. Device.A.1.B",
				"Device.A": "Device.A", "Device.X.": "", "Device.A.1": "Device.A.1",
				"": "Device. Device.A Device.A- Device.A. Device.A.1 Device.A.1. Device.A.1.B Device.A.10. Device.A0 Device.AB",
			} {
				same(t, "branch "+path, pathsOf(treeOf(t, s, id, path)), want)
			}
		}},
		{"pages follow the order of bytes", func(t *testing.T, s store.Store) {
			id := observed(t, s, "Device.b Device.B Device.é Device.a.1 Device.a.10 Device.a.2 Device.z")
			var all []device.Parameter
			for after := ""; ; after = all[len(all)-1].Path {
				page := got[[]device.Parameter](t)(s.Parameters().Parameters(t.Context(), id, "Device.", after, 2))
				all = append(all, page...)
				if len(page) < 2 {
					break
				}
			}
			same(t, "paths", pathsOf(all), "Device.B Device.a.1 Device.a.10 Device.a.2 Device.b Device.z Device.é")
		}},
		{"values come in order of paths, unknown ones left out, each once", func(t *testing.T, s store.Store) {
			id := observed(t, s, "Device.A Device.B Device.C")
			list := got[[]device.Parameter](t)(s.Parameters().Values(t.Context(), id, []string{"Device.C", "Device.X", "Device.A", "Device.C"}))
			same(t, "paths", pathsOf(list), "Device.A Device.C")
			same(t, "value", list[0].Value, "value of Device.A")
		}},
		{"replacing a branch removes what was not observed, below it only, and keeps what was known", func(t *testing.T, s store.Store) {
			id := observed(t, s, "Device.A.1 Device.A.2 Device.B.1")
			must(t, s.Parameters().Replace(t.Context(), id, "Device.A.", now(), []device.Observation{{Path: "Device.A.2", Writable: pointer(true)}, {Path: "Device.A.3"}}))
			same(t, "paths", pathsOf(treeOf(t, s, id, "")), "Device.A.2 Device.A.3 Device.B.1")
			same(t, "value", treeOf(t, s, id, "Device.A.2")[0].Value, "value of Device.A.2")
		}},
		{"forgetting a branch returns how many were removed", func(t *testing.T, s store.Store) {
			id := observed(t, s, "Device.A.1 Device.A.2 Device.B.1")
			same(t, "removed", got[int](t)(s.Parameters().Forget(t.Context(), id, "Device.A.")), 2)
			same(t, "removed again", got[int](t)(s.Parameters().Forget(t.Context(), id, "Device.A.")), 0)
			same(t, "paths", pathsOf(treeOf(t, s, id, "")), "Device.B.1")
		}},
		{"the limit refuses what goes beyond it and stores nothing of it", parameterLimit},
	}
}

func parameterLimit(t *testing.T, s store.Store) {
	ctx := t.Context()
	d := addDevice(t, s, fullDevice(1))
	all := make([]device.Observation, device.MaxParameters)
	for i := range all {
		all[i] = device.Observation{Path: fmt.Sprintf("Device.%d", i)}
	}
	must(t, s.Parameters().Observe(ctx, d.ID, now(), all[:len(all)-1]))
	over := []device.Observation{{Path: "Device.0", Writable: pointer(true)}, {Path: "Device.X"}, {Path: "Device.Y"}, {Path: "Device.X"}}
	fails(t, s.Parameters().Observe(ctx, d.ID, now(), over), device.ErrLimit)
	fails(t, s.Parameters().Replace(ctx, d.ID, "Device.Z.", now(), over), device.ErrLimit)
	sameTree(t, got[[]device.Parameter](t)(s.Parameters().Values(ctx, d.ID, []string{"Device.0", "Device.X", "Device.Y"})),
		[]device.Parameter{{Path: "Device.0", UpdatedAt: stored(now())}})
	must(t, s.Parameters().Observe(ctx, d.ID, now(), over[:2]))
	must(t, s.Parameters().Observe(ctx, d.ID, now(), all[:200]))
	fails(t, s.Parameters().Observe(ctx, d.ID, now(), over[2:3]), device.ErrLimit)
	must(t, s.Parameters().Replace(ctx, d.ID, "Device.X", now(), over[2:3]))
	same(t, "count", len(treeOf(t, s, d.ID, "")), device.MaxParameters)
}

func mergeProperty(t *testing.T, s store.Store) {
	var count int
	rapid.Check(t, func(rt *rapid.T) {
		count++
		d, m := fullDevice(count), tree{}
		if err := s.Devices().Create(t.Context(), d, 0); err != nil {
			rt.Fatal(err)
		}
		for range rapid.IntRange(1, 4).Draw(rt, "steps") {
			at := now().Add(time.Duration(rapid.IntRange(0, 1000).Draw(rt, "at")) * time.Second)
			all := rapid.SliceOfN(observation(), 0, 5).Draw(rt, "observations")
			path := rapid.SampledFrom([]string{"", "Device.", "Device.A.", "Device.A.1", "Device.Z."}).Draw(rt, "path")
			if err := change(t, s, rapid.IntRange(0, 4).Draw(rt, "kind"), d.ID, path, at, all, m); err != nil {
				rt.Fatal(err)
			}
			list, err := s.Parameters().Parameters(t.Context(), d.ID, "", "", 1000)
			if err != nil {
				rt.Fatal(err)
			}
			sameTree(rt, list, m.below(""))
		}
	})
}

// change does one thing to the store and to the oracle.
func change(t *testing.T, s store.Store, kind int, id device.ID, path string, at time.Time, all []device.Observation, m tree) error {
	switch kind {
	case 0:
		for _, p := range m.below(path) {
			delete(m, p.Path)
		}
		_, err := s.Parameters().Forget(t.Context(), id, path)
		return err
	case 1:
		for _, p := range m.below(path) {
			if !slices.ContainsFunc(all, func(o device.Observation) bool { return o.Path == p.Path }) {
				delete(m, p.Path)
			}
		}
		m.observe(at, all)
		return s.Parameters().Replace(t.Context(), id, path, at, all)
	default:
		m.observe(at, all)
		return s.Parameters().Observe(t.Context(), id, at, all)
	}
}

func observation() *rapid.Generator[device.Observation] {
	return rapid.Custom(func(t *rapid.T) device.Observation {
		o := device.Observation{Path: rapid.SampledFrom([]string{"Device.", "Device.A", "Device.A.", "Device.A.1", "Device.A.2", "Device.é%_", "Device.a"}).Draw(t, "path")}
		if rapid.Bool().Draw(t, "has value") {
			o.Value = &device.Value{Type: rapid.SampledFrom([]string{"", "xsd:string", "xsd:int"}).Draw(t, "type")}
			if rapid.Bool().Draw(t, "sealed") {
				o.Value.Sealed = secret.Sealed(rapid.StringN(1, 5, -1).Draw(t, "secret"))
			} else {
				o.Value.Text = rapid.SampledFrom([]string{"", "0", "1e3", "é", " x ", "null"}).Draw(t, "text")
			}
		}
		if rapid.Bool().Draw(t, "has writable") {
			o.Writable = pointer(rapid.Bool().Draw(t, "writable"))
		}
		if rapid.Bool().Draw(t, "has notification") {
			o.Notification = pointer(rapid.IntRange(0, 2).Draw(t, "notification"))
		}
		o.AccessList = rapid.SampledFrom([][]string{nil, nil, {}, {"Subscriber"}}).Draw(t, "access list")
		return o
	})
}
