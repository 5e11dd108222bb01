package storetest_test

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/store/storetest"
	"github.com/dialtone-acs/dialtone/tasks"
)

var errPlanned = errors.New("planned")

func open(t *testing.T) store.Store {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// parts returns the interfaces that a store unites, by name.
func parts(s store.Store) map[string]reflect.Value {
	all := make(map[string]reflect.Value)
	v, interfaces := reflect.ValueOf(s), reflect.TypeFor[store.Store]()
	for i := range interfaces.NumMethod() {
		method := interfaces.Method(i)
		if method.Type.NumIn() == 0 && method.Type.Out(0).Kind() == reflect.Interface && method.Name != "Close" {
			all[method.Name] = v.MethodByName(method.Name).Call(nil)[0]
		}
	}
	return all
}

// call calls a method with zero arguments, functions that return zero values
// among them, and returns its error.
func call(part reflect.Value, name string) error {
	method := part.MethodByName(name)
	arguments := make([]reflect.Value, method.Type().NumIn())
	for i := range arguments {
		arguments[i] = zero(method.Type().In(i))
	}
	arguments[0] = reflect.ValueOf(context.Background())
	results := method.Call(arguments)
	err, _ := results[len(results)-1].Interface().(error)
	return err
}

func zero(t reflect.Type) reflect.Value {
	if t.Kind() != reflect.Func {
		return reflect.Zero(t)
	}
	return reflect.MakeFunc(t, func([]reflect.Value) []reflect.Value {
		var results []reflect.Value
		for i := range t.NumOut() {
			results = append(results, reflect.Zero(t.Out(i)))
		}
		return results
	})
}

func TestEveryMethodCanBeMadeToFail(t *testing.T) {
	s := open(t)
	names := parts(s)
	if len(names) != 28 {
		t.Fatalf("a store has %d parts, expected 28: %v", len(names), names)
	}
	for part := range names {
		kind, ok := reflect.TypeFor[store.Store]().MethodByName(part)
		if !ok {
			t.Fatalf("store has no part %s", part)
		}
		methods := kind.Type.Out(0)
		for i := range methods.NumMethod() {
			name := methods.Method(i).Name
			for _, after := range []bool{false, true} {
				failing := storetest.Faulty(s, storetest.Fault{Method: part + "." + name, After: after, Err: errPlanned})
				err := call(parts(failing)[part], name)
				// With zero arguments some calls fail by themselves, and then only
				// a fault from before shows.
				if own := call(parts(s)[part], name); !errors.Is(err, errPlanned) && (!after || own == nil) {
					t.Errorf("%s.%s returns %v with a planned fault (after=%t)", part, name, err, after)
				}
			}
		}
	}
}

func TestMethodsOfTheStoreItselfCanBeMadeToFail(t *testing.T) {
	ctx, real := t.Context(), open(t)
	for name, call := range map[string]func(store.Store) error{
		"Ping":            func(s store.Store) error { return s.Ping(ctx) },
		"Backup":          func(s store.Store) error { return s.Backup(ctx, filepath.Join(t.TempDir(), "backup")) },
		"Maintain":        func(s store.Store) error { return s.Maintain(ctx, time.Time{}) },
		"KeyCheck":        func(s store.Store) error { _, err := s.KeyCheck(ctx, "check"); return err },
		"ReplaceKeyCheck": func(s store.Store) error { return s.ReplaceKeyCheck(ctx, "check") },
	} {
		if err := call(storetest.Faulty(real, storetest.Fault{Method: name, Err: errPlanned})); !errors.Is(err, errPlanned) {
			t.Errorf("%s returns %v", name, err)
		}
	}
}

func TestAFaultMeetsTheCallItNamesBeforeOrAfterItTookEffect(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, test := range []struct {
		name   string
		after  bool
		stored [3]bool
	}{
		{"before", false, [3]bool{true, false, true}},
		{"after", true, [3]bool{true, true, true}},
	} {
		t.Run(test.name, func(t *testing.T) {
			real := open(t)
			s := storetest.Faulty(real, storetest.Fault{Method: "Tasks.Insert", Call: 2, After: test.after, Err: errPlanned})
			for i, stored := range test.stored {
				task := tasks.Task{ID: tasks.NewID(at), Device: "d", State: tasks.Queued}
				if err := s.Tasks().Insert(t.Context(), task); errors.Is(err, errPlanned) != (i == 1) {
					t.Errorf("call %d returns %v", i+1, err)
				}
				if _, err := real.Tasks().Get(t.Context(), task.ID); (err == nil) != stored {
					t.Errorf("after call %d the task is stored: %t, want %t", i+1, err == nil, stored)
				}
			}
		})
	}
}

func TestACallThatFailsByItselfKeepsItsOwnError(t *testing.T) {
	s := storetest.Faulty(open(t), storetest.Fault{Method: "Tasks.Get", After: true, Err: errPlanned})
	if _, err := s.Tasks().Get(t.Context(), "none"); !errors.Is(err, tasks.ErrNotFound) {
		t.Errorf("error is %v, want %v", err, tasks.ErrNotFound)
	}
}
