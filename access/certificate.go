package access

import (
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"
)

// CertificateIdentity is what a verified client certificate says of its bearer. It
// can be kept with a session.
type CertificateIdentity struct {
	// Fingerprint is the SHA-256 of the certificate in hex.
	Fingerprint string
	// Attributes are those of the subject by name (CN, OU, …) or OID, and the
	// alternative names DNS, URI and EMAIL; at most 16 values of each.
	Attributes map[string][]string
}

const maxValues = 16

// NewCertificateIdentity reads a certificate, which the caller has verified. Values
// with control characters are left out: an embedded NUL or line break is there to
// deceive.
func NewCertificateIdentity(c *x509.Certificate) *CertificateIdentity {
	i := &CertificateIdentity{Fingerprint: Fingerprint(c), Attributes: make(map[string][]string)}
	for _, attribute := range c.Subject.Names {
		if value, ok := attribute.Value.(string); ok {
			i.add(attributeName(attribute), value)
		}
	}
	for _, name := range c.DNSNames {
		i.add("DNS", name)
	}
	for _, link := range c.URIs {
		i.add("URI", link.String())
	}
	for _, address := range c.EmailAddresses {
		i.add("EMAIL", address)
	}
	return i
}

// Fingerprint returns the SHA-256 of a certificate in hex.
func Fingerprint(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

func (i *CertificateIdentity) add(name, value string) {
	value = strings.TrimSpace(value)
	if value == "" || len(value) > 256 || !utf8.ValidString(value) || strings.ContainsFunc(value, unicode.IsControl) || len(i.Attributes[name]) >= maxValues {
		return
	}
	i.Attributes[name] = append(i.Attributes[name], value)
}

// values returns those of an attribute.
func (i *CertificateIdentity) values(name string) []string {
	if found := i.Attributes[name]; len(found) > 0 || name != "S" {
		return found
	}
	if found := i.Attributes["SN"]; len(found) > 0 {
		return found
	}
	return i.Attributes["ST"]
}

// attributeName returns the short name of an attribute of a subject (RFC 4519), or
// its OID.
func attributeName(a pkix.AttributeTypeAndValue) string {
	oid := a.Type.String()
	known := map[string]string{
		"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "SERIALNUMBER", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST",
		"2.5.4.10": "O", "2.5.4.11": "OU", "0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
		"1.2.840.113549.1.9.1": "EMAIL",
	}
	if name, ok := known[oid]; ok {
		return name
	}
	return oid
}
