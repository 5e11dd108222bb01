package access

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// Identity says, by templates, what a client certificate tells of its device: see
// docs/operations.md for their form. Each that is given must agree with the device;
// SerialNumber or MAC make it one device's certificate, else it is that of a model,
// which proves no more than a shared credential. Cisco's phones have
// serialNumber "{L}", productClass "{OU}", mac "{S}".
type Identity struct {
	SerialNumber string `json:"serialNumber,omitempty"`
	ProductClass string `json:"productClass,omitempty"`
	OUI          string `json:"oui,omitempty"`
	MAC          string `json:"mac,omitempty"`
	// Generic are values of SerialNumber and MAC in certificates that many devices
	// share, such as "ciscogeneric".
	Generic []string `json:"generic,omitempty"`
}

// IsZero reports whether no template is given.
func (i Identity) IsZero() bool {
	return i.SerialNumber == "" && i.ProductClass == "" && i.OUI == "" && i.MAC == ""
}

const maxGeneric = 20

// identity is an Identity ready to be held against a certificate.
type identity struct {
	productClass, oui, serialNumber, mac template
	generic                              []string
}

func (i Identity) compiled() (identity, error) {
	c := identity{generic: i.Generic}
	for _, f := range []struct {
		name, text string
		into       *template
	}{{"serialNumber", i.SerialNumber, &c.serialNumber}, {"productClass", i.ProductClass, &c.productClass}, {"oui", i.OUI, &c.oui}, {"mac", i.MAC, &c.mac}} {
		var err error
		if *f.into, err = parseTemplate(f.text); err != nil {
			return c, wrong("identity."+f.name, "%s", err)
		}
	}
	if len(i.Generic) > maxGeneric {
		return c, wrong("identity.generic", "must be at most %d", maxGeneric)
	}
	for n, value := range i.Generic {
		if value == "" || len(value) > 64 {
			return c, wrong(indexed("identity.generic", n), "must have 1 to 64 bytes")
		}
	}
	return c, nil
}

// proof is how far something shown goes.
type proof int

const (
	// nothing counts under the rule.
	nothing proof = iota
	// another device is who it proves to be.
	another
	// anybody could have shown it.
	anybody
	// shared by many devices.
	shared
	// own: it is this device.
	own
)

// proves says how far a certificate proves that its bearer is the device. What is not
// known of the device, as the MAC address of one that never told it, proves nothing
// and clashes with nothing.
func (i *identity) proves(c *CertificateIdentity, d *device.Device) proof {
	proven := shared
	for _, f := range []struct {
		template template
		have     string
		normal   func(string) string
		single   bool
	}{
		{i.productClass, d.ProductClass, same, false},
		{i.oui, d.OUI, strings.ToUpper, false},
		{i.serialNumber, d.SerialNumber, same, true},
		{i.mac, d.MAC, normalMAC, true},
	} {
		if f.template.text == "" {
			continue
		}
		told, ok := f.template.expand(c)
		if !ok {
			return nothing
		}
		if f.single && (f.have == "" || i.isGeneric(told)) {
			continue
		}
		if f.normal(told) == "" || f.normal(told) != f.normal(f.have) {
			return another
		}
		if f.single {
			proven = own
		}
	}
	return proven
}

func (i *identity) isGeneric(value string) bool {
	return slices.ContainsFunc(i.generic, func(g string) bool { return strings.EqualFold(g, value) })
}

func same(text string) string { return text }

func normalMAC(text string) string {
	mac, err := device.ParseMAC(text)
	if err != nil {
		return ""
	}
	return mac
}
