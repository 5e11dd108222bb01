package secret

import (
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestAKeyFileIsCreatedOnceAndLoadedAfter(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "dialtone.key")
	first, err := LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	sealed := seal(t, first, "x", "o")
	second, err := LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := second.Open(sealed, "o"); err != nil || text.Reveal() != "x" {
		t.Errorf("the loaded key does not open what the created one sealed: %v", err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if mode := info.Mode().Perm(); runtime.GOOS != "windows" && mode != 0o600 {
		t.Errorf("mode is %04o, want 0600", mode)
	}
	if entries, _ := os.ReadDir(folder); len(entries) != 1 {
		t.Errorf("temporary files were left behind: %v", entries)
	}
}

func TestServersThatStartTogetherAgreeOnOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	keepers := make([]*Keeper, 8)
	var wait sync.WaitGroup
	for i := range keepers {
		wait.Go(func() {
			var err error
			if keepers[i], err = LoadOrCreate(path); err != nil {
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if t.Failed() {
		return
	}
	for _, keeper := range keepers {
		if keeper.current != keepers[0].current {
			t.Fatal("two of them have different keys")
		}
	}
}

func TestAFileThatOthersCanReadIsRefused(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no such permissions")
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o601} {
		path := filepath.Join(t.TempDir(), "key")
		if _, err := LoadOrCreate(path); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		_, err := LoadOrCreate(path)
		if !errors.Is(err, ErrKeyFile) || !strings.Contains(err.Error(), "chmod 600") || !strings.Contains(err.Error(), path) {
			t.Errorf("mode %04o: %v", mode, err)
		}
	}
}

func TestKeyFilesAreReadStrictly(t *testing.T) {
	one, two := base64.StdEncoding.EncodeToString(testKey(1)), base64.StdEncoding.EncodeToString(testKey(2))
	for name, test := range map[string]struct {
		content string
		current []byte // nil: refused
	}{
		"one key":                         {one, testKey(1)},
		"the first of two is current":     {"# new\n" + two + "\n\n# old\r\n" + one + "\r\n", testKey(2)},
		"an empty file":                   {"", nil},
		"comments only":                   {"# nothing\n", nil},
		"a short key":                     {one[:40] + "\n", nil},
		"not base64":                      {"hunter2 hunter2 hunter2\n", nil},
		"a good key and a broken one":     {one + "\n" + two[1:] + "\n", nil},
		"a file that is far too long":     {strings.Repeat("#\n", maxKeyFile), nil},
		"a key with something after it":   {one + " current\n", nil},
		"bits that belong to no byte set": {one[:42] + "B=\n", nil},
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(test.content), 0o600); err != nil {
			t.Fatal(err)
		}
		keeper, err := LoadOrCreate(path)
		switch {
		case test.current == nil && !errors.Is(err, ErrKeyFile):
			t.Errorf("%s: got %v, want ErrKeyFile", name, err)
		case test.current == nil && (strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), one[:20])):
			t.Errorf("%s: error shows the file's content: %v", name, err)
		case test.current != nil && (err != nil || keeper.current != keyID(test.current)):
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAKeyFileInAMissingFolderIsAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "missing", "key")
	if _, err := LoadOrCreate(path); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if _, err := LoadOrCreate(t.TempDir()); !errors.Is(err, ErrKeyFile) {
		t.Errorf("a folder in its place: %v", err)
	}
}
