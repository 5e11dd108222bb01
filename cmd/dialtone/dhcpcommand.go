package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strings"

	"github.com/dialtone-acs/dialtone/dhcp"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
)

// dhcpCommand helps to have phones find the server by DHCP. It needs no server.
type dhcpCommand struct {
	Config dhcpConfigCommand `cmd:"" help:"Write the configuration that has a DHCP server lead phones here."`
	Decode dhcpDecodeCommand `cmd:"" help:"Say what the bytes of an option mean."`
}

type dhcpConfigCommand struct {
	Server           dhcp.Server    `required:"" enum:"dnsmasq,isc,kea,mikrotik,windows,cisco-ios,opnsense" help:"The DHCP server: ${enum}." placeholder:"NAME"`
	ACSURL           string         `name:"cwmp-url" aliases:"acs-url" help:"Where CWMP devices find the server, their ACS, such as https://acs.example.net:7547/ (also --acs-url)." placeholder:"URL"`
	FilesURL         string         `name:"files-url" help:"Where phones find their files, such as https://acs.example.net:7567/." placeholder:"URL"`
	TFTPAddress      []netip.Addr   `name:"tftp-address" help:"IPv4 address of the TFTP listener, for option 150." placeholder:"ADDRESS"`
	ProvisioningCode string         `help:"Provisioning code that devices are told." placeholder:"CODE"`
	RetryMinimumWait int            `help:"Seconds after which a device tries again to reach the ACS. Default: the device's own." placeholder:"SECONDS"`
	RetryMultiplier  int            `help:"By how much later intervals grow, in thousandths. Default: the device's own." placeholder:"N"`
	Subnet           []netip.Prefix `help:"Network of phones, for servers whose configuration names it. Default: all." placeholder:"CIDR"`
	IPv6             bool           `name:"ipv6" env:"DIALTONE_IPV6" help:"Write DHCPv6 too."`
	Class            []string       `help:"Kinds of phones that are told apart (default: tr069,cisco), such as yealink, or every." placeholder:"NAME"`
	CiscoPath        string         `help:"What goes behind --files-url for Cisco multiplatform phones. Default: $$PSN.xml." placeholder:"PATH"`
	Existing66       bool           `name:"existing-66" help:"The site gives option 66 for something else already."`
	GatewayOUI       string         `name:"gateway-oui" help:"OUI of the site's router, to which devices tell the ACS that they belong." placeholder:"OUI"`
	GatewaySerial    string         `help:"Its serial number." placeholder:"SERIAL"`
	GatewayClass     string         `help:"Its product class." placeholder:"CLASS"`
	JSON             bool           `name:"json" help:"Write all as JSON, as the REST API does."`
}

// Run writes the configuration to standard output, and what to check and to mind of it to
// standard error.
func (c *dhcpConfigCommand) Run(ctx context.Context, s *streams) error {
	installation, err := c.installation(ctx)
	if err != nil {
		return err
	}
	configuration, err := dhcp.Config(c.Server, installation)
	if field, ok := errors.AsType[*dhcp.FieldError](err); ok {
		return fmt.Errorf("%s: %s", dhcpFlag(field.Field), field.Reason)
	}
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(s.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(configuration)
	}
	showConfiguration(s.out, s.err, configuration)
	return nil
}

func (c *dhcpConfigCommand) installation(ctx context.Context) (dhcp.Installation, error) {
	i := dhcp.Installation{
		ACSURL: c.ACSURL, FilesURL: c.FilesURL, TFTPServers: c.TFTPAddress, ProvisioningCode: c.ProvisioningCode,
		RetryMinimumWait: c.RetryMinimumWait, RetryMultiplier: c.RetryMultiplier, Subnets: c.Subnet, IPv6: c.IPv6, Classes: c.Class,
		CiscoPath: c.CiscoPath, Existing66: c.Existing66, Gateway: dhcp.Identity{OUI: c.GatewayOUI, SerialNumber: c.GatewaySerial, ProductClass: c.GatewayClass},
	}
	ouis, err := shippedOUIs(ctx)
	i.OUIs = ouis
	return i, err
}

// shippedOUIs returns how the MAC addresses of makers begin, by the name of the pack.
func shippedOUIs(ctx context.Context) (map[string][]string, error) {
	catalogue, err := provisioners.DefaultCatalogue()
	if err != nil {
		return nil, err
	}
	all, err := packs.Load(ctx, catalogue)
	if err != nil {
		return nil, err
	}
	ouis := map[string][]string{}
	for _, p := range all {
		ouis[p.Name] = p.OUIs
	}
	return ouis, nil
}

// dhcpFlag returns the flag that gives a value.
func dhcpFlag(field string) string {
	flags := map[string]string{
		"acsUrl": "cwmp-url", "filesUrl": "files-url", "tftpServers": "tftp-address", "provisioningCode": "provisioning-code", "retryMinimumWait": "retry-minimum-wait",
		"retryMultiplier": "retry-multiplier", "subnets": "subnet", "classes": "class", "ciscoPath": "cisco-path",
		"gatewayOui": "gateway-oui", "gatewaySerialNumber": "gateway-serial", "gatewayProductClass": "gateway-class",
	}
	if flag, ok := flags[field]; ok {
		return "--" + flag
	}
	return field
}

// showConfiguration writes each part, below its name if there are several.
func showConfiguration(out, notes io.Writer, c dhcp.Configuration) {
	for _, p := range c.Parts {
		if len(c.Parts) > 1 {
			fmt.Fprintf(out, "==> %s <==\n", p.Filename)
		}
		fmt.Fprint(out, p.Text)
	}
	var names []string
	for _, p := range c.Parts {
		names = append(names, p.Filename)
	}
	fmt.Fprintf(notes, "For %s: %s\n\nCheck it:\n", c.Server.Title(), strings.Join(names, ", "))
	for _, check := range c.Checks {
		fmt.Fprintf(notes, "  %s\n      %s\n", check.Command, check.Expect)
	}
	fmt.Fprintln(notes, "\nMind:")
	for _, note := range c.Notes {
		fmt.Fprintf(notes, "  - %s\n", note)
	}
}
