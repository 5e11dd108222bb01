package pack

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"regexp"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

var dottedNumbers = regexp.MustCompile(`^[0-2](\.[0-9]{1,9}){1,15}$`)

// attributeOf returns the object identifier of an attribute of a certificate's subject,
// nil for a name that is none. S and ST are both the state: makers write S, OpenSSL ST.
func attributeOf(name string) asn1.ObjectIdentifier {
	switch name {
	case "CN":
		return asn1.ObjectIdentifier{2, 5, 4, 3}
	case "serialNumber":
		return asn1.ObjectIdentifier{2, 5, 4, 5}
	case "C":
		return asn1.ObjectIdentifier{2, 5, 4, 6}
	case "L":
		return asn1.ObjectIdentifier{2, 5, 4, 7}
	case "S", "ST":
		return asn1.ObjectIdentifier{2, 5, 4, 8}
	case "O":
		return asn1.ObjectIdentifier{2, 5, 4, 10}
	case "OU":
		return asn1.ObjectIdentifier{2, 5, 4, 11}
	}
	if !dottedNumbers.MatchString(name) {
		return nil
	}
	var id asn1.ObjectIdentifier
	for _, part := range strings.Split(name, ".") {
		n, _ := strconv.Atoi(part)
		id = append(id, n)
	}
	return id
}

// attribute returns the text of an attribute of a subject, empty if it has none.
func attribute(subject pkix.Name, name string) string {
	id := attributeOf(name)
	if id == nil {
		return ""
	}
	for _, one := range subject.Names {
		if text, ok := one.Value.(string); ok && one.Type.Equal(id) {
			return text
		}
	}
	return ""
}

// macOfSubject returns the MAC address in an attribute of a subject, canonical, empty if
// it has none. Makers write S and mean the state, the surname or the serial number: the
// first of these that is a MAC counts.
func macOfSubject(subject pkix.Name, name string) string {
	names := []string{name}
	if name == "S" {
		const surname = "2.5.4.4"
		names = append(names, surname, "serialNumber")
	}
	for _, one := range names {
		if mac, err := device.ParseMAC(attribute(subject, one)); err == nil {
			return mac
		}
	}
	return ""
}
