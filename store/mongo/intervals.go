package mongo

import (
	"sync"

	"github.com/dialtone-acs/dialtone/device"
)

// maxIntervals bounds how many kinds of device a node remembers the inform
// interval of.
const maxIntervals = 4096

// intervals remembers which inform interval the devices of a maker and product
// class were last seen to have. Most of a fleet has the same, so that a session
// can begin without reading the record first.
type intervals struct {
	mu    sync.Mutex
	known map[deviceKind]int
}

type deviceKind struct{ oui, productClass string }

func kindOf(c device.CWMPIdentity) deviceKind {
	return deviceKind{oui: c.OUI, productClass: c.ProductClass}
}

func newIntervals() *intervals { return &intervals{known: make(map[deviceKind]int)} }

// expected returns the interval that the record will have: what the contact
// reports, else what was last seen.
func (i *intervals) expected(c device.Contact) (seconds int, known bool) {
	if c.InformInterval > 0 {
		return c.InformInterval, true
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	seconds, known = i.known[kindOf(c.Identity)]
	return seconds, known
}

func (i *intervals) note(c device.CWMPIdentity, seconds int) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if _, known := i.known[kindOf(c)]; !known && len(i.known) >= maxIntervals {
		for any := range i.known {
			delete(i.known, any)
			break
		}
	}
	i.known[kindOf(c)] = seconds
}
