package users

import (
	"bytes"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// fixture is a directory over stores in memory with a clock of its own.
type fixture struct {
	*Directory
	store  *memory
	mu     sync.Mutex
	moment time.Time
}

func (f *fixture) now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.moment
}

func (f *fixture) advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.moment = f.moment.Add(d)
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{store: newMemory(), moment: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	f.Directory = f.beside(t)
	return f
}

// beside returns a directory of another process over the same store.
func (f *fixture) beside(t *testing.T) *Directory {
	t.Helper()
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte{7}, secret.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return NewDirectory(Options{Users: f.store, Roles: f.store, Tokens: f.store, BrowserSessions: f.store, Keeper: keeper, Now: f.now})
}

const goodPassword = "correct horse battery"

// newUser makes a user of goodPassword.
func (f *fixture) newUser(t *testing.T, name string, role Role, group string) {
	t.Helper()
	if _, _, err := f.NewUser(t.Context(), NewUser{Name: name, Role: role, Scope: device.Scope{Group: group}, Password: goodPassword}); err != nil {
		t.Fatal(err)
	}
}

// signIn signs in with goodPassword from an address of nobody else's.
func (f *fixture) signIn(t *testing.T, name string) SignedIn {
	t.Helper()
	in, err := f.SignIn(t.Context(), SignIn{Name: name, Password: goodPassword, Address: "192.0.2.1", UserAgent: "test"})
	if err != nil {
		t.Fatal(err)
	}
	return in
}
