package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/nodes"
)

// errInUse says that servers use a store that must stand still.
var errInUse = errors.New("servers use the store")

// watchTime is how long the nodes of a store are watched for a sign of life
// before work begins, longer than nodes.DefaultBeat. One that is late is seen by
// the look after the work.
const watchTime = 3 * time.Second

// watch sees whether nodes of a store show a sign of life from one look to the
// next.
type watch struct {
	// what names the store, for people.
	what  string
	nodes nodes.Store
	beats map[string]int64
}

// look returns the names of the nodes that were alive since the look before,
// none at the first one.
func (w *watch) look(ctx context.Context) (alive []string, err error) {
	all, err := w.nodes.Nodes(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the nodes of the %s: %w", w.what, err)
	}
	beats := make(map[string]int64, len(all))
	for _, n := range all {
		beats[n.ID] = n.Beat
		if before, known := w.beats[n.ID]; w.beats != nil && (!known || before != n.Beat) {
			alive = append(alive, n.Name)
		}
	}
	w.beats = beats
	slices.Sort(alive)
	return alive, nil
}

// checkUnused returns an error that wraps errInUse if a node of one of the
// stores shows a sign of life while wait lasts.
func checkUnused(ctx context.Context, all []*watch, wait func(context.Context, time.Duration) error) error {
	if len(all) == 0 {
		return nil
	}
	for _, w := range all {
		if _, err := w.look(ctx); err != nil {
			return err
		}
	}
	if err := wait(ctx, watchTime); err != nil {
		return err
	}
	return checkStillUnused(ctx, all)
}

// checkStillUnused is checkUnused since the last look.
func checkStillUnused(ctx context.Context, all []*watch) error {
	for _, w := range all {
		alive, err := w.look(ctx)
		if err != nil {
			return err
		}
		if len(alive) > 0 {
			return fmt.Errorf("%w: the %s is used by %s: stop them first", errInUse, w.what, strings.Join(slices.Compact(alive), ", "))
		}
	}
	return nil
}

// pause waits, or returns the error of the context that ended.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
