package acs

import (
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/quirks"
)

// Quirks says how the server behaves toward a device (package quirks).
type Quirks interface {
	// For returns the behaviour toward a device, never nil. Nobody changes what it
	// returns.
	For(s quirks.Subject) *quirks.Resolved
}

// behaviour returns how to behave toward a device: by the book if there are no
// quirks.
func (o *Options) behaviour(d *device.Device) *quirks.Behaviour {
	if o.Quirks == nil {
		return &quirks.Behaviour{}
	}
	return &o.Quirks.For(quirks.Subject{Manufacturer: d.Manufacturer, OUI: d.OUI, ProductClass: d.ProductClass, SoftwareVersion: d.SoftwareVersion}).Behaviour
}
