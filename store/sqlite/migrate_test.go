package sqlite

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// versions returns the first steps of the embedded migrations.
func versions(t *testing.T, count int) fs.FS {
	t.Helper()
	some := fstest.MapFS{}
	names, err := fs.Glob(embedded, "migrations/*.sql")
	if err != nil || len(names) < count {
		t.Fatalf("embedded migrations: %v, %v", names, err)
	}
	for _, name := range names[:count] {
		raw, err := fs.ReadFile(embedded, name)
		if err != nil {
			t.Fatal(err)
		}
		some[name] = &fstest.MapFile{Data: raw}
	}
	return some
}

// steps returns migrations of these statements.
func steps(statements ...string) fstest.MapFS {
	all := fstest.MapFS{}
	for i, sql := range statements {
		all["migrations/000"+string(rune('1'+i))+"_step.sql"] = &fstest.MapFile{Data: []byte(sql)}
	}
	return all
}

// schemaOf returns the statements that made the schema of a database.
func schemaOf(t *testing.T, s *Store) []string {
	t.Helper()
	var all []string
	if err := s.conn.each(func(r *row) error { all = append(all, r.text()); return nil }, "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY name"); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestEveryOlderVersionMigratesToTheSchemaOfANewDatabase(t *testing.T) {
	all, err := loadMigrations(embedded)
	if err != nil {
		t.Fatal(err)
	}
	want := schemaOf(t, openClosing(t, Options{}))
	for version := 1; version <= len(all); version++ {
		path := filepath.Join(t.TempDir(), "dialtone.db")
		c, err := openConn(path)
		if err != nil {
			t.Fatal(err)
		}
		o, err := Options{Path: path, migrations: versions(t, version)}.withDefaults()
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(prepareSchema(c, o), c.close()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, schemaOf(t, openClosing(t, Options{Path: path}))); diff != "" {
			t.Errorf("from version %d (-want +got):\n%s", version, diff)
		}
	}
}

// migrateFile applies migrations to a file and returns what a column holds.
func migrateFile(t *testing.T, path string, from fs.FS, column string) (string, error) {
	t.Helper()
	c, err := openConn(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := c.close(); err != nil {
			t.Error(err)
		}
	}()
	failure := prepareSchema(c, Options{Now: nowStart, migrations: from})
	var values []string
	if err := c.each(func(r *row) error { values = append(values, r.text()); return nil }, "SELECT "+column+" FROM a"); err != nil {
		t.Fatal(err)
	}
	return strings.Join(values, " "), failure
}

func TestMigrationsKeepDataAndRunOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	first, second := "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('one');", "ALTER TABLE a ADD COLUMN y TEXT; UPDATE a SET y = x || '!';"
	for range 2 {
		if x, err := migrateFile(t, path, steps(first), "x"); err != nil || x != "one" {
			t.Fatalf("version 1 holds %q, %v", x, err)
		}
	}
	for range 2 {
		if y, err := migrateFile(t, path, steps(first, second), "y"); err != nil || y != "one!" {
			t.Fatalf("version 2 holds %q, %v", y, err)
		}
	}
}

func TestAMigrationThatFailsLeavesTheVersionBefore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	first := "CREATE TABLE a (x TEXT); INSERT INTO a VALUES ('one');"
	x, err := migrateFile(t, path, steps(first, "UPDATE a SET x = 'two'; SELECT broken;"), "x")
	if err == nil || !strings.Contains(err.Error(), "version 2") || x != "one" {
		t.Errorf("holds %q, error %v", x, err)
	}
	if x, err := migrateFile(t, path, steps(first, "UPDATE a SET x = 'three'"), "x"); err != nil || x != "three" {
		t.Errorf("after the mend it holds %q, %v", x, err)
	}
}

func TestASchemaThatDoesNotFitIsRefused(t *testing.T) {
	newer := versions(t, 1).(fstest.MapFS)
	newer["migrations/0002_more.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE more (x TEXT);")}
	changed := versions(t, 1).(fstest.MapFS)
	for name, file := range changed {
		changed[name] = &fstest.MapFile{Data: bytes.Replace(file.Data, []byte("CREATE TABLE pings"), []byte("CREATE TABLE  pings"), 1)}
	}
	for _, test := range []struct {
		name           string
		written, known fs.FS
		shared         bool
		want           error
	}{
		{"newer than the program", newer, versions(t, 1), false, ErrNewerSchema},
		{"newer than the program, shared", newer, versions(t, 1), true, ErrNewerSchema},
		{"older than the program, shared", versions(t, 1), newer, true, ErrOlderSchema},
		{"made by other statements", changed, versions(t, 1), false, ErrSchema},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dialtone.db")
			s := openTest(t, Options{Path: path, migrations: test.written})
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			_, err := Open(t.Context(), Options{Path: path, Shared: test.shared, migrations: test.known})
			if !errors.Is(err, test.want) {
				t.Errorf("error is %v, want %v", err, test.want)
			}
			// The refusal let go of the file.
			openClosing(t, Options{Path: path, migrations: test.written})
		})
	}
}

func TestMigrationsAreNumberedWithoutAGap(t *testing.T) {
	for name, from := range map[string]fstest.MapFS{
		"a gap":      {"migrations/0001_a.sql": {}, "migrations/0003_b.sql": {}},
		"no number":  {"migrations/first.sql": {}},
		"two of one": {"migrations/0001_a.sql": {}, "migrations/0001_b.sql": {}},
		"not from 1": {"migrations/0002_a.sql": {}},
	} {
		if _, err := loadMigrations(from); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}
