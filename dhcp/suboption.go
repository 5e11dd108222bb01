package dhcp

import (
	"encoding/binary"
	"fmt"
)

// SubOption is one code and its value inside an option.
type SubOption struct {
	Code  uint16
	Value []byte
}

const (
	// end closes the sub-options of DHCPv4, where a server writes it at all.
	end = 0xff
	// maxValue is the longest value that one byte of length allows.
	maxValue = 255
)

// appendSubOption adds a sub-option of DHCPv4: code, length and value.
func appendSubOption(b []byte, field string, code uint8, value string) ([]byte, error) {
	if len(value) > maxValue {
		return nil, &FieldError{Field: field, Reason: "has more than 255 bytes"}
	}
	b = append(b, code, byte(len(value)))
	return append(b, value...), nil
}

// parseSubOptions reads sub-options of DHCPv4 up to the end or 0xFF. What comes after
// 0xFF is not looked at.
func parseSubOptions(b []byte) ([]SubOption, error) {
	var all []SubOption
	for len(b) > 0 && b[0] != end {
		if len(b) < 2 || len(b) < 2+int(b[1]) {
			return nil, fmt.Errorf("%w: sub-option %d is cut off", ErrMalformed, b[0])
		}
		all = append(all, SubOption{Code: uint16(b[0]), Value: b[2 : 2+int(b[1])]})
		b = b[2+int(b[1]):]
	}
	return all, nil
}

// appendSubOption6 adds a sub-option of DHCPv6, whose code and length have two bytes.
func appendSubOption6(b []byte, field string, code uint16, value string) ([]byte, error) {
	if len(value) > maxValue {
		return nil, &FieldError{Field: field, Reason: "has more than 255 bytes"}
	}
	b = binary.BigEndian.AppendUint16(b, code)
	b = binary.BigEndian.AppendUint16(b, uint16(len(value)))
	return append(b, value...), nil
}

// parseSubOptions6 reads sub-options of DHCPv6.
func parseSubOptions6(b []byte) ([]SubOption, error) {
	var all []SubOption
	for len(b) > 0 {
		if len(b) < 4 || len(b)-4 < int(binary.BigEndian.Uint16(b[2:])) {
			return nil, fmt.Errorf("%w: a sub-option is cut off", ErrMalformed)
		}
		size := int(binary.BigEndian.Uint16(b[2:]))
		all = append(all, SubOption{Code: binary.BigEndian.Uint16(b), Value: b[4 : 4+size]})
		b = b[4+size:]
	}
	return all, nil
}

// text returns a value as text, without the NUL that some senders put at its end.
func text(value []byte) string {
	if n := len(value); n > 0 && value[n-1] == 0 {
		value = value[:n-1]
	}
	return string(value)
}
