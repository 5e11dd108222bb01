package provisionerstest

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Lines is a provisioners.LineStore in memory. It is safe for concurrent use.
type Lines struct {
	failing
	lines map[provisioners.LineKey]provisioners.Line
}

// NewLines returns an empty store.
func NewLines() *Lines {
	return &Lines{lines: map[provisioners.LineKey]provisioners.Line{}}
}

// Set stores a line, whatever is stored, and returns it.
func (s *Lines) Set(l provisioners.Line) provisioners.Line {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.Revision = s.lines[l.LineKey].Revision + 1
	s.lines[l.LineKey] = l
	return l
}

// Lines implements provisioners.LineStore.
func (s *Lines) Lines(ctx context.Context, keys []provisioners.LineKey) ([]provisioners.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "Lines"); err != nil {
		return nil, err
	}
	if len(keys) > provisioners.MaxLevelKeys {
		return nil, device.ErrInvalid
	}
	var found []provisioners.Line
	seen := map[provisioners.LineKey]bool{}
	for _, key := range keys {
		if l, ok := s.lines[key]; ok && !seen[key] {
			seen[key] = true
			found = append(found, l)
		}
	}
	return found, nil
}

// ListLines implements provisioners.LineStore.
func (s *Lines) ListLines(ctx context.Context, list provisioners.LineList) ([]provisioners.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "ListLines"); err != nil {
		return nil, err
	}
	var found []provisioners.Line
	for _, l := range s.lines {
		if lists(&list, &l) {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b provisioners.Line) int { return compareLines(a.LineKey, b.LineKey) })
	return found[:min(len(found), max(list.Limit, 0))], nil
}

func lists(list *provisioners.LineList, l *provisioners.Line) bool {
	search := fold(list.Search)
	return within(list.Scope, l.Group) && (!list.OfGroup || l.Group == list.Group) && compareLines(l.LineKey, list.After) > 0 &&
		slices.ContainsFunc([]string{l.Number, l.User, l.DisplayName}, func(text string) bool { return strings.Contains(fold(text), search) })
}

// PutLine implements provisioners.LineStore.
func (s *Lines) PutLine(ctx context.Context, l provisioners.Line) (provisioners.Line, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "PutLine"); err != nil {
		return provisioners.Line{}, err
	}
	if s.lines[l.LineKey].Revision != l.Revision {
		return provisioners.Line{}, provisioners.ErrConflict
	}
	l.Revision++
	l.UpdatedAt = milliseconds(l.UpdatedAt)
	s.lines[l.LineKey] = l
	return l, nil
}

// DeleteLine implements provisioners.LineStore.
func (s *Lines) DeleteLine(ctx context.Context, key provisioners.LineKey, revision int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DeleteLine"); err != nil {
		return err
	}
	l, ok := s.lines[key]
	switch {
	case !ok:
		return provisioners.ErrNotFound
	case revision != 0 && revision != l.Revision:
		return provisioners.ErrConflict
	}
	delete(s.lines, key)
	return nil
}

func compareLines(a, b provisioners.LineKey) int {
	if c := strings.Compare(a.Group, b.Group); c != 0 {
		return c
	}
	return strings.Compare(a.Number, b.Number)
}

// within reports whether a group is in a subtree.
func within(scope device.Scope, group string) bool {
	return scope.Group == "" || group == scope.Group || strings.HasPrefix(group, scope.Group+"/")
}

// fold makes ASCII letters lower-case.
func fold(text string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}
