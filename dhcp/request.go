package dhcp

import (
	"errors"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Request is what a device says of itself when it asks a DHCP server.
type Request struct {
	// MAC is its hardware address, twelve digits with colons.
	MAC string
	// VendorClass is option 60, without the NUL that Cisco phones put at its end.
	VendorClass string
	// IdentifyingClasses are those of enterprise 3561 in option 124.
	IdentifyingClasses []string
	// Device is who it says to be in option 125.
	Device Identity
	// Asked are the options that it wants, in its order (option 55).
	Asked dhcpv4.OptionCodeList
}

// ReadRequest reads what a device asks. What cannot be read is left out and told by the
// error, which joins all of them; the rest counts.
func ReadRequest(p *dhcpv4.DHCPv4) (Request, error) {
	r := Request{MAC: p.ClientHWAddr.String(), Asked: p.ParameterRequestList()}
	r.VendorClass = text(p.Options[OptionVendorClass])
	classes, wrongClass := ParseIdentifyingClass(p.Options[OptionIdentifyingClass])
	v, wrong := ParseVendorIdentifying(p.Options[OptionVendorIdentifying])
	r.IdentifyingClasses, r.Device = classes, v.Device
	return r, errors.Join(wrongClass, wrong)
}

// WantsACS reports whether the device looks for an ACS.
func (r Request) WantsACS() bool {
	for _, class := range append([]string{r.VendorClass}, r.IdentifyingClasses...) {
		if IsTR069Class(class) {
			return true
		}
	}
	return false
}
