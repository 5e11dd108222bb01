package shelf

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// Version returns a version of a pack, which may or may not be in force. It returns
// ErrNotFound, or what is wrong with the pack.
func (s *Shelf) Version(ctx context.Context, name, version string) (*pack.Pack, error) {
	if version != BuiltIn {
		return s.load(ctx, name, FileName(name, version))
	}
	if p := s.builtIn[name]; p != nil {
		return p, nil
	}
	return nil, fmt.Errorf("%w: %s did not come with the program", ErrNotFound, name)
}

// load returns the pack of a file.
func (s *Shelf) load(ctx context.Context, name, file string) (*pack.Pack, error) {
	if of, _, ok := ParseFileName(file); !ok || of != name {
		return nil, fmt.Errorf("%w: %s", ErrNotFound, name)
	}
	s.mu.Lock()
	known := s.loaded[file]
	s.mu.Unlock()
	if known != nil {
		return known, nil
	}
	content, err := s.content(ctx, file)
	if err != nil {
		return nil, err
	}
	p, err := s.parse(ctx, content)
	if err != nil {
		return nil, err
	}
	if p.Name != name {
		return nil, fmt.Errorf("the file %s holds the pack %s", file, p.Name)
	}
	s.keep(file, p)
	return p, nil
}

// maxLoaded bounds the uploads that are kept in memory.
const maxLoaded = 64

func (s *Shelf) keep(file string, p *pack.Pack) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.loaded) >= maxLoaded {
		clear(s.loaded) // Those in force are in the registry; others are loaded again.
	}
	s.loaded[file] = p
}

func (s *Shelf) content(ctx context.Context, file string) ([]byte, error) {
	f, err := s.o.Files.Get(ctx, file)
	if errors.Is(err, files.ErrNotFound) {
		return nil, fmt.Errorf("%w: the file %s is gone", ErrNotFound, file)
	}
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", file, err)
	}
	content, err := s.o.Files.OpenContent(ctx, f)
	if err != nil {
		return nil, fmt.Errorf("open file %s: %w", file, err)
	}
	defer content.Close()
	raw, err := io.ReadAll(io.LimitReader(content, MaxZip+1))
	if err != nil {
		return nil, fmt.Errorf("read file %s: %w", file, err)
	}
	return raw, nil
}

func (s *Shelf) parse(ctx context.Context, raw []byte) (*pack.Pack, error) {
	if len(raw) > MaxZip {
		return nil, fmt.Errorf("%w: a pack has at most %d bytes", files.ErrTooLarge, MaxZip)
	}
	return pack.LoadZip(ctx, bytes.NewReader(raw), int64(len(raw)), s.o.Catalogue)
}
