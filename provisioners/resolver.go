package provisioners

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// MaxResolved is how many devices one EffectiveOf takes.
const MaxResolved = 500

// ResolverOptions are what a Resolver works with. All but Schema, Now and Logger are
// needed.
type ResolverOptions struct {
	Catalogue *Catalogue
	Levels    LevelStore
	Lines     LineStore
	Packs     Packs
	Shared    *Tree
	Keeper    *secret.Keeper
	// Now is the clock; nil for the machine's.
	Now func() time.Time
	// Logger is nil for slog.Default.
	Logger *slog.Logger
	// Schema has the fields that filters of entries may name; nil for FilterSchema.
	Schema *query.Schema
}

// Resolver computes what devices should have. It is safe for concurrent use.
type Resolver struct {
	options     ResolverOptions
	compiler    *compiler
	fingerprint *fingerprinter
}

// NewResolver returns a resolver. It fails if something that it needs is missing, or
// no key can be derived.
func NewResolver(o ResolverOptions) (*Resolver, error) {
	if o.Catalogue == nil || o.Levels == nil || o.Lines == nil || o.Packs == nil || o.Shared == nil || o.Keeper == nil {
		return nil, errors.New("resolver of settings: catalogue, stores, packs, shared levels and keeper are needed")
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Schema == nil {
		o.Schema = FilterSchema()
	}
	fingerprint, err := newFingerprinter(o.Keeper)
	if err != nil {
		return nil, err
	}
	return &Resolver{o, newCompiler(o.Catalogue, o.Schema), fingerprint}, nil
}

// Change is what is only planned: it stands in the place of what is stored. The zero
// Change is how things are.
type Change struct {
	// ReadOnly with nothing else is how things are, but no secrets are made.
	ReadOnly bool
	// Levels stand in the place of the stored ones of the same keys.
	Levels []Level
	// Lines stand in the place of the stored ones of the same keys, NoLines are those
	// that will be deleted.
	Lines   []Line
	NoLines []LineKey
	// Packs stands in the place of the resolver's, nil for those.
	Packs Packs
	// Groups has the groups of devices that will be moved.
	Groups map[device.ID]string
}

// IsZero reports whether the change is none, so that missing secrets are made.
func (c *Change) IsZero() bool {
	return !c.ReadOnly && c.Levels == nil && c.Lines == nil && c.NoLines == nil && c.Packs == nil && c.Groups == nil
}

// Effective returns what a device should have; secrets that are to be generated and
// are missing are made and stored. It returns the errors of the stores, and Err of the
// Effective.
func (r *Resolver) Effective(ctx context.Context, d device.Device) (Effective, error) {
	all, err := r.EffectiveOf(ctx, []device.Device{d}, Change{})
	if err != nil {
		return Effective{}, err
	}
	return all[0], all[0].Err
}

// EffectiveOf returns what up to MaxResolved devices should have, in their order. With
// the zero Change, missing secrets are made and stored; with another, nothing is
// stored, and a missing secret counts as unchanged (Ungenerated). A device without an ID
// stands for any of its group, for which nothing is stored. It returns the errors of the
// stores; what is wrong with one device is in its Err.
func (r *Resolver) EffectiveOf(ctx context.Context, devices []device.Device, c Change) ([]Effective, error) {
	if len(devices) > MaxResolved {
		return nil, fmt.Errorf("resolve settings: %d devices, at most %d at once", len(devices), MaxResolved)
	}
	b := r.newBatch(devices, &c)
	if err := b.readOwnLevels(ctx); err != nil {
		return nil, err
	}
	for i := range b.members {
		b.climb(&b.members[i])
	}
	if err := b.readLines(ctx); err != nil {
		return nil, err
	}
	all := make([]Effective, len(devices))
	for i := range b.members {
		effective, err := b.settle(ctx, &b.members[i])
		if err != nil {
			return nil, err
		}
		all[i] = effective
	}
	return all, nil
}
