// Package storetest is the suite that every store passes, and a store that
// fails on purpose. It knows nothing of any database: what it demands is what
// the interfaces of the domain packages promise.
package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/store"
)

// Opener opens a store over one set of data. Called again, after the store that
// it opened before was closed, it opens the same data.
type Opener func(t *testing.T) store.Store

// Run holds a store to everything that the interfaces promise. Fresh returns an
// Opener of data that is empty and that no other call shares; what it makes, it
// removes when the test ends.
func Run(t *testing.T, fresh func(t *testing.T) Opener) {
	t.Helper()
	groups := []struct {
		name  string
		tests []test
	}{
		{"Devices", deviceTests()},
		{"DeviceLists", deviceListTests()},
		{"Sessions", sessionTests()},
		{"Parameters", parameterTests()},
		{"Credentials", credentialTests()},
		{"Models", modelTests()},
		{"Tasks", taskTests()},
		{"TaskLists", taskListTests()},
		{"Bulks", bulkTests()},
		{"Files", fileTests()},
		{"Users", userTests()},
		{"Audit", auditTests()},
		{"Query", queryTests()},
		{"Concurrency", concurrencyTests()},
		{"Cancelled", cancelledTests()},
		{"Maintenance", maintenanceTests()},
	}
	for _, group := range groups {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					test.run(t, openStore(t, fresh(t)))
				})
			}
		})
	}
	t.Run("Reopen", func(t *testing.T) {
		for _, test := range reopenTests() {
			t.Run(test.name, func(t *testing.T) { test.run(t, fresh(t)) })
		}
	})
}

// test is one sentence of the promise, on a store that is empty.
type test struct {
	name string
	run  func(t *testing.T, s store.Store)
}

func openStore(t *testing.T, open Opener) store.Store {
	t.Helper()
	s := open(t)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t *testing.T, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// now is the time of the tests. It has more than milliseconds on purpose: what
// comes back has not.
func now() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678_912_345, time.UTC) }

// stored returns the time as it comes back.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}

// same fails the test if the two differ. Empty and absent lists are the same.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", what, diff)
	}
}

// must fails the test at once if err is not nil.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// got returns the value of a call that must succeed.
func got[T any](t *testing.T) func(value T, err error) T {
	return func(value T, err error) T {
		t.Helper()
		must(t, err)
		return value
	}
}
