package storetest_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/store/storetest"
)

// mutant is a store that breaks one promise of those about settings and fetches.
type mutant struct {
	store.Store
	levels       func(provisioners.LevelStore) provisioners.LevelStore
	lines        func(provisioners.LineStore) provisioners.LineStore
	fetches      func(provisioners.FetchStore) provisioners.FetchStore
	provisioning func(device.ProvisioningStore) device.ProvisioningStore
	convergences func(provisioners.ConvergenceStore) provisioners.ConvergenceStore
	dataModels   func(provisioners.DataModelStore) provisioners.DataModelStore
}

func (m mutant) Levels() provisioners.LevelStore { return mutated(m.levels, m.Store.Levels()) }

func (m mutant) Lines() provisioners.LineStore { return mutated(m.lines, m.Store.Lines()) }

func (m mutant) Fetches() provisioners.FetchStore { return mutated(m.fetches, m.Store.Fetches()) }

func (m mutant) Provisioning() device.ProvisioningStore {
	return mutated(m.provisioning, m.Store.Provisioning())
}

func (m mutant) Convergences() provisioners.ConvergenceStore {
	return mutated(m.convergences, m.Store.Convergences())
}

func (m mutant) DataModels() provisioners.DataModelStore {
	return mutated(m.dataModels, m.Store.DataModels())
}

func mutated[T any](change func(T) T, part T) T {
	if change == nil {
		return part
	}
	return change(part)
}

// mutants are by the group of the suite that finds them and what they do wrong.
func mutants() map[string]mutant {
	levels := func(change func(provisioners.LevelStore) provisioners.LevelStore) mutant {
		return mutant{levels: change}
	}
	lines := func(change func(provisioners.LineStore) provisioners.LineStore) mutant { return mutant{lines: change} }
	fetches := func(change func(provisioners.FetchStore) provisioners.FetchStore) mutant {
		return mutant{fetches: change}
	}
	marks := func(change func(device.ProvisioningStore) device.ProvisioningStore) mutant {
		return mutant{provisioning: change}
	}
	return map[string]mutant{
		"Levels/overwrites newer levels":          levels(func(s provisioners.LevelStore) provisioners.LevelStore { return overwritingLevels{s} }),
		"Levels/hides emptied levels":             levels(func(s provisioners.LevelStore) provisioners.LevelStore { return hidingLevels{s} }),
		"Levels/forgets changes of an equal time": levels(func(s provisioners.LevelStore) provisioners.LevelStore { return lateLevels{s} }),
		"Lines/shows lines outside a scope":       lines(func(s provisioners.LineStore) provisioners.LineStore { return openLines{s} }),
		"Lines/deletes any revision":              lines(func(s provisioners.LineStore) provisioners.LineStore { return hastyLines{s} }),
		"Lines/searches capitals":                 lines(func(s provisioners.LineStore) provisioners.LineStore { return capitalLines{s} }),
		"Fetches/shows all to every scope":        fetches(func(s provisioners.FetchStore) provisioners.FetchStore { return openFetches{s} }),
		"Fetches/cuts what is too much":           fetches(func(s provisioners.FetchStore) provisioners.FetchStore { return cuttingFetches{s} }),
		"Strangers/counts each once":              fetches(func(s provisioners.FetchStore) provisioners.FetchStore { return onceFetches{s} }),
		"Strangers/keeps one too many":            fetches(func(s provisioners.FetchStore) provisioners.FetchStore { return keepingFetches{s} }),
		"Provisioning/says changed always":        marks(func(s device.ProvisioningStore) device.ProvisioningStore { return loudMarks{s} }),
		"Provisioning/forgets what is held":       marks(func(s device.ProvisioningStore) device.ProvisioningStore { return emptyFetched{s} }),
		"Provisioning/notes late ones as new":     marks(func(s device.ProvisioningStore) device.ProvisioningStore { return newFetched{s} }),
		"Converged/lets sessions that lost note":  marks(func(s device.ProvisioningStore) device.ProvisioningStore { return unfenced{s} }),
		"Converged/leaves what was tried":         marks(func(s device.ProvisioningStore) device.ProvisioningStore { return stubborn{s} }),
		"Convergences/overwrites newer ones":      {convergences: func(s provisioners.ConvergenceStore) provisioners.ConvergenceStore { return overwritingConvergences{s} }},
		"Convergences/cuts the largest":           {convergences: func(s provisioners.ConvergenceStore) provisioners.ConvergenceStore { return cuttingConvergences{s} }},
		"DataModels/takes any root":               {dataModels: func(s provisioners.DataModelStore) provisioners.DataModelStore { return rootless{s} }},
		"DataModels/lists the names":              {dataModels: func(s provisioners.DataModelStore) provisioners.DataModelStore { return namingDataModels{s} }},
	}
}

type overwritingLevels struct{ provisioners.LevelStore }

func (s overwritingLevels) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	stored, err := s.Levels(ctx, []provisioners.LevelKey{l.Key})
	if err == nil && len(stored) == 1 {
		l.Revision = stored[0].Revision
	}
	return s.LevelStore.PutLevel(ctx, l)
}

type hidingLevels struct{ provisioners.LevelStore }

func (s hidingLevels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) ([]provisioners.Level, error) {
	all, err := s.LevelStore.SharedLevels(ctx, since, after, limit)
	var kept []provisioners.Level
	for _, l := range all {
		if len(l.Entries) > 0 {
			kept = append(kept, l)
		}
	}
	return kept, err
}

type lateLevels struct{ provisioners.LevelStore }

func (s lateLevels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) ([]provisioners.Level, error) {
	if !since.IsZero() {
		since = since.Add(time.Millisecond)
	}
	return s.LevelStore.SharedLevels(ctx, since, after, limit)
}

type openLines struct{ provisioners.LineStore }

func (s openLines) ListLines(ctx context.Context, l provisioners.LineList) ([]provisioners.Line, error) {
	if l.OfGroup {
		l.Scope = device.Scope{}
	}
	return s.LineStore.ListLines(ctx, l)
}

type hastyLines struct{ provisioners.LineStore }

func (s hastyLines) DeleteLine(ctx context.Context, key provisioners.LineKey, _ int64) error {
	return s.LineStore.DeleteLine(ctx, key, 0)
}

type capitalLines struct{ provisioners.LineStore }

func (s capitalLines) ListLines(ctx context.Context, l provisioners.LineList) ([]provisioners.Line, error) {
	l.Search = strings.ToLower(l.Search) // It takes É for é, which a search does not.
	return s.LineStore.ListLines(ctx, l)
}

type openFetches struct{ provisioners.FetchStore }

func (s openFetches) ListFetches(ctx context.Context, l provisioners.FetchList) ([]provisioners.Fetch, error) {
	l.Scope = device.Scope{}
	return s.FetchStore.ListFetches(ctx, l)
}

type cuttingFetches struct{ provisioners.FetchStore }

func (s cuttingFetches) AppendFetches(ctx context.Context, fetches []provisioners.Fetch) error {
	return s.FetchStore.AppendFetches(ctx, fetches[:min(len(fetches), provisioners.MaxFetches)])
}

type onceFetches struct{ provisioners.FetchStore }

func (s onceFetches) NoteStranger(ctx context.Context, n provisioners.Stranger) error {
	if _, err := s.Stranger(ctx, n.ID); err == nil {
		n.Requests = 0
	}
	return s.FetchStore.NoteStranger(ctx, n)
}

type keepingFetches struct{ provisioners.FetchStore }

func (s keepingFetches) DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (int, error) {
	return s.FetchStore.DeleteStrangers(ctx, keep+1, before, limit)
}

type loudMarks struct{ device.ProvisioningStore }

func (s loudMarks) Mark(ctx context.Context, id device.ID, m device.Mark) (bool, error) {
	_, err := s.ProvisioningStore.Mark(ctx, id, m)
	return err == nil, err
}

type emptyFetched struct{ device.ProvisioningStore }

func (s emptyFetched) NoteFetched(ctx context.Context, id device.ID, f device.Fetched) error {
	f.Held = ""
	return s.ProvisioningStore.NoteFetched(ctx, id, f)
}

type newFetched struct{ device.ProvisioningStore }

func (s newFetched) NoteFetched(ctx context.Context, id device.ID, f device.Fetched) error {
	if f.At.IsZero() {
		f.At = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	}
	return s.ProvisioningStore.NoteFetched(ctx, id, f)
}

// mutantVariable names the mutant that TestMutant holds to the suite.
const mutantVariable = "DIALTONE_TEST_MUTANT"

// TestMutant runs in a process of its own, as the suite is to fail.
func TestMutant(t *testing.T) {
	m, ok := mutants()[os.Getenv(mutantVariable)]
	if !ok {
		t.Skip("TestTheSuiteFindsStoresThatBreakAPromise runs it")
	}
	storetest.Run(t, storetest.Kind{BacksUp: true}, func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "test.db")
		return func(t *testing.T) store.Store {
			s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path, IndexedParameters: storetest.IndexedParameters()})
			if err != nil {
				t.Fatal(err)
			}
			m.Store = s
			return m
		}
	})
}

func TestTheSuiteFindsStoresThatBreakAPromise(t *testing.T) {
	for name := range mutants() {
		t.Run(name, func(t *testing.T) {
			group, _, _ := strings.Cut(name, "/")
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestMutant$/^"+group+"$", "-test.failfast")
			child.Env = append(os.Environ(), mutantVariable+"="+name)
			out, err := child.CombinedOutput()
			if err == nil || !strings.Contains(string(out), "--- FAIL: TestMutant/"+group) {
				t.Errorf("the suite does not find it: %v\n%s", err, out)
			}
		})
	}
}
