package dhcp

import (
	"net/netip"
	"net/url"
	"strings"
)

// Installation is what DHCP servers are to tell the phones of a site.
type Installation struct {
	// ACSURL is where CWMP devices find the server; empty for a site without.
	ACSURL string
	// FilesURL is where phones find their files; empty for a site without. It has a
	// slash at its end, or gets one.
	FilesURL string
	// TFTPServers are IPv4 addresses for option 150.
	TFTPServers      []netip.Addr
	ProvisioningCode string
	// RetryMinimumWait in seconds and RetryMultiplier in thousandths are those of ACS.
	RetryMinimumWait int
	RetryMultiplier  int
	// Gateway is the router that devices tell the ACS to be behind.
	Gateway Identity
	// Subnets are IPv4 networks of phones, for those servers whose configuration names
	// them; empty for all.
	Subnets []netip.Prefix
	// IPv6 adds DHCPv6.
	IPv6 bool
	// Classes names the kinds of phones that are told apart (Classes); empty for TR-069
	// and Cisco.
	Classes []string
	// OUIs are the first six hexadecimal digits of the MAC addresses of a class's phones.
	OUIs map[string][]string
	// CiscoPath replaces what goes behind FilesURL for Cisco multiplatform phones,
	// $PSN.xml: such as $MA.xml.
	CiscoPath string
	// Existing66 says that the site gives option 66 for something else already.
	Existing66 bool
}

func (i Installation) acs() ACS {
	if i.ACSURL == "" {
		return ACS{}
	}
	return ACS{URL: i.ACSURL, ProvisioningCode: i.ProvisioningCode, RetryMinimumWait: i.RetryMinimumWait, RetryMultiplier: i.RetryMultiplier}
}

// check returns a *FieldError for what no server can be told.
func (i Installation) check() error {
	if i.ACSURL == "" && i.FilesURL == "" {
		return &FieldError{Field: "acsUrl", Reason: "must be given, or filesUrl"}
	}
	acs := ACS{URL: i.ACSURL, ProvisioningCode: i.ProvisioningCode, RetryMinimumWait: i.RetryMinimumWait, RetryMultiplier: i.RetryMultiplier}
	if err := acs.check(); err != nil {
		return err
	}
	if err := i.Gateway.check("gateway"); err != nil {
		return err
	}
	if err := i.checkFiles(); err != nil {
		return err
	}
	for _, a := range i.TFTPServers {
		if !a.Is4() {
			return &FieldError{Field: "tftpServers", Reason: "must be IPv4 addresses"}
		}
	}
	for _, p := range i.Subnets {
		if !p.IsValid() || !p.Addr().Is4() || p.Masked() != p {
			return &FieldError{Field: "subnets", Reason: "must be IPv4 networks, such as 10.9.0.0/24"}
		}
	}
	return i.checkOUIs()
}

func (i Installation) checkFiles() error {
	if i.FilesURL == "" {
		return nil
	}
	if err := checkURL("filesUrl", i.FilesURL, fileSchemes()...); err != nil {
		return err
	}
	if u, err := url.Parse(i.FilesURL); err != nil || u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(i.FilesURL, "?#") {
		return &FieldError{Field: "filesUrl", Reason: "must have no query and no fragment: names of files are put behind it"}
	}
	for _, r := range i.CiscoPath {
		if !isURLRune(r) {
			return &FieldError{Field: "ciscoPath", Reason: "has a character that no URL has"}
		}
	}
	return nil
}

func (i Installation) checkOUIs() error {
	for _, all := range i.OUIs {
		for _, oui := range all {
			if len(oui) != 6 || strings.Trim(oui, "0123456789abcdefABCDEF") != "" {
				return &FieldError{Field: "ouis", Reason: "must be six hexadecimal digits each"}
			}
		}
	}
	return nil
}

// files returns the URL at which phones of a class begin.
func (i Installation) files(c Class) string {
	if i.FilesURL == "" {
		return ""
	}
	path := c.Path
	if c.Name == ClassCisco && i.CiscoPath != "" {
		path = i.CiscoPath
	}
	return strings.TrimSuffix(i.FilesURL, "/") + "/" + strings.TrimPrefix(path, "/")
}
