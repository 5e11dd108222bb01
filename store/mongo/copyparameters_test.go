package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// knownDevices stores documents of the devices.
func knownDevices(t *testing.T, s *Store, ids ...device.ID) {
	t.Helper()
	for _, id := range ids {
		must(t, s.Devices().Create(t.Context(), device.Device{ID: id, Origin: device.OriginOperator}, 0))
	}
}

func copierOfParameters(s *Store) store.Copier {
	return copier{s, []copiedKind{copiedParameters{s, newImportedDevices()}}}
}

func exported(t *testing.T, s *Store) []store.Record {
	t.Helper()
	var all []store.Record
	must(t, copierOfParameters(s).Export(t.Context(), func(r store.Record) error { all = append(all, r); return nil }))
	return all
}

func branchesOf(all []store.Record) string {
	var list []string
	for _, r := range all {
		list = append(list, fmt.Sprintf("%s:%d", r.Parameters.Device, len(r.Parameters.Parameters)))
	}
	return strings.Join(list, " ")
}

func imported(t *testing.T, s *Store, records ...store.Record) {
	t.Helper()
	must(t, copierOfParameters(s).Import(t.Context(), records))
}

func branchOf(id device.ID, paths ...string) store.Record {
	b := &store.Branch{Device: id}
	for _, path := range paths {
		b.Parameters = append(b.Parameters, device.Parameter{Path: path, Value: "of " + path, Known: true, UpdatedAt: at(1)})
	}
	return store.Record{Parameters: b}
}

func pathsOfTree(t *testing.T, s *Store, id device.ID) string {
	t.Helper()
	var list []string
	for _, p := range treeOf(t, s, id) {
		list = append(list, p.Path)
	}
	return strings.Join(list, " ")
}

func TestParametersAreExportedInFullBranchesAndImportedTheSame(t *testing.T) {
	from := open(t)
	knownDevices(t, from, "b", "a", "c", "B")
	yes, active := true, 2
	must(t, from.Parameters().Observe(t.Context(), "a", at(1), observations(2300, "x")))
	must(t, from.Parameters().Observe(t.Context(), "b", at(2), []device.Observation{
		{Path: "Device.A", Value: &device.Value{Sealed: "sealed", Type: "xsd:string"}, Writable: &yes, Notification: &active, AccessList: []string{}},
		{Path: "Device.B.", AccessList: []string{"Subscriber"}},
	}))
	must(t, from.Parameters().Observe(t.Context(), "B", at(3), observations(1000, "y")))
	must(t, from.Parameters().Observe(t.Context(), "c", at(4), observations(1, "z")))
	_, err := from.Parameters().Forget(t.Context(), "c", "")
	must(t, err)
	all := exported(t, from)
	if got, want := branchesOf(all), "B:1000 a:1000 a:1000 a:300 b:2"; got != want {
		t.Fatalf("exported %s, want %s", got, want)
	}

	for name, parts := range map[string][][]store.Record{"at once": {all}, "device by device": {all[1:4], all[4:], all[:1]}} {
		t.Run(name, func(t *testing.T) {
			to := open(t)
			knownDevices(t, to, "a", "b", "B")
			if empty, err := copierOfParameters(to).Empty(t.Context()); err != nil || !empty {
				t.Errorf("Empty before = %v, %v", empty, err)
			}
			for range 2 { // Importing the same again changes nothing.
				for _, part := range parts {
					imported(t, to, part...)
				}
				if diff := cmp.Diff(all, exported(t, to)); diff != "" {
					t.Fatalf("it differs (-want +got):\n%s", diff)
				}
			}
			if empty, err := copierOfParameters(to).Empty(t.Context()); err != nil || empty {
				t.Errorf("Empty after = %v, %v", empty, err)
			}
			if removed := sweep(t, to, to.options.Now().Add(2*chunkAge)); removed != 0 {
				t.Errorf("a sweep removed %d documents", removed)
			}
		})
	}
}

func TestBranchesOfOneImportAreTheWholeTree(t *testing.T) {
	s := open(t)
	knownDevices(t, s, "a", "b")
	must(t, s.Parameters().Observe(t.Context(), "a", at(0), []device.Observation{{Path: "Device.A"}, {Path: "Device.Z"}}))
	for _, step := range []struct {
		name    string
		records []store.Record
		want    string
	}{
		{"what was observed is replaced", []store.Record{branchOf("a", "Device.C", "Device.D")}, "Device.C Device.D"},
		{"several branches are one tree", []store.Record{branchOf("a", "Device.C"), branchOf("a", "Device.X")}, "Device.C Device.X"},
		{"a device without a branch keeps its tree", []store.Record{branchOf("b", "Device.A")}, "Device.C Device.X"},
		{"a branch that begins later replaces all the same", []store.Record{branchOf("a", "Device.D")}, "Device.D"},
		{"an empty branch leaves an empty tree", []store.Record{branchOf("a")}, ""},
	} {
		imported(t, s, step.records...)
		if got := pathsOfTree(t, s, "a"); got != step.want {
			t.Errorf("%s: the paths are %s, want %s", step.name, got, step.want)
		}
	}
}

func TestAnImportRefusesWhatIsNoExport(t *testing.T) {
	s := open(t)
	knownDevices(t, s, "a")
	for name, test := range map[string]struct {
		records []store.Record
		want    error
	}{
		"an unknown device":           {[]store.Record{branchOf("x", "Device.A")}, device.ErrNotFound},
		"paths that are out of order": {[]store.Record{branchOf("a", "Device.B", "Device.A")}, device.ErrInvalid},
		"a path twice":                {[]store.Record{branchOf("a", "Device.A", "Device.A")}, device.ErrInvalid},
		"a record of no kind":         {[]store.Record{{}}, errImport},
		"more than MaxImport":         {make([]store.Record, store.MaxImport+1), errImport},
	} {
		if err := copierOfParameters(s).Import(t.Context(), test.records); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	if all := exported(t, s); len(all) != 0 {
		t.Errorf("%d branches were stored", len(all))
	}
}

// reseal seals every secret anew, in the manner of a change of keys.
func reseal(r *store.Record) (bool, error) {
	changed := false
	for i := range r.Parameters.Parameters {
		if p := &r.Parameters.Parameters[i]; p.Sealed != "" && !strings.HasPrefix(string(p.Sealed), "new ") {
			p.Sealed, changed = "new "+p.Sealed, true
		}
	}
	return changed, nil
}

func TestARewriteReachesEverySecretAndCountsBranches(t *testing.T) {
	s := open(t)
	knownDevices(t, s, "a", "b")
	all := observations(2100, "")
	for i := range all {
		if i%1500 == 7 {
			all[i].Value = &device.Value{Sealed: secret.Sealed(fmt.Sprint("secret ", i))}
		}
	}
	must(t, s.Parameters().Observe(t.Context(), "a", at(1), all))
	must(t, s.Parameters().Observe(t.Context(), "b", at(1), all[:9]))
	before := documentOf(t, s, "a")
	for _, want := range []int{3, 0} {
		if n, err := copierOfParameters(s).Rewrite(t.Context(), reseal); err != nil || n != want {
			t.Errorf("Rewrite = %d, %v, want %d", n, err, want)
		}
	}
	if gone := before.dropped(documentOf(t, s, "a")); len(gone) != 2 {
		t.Errorf("%d chunks were written anew, want 2", len(gone))
	}
	for i, p := range treeOf(t, s, "a") {
		want := secret.Sealed("")
		if i%1500 == 7 {
			want = secret.Sealed(fmt.Sprint("new secret ", i))
		}
		if p.Sealed != want || p.UpdatedAt != at(1) {
			t.Fatalf("parameter %d is %+v, want sealed %q", i, p, want)
		}
	}
}

func TestARewriteSeesWhatWasChangedMeanwhile(t *testing.T) {
	for name, size := range map[string]int{"small": 10, "in chunks": 1500} {
		t.Run(name, func(t *testing.T) {
			s := open(t)
			knownDevices(t, s, "a")
			all := observations(size, "x")
			all[3].Value = &device.Value{Sealed: "old"}
			must(t, s.Parameters().Observe(t.Context(), "a", at(1), all))
			calls := 0
			n, err := copierOfParameters(s).Rewrite(t.Context(), func(r *store.Record) (bool, error) {
				if calls++; calls == 1 {
					must(t, s.Parameters().Observe(t.Context(), "a", at(2), []device.Observation{
						{Path: all[3].Path, Value: &device.Value{Sealed: "other"}}, {Path: all[4].Path, Value: &device.Value{Text: "other"}},
					}))
				}
				return reseal(r)
			})
			if err != nil || n != 1 {
				t.Errorf("Rewrite = %d, %v, want 1", n, err)
			}
			if got := treeOf(t, s, "a"); got[3].Sealed != "new other" || got[4].Value != "other" || len(got) != size {
				t.Errorf("of %d parameters those that were changed are %+v and %+v", len(got), got[3], got[4])
			}
		})
	}
}

func TestARewriteEndsWithTheErrorOfTheChange(t *testing.T) {
	s := open(t)
	knownDevices(t, s, "a")
	must(t, s.Parameters().Observe(t.Context(), "a", at(1), observations(3, "x")))
	broken := errors.New("a key is missing")
	if n, err := copierOfParameters(s).Rewrite(t.Context(), func(*store.Record) (bool, error) { return true, broken }); n != 0 || !errors.Is(err, broken) {
		t.Errorf("Rewrite = %d, %v, want %v", n, err, broken)
	}
	err := copierOfParameters(s).Export(t.Context(), func(store.Record) error { return broken })
	if !errors.Is(err, broken) {
		t.Errorf("Export = %v, want %v", err, broken)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := copierOfParameters(s).Rewrite(ctx, reseal); !errors.Is(err, context.Canceled) {
		t.Errorf("Rewrite = %v, want %v", err, context.Canceled)
	}
}
