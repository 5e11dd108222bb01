package provisionerstest

import (
	"context"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Convergences is a provisioners.ConvergenceStore in memory. It is safe for concurrent
// use.
type Convergences struct {
	failing
	convergences map[device.ID]provisioners.Convergence
}

// NewConvergences returns an empty store.
func NewConvergences() *Convergences {
	return &Convergences{convergences: map[device.ID]provisioners.Convergence{}}
}

// DeleteDevice removes what is stored of a device, as deleting the device does.
func (s *Convergences) DeleteDevice(id device.ID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.convergences, id)
}

// Convergence implements provisioners.ConvergenceStore.
func (s *Convergences) Convergence(ctx context.Context, id device.ID) (provisioners.Convergence, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "Convergence"); err != nil {
		return provisioners.Convergence{}, err
	}
	c, ok := s.convergences[id]
	if !ok {
		return provisioners.Convergence{}, provisioners.ErrNotFound
	}
	return copyConvergence(c), nil
}

// PutConvergence implements provisioners.ConvergenceStore.
func (s *Convergences) PutConvergence(ctx context.Context, c provisioners.Convergence) (provisioners.Convergence, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.begin(ctx, "PutConvergence"); err != nil {
		return provisioners.Convergence{}, err
	}
	if s.convergences[c.Device].Revision != c.Revision {
		return provisioners.Convergence{}, provisioners.ErrConflict
	}
	c.Revision++
	s.convergences[c.Device] = copyConvergence(c)
	return copyConvergence(c), nil
}

// copyConvergence returns a convergence as stores keep it, of which everything is the
// caller's own.
func copyConvergence(c provisioners.Convergence) provisioners.Convergence {
	c.UpdatedAt, c.NextTry = milliseconds(c.UpdatedAt), milliseconds(c.NextTry)
	c.Owned, c.Restore = slices.Clone(c.Owned), slices.Clone(c.Restore)
	c.Unmapped, c.Confirmed, c.Deliveries = slices.Clone(c.Unmapped), slices.Clone(c.Confirmed), slices.Clone(c.Deliveries)
	c.Instances = slices.Clone(c.Instances)
	for i := range c.Instances {
		c.Instances[i].Numbers = slices.Clone(c.Instances[i].Numbers)
	}
	if c.Adding != nil {
		c.Adding = &provisioners.Adding{Table: c.Adding.Table, Before: slices.Clone(c.Adding.Before), At: milliseconds(c.Adding.At)}
	}
	c.Differences = slices.Clone(c.Differences)
	for i := range c.Differences {
		d := &c.Differences[i]
		d.Wanted, d.Has, d.Adopt, d.Since = copyText(d.Wanted), copyText(d.Has), copyText(d.Adopt), milliseconds(d.Since)
	}
	return c
}

func copyText(text *string) *string {
	if text == nil {
		return nil
	}
	own := *text
	return &own
}
