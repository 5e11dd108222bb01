package delivery

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Bounds of a company directory.
const (
	// maxContacts is how many entries it has.
	maxContacts = 2000
	// contactsPage is how many lines one read asks for, maxContactPages how many reads
	// there are.
	contactsPage    = 1000
	maxContactPages = 50
)

// contacts returns the company directory of a device: the listed lines of its customer,
// by name. The customer is the nearest group, from the device's own up to the root, that
// has lines, with all below it.
func (s *Server) contacts(ctx context.Context, group string) ([]provisioners.Contact, error) {
	list, ok, err := s.customer(ctx, group)
	if err != nil || !ok {
		return nil, err
	}
	var contacts []provisioners.Contact
	for range maxContactPages {
		page, err := s.options.Lines.ListLines(ctx, list)
		if err != nil {
			return nil, fmt.Errorf("lines of the company directory: %w", err)
		}
		for i := range page {
			if l := &page[i]; l.Listed && len(contacts) < maxContacts {
				contacts = append(contacts, provisioners.Contact{Name: nameOf(l), Number: l.Number})
			}
		}
		if len(page) < list.Limit || len(contacts) == maxContacts {
			break
		}
		list.After = page[len(page)-1].LineKey
	}
	slices.SortFunc(contacts, func(a, b provisioners.Contact) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return strings.Compare(a.Number, b.Number)
	})
	return contacts, nil
}

// customer returns how to list the lines of the nearest group that has some.
func (s *Server) customer(ctx context.Context, group string) (provisioners.LineList, bool, error) {
	for {
		lines, err := s.options.Lines.ListLines(ctx, provisioners.LineList{Group: group, OfGroup: true, Limit: 1})
		if err != nil {
			return provisioners.LineList{}, false, fmt.Errorf("lines of the company directory: %w", err)
		}
		if len(lines) != 0 {
			break
		}
		if group == "" {
			return provisioners.LineList{}, false, nil
		}
		group = parent(group)
	}
	if group == "" {
		// The lines of the root are those of no customer: what is below is others'.
		return provisioners.LineList{Group: "", OfGroup: true, Limit: contactsPage}, true, nil
	}
	return provisioners.LineList{Scope: device.Scope{Group: group}, Limit: contactsPage}, true, nil
}

// parent returns the path of the group above, empty for the root.
func parent(group string) string {
	i := strings.LastIndexByte(group, '/')
	return group[:max(i, 0)]
}

func nameOf(l *provisioners.Line) string {
	for _, name := range []string{l.DisplayName, l.Label, l.User} {
		if name != "" {
			return name
		}
	}
	return l.Number
}
