package ciscophone

import (
	"bytes"
	"net/netip"
	"strings"
)

// The options of DHCP that the phone looks at.
const (
	OptionTFTPServer       = 66
	OptionTFTPAddresses    = 150
	OptionProfile          = 160
	OptionProfileAlternate = 159
	OptionVendorClass      = 60
	OptionVendor           = 43
	OptionVendorIdentified = 125
)

// Answer is what a DHCP server told the phone: the values of options by their codes,
// without code and length, as they are on the wire.
type Answer map[uint8][]byte

// Discovery is what a phone makes of an Answer.
type Discovery struct {
	// Servers are where it looks for its first profile, one after the other until one
	// has it, each as filephone.CiscoPhone.StartFrom takes it.
	Servers []string
	// ACS is what options 43 and 125 say of an ACS; 43 comes before 125.
	ACS ACS
	// Gateway is the one that option 125 names; zero for none.
	Gateway Gateway
}

// ACS is what DHCP says of an ACS (TR-069 3.1). What it does not say is empty.
type ACS struct {
	URL, ProvisioningCode string
	// RetryMinimum and RetryMultiplier are those of CWMPRetryMinimumWaitInterval and
	// CWMPRetryIntervalMultiplier, in decimal.
	RetryMinimum, RetryMultiplier string
}

// Gateway is the identity of a gateway (TR-069 Annex F).
type Gateway struct{ OUI, SerialNumber, ProductClass string }

// forumNumber is the enterprise number of the Broadband Forum in option 125.
const forumNumber = 3561

// Discover reads an answer in the order of the phone's factory setting of
// DHCP_Option_To_Use. What it cannot read it passes over.
func Discover(a Answer) Discovery {
	var d Discovery
	for _, code := range []uint8{
		OptionTFTPServer, OptionProfile, OptionProfileAlternate, OptionTFTPAddresses, OptionVendorClass, OptionVendor, OptionVendorIdentified,
	} {
		if value, ok := a[code]; ok {
			d.take(code, value)
		}
	}
	return d
}

func (d *Discovery) take(code uint8, value []byte) {
	switch code {
	case OptionTFTPServer, OptionProfile, OptionProfileAlternate:
		d.server(clean(value))
	case OptionTFTPAddresses:
		for _, address := range addresses(value) {
			d.server(address)
		}
	case OptionVendorClass:
		// The server may send the phone's own class back: only a URL is one.
		if text := clean(value); strings.Contains(text, "://") {
			d.server(text)
		}
	case OptionVendor:
		d.vendor(value)
	case OptionVendorIdentified:
		d.vendorIdentified(value)
	}
}

func (d *Discovery) server(text string) {
	if text != "" {
		d.Servers = append(d.Servers, text)
	}
}

// vendor reads option 43: sub-options, or a URL as it is.
func (d *Discovery) vendor(value []byte) {
	if text := clean(value); strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://") || strings.HasPrefix(text, "tftp://") {
		d.server(text)
		return
	}
	sub, ok := subOptions(value)
	if !ok && len(value) > 1 && int(value[0]) == len(value)-1 {
		// Some scripts put the length of the whole in front.
		sub, _ = subOptions(value[1:])
	}
	d.ACS.fill(sub, 1)
	for _, code := range []uint8{OptionTFTPServer, OptionProfile, OptionProfileAlternate} {
		d.server(sub[code])
	}
}

// vendorIdentified reads option 125: blocks of an enterprise number, a length and
// sub-options (RFC 3925).
func (d *Discovery) vendorIdentified(value []byte) {
	const head = 5
	for len(value) >= head {
		enterprise := uint32(value[0])<<24 | uint32(value[1])<<16 | uint32(value[2])<<8 | uint32(value[3])
		end := head + int(value[4])
		if end > len(value) {
			return
		}
		if sub, ok := subOptions(value[head:end]); ok && enterprise == forumNumber {
			d.ACS.fill(sub, 11)
			d.Gateway = Gateway{OUI: sub[4], SerialNumber: sub[5], ProductClass: sub[6]}
		}
		value = value[end:]
	}
}

// fill takes the four sub-options that begin with a code, unless there is a URL already.
func (a *ACS) fill(sub map[uint8]string, first uint8) {
	if a.URL != "" || sub[first] == "" {
		return
	}
	*a = ACS{URL: sub[first], ProvisioningCode: sub[first+1], RetryMinimum: sub[first+2], RetryMultiplier: sub[first+3]}
}

// subOptions reads code, length and value by turns up to an end mark; false if they do
// not come out even.
func subOptions(value []byte) (map[uint8]string, bool) {
	const end = 0xFF
	sub := map[uint8]string{}
	for len(value) > 0 && value[0] != end {
		if len(value) < 2 || len(value) < 2+int(value[1]) {
			return sub, len(bytes.Trim(value, "\x00")) == 0
		}
		sub[value[0]] = clean(value[2 : 2+int(value[1])])
		value = value[2+int(value[1]):]
	}
	return sub, true
}

// clean takes off what servers add to text: zeros and an end mark.
func clean(value []byte) string {
	return strings.TrimSpace(string(bytes.TrimRight(value, "\x00\xFF")))
}

// addresses reads option 150: addresses of four bytes each, or text.
func addresses(value []byte) []string {
	if text := clean(value); isText(text) {
		return []string{text}
	}
	var all []string
	for ; len(value) >= 4; value = value[4:] {
		all = append(all, netip.AddrFrom4([4]byte(value[:4])).String())
	}
	return all
}

// isText tells a host, an address or a URL from four bytes that happen to be letters.
func isText(text string) bool {
	if !strings.ContainsAny(text, ".:") {
		return false
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}
