package dhcp

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"

	"github.com/insomniacslk/dhcp/dhcpv4"
)

// Numbers of the options of DHCPv4 that lead phones.
const (
	OptionVendorSpecific    = 43
	OptionVendorClass       = 60
	OptionTFTPServerName    = 66
	OptionBootFile          = 67
	OptionURL               = 114
	OptionIdentifyingClass  = 124
	OptionVendorIdentifying = 125
	OptionVLAN              = 132
	OptionTFTPServers       = 150
	OptionFiles159          = 159
	OptionFiles160          = 160
	OptionFiles161          = 161
)

// textOptions are those whose value is a text: a URL, a host, a name of a file, or for 132
// the number of a VLAN.
func textOptions() []uint8 {
	return []uint8{OptionTFTPServerName, OptionBootFile, OptionURL, OptionVLAN, OptionFiles159, OptionFiles160, OptionFiles161}
}

// Offer is what the answer of a DHCP server tells a phone of where it is managed. What is
// zero was not said.
type Offer struct {
	VendorSpecific    VendorSpecific
	VendorIdentifying VendorIdentifying
	// Texts are the options 66, 67, 114, 132, 159, 160 and 161 by number.
	Texts map[uint8]string
	// TFTPServers is option 150.
	TFTPServers []netip.Addr
}

// ReadOffer reads the answer of a DHCP server. What cannot be read is left out and told by
// the error, which joins all of them; the rest counts.
func ReadOffer(p *dhcpv4.DHCPv4) (Offer, error) {
	o := Offer{Texts: map[uint8]string{}}
	var wrong []error
	if b, ok := p.Options[OptionVendorSpecific]; ok {
		v, err := ParseVendorSpecific(b)
		o.VendorSpecific, wrong = v, append(wrong, err)
	}
	if b, ok := p.Options[OptionVendorIdentifying]; ok {
		v, err := ParseVendorIdentifying(b)
		o.VendorIdentifying, wrong = v, append(wrong, err)
	}
	if b, ok := p.Options[OptionTFTPServers]; ok {
		servers, err := parseAddresses(b)
		o.TFTPServers, wrong = servers, append(wrong, err)
	}
	for _, code := range textOptions() {
		if b, ok := p.Options[code]; ok {
			o.Texts[code] = text(b)
		}
	}
	return o, errors.Join(wrong...)
}

// parseAddresses reads option 150: IPv4 addresses one after another.
func parseAddresses(b []byte) ([]netip.Addr, error) {
	var all []netip.Addr
	if len(b) == 0 || len(b)%4 != 0 {
		return nil, fmt.Errorf("option 150: %w: it is no list of IPv4 addresses", ErrMalformed)
	}
	for four := range slices.Chunk(b, 4) {
		all = append(all, netip.AddrFrom4([4]byte(four)))
	}
	return all, nil
}

// ACS returns what a device that asked for these options takes: of option 43 and 125 the
// one that it asked for, and 43 if both or none.
func (o Offer) ACS(asked dhcpv4.OptionCodeList) ACS {
	first, second := o.VendorSpecific.ACS, o.VendorIdentifying.ACS
	if has(asked, OptionVendorIdentifying) && !has(asked, OptionVendorSpecific) {
		first, second = second, first
	}
	if first.URL == "" {
		return second
	}
	return first
}

func has(asked dhcpv4.OptionCodeList, code uint8) bool {
	return slices.ContainsFunc(asked, func(c dhcpv4.OptionCode) bool { return c.Code() == code })
}

// CiscoOrder is the order in which a Cisco multiplatform phone looks at options unless its
// DHCP_Option_To_Use says otherwise: the first that is there leads it.
func CiscoOrder() []uint8 {
	return []uint8{OptionTFTPServerName, OptionFiles160, OptionFiles159, OptionTFTPServers, OptionVendorClass, OptionVendorSpecific, OptionVendorIdentifying}
}

// Cisco returns which of the options leads a Cisco multiplatform phone to its files, and
// its value; false if none does. Options 43 and 125 lead it to an ACS and are not
// among them.
func (o Offer) Cisco() (option uint8, value string, ok bool) {
	for _, code := range CiscoOrder() {
		if code == OptionTFTPServers && len(o.TFTPServers) > 0 {
			return code, o.TFTPServers[0].String(), true
		}
		if value := o.Texts[code]; value != "" {
			return code, value, true
		}
	}
	return 0, "", false
}

// Options returns the options of a packet that say this. It returns a *FieldError for what
// cannot be sent. Options of more than 255 bytes are split by the packet (RFC 3396).
func (o Offer) Options() ([]dhcpv4.Option, error) {
	var all []dhcpv4.Option
	add := func(code uint8, b []byte) {
		if len(b) > 0 {
			all = append(all, dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(code), b))
		}
	}
	b, err := o.VendorSpecific.encode()
	if err != nil {
		return nil, err
	}
	add(OptionVendorSpecific, b)
	if !o.VendorIdentifying.isZero() {
		b, err := o.VendorIdentifying.Encode()
		if err != nil {
			return nil, err
		}
		add(OptionVendorIdentifying, b)
	}
	for _, code := range textOptions() {
		value := o.Texts[code]
		if !isPrintable(value) {
			return nil, &FieldError{Field: fmt.Sprintf("option%d", code), Reason: "has a character other than printable ASCII"}
		}
		add(code, []byte(value))
	}
	if len(o.TFTPServers) > 0 {
		all = append(all, dhcpv4.Option{Code: dhcpv4.GenericOptionCode(OptionTFTPServers), Value: dhcpv4.IPs(networkAddresses(o.TFTPServers))})
	}
	return all, nil
}

func networkAddresses(all []netip.Addr) []net.IP {
	var addresses []net.IP
	for _, a := range all {
		addresses = append(addresses, net.IP(a.AsSlice()))
	}
	return addresses
}

// encode returns the content of option 43 in the form that was chosen.
func (v VendorSpecific) encode() ([]byte, error) {
	if v.Form == RawURL {
		return RawVendorSpecific(v.URL)
	}
	return v.ACS.VendorSpecific()
}

func (v VendorIdentifying) isZero() bool {
	return v.Device.IsZero() && v.Gateway.IsZero() && v.ACS.IsZero()
}
