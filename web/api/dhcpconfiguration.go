package api

import (
	"context"
	"errors"
	"net/netip"
	"strconv"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// DHCPQuestion asks for the configuration of a DHCP server.
type DHCPQuestion struct {
	Server           dhcp.Server   `json:"server" enum:"dnsmasq,isc,kea,mikrotik,windows,cisco-ios,opnsense"`
	ACSURL           *string       `json:"acsUrl,omitempty" maxLength:"255" doc:"Where CWMP devices find the server; that of --cwmp-url if absent. Empty for none."`
	FilesURL         *string       `json:"filesUrl,omitempty" maxLength:"255" doc:"Where phones find their files; that of --files-url if absent. Empty for none."`
	TFTPServers      []string      `json:"tftpServers,omitempty" nullable:"false" maxItems:"8" doc:"IPv4 addresses for option 150."`
	ProvisioningCode string        `json:"provisioningCode,omitempty" maxLength:"64"`
	RetryMinimumWait int           `json:"retryMinimumWait,omitempty" minimum:"0" maximum:"65535" doc:"Seconds after which a device tries again to reach the ACS; 0 to leave it to the device."`
	RetryMultiplier  int           `json:"retryMultiplier,omitempty" minimum:"0" maximum:"65535" doc:"By how much later intervals grow, in thousandths from 1000; 0 to leave it to the device."`
	Gateway          *DHCPIdentity `json:"gateway,omitempty" doc:"The router of the site, to which devices tell the ACS that they belong."`
	Subnets          []string      `json:"subnets,omitempty" nullable:"false" maxItems:"100" doc:"IPv4 networks of phones, such as 10.9.0.0/24, for servers whose configuration names them; absent for all."`
	IPv6             bool          `json:"ipv6,omitempty" doc:"Write DHCPv6 too."`
	Classes          []string      `json:"classes,omitempty" nullable:"false" maxItems:"50" doc:"The kinds of phones that are told apart; those that are the default if absent."`
	CiscoPath        string        `json:"ciscoPath,omitempty" maxLength:"128" doc:"What goes behind filesUrl for Cisco multiplatform phones: $PSN.xml if absent, or $MA.xml."`
	Existing66       bool          `json:"existing66,omitempty" doc:"The site gives option 66 for something else already."`
}

// DHCPIdentity is who a gateway is.
type DHCPIdentity struct {
	OUI          string `json:"oui,omitempty" maxLength:"6" doc:"Six hexadecimal digits in upper case."`
	SerialNumber string `json:"serialNumber,omitempty" maxLength:"64"`
	ProductClass string `json:"productClass,omitempty" maxLength:"64"`
}

// DHCPConfiguration is what has a DHCP server lead phones.
type DHCPConfiguration struct {
	Server dhcp.Server `json:"server" enum:"dnsmasq,isc,kea,mikrotik,windows,cisco-ios,opnsense"`
	Parts  []DHCPPart  `json:"parts" nullable:"false" doc:"Each is pasted into its own place."`
	Checks []DHCPCheck `json:"checks" nullable:"false" doc:"To be run afterwards, in order."`
	Notes  []string    `json:"notes" nullable:"false" doc:"What to mind of the server, the phones and the site."`
}

// DHCPPart is a text for one place.
type DHCPPart struct {
	Filename string `json:"filename" doc:"A file that may hold it."`
	Language string `json:"language" enum:"dnsmasq,dhcpd,json,routeros,powershell,ios"`
	Text     string `json:"text"`
}

// DHCPCheck is a command and what it should show.
type DHCPCheck struct {
	Command string `json:"command"`
	Expect  string `json:"expect"`
}

type dhcpConfigurationInput struct{ Body DHCPQuestion }

type dhcpConfigurationOutput struct{ Body DHCPConfiguration }

func (a *API) getDHCPConfiguration(ctx context.Context, in *dhcpConfigurationInput) (*dhcpConfigurationOutput, error) {
	note(ctx, "dhcp", string(in.Body.Server))
	installation, err := a.installation(&in.Body)
	if err != nil {
		return nil, err
	}
	c, err := dhcp.Config(in.Body.Server, installation)
	if field, ok := errors.AsType[*dhcp.FieldError](err); ok {
		return nil, invalid(dhcpLocation(field.Field), field.Reason)
	}
	if err != nil {
		return nil, err
	}
	shown := DHCPConfiguration{Server: c.Server, Notes: append([]string{}, c.Notes...)}
	for _, p := range c.Parts {
		shown.Parts = append(shown.Parts, DHCPPart(p))
	}
	for _, check := range c.Checks {
		shown.Checks = append(shown.Checks, DHCPCheck(check))
	}
	return &dhcpConfigurationOutput{Body: shown}, nil
}

// dhcpLocation returns the place in the body of a value that was refused.
func dhcpLocation(field string) string {
	switch field {
	case "gatewayOui":
		field = "gateway.oui"
	case "gatewaySerialNumber":
		field = "gateway.serialNumber"
	case "gatewayProductClass":
		field = "gateway.productClass"
	}
	return "body." + field
}

// installation returns what the body says, and the server's own URLs where it says
// nothing.
func (a *API) installation(b *DHCPQuestion) (dhcp.Installation, error) {
	i := dhcp.Installation{
		ACSURL: a.DHCP.ACSURL, FilesURL: a.DHCP.FilesURL, ProvisioningCode: b.ProvisioningCode, RetryMinimumWait: b.RetryMinimumWait, RetryMultiplier: b.RetryMultiplier,
		IPv6: b.IPv6, Classes: b.Classes, CiscoPath: b.CiscoPath, Existing66: b.Existing66, OUIs: map[string][]string{},
	}
	if b.ACSURL != nil {
		i.ACSURL = *b.ACSURL
	}
	if b.FilesURL != nil {
		i.FilesURL = *b.FilesURL
	}
	if b.Gateway != nil {
		i.Gateway = dhcp.Identity(*b.Gateway)
	}
	for n, text := range b.TFTPServers {
		address, err := netip.ParseAddr(text)
		if err != nil {
			return i, invalid("body.tftpServers["+strconv.Itoa(n)+"]", "must be an IPv4 address")
		}
		i.TFTPServers = append(i.TFTPServers, address)
	}
	for n, text := range b.Subnets {
		subnet, err := netip.ParsePrefix(text)
		if err != nil {
			return i, invalid("body.subnets["+strconv.Itoa(n)+"]", "must be an IPv4 network, such as 10.9.0.0/24")
		}
		i.Subnets = append(i.Subnets, subnet)
	}
	classes, err := dhcp.Classes()
	for _, c := range classes {
		i.OUIs[c.Name] = a.ouis(c)
	}
	return i, err
}
