package tasks

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// textBound is a text argument and how many characters it may have.
type textBound struct {
	field, text string
	limit       int
}

func checkLengths(all []textBound) error {
	for _, b := range all {
		if err := checkLength(b.field, b.text, b.limit); err != nil {
			return err
		}
	}
	return nil
}

func checkRange(field string, n, lowest, greatest int) error {
	if n < lowest || n > greatest {
		return &ArgumentError{Field: field, Message: fmt.Sprintf("must be between %d and %d", lowest, greatest)}
	}
	return nil
}

// transferSchemes are the schemes of URLs that devices fetch files from or send
// them to (TR-069 A.3.2.8).
func transferSchemes() []string { return []string{"http", "https", "ftp", "sftp", "tftp"} }

// checkURL checks the URL of a transfer: absolute, of a scheme that devices know,
// and without credentials, which RPCs carry in fields of their own.
func checkURL(field, text string, schemes []string) error {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		return &ArgumentError{Field: field, Message: "must be an absolute URL"}
	}
	if !slices.Contains(schemes, strings.ToLower(u.Scheme)) {
		last := len(schemes) - 1
		return &ArgumentError{Field: field, Message: "must have the scheme " + strings.Join(schemes[:last], ", ") + " or " + schemes[last]}
	}
	if u.User != nil {
		return &ArgumentError{Field: field, Message: "must not hold credentials: give username and password"}
	}
	return nil
}

// hostName is a host name as the DNS has it, with underscores, which private
// names have.
var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_-]{0,62}\.?)+$`)

// checkHost checks the name or address of a host. Some devices hand it to a shell:
// nothing else than a name or an address goes through.
func checkHost(field, text string) error {
	if _, err := netip.ParseAddr(text); err == nil && !strings.Contains(text, "%") {
		return nil
	}
	if len(text) > 253 || !hostName.MatchString(text) || strings.Contains(text, "..") {
		return &ArgumentError{Field: field, Message: "must be the name or the address of a host"}
	}
	return nil
}
