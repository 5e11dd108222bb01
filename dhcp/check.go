package dhcp

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// maxProvisioningCode is the length of DeviceInfo.ProvisioningCode in the data models.
const maxProvisioningCode = 64

// urlMarks may be in a URL beside letters and digits: those of RFC 3986, and braces,
// which stand around what phones put in.
const urlMarks = "-._~:/?#[]@!$&'()*+,;=%{}"

// checkURL refuses what is no absolute URL, and what could mean something to the
// configuration of a DHCP server or to a terminal: the form of each server relies on
// what is refused here.
func checkURL(field, text string, schemes ...string) error {
	if len(text) > maxURL {
		return &FieldError{Field: field, Reason: "has more than 255 bytes, which is all that an option can hold"}
	}
	for _, r := range text {
		if !isURLRune(r) {
			return &FieldError{Field: field, Reason: "has a character that no URL has: double quotes, backslashes, spaces and all that is not ASCII are percent-encoded"}
		}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "":
		return &FieldError{Field: field, Reason: "must be an absolute URL with a host"}
	case !slices.Contains(schemes, u.Scheme):
		return &FieldError{Field: field, Reason: fmt.Sprintf("must begin with %s://", strings.Join(schemes, ":// or "))}
	case u.User != nil:
		return &FieldError{Field: field, Reason: "must have no user name or password: DHCP tells it to everybody"}
	}
	return nil
}

func isURLRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(urlMarks, r)
}

// checkText refuses what is no short line of printable ASCII, and quotes and backslashes,
// which some server could not write.
func checkText(field, text string, most int) error {
	if len(text) > most {
		return &FieldError{Field: field, Reason: fmt.Sprintf("has more than %d bytes", most)}
	}
	if strings.ContainsAny(text, "\"'\\") || !isPrintable(text) {
		return &FieldError{Field: field, Reason: "has a character other than printable ASCII without quotes and backslashes"}
	}
	return nil
}

// isPrintable reports whether all of a text is printable ASCII.
func isPrintable(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return false
		}
	}
	return true
}

// fileSchemes are those by which phones fetch files.
func fileSchemes() []string { return []string{"http", "https", "tftp", "ftp", "ftps"} }
