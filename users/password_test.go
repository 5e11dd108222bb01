package users

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAPasswordVerifiesAgainstItsHashAndNoOtherDoes(t *testing.T) {
	hash, err := HashPassword("correct horse battery")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || NeedsRehash(hash) {
		t.Errorf("hash %s", hash)
	}
	if err := VerifyPassword(hash, "correct horse battery"); err != nil {
		t.Error(err)
	}
	for _, wrong := range []string{"", "correct horse batterY", "correct horse battery ", strings.Repeat("x", MaxPassword+1)} {
		if err := VerifyPassword(hash, wrong); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	again, err := HashPassword("correct horse battery")
	if err != nil || again == hash {
		t.Error("two hashes of a password are the same: there is no salt")
	}
}

func TestAHashOfOtherParametersIsReadAndNeedsToBeMadeAnew(t *testing.T) {
	// The reference implementation's own example: password "password", salt "somesalt".
	const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if err := VerifyPassword(reference, "password"); err != nil {
		t.Error(err)
	}
	if !NeedsRehash(reference) {
		t.Error("the hash would be kept")
	}
}

func TestWhatIsNoHashIsRefused(t *testing.T) {
	const good = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	if err := VerifyPassword(good, "correct horse battery"); !errors.Is(err, ErrUnauthenticated) {
		t.Fatalf("the hash that the others are made from: %v", err)
	}
	for _, text := range []string{
		"", "plain", strings.Replace(good, "argon2id", "argon2i", 1), strings.Replace(good, "v=19", "v=16", 1), strings.Replace(good, "m=19456", "m=4194304", 1),
		strings.Replace(good, "t=2", "t=0", 1), strings.Replace(good, "t=2", "t=100", 1), strings.Replace(good, "p=1", "p=0", 1), strings.Replace(good, "p=1", "p=1,x=2", 1),
		strings.Replace(good, "$AAAA", "$A*AA", 1), good + "$", good[:len(good)-30], strings.Replace(good, "m=19456", "m=019456", 1),
	} {
		if err := VerifyPassword(text, "correct horse battery"); !errors.Is(err, ErrHash) {
			t.Errorf("%q: %v", text, err)
		}
		if !NeedsRehash(text) {
			t.Errorf("%q would be kept", text)
		}
	}
}

func TestPasswordsHaveBounds(t *testing.T) {
	for _, password := range []string{"", strings.Repeat("ä", MinPassword-1), strings.Repeat("x", MaxPassword+1)} {
		if _, err := HashPassword(password); !errors.Is(err, ErrPassword) {
			t.Errorf("%d characters: %v", len(password), err)
		}
	}
}

func TestRandomPasswordsDifferAndCanBeTyped(t *testing.T) {
	seen := map[string]bool{}
	for range 1000 {
		p := RandomPassword()
		if seen[p] || len(p) != 29 || strings.Trim(p, "abcdefghijkmnpqrstuvwxyz23456789-") != "" {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
	}
}

func FuzzParsePHC(f *testing.F) {
	f.Add("$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=8,t=1,p=255$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc")
	f.Add("$argon2id$v=19$m=-1,t=1,p=1$$")
	f.Fuzz(func(t *testing.T, text string) {
		h, err := parsePHC(text)
		if err != nil {
			if !errors.Is(err, ErrHash) {
				t.Fatal(err)
			}
			return
		}
		if h.String() != text || h.memory > maxArgonMemory || h.time > maxArgonTime {
			t.Fatalf("%q was read as %q", text, h.String())
		}
	})
}

func TestTokensAreLongRandomAndKnownByTheirForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := newTokenText()
		if !isTokenText(text) || len(text) != 46 || hashToken(text) == hashToken(newTokenText()) {
			t.Fatalf("token %q", text)
		}
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		if isTokenText(text[:at]) || isTokenText(text[:at]+"!"+text[at+1:]) || isTokenText(text+"A") {
			t.Fatal("the form of a token is not checked")
		}
	})
}

func TestADirectoryHashesAtItsOwnCost(t *testing.T) {
	f := newFixture(t)
	f.newUser(t, "anna", Viewer, "")
	if u, err := f.User(t.Context(), "anna"); err != nil || NeedsRehash(u.PasswordHash) {
		t.Errorf("without a cost: %s, %v", u.PasswordHash, err)
	}
	options := f.options
	options.Cost = PasswordCost{Memory: 64, Passes: 1}
	cheap := NewDirectory(options)
	if _, err := cheap.SignIn(t.Context(), SignIn{Name: "anna", Password: goodPassword, Address: "192.0.2.1"}); err != nil {
		t.Fatal(err)
	}
	if u, err := f.User(t.Context(), "anna"); err != nil || !strings.HasPrefix(u.PasswordHash, "$argon2id$v=19$m=64,t=1,p=1$") {
		t.Errorf("after a sign-in at another cost: %s, %v", u.PasswordHash, err)
	}
	for _, c := range []PasswordCost{DefaultPasswordCost(), options.Cost} { // Who is nobody takes as long as somebody.
		if c.isOther(c.nobody()) {
			t.Errorf("%+v: nobody has the hash %s", c, c.nobody())
		}
		if err := VerifyPassword(c.nobody(), goodPassword); !errors.Is(err, ErrUnauthenticated) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
