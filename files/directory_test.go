package files_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/files/filestest"
)

func openDirectory(t *testing.T, path string) *files.Directory {
	t.Helper()
	d, err := files.OpenDirectory(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

func create(t *testing.T, d *files.Directory, text string) files.ContentWriter {
	t.Helper()
	w, err := d.Create(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	return w
}

func commit(t *testing.T, d *files.Directory, text string) string {
	t.Helper()
	name, err := create(t, d, text).Commit()
	if err != nil {
		t.Fatal(err)
	}
	return name
}

// entries returns the names in a folder.
func entries(t *testing.T, path string) []string {
	t.Helper()
	list, err := os.ReadDir(path)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, entry := range list {
		names = append(names, entry.Name())
	}
	return names
}

func TestDirectoryPassesTheTestsOfContent(t *testing.T) {
	filestest.RunContent(t, func(t *testing.T) filestest.ContentFixture {
		path := filepath.Join(t.TempDir(), "new", "content")
		return filestest.ContentFixture{Content: openDirectory(t, path), Left: func() int { return len(entries(t, path)) }}
	})
}

func TestTheKernelCanCopyContentToASocket(t *testing.T) {
	d := openDirectory(t, t.TempDir())
	r, err := d.Open(t.Context(), commit(t, d, "firmware"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, ok := r.(*os.File); !ok {
		t.Errorf("Open returns %T, which the kernel cannot copy to a socket", r)
	}
}

func TestContentBelongsToTheServerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "content")
	name := commit(t, openDirectory(t, path), "secret")
	for path, want := range map[string]os.FileMode{path: 0o700, filepath.Join(path, name): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: mode %v, %v, want %v", filepath.Base(path), info.Mode().Perm(), err, want)
		}
	}
}

func TestNoContentNameLeavesTheFolder(t *testing.T) {
	parent := t.TempDir()
	path := filepath.Join(parent, "content")
	d := openDirectory(t, path)
	outside := filepath.Join(parent, "outside")
	if err := os.WriteFile(outside, []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := strings.Repeat("a", 26)
	if err := os.Symlink(outside, filepath.Join(path, link)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../outside", outside, "", ".", "..", "./" + link, strings.ToUpper(link), link + ".tmp", link + "\x00"} {
		if _, err := d.Open(t.Context(), name); !errors.Is(err, files.ErrNotFound) {
			t.Errorf("Open(%q) = %v, want ErrNotFound", name, err)
		}
		if err := d.Remove(t.Context(), name); err != nil {
			t.Errorf("Remove(%q) = %v", name, err)
		}
	}
	if r, err := d.Open(t.Context(), link); err == nil {
		_ = r.Close()
		t.Error("a link leads out of the folder")
	}
	if _, err := os.Stat(outside); err != nil {
		t.Errorf("the file outside: %v", err)
	}
}

func TestSweepLeavesForeignFiles(t *testing.T) {
	path := t.TempDir()
	d := openDirectory(t, path)
	create(t, d, "an upload that the crash cut off")
	if err := os.WriteFile(filepath.Join(path, "README"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if n, err := d.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return false }); err != nil || n != 1 {
		t.Fatalf("Sweep removed %d, %v, want 1", n, err)
	}
	if diff := cmp.Diff([]string{"README"}, entries(t, path)); diff != "" {
		t.Fatal(diff)
	}
}

func TestSweepReadsAFolderOfManyFiles(t *testing.T) {
	path := t.TempDir()
	d := openDirectory(t, path)
	for range 600 {
		name := files.RandomName()
		if err := os.WriteFile(filepath.Join(path, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	n, err := d.Sweep(t.Context(), time.Now().Add(time.Hour), func(string) bool { return false })
	if err != nil || n != 600 || len(entries(t, path)) != 0 {
		t.Fatalf("Sweep removed %d, %v, left %d", n, err, len(entries(t, path)))
	}
}

func TestAFullOrMissingFolderIsAnError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := files.OpenDirectory(file); err == nil {
		t.Error("a file was opened as a folder")
	}
	path := t.TempDir()
	d := openDirectory(t, path)
	w := create(t, d, "x")
	if err := os.Remove(filepath.Join(path, entries(t, path)[0])); err != nil {
		t.Fatal(err)
	}
	if name, err := w.Commit(); err == nil {
		t.Errorf("Commit of what was removed = %q", name)
	}
}
