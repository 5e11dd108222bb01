package pbx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"
)

// Writer puts files where the PBX reads them.
type Writer struct {
	// Dir is the folder. It must exist.
	Dir string
	// Reload is the command, of the server's own configuration, that a shell runs after
	// a file changed; empty for none.
	Reload string
	// Timeout bounds the command; DefaultTimeout if zero.
	Timeout time.Duration
}

// DefaultTimeout is how long the command may take unless Writer says otherwise.
const DefaultTimeout = 30 * time.Second

// fileMode lets the PBX's group read what holds passwords, and nobody else.
const fileMode = 0o640

// Written says what became of files.
type Written struct {
	// Changed are the names of the files that are other than before.
	Changed []string
	// Reloaded says that the command ran.
	Reloaded bool
}

// ErrReload is wrapped by the error of Write where the files were written and the
// command failed.
var ErrReload = errors.New("the PBX was not told to read its files")

// Changes returns the names of the files that Write would change.
func (w *Writer) Changes(files []File) ([]string, error) {
	var changed []string
	for _, f := range files {
		place, err := w.place(f)
		if err != nil {
			return nil, err
		}
		if !holds(place, f) {
			changed = append(changed, f.Name)
		}
	}
	return changed, nil
}

// place returns where a file goes.
func (w *Writer) place(f File) (string, error) {
	if f.Name == "" || filepath.Base(f.Name) != f.Name {
		return "", fmt.Errorf("write for the PBX: %q must be the name of a file without folders", f.Name)
	}
	return filepath.Join(w.Dir, f.Name), nil
}

// holds reports whether the file is there and the same.
func holds(place string, f File) bool {
	former, err := os.ReadFile(place)
	return err == nil && string(former) == f.Text.Reveal()
}

// Write replaces those of the files that changed, each at once: who reads one sees
// all of the old or all of the new. Then, if one changed, it runs the command. A file
// that was written stays where a later one or the command fails; ErrReload says the
// latter.
func (w *Writer) Write(ctx context.Context, files []File) (Written, error) {
	return w.write(ctx, files, false)
}

// write is Write, which runs the command also where nothing changed if it is told to.
func (w *Writer) write(ctx context.Context, files []File, reload bool) (Written, error) {
	var done Written
	for _, f := range files {
		changed, err := w.replace(f)
		if err != nil {
			return done, err
		}
		if changed {
			done.Changed = append(done.Changed, f.Name)
		}
	}
	if len(done.Changed) == 0 && !reload || w.Reload == "" {
		return done, nil
	}
	if err := w.Tell(ctx); err != nil {
		return done, err
	}
	done.Reloaded = true
	return done, nil
}

func (w *Writer) replace(f File) (changed bool, err error) {
	place, err := w.place(f)
	if err != nil || holds(place, f) {
		return false, err
	}
	temporary, err := os.CreateTemp(w.Dir, ".dialtone-*")
	if err != nil {
		return false, fmt.Errorf("write for the PBX: %w", err)
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temporary.Name())
		}
	}()
	_, err = temporary.WriteString(f.Text.Reveal())
	err = errors.Join(err, temporary.Chmod(fileMode), temporary.Sync(), temporary.Close())
	if err == nil {
		err = os.Rename(temporary.Name(), place)
	}
	if err != nil {
		return false, fmt.Errorf("write for the PBX: %w", err)
	}
	return true, nil
}

// maxOutput is how much of a command's output an error shows.
const maxOutput = 500

// Tell runs the command that makes the PBX read its files. It returns an error that wraps
// ErrReload and shows the beginning of what the command wrote.
func (w *Writer) Tell(ctx context.Context) error {
	timeout := w.Timeout
	if timeout == 0 {
		timeout = DefaultTimeout
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	command := exec.CommandContext(ctx, "/bin/sh", "-c", w.Reload)
	// Children of the shell may keep the pipe open after it was ended.
	command.WaitDelay = time.Second
	output, err := command.CombinedOutput()
	if err == nil {
		return nil
	}
	output = bytes.TrimSpace(output)
	return fmt.Errorf("%w: %w: %s", ErrReload, err, output[:min(len(output), maxOutput)])
}
