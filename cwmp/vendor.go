package cwmp

import (
	"errors"
	"fmt"
	"strings"
)

// VendorRPC is a vendor's own RPC (TR-069 A.3.1.1). Sent by the ACS. The answer is an
// *Unknown of the Name with "Response" appended, or a *Fault.
type VendorRPC struct {
	// Name is "X_<OUI>_<name>" or "X_<VENDOR>_<name>".
	Name string
	// Namespace is the namespace URI of the element; that of the envelope if
	// empty, as is usual.
	Namespace string
	// Body is the XML inside the element, written as it is; may be empty. See
	// CheckVendorRPC.
	Body string
}

// MaxVendorContent is how many bytes of XML a VendorRPC may carry, and how many an
// Unknown keeps.
const MaxVendorContent = 64 << 10

// vendorPrefix is what the names of vendors' RPCs begin with.
const vendorPrefix = "X_"

// maxMethodName is how long the name of an RPC may be (cwmp-1-0.xsd, MethodList).
const maxMethodName = 64

// CheckVendorRPC returns an error that says what is wrong if name is none that a
// vendor's RPC can have, or body nothing that can stand inside its element: text and
// elements that are well formed, whose prefixes are declared in it or are one of
// SOAP-ENV, SOAP-ENC, xsd, xsi and cwmp, without comments, processing instructions
// and declarations, and inside DefaultLimits and MaxVendorContent. The error never
// quotes the body.
func CheckVendorRPC(name, body string) error {
	if err := checkVendorName(name); err != nil {
		return err
	}
	if err := checkContent(body); err != nil {
		return fmt.Errorf("cwmp: Body of %s: %w", name, err)
	}
	return nil
}

func checkVendorName(name string) error {
	vendor, method, found := strings.Cut(strings.TrimPrefix(name, vendorPrefix), "_")
	switch {
	case !strings.HasPrefix(name, vendorPrefix) || !found || vendor == "" || method == "":
		return errors.New("cwmp: name of a vendor's RPC: want X_<OUI>_<name> or X_<VENDOR>_<name>")
	case len(name) > maxMethodName:
		return fmt.Errorf("cwmp: name of a vendor's RPC: longer than %d characters", maxMethodName)
	case strings.HasSuffix(name, "Response"):
		return errors.New("cwmp: name of a vendor's RPC: must not end in Response")
	}
	for i := range len(name) {
		if c := name[i]; !isNameByte(c) || c == ':' || c == '.' {
			return errors.New("cwmp: name of a vendor's RPC: want letters, digits, hyphens and underscores")
		}
	}
	return nil
}

// Method returns the Name.
func (m *VendorRPC) Method() string { return m.Name }

// decode does nothing: Decode makes an Unknown of what a vendor defined.
func (*VendorRPC) decode(*element) {}

func (m *VendorRPC) encode(w *writer) {
	if err := CheckVendorRPC(m.Name, m.Body); err != nil {
		w.fail(err)
		return
	}
	w.raw(m.Body)
}

// encodeVendor writes the element of a vendor's RPC.
func encodeVendor(w *writer, m *VendorRPC) {
	if m.Namespace == "" {
		w.open(prefixCWMP + ":" + m.Name)
		m.encode(w)
		w.close(prefixCWMP + ":" + m.Name)
		return
	}
	w.raw("<" + prefixForeign + ":" + m.Name + " xmlns:" + prefixForeign + `="`)
	w.escapeAttribute("VendorRPC.Namespace", m.Namespace)
	w.raw(`">`)
	m.encode(w)
	w.close(prefixForeign + ":" + m.Name)
}
