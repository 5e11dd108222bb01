package users

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// awayUsers fails to store users.
type awayUsers struct {
	Store
	err error
}

func (a *awayUsers) PutUser(context.Context, User) error { return a.err }

// generator makes codes as the user's phone does.
type generator struct {
	key      string
	recovery []string
}

func (g generator) code(t *testing.T, at time.Time) string {
	t.Helper()
	code, err := totp.GenerateCode(g.key, at)
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// withSecondFactor turns on the second factor of a user, half a minute ago.
func (f *fixture) withSecondFactor(t *testing.T, name string) generator {
	t.Helper()
	key, uri, err := f.BeginSecondFactor(t.Context(), Principal{User: name}, goodPassword)
	if err != nil || !strings.HasPrefix(uri, "otpauth://totp/Dialtone:"+name+"?") || !strings.Contains(uri, key) {
		t.Fatalf("%s: %v", uri, err)
	}
	g := generator{key: key}
	if g.recovery, err = f.ConfirmSecondFactor(t.Context(), name, g.code(t, f.now())); err != nil || len(g.recovery) != 10 {
		t.Fatalf("%d recovery codes: %v", len(g.recovery), err)
	}
	f.advance(time.Minute)
	return g
}

func (f *fixture) signInWithCode(t *testing.T, code string) error {
	t.Helper()
	_, err := f.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Code: code, Address: "192.0.2.1"})
	return err
}

func TestASecondFactorIsAskedForAndEachCodeCountsOnce(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	g := f.withSecondFactor(t, "anna")
	now := f.now()
	for _, c := range []struct {
		name, code string
		want       error
	}{
		{"none", "", ErrSecondFactor},
		{"only spaces", "  ", ErrSecondFactor},
		{"too old", g.code(t, now.Add(-time.Minute)), ErrSecondFactor},
		{"of the future", g.code(t, now.Add(time.Minute)), ErrSecondFactor},
		{"the one before", g.code(t, now.Add(-30*time.Second)), nil},
		{"this one, in two groups", g.code(t, now)[:3] + " " + g.code(t, now)[3:], nil},
		{"this one again", g.code(t, now), ErrSecondFactor},
		{"the one before, late", g.code(t, now.Add(-30*time.Second)), ErrSecondFactor},
		{"the next", g.code(t, now.Add(30*time.Second)), nil},
		{"a recovery code", g.recovery[0], nil},
		{"a recovery code again", g.recovery[0], ErrSecondFactor},
		{"another, as people write", strings.ToUpper(strings.ReplaceAll(g.recovery[9], "-", " ")), nil},
		{"not a code", "abcdef", ErrSecondFactor},
		{"almost a recovery code", g.recovery[1] + "x", ErrSecondFactor},
	} {
		if err := f.signInWithCode(t, c.code); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
	if u, err := f.User(t.Context(), "anna"); err != nil || len(u.SecondFactor.Recovery) != 8 || strings.Contains(string(u.SecondFactor.Key), g.key) {
		t.Errorf("%+v: %v", u.SecondFactor, err)
	}
}

func TestAWrongCodeIsAFailureAndAMissingOneIsNot(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	g := f.withSecondFactor(t, "anna")
	for range 7 {
		if err := f.signInWithCode(t, ""); !errors.Is(err, ErrSecondFactor) {
			t.Fatal(err)
		}
	}
	for range 5 {
		if err := f.signInWithCode(t, "wrong"); !errors.Is(err, ErrSecondFactor) {
			t.Fatal(err)
		}
	}
	if err := f.signInWithCode(t, g.code(t, f.now())); !errors.Is(err, ErrTooManyAttempts) {
		t.Errorf("after five failures: %v", err)
	}
}

func TestOneCodeLetsOneOfManyInWhereverTheyAsk(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	g := f.withSecondFactor(t, "anna")
	for _, code := range []string{g.code(t, f.now()), g.recovery[0]} {
		var group sync.WaitGroup
		results := make([]error, 4)
		for i := range results {
			d := f.beside(t)
			group.Go(func() {
				_, results[i] = d.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Code: code, Address: "192.0.2.1"})
			})
		}
		group.Wait()
		in := 0
		for _, err := range results {
			if err == nil {
				in++
			} else if !errors.Is(err, ErrSecondFactor) {
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("%d got in", in)
		}
	}
}

func TestASecondFactorCountsOnceConfirmed(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	if _, err := f.ConfirmSecondFactor(t.Context(), "anna", "123456"); !errors.Is(err, ErrNotFound) {
		t.Errorf("none begun: %v", err)
	}
	key, _, err := f.BeginSecondFactor(t.Context(), Principal{User: "anna"}, goodPassword)
	if err != nil {
		t.Fatal(err)
	}
	in := f.signIn(t, "anna") // Without a code still.
	if _, err := f.ConfirmSecondFactor(t.Context(), "anna", "nonsense"); !errors.Is(err, ErrSecondFactor) {
		t.Errorf("wrong code: %v", err)
	}
	if _, err := f.ConfirmSecondFactor(t.Context(), "anna", generator{key: key}.code(t, f.now())); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.BeginSecondFactor(t.Context(), Principal{User: "anna"}, goodPassword); !errors.Is(err, ErrExists) {
		t.Errorf("begun again: %v", err)
	}
	if err := f.RemoveOwnSecondFactor(t.Context(), in.Principal, "wrong"); !errors.Is(err, ErrUnauthenticated) {
		t.Errorf("removed with a wrong password: %v", err)
	}
	if err := f.RemoveOwnSecondFactor(t.Context(), in.Principal, goodPassword); err != nil {
		t.Error(err)
	}
	f.signIn(t, "anna")
}

func TestASecondFactorNeedsAUserWithAPassword(t *testing.T) {
	f := newFixture(t)
	if _, err := f.SignInExternal(t.Context(), External{Subject: "https://id.example 1", Name: "anna", Role: Viewer}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.BeginSecondFactor(t.Context(), Principal{User: "anna"}, goodPassword); !errors.Is(err, ErrInvalid) {
		t.Error(err)
	}
	if _, _, err := f.BeginSecondFactor(t.Context(), Principal{User: "bert"}, goodPassword); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestCodesAreThoseOfRFC6238(t *testing.T) {
	// The last six digits of the SHA-1 codes of appendix B; its key is the ASCII text
	// 12345678901234567890.
	key := secret.NewText("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
	for at, code := range map[int64]string{59: "287082", 1111111109: "081804", 1111111111: "050471", 20000000000: "353130"} {
		step, err := totpStep(key, code, time.Unix(at, 0))
		if err != nil || step != at/30 {
			t.Errorf("%s at %d: %d %v", code, at, step, err)
		}
		if _, err := totpStep(key, code, time.Unix(at+90, 0)); !errors.Is(err, ErrSecondFactor) {
			t.Errorf("%s long after %d: %v", code, at, err)
		}
	}
}

func TestASecondFactorIsNotBegunWithoutThePassword(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	own := f.signIn(t, "anna").Principal
	for range 5 {
		if key, _, err := f.BeginSecondFactor(t.Context(), own, "wrong"); key != "" || !errors.Is(err, ErrUnauthenticated) {
			t.Fatalf("begun with %q, %v", key, err)
		}
	}
	if _, _, err := f.BeginSecondFactor(t.Context(), own, goodPassword); !errors.Is(err, ErrTooManyAttempts) {
		t.Errorf("after five failures: %v", err)
	}
	if u, err := f.User(t.Context(), "anna"); err != nil || u.SecondFactor.Pending != "" {
		t.Errorf("begun all the same: %v", err)
	}
}
