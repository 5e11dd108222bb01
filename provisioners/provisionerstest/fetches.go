package provisionerstest

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Fetches is a provisioners.FetchStore in memory. It is safe for concurrent use.
type Fetches struct {
	failing
	group     func(device.ID) (group string, ok bool)
	fetches   map[string]provisioners.Fetch
	strangers map[string]provisioners.Stranger
}

// NewFetches returns an empty store. Group tells the group of a device, for lists that
// are limited to a subtree; nil if there are none.
func NewFetches(group func(device.ID) (group string, ok bool)) *Fetches {
	return &Fetches{group: group, fetches: map[string]provisioners.Fetch{}, strangers: map[string]provisioners.Stranger{}}
}

// AppendFetches implements provisioners.FetchStore.
func (s *Fetches) AppendFetches(ctx context.Context, fetches []provisioners.Fetch) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "AppendFetches"); err != nil {
		return err
	}
	if len(fetches) > provisioners.MaxFetches {
		return device.ErrInvalid
	}
	for _, f := range fetches {
		if _, ok := s.fetches[f.ID]; !ok {
			f.At = milliseconds(f.At)
			s.fetches[f.ID] = f
		}
	}
	return nil
}

// ListFetches implements provisioners.FetchStore.
func (s *Fetches) ListFetches(ctx context.Context, l provisioners.FetchList) ([]provisioners.Fetch, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "ListFetches"); err != nil {
		return nil, err
	}
	var found []provisioners.Fetch
	for _, f := range s.fetches {
		if s.lists(&l, &f) {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b provisioners.Fetch) int { return strings.Compare(b.ID, a.ID) })
	return found[:min(len(found), max(l.Limit, 0))], nil
}

func (s *Fetches) lists(l *provisioners.FetchList, f *provisioners.Fetch) bool {
	if l.Device != "" && f.Device != l.Device || l.Failed && f.Status < 400 || l.After != "" && f.ID >= l.After {
		return false
	}
	if l.Scope == (device.Scope{}) {
		return true
	}
	if f.Device == "" || s.group == nil {
		return false
	}
	group, ok := s.group(f.Device)
	return ok && within(l.Scope, group)
}

// DeleteFetches implements provisioners.FetchStore.
func (s *Fetches) DeleteFetches(ctx context.Context, before time.Time, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DeleteFetches"); err != nil {
		return 0, err
	}
	var old []provisioners.Fetch
	for _, f := range s.fetches {
		if f.At.Before(before) {
			old = append(old, f)
		}
	}
	slices.SortFunc(old, func(a, b provisioners.Fetch) int { return a.At.Compare(b.At) })
	old = old[:min(len(old), max(limit, 0))]
	for _, f := range old {
		delete(s.fetches, f.ID)
	}
	return len(old), nil
}

// NoteStranger implements provisioners.FetchStore.
func (s *Fetches) NoteStranger(ctx context.Context, n provisioners.Stranger) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "NoteStranger"); err != nil {
		return err
	}
	n.First, n.Last = milliseconds(n.First), milliseconds(n.Last)
	if known, ok := s.strangers[n.ID]; ok {
		n = noted(known, n)
	}
	s.strangers[n.ID] = n
	return nil
}

// noted returns a stranger after one more note: what is empty in it stays as known.
func noted(known, n provisioners.Stranger) provisioners.Stranger {
	for _, field := range []struct {
		to   *string
		from string
	}{
		{&n.MAC, known.MAC}, {&n.SerialNumber, known.SerialNumber}, {&n.Address, known.Address}, {&n.UserAgent, known.UserAgent},
		{&n.Pack, known.Pack}, {&n.Model, known.Model}, {&n.Protocol, known.Protocol}, {&n.Path, known.Path},
	} {
		if *field.to == "" {
			*field.to = field.from
		}
	}
	n.First = known.First
	if n.Last.IsZero() {
		n.Last = known.Last
	}
	n.Requests += known.Requests
	return n
}

// sorted returns the strangers, the latest first.
func (s *Fetches) sorted() []provisioners.Stranger {
	var all []provisioners.Stranger
	for _, stranger := range s.strangers {
		all = append(all, stranger)
	}
	slices.SortFunc(all, func(a, b provisioners.Stranger) int { return compareStrangers(&a, &b) })
	return all
}

func compareStrangers(a, b *provisioners.Stranger) int {
	if c := b.Last.Compare(a.Last); c != 0 {
		return c
	}
	return strings.Compare(b.ID, a.ID)
}

// ListStrangers implements provisioners.FetchStore.
func (s *Fetches) ListStrangers(ctx context.Context, after provisioners.Stranger, limit int) ([]provisioners.Stranger, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "ListStrangers"); err != nil {
		return nil, err
	}
	all := s.sorted()
	if after != (provisioners.Stranger{}) {
		all = slices.DeleteFunc(all, func(stranger provisioners.Stranger) bool { return compareStrangers(&stranger, &after) <= 0 })
	}
	return all[:min(len(all), max(limit, 0))], nil
}

// Stranger implements provisioners.FetchStore.
func (s *Fetches) Stranger(ctx context.Context, id string) (provisioners.Stranger, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "Stranger"); err != nil {
		return provisioners.Stranger{}, err
	}
	stranger, ok := s.strangers[id]
	if !ok {
		return provisioners.Stranger{}, provisioners.ErrNotFound
	}
	return stranger, nil
}

// DeleteStranger implements provisioners.FetchStore.
func (s *Fetches) DeleteStranger(ctx context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DeleteStranger"); err != nil {
		return err
	}
	if _, ok := s.strangers[id]; !ok {
		return provisioners.ErrNotFound
	}
	delete(s.strangers, id)
	return nil
}

// DeleteStrangers implements provisioners.FetchStore.
func (s *Fetches) DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "DeleteStrangers"); err != nil {
		return 0, err
	}
	deleted := 0
	for i, stranger := range s.sorted() {
		if deleted < limit && (i >= keep || stranger.Last.Before(before)) {
			delete(s.strangers, stranger.ID)
			deleted++
		}
	}
	return deleted, nil
}
