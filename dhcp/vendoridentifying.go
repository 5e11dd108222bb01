package dhcp

import (
	"encoding/binary"
	"fmt"
)

// Enterprise is the number of the Broadband Forum, under which TR-069 has its options.
const Enterprise = 3561

// VendorIdentifying is what option 125 says under enterprise 3561.
type VendorIdentifying struct {
	// Device is who asks: sub-options 1 to 3, sent by a device.
	Device Identity
	// Gateway is the router that answers: sub-options 4 to 6. A device shows it to its
	// ACS, which so learns behind which router the device is.
	Gateway Identity
	// ACS is sub-options 11 to 14.
	ACS ACS
	// Others are sub-options of other numbers, in order.
	Others []SubOption
}

// Encode returns the content of option 125. It returns a *FieldError for what cannot be
// sent; all must fit into 255 bytes.
func (v VendorIdentifying) Encode() ([]byte, error) {
	values, err := v.values()
	if err != nil {
		return nil, err
	}
	var data []byte
	for _, s := range values {
		if data, err = appendSubOption(data, s.field, s.code, s.text); err != nil {
			return nil, err
		}
	}
	if len(data) > maxValue {
		return nil, &FieldError{Field: "acsUrl", Reason: "does not fit into option 125 with what goes beside it: all together may have 255 bytes"}
	}
	b := binary.BigEndian.AppendUint32(nil, Enterprise)
	return append(append(b, byte(len(data))), data...), nil
}

// values returns what is said in order of the codes.
func (v VendorIdentifying) values() ([]acsValue, error) {
	if err := v.Device.check("device"); err != nil {
		return nil, err
	}
	if err := v.Gateway.check("gateway"); err != nil {
		return nil, err
	}
	var all []acsValue
	for _, s := range []acsValue{
		{"deviceOui", 1, v.Device.OUI}, {"deviceSerialNumber", 2, v.Device.SerialNumber}, {"deviceProductClass", 3, v.Device.ProductClass},
		{"gatewayOui", 4, v.Gateway.OUI}, {"gatewaySerialNumber", 5, v.Gateway.SerialNumber}, {"gatewayProductClass", 6, v.Gateway.ProductClass},
	} {
		if s.text != "" {
			all = append(all, s)
		}
	}
	server, err := v.ACS.values()
	for _, s := range server {
		s.code += identifyingACS
		all = append(all, s)
	}
	return all, err
}

// ParseVendorIdentifying reads option 125; what is said under other enterprises is passed
// over. It returns ErrMalformed if it cannot be read.
func ParseVendorIdentifying(b []byte) (VendorIdentifying, error) {
	var v VendorIdentifying
	for len(b) > 0 {
		if len(b) < 5 || len(b)-5 < int(b[4]) {
			return v, fmt.Errorf("option 125: %w: an enterprise is cut off", ErrMalformed)
		}
		enterprise, data := binary.BigEndian.Uint32(b), b[5:5+int(b[4])]
		b = b[5+int(b[4]):]
		if enterprise != Enterprise {
			continue
		}
		all, err := parseSubOptions(data)
		if err != nil {
			return VendorIdentifying{}, fmt.Errorf("option 125: %w", err)
		}
		for _, o := range all {
			v.take(o)
		}
	}
	return v, nil
}

func (v *VendorIdentifying) take(o SubOption) {
	switch value := text(o.Value); {
	case o.Code >= 1 && o.Code <= 3:
		v.Device.take(o.Code, value)
	case o.Code >= 4 && o.Code <= 6:
		v.Gateway.take(o.Code-3, value)
	case o.Code <= identifyingACS || !v.ACS.take(o.Code-identifyingACS, value):
		v.Others = append(v.Others, o)
	}
}
