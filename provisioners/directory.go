package provisioners

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// MaxContacts is how many entries a company directory has at most, the first of the
// customer's lines.
const MaxContacts = 2000

const (
	// contactsPage is how many lines one read of a directory asks for, maxContactPages
	// how many reads there are.
	contactsPage    = 1000
	maxContactPages = 50
)

// LineLister lists lines; LineStore is one.
type LineLister interface {
	// ListLines returns a page of lines in the order of group and number.
	ListLines(ctx context.Context, l LineList) ([]Line, error)
}

// Directory returns the company directory of a group: the listed lines of its customer,
// in the order of names. The customer is the nearest group, from the given one up to the
// root, that has lines, with all below it. It returns the errors of the store.
func Directory(ctx context.Context, lines LineLister, group string) ([]Contact, error) {
	list, ok, err := customerLines(ctx, lines, group)
	if err != nil || !ok {
		return nil, err
	}
	var contacts []Contact
	for range maxContactPages {
		page, err := lines.ListLines(ctx, list)
		if err != nil {
			return nil, fmt.Errorf("lines of the company directory: %w", err)
		}
		for i := range page {
			if l := &page[i]; l.Listed && len(contacts) < MaxContacts {
				contacts = append(contacts, Contact{Name: cmp.Or(l.DisplayName, l.Label, l.User, l.Number), Number: l.Number})
			}
		}
		if len(page) < list.Limit || len(contacts) == MaxContacts {
			break
		}
		list.After = page[len(page)-1].LineKey
	}
	slices.SortFunc(contacts, func(a, b Contact) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.Number, b.Number))
	})
	return contacts, nil
}

// customerLines returns how to list the lines of the nearest group that has some.
func customerLines(ctx context.Context, lines LineLister, group string) (list LineList, ok bool, err error) {
	for {
		some, err := lines.ListLines(ctx, LineList{Group: group, OfGroup: true, Limit: 1})
		if err != nil {
			return LineList{}, false, fmt.Errorf("lines of the company directory: %w", err)
		}
		switch {
		case len(some) > 0 && group == "":
			// The lines of the root are those of no customer: what is below is others'.
			return LineList{OfGroup: true, Limit: contactsPage}, true, nil
		case len(some) > 0:
			return LineList{Scope: device.Scope{Group: group}, Limit: contactsPage}, true, nil
		case group == "":
			return LineList{}, false, nil
		}
		group = group[:max(strings.LastIndexByte(group, '/'), 0)]
	}
}
