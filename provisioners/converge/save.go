package converge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// save stores what is known of the way. People change nothing of it but what they asked
// to be restored: where they did meanwhile, that is kept for the next session.
func (c *Course) save(ctx context.Context) error {
	const tries = 4
	for range tries {
		c.Record.UpdatedAt = c.planner.o.Now().UTC().Truncate(time.Millisecond)
		stored, err := c.planner.o.Convergences.PutConvergence(ctx, c.Record)
		if err == nil {
			c.Record = stored
			return nil
		}
		if !errors.Is(err, provisioners.ErrConflict) {
			return fmt.Errorf("store the convergence of the device: %w", err)
		}
		other, err := c.planner.o.Convergences.Convergence(ctx, c.Record.Device)
		if err != nil {
			return fmt.Errorf("read the convergence of the device: %w", err)
		}
		c.Record.Revision, c.Record.Restore = other.Revision, without(other.Restore, c.restored)
	}
	return fmt.Errorf("store the convergence of the device: %w", provisioners.ErrConflict)
}

// without returns the paths that are not among others.
func without(paths, others []string) (rest []string) {
	for _, path := range paths {
		if !slices.Contains(others, path) {
			rest = append(rest, path)
		}
	}
	return rest
}

// modelOf returns the model of the pack that serves the device.
func (c *Course) modelOf() *pack.Model {
	m, _ := c.pack.Model(c.served.Model)
	return m
}
