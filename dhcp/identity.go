package dhcp

import (
	"strings"
)

// Identity is who a device or a gateway is, as TR-069 has it: what is empty is not said.
type Identity struct {
	// OUI has six hexadecimal digits in upper case.
	OUI          string
	SerialNumber string
	ProductClass string
}

// IsZero reports whether nothing is said.
func (i Identity) IsZero() bool { return i == Identity{} }

// maxIdentity bounds serial number and product class in bytes.
const maxIdentity = 64

// check refuses what cannot be sent; prefix begins the names of the fields.
func (i Identity) check(prefix string) error {
	if i.OUI != "" && (len(i.OUI) != 6 || strings.Trim(i.OUI, "0123456789ABCDEF") != "") {
		return &FieldError{Field: prefix + "Oui", Reason: "must be six hexadecimal digits in upper case"}
	}
	if err := checkText(prefix+"SerialNumber", i.SerialNumber, maxIdentity); err != nil {
		return err
	}
	return checkText(prefix+"ProductClass", i.ProductClass, maxIdentity)
}

// take puts a value that was received where it belongs; code is 1 to 3.
func (i *Identity) take(code uint16, value string) {
	switch code {
	case 1:
		i.OUI = value
	case 2:
		i.SerialNumber = value
	case 3:
		i.ProductClass = value
	}
}
