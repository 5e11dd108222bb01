package dhcp

import (
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
)

// TR069Class is what the vendor class of a device that looks for an ACS contains.
const TR069Class = "dslforum.org"

// IsTR069Class reports whether the vendor class of a device (option 60, or the data of 124
// and of 16 of DHCPv6) says that it looks for an ACS: the text may be anywhere in it, in
// lower case.
func IsTR069Class(class string) bool { return strings.Contains(class, TR069Class) }

var ciscoModel = regexp.MustCompile(`(CP-[0-9A-Z]{4,}-3PCC)\x00?$`)

// CiscoModel returns the model that the vendor class of a Cisco multiplatform phone names,
// such as CP-8851-3PCC. Such a class has a NUL at its end.
func CiscoModel(class string) (model string, ok bool) {
	found := ciscoModel.FindStringSubmatch(class)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// CiscoClass returns the vendor class that a Cisco multiplatform phone of the model sends.
func CiscoClass(model string) string { return "Cisco Systems, Inc. IP Phone " + model + "\x00" }

// EncodeIdentifyingClass returns the content of option 124 that names a class of
// enterprise 3561. It returns a *FieldError for a class of more than 254 bytes.
func EncodeIdentifyingClass(class string) ([]byte, error) {
	// One byte has the length of all, one that of the text in it (RFC 3925, section 3).
	if len(class) >= maxValue {
		return nil, &FieldError{Field: "vendorClass", Reason: "has more than 254 bytes"}
	}
	b := binary.BigEndian.AppendUint32(nil, Enterprise)
	b = append(b, byte(len(class)+1), byte(len(class)))
	return append(b, class...), nil
}

// ParseIdentifyingClass reads option 124 and returns what is said under enterprise 3561. A
// class that came without a length of its own is taken as well. It returns ErrMalformed if
// it cannot be read.
func ParseIdentifyingClass(b []byte) (classes []string, err error) {
	for len(b) > 0 {
		if len(b) < 5 || len(b)-5 < int(b[4]) {
			return nil, fmt.Errorf("option 124: %w: an enterprise is cut off", ErrMalformed)
		}
		enterprise, data := binary.BigEndian.Uint32(b), b[5:5+int(b[4])]
		b = b[5+int(b[4]):]
		if enterprise == Enterprise {
			classes = append(classes, lengthened(data)...)
		}
	}
	return classes, nil
}

// lengthened returns texts that each come after their length; if they do not add up, all
// is one text.
func lengthened(data []byte) []string {
	var all []string
	for rest := data; len(rest) > 0; {
		size := int(rest[0])
		if size > len(rest)-1 {
			return []string{text(data)}
		}
		all = append(all, text(rest[1:1+size]))
		rest = rest[1+size:]
	}
	return all
}
