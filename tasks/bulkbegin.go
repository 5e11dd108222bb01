package tasks

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// NewBulk says what bulk task to begin.
type NewBulk struct {
	// Filter selects the devices within Scope.
	Filter string
	Scope  device.Scope
	Kind   Kind
	// Args are the kind's arguments as JSON.
	Args              json.RawMessage
	Priority          int
	Expires           time.Time
	CreatedBy         string
	ConnectionRequest bool
	// Edit, if not nil, changes the record of each device instead of giving it a
	// task. Kind, Args, Priority and ConnectionRequest are empty then.
	Edit *BulkEdit
}

// Begin validates a bulk task, stores it and has it carried out. It returns an
// *ArgumentError or a *query.SyntaxError for what is wrong with it.
func (r *BulkRunner) Begin(ctx context.Context, n NewBulk) (Bulk, error) {
	now := r.Now().UTC().Truncate(time.Millisecond)
	args, err := n.work()
	if err != nil {
		return Bulk{}, err
	}
	if _, err := query.Parse(r.schema, n.Filter, query.WithNow(now)); err != nil {
		return Bulk{}, err
	}
	if !n.Expires.IsZero() && !n.Expires.After(now) {
		return Bulk{}, &ArgumentError{Field: "expires", Message: "must lie in the future"}
	}
	b := Bulk{
		ID: NewID(now), Filter: n.Filter, Scope: n.Scope, Kind: n.Kind, Priority: n.Priority, Expires: n.Expires,
		CreatedBy: n.CreatedBy, CreatedAt: now, ConnectionRequest: n.ConnectionRequest, Edit: n.Edit,
	}
	if b.Args, err = r.sealed(b.ID, args); err != nil {
		return Bulk{}, err
	}
	if err := r.Store.InsertBulk(ctx, b); err != nil {
		return Bulk{}, fmt.Errorf("insert bulk task: %w", err)
	}
	select {
	case r.begun <- struct{}{}:
	default:
	}
	return b, nil
}

// work returns the arguments of the tasks, nil for an edit, or an *ArgumentError.
func (n *NewBulk) work() (Args, error) {
	switch {
	case n.Edit == nil:
		return n.Kind.Parse(n.Args)
	case n.Kind != "":
		return nil, &ArgumentError{Field: "kind", Message: "must be empty where records are changed"}
	default:
		return nil, n.Edit.Validate()
	}
}

// Get returns a bulk task, or ErrNotFound.
func (r *BulkRunner) Get(ctx context.Context, id ID) (Bulk, error) { return r.Store.Bulk(ctx, id) }

// maxStopAttempts bounds how often Stop meets the runner at the same moment.
const maxStopAttempts = 5

// Stop ends a bulk task early; the tasks that it made stay. It returns ErrState
// if it has ended already, ErrNotFound, and ErrConflict if it kept changing.
func (r *BulkRunner) Stop(ctx context.Context, id ID) (Bulk, error) {
	for range maxStopAttempts {
		b, err := r.Store.Bulk(ctx, id)
		if err != nil {
			return Bulk{}, err
		}
		if !b.FinishedAt.IsZero() {
			return b, fmt.Errorf("%w: the bulk task has ended", ErrState)
		}
		b.Stopped, b.FinishedAt = true, r.end(b)
		saved, err := r.Store.SaveBulk(ctx, b)
		if !errors.Is(err, ErrConflict) {
			return saved, err
		}
	}
	return Bulk{}, ErrConflict
}
