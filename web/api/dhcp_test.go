package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/dhcp"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestDHCPServersAreListedWithWhatCanBeAskedOfThem(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		o.DHCP = api.DHCPOptions{ACSURL: "https://acs.example.net:7547/", FilesURL: "https://files.example.net:7567/"}
	})
	h.shipped("gigaset")
	all := as[api.DHCPServers](h.do(http.MethodGet, "/api/v1/dhcp/servers", h.viewer, "").want(http.StatusOK))
	var names []dhcp.Server
	for _, s := range all.Servers {
		names = append(names, s.Name)
		if s.Title == "" || s.IPv6 != (s.Name != dhcp.Windows) || s.TellsApart != (s.Name != dhcp.CiscoIOS) {
			t.Errorf("%+v", s)
		}
	}
	if !slices.Equal(names, dhcp.Servers()) {
		t.Errorf("%v", names)
	}
	if all.ACSURL != "https://acs.example.net:7547/" || all.FilesURL != "https://files.example.net:7567/" || !slices.Equal(all.CiscoOrder, []int{66, 160, 159, 150, 60, 43, 125}) {
		t.Errorf("%+v", all)
	}
	var defaults []string
	for _, c := range all.Classes {
		if c.Default {
			defaults = append(defaults, c.Name)
		}
		if c.Name == "gigaset" && (!slices.Contains(c.OUIs, "7c2f80") || !slices.Equal(c.Options, []int{114}) || c.VendorClass != "") {
			t.Errorf("%+v", c)
		}
		if c.Name == "tr069" && (c.VendorClass != "dslforum.org" || !c.ACS || c.OUIs == nil || c.Options == nil) {
			t.Errorf("%+v", c)
		}
	}
	if !slices.Equal(defaults, []string{"tr069", "cisco"}) {
		t.Errorf("%v", defaults)
	}
}

func TestTheConfigurationOfADHCPServerIsWritten(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.DHCP = api.DHCPOptions{ACSURL: "https://acs.example.net:7547/"} })
	ask := func(body string) api.DHCPConfiguration {
		t.Helper()
		return as[api.DHCPConfiguration](h.do(http.MethodPost, "/api/v1/dhcp/configuration", h.viewer, body).want(http.StatusOK))
	}
	c := ask(`{"server":"dnsmasq","filesUrl":"http://files.example.net/","tftpServers":["10.9.0.1"],"provisioningCode":"SITE-042","retryMinimumWait":5,"retryMultiplier":2000,"gateway":{"oui":"00D0EC","serialNumber":"S1","productClass":"C"}}`)
	for _, want := range []string{
		`vendor:dslforum.org,1,"https://acs.example.net:7547/"`, `vendor:dslforum.org,2,"SITE-042"`, `vendor:dslforum.org,3,"5"`, `vendor:dslforum.org,4,"2000"`,
		`vi-encap:3561,4,"00D0EC"`, `vi-encap:3561,5,"S1"`, `vi-encap:3561,6,"C"`, `option:tftp-server,"http://files.example.net/$PSN.xml"`, "150,10.9.0.1",
	} {
		if !strings.Contains(c.Parts[0].Text, want) {
			t.Errorf("no %s in %s", want, c.Parts[0].Text)
		}
	}
	if c.Server != dhcp.Dnsmasq || len(c.Checks) == 0 || len(c.Notes) == 0 || c.Parts[0].Filename == "" || c.Parts[0].Language != "dnsmasq" {
		t.Errorf("%+v", c)
	}
	h.shipped("yealink")
	c = ask(`{"server":"kea","filesUrl":"http://files.example.net/","acsUrl":"","classes":["cisco","yealink"],"existing66":true,"ciscoPath":"$MA.xml","ipv6":true}`)
	if text := c.Parts[0].Text; len(c.Parts) != 1 || !strings.Contains(text, "0x001565") || !strings.Contains(text, "$MA.xml") || strings.Contains(text, "acs") {
		t.Errorf("%+v", c.Parts)
	}
	if c = ask(`{"server":"mikrotik","subnets":["10.9.0.0/24"],"filesUrl":"http://files.example.net/","classes":["every"]}`); !strings.Contains(c.Parts[0].Text, `set [find address="10.9.0.0/24"]`) {
		t.Errorf("%+v", c.Parts)
	}
	if c = ask(`{"server":"isc","ipv6":true}`); len(c.Parts) != 2 {
		t.Errorf("%+v", c.Parts)
	}
	if e := h.newest(); e.Action != "getDhcpConfiguration" || e.Target != "dhcp" || e.Detail != "isc" {
		t.Errorf("%+v", e)
	}
}

func TestWhatADHCPServerCannotBeToldIsRefusedByItsPlaceInTheBody(t *testing.T) {
	h := newHouse(t)
	for place, body := range map[string]string{
		"body.acsUrl":               `{"server":"dnsmasq"}`,
		"body.filesUrl":             `{"server":"dnsmasq","filesUrl":"http://files.example.net/\"\n"}`,
		"body.provisioningCode":     `{"server":"isc","acsUrl":"http://acs.example.net/","provisioningCode":"a\"b"}`,
		"body.retryMultiplier":      `{"server":"isc","acsUrl":"http://acs.example.net/","retryMultiplier":7}`,
		"body.tftpServers[1]":       `{"server":"isc","acsUrl":"http://acs.example.net/","tftpServers":["10.9.0.1","x"]}`,
		"body.tftpServers":          `{"server":"isc","acsUrl":"http://acs.example.net/","tftpServers":["2001:db8::1"]}`,
		"body.subnets[0]":           `{"server":"isc","acsUrl":"http://acs.example.net/","subnets":["10.9.0.0"]}`,
		"body.subnets":              `{"server":"isc","acsUrl":"http://acs.example.net/","subnets":["10.9.0.1/24"]}`,
		"body.classes":              `{"server":"mikrotik","filesUrl":"http://files.example.net/","classes":["gigaset"]}`,
		"body.ciscoPath":            `{"server":"kea","filesUrl":"http://files.example.net/","ciscoPath":"a b"}`,
		"body.gateway.oui":          `{"server":"kea","acsUrl":"http://acs.example.net/","gateway":{"oui":"x"}}`,
		"body.gateway.serialNumber": `{"server":"kea","acsUrl":"http://acs.example.net/","gateway":{"serialNumber":"a\nb"}}`,
		"body.gateway.productClass": `{"server":"kea","acsUrl":"http://acs.example.net/","gateway":{"productClass":"a\\b"}}`,
		"body.server":               `{"server":"nobody","acsUrl":"http://acs.example.net/"}`,
	} {
		h.do(http.MethodPost, "/api/v1/dhcp/configuration", h.viewer, body).invalid(place)
	}
}
