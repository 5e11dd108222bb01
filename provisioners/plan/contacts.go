package plan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Lines reads lines, as provisioners.LineStore describes.
type Lines interface {
	ListLines(ctx context.Context, l provisioners.LineList) ([]provisioners.Line, error)
}

const (
	// maxContacts is how many entries a company directory has.
	maxContacts = 2000
	// contactsPage is how many lines one read asks for, maxContactPages how many reads
	// there are.
	contactsPage, maxContactPages = 1000, 50
	// maxDirectories is how many directories are kept, and directoryTime how long: the
	// phones of a group are looked at one after the other.
	maxDirectories, directoryTime = 64, 10 * time.Second
)

// directories makes company directories and keeps them for a moment. It is safe for
// concurrent use.
type directories struct {
	lines Lines
	now   func() time.Time

	mu   sync.Mutex
	kept map[string]directory
}

type directory struct {
	contacts []provisioners.Contact
	until    time.Time
}

// of returns the company directory of a group: the listed lines of its customer, which
// is the nearest group, from itself up to the root, that has lines, with all below it.
func (s *directories) of(ctx context.Context, group string) ([]provisioners.Contact, error) {
	now := s.now()
	s.mu.Lock()
	known, ok := s.kept[group]
	s.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.contacts, nil
	}
	contacts, err := s.read(ctx, group)
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

func (s *directories) read(ctx context.Context, group string) ([]provisioners.Contact, error) {
	list, ok, err := s.customer(ctx, group)
	if err != nil || !ok {
		return nil, err
	}
	var contacts []provisioners.Contact
	for range maxContactPages {
		page, err := s.lines.ListLines(ctx, list)
		if err != nil {
			return nil, fmt.Errorf("lines of the company directory: %w", err)
		}
		for _, l := range page {
			if l.Listed && len(contacts) < maxContacts {
				contacts = append(contacts, provisioners.Contact{Name: cmp.Or(l.DisplayName, l.Label, l.User, l.Number), Number: l.Number})
			}
		}
		if len(page) < list.Limit || len(contacts) == maxContacts {
			break
		}
		list.After = page[len(page)-1].LineKey
	}
	slices.SortFunc(contacts, func(a, b provisioners.Contact) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Number, b.Number))
	})
	return contacts, nil
}

// customer returns how to list the lines of the nearest group that has some.
func (s *directories) customer(ctx context.Context, group string) (provisioners.LineList, bool, error) {
	for {
		lines, err := s.lines.ListLines(ctx, provisioners.LineList{Group: group, OfGroup: true, Limit: 1})
		if err != nil {
			return provisioners.LineList{}, false, fmt.Errorf("lines of the company directory: %w", err)
		}
		switch {
		case len(lines) > 0 && group == "":
			// The lines of the root are those of no customer: what is below is others'.
			return provisioners.LineList{OfGroup: true, Limit: contactsPage}, true, nil
		case len(lines) > 0:
			return provisioners.LineList{Scope: device.Scope{Group: group}, Limit: contactsPage}, true, nil
		case group == "":
			return provisioners.LineList{}, false, nil
		}
		group = group[:max(strings.LastIndexByte(group, '/'), 0)]
	}
}
