package access

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/url"
	"strings"
)

// ErrCertificateHeader is returned for the header of a proxy that holds no client
// certificate.
var ErrCertificateHeader = errors.New("header of the proxy holds no client certificate")

// maxCertificateHeader bounds the header in bytes.
const maxCertificateHeader = 32 << 10

// ParseCertificateHeader reads the client certificate that a proxy passes on: PEM in
// URL encoding, as nginx writes $ssl_client_escaped_cert and HAProxy may, or the Cert
// of X-Forwarded-Client-Cert as Envoy writes it, of several elements the last, which
// the nearest proxy wrote. The caller makes sure that a trusted proxy wrote it, and
// verifies the certificate.
func ParseCertificateHeader(value string) (*x509.Certificate, error) {
	if len(value) > maxCertificateHeader {
		return nil, ErrCertificateHeader
	}
	encoded := strings.TrimSpace(value)
	if !strings.HasPrefix(encoded, "-----BEGIN") {
		encoded = forwardedCertificate(encoded)
	}
	text, err := url.PathUnescape(encoded) // Not a query: a plus sign is base64's own.
	if err != nil {
		return nil, ErrCertificateHeader
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, ErrCertificateHeader
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, ErrCertificateHeader
	}
	return certificate, nil
}

// forwardedCertificate returns the Cert of the last element of Envoy's header.
func forwardedCertificate(header string) string {
	elements := splitQuoted(header, ',')
	for _, pair := range splitQuoted(elements[len(elements)-1], ';') {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if strings.EqualFold(name, "Cert") {
			return strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return ""
}

// splitQuoted splits at a separator outside quotes.
func splitQuoted(text string, separator byte) []string {
	var parts []string
	quoted, start := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && quoted:
			i++
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
