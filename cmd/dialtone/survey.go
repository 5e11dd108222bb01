package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// sealedCounts counts the sealed secrets of one kind of records.
type sealedCounts struct {
	// current were sealed with the current key, older with another one of the
	// key file; lost open with none of them.
	current, older, lost int
}

// survey says with which keys the secrets in a store were sealed.
type survey struct {
	kinds map[store.Kind]*sealedCounts
	total sealedCounts
	// unread counts records whose secrets could not be found, which may need any
	// key.
	unread int
	// lost are the first of those that cannot be opened, by their owners.
	lost []string
}

// needsOlder reports whether something in the store may need an older key.
func (s *survey) needsOlder() bool { return s.total.older+s.unread > 0 }

// maxLost bounds survey.lost.
const maxLost = 20

// surveySecrets looks at every sealed secret in the store.
func surveySecrets(ctx context.Context, c store.Copier, k *secret.Keeper) (*survey, error) {
	s := &survey{kinds: make(map[store.Kind]*sealedCounts)}
	err := c.Export(ctx, func(r store.Record) error {
		all, _, err := sealedIn(&r)
		if err != nil {
			s.unread++
			s.count(r.Kind(), func(c *sealedCounts) { c.lost++ })
			s.noteLost(err.Error())
		}
		for _, v := range all {
			s.value(r.Kind(), k, v)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the secrets in the store: %w", err)
	}
	return s, nil
}

func (s *survey) value(kind store.Kind, k *secret.Keeper, v sealedValue) {
	if *v.sealed == "" {
		return
	}
	_, err := k.Open(*v.sealed, v.owner)
	switch {
	case err != nil:
		s.count(kind, func(c *sealedCounts) { c.lost++ })
		s.noteLost(err.Error())
	case k.Current(*v.sealed):
		s.count(kind, func(c *sealedCounts) { c.current++ })
	default:
		s.count(kind, func(c *sealedCounts) { c.older++ })
	}
}

func (s *survey) count(kind store.Kind, add func(*sealedCounts)) {
	if s.kinds[kind] == nil {
		s.kinds[kind] = &sealedCounts{}
	}
	add(s.kinds[kind])
	add(&s.total)
}

func (s *survey) noteLost(what string) {
	if len(s.lost) < maxLost {
		s.lost = append(s.lost, what)
	}
}

// print writes the counts of each kind, and what cannot be opened.
func (s *survey) print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "SECRETS IN\tCURRENT KEY\tOLDER KEYS\tCANNOT BE OPENED")
	for _, kind := range store.Kinds() {
		if c := s.kinds[kind]; c != nil {
			fmt.Fprintf(table, "%s\t%d\t%d\t%d\n", kind, c.current, c.older, c.lost)
		}
	}
	fmt.Fprintf(table, "all\t%d\t%d\t%d\n", s.total.current, s.total.older, s.total.lost)
	if err := table.Flush(); err != nil {
		return err
	}
	for _, what := range s.lost {
		fmt.Fprintln(w, "cannot be opened:", what)
	}
	if more := s.total.lost - len(s.lost); more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	return nil
}
