package device

import (
	"fmt"
	"strings"
)

// IdentityKind says by which name the outside knows a device.
type IdentityKind string

// The kinds of identity.
const (
	// IdentityCWMP is OUI, ProductClass and SerialNumber of a DeviceIdStruct
	// (TR-069 A.3.3.1).
	IdentityCWMP IdentityKind = "cwmp"
	// IdentityMAC is a MAC address.
	IdentityMAC IdentityKind = "mac"
)

// Identity is one name by which the outside knows a device. Kind and Key
// together are unique over all devices.
type Identity struct {
	Kind IdentityKind
	// Key is the collision-free form of the name: see CWMPKey and ParseMAC.
	Key string
}

// CWMPIdentity is the identity of a device in CWMP: the DeviceIdStruct of its
// Inform without Manufacturer, which is no part of the identity (TR-069
// A.3.3.1, note to DeviceId).
type CWMPIdentity struct {
	OUI          string
	ProductClass string
	SerialNumber string
}

// IsZero reports whether the device has no CWMP identity yet.
func (c CWMPIdentity) IsZero() bool { return c == CWMPIdentity{} }

// Identity returns the unique form of c. OUI is compared without regard to
// case, as phones write it both ways; ProductClass and SerialNumber exactly.
// Every part is escaped, so that a hyphen inside a serial number never makes
// two devices one.
func (c CWMPIdentity) Identity() Identity {
	return Identity{Kind: IdentityCWMP, Key: escapeKey(strings.ToUpper(c.OUI)) + "-" + escapeKey(c.ProductClass) + "-" + escapeKey(c.SerialNumber)}
}

func escapeKey(part string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(part) {
		c := part[i]
		if 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(hex[c>>4])
		b.WriteByte(hex[c&15])
	}
	return b.String()
}

// ParseMAC returns the canonical form of a MAC address, six lower-case hex
// pairs separated by colons. It reads the forms that phones and people write:
// 001565aabbcc, 00:15:65:AA:BB:CC, 00-15-65-aa-bb-cc, 0015.65aa.bbcc. The
// all-zero address is refused, as phones send it for "unknown". The error wraps
// ErrInvalid.
func ParseMAC(text string) (string, error) {
	const canonicalLength = len("00:00:00:00:00:00")
	canonical := make([]byte, 0, canonicalLength)
	zero := true
	for _, c := range []byte(strings.TrimSpace(text)) {
		if c == ':' || c == '-' || c == '.' {
			continue
		}
		digit, ok := lowerHexDigit(c)
		if !ok || len(canonical) == canonicalLength {
			return "", fmt.Errorf("%w: mac must have 12 hex digits", ErrInvalid)
		}
		if len(canonical)%3 == 2 {
			canonical = append(canonical, ':')
		}
		canonical = append(canonical, digit)
		zero = zero && digit == '0'
	}
	if len(canonical) != canonicalLength {
		return "", fmt.Errorf("%w: mac must have 12 hex digits", ErrInvalid)
	}
	if zero {
		return "", fmt.Errorf("%w: mac must not be all zero", ErrInvalid)
	}
	return string(canonical), nil
}

// lowerHexDigit returns a hex digit in lower case; ok is false for what is none.
func lowerHexDigit(c byte) (digit byte, ok bool) {
	switch {
	case '0' <= c && c <= '9', 'a' <= c && c <= 'f':
		return c, true
	case 'A' <= c && c <= 'F':
		return c + 'a' - 'A', true
	}
	return 0, false
}

// MACIdentity returns the identity of a canonical MAC address.
func MACIdentity(mac string) Identity { return Identity{Kind: IdentityMAC, Key: mac} }
