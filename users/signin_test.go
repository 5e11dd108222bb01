package users

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/dialtone-acs/dialtone/device"
)

func TestTheFirstUserIsMadeOnceAndNotAskedForAnotherPassword(t *testing.T) {
	f := newFixture(t)
	password, created, err := f.EnsureAdmin(t.Context())
	if err != nil || !created {
		t.Fatal(created, err)
	}
	in, err := f.SignIn(t.Context(), SignIn{Name: AdminName, Password: password})
	want := Principal{Actor: "user:admin", User: "admin", BrowserSession: in.Session.ID, Role: Admin, Permissions: permissionsOfBuiltIn(t, Admin)}
	if err != nil || in.Principal != want {
		t.Errorf("signed in as %+v: %v", in.Principal, err)
	}
	again, created, err := f.EnsureAdmin(t.Context())
	if err != nil || created || again != "" {
		t.Errorf("made again: %v %v", created, err)
	}
}

func TestASignInBeginsASessionThatItsCookieProves(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Support, "acme/south")
	in, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Address: "192.0.2.1", UserAgent: strings.Repeat("ä", 200)})
	if err != nil {
		t.Fatal(err)
	}
	if in.Session.UserAgent != strings.Repeat("ä", 128) || in.Session.Method != "password" || !in.Session.Expires.Equal(f.now().Add(7*24*time.Hour)) {
		t.Errorf("session %+v", in.Session)
	}
	p, err := f.AuthenticateCookie(t.Context(), in.Cookie)
	if err != nil || p != in.Principal || p.Scope.Group != "acme/south" || !p.Allows(WakeDevices) || p.Allows(WriteDevices) {
		t.Errorf("%+v: %v", p, err)
	}
	if f.store.sessions[0].Hash != hashToken(in.Cookie) || strings.Contains(fmt.Sprint(f.store.sessions), in.Cookie) {
		t.Error("the cookie is stored, or another one")
	}
	if u, err := f.User(t.Context(), "anna"); err != nil || !u.LastSignIn.Equal(f.now()) || !u.UpdatedAt.Equal(u.CreatedAt) {
		t.Errorf("%+v: %v", u, err)
	}
	for _, other := range []string{"", in.Cookie + "A", in.Cookie[1:], newCookieText(), strings.Repeat("!", 43)} {
		if _, err := f.AuthenticateCookie(t.Context(), other); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("cookie %q: %v", other, err)
		}
	}
}

func TestNobodySignsInWithAnythingElse(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.newUser(t, "disabled", Viewer, "")
	if _, err := f.EditUser(t.Context(), "disabled", UserEdit{Disabled: pointer(true)}); err != nil {
		t.Fatal(err)
	}
	if err := f.store.PutUser(t.Context(), User{Name: "elsewhere", Role: Viewer, Subject: "https://id.example sub"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range [][2]string{
		{"anna", "wrong"}, {"Anna", goodPassword}, {"bert", goodPassword}, {"", ""}, {"admin", ""}, {"disabled", goodPassword},
		{"elsewhere", ""}, {"elsewhere", goodPassword}, {"anna", strings.Repeat("x", 300)}, {strings.Repeat("a", 100), goodPassword},
	} {
		if in, err := f.SignIn(t.Context(), SignIn{Name: c[0], Password: c[1], Address: c[0]}); !errors.Is(err, ErrUnauthenticated) || in != (SignedIn{}) {
			t.Errorf("%v signed in as %+v: %v", c, in, err)
		}
	}
	if len(f.store.sessions) != 0 {
		t.Errorf("there are sessions: %+v", f.store.sessions)
	}
}

func TestAnOldHashIsMadeAnewAtSignIn(t *testing.T) {
	b64 := base64.RawStdEncoding.EncodeToString
	salt := []byte("somesalt")
	old := "$argon2id$v=19$m=64,t=1,p=1$" + b64(salt) + "$" + b64(argon2.IDKey([]byte(goodPassword), salt, 1, 64, 1, 32))
	// This one is of "password", shorter than passwords may be by now.
	const short = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	f := newFixture(t)
	for _, c := range []struct {
		name, hash, password string
		anew                 bool
	}{{"anna", old, goodPassword, true}, {"bert", short, "password", false}} {
		if err := f.store.PutUser(t.Context(), User{Name: c.name, Role: Viewer, PasswordHash: c.hash}); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, err := f.SignIn(t.Context(), SignIn{Name: c.name, Password: c.password}); err != nil {
				t.Fatal(err)
			}
		}
		if u, err := f.store.User(t.Context(), c.name); err != nil || (u.PasswordHash != c.hash) != c.anew || NeedsRehash(u.PasswordHash) == c.anew {
			t.Errorf("%s has the hash %s: %v", c.name, u.PasswordHash, err)
		}
	}
}

func TestSomebodyElsesPasswordHasToBeChangedFirst(t *testing.T) {
	f := newFixture(t)
	if _, _, err := f.NewUser(t.Context(), NewUser{Name: "anna", Role: Viewer, Password: goodPassword, MustChange: true}); err != nil {
		t.Fatal(err)
	}
	in := f.signIn(t, "anna")
	if !in.Principal.MustChangePassword {
		t.Error("need not change the password")
	}
	if err := f.ChangePassword(t.Context(), in.Principal, goodPassword, "another long password"); err != nil {
		t.Fatal(err)
	}
	if p, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil || p.MustChangePassword {
		t.Errorf("%+v: %v", p, err)
	}
}

func TestASignInDoesNotSurviveAChangeOfThePasswordThatCameMeanwhile(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	meanwhile := &meddlingSessions{BrowserSessionStore: f.store, before: func() {
		_, err := f.beside(t).EditUser(t.Context(), "anna", UserEdit{Password: pointer("another long password")})
		if err != nil {
			t.Error(err)
		}
	}}
	f.options.BrowserSessions = meanwhile
	if in, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword}); !errors.Is(err, ErrUnauthenticated) || len(f.store.sessions) != 0 {
		t.Errorf("%+v: %v", in, err)
	}
}

// meddlingSessions calls before at the last moment before a session is stored.
type meddlingSessions struct {
	BrowserSessionStore
	before func()
}

func (m *meddlingSessions) PutBrowserSession(ctx context.Context, b BrowserSession) error {
	m.before()
	return m.BrowserSessionStore.PutBrowserSession(ctx, b)
}

func TestWhoeverSignsInElsewhereFollowsTheProvider(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "taken", Viewer, "")
	anna := External{Subject: "https://id.example 1", Name: "anna", DisplayName: "Anna", Role: Viewer}
	with := func(change func(*External)) External { e := anna; change(&e); return e }
	for _, c := range []struct {
		name string
		who  External
		want error
	}{
		{"the first time", anna, nil},
		{"with more rights", with(func(e *External) { e.Role, e.Scope.Group = Operator, "acme" }), nil},
		{"under another name", with(func(e *External) { e.Name = "anna.b" }), nil},
		{"as another with her name", with(func(e *External) { e.Subject = "https://id.example 2" }), ErrExists},
		{"with a local user's name", with(func(e *External) { e.Subject, e.Name = "https://id.example 3", "taken" }), ErrExists},
		{"without a subject", with(func(e *External) { e.Subject = "" }), ErrInvalid},
		{"with a role that is none", with(func(e *External) { e.Role = "none" }), ErrRole},
		{"as support of everything", with(func(e *External) { e.Role = Support }), ErrScope},
		{"with no name", External{Subject: "x", Name: "An Na", Role: Viewer}, ErrName},
	} {
		in, err := f.SignInExternal(t.Context(), c.who)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (in.Principal.User != "anna" || in.Principal.Role != c.who.Role || in.Principal.Scope != c.who.Scope || in.Session.Method != "openid") {
			t.Errorf("%s: %+v", c.name, in)
		}
	}
	if _, err := f.EditUser(t.Context(), "anna", UserEdit{Disabled: pointer(true)}); err != nil {
		t.Fatal(err)
	}
	if _, err := f.SignInExternal(t.Context(), anna); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("disabled: %v", err)
	}
}

func TestAFollowedUserHasTheNewRightsInSessionsThatAreOpen(t *testing.T) {
	f := newFixture(t)
	admin := External{Subject: "https://id.example 1", Name: "anna", Role: Admin}
	in, err := f.SignInExternal(t.Context(), admin)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil {
		t.Fatal(err)
	}
	admin.Role = Viewer // The only administrator, too: what the provider takes is gone.
	if _, err := f.SignInExternal(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if p, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil || p.Role != Viewer || p.Allows(WriteUsers) {
		t.Errorf("%+v: %v", p, err)
	}
}

func pointer[T any](value T) *T { return &value }

func scopeOf(group string) device.Scope { return device.Scope{Group: group} }
