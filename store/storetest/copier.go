package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/trace"
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
		{"a store that holds settings or lines is not empty", notEmptyOfSettings},
		{"a store that holds convergences or data models is not empty", func(t *testing.T, s, other store.Store) {
			putConvergence(t, s, fullConvergence("d"))
			same(t, "a store with a convergence is empty", isEmpty(t, s), false)
			putDataModel(t, other, fullDataModel("Cisco", "Device."))
			same(t, "a store with a data model is empty", isEmpty(t, other), false)
		}},
		{"browser sessions are no records and stay behind", func(t *testing.T, s, other store.Store) {
			putBrowserSessions(t, s, 2, "a")
			same(t, "a store with browser sessions is empty", isEmpty(t, s), true)
			copyAll(t, s, other)
			same(t, "browser sessions of the copy", browserSessions(t, other, "", 10), []string(nil))
		}},
		{"traces are no records and stay behind", func(t *testing.T, s, other store.Store) {
			must(t, s.Traces().AppendTrace(t.Context(), []trace.Entry{fullTrace("d", "1")}))
			same(t, "a store with traces is empty", isEmpty(t, s), true)
			copyAll(t, s, other)
			same(t, "traces of the copy", traceIDs(t, other, "d"), []string(nil))
		}},
		{"fetches and strangers are no records and stay behind", func(t *testing.T, s, other store.Store) {
			appendFetches(t, s, fullFetch("d", 1))
			must(t, s.Fetches().NoteStranger(t.Context(), fullStranger(1)))
			same(t, "a store with fetches is empty", isEmpty(t, s), true)
			copyAll(t, s, other)
			same(t, "fetches of the copy", fetchNumbers(t, other, provisioners.FetchList{Limit: 10}), "")
			same(t, "strangers of the copy", strangers(t, other, 10), []provisioners.Stranger(nil))
		}},
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
	appendAudit(t, other, auditEntry(1))
	same(t, "a store with an audit entry is empty", isEmpty(t, other), false)
}

func notEmptyOfSettings(t *testing.T, s, other store.Store) {
	putLevel(t, s, fullLevel(provisioners.GlobalLevel, ""))
	same(t, "a store with a level is empty", isEmpty(t, s), false)
	putLine(t, other, fullLine("", "1"))
	same(t, "a store with a line is empty", isEmpty(t, other), false)
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
