// Package filestest has a files.Store in memory, for tests of what stands on one,
// and the tests that every files.Content passes.
package filestest

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/files"
)

// Store is a files.Store in memory. It is safe for concurrent use.
type Store struct {
	mu     sync.Mutex
	files  map[string]files.File
	grants map[string]files.Grant
	// fail is returned by every method while it is not nil.
	fail error
}

// NewStore returns an empty store.
func NewStore() *Store {
	return &Store{files: map[string]files.File{}, grants: map[string]files.Grant{}}
}

// Fail makes every method return err from now on; nil ends that.
func (s *Store) Fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fail = err
}

// Grants returns all grants that are stored.
func (s *Store) Grants() []files.Grant {
	s.mu.Lock()
	defer s.mu.Unlock()
	var grants []files.Grant
	for _, g := range s.grants {
		grants = append(grants, g)
	}
	return grants
}

func (s *Store) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.fail
}

// PutFile implements files.Store.
func (s *Store) PutFile(ctx context.Context, f files.File) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return err
	}
	if _, taken := s.files[f.Name]; taken {
		return files.ErrExists
	}
	f.Siblings = slices.Clone(f.Siblings)
	s.files[f.Name] = f
	return nil
}

// File implements files.Store.
func (s *Store) File(ctx context.Context, name string) (files.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.file(ctx, name)
}

func (s *Store) file(ctx context.Context, name string) (files.File, error) {
	if err := s.begin(ctx); err != nil {
		return files.File{}, err
	}
	f, ok := s.files[name]
	if !ok {
		return files.File{}, files.ErrNotFound
	}
	f.Siblings = slices.Clone(f.Siblings)
	return f, nil
}

// ListFiles implements files.Store. The page token is the last name of the page.
func (s *Store) ListFiles(ctx context.Context, l files.List) (files.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return files.Page{}, err
	}
	var page files.Page
	for _, f := range s.sorted() {
		if l.Filter != nil && !query.Match(l.Filter, f.Field) {
			continue
		}
		page.Total++
		if f.Name <= l.PageToken && l.PageToken != "" {
			continue
		}
		if len(page.Files) == l.PageSize {
			page.NextPageToken = page.Files[len(page.Files)-1].Name
			continue
		}
		page.Files = append(page.Files, f)
	}
	if !l.Count {
		page.Total = 0
	}
	return page, nil
}

func (s *Store) sorted() []files.File {
	var all []files.File
	for _, f := range s.files {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b files.File) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// DeleteFile implements files.Store.
func (s *Store) DeleteFile(ctx context.Context, name string) (files.File, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f, err := s.file(ctx, name)
	delete(s.files, f.Name)
	return f, err
}

// PutGrant implements files.Store.
func (s *Store) PutGrant(ctx context.Context, g files.Grant) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return err
	}
	s.grants[g.TokenHash] = g
	return nil
}

// Grant implements files.Store.
func (s *Store) Grant(ctx context.Context, tokenHash string) (files.Grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return files.Grant{}, err
	}
	g, ok := s.grants[tokenHash]
	if !ok {
		return files.Grant{}, files.ErrNotFound
	}
	return g, nil
}

// TakeGrant implements files.Store.
func (s *Store) TakeGrant(ctx context.Context, tokenHash string) (files.Grant, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return files.Grant{}, err
	}
	g, ok := s.grants[tokenHash]
	if !ok {
		return files.Grant{}, files.ErrNotFound
	}
	delete(s.grants, tokenHash)
	return g, nil
}

// DeleteGrants implements files.Store.
func (s *Store) DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx); err != nil {
		return 0, err
	}
	deleted := 0
	for hash, g := range s.grants {
		if deleted < limit && g.Expires.Before(before) {
			delete(s.grants, hash)
			deleted++
		}
	}
	return deleted, nil
}
