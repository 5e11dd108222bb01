package dhcp

import (
	"bytes"
	"fmt"
	"strings"
)

// Form is how the content of option 43 was written.
type Form string

// The forms of option 43 that are seen.
const (
	// Encapsulated is the right form for TR-069: sub-options, each with code and length.
	Encapsulated Form = "encapsulated"
	// Prefixed is Encapsulated after a byte with the length of all, which does not belong there.
	Prefixed Form = "prefixed"
	// RawURL is a URL and nothing else, as some phones want it of their files.
	RawURL Form = "url"
)

// VendorSpecific is the content of option 43.
type VendorSpecific struct {
	Form Form
	// ACS is what sub-options 1 to 4 say. They mean this for TR-069 only: other vendors
	// number their own.
	ACS ACS
	// URL is that of the form RawURL.
	URL string
	// Others are sub-options of other numbers, in order.
	Others []SubOption
}

// VendorSpecific returns the content of option 43 with sub-options 1 to 4: more than 255
// bytes are possible, and go into a packet as several options (RFC 3396), which few
// devices read. It returns a *FieldError for what cannot be sent.
func (a ACS) VendorSpecific() ([]byte, error) {
	values, err := a.values()
	if err != nil {
		return nil, err
	}
	var b []byte
	for _, v := range values {
		if b, err = appendSubOption(b, v.field, v.code, v.text); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// RawVendorSpecific returns the content of option 43 for phones that take a URL there
// without sub-options. It returns a *FieldError for what is no URL.
func RawVendorSpecific(url string) ([]byte, error) {
	if err := checkURL("filesUrl", url, fileSchemes()...); err != nil {
		return nil, err
	}
	return []byte(url), nil
}

// ParseVendorSpecific reads option 43 as it comes from real servers: with or without 0xFF
// at the end, values with a NUL at the end, a length before all, or a URL alone. It
// returns ErrMalformed if it is none of these.
func ParseVendorSpecific(b []byte) (VendorSpecific, error) {
	if url := text(bytes.TrimSuffix(b, []byte{end})); isRawURL(url) {
		return VendorSpecific{Form: RawURL, URL: url}, nil
	}
	form := Encapsulated
	all, err := parseSubOptions(b)
	if inner, prefixed := withoutLength(b); prefixed && (err != nil || !holdsURL(all)) {
		if within, bad := parseSubOptions(inner); bad == nil {
			all, form, err = within, Prefixed, nil
		}
	}
	if err != nil {
		return VendorSpecific{}, fmt.Errorf("option 43: %w", err)
	}
	v := VendorSpecific{Form: form}
	for _, o := range all {
		if !v.ACS.take(o.Code, text(o.Value)) {
			v.Others = append(v.Others, o)
		}
	}
	return v, nil
}

// isRawURL reports whether a text begins as a URL does, which no sub-option in use does.
func isRawURL(s string) bool {
	scheme, rest, found := strings.Cut(s, "://")
	if !found || rest == "" || scheme == "" {
		return false
	}
	for _, known := range fileSchemes() {
		if strings.EqualFold(scheme, known) {
			return true
		}
	}
	return false
}

// withoutLength returns what comes after a first byte that says how long the rest is.
func withoutLength(b []byte) ([]byte, bool) {
	trimmed := bytes.TrimSuffix(b, []byte{end})
	for _, whole := range [][]byte{b, trimmed} {
		if len(whole) > 1 && int(whole[0]) == len(whole)-1 {
			return whole[1:], true
		}
	}
	return nil, false
}

func holdsURL(all []SubOption) bool {
	for _, o := range all {
		if o.Code == subURL && isRawURL(text(o.Value)) {
			return true
		}
	}
	return false
}
