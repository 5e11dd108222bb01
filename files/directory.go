package files

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"
)

// Directory is a Content that keeps every content as one file of a folder. The
// names are random and nothing but they are ever opened, so that no name leaves
// the folder; os.Root holds that also against links. The folder has mode 0700,
// its files 0600.
//
// Several processes may share the folder. It is safe for concurrent use.
type Directory struct {
	root *os.Root
}

const (
	contentNameLength = 26
	contentAlphabet   = "abcdefghijklmnopqrstuvwxyz234567"
	// temporarySuffix marks what is not committed; no content name has a dot.
	temporarySuffix = ".tmp"
)

// OpenDirectory opens the folder at path for keeping content and makes it if
// there is none.
func OpenDirectory(path string) (*Directory, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("make content directory: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open content directory: %w", err)
	}
	return &Directory{root: root}, nil
}

// Close closes the folder. Content that is open stays readable.
func (d *Directory) Close() error { return d.root.Close() }

// Create implements Content.
func (d *Directory) Create(ctx context.Context) (ContentWriter, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("create content: %w", err)
	}
	name := randomName()
	file, err := d.root.OpenFile(name+temporarySuffix, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create content: %w", err)
	}
	return &directoryWriter{directory: d, file: file, name: name}, nil
}

// Open implements Content. What it returns is an *os.File, so that the kernel
// can copy it to a socket.
func (d *Directory) Open(ctx context.Context, name string) (io.ReadSeekCloser, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	if !isContentName(name) {
		return nil, ErrNotFound
	}
	file, err := d.root.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open content: %w", err)
	}
	return file, nil
}

// Remove implements Content. Whoever has the content open goes on reading it.
func (d *Directory) Remove(ctx context.Context, name string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("remove content: %w", err)
	}
	if !isContentName(name) {
		return nil
	}
	return d.remove(name)
}

func (d *Directory) remove(name string) error {
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove content: %w", err)
	}
	return nil
}

// sync makes names in the folder durable.
func (d *Directory) sync() error {
	folder, err := d.root.Open(".")
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// sweepBatch bounds how many names of the folder are read at a time.
const sweepBatch = 256

// Sweep removes what was last written before olderThan and is either not
// committed, as a crash leaves it, or content for which keep is false. It
// returns how many it removed. Files that Directory did not make are left alone.
func (d *Directory) Sweep(ctx context.Context, olderThan time.Time, keep func(name string) bool) (int, error) {
	folder, err := d.root.Open(".")
	if err != nil {
		return 0, fmt.Errorf("sweep content: %w", err)
	}
	defer folder.Close()
	removed := 0
	for {
		entries, err := folder.ReadDir(sweepBatch)
		if errors.Is(err, io.EOF) {
			return removed, nil
		}
		if err != nil {
			return removed, fmt.Errorf("sweep content: %w", err)
		}
		for _, entry := range entries {
			if err := ctx.Err(); err != nil {
				return removed, fmt.Errorf("sweep content: %w", err)
			}
			if !sweepable(entry, olderThan, keep) {
				continue
			}
			if err := d.remove(entry.Name()); err != nil {
				return removed, err
			}
			removed++
		}
	}
}

func sweepable(entry fs.DirEntry, olderThan time.Time, keep func(name string) bool) bool {
	name, temporary := strings.CutSuffix(entry.Name(), temporarySuffix)
	if !isContentName(name) || !entry.Type().IsRegular() {
		return false
	}
	info, err := entry.Info()
	if err != nil || !info.ModTime().Before(olderThan) {
		return false // It is gone already, or somebody may be at work on it.
	}
	return temporary || !keep(name)
}

// randomName returns 128 random bits or more in lower-case base32.
func randomName() string { return strings.ToLower(rand.Text()) }

func isContentName(name string) bool {
	return len(name) == contentNameLength && strings.Trim(name, contentAlphabet) == ""
}

type directoryWriter struct {
	directory *Directory
	// file is nil once the writer has committed or aborted.
	file *os.File
	name string
}

func (w *directoryWriter) Write(p []byte) (int, error) {
	if w.file == nil {
		return 0, fmt.Errorf("write content: %w", fs.ErrClosed)
	}
	return w.file.Write(p)
}

func (w *directoryWriter) Commit() (string, error) {
	if w.file == nil {
		return "", fmt.Errorf("commit content: %w", fs.ErrClosed)
	}
	// Some file systems report a failed write only when it is synced or closed.
	if err := w.file.Sync(); err != nil {
		w.Abort()
		return "", fmt.Errorf("commit content: %w", err)
	}
	err := w.file.Close()
	w.file = nil
	if err == nil {
		err = w.directory.root.Rename(w.name+temporarySuffix, w.name)
	}
	if err != nil {
		return "", fmt.Errorf("commit content: %w", errors.Join(err, w.directory.remove(w.name+temporarySuffix)))
	}
	if err := w.directory.sync(); err != nil {
		return "", fmt.Errorf("commit content: %w", errors.Join(err, w.directory.remove(w.name)))
	}
	return w.name, nil
}

func (w *directoryWriter) Abort() {
	if w.file == nil {
		return
	}
	// What cannot be closed or removed here is left to Sweep.
	_ = w.file.Close()
	_ = w.directory.remove(w.name + temporarySuffix)
	w.file = nil
}
