package store_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/history"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

// list is a store that holds a list of records, and notes what is imported.
type list struct {
	store.Copier
	records []store.Record
	imports [][]store.Record
	// fails is the error of the import of that number, counted from 1.
	fails     int
	exportErr error
}

var errPlanned = errors.New("planned")

func (l *list) Export(_ context.Context, each func(store.Record) error) error {
	for _, r := range l.records {
		if err := each(r); err != nil {
			return err
		}
	}
	return l.exportErr
}

func (l *list) Import(_ context.Context, records []store.Record) error {
	l.imports = append(l.imports, records)
	if len(l.imports) == l.fails {
		return errPlanned
	}
	l.records = append(l.records, records...)
	return nil
}

func audits(n int) []store.Record {
	var all []store.Record
	for i := range n {
		all = append(all, store.Record{Audit: &users.AuditEntry{Sequence: int64(i)}})
	}
	return all
}

// branches returns the tree of a device in n branches of few parameters.
func branches(id device.ID, n int) []store.Record {
	var all []store.Record
	for i := range n {
		all = append(all, store.Record{Parameters: &store.Branch{Device: id, Parameters: []device.Parameter{{Path: fmt.Sprintf("Device.%06d", i)}}}})
	}
	return all
}

// documents returns declared documents with bodies of that many bytes.
func documents(n, size int) []store.Record {
	var all []store.Record
	for i := range n {
		d := declared.Document{Kind: declared.AccessRule, ID: fmt.Sprintf("%06d", i), Body: json.RawMessage(strings.Repeat("x", size))}
		all = append(all, store.Record{Declared: &d})
	}
	return all
}

// sessions returns past sessions with one call of that many bytes.
func sessions(n, size int) []store.Record {
	var all []store.Record
	for i := range n {
		s := history.Session{ID: fmt.Sprintf("%06d", i), Calls: []history.Call{{Method: "Kicked", Detail: strings.Repeat("x", size)}}}
		all = append(all, store.Record{Session: &s})
	}
	return all
}

// levels returns levels with a value of that many bytes.
func levels(n, size int) []store.Record {
	var all []store.Record
	for i := range n {
		l := provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: fmt.Sprintf("%06d", i)}}
		l.Entries = []provisioners.Entry{{Path: "owner", Value: strings.Repeat("x", size/2)}, {Path: "time.zone", Filter: strings.Repeat("x", size/2)}}
		all = append(all, store.Record{Level: &l})
	}
	return all
}

func TestBatchesAreBoundedAndKeepATreeTogether(t *testing.T) {
	large := tasks.Task{Result: json.RawMessage(strings.Repeat("x", 3<<20))}
	user := users.User{Preferences: strings.Repeat("x", 3<<20)}
	entry := users.AuditEntry{Before: strings.Repeat("x", 2<<20), After: strings.Repeat("x", 1<<20)}
	long := strings.Repeat("x", 1<<20)
	convergence := provisioners.Convergence{
		Confirmed: []provisioners.Confirmed{{Path: long}}, Differences: []provisioners.Difference{{Has: &long}}, Owned: []string{long},
	}
	model := provisioners.DataModel{Names: []provisioners.ParameterName{{Path: long}}, NoNotification: []string{long}, Unmapped: []provisioners.Unmapped{{Reason: long}}}
	for _, c := range []struct {
		name    string
		records []store.Record
		want    string
	}{
		{"nothing", nil, ""},
		{"large convergences", []store.Record{{Convergence: &convergence}, {Convergence: &convergence}, {Convergence: &convergence}}, "2 1"},
		{"large data models", []store.Record{{DataModel: &model}, {DataModel: &model}, {DataModel: &model}}, "2 1"},
		{"few records", audits(3), "3"},
		{"many records", audits(2*store.MaxImport + 1), "500 500 1"},
		{"large records", []store.Record{{Task: &large}, {Task: &large}, {Task: &large}, {Task: &large}, {Task: &large}}, "2 2 1"},
		{"large users", []store.Record{{User: &user}, {User: &user}, {User: &user}}, "2 1"},
		{"large audit entries", []store.Record{{Audit: &entry}, {Audit: &entry}, {Audit: &entry}}, "2 1"},
		{"large documents", documents(100, declared.MaxBody), "64 36"},
		{"large levels", levels(20, provisioners.MaxLevelBytes), "8 8 4"},
		{"sessions with many calls", sessions(2, 3<<20), "2"},
		{"more sessions with many calls", sessions(3, 3<<20), "2 1"},
		{"a tree that fills a batch up", append(branches("a", 450), branches("b", 50)...), "500"},
		{"a tree that would not fit", append(branches("a", 480), branches("b", 50)...), "480 50"},
		{"trees that follow each other", append(append(branches("a", 50), branches("b", 50)...), branches("c", 401)...), "100 401"},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, to := &list{records: c.records}, &list{}
			counts, err := store.Copy(t.Context(), from, to, nil)
			if err != nil {
				t.Fatal(err)
			}
			var sizes []string
			for _, batch := range to.imports {
				sizes = append(sizes, fmt.Sprint(len(batch)))
			}
			if got := strings.Join(sizes, " "); got != c.want {
				t.Errorf("batches of %s records, want %s", got, c.want)
			}
			total := 0
			for _, kind := range store.Kinds() {
				total += counts.Of(kind)
			}
			if total != len(c.records) {
				t.Errorf("counted %d records, want %d", total, len(c.records))
			}
			if err := store.Compare(t.Context(), from, to); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestACopyEndsWithTheFirstErrorAndSaysHowFarItCame(t *testing.T) {
	from, to := &list{records: audits(3 * store.MaxImport)}, &list{fails: 2}
	told := 0
	counts, err := store.Copy(t.Context(), from, to, func(store.Counts) { told++ })
	if !errors.Is(err, errPlanned) || counts.Of(store.KindAudit) != store.MaxImport || told != 1 || len(to.imports) != 2 {
		t.Errorf("counted %d, told %d times, imported %d times, %v", counts.Of(store.KindAudit), told, len(to.imports), err)
	}
	if _, err := store.Copy(t.Context(), &list{exportErr: errPlanned}, &list{}, nil); !errors.Is(err, errPlanned) {
		t.Errorf("an export that fails: %v", err)
	}
}

func TestACompareOfAStoreThatFailsIsNoDifference(t *testing.T) {
	whole, broken := &list{records: audits(3)}, &list{records: audits(2), exportErr: errPlanned}
	for _, pair := range [][2]*list{{whole, broken}, {broken, whole}} {
		if err := store.Compare(t.Context(), pair[0], pair[1]); !errors.Is(err, errPlanned) || errors.Is(err, store.ErrDifferent) {
			t.Errorf("error is %v", err)
		}
	}
}

func role(t *testing.T, list ...users.Permission) store.Record {
	t.Helper()
	permissions, err := users.NewPermissions(list...)
	if err != nil {
		t.Fatal(err)
	}
	return store.Record{Role: &users.RoleDefinition{Name: "r", Permissions: permissions}}
}

func TestStoresAreTheSameWhateverFormTheyKeep(t *testing.T) {
	task := func(args, result string) store.Record {
		return store.Record{Task: &tasks.Task{ID: "t", Args: json.RawMessage(args), Result: json.RawMessage(result)}}
	}
	tagged := func(tags []string, indexed map[string]string) store.Record {
		return store.Record{Device: &device.Device{ID: "d", Tags: tags, Indexed: indexed}}
	}
	parameter := func(p device.Parameter) store.Record {
		return store.Record{Parameters: &store.Branch{Device: "d", Parameters: []device.Parameter{p}}}
	}
	sealed := func(key secret.Sealed) store.Record {
		return store.Record{User: &users.User{Name: "u", SecondFactor: users.SecondFactor{Key: key}}}
	}
	counted := func(n int64) store.Record {
		return store.Record{Counts: &history.Counts{Node: "n", Values: map[string]int64{"a.b": n}}}
	}
	document := func(id string, revision int64) store.Record {
		return store.Record{Declared: &declared.Document{Kind: declared.AccessRule, ID: id, Revision: revision}}
	}
	line := func(number, label string) store.Record {
		return store.Record{Line: &provisioners.Line{LineKey: provisioners.LineKey{Group: "g", Number: number}, Label: label}}
	}
	level := func(id string, e provisioners.Entry) store.Record {
		return store.Record{Level: &provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: id}, Entries: []provisioners.Entry{e}}}
	}
	zero, one := 0, 1
	for _, c := range []struct {
		name string
		a, b store.Record
		want string
	}{
		{"JSON with other spaces and order", task(`{"a":1,"b":"<"}`, ""), task(`{"b": "\u003c", "a": 1}`, ""), ""},
		{"JSON that says something else", task(`{"a":1}`, ""), task(`{"a":1.0}`, ""), "Args"},
		{"JSON that is none", task(`{"a":`, ""), task(`{"a": `, ""), "Args"},
		{"an absent result and an empty one", task(`{}`, ""), store.Record{Task: &tasks.Task{ID: "t", Args: json.RawMessage("{}")}}, ""},
		{"no tags", tagged(nil, nil), tagged([]string{}, map[string]string{}), ""},
		{"other tags", tagged([]string{"a", "b"}, nil), tagged([]string{"b", "a"}, nil), "Tags"},
		{"other indexed parameters", tagged(nil, map[string]string{"a": "1"}), tagged(nil, map[string]string{"a": "2"}), "Indexed"},
		{"another content of a file", store.Record{File: &files.File{Name: "f", Content: "a"}}, store.Record{File: &files.File{Name: "f", Content: "b"}}, ""},
		{"another checksum of a file", store.Record{File: &files.File{Name: "f", SHA256: "a"}}, store.Record{File: &files.File{Name: "f", SHA256: "b"}}, "SHA256"},
		{"an unknown notification", parameter(device.Parameter{Notification: nil}), parameter(device.Parameter{Notification: &zero}), "Notification"},
		{"another notification", parameter(device.Parameter{Notification: &one}), parameter(device.Parameter{Notification: &zero}), "Notification"},
		{"another device", tagged(nil, nil), store.Record{Device: &device.Device{ID: "e"}}, `"d" is only in the first`},
		{"other permissions", role(t, users.ReadDevices), role(t, users.ReadTasks), "Permissions"},
		{"the same permissions", role(t, users.ReadDevices, users.ReadTasks), role(t, users.ReadTasks, users.ReadDevices), ""},
		{"another second factor", sealed("a"), sealed("b"), "SecondFactor.Key"},
		{"other counts", counted(1), counted(2), "Values"},
		{"an audit entry that is missing", store.Record{Audit: &users.AuditEntry{Sequence: -3}}, store.Record{Audit: &users.AuditEntry{Sequence: 4}}, "-3 is only in the first"},
		{"another revision of a document", document("a", 1), document("a", 2), "Revision"},
		{"a document that is missing", document("a", 1), document("b", 1), `accessRule "a" is only in the first`},
		{"a secret of a level", level("a", provisioners.Entry{Sealed: "x"}), level("a", provisioners.Entry{Sealed: "y"}), "Entries.Sealed"},
		{"a level for all models", level("a", provisioners.Entry{}), level("a", provisioners.Entry{Models: []string{}}), ""},
		{"a level that is missing", level("a", provisioners.Entry{}), level("b", provisioners.Entry{}), `that of device "a" is only in the first`},
		{"a label of a line", line("1", "a"), line("1", "b"), "Label"},
		{"a line that is missing", line("2", ""), line("1", ""), `number "1" of group "g" is only in the second`},
		{"another kind", store.Record{User: &users.User{Name: "u"}}, tagged(nil, nil), `"d" is only in the second`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := store.Compare(t.Context(), &list{records: []store.Record{c.a}}, &list{records: []store.Record{c.b}})
			if c.want == "" && err != nil || c.want != "" && (!errors.Is(err, store.ErrDifferent) || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("error is %v, want %q in it", err, c.want)
			}
		})
	}
}
