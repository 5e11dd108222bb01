package users_test

import (
	"context"
	"encoding/base64"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store/sqlite"
	"github.com/dialtone-acs/dialtone/users"
)

// fixture is a directory over the embedded store with a clock of its own.
type fixture struct {
	*users.Directory
	store  *countingStore
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

// countingStore counts what the cache is to spare.
type countingStore struct {
	users.Store
	mu            sync.Mutex
	reads, writes int
}

func (s *countingStore) TokenByHash(ctx context.Context, hash string) (users.Token, error) {
	s.mu.Lock()
	s.reads++
	s.mu.Unlock()
	return s.Store.TokenByHash(ctx, hash)
}

func (s *countingStore) PutToken(ctx context.Context, t users.Token) error {
	s.wrote()
	return s.Store.PutToken(ctx, t)
}

func (s *countingStore) TouchToken(ctx context.Context, id string, at time.Time) error {
	s.wrote()
	return s.Store.TouchToken(ctx, id, at)
}

func (s *countingStore) wrote() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writes++
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "test.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	f := &fixture{store: &countingStore{Store: store.Users()}, moment: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)}
	f.Directory = users.NewDirectory(f.store, f.now)
	return f
}

func TestTheFirstUserIsMadeOnce(t *testing.T) {
	f := newFixture(t)
	password, created, err := f.EnsureAdmin(t.Context())
	if err != nil || !created {
		t.Fatal(created, err)
	}
	p, err := f.SignIn(t.Context(), "admin", password)
	if err != nil || p.Actor != "user:admin" || p.Role != users.Admin || p.Scope != (device.Scope{}) {
		t.Errorf("signed in as %+v: %v", p, err)
	}
	again, created, err := f.EnsureAdmin(t.Context())
	if err != nil || created || again != "" {
		t.Errorf("made again: %v %v", created, err)
	}
}

func TestNobodySignsInWithAnythingElse(t *testing.T) {
	f := newFixture(t)
	if _, err := f.NewUser(t.Context(), "anna@example.com", users.Viewer, device.Scope{Group: "acme"}, "correct horse battery"); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{{"anna@example.com", "wrong"}, {"anna", "correct horse battery"}, {"", ""}, {"admin", ""}} {
		if p, err := f.SignIn(t.Context(), c[0], c[1]); !errors.Is(err, users.ErrUnauthenticated) || p != (users.Principal{}) {
			t.Errorf("%v signed in as %+v: %v", c, p, err)
		}
	}
}

func TestAnOldHashIsMadeAnewAtSignIn(t *testing.T) {
	const long = "correct horse battery"
	salt := []byte("somesalt")
	b64 := base64.RawStdEncoding.EncodeToString
	old := "$argon2id$v=19$m=64,t=1,p=1$" + b64(salt) + "$" + b64(argon2.IDKey([]byte(long), salt, 1, 64, 1, 32))
	// This one is of "password", shorter than passwords may be by now.
	const short = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	f := newFixture(t)
	for _, c := range []struct {
		name, hash, password string
		anew                 bool
	}{{"anna", old, long, true}, {"bert", short, "password", false}} {
		if err := f.store.PutUser(t.Context(), users.User{Name: c.name, Role: users.Viewer, PasswordHash: c.hash}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := f.SignIn(t.Context(), c.name, c.password); err != nil {
				t.Fatal(err)
			}
		}
		if u, err := f.store.User(t.Context(), c.name); err != nil || (u.PasswordHash != c.hash) != c.anew || users.NeedsRehash(u.PasswordHash) == c.anew {
			t.Errorf("%s has the hash %s: %v", c.name, u.PasswordHash, err)
		}
	}
}

func TestUsersThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	const password = "correct horse battery"
	for _, c := range []struct {
		name, password string
		role           users.Role
		want           error
	}{
		{"", password, users.Viewer, users.ErrName}, {"Anna", password, users.Viewer, users.ErrName}, {"-anna", password, users.Viewer, users.ErrName},
		{"an na", password, users.Viewer, users.ErrName}, {strings.Repeat("a", 65), password, users.Viewer, users.ErrName},
		{"anna", password, "root", users.ErrRole}, {"anna", "short", users.Viewer, users.ErrPassword}, {"anna", password, users.Viewer, nil},
		{"anna", password, users.Viewer, users.ErrExists},
	} {
		if _, err := f.NewUser(t.Context(), c.name, c.role, device.Scope{}, c.password); !errors.Is(err, c.want) {
			t.Errorf("%q as %q: %v, want %v", c.name, c.role, err, c.want)
		}
	}
}

func TestATokenProvesItsHolder(t *testing.T) {
	f := newFixture(t)
	plain, token, err := f.CreateToken(t.Context(), users.NewToken{Name: "crm", Role: users.Operator, Scope: device.Scope{Group: "acme"}, CreatedBy: "user:admin"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Authenticate(t.Context(), plain)
	if err != nil || p != (users.Principal{Actor: "token:" + token.ID + " crm", Role: users.Operator, Scope: device.Scope{Group: "acme"}}) {
		t.Errorf("%+v: %v", p, err)
	}
	all, err := f.Tokens(t.Context())
	if err != nil || len(all) != 1 || strings.Contains(all[0].Hash, plain) || all[0].CreatedBy != "user:admin" {
		t.Errorf("stored %+v: %v", all, err)
	}
	for _, other := range []string{"", "dt_", plain[:len(plain)-1], plain + "A", strings.ToUpper(plain), plain[:len(plain)-2] + "AA"} {
		if _, err := f.Authenticate(t.Context(), other); !errors.Is(err, users.ErrUnauthenticated) {
			t.Errorf("%q: %v", other, err)
		}
	}
}

func TestTokensThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		token users.NewToken
		want  error
	}{
		{users.NewToken{Role: users.Viewer}, users.ErrName}, {users.NewToken{Name: " x", Role: users.Viewer}, users.ErrName},
		{users.NewToken{Name: "a\nb", Role: users.Viewer}, users.ErrName}, {users.NewToken{Name: "x"}, users.ErrRole},
		{users.NewToken{Name: "x", Role: users.Viewer, Expires: f.now()}, users.ErrExpires},
	} {
		if _, _, err := f.CreateToken(t.Context(), c.token); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.token, err, c.want)
		}
	}
}

func TestATokenIsVoidOnceItExpiresOrIsDeleted(t *testing.T) {
	f := newFixture(t)
	short, _, err := f.CreateToken(t.Context(), users.NewToken{Name: "short", Role: users.Viewer, Expires: f.now().Add(time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	long, token, err := f.CreateToken(t.Context(), users.NewToken{Name: "long", Role: users.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []string{short, long} {
		if _, err := f.Authenticate(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
	}
	f.advance(time.Second) // The cache still holds both.
	if _, err := f.Authenticate(t.Context(), short); !errors.Is(err, users.ErrUnauthenticated) {
		t.Errorf("expired: %v", err)
	}
	if err := f.DeleteToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Authenticate(t.Context(), long); !errors.Is(err, users.ErrUnauthenticated) {
		t.Errorf("deleted: %v", err)
	}
	if err := f.DeleteToken(t.Context(), token.ID); !errors.Is(err, users.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestABusyTokenCostsAReadInTwoSecondsAndAWriteInAMinute(t *testing.T) {
	f := newFixture(t)
	plain, _, err := f.CreateToken(t.Context(), users.NewToken{Name: "busy", Role: users.Viewer})
	if err != nil {
		t.Fatal(err)
	}
	f.store.reads, f.store.writes = 0, 0
	for range 1200 { // Two minutes, ten requests a second.
		if _, err := f.Authenticate(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
		f.advance(100 * time.Millisecond)
	}
	if f.store.reads != 60 || f.store.writes != 2 {
		t.Errorf("%d reads and %d writes", f.store.reads, f.store.writes)
	}
	all, err := f.Tokens(t.Context())
	if err != nil || f.now().Sub(all[0].LastUsed) > time.Minute+2*time.Second {
		t.Errorf("last used %s before: %v", f.now().Sub(all[0].LastUsed), err)
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	f := newFixture(t)
	var all []string
	for range 300 {
		plain, _, err := f.CreateToken(t.Context(), users.NewToken{Name: "x", Role: users.Viewer})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, plain)
	}
	for range 2 {
		for _, plain := range all {
			if _, err := f.Authenticate(t.Context(), plain); err != nil {
				t.Fatal(err)
			}
		}
	}
	if f.store.reads < 600-256 {
		t.Errorf("%d reads: more tokens are kept than may be", f.store.reads)
	}
}

func TestThePrincipalGoesWithTheContext(t *testing.T) {
	if _, ok := users.PrincipalFrom(t.Context()); ok {
		t.Error("there is a principal in an empty context")
	}
	want := users.Principal{Actor: "user:anna", Role: users.Viewer}
	if got, ok := users.PrincipalFrom(users.WithPrincipal(t.Context(), want)); !ok || got != want {
		t.Errorf("%+v %v", got, ok)
	}
}

func TestAuditIDsGrowWithTime(t *testing.T) {
	now := time.Now()
	if a, b := users.NewAuditID(now), users.NewAuditID(now.Add(time.Millisecond)); a >= b || len(a) != 26 {
		t.Errorf("%s is not before %s", a, b)
	}
}
