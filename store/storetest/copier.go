package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// copierTest is one sentence about copies of whole stores.
type copierTest struct {
	name string
	// run gets two stores that are empty.
	run func(t *testing.T, s, other store.Store)
}

func copierTests() []copierTest {
	return []copierTest{
		{"a store that holds a record of any kind is not empty", notEmpty},
		{"what is exported and imported exports the same, record by record", copied},
		{"records come in the order of kinds and then of keys, bytewise", exportedInOrder},
		{"a tree is exported in full branches", fullBranches},
		{"importing the same again changes nothing", importedTwice},
		{"what is imported replaces the record of its key and the whole tree, and leaves others", importReplaces},
		{"an import that breaks a rule is refused", importRefused},
		{"a store that imported works on", importedWorksOn},
		{"an export ends with the first error of who takes it", exportEnds},
		{"every method returns the error of a context that has ended", copierEndedContext},
		{"a comparison names the first difference and no secret", differencesAreNamed},
		{"a rewrite sees every record that may hold secrets once, and stores what was changed", rewritten},
		{"a rewrite ends with the first error of the change", rewriteEnds},
		{"no update is lost to a rewrite", rewriteLosesNothing},
	}
}

// exported returns everything that a store exports.
func exported(t *testing.T, s store.Store) []store.Record {
	t.Helper()
	var all []store.Record
	must(t, s.Copier().Export(t.Context(), func(r store.Record) error { all = append(all, r); return nil }))
	return all
}

// sameRecords compares exports, which are whole records with all that is in them.
func sameRecords(t *testing.T, what string, got, want []store.Record) {
	t.Helper()
	same(t, what, got, want)
	// Unlike other empty lists, an empty access list is not an unknown one.
	if diff := cmp.Diff(treesIn(want), treesIn(got)); diff != "" {
		t.Errorf("trees of %s differ (-want +got):\n%s", what, diff)
	}
}

func treesIn(all []store.Record) []store.Branch {
	var trees []store.Branch
	for _, r := range all {
		if r.Parameters != nil {
			trees = append(trees, *r.Parameters)
		}
	}
	return trees
}

// copyAll copies one store to another and compares them.
func copyAll(t *testing.T, from, to store.Store) store.Counts {
	t.Helper()
	counts := got[store.Counts](t)(store.Copy(t.Context(), from.Copier(), to.Copier(), nil))
	must(t, store.Compare(t.Context(), from.Copier(), to.Copier()))
	return counts
}

func isEmpty(t *testing.T, s store.Store) bool {
	t.Helper()
	return got[bool](t)(s.Copier().Empty(t.Context()))
}

func notEmpty(t *testing.T, s, other store.Store) {
	fill(t, s)
	same(t, "a full store is empty", isEmpty(t, s), false)
	same(t, "a new store is empty", isEmpty(t, other), true)
	// Users, tokens and audit entries are what a store has before any device.
	must(t, other.Audit().AppendAudit(t.Context(), users.AuditEntry{ID: "a"}))
	same(t, "a store with an audit entry is empty", isEmpty(t, other), false)
}

func copied(t *testing.T, s, other store.Store) {
	fill(t, s)
	all := exported(t, s)
	var want store.Counts
	for i := range all {
		want.Add(&all[i])
	}
	for _, kind := range store.Kinds() {
		if want.Of(kind) == 0 {
			t.Errorf("the fixture has no %s", kind)
		}
	}
	progress := store.Counts{}
	counts := got[store.Counts](t)(store.Copy(t.Context(), s.Copier(), other.Copier(), func(c store.Counts) { progress = c }))
	if counts != want || progress != want {
		t.Errorf("copied %+v, at last told %+v, want %+v", counts, progress, want)
	}
	sameRecords(t, "copy", exported(t, other), all)
	must(t, store.Compare(t.Context(), s.Copier(), other.Copier()))
}

func exportedInOrder(t *testing.T, s, _ store.Store) {
	keys := []string{"b", "a", "Z", "é", "aa", "a b", "a\x00b", "A", "~"}
	var batch []store.Record
	for _, key := range keys {
		d := plainDevice("of " + key)
		batch = append(batch,
			store.Record{Audit: &users.AuditEntry{ID: key}}, store.Record{User: &users.User{Name: key, Revision: 1}},
			store.Record{Credential: &device.Credential{Username: key}}, store.Record{Device: &d},
			store.Record{Model: &store.Model{Key: device.ModelKey{Manufacturer: key, ProductClass: "x"}, Limits: device.ModelLimits{LevelByLevel: true}}},
			store.Record{Model: &store.Model{Key: device.ModelKey{Manufacturer: "same", ProductClass: key}, Limits: device.ModelLimits{LevelByLevel: true}}},
		)
	}
	must(t, s.Copier().Import(t.Context(), batch))
	all := exported(t, s)
	same(t, "records", len(all), len(batch))
	order := func(r store.Record) []string {
		kind := fmt.Sprintf("%02d", r.Kind())
		switch {
		case r.Device != nil:
			return []string{kind, string(r.Device.ID)}
		case r.Credential != nil:
			return []string{kind, r.Credential.Username}
		case r.Model != nil:
			return []string{kind, r.Model.Key.Manufacturer, r.Model.Key.ProductClass}
		case r.User != nil:
			return []string{kind, r.User.Name}
		default:
			return []string{kind, r.Audit.ID}
		}
	}
	for i := range all[1:] {
		if before, after := order(all[i]), order(all[i+1]); slices.Compare(before, after) >= 0 {
			t.Errorf("%q comes before %q", before, after)
		}
	}
}

func fullBranches(t *testing.T, s, other store.Store) {
	large, small := addDevice(t, s, plainDevice("1")), addDevice(t, s, plainDevice("2"))
	var all []device.Observation
	for i := range store.MaxBranch + 1 {
		all = append(all, valueOf(fmt.Sprintf("Device.%05d", i), fmt.Sprint(i)))
	}
	must(t, s.Parameters().Observe(t.Context(), large.ID, now(), all))
	must(t, s.Parameters().Observe(t.Context(), small.ID, now(), all[:1]))
	want := []string{fmt.Sprint(large.ID, " ", store.MaxBranch), fmt.Sprint(large.ID, " ", 1), fmt.Sprint(small.ID, " ", 1)}
	if small.ID < large.ID {
		want = append(want[2:], want[:2]...)
	}
	var got []string
	for _, b := range treesIn(exported(t, s)) {
		got = append(got, fmt.Sprint(b.Device, " ", len(b.Parameters)))
	}
	same(t, "branches", got, want)
	copyAll(t, s, other)
	same(t, "parameters of the copy", len(treeOf(t, other, large.ID, "")), store.MaxBranch+1)
}

func importedTwice(t *testing.T, s, other store.Store) {
	fill(t, s)
	all := exported(t, s)
	for range 2 {
		must(t, other.Copier().Import(t.Context(), all))
	}
	sameRecords(t, "copy", exported(t, other), all)
	must(t, s.Copier().Import(t.Context(), all))
	sameRecords(t, "store that imported its own", exported(t, s), all)
}

func importReplaces(t *testing.T, s, other store.Store) {
	d, task := fill(t, s)
	copyAll(t, s, other)
	stranger := addDevice(t, other, plainDevice("stranger"))
	must(t, other.Parameters().Observe(t.Context(), d.ID, now(), []device.Observation{valueOf("Device.New", "1"), valueOf("Device.A", "new")}))
	must(t, other.Parameters().Observe(t.Context(), stranger.ID, now(), []device.Observation{valueOf("Device.New", "1")}))
	must(t, second(other.Devices().Edit(t.Context(), d.ID, device.Edit{MAC: pointer("00:04:f2:99:99:99"), Tags: &[]string{"other"}})))
	changed := taskOf(t, other, task.ID)
	changed.State = tasks.Succeeded
	must(t, second(other.Tasks().Save(t.Context(), changed)))
	must(t, other.Copier().Import(t.Context(), exported(t, s)))
	got := deviceOf(t, other, d.ID)
	same(t, "device", got, deviceOf(t, s, d.ID))
	same(t, "task", taskOf(t, other, task.ID), taskOf(t, s, task.ID))
	sameTree(t, treeOf(t, other, d.ID, ""), treeOf(t, s, d.ID, ""))
	same(t, "parameters of a device that was not imported", len(treeOf(t, other, stranger.ID, "")), 1)
	_, err := other.Devices().ByIdentity(t.Context(), device.MACIdentity("00:04:f2:99:99:99"))
	fails(t, err, device.ErrNotFound)
	same(t, "device by identity", idByIdentity(t, other, device.MACIdentity(d.MAC)), d.ID)
}

func idByIdentity(t *testing.T, s store.Store, i device.Identity) device.ID {
	t.Helper()
	return got[device.Device](t)(s.Devices().ByIdentity(t.Context(), i)).ID
}

func importRefused(t *testing.T, s, _ store.Store) {
	d, task := fullDevice(1), queuedTask("d", now())
	task.UniqueKey = "key"
	must(t, s.Copier().Import(t.Context(), []store.Record{{Device: &d}, {Task: &task}}))
	sameIdentity, sameKey := fullDevice(1), queuedTask("d", now())
	sameKey.UniqueKey = "key"
	if err := s.Copier().Import(t.Context(), []store.Record{{Device: &sameIdentity}}); err == nil {
		t.Error("a second device of the same identity is imported")
	}
	if err := s.Copier().Import(t.Context(), []store.Record{{Task: &sameKey}}); err == nil {
		t.Error("a second open task of the same unique key is imported")
	}
	branch := store.Branch{Device: device.NewID(), Parameters: []device.Parameter{{Path: "Device.A"}}}
	fails(t, s.Copier().Import(t.Context(), []store.Record{{Parameters: &branch}}), device.ErrNotFound)
	if err := s.Copier().Import(t.Context(), make([]store.Record, store.MaxImport+1)); err == nil {
		t.Error("more than MaxImport records are imported at once")
	}
	if err := s.Copier().Import(t.Context(), make([]store.Record, 1)); err == nil {
		t.Error("a record of no kind is imported")
	}
	all := exported(t, s)
	same(t, "records", len(all), 2)
	same(t, "device", *all[0].Device, storedDevice(d))
}

func importedWorksOn(t *testing.T, s, other store.Store) {
	d, full := fill(t, s)
	waiting := queuedTask(d.ID, now())
	waiting.UniqueKey = "unique"
	addTask(t, s, waiting)
	copyAll(t, s, other)
	again := queuedTask(d.ID, now())
	again.UniqueKey = "unique"
	fails(t, other.Tasks().Insert(t.Context(), again), tasks.ErrDuplicate)
	fails(t, other.Tasks().Insert(t.Context(), full), tasks.ErrDuplicate)
	double := fullDevice(1)
	fails(t, other.Devices().Create(t.Context(), double, 0), device.ErrDuplicate)
	unknown := device.Device{ID: device.NewID(), Origin: device.OriginContact}
	fails(t, other.Devices().Create(t.Context(), unknown, 1), device.ErrLimit)
	fails(t, other.Users().PutUser(t.Context(), users.User{Name: "admin"}), users.ErrExists)
	fails(t, other.Credentials().PutCredential(t.Context(), device.Credential{Username: "u", Device: "another"}), device.ErrDuplicate)

	began := begin(t, other, contact(d, "next", now()))
	same(t, "generation", began.After.Session.Generation, d.Session.Generation+1)
	claimed := got[tasks.Claimed](t)(other.Tasks().Claim(t.Context(), tasks.Claim{Device: d.ID, Lease: lease(began.After.Session.Generation, now()), At: now().Add(time24)}))
	same(t, "claimed", claimed.Task.ID, waiting.ID)
	same(t, "page", len(got[device.Page](t)(other.Devices().List(t.Context(), device.List{PageSize: 10})).Devices), 3)
	must(t, store.Compare(t.Context(), s.Copier(), s.Copier()))
	fails(t, store.Compare(t.Context(), s.Copier(), other.Copier()), store.ErrDifferent)
}

var errEnough = errors.New("enough")

func exportEnds(t *testing.T, s, _ store.Store) {
	fill(t, s)
	calls := 0
	err := s.Copier().Export(t.Context(), func(store.Record) error { calls++; return errEnough })
	fails(t, err, errEnough)
	same(t, "calls", calls, 1)
	ctx, cancel := context.WithCancel(t.Context())
	err = s.Copier().Export(ctx, func(store.Record) error { cancel(); return nil })
	fails(t, err, context.Canceled)
}

func copierEndedContext(t *testing.T, s, _ store.Store) {
	fill(t, s)
	before := exported(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, call := range map[string]func() error{
		"Empty":  func() error { return second(s.Copier().Empty(ctx)) },
		"Export": func() error { return s.Copier().Export(ctx, func(store.Record) error { return nil }) },
		"Import": func() error { return s.Copier().Import(ctx, []store.Record{{User: &users.User{Name: "x"}}}) },
		"Rewrite": func() error {
			return second(s.Copier().Rewrite(ctx, func(*store.Record) (bool, error) { return true, nil }))
		},
	} {
		if err := call(); !errors.Is(err, context.Canceled) {
			t.Errorf("%s returns %v, want %v", name, err, context.Canceled)
		}
	}
	sameRecords(t, "store", exported(t, s), before)
}
