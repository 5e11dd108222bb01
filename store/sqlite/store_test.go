package sqlite

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/storetest"
)

func TestStorePassesTheSuite(t *testing.T) {
	statements := make(map[string]bool)
	storetest.Run(t, storetest.Kind{BacksUp: true}, func(t *testing.T) storetest.Opener {
		path := filepath.Join(t.TempDir(), "dialtone.db")
		return func(t *testing.T) store.Store {
			return &recorded{Store: openTest(t, Options{Path: path, IndexedParameters: storetest.IndexedParameters()}), statements: statements}
		}
	})
	t.Run("every statement finds its rows by an index", func(t *testing.T) { checkPlans(t, statements) })
}

// recorded notes the fixed statements that were used until it is closed.
type recorded struct {
	*Store
	statements map[string]bool
}

func (r *recorded) Close() error {
	for sql := range r.conn.statements {
		r.statements[sql] = true
	}
	for range len(r.readers.idle) {
		c := <-r.readers.idle
		for sql := range c.statements {
			r.statements[sql] = true
		}
		r.readers.idle <- c
	}
	return r.Store.Close()
}

// openTest opens a store; the test closes it.
func openTest(t *testing.T, o Options) *Store {
	t.Helper()
	s, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// openClosing opens a store of its own for the test, which closes it at its end.
func openClosing(t *testing.T, o Options) *Store {
	t.Helper()
	if o.Path == "" {
		o.Path = filepath.Join(t.TempDir(), "dialtone.db")
	}
	s := openTest(t, o)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// scans are the statements that read whole tables, which are small, or at the
// start of the server only.
func scans() []string {
	return []string{
		"SELECT " + listedUserColumns + " FROM users ORDER BY name",
		"SELECT " + roleColumns + " FROM roles ORDER BY name",
		"SELECT " + tokenColumns + " FROM tokens ORDER BY created_at, id",
		"SELECT version, checksum FROM schema_versions ORDER BY version",
		indexesOfParameters,
		"UPDATE devices SET session_until = 0 WHERE session_until <> 0",
	}
}

// checkPlans demands that no statement scans a table.
func checkPlans(t *testing.T, statements map[string]bool) {
	s := openClosing(t, Options{})
	checked := 0
	for sql := range statements {
		switch word, _, _ := strings.Cut(sql, " "); word {
		case "BEGIN", "COMMIT", "ROLLBACK", "INSERT":
			continue
		}
		if slices.Contains(scans(), sql) {
			continue
		}
		checked++
		for _, step := range explain(t, s, sql) {
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "VIRTUAL") && !allowedScan(step) || strings.Contains(step, "TEMP B-TREE") && !allowedSort(sql) {
				t.Errorf("%s\n%s", sql, step)
			}
		}
	}
	if checked < 40 {
		t.Errorf("the suite used %d statements, expected all that there are", checked)
	}
}

// allowedScan is the walk through an index whose rows are all wanted.
func allowedScan(step string) bool {
	return strings.HasPrefix(step, "SCAN audit") || strings.HasPrefix(step, "SCAN bulks USING INDEX bulks_open") ||
		step == "SCAN browser_sessions USING INDEX browser_sessions_created" || step == "SCAN traces USING COVERING INDEX traces_at" ||
		step == "SCAN strangers USING COVERING INDEX strangers_last" || step == "SCAN page"
}

// allowedSort is that of the few open tasks of one device, and of the few levels that
// changed lately.
func allowedSort(sql string) bool { return sql == openTasks || sql == changedLevels }

// explain returns the steps of a statement's plan. Arguments do not matter.
func explain(t *testing.T, s *Store, sql string) []string {
	t.Helper()
	var steps []string
	args := make([]any, strings.Count(sql, "?"))
	for i := range args {
		args[i] = ""
	}
	err := s.readers.lend(t.Context(), func(c *conn) error {
		return c.search(t.Context(), func(r *row) error {
			r.next = 3
			steps = append(steps, r.text())
			return nil
		}, "EXPLAIN QUERY PLAN "+sql, args)
	})
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return steps
}

func nowStart() time.Time { return start }
