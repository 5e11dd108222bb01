package plan

import (
	"context"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
)

const (
	// maxDirectories is how many directories are kept, and directoryTime how long: the
	// phones of a group are looked at one after the other.
	maxDirectories, directoryTime = 64, 10 * time.Second
)

// directories makes company directories and keeps them for a moment. It is safe for
// concurrent use.
type directories struct {
	lines provisioners.LineLister
	now   func() time.Time

	mu   sync.Mutex
	kept map[string]directory
}

type directory struct {
	contacts []provisioners.Contact
	until    time.Time
}

// of returns the company directory of a group, as provisioners.Directory does.
func (s *directories) of(ctx context.Context, group string) ([]provisioners.Contact, error) {
	now := s.now()
	s.mu.Lock()
	known, ok := s.kept[group]
	s.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.contacts, nil
	}
	contacts, err := provisioners.Directory(ctx, s.lines, group)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) >= maxDirectories {
		clear(s.kept)
	}
	s.kept[group] = directory{contacts: contacts, until: now.Add(directoryTime)}
	return contacts, nil
}
