package users

import (
	"errors"
	"testing"
	"time"
)

func TestASessionEndsUnusedOrOldOrWithItsUser(t *testing.T) {
	for _, c := range []struct {
		name string
		end  func(f *fixture, in SignedIn) error
	}{
		{"unused", func(f *fixture, _ SignedIn) error { f.advance(12 * time.Hour); return nil }},
		{"old", func(f *fixture, in SignedIn) error {
			for range 7 * 24 {
				if _, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil {
					return err
				}
				f.advance(time.Hour)
			}
			return nil
		}},
		{"ended", func(f *fixture, in SignedIn) error { return f.EndSession(t.Context(), "anna", in.Session.ID, "") }},
		{"all ended", func(f *fixture, _ SignedIn) error { return f.EndSession(t.Context(), "anna", "", "") }},
		{"user disabled", func(f *fixture, _ SignedIn) error {
			_, err := f.EditUser(t.Context(), "anna", UserEdit{Disabled: pointer(true)})
			return err
		}},
		{"password given by somebody else", func(f *fixture, _ SignedIn) error {
			_, err := f.EditUser(t.Context(), "anna", UserEdit{Password: pointer("another long password")})
			return err
		}},
		{"user deleted", func(f *fixture, _ SignedIn) error { return f.DeleteUser(t.Context(), "anna") }},
		{"user deleted and made again", func(f *fixture, _ SignedIn) error {
			if err := f.store.DeleteUser(t.Context(), "anna"); err != nil {
				return err
			}
			_, _, err := f.NewUser(t.Context(), NewUser{Name: "anna", Role: Viewer})
			return err
		}},
		{"user disabled by another process, two seconds ago", func(f *fixture, _ SignedIn) error {
			_, err := f.beside(t).EditUser(t.Context(), "anna", UserEdit{Disabled: pointer(true)})
			f.advance(2 * time.Second)
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			f.newUser(t, "anna", Viewer, "")
			in := f.signIn(t, "anna")
			if _, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil {
				t.Fatal(err)
			}
			if err := c.end(f, in); err != nil {
				t.Fatal(err)
			}
			if p, err := f.AuthenticateCookie(t.Context(), in.Cookie); !errors.Is(err, ErrUnauthenticated) {
				t.Errorf("%+v: %v", p, err)
			}
		})
	}
}

func TestABusySessionCostsAReadInTwoSecondsAndAWriteInAMinute(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	in := f.signIn(t, "anna")
	f.store.reads, f.store.writes = 0, 0
	for range 1200 { // Two minutes, ten requests a second.
		if _, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil {
			t.Fatal(err)
		}
		f.advance(100 * time.Millisecond)
	}
	if f.store.reads != 60 || f.store.writes != 1 {
		t.Errorf("%d reads and %d writes", f.store.reads, f.store.writes)
	}
}

func TestAChangeOfAUserCountsAtOnceHereAndInTwoSecondsElsewhere(t *testing.T) {
	f := newFixture(t)
	other := f.beside(t)
	f.newUser(t, "anna", Viewer, "")
	in := f.signIn(t, "anna")
	for _, d := range []*Directory{f.Directory, other} {
		if _, err := d.AuthenticateCookie(t.Context(), in.Cookie); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := f.EditUser(t.Context(), "anna", UserEdit{Role: pointer(Operator), Scope: pointer(scopeOf("acme"))}); err != nil {
		t.Fatal(err)
	}
	if p, err := f.AuthenticateCookie(t.Context(), in.Cookie); err != nil || p.Role != Operator || !p.Allows(WriteDevices) || p.Scope.Group != "acme" {
		t.Errorf("here: %+v: %v", p, err)
	}
	f.advance(2 * time.Second)
	if p, err := other.AuthenticateCookie(t.Context(), in.Cookie); err != nil || p.Role != Operator {
		t.Errorf("elsewhere: %+v: %v", p, err)
	}
}

func TestAUserHasFiftySessionsAtMost(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	u, err := f.User(t.Context(), "anna")
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for range 52 {
		in, err := f.beginSession(t.Context(), u, BrowserSession{Method: methodPassword})
		if err != nil {
			t.Fatal(err)
		}
		cookies = append(cookies, in.Cookie)
		f.advance(time.Millisecond)
	}
	for i, cookie := range cookies {
		if _, err := f.AuthenticateCookie(t.Context(), cookie); (err == nil) != (i >= 2) {
			t.Errorf("session %d: %v", i, err)
		}
	}
	all, err := f.SessionsOf(t.Context(), "anna")
	if err != nil || len(all) != 50 || all[0].Hash != hashToken(cookies[51]) {
		t.Errorf("%d sessions: %v", len(all), err)
	}
}

func TestSomebodyEndsTheirOwnSessionsOnly(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.newUser(t, "bert", Viewer, "")
	annas, second, berts := f.signIn(t, "anna"), f.signIn(t, "anna"), f.signIn(t, "bert")
	if err := f.EndSession(t.Context(), "anna", berts.Session.ID, ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("another's session: %v", err)
	}
	if err := f.EndSession(t.Context(), "anna", "", second.Session.ID); err != nil {
		t.Fatal(err)
	}
	for cookie, open := range map[string]bool{annas.Cookie: false, second.Cookie: true, berts.Cookie: true} {
		if _, err := f.AuthenticateCookie(t.Context(), cookie); (err == nil) != open {
			t.Errorf("open %v: %v", open, err)
		}
	}
	if err := f.EndSession(t.Context(), "", "", ""); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's sessions: %v", err)
	}
}

func TestOldSessionsAreRemovedFromTheStore(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.signIn(t, "anna")
	f.advance(13 * time.Hour)
	f.signIn(t, "anna")
	if open, err := f.SessionsOf(t.Context(), "anna"); err != nil || len(open) != 1 {
		t.Errorf("%d open: %v", len(open), err)
	}
	if n, err := f.DeleteOldSessions(t.Context(), 10); err != nil || n != 1 || len(f.store.sessions) != 1 {
		t.Errorf("%d removed, %d left: %v", n, len(f.store.sessions), err)
	}
}

func FuzzIsCookieText(f *testing.F) {
	f.Add(newCookieText())
	f.Add("")
	f.Add("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n")
	f.Fuzz(func(t *testing.T, text string) {
		if isCookieText(text) && (len(text) != 43 || cutText(text, 43) != text) {
			t.Fatalf("%q is taken", text)
		}
	})
}
