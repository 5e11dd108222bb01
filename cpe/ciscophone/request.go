package ciscophone

import "encoding/binary"

// optionParameterList is option 55, what a client asks for.
const optionParameterList = 55

// Options are those that the phone sends in its DHCP requests, as they are on the wire
// without code and length: its class (60), what it asks for (55) and who it is (125,
// TR-069 Annex F). forum has it send ForumClass, by which an ACS is found, in place of
// VendorClass; when a real phone does which is not known.
func (p *Phone) Options(forum bool) map[uint8][]byte {
	class := VendorClass
	if forum {
		class = ForumClass
	}
	return map[uint8][]byte{
		OptionVendorClass: []byte(class),
		optionParameterList: {
			1, 3, 6, 15, 42, OptionTFTPServer, OptionProfile, OptionProfileAlternate, OptionTFTPAddresses, OptionVendor, OptionVendorIdentified,
		},
		OptionVendorIdentified: p.identified(),
	}
}

// identified is option 125 of a device: OUI, serial number and product class.
func (p *Phone) identified() []byte {
	id := p.device.Identity()
	var sub []byte
	for i, value := range []string{id.OUI, id.SerialNumber, id.ProductClass} {
		sub = append(append(sub, byte(i+1), byte(len(value))), value...)
	}
	option := binary.BigEndian.AppendUint32(nil, forumNumber)
	return append(append(option, byte(len(sub))), sub...)
}
