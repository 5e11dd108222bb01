package provisionerstest

import (
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// Packs is a provisioners.Packs that answers by the model of a device.
type Packs map[string]provisioners.Served

// For implements provisioners.Packs.
func (p Packs) For(d device.Device) (provisioners.Served, bool) {
	served, ok := p[d.Model]
	return served, ok
}
