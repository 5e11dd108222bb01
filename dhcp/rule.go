package dhcp

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// rule is what the phones of one class are told.
type rule struct {
	Class
	ouis []string
	acs  ACS
	// gateway goes into option 125 beside the ACS.
	gateway Identity
	// files are options that have a URL.
	files []fileOption
	tftp  []netip.Addr
	// specific is option 43 of phones that do not look for an ACS there; what it
	// says is url.
	specific []byte
	url      string
}

// fileOption is an option that has a URL.
type fileOption struct {
	code  uint8
	value string
}

// rules returns what each class is told. It returns a *FieldError for what cannot be.
func (i Installation) rules() ([]rule, error) {
	if err := i.check(); err != nil {
		return nil, err
	}
	names := i.Classes
	if len(names) == 0 {
		names = defaultClasses()
	}
	classes, err := chosen(names)
	if err != nil {
		return nil, err
	}
	var all []rule
	for _, c := range classes {
		r, err := i.rule(c)
		if err != nil {
			return nil, err
		}
		if r.says() {
			all = append(all, r)
		} else if len(i.Classes) > 0 && !(c.Every && i.Existing66) {
			return nil, &FieldError{Field: "classes", Reason: "has " + c.Name + ", which cannot be told anything: acsUrl or filesUrl is missing"}
		}
	}
	if len(all) == 0 {
		return nil, &FieldError{Field: "classes", Reason: "leave nothing to tell"}
	}
	return all, nil
}

func (r *rule) says() bool { return !r.acs.IsZero() || len(r.files) > 0 || len(r.tftp) > 0 }

func (i Installation) rule(c Class) (rule, error) {
	r := rule{Class: c, url: i.files(c)}
	if c.MAC {
		r.ouis = i.OUIs[c.Name]
	}
	if !c.Every && c.Contains == "" && len(r.ouis) == 0 {
		return r, &FieldError{Field: "classes", Reason: "has " + c.Name + ", whose phones only their MAC addresses tell, and ouis names none of them"}
	}
	if c.ACS {
		r.acs, r.gateway = i.acs(), i.Gateway
	}
	if c.Every && i.Existing66 {
		return r, nil
	}
	if c.TFTP {
		r.tftp = i.TFTPServers
	}
	if r.url != "" {
		for _, code := range c.Options {
			r.files = append(r.files, fileOption{code, r.url})
		}
	}
	return r, r.encode()
}

// encode checks lengths, and makes option 43 of phones that find their files by it.
func (r *rule) encode() error {
	longest := maxURL
	if r.Longest > 0 {
		longest = r.Longest
	}
	if len(r.url) > longest {
		return &FieldError{Field: "filesUrl", Reason: fmt.Sprintf("is too long with what goes behind it: phones of %s take %d bytes", r.Name, longest)}
	}
	acs, err := r.acs.VendorSpecific()
	if err != nil {
		return err
	}
	if len(acs) > maxValue {
		return &FieldError{Field: "acsUrl", Reason: "does not fit into option 43 with what goes beside it: all together may have 255 bytes"}
	}
	if !r.acs.IsZero() {
		_, err = r.identifying()
		return err
	}
	switch {
	case r.url == "":
	case r.Raw43:
		r.specific, err = RawVendorSpecific(r.url)
	case r.Within43 != 0:
		r.specific, err = appendSubOption(nil, "filesUrl", r.Within43, r.url)
	}
	return err
}

// identifying returns the content of option 125.
func (r *rule) identifying() ([]byte, error) {
	return VendorIdentifying{Gateway: r.gateway, ACS: r.acs}.Encode()
}

// acsValues returns the sub-options of option 43.
func (r *rule) acsValues() []acsValue {
	values, err := r.acs.values()
	if err != nil {
		return nil // encode has checked it.
	}
	return values
}

// identifyingValues returns the sub-options of option 125.
func (r *rule) identifyingValues() []acsValue {
	values, err := VendorIdentifying{Gateway: r.gateway, ACS: r.acs}.values()
	if err != nil || r.acs.IsZero() {
		return nil // encode has checked it.
	}
	return values
}

// binary43 returns the content of option 43 byte by byte, whatever it says.
func (r *rule) binary43() []byte {
	if r.acs.IsZero() {
		return r.specific
	}
	b, err := r.acs.VendorSpecific()
	if err != nil {
		return nil // encode has checked it.
	}
	return b
}

// binary125 returns the content of option 125, empty without an ACS.
func (r *rule) binary125() []byte {
	if r.acs.IsZero() {
		return nil
	}
	b, err := r.identifying()
	if err != nil {
		return nil // encode has checked it.
	}
	return b
}

// separated writes bytes as hexadecimal digits with something between them.
func separated(b []byte, between string) string {
	digits := make([]string, len(b))
	for n := range b {
		digits[n] = hex.EncodeToString(b[n : n+1])
	}
	return strings.Join(digits, between)
}

// octets writes an OUI as its three bytes.
func octets(oui, between string) string {
	oui = strings.ToLower(oui)
	return oui[:2] + between + oui[2:4] + between + oui[4:6]
}

// codes returns which of all options of URLs the rules use, beside those given.
func codes(rules []rule, beside ...uint8) []uint8 {
	var all []uint8
	for _, r := range rules {
		for _, o := range r.files {
			if !slices.Contains(beside, o.code) && !slices.Contains(all, o.code) {
				all = append(all, o.code)
			}
		}
	}
	slices.Sort(all)
	return all
}
