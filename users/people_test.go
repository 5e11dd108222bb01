package users

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func TestUsersThatCannotBeAreRefused(t *testing.T) {
	f := newFixture(t)
	for _, c := range []struct {
		user NewUser
		want error
	}{
		{NewUser{Role: Viewer}, ErrName},
		{NewUser{Name: "Anna", Role: Viewer}, ErrName},
		{NewUser{Name: "-anna", Role: Viewer}, ErrName},
		{NewUser{Name: "an na", Role: Viewer}, ErrName},
		{NewUser{Name: strings.Repeat("a", 65), Role: Viewer}, ErrName},
		{NewUser{Name: "anna", DisplayName: "An\nna", Role: Viewer}, ErrName},
		{NewUser{Name: "anna", DisplayName: strings.Repeat("ä", 129), Role: Viewer}, ErrName},
		{NewUser{Name: "anna", Role: "root"}, ErrRole},
		{NewUser{Name: "anna"}, ErrRole},
		{NewUser{Name: "anna", Role: Support}, ErrScope},
		{NewUser{Name: "anna", Role: Viewer, Password: "short"}, ErrPassword},
		{NewUser{Name: "anna@example.com", Role: Viewer, Password: "anna@example.com"}, ErrPassword},
		{NewUser{Name: "anna", DisplayName: "Änna", Role: Support, Scope: device.Scope{Group: "acme"}}, nil},
		{NewUser{Name: "anna", Role: Viewer}, ErrExists},
	} {
		if _, _, err := f.NewUser(t.Context(), c.user); !errors.Is(err, c.want) {
			t.Errorf("%+v: %v, want %v", c.user, err, c.want)
		}
	}
}

func TestANewUserIsGivenARandomPassword(t *testing.T) {
	f := newFixture(t)
	u, password, err := f.NewUser(t.Context(), NewUser{Name: "anna", Role: Viewer, MustChange: true})
	if err != nil || len(password) != 29 || !u.MustChangePassword || u.Revision == 0 || VerifyPassword(u.PasswordHash, password) != nil {
		t.Errorf("%+v: %v", u, err)
	}
}

func TestThereAreNoMoreUsersThanMayBe(t *testing.T) {
	f := newFixture(t)
	for i := range MaxUsers {
		name := fmt.Sprint("user", i)
		f.store.users[name] = User{Name: name, Role: Viewer, Revision: 1}
	}
	if _, _, err := f.NewUser(t.Context(), NewUser{Name: "anna", Role: Viewer}); !errors.Is(err, ErrLimit) {
		t.Error(err)
	}
}

func TestAnEditChangesWhatItNames(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "acme")
	f.withSecondFactor(t, "anna")
	for _, c := range []struct {
		name string
		edit UserEdit
		want error
		see  func(User) bool
	}{
		{"nothing", UserEdit{}, nil, func(u User) bool { return u.Role == Viewer && u.Scope.Group == "acme" && u.SecondFactor.Key != "" }},
		{"display name", UserEdit{DisplayName: pointer("Anna")}, nil, func(u User) bool { return u.DisplayName == "Anna" }},
		{"a display name of two lines", UserEdit{DisplayName: pointer("An\nna")}, ErrName, nil},
		{"role", UserEdit{Role: pointer(Support)}, nil, func(u User) bool { return u.Role == Support && u.Scope.Group == "acme" }},
		{"support of everything", UserEdit{Scope: pointer(device.Scope{})}, ErrScope, nil},
		{"no role", UserEdit{Role: pointer(Role("none"))}, ErrRole, nil},
		{"a short password", UserEdit{Password: pointer("short")}, ErrPassword, nil},
		{"a password", UserEdit{Password: pointer("another long password")}, nil, func(u User) bool {
			return u.MustChangePassword && VerifyPassword(u.PasswordHash, "another long password") == nil
		}},
		{"what somebody else changed", UserEdit{Revision: 1, DisplayName: pointer("x")}, ErrConflict, nil},
		{"no second factor", UserEdit{RemoveSecondFactor: true}, nil, func(u User) bool { return u.SecondFactor.Key == "" && len(u.SecondFactor.Recovery) == 0 }},
		{"disabled", UserEdit{Disabled: pointer(true)}, nil, func(u User) bool { return u.Disabled }},
	} {
		before, err := f.User(t.Context(), "anna")
		if err != nil {
			t.Fatal(err)
		}
		u, err := f.EditUser(t.Context(), "anna", c.edit)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if c.want == nil && (!c.see(u) || u.Revision <= before.Revision) {
			t.Errorf("%s: %+v", c.name, u)
		}
	}
	if _, err := f.EditUser(t.Context(), "bert", UserEdit{}); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
}

func TestAnEditWithoutARevisionBeginsAgain(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.store.meddle = func(User) {
		f.store.meddle = nil
		if _, err := f.beside(t).EditUser(t.Context(), "anna", UserEdit{Role: pointer(Operator)}); err != nil {
			t.Error(err)
		}
	}
	u, err := f.EditUser(t.Context(), "anna", UserEdit{DisplayName: pointer("Anna")})
	if err != nil || u.Role != Operator || u.DisplayName != "Anna" {
		t.Errorf("%+v: %v", u, err)
	}
	f.store.meddle = func(User) {
		f.store.meddle = nil
		if _, err := f.beside(t).EditUser(t.Context(), "anna", UserEdit{Role: pointer(Viewer)}); err != nil {
			t.Error(err)
		}
	}
	if _, err := f.EditUser(t.Context(), "anna", UserEdit{Revision: u.Revision, DisplayName: pointer("x")}); !errors.Is(err, ErrConflict) {
		t.Errorf("with a revision: %v", err)
	}
}

func TestOneAdministratorOfTheWholeFleetRemains(t *testing.T) {
	for _, c := range []struct {
		name string
		take func(f *fixture, ctx context.Context) error
	}{
		{"deleted", func(f *fixture, ctx context.Context) error { return f.DeleteUser(ctx, "anna") }},
		{"disabled", func(f *fixture, ctx context.Context) error {
			_, err := f.EditUser(ctx, "anna", UserEdit{Disabled: pointer(true)})
			return err
		}},
		{"of another role", func(f *fixture, ctx context.Context) error {
			_, err := f.EditUser(ctx, "anna", UserEdit{Role: pointer(Viewer)})
			return err
		}},
		{"of a subtree", func(f *fixture, ctx context.Context) error {
			_, err := f.EditUser(ctx, "anna", UserEdit{Scope: pointer(scopeOf("acme"))})
			return err
		}},
	} {
		f := newFixture(t)
		f.newUser(t, "anna", Admin, "")
		f.newUser(t, "bert", Admin, "acme")
		f.newUser(t, "carl", Viewer, "")
		before, err := f.User(t.Context(), "anna")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.take(f, t.Context()); !errors.Is(err, ErrLastAdmin) {
			t.Errorf("the last is %s: %v", c.name, err)
		}
		if after, err := f.User(t.Context(), "anna"); err != nil || !isAdmin(after) || after.Revision != before.Revision {
			t.Errorf("the last is %s: %+v %v", c.name, after, err)
		}
		if _, err := f.EditUser(t.Context(), "carl", UserEdit{Role: pointer(Admin)}); err != nil {
			t.Fatal(err)
		}
		if err := c.take(f, t.Context()); err != nil {
			t.Errorf("one of two is %s: %v", c.name, err)
		}
	}
}

func TestTwoProcessesDoNotTakeAwayTheLastTwoAdministrators(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Admin, "")
	f.newUser(t, "bert", Admin, "")
	other := f.beside(t)
	var inner error
	f.store.meddle = func(User) { // Between the look and the change.
		f.store.meddle = nil
		inner = other.DeleteUser(t.Context(), "bert")
	}
	outer := f.DeleteUser(t.Context(), "anna")
	all, err := f.Users(t.Context())
	if err != nil || inner != nil || !errors.Is(outer, ErrLastAdmin) || len(all) != 1 || !isAdmin(all[0]) {
		t.Errorf("%v, %v, left: %+v, %v", inner, outer, all, err)
	}
}

func TestADeletedUserIsGone(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	f.signIn(t, "anna")
	if err := f.DeleteUser(t.Context(), "anna"); err != nil || len(f.store.sessions) != 0 {
		t.Errorf("%d sessions left: %v", len(f.store.sessions), err)
	}
	if err := f.DeleteUser(t.Context(), "anna"); !errors.Is(err, ErrNotFound) {
		t.Errorf("deleted again: %v", err)
	}
}

func TestTheirOwnPasswordNeedsTheCurrentOne(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna-of-the-north", Viewer, "")
	other, own := f.signIn(t, "anna-of-the-north"), f.signIn(t, "anna-of-the-north")
	for _, c := range []struct {
		name, current, next string
		who                 Principal
		want                error
	}{
		{"a wrong one", "wrong", "another long password", own.Principal, ErrUnauthenticated},
		{"a short new one", goodPassword, "short", own.Principal, ErrPassword},
		{"the name", goodPassword, "anna-of-the-north", own.Principal, ErrPassword},
		{"the same one", goodPassword, goodPassword, own.Principal, ErrPassword},
		{"a token", goodPassword, "another long password", Principal{Actor: "token:1 x"}, ErrUnauthenticated},
		{"somebody who is gone", goodPassword, "another long password", Principal{User: "gone"}, ErrUnauthenticated},
		{"the right one", goodPassword, "another long password", own.Principal, nil},
	} {
		if err := f.ChangePassword(t.Context(), c.who, c.current, c.next); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if _, err := f.AuthenticateCookie(t.Context(), other.Cookie); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("the other session: %v", err)
	}
	if _, err := f.AuthenticateCookie(t.Context(), own.Cookie); err != nil {
		t.Errorf("their own session: %v", err)
	}
	for range 5 {
		if err := f.ChangePassword(t.Context(), own.Principal, "wrong", goodPassword); !errors.Is(err, ErrUnauthenticated) {
			t.Error(err)
		}
	}
	if err := f.ChangePassword(t.Context(), own.Principal, "another long password", goodPassword); !errors.Is(err, ErrTooManyAttempts) {
		t.Errorf("after five failures: %v", err)
	}
	f.advance(15 * time.Minute)
	if err := f.ChangePassword(t.Context(), own.Principal, "another long password", goodPassword); err != nil {
		t.Error(err)
	}
}

func TestAPasswordThatSomebodyElseChoseCannotBeKept(t *testing.T) {
	f := newFixture(t)
	if _, _, err := f.NewUser(t.Context(), NewUser{Name: "anna", Role: Admin, Password: goodPassword, MustChange: true}); err != nil {
		t.Fatal(err)
	}
	own := f.signIn(t, "anna")
	if err := f.ChangePassword(t.Context(), own.Principal, goodPassword, goodPassword); !errors.Is(err, ErrPassword) {
		t.Errorf("the password for itself: %v", err)
	}
	if u, err := f.User(t.Context(), "anna"); err != nil || !u.MustChangePassword {
		t.Errorf("the user may keep it: %+v, %v", u, err)
	}
}

func TestNothingIsHashedForWhoDoesNotKnowThePassword(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	own := f.signIn(t, "anna")
	for range 5 {
		_ = f.ChangePassword(t.Context(), own.Principal, "wrong", "another long password")
	}
	// Every place to hash is taken: who needs one waits until the context ends.
	for range maxHashing {
		f.hashing <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := f.ChangePassword(ctx, own.Principal, "wrong", "another long password"); !errors.Is(err, ErrTooManyAttempts) {
		t.Errorf("after five failures: %v", err)
	}
}

func TestPreferencesAreAnObject(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	for text, want := range map[string]error{
		"": nil, "{}": nil, ` {"columns":["a"]}`: nil, "[]": ErrInvalid, "null": ErrInvalid, "{": ErrInvalid, `{} {}`: ErrInvalid,
		`{"a":"` + strings.Repeat("x", MaxPreferences-8) + `"}`: nil, `{"a":"` + strings.Repeat("x", MaxPreferences-7) + `"}`: ErrInvalid,
	} {
		if err := f.SetPreferences(t.Context(), "anna", text); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
		if u, err := f.User(t.Context(), "anna"); want == nil && (err != nil || u.Preferences != text) {
			t.Errorf("%.20q: %v", u.Preferences, err)
		}
	}
	if err := f.SetPreferences(t.Context(), "bert", "{}"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
