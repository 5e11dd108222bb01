package pack

import (
	"archive/zip"
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// MaxZip bounds a pack as a zip.
const MaxZip = 16 << 20

// LoadZip reads a pack from a zip, whose files are at its root or in one folder. Nothing
// is written anywhere. The error is Errors if the zip or the pack is to blame.
func LoadZip(ctx context.Context, r io.ReaderAt, size int64, c *provisioners.Catalogue) (*Pack, error) {
	if size > MaxZip {
		return nil, Errors{{Message: fmt.Sprintf("the zip has more than %d bytes", MaxZip)}}
	}
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, Errors{{Message: "this is no zip that can be read"}}
	}
	content, err := unzip(ctx, archive)
	if err != nil {
		return nil, asErrors(err)
	}
	return build(content.withoutFolder(), c)
}

// unzip reads all files of a zip. What it says of their sizes is not believed.
func unzip(ctx context.Context, archive *zip.Reader) (folder, error) {
	if len(archive.File) > 4*MaxFiles {
		return nil, &Error{Message: fmt.Sprintf("the zip has more than %d entries", 4*MaxFiles)}
	}
	content, total := folder{}, 0
	for _, entry := range archive.File {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		read, err := checkEntry(entry)
		if err != nil {
			return nil, err
		}
		if !read {
			continue
		}
		data, err := inflate(entry)
		if err != nil {
			return nil, err
		}
		if _, ok := content[entry.Name]; ok {
			return nil, &Error{File: entry.Name, Message: "is in the zip more than once"}
		}
		total += len(data)
		content[entry.Name] = data
		if err := content.bounded(total); err != nil {
			return nil, err
		}
	}
	return content, nil
}

// checkEntry refuses entries that lead out of the pack, and reports which are read.
func checkEntry(entry *zip.File) (read bool, err error) {
	name := strings.TrimSuffix(entry.Name, "/")
	switch {
	case !fs.ValidPath(name) || strings.ContainsAny(name, "\\:\x00\n"):
		return false, &Error{Message: fmt.Sprintf("the zip's entry %.100q leaves its folder", entry.Name)}
	case strings.HasSuffix(entry.Name, "/"):
		return false, nil
	case !entry.Mode().IsRegular():
		return false, &Error{File: name, Message: "is a link or no plain file: what a pack uses must be in its folder"}
	case strings.Count(name, "/") > maxDepth:
		return false, &Error{File: name, Message: fmt.Sprintf("folders may be %d deep", maxDepth)}
	}
	for _, segment := range strings.Split(name, "/") {
		if segment == "testdata" || segment == "__MACOSX" || strings.HasPrefix(segment, ".") {
			return false, nil
		}
	}
	return true, nil
}

func inflate(entry *zip.File) ([]byte, error) {
	reader, err := entry.Open()
	if err != nil {
		return nil, &Error{File: entry.Name, Message: "cannot be read from the zip", cause: err}
	}
	defer reader.Close()
	data, err := io.ReadAll(io.LimitReader(reader, MaxFileBytes+1))
	if err != nil {
		return nil, &Error{File: entry.Name, Message: "cannot be read from the zip", cause: err}
	}
	if len(data) > MaxFileBytes {
		return nil, &Error{File: entry.Name, Message: fmt.Sprintf("is larger than %d bytes", MaxFileBytes)}
	}
	return data, nil
}

// withoutFolder returns the content of the one folder that holds everything, or the
// content itself.
func (f folder) withoutFolder() folder {
	if _, ok := f[manifestName]; ok {
		return f
	}
	inside, common := folder{}, ""
	for i, name := range f.names() {
		first, rest, ok := strings.Cut(name, "/")
		if !ok || i > 0 && first != common {
			return f
		}
		common = first
		inside[rest] = f[name]
	}
	return inside
}
