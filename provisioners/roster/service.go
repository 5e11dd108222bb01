package roster

import (
	"context"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Auto stands for a secret that is to be made.
const Auto = "auto"

// Devices keeps device records, as device.Store describes.
type Devices interface {
	Create(ctx context.Context, d device.Device, limit int) error
	ByIdentity(ctx context.Context, identity device.Identity) (device.Device, error)
	Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error)
}

// Keeper seals and opens secrets; *secret.Keeper is one.
type Keeper interface {
	Seal(plain secret.Text, owner string) (secret.Sealed, error)
	Open(s secret.Sealed, owner string) (secret.Text, error)
}

// Options are what a Service needs; all must be set but Changed.
type Options struct {
	Devices   Devices
	Groups    device.GroupMaker
	Levels    provisioners.LevelStore
	Lines     provisioners.LineStore
	Catalogue *provisioners.Catalogue
	Keeper    Keeper
	Now       func() time.Time
	// Changed is told of every device that was added, or whose settings were changed; it
	// must not block. It may be nil.
	Changed func(device.ID)
}

// Service applies rosters. It is safe for concurrent use.
type Service struct{ o Options }

// New returns a Service, or an error that names what is missing.
func New(o Options) (*Service, error) {
	if o.Devices == nil || o.Groups == nil || o.Levels == nil || o.Lines == nil || o.Catalogue == nil || o.Keeper == nil || o.Now == nil {
		return nil, errors.New("roster: devices, groups, levels, lines, catalogue, keeper and clock are needed")
	}
	if o.Changed == nil {
		o.Changed = func(device.ID) {}
	}
	return &Service{o: o}, nil
}

// How says how a roster is applied.
type How struct {
	// DryRun changes nothing.
	DryRun bool
	// Scope limits what may be added and changed to a subtree of the groups.
	Scope device.Scope
	// MakeGroups makes groups that phones and lines name and that are missing.
	MakeGroups bool
	// By is who asks.
	By string
}

// Action says what became of a row, or would.
type Action string

// The actions.
const (
	Created   Action = "created"
	Changed   Action = "changed"
	Unchanged Action = "unchanged"
	Refused   Action = "refused"
)

// Outcome is what became of one row.
type Outcome struct {
	// Kind is "phone", "line" or "level".
	Kind string
	Row  int
	// Name is the MAC of a phone, group and number of a line, kind and ID of a level.
	Name   string
	Action Action
	// Device is a phone's, empty for one that was refused or would be added.
	Device device.ID
	// Problems says why it was refused.
	Problems []*RowError
	// Notes says what of it is not brought in all the same.
	Notes []*RowError
}

// Apply brings a roster in: levels first, then lines, then phones, each row by itself,
// so that one that is refused keeps no other from its place. What is there already and
// the same stays unchanged: a roster that failed in the middle is applied again. It
// returns an error, and the outcomes so far, where a store fails or ctx ends.
func (s *Service) Apply(ctx context.Context, r Roster, how How) ([]Outcome, error) {
	var all []Outcome
	for i := range r.Levels {
		o, err := s.applyLevel(ctx, &r.Levels[i], how)
		if all = append(all, o); err != nil {
			return all, err
		}
	}
	for i := range r.Lines {
		o, err := s.applyLine(ctx, &r.Lines[i], how)
		if all = append(all, o); err != nil {
			return all, err
		}
	}
	seen := map[string]int{}
	for i := range r.Phones {
		o, err := s.applyPhone(ctx, &r.Phones[i], how, seen)
		if all = append(all, o); err != nil {
			return all, err
		}
	}
	return all, ctx.Err()
}

func (o Outcome) refuse(problems ...*RowError) (Outcome, error) {
	o.Action, o.Problems = Refused, problems
	return o, nil
}
