package api

import (
	"context"
	"net/http"

	"github.com/dialtone-acs/dialtone/dhcp"
)

const dhcpTag = "DHCP"

// DHCPOptions are what the API knows of where phones find the server: the defaults of
// configurations of DHCP servers, empty for none.
type DHCPOptions struct {
	// ACSURL is that of the CWMP listener, FilesURL that of the files listener.
	ACSURL, FilesURL string
}

func (a *API) registerDHCP() {
	register(a, operation{
		id: "listDhcpServers", method: http.MethodGet, path: "/dhcp/servers", tag: dhcpTag, summary: "List the DHCP servers for which configurations are written",
		description: "With the classes of phones that they can tell apart, and the URLs that a configuration has unless it is asked for others.",
	}, a.listDHCPServers)
	register(a, operation{
		id: "getDhcpConfiguration", method: http.MethodPost, path: "/dhcp/configuration", tag: dhcpTag, summary: "Write the configuration that has a DHCP server lead phones here",
		description: "Nothing is stored, and no server is spoken to. A value that the server cannot be told is refused by its name.",
	}, a.getDHCPConfiguration)
}

// DHCPServers is what can be asked for.
type DHCPServers struct {
	Servers []DHCPServer `json:"servers" nullable:"false"`
	Classes []DHCPClass  `json:"classes" nullable:"false" doc:"In the order in which configurations have them."`
	// CiscoOrder is shown to people.
	CiscoOrder []int  `json:"ciscoOrder" nullable:"false" doc:"The options that a Cisco multiplatform phone looks at, in its order: the first that it is given leads it."`
	ACSURL     string `json:"acsUrl" doc:"What a configuration has without acsUrl; empty if the server does not know how phones reach it (--cwmp-url)."`
	FilesURL   string `json:"filesUrl" doc:"What a configuration has without filesUrl; empty if the server does not know how phones reach it (--files-url)."`
}

// DHCPServer is a DHCP server for which configurations are written.
type DHCPServer struct {
	Name       dhcp.Server `json:"name" enum:"dnsmasq,isc,kea,mikrotik,windows,cisco-ios,opnsense"`
	Title      string      `json:"title"`
	IPv6       bool        `json:"ipv6" doc:"A part for DHCPv6 is written if it is asked for."`
	TellsApart bool        `json:"tellsApart" doc:"It tells classes of phones apart; one that does not gives the same to all."`
}

// DHCPClass is a kind of phone that a DHCP server can tell apart.
type DHCPClass struct {
	Name        string   `json:"name"`
	Title       string   `json:"title"`
	Default     bool     `json:"default" doc:"A configuration has it unless it is asked for others."`
	VendorClass string   `json:"vendorClass" doc:"What option 60 of its phones has in it; empty if their MAC addresses alone tell them."`
	ACS         bool     `json:"acs" doc:"It is told of the ACS: options 43 and 125, and 17 of DHCPv6."`
	Options     []int    `json:"options" nullable:"false" doc:"The options that lead its phones to their files."`
	OUIs        []string `json:"ouis" nullable:"false" doc:"How MAC addresses of its phones begin, as its vendor pack knows."`
}

type dhcpServersOutput struct{ Body DHCPServers }

func (a *API) listDHCPServers(context.Context, *noInput) (*dhcpServersOutput, error) {
	classes, err := dhcp.Classes()
	if err != nil {
		return nil, err
	}
	shown := DHCPServers{ACSURL: a.DHCP.ACSURL, FilesURL: a.DHCP.FilesURL}
	for _, s := range dhcp.Servers() {
		shown.Servers = append(shown.Servers, DHCPServer{Name: s, Title: s.Title(), IPv6: s.IPv6(), TellsApart: s.TellsApart()})
	}
	for _, c := range classes {
		shown.Classes = append(shown.Classes, DHCPClass{
			Name: c.Name, Title: c.Title, Default: c.IsDefault(), VendorClass: c.Contains, ACS: c.ACS, Options: numbers(c.AllOptions()), OUIs: append([]string{}, a.ouis(c)...),
		})
	}
	shown.CiscoOrder = numbers(dhcp.CiscoOrder())
	return &dhcpServersOutput{Body: shown}, nil
}

// numbers returns codes as JSON has them: bytes would be text.
func numbers(codes []uint8) []int {
	all := make([]int, len(codes))
	for n, code := range codes {
		all[n] = int(code)
	}
	return all
}

// ouis returns how the MAC addresses of a class's phones begin, of the vendor pack of its
// name.
func (a *API) ouis(c dhcp.Class) []string {
	if !c.MAC {
		return nil
	}
	p, ok := a.Provisioning.Shelf.Registry().Pack(c.Name)
	if !ok {
		return nil
	}
	return p.OUIs
}
