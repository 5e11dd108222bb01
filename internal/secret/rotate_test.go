package secret

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// keyFile writes a key file with a comment and these keys.
func keyFile(t *testing.T, keys ...[]byte) string {
	t.Helper()
	text := "# of the house\n"
	for _, key := range keys {
		text += base64.StdEncoding.EncodeToString(key) + "\n\n"
	}
	path := filepath.Join(t.TempDir(), "secrets.key")
	if err := os.WriteFile(path, []byte(text), 0o400); err != nil {
		t.Fatal(err)
	}
	return path
}

func idsIn(t *testing.T, path string) []string {
	t.Helper()
	keeper, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return keeper.KeyIDs()
}

func TestANewKeyGoesFirstOrSecondAndTheOthersStay(t *testing.T) {
	for name, current := range map[string]bool{"first": true, "second": false} {
		path := keyFile(t, testKey(1), testKey(2))
		id, err := AddKey(path, current)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{keyID(testKey(1)), id, keyID(testKey(2))}
		if current {
			want = []string{id, keyID(testKey(1)), keyID(testKey(2))}
		}
		if got := idsIn(t, path); !slices.Equal(got, want) {
			t.Errorf("%s: keys are %v, want %v", name, got, want)
		}
	}
}

func TestAKeyFileIsReplacedWithItsModeAndComments(t *testing.T) {
	path := keyFile(t, testKey(1))
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(path, link); err != nil {
		t.Skip("no links here:", err)
	}
	if _, err := AddKey(link, true); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o400 || !strings.HasPrefix(string(text), "# of the house\n") {
		t.Errorf("mode is %04o, content begins with %.15q", info.Mode().Perm(), text)
	}
	if target, err := os.Readlink(link); err != nil || target != path {
		t.Errorf("the link leads to %s, %v", target, err)
	}
	if entries, _ := os.ReadDir(filepath.Dir(path)); len(entries) != 1 {
		t.Errorf("temporary files were left behind: %v", entries)
	}
}

func TestTheSecondKeyBecomesTheCurrentOne(t *testing.T) {
	path := keyFile(t, testKey(1), testKey(2), testKey(3))
	id, err := PromoteKey(path)
	if want := []string{keyID(testKey(2)), keyID(testKey(1)), keyID(testKey(3))}; err != nil || id != want[0] || !slices.Equal(idsIn(t, path), want) {
		t.Errorf("promoted %s, %v, keys are %v, want %v", id, err, idsIn(t, path), want)
	}
	if _, err := PromoteKey(keyFile(t, testKey(1))); !errors.Is(err, ErrOneKey) {
		t.Errorf("with one key the error is %v", err)
	}
}

func TestOldKeysArePrunedIfTheCurrentOneIsTheExpected(t *testing.T) {
	path := keyFile(t, testKey(1), testKey(2), testKey(3))
	if _, err := PruneKeys(path, keyID(testKey(2))); !errors.Is(err, ErrKeyChanged) || len(idsIn(t, path)) != 3 {
		t.Errorf("with another current key: %v, keys are %v", err, idsIn(t, path))
	}
	removed, err := PruneKeys(path, keyID(testKey(1)))
	if err != nil || removed != 2 || !slices.Equal(idsIn(t, path), []string{keyID(testKey(1))}) {
		t.Errorf("removed %d, %v, keys are %v", removed, err, idsIn(t, path))
	}
}

func TestAKeyFileThatCannotBeUsedIsNotEdited(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "none")
	if _, err := Load(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := AddKey(missing, true); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if _, err := os.Stat(missing); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was made: %v", err)
	}
	open := keyFile(t, testKey(1))
	if err := os.Chmod(open, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := AddKey(open, true); !errors.Is(err, ErrKeyFile) {
		t.Errorf("a file that others can read: %v", err)
	}
	long := keyFile(t, testKey(1))
	comment := "#" + strings.Repeat("x", maxKeyFile-60) + "\n" + base64.StdEncoding.EncodeToString(testKey(1)) + "\n"
	if err := errors.Join(os.Chmod(long, 0o600), os.WriteFile(long, []byte(comment), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := AddKey(long, true); !errors.Is(err, ErrKeyFile) || len(idsIn(t, long)) != 1 {
		t.Errorf("a file that would be too long: %v", err)
	}
}
