package pack

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// Bounds of a pack.
const (
	// MaxFiles is how many files a pack may have.
	MaxFiles = 500
	// MaxFileBytes bounds one file of a pack.
	MaxFileBytes = 4 << 20
	// MaxBytes bounds all files of a pack together.
	MaxBytes = 32 << 20
	// maxDepth bounds the folders in one another.
	maxDepth = 8
)

// folder is the content of a pack by path: it is read once, so that nothing that happens
// to the files later changes a pack that was checked.
type folder map[string][]byte

// readFolder reads all files of a folder but those of its testdata. It refuses links:
// they may lead out of it.
func readFolder(ctx context.Context, fsys fs.FS, name string) (folder, error) {
	if !fs.ValidPath(name) {
		return nil, Errors{{Message: fmt.Sprintf("%q is no folder", name)}}
	}
	content, total := folder{}, 0
	err := fs.WalkDir(fsys, name, func(full string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		inside := strings.TrimPrefix(strings.TrimPrefix(full, name), "/")
		if name == "." {
			inside = full
		}
		if entry.IsDir() {
			return enterFolder(inside, entry)
		}
		if strings.HasPrefix(entry.Name(), ".") {
			return nil
		}
		data, err := readOne(fsys, full, inside, entry)
		if err != nil {
			return err
		}
		total += len(data)
		content[inside] = data
		return content.bounded(total)
	})
	return content, asErrors(err)
}

// enterFolder decides whether a folder is read.
func enterFolder(inside string, entry fs.DirEntry) error {
	if inside == "" || inside == "." {
		return nil
	}
	if entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") {
		return fs.SkipDir
	}
	if strings.Count(inside, "/") >= maxDepth {
		return &Error{File: inside, Message: fmt.Sprintf("folders may be %d deep", maxDepth)}
	}
	return nil
}

func readOne(fsys fs.FS, full, inside string, entry fs.DirEntry) ([]byte, error) {
	if !entry.Type().IsRegular() {
		return nil, &Error{File: inside, Message: "is a link or no plain file: what a pack uses must be in its folder"}
	}
	file, err := fsys.Open(full)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", inside, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, MaxFileBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", inside, err)
	}
	if len(data) > MaxFileBytes {
		return nil, &Error{File: inside, Message: fmt.Sprintf("is larger than %d bytes", MaxFileBytes)}
	}
	return data, nil
}

// asErrors returns an Error as Errors, and any other error as it is.
func asErrors(err error) error {
	if one, ok := err.(*Error); ok {
		return Errors{one}
	}
	return err
}

// bounded refuses a pack with too much in it.
func (f folder) bounded(total int) error {
	if len(f) > MaxFiles || total > MaxBytes {
		return &Error{Message: fmt.Sprintf("the pack has more than %d files or %d bytes", MaxFiles, MaxBytes)}
	}
	return nil
}

// open returns a file that the manifest names.
func (f folder) open(name string) ([]byte, error) {
	clean := path.Clean(strings.ReplaceAll(name, `\`, "/"))
	if clean == ".." || strings.HasPrefix(clean, "../") || strings.HasPrefix(clean, "/") || strings.Contains(clean, ":") {
		return nil, fmt.Errorf("%q leaves the folder of the pack", name)
	}
	data, ok := f[name]
	if !ok {
		return nil, fmt.Errorf("there is no file %q in the pack", name)
	}
	return data, nil
}

// revision returns the SHA-256 of all names and contents. What only people read does not
// count: phones need not fetch anew for it.
func (f folder) revision() string {
	sum := sha256.New()
	for _, name := range f.names() {
		if strings.HasSuffix(name, ".md") {
			continue
		}
		fmt.Fprintf(sum, "%d %s %d\n", len(name), name, len(f[name]))
		sum.Write(f[name])
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// names returns the paths of all files, in order.
func (f folder) names() []string { return slices.Sorted(maps.Keys(f)) }
