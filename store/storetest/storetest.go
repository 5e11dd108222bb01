// Package storetest is the suite that every store passes, and a store that
// fails on purpose. It knows nothing of any database: what it demands is what
// the interfaces of the domain packages promise.
package storetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// Opener opens a store over one set of data, with the indexed parameters of
// IndexedParameters. Called again, it opens the same data: after the store that
// it opened before was closed, or beside it if the stores are shared.
type Opener func(t *testing.T) store.Store

// Kind says in what stores differ, so that each is held to its own promises.
type Kind struct {
	// Shared says that several servers may have the data open at once. Then
	// opening it leaves the sessions of others alone. Else one server has the data
	// for itself, and when it opens it no session can be open.
	Shared bool
	// BacksUp says that Backup writes a copy. Else it returns an error that wraps
	// errors.ErrUnsupported.
	BacksUp bool
	// Slow says that every list reads all there is and takes milliseconds: filters
	// are tried on fewer records then. The filters are the same, and as many.
	Slow bool
}

// IndexedParameters returns the names of the indexed parameters with which
// Openers open their stores.
func IndexedParameters() []string { return []string{"registration", "vlan"} }

// deviceSchema returns the fields of devices in the stores of the suite.
func deviceSchema() *query.Schema { return device.Schema(IndexedParameters()...) }

// Run holds a store of that kind to everything that the interfaces promise. Fresh
// returns an Opener of data that is empty and that no other call shares; what it
// makes, it removes when the test ends.
func Run(t *testing.T, kind Kind, fresh func(t *testing.T) Opener) {
	t.Helper()
	groups := []struct {
		name  string
		tests []test
	}{
		{"Devices", deviceTests()},
		{"DeviceLists", deviceListTests()},
		{"Sessions", sessionTests()},
		{"Parameters", parameterTests()},
		{"Attributes", attributeTests()},
		{"Credentials", credentialTests()},
		{"Models", modelTests()},
		{"Tasks", taskTests()},
		{"TaskLists", taskListTests(kind)},
		{"Bulks", bulkTests()},
		{"Files", fileTests()},
		{"Groups", groupTests()},
		{"Summary", summaryTests(kind)},
		{"Causes", causeTests(kind)},
		{"Users", userTests()},
		{"Roles", roleTests()},
		{"Tokens", tokenTests()},
		{"BrowserSessions", browserSessionTests()},
		{"Audit", auditTests()},
		{"AuditLists", auditListTests(kind)},
		{"History", historyTests()},
		{"Alarms", alarmTests()},
		{"Grants", grantTests()},
		{"Declared", declaredTests()},
		{"Provisioning", provisioningTests()},
		{"Converged", convergedTests()},
		{"Convergences", convergenceTests()},
		{"DataModels", dataModelTests()},
		{"Levels", levelTests()},
		{"Lines", lineTests()},
		{"Fetches", fetchTests()},
		{"Strangers", strangerTests()},
		{"Traces", traceTests()},
		{"Carried", carriedTests()},
		{"Nodes", nodeTests()},
		{"KeyCheck", keyCheckTests()},
		{"Query", queryTests(kind)},
		{"Concurrency", concurrencyTests()},
		{"Cancelled", cancelledTests()},
		{"Maintenance", maintenanceTests(kind)},
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
	t.Run("Copier", func(t *testing.T) {
		for _, test := range copierTests() {
			t.Run(test.name, func(t *testing.T) { test.run(t, openStore(t, fresh(t)), openStore(t, fresh(t))) })
		}
	})
	t.Run("Reopen", func(t *testing.T) {
		for _, test := range reopenTests(kind) {
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
	permissions := cmp.Comparer(func(a, b users.Permissions) bool { return a == b })
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), permissions); diff != "" {
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
