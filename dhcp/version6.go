package dhcp

import (
	"encoding/binary"
	"fmt"
)

// VendorOptions6 returns the content of option 17 of DHCPv6 under enterprise 3561, with the
// sub-options of option 43. It returns a *FieldError for what cannot be sent.
func (a ACS) VendorOptions6() ([]byte, error) {
	values, err := a.values()
	if err != nil {
		return nil, err
	}
	b := binary.BigEndian.AppendUint32(nil, Enterprise)
	for _, v := range values {
		if b, err = appendSubOption6(b, v.field, uint16(v.code), v.text); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// ParseVendorOptions6 reads option 17 of DHCPv6. It returns the zero ACS for one of
// another enterprise, and ErrMalformed if it cannot be read.
func ParseVendorOptions6(b []byte) (a ACS, others []SubOption, err error) {
	if len(b) < 4 {
		return a, nil, fmt.Errorf("option 17: %w: there is no enterprise", ErrMalformed)
	}
	if binary.BigEndian.Uint32(b) != Enterprise {
		return a, nil, nil
	}
	all, err := parseSubOptions6(b[4:])
	if err != nil {
		return a, nil, fmt.Errorf("option 17: %w", err)
	}
	for _, o := range all {
		if !a.take(o.Code, text(o.Value)) {
			others = append(others, o)
		}
	}
	return a, others, nil
}

// EncodeVendorClass6 returns the content of option 16 of DHCPv6 that names a class of
// enterprise 3561. It returns a *FieldError for a class of more than 255 bytes.
func EncodeVendorClass6(class string) ([]byte, error) {
	if len(class) > maxValue {
		return nil, &FieldError{Field: "vendorClass", Reason: "has more than 255 bytes"}
	}
	b := binary.BigEndian.AppendUint32(nil, Enterprise)
	b = binary.BigEndian.AppendUint16(b, uint16(len(class)))
	return append(b, class...), nil
}

// ParseVendorClass6 reads option 16 of DHCPv6; it returns nothing for one of another
// enterprise than 3561, and ErrMalformed if it cannot be read.
func ParseVendorClass6(b []byte) (classes []string, err error) {
	if len(b) < 4 {
		return nil, fmt.Errorf("option 16: %w: there is no enterprise", ErrMalformed)
	}
	ours := binary.BigEndian.Uint32(b) == Enterprise
	for b = b[4:]; len(b) > 0; {
		if len(b) < 2 || len(b)-2 < int(binary.BigEndian.Uint16(b)) {
			return nil, fmt.Errorf("option 16: %w: a class is cut off", ErrMalformed)
		}
		size := int(binary.BigEndian.Uint16(b))
		if ours {
			classes = append(classes, text(b[2:2+size]))
		}
		b = b[2+size:]
	}
	return classes, nil
}
