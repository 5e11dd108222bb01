package provisioners

import (
	"context"
	"errors"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// LevelKind says what a level belongs to.
type LevelKind string

// The kinds of levels, those that inherit later.
const (
	// PackLevel holds the defaults of a vendor pack. It is never stored.
	PackLevel LevelKind = "pack"
	// GlobalLevel is the one above all groups; its ID is empty.
	GlobalLevel LevelKind = "global"
	// GroupLevel belongs to a group; its ID is the group's path.
	GroupLevel LevelKind = "group"
	// LineLevel is what a line gives to the account that is bound to it. It is made of
	// the Line, and never stored as a level; its ID is LineKey.String.
	LineLevel LevelKind = "line"
	// DeviceLevel belongs to a device; its ID is the device's.
	DeviceLevel LevelKind = "device"
	// UserLevel holds what the end user of a device chose; its ID is the device's.
	UserLevel LevelKind = "user"
	// GeneratedLevel holds the secrets that were made for a device, where a level said
	// Generate; its ID is the device's. It takes no part in inheritance by itself.
	GeneratedLevel LevelKind = "generated"
)

// LevelKey names a level.
type LevelKey struct {
	Kind LevelKind
	ID   string
}

// Entry is one setting that a level declares.
type Entry struct {
	// Path is the setting's, such as "account.1.user". An index may be "*" and stands
	// for every one that exists on the device: "account.*.registrar". Of entries of
	// one level, a path without "*" comes before one with it.
	Path string `json:"path"`
	// Value is the canonical text of the value (Catalogue.Parse); empty if Sealed or
	// Generate is set.
	Value string `json:"value,omitempty"`
	// Sealed is the value of a secret setting, sealed for Owner.
	Sealed secret.Sealed `json:"sealed,omitempty"`
	// Generate asks for a secret that is made once for each device.
	Generate bool `json:"generate,omitempty"`
	// Models limits the entry to models, each as a name in which * stands for any
	// text; empty for all.
	Models []string `json:"models,omitempty"`
	// Filter limits it to devices that match it; empty for all.
	Filter string `json:"filter,omitempty"`
	// Locked refuses the setting to the levels below; what they declare is kept and
	// has no effect.
	Locked bool `json:"locked,omitempty"`
}

// Owner returns for whom a secret of a level is sealed.
func (k LevelKey) Owner(path string) string {
	return "level/" + string(k.Kind) + "/" + k.ID + "/" + path
}

// Level is what was declared at one place. Entries are in order of Path; of those with
// the same path, which differ in Models or Filter, the later wins.
type Level struct {
	Key     LevelKey
	Entries []Entry
	// Revision grows with every change; 0 for a level that is not stored yet. A level
	// from which everything was taken stays, without entries.
	Revision  int64
	UpdatedAt time.Time
	UpdatedBy string
}

// Bounds of levels.
const (
	// MaxEntries is how many entries a level may have.
	MaxEntries = 2000
	// MaxLevelBytes bounds a level in all: the sum of the lengths of what its entries
	// hold.
	MaxLevelBytes = 512 << 10
	// MaxLevelKeys bounds the keys of one LevelStore.Levels.
	MaxLevelKeys = 2000
)

var (
	// ErrNotFound is returned for what is not stored.
	ErrNotFound = errors.New("not found")
	// ErrConflict is returned where what is stored has another revision than the one
	// that was seen, or exists and should not.
	ErrConflict = errors.New("changed meanwhile")
)

// LevelStore keeps levels. Every method is one atomic operation on one level. Deleting
// a device deletes its levels.
type LevelStore interface {
	// Levels returns those of the named levels that are stored, each once, in any order.
	// The error wraps device.ErrInvalid for more than MaxLevelKeys keys.
	Levels(ctx context.Context, keys []LevelKey) ([]Level, error)
	// SharedLevels returns a page of the global level and those of groups that were
	// updated at since or later, in the order of kind and ID (bytewise) after the given
	// key, at most limit, which is 1 to 1000, else the error wraps device.ErrInvalid; the
	// zero key begins.
	SharedLevels(ctx context.Context, since time.Time, after LevelKey, limit int) ([]Level, error)
	// PutLevel stores a level in place of the one of its Revision, 0 for one that is
	// not stored, and returns it with the next Revision. It returns ErrConflict.
	PutLevel(ctx context.Context, l Level) (Level, error)
}
