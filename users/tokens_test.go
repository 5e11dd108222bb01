package users

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func permissionsOfBuiltIn(t *testing.T, name Role) Permissions {
	t.Helper()
	r, ok := builtIn(name)
	if !ok {
		t.Fatalf("no role %s", name)
	}
	return r.Permissions
}

func TestATokenProvesItsHolder(t *testing.T) {
	f := newFixture(t)
	plain, token, err := f.CreateToken(t.Context(), NewToken{Name: "crm", Role: Operator, Scope: device.Scope{Group: "acme"}, CreatedBy: "user:admin"})
	if err != nil {
		t.Fatal(err)
	}
	p, err := f.Authenticate(t.Context(), plain)
	if err != nil || p != (Principal{Actor: "token:" + token.ID + " crm", Role: Operator, Permissions: permissionsOfBuiltIn(t, Operator), Scope: device.Scope{Group: "acme"}}) {
		t.Errorf("%+v: %v", p, err)
	}
	all, err := f.Tokens(t.Context())
	if err != nil || len(all) != 1 || strings.Contains(all[0].Hash, plain) || all[0].CreatedBy != "user:admin" {
		t.Errorf("stored %+v: %v", all, err)
	}
	for _, other := range []string{"", "dt_", plain[:len(plain)-1], plain + "A", strings.ToUpper(plain), plain[:len(plain)-2] + "AA"} {
		if _, err := f.Authenticate(t.Context(), other); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%q: %v", other, err)
		}
	}
}

func TestTokensThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		token NewToken
		want  error
	}{
		{NewToken{Role: Viewer}, ErrName}, {NewToken{Name: " x", Role: Viewer}, ErrName},
		{NewToken{Name: "a\nb", Role: Viewer}, ErrName}, {NewToken{Name: "x"}, ErrRole}, {NewToken{Name: "x", Role: "nobodys"}, ErrRole}, {NewToken{Name: "x", Role: Support}, ErrScope},
		{NewToken{Name: "x", Role: Viewer, Expires: f.now()}, ErrExpires},
	} {
		if _, _, err := f.CreateToken(t.Context(), c.token); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.token, err, c.want)
		}
	}
}

func TestATokenIsVoidOnceItExpiresOrIsDeleted(t *testing.T) {
	f := newFixture(t)
	short, _, err := f.CreateToken(t.Context(), NewToken{Name: "short", Role: Viewer, Expires: f.now().Add(time.Second)})
	if err != nil {
		t.Fatal(err)
	}
	long, token, err := f.CreateToken(t.Context(), NewToken{Name: "long", Role: Viewer})
	if err != nil {
		t.Fatal(err)
	}
	for _, plain := range []string{short, long} {
		if _, err := f.Authenticate(t.Context(), plain); err != nil {
			t.Fatal(err)
		}
	}
	f.advance(time.Second) // The cache still holds both.
	if _, err := f.Authenticate(t.Context(), short); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("expired: %v", err)
	}
	if err := f.DeleteToken(t.Context(), token.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Authenticate(t.Context(), long); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("deleted: %v", err)
	}
	if err := f.DeleteToken(t.Context(), token.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
}

func TestABusyTokenCostsAReadInTwoSecondsAndAWriteInAMinute(t *testing.T) {
	f := newFixture(t)
	plain, _, err := f.CreateToken(t.Context(), NewToken{Name: "busy", Role: Viewer})
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
		plain, _, err := f.CreateToken(t.Context(), NewToken{Name: "x", Role: Viewer})
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
	if _, ok := PrincipalFrom(t.Context()); ok {
		t.Error("there is a principal in an empty context")
	}
	want := Principal{Actor: "user:anna", Role: Viewer}
	if got, ok := PrincipalFrom(WithPrincipal(t.Context(), want)); !ok || got != want {
		t.Errorf("%+v %v", got, ok)
	}
}
