package connreq

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// maxURL bounds a ConnectionRequestURL in bytes: the data models give it 256 characters, some devices take more,
// and there are devices that read no request longer than 4096.
const maxURL = 2048

// endpoint is a ConnectionRequestURL taken apart.
type endpoint struct {
	authority string     // as it stands in the URL: the Host header
	host      string     // a name, or empty if address is valid
	address   netip.Addr // a literal address
	port      uint16
	target    string // path and query as they stand in the URL: the request target
}

// parseURL reads a ConnectionRequestURL strictly. net/url is not used: it is made to accept what can be
// understood, while here whatever two parsers might understand differently has to be refused, and the path has to
// be sent exactly as the device wrote it.
func parseURL(raw string) (endpoint, error) {
	if err := checkCharacters(raw); err != nil {
		return endpoint{}, err
	}
	scheme, rest, found := strings.Cut(raw, "://")
	switch {
	case !found:
		return endpoint{}, fmt.Errorf("%w: expected http://host:port/path", ErrURL)
	case !strings.EqualFold(scheme, "http"):
		return endpoint{}, fmt.Errorf("%w: scheme %q, expected http (TR-069 section 3.2.2)", ErrURL, clip(scheme))
	}
	var e endpoint
	e.authority, e.target = rest, "/"
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		e.authority, e.target = rest[:end], rest[end:]
	}
	if strings.HasPrefix(e.target, "?") {
		e.target = "/" + e.target
	}
	if strings.Contains(e.authority, "@") {
		return endpoint{}, fmt.Errorf("%w: user information before the host", ErrURL)
	}
	return e, e.parseAuthority()
}

func checkCharacters(raw string) error {
	switch {
	case raw == "":
		return fmt.Errorf("%w: the device reported none", ErrURL)
	case len(raw) > maxURL:
		return fmt.Errorf("%w: %d bytes, at most %d are allowed", ErrURL, len(raw), maxURL)
	case strings.Contains(raw, `\`):
		return fmt.Errorf("%w: backslash", ErrURL)
	case strings.Contains(raw, "#"):
		return fmt.Errorf("%w: fragment", ErrURL)
	}
	for i := range len(raw) {
		if raw[i] <= ' ' || raw[i] > '~' {
			return fmt.Errorf("%w: byte %d is a space, a control character or not ASCII", ErrURL, i)
		}
	}
	return nil
}

func (e *endpoint) parseAuthority() error {
	host, port, err := splitPort(e.authority)
	if err != nil {
		return err
	}
	if e.port, err = parsePort(port); err != nil {
		return err
	}
	if literal, ok := strings.CutPrefix(host, "["); ok {
		return e.parseIPv6(strings.TrimSuffix(literal, "]"))
	}
	return e.parseHost(host)
}

// splitPort returns a port only if there is a colon; the brackets stay with an IPv6 address.
func splitPort(authority string) (host, port string, err error) {
	end := 0
	if strings.HasPrefix(authority, "[") {
		if end = strings.IndexByte(authority, ']'); end < 0 {
			return "", "", fmt.Errorf("%w: '[' without ']'", ErrURL)
		}
		end++
		if end < len(authority) && authority[end] != ':' {
			return "", "", fmt.Errorf("%w: expected a port after ']'", ErrURL)
		}
	}
	host, port, found := strings.Cut(authority[end:], ":")
	if found && port == "" {
		return "", "", fmt.Errorf("%w: empty port", ErrURL)
	}
	return authority[:end] + host, port, nil
}

func parsePort(text string) (uint16, error) {
	if text == "" {
		return 80, nil
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil || port == 0 || text[0] == '0' {
		return 0, fmt.Errorf("%w: port %q, expected 1 to 65535", ErrURL, clip(text))
	}
	return uint16(port), nil
}

func (e *endpoint) parseIPv6(literal string) error {
	address, err := netip.ParseAddr(literal)
	switch {
	case strings.Contains(literal, "%"):
		return fmt.Errorf("%w: IPv6 address with a zone", ErrURL)
	case err != nil || !address.Is6():
		return fmt.Errorf("%w: %q is not an IPv6 address", ErrURL, clip(literal))
	}
	e.address = address.Unmap()
	return nil
}

func (e *endpoint) parseHost(host string) error {
	if host == "" {
		return fmt.Errorf("%w: empty host", ErrURL)
	}
	if address, err := netip.ParseAddr(host); err == nil {
		e.address = address
		return nil
	}
	if !isHostName(host) {
		return fmt.Errorf("%w: %q is neither a host name nor an address in dotted-decimal form", ErrURL, clip(host))
	}
	e.host = host
	return nil
}

// isHostName accepts names by RFC 1123 and the underscore. A last label that begins with a digit is refused: no
// top-level domain does, while 2130706433, 0177.0.0.1 and 127.1 are addresses to some resolvers.
func isHostName(host string) bool {
	labels := strings.Split(strings.TrimSuffix(host, "."), ".")
	last := labels[len(labels)-1]
	if len(host) > 254 || last == "" || last[0] >= '0' && last[0] <= '9' {
		return false
	}
	for _, label := range labels {
		if !isLabel(label) {
			return false
		}
	}
	return true
}

func isLabel(label string) bool {
	if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for _, b := range []byte(label) {
		letter, digit := b|0x20 >= 'a' && b|0x20 <= 'z', b >= '0' && b <= '9'
		if !letter && !digit && b != '-' && b != '_' {
			return false
		}
	}
	return true
}

// clip keeps what a device wrote short in messages.
func clip(text string) string {
	const most = 64
	if len(text) <= most {
		return text
	}
	return text[:most] + "…"
}
