package plan

import (
	"cmp"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

const (
	// MaxNames bounds each list of an Answer.
	MaxNames = 1000
	// maxCounted bounds the models, and the groups, that are counted apart.
	maxCounted = 1000
)

// Answer says what a change would do.
type Answer struct {
	// Devices is how many devices were looked at.
	Devices int
	// Changed is how many of them should have something else than before.
	Changed int
	// Alike is how many of Changed would be given the same files all the same. It is
	// counted for a change of a pack only.
	Alike int
	// Unserved is how many have no vendor pack, before and after: they are given no
	// files, and are not among Changed.
	Unserved int
	// Failing is how many cannot be given their files after the change.
	Failing int
	// ByModel and ByGroup count Changed, the most first. Beyond 1000 of them the rest
	// is counted together, as Others.
	ByModel, ByGroup []Count
	// Names are devices of Changed in the order of their ids, and Truncated says that
	// there are more.
	Names     []Name
	Truncated bool
	// Unreached says what of the change has no effect, and where.
	Unreached Unreached
	// Failures are devices of Failing.
	Failures []Failure
}

// Count is how many devices have a name in common.
type Count struct {
	// Name is a model or the path of a group; empty for devices without.
	Name  string
	Count int
	// Others says that the count is of all that are not counted apart.
	Others bool
}

// Name is a device as a person knows it.
type Name struct {
	ID           device.ID
	MAC          string
	SerialNumber string
	Model        string
	Group        string
}

// Unreached is what the change declares and devices do not take.
type Unreached struct {
	// Overridden counts pairs of device and setting where a level below says
	// otherwise, Refused those where a level above locked the setting, Unused those
	// where it has no effect on the device at all.
	Overridden, Refused, Unused int
	// Places are some of them, and Truncated says that there are more.
	Places    []Place
	Truncated bool
}

// Place is a setting that a device does not take from the changed level.
type Place struct {
	Device Name
	Path   string
	Why    Why
	// By is the level that overrides or locks; the changed level if Unused.
	By provisioners.LevelKey
	// Reason says in words why it is unused.
	Reason string
}

// Why says why a device does not take a setting.
type Why string

// The reasons.
const (
	Overridden Why = "overridden"
	Refused    Why = "refused"
	Unused     Why = "unused"
)

// Failure is a device that cannot be given its files.
type Failure struct {
	Device Name
	// Problem says why, without secrets.
	Problem string
}

func nameOf(d device.Device) Name {
	return Name{ID: d.ID, MAC: d.MAC, SerialNumber: d.SerialNumber, Model: d.Model, Group: d.Group}
}

// counter counts names, a bounded number of them apart.
type counter struct {
	counts map[string]int
	others int
}

func (c *counter) add(name string) {
	if c.counts == nil {
		c.counts = make(map[string]int)
	}
	if _, known := c.counts[name]; !known && len(c.counts) >= maxCounted {
		c.others++
		return
	}
	c.counts[name]++
}

// list returns the counts, the most first.
func (c *counter) list() []Count {
	var all []Count
	for name, count := range c.counts {
		all = append(all, Count{Name: name, Count: count})
	}
	slices.SortFunc(all, func(a, b Count) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Name, b.Name))
	})
	if c.others > 0 {
		all = append(all, Count{Count: c.others, Others: true})
	}
	return all
}
