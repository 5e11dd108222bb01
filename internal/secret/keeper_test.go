package secret

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func testKey(b byte) []byte { return bytes.Repeat([]byte{b}, KeySize) }

func newKeeper(t testing.TB, keys ...[]byte) *Keeper {
	t.Helper()
	keeper, err := NewKeeper(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return keeper
}

func seal(t testing.TB, keeper *Keeper, text, owner string) Sealed {
	t.Helper()
	sealed, err := keeper.Seal(NewText(text), owner)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestEverySealedTextOpensForItsOwnerOnly(t *testing.T) {
	keeper := newKeeper(t, testKey(1))
	rapid.Check(t, func(t *rapid.T) {
		text, owner, other := rapid.String().Draw(t, "text"), rapid.String().Draw(t, "owner"), rapid.String().Draw(t, "other")
		sealed, err := keeper.Seal(NewText(text), owner)
		if err != nil {
			t.Fatal(err)
		}
		opened, err := keeper.Open(sealed, owner)
		if err != nil || opened.Reveal() != text {
			t.Fatalf("opened %q, %v; want %q", opened.Reveal(), err, text)
		}
		if _, err := keeper.Open(sealed, other); text != "" && owner != other && !errors.Is(err, ErrTampered) {
			t.Fatalf("opened for another owner: %v", err)
		}
	})
}

func TestSealedHasItsDocumentedForm(t *testing.T) {
	keeper := newKeeper(t, testKey(1))
	a, b := seal(t, keeper, "x", "o"), seal(t, keeper, "x", "o")
	parts := strings.Split(string(a), ".")
	if len(parts) != 3 || parts[0] != "v1" || len(parts[1]) != 8 || strings.ContainsAny(parts[2], "+/=") {
		t.Errorf("sealed form is %q", a)
	}
	if a == b {
		t.Error("sealing twice gave the same ciphertext: the nonce is not random")
	}
	if empty := seal(t, keeper, "", "o"); empty != "" {
		t.Errorf("the empty text was sealed to %q", empty)
	}
}

func TestEveryChangeOfASealedTextIsNoticed(t *testing.T) {
	keeper := newKeeper(t, testKey(1))
	sealed := string(seal(t, keeper, "password", "owner"))
	for i := range len(sealed) {
		for _, change := range []byte{'A', 'z', '.', '0'} {
			changed := sealed[:i] + string(change) + sealed[i+1:]
			if changed == sealed {
				continue
			}
			if text, err := keeper.Open(Sealed(changed), "owner"); err == nil {
				t.Errorf("changed at %d it still opened to %q", i, text.Reveal())
			} else if strings.Contains(err.Error(), "password") {
				t.Errorf("error shows the secret: %v", err)
			}
		}
		if _, err := keeper.Open(Sealed(sealed[:i]), "owner"); i > 0 && err == nil {
			t.Errorf("cut off at %d it still opened", i)
		}
	}
}

func TestOpenTellsWhatIsWrong(t *testing.T) {
	keeper, other := newKeeper(t, testKey(1)), newKeeper(t, testKey(2))
	for name, test := range map[string]struct {
		sealed Sealed
		want   error
	}{
		"a key nobody has":     {seal(t, other, "x", "o"), ErrKey},
		"a plaintext":          {"hunter2", ErrTampered},
		"a later version":      {"v2.00000000.AAAA", ErrTampered},
		"no ciphertext":        {Sealed("v1." + keeper.current + "."), ErrTampered},
		"not base64url":        {Sealed("v1." + keeper.current + ".+++/"), ErrTampered},
		"another's ciphertext": {seal(t, keeper, "x", "someone else"), ErrTampered},
	} {
		if _, err := keeper.Open(test.sealed, "o"); !errors.Is(err, test.want) {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
	if text, err := keeper.Open("", "o"); err != nil || !text.IsZero() {
		t.Errorf("the empty Sealed: %v, %v", text, err)
	}
}

func TestAnOldKeyOpensAndTheNewOneSeals(t *testing.T) {
	before, after := newKeeper(t, testKey(1)), newKeeper(t, testKey(2), testKey(1))
	old := seal(t, before, "x", "o")
	if text, err := after.Open(old, "o"); err != nil || text.Reveal() != "x" {
		t.Errorf("the old key does not open: %v", err)
	}
	if after.Current(old) || !after.Current(seal(t, after, "x", "o")) || !after.Current("") {
		t.Error("Current does not tell old from new")
	}
	if _, err := before.Open(seal(t, after, "x", "o"), "o"); !errors.Is(err, ErrKey) {
		t.Errorf("the new key is not the one that seals: %v", err)
	}
}

func TestKeysAreCheckedAndNeverPrinted(t *testing.T) {
	if _, err := NewKeeper(); err == nil {
		t.Error("no key was accepted")
	}
	if _, err := NewKeeper(testKey(1)[1:]); err == nil {
		t.Error("a short key was accepted")
	}
	keeper := newKeeper(t, testKey('k'))
	type holder struct{ keeper *Keeper }
	for _, verb := range []string{"%v", "%+v", "%#v", "%x", "%s"} {
		for _, value := range []any{keeper, holder{keeper}} {
			out := fmt.Sprintf(verb, value)
			if strings.Contains(out, "kkkk") || strings.Contains(out, "6b6b6b") || strings.Contains(out, "107 107") || strings.Contains(out, "0x6b, 0x6b") {
				t.Errorf("%s shows the key: %s", verb, out)
			}
		}
	}
}

func TestDerivedKeysDifferByPurposeAndKey(t *testing.T) {
	derive := func(keeper *Keeper, purpose string) string {
		key, err := keeper.Derive(purpose)
		if err != nil || len(key) != KeySize {
			t.Fatalf("%d bytes, %v", len(key), err)
		}
		return string(key)
	}
	one, two := newKeeper(t, testKey(1)), newKeeper(t, testKey(2), testKey(1))
	if derive(one, "a") != derive(newKeeper(t, testKey(1)), "a") {
		t.Error("not the same after a restart")
	}
	if others, err := two.DeriveOthers("a"); err != nil || len(others) != 1 || string(others[0]) != derive(one, "a") {
		t.Errorf("the other keys give %d keys, %v, want that of the node that has only the old one", len(others), err)
	}
	if others, err := one.DeriveOthers("a"); err != nil || len(others) != 0 {
		t.Errorf("a single key has %d others, %v", len(others), err)
	}
	if derive(one, "a") == derive(one, "b") || derive(one, "a") == derive(two, "a") {
		t.Error("the same for another purpose or key")
	}
}

func FuzzOpen(f *testing.F) {
	keeper := newKeeper(f, testKey(1))
	f.Add("v1.00000000.AAAA", "o")
	f.Add(string(seal(f, keeper, "x", "o")), "other")
	f.Fuzz(func(t *testing.T, sealed, owner string) {
		if text, err := keeper.Open(Sealed(sealed), owner); err == nil && sealed != "" && owner != "o" {
			t.Errorf("forged %q opened to %q", sealed, text.Reveal())
		}
	})
}
