package shelf

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Upload is a version of a pack that an operator gave.
type Upload struct {
	Pack    string
	Version string
	File    files.File
}

// maxUploads bounds how many uploads are listed.
const maxUploads = 1000

// Uploads returns the versions of a pack, those of all packs if the name is empty, in
// order of the names of their files, at most 1000.
func (s *Shelf) Uploads(ctx context.Context, name string) ([]Upload, error) {
	field, _ := files.Schema().Field("type")
	list := files.List{Filter: query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(FileType))}, PageSize: maxUploads}
	page, err := s.o.Files.List(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("list vendor packs: %w", err)
	}
	var found []Upload
	for _, f := range page.Files {
		if of, version, ok := ParseFileName(f.Name); ok && (name == "" || of == name) {
			found = append(found, Upload{Pack: of, Version: version, File: f})
		}
	}
	return found, nil
}

// Add checks a zip and stores it as a version, which is not in force by that. It
// returns pack.Errors for a pack that is not fit, files.ErrTooLarge, and the errors of
// the library. A zip that is there already is no error.
func (s *Shelf) Add(ctx context.Context, r io.Reader, by string) (*pack.Pack, Upload, error) {
	raw, err := io.ReadAll(io.LimitReader(r, MaxZip+1))
	if err != nil {
		return nil, Upload{}, err
	}
	p, err := s.parse(ctx, raw)
	if err != nil {
		return nil, Upload{}, err
	}
	if err := p.Check(ctx); err != nil {
		return nil, Upload{}, err
	}
	sum := sha256.Sum256(raw)
	version := hex.EncodeToString(sum[:])[:versionDigits]
	f, err := s.o.Files.Add(ctx, files.File{Name: FileName(p.Name, version), Type: FileType, Version: strconv.Itoa(p.Version), CreatedBy: by}, bytes.NewReader(raw))
	if errors.Is(err, files.ErrExists) {
		f, err = s.o.Files.Get(ctx, FileName(p.Name, version))
	}
	if err != nil {
		return nil, Upload{}, err
	}
	s.keep(f.Name, p)
	return p, Upload{Pack: p.Name, Version: version, File: f}, nil
}

// Edit stores a version that has other files than a pack: contents by path, nil for a
// file that goes. It returns what Add does.
func (s *Shelf) Edit(ctx context.Context, p *pack.Pack, files map[string]*string, by string) (*pack.Pack, Upload, error) {
	var raw bytes.Buffer
	archive := zip.NewWriter(&raw)
	for _, name := range sourcesAfter(p, files) {
		content, _ := p.Source(name)
		if changed := files[name]; changed != nil {
			content = []byte(*changed)
		}
		// Without times, so that the same content is the same version.
		w, err := archive.Create(name)
		if err != nil {
			return nil, Upload{}, fmt.Errorf("write %s: %w", name, err)
		}
		if _, err := w.Write(content); err != nil {
			return nil, Upload{}, fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := archive.Close(); err != nil {
		return nil, Upload{}, fmt.Errorf("write the zip: %w", err)
	}
	return s.Add(ctx, &raw, by)
}

// sourcesAfter returns the names of the files after a change, in order.
func sourcesAfter(p *pack.Pack, files map[string]*string) []string {
	var names []string
	for _, name := range p.Sources() {
		if _, changed := files[name]; !changed {
			names = append(names, name)
		}
	}
	for name, content := range files {
		if content != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
