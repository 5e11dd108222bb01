//go:build e2e && linux

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// What the site's phones are to be told. The URL of the ACS has all that could mean
// something to the configuration of a server.
const (
	dhcpACS   = "http://acs.example.net:7547/a,b;c'd$(e)&f=%20?{mac}=~*!#g"
	dhcpCode  = "SITE 042,;#$%&{}:"
	dhcpFiles = "http://files.example.net:7567/x,y$"
)

// generated runs the command with the flags and returns what it wrote.
func generated(t *testing.T, server dhcp.Server, flags ...string) []dhcp.Part {
	t.Helper()
	var out, errors bytes.Buffer
	if code := run(t.Context(), append([]string{"dhcp", "config", "--json", "--server", string(server)}, flags...), &out, &errors); code != 0 {
		t.Fatalf("exit code %d: %s", code, errors.String())
	}
	var c dhcp.Configuration
	if err := json.Unmarshal(out.Bytes(), &c); err != nil {
		t.Fatal(err)
	}
	return c.Parts
}

// dhcpMAC is of no maker.
func dhcpMAC(number byte) net.HardwareAddr { return net.HardwareAddr{2, 0, 0, 0x43, 0, number} }

// wantDHCPACS is what devices are to be told.
func wantDHCPACS() dhcp.ACS {
	return dhcp.ACS{URL: dhcpACS, ProvisioningCode: dhcpCode, RetryMinimumWait: 5, RetryMultiplier: 2000}
}

func TestDHCPServersLeadPhonesByTheConfigurationThatIsGenerated(t *testing.T) {
	n := insideDHCPNetwork(t)
	if n == nil {
		return
	}
	for server, serve := range dhcpServers() {
		t.Run(string(server), func(t *testing.T) {
			serve(t, n, generated(t, server, "--acs-url", dhcpACS, "--files-url", dhcpFiles, "--tftp-address", "10.9.0.1,10.9.0.3", "--provisioning-code", dhcpCode,
				"--retry-minimum-wait", "5", "--retry-multiplier", "2000", "--gateway-oui", "00D0EC", "--gateway-serial", "SER 123"), "")
			n.leadDevices(t)
			n.leadIdentifying(t)
			n.leadCisco(t)
			n.leaveStrangers(t)
			n.leadClients(t)
		})
	}
}

// leadDevices has devices ask that look for an ACS.
func (n *dhcpNetwork) leadDevices(t *testing.T) {
	device := dhcp.Identity{OUI: "001122", SerialNumber: "FCH1", ProductClass: "CP"}
	for name, p := range map[string]dhcpPhone{
		"a device":                     {mac: dhcpMAC(1), class: "dslforum.org", asks: []uint8{43, 125}},
		"one whose class has more":     {mac: dhcpMAC(2), class: "Example phone, dslforum.org/1", asks: []uint8{43, 125}},
		"one that says who it is":      {mac: dhcpMAC(3), class: "dslforum.org", device: device, asks: []uint8{43, 125}},
		"one that looks at 125 before": {mac: dhcpMAC(4), class: "dslforum.org", device: device, asks: []uint8{125, 43}},
	} {
		told := n.askDHCP(t, p)
		if told.VendorSpecific.ACS != wantDHCPACS() || told.VendorIdentifying.ACS != wantDHCPACS() {
			t.Errorf("%s is told %+v and %+v", name, told.VendorSpecific, told.VendorIdentifying)
		}
		if want := (dhcp.Identity{OUI: "00D0EC", SerialNumber: "SER 123"}); told.VendorIdentifying.Gateway != want {
			t.Errorf("%s is told of the gateway %+v", name, told.VendorIdentifying.Gateway)
		}
		if len(told.Texts) > 0 || len(told.TFTPServers) > 0 {
			t.Errorf("%s is told of files: %v %v", name, told.Texts, told.TFTPServers)
		}
	}
}

// leadIdentifying has a device ask that says what it is in option 124.
func (n *dhcpNetwork) leadIdentifying(t *testing.T) {
	told := n.askDHCP(t, dhcpPhone{mac: dhcpMAC(8), identifying: "dslforum.org", asks: []uint8{125}})
	if got := told.VendorIdentifying.ACS; got != wantDHCPACS() {
		t.Errorf("a device that says so in option 124 is told %+v", told)
	}
}

// ciscoAsks is what a Cisco phone lists in option 55 of what leads it.
func ciscoAsks() []uint8 { return []uint8{42, 66, 150, 159, 160, 43, 125} }

// leadCisco has a Cisco phone ask as it comes from its box.
func (n *dhcpNetwork) leadCisco(t *testing.T) {
	told := n.askDHCP(t, dhcpPhone{mac: dhcpMAC(5), class: dhcp.CiscoClass("CP-8851-3PCC"), asks: ciscoAsks(), longest: 1500})
	files := dhcpFiles + "/$PSN.xml"
	if want := map[uint8]string{66: files, 160: files}; !reflect.DeepEqual(told.Texts, want) {
		t.Errorf("a Cisco phone is told %v", told.Texts)
	}
	if want := []netip.Addr{netip.MustParseAddr("10.9.0.1"), netip.MustParseAddr("10.9.0.3")}; !reflect.DeepEqual(told.TFTPServers, want) {
		t.Errorf("a Cisco phone is told of the TFTP servers %v", told.TFTPServers)
	}
	if option, value, ok := told.Cisco(); option != 66 || value != files || !ok {
		t.Errorf("a Cisco phone goes to %q by option %d", value, option)
	}
	if told.VendorSpecific.ACS != wantDHCPACS() || told.VendorIdentifying.ACS != wantDHCPACS() {
		t.Errorf("a Cisco phone is told %+v and %+v", told.VendorSpecific, told.VendorIdentifying)
	}
}

// leaveStrangers has others ask for the same.
func (n *dhcpNetwork) leaveStrangers(t *testing.T) {
	for _, class := range []string{"", "MSFT 5.0", "Cisco Systems, Inc. IP Phone CP-8851\x00"} {
		told := n.askDHCP(t, dhcpPhone{mac: dhcpMAC(6), class: class, asks: ciscoAsks()})
		if _, _, led := told.Cisco(); led || !told.ACS(nil).IsZero() {
			t.Errorf("a computer of the class %q is told %+v", class, told)
		}
	}
}

func TestAPhoneIsLedByDHCPWhereTheSiteUsesOption66(t *testing.T) {
	n := insideDHCPNetwork(t)
	if n == nil {
		return
	}
	const others = "10.9.0.77"
	for server, serve := range dhcpServers() {
		t.Run(string(server), func(t *testing.T) {
			serve(t, n, generated(t, server, "--acs-url", "https://acs.example.net:7547/", "--files-url", "http://files.example.net/", "--tftp-address", "10.9.0.1", "--provisioning-code", "10.0.0.1",
				"--class", "tr069,cisco,yealink,fanvil,every", "--existing-66"), others)
			// All of it fits into an answer that every device takes.
			cisco := n.askDHCP(t, dhcpPhone{mac: dhcpMAC(5), class: dhcp.CiscoClass("CP-8851-3PCC"), asks: ciscoAsks()})
			if _, value, _ := cisco.Cisco(); value != "http://files.example.net/$PSN.xml" {
				t.Errorf("a Cisco phone goes to %q", value)
			}
			if want := (dhcp.ACS{URL: "https://acs.example.net:7547/", ProvisioningCode: "10.0.0.1"}); cisco.VendorSpecific.ACS != want || cisco.VendorIdentifying.ACS != want {
				t.Errorf("a Cisco phone is told %+v and %+v", cisco.VendorSpecific, cisco.VendorIdentifying)
			}
			yealink := n.askDHCP(t, dhcpPhone{mac: net.HardwareAddr{0, 0x15, 0x65, 1, 2, 3}, class: "yealink", asks: []uint8{66, 43}})
			if got := yealink.Texts[66]; got != "http://files.example.net/" {
				t.Errorf("a Yealink phone goes to %q by option 66", got)
			}
			if got := yealink.VendorSpecific.Others; len(got) != 1 || got[0].Code != 66 || string(got[0].Value) != "http://files.example.net/" {
				t.Errorf("a Yealink phone is told %+v by option 43", yealink.VendorSpecific)
			}
			fanvil := n.askDHCP(t, dhcpPhone{mac: net.HardwareAddr{0x0c, 0x38, 0x3e, 1, 2, 3}, asks: []uint8{66, 43}})
			if fanvil.VendorSpecific.URL != "http://files.example.net/$mac.cfg" {
				t.Errorf("a Fanvil phone is told %+v by option 43", fanvil.VendorSpecific)
			}
			if other := n.askDHCP(t, dhcpPhone{mac: dhcpMAC(7), class: "another phone", asks: []uint8{66}}); other.Texts[66] != others {
				t.Errorf("another phone goes to %q", other.Texts[66])
			}
		})
	}
}

func TestDHCPv6ServersLeadDevicesByTheConfigurationThatIsGenerated(t *testing.T) {
	n := insideDHCPNetwork(t)
	if n == nil {
		return
	}
	for server, serve := range dhcpServers() {
		t.Run(string(server), func(t *testing.T) {
			serve(t, n, generated(t, server, "--acs-url", dhcpACS, "--provisioning-code", dhcpCode, "--retry-minimum-wait", "5", "--retry-multiplier", "2000", "--ipv6"), "")
			if told := n.askDHCP6(t, "dslforum.org"); told != wantDHCPACS() {
				t.Errorf("a device is told %+v", told)
			}
			for _, class := range []string{"", "another phone"} {
				if told := n.askDHCP6(t, class); !told.IsZero() {
					t.Errorf("a computer of the class %q is told %+v", class, told)
				}
			}
		})
	}
}

// dhcpDigits returns the content of an option as a client shows it.
func dhcpDigits(t *testing.T, output, name string) []byte {
	t.Helper()
	for line := range strings.Lines(output) {
		if digits, ok := strings.CutPrefix(strings.TrimSpace(line), name+"="); ok {
			content, err := hexBytes(digits)
			if err != nil {
				t.Fatalf("%s: %q: %v", name, digits, err)
			}
			return content
		}
	}
	t.Fatalf("the client was not told %s:\n%s", name, tail(output, 3000))
	return nil
}

// wantOptions checks options 43 and 125 of a real client.
func wantOptions(t *testing.T, client string, specific, identifying []byte) {
	t.Helper()
	v, err := dhcp.ParseVendorSpecific(specific)
	if err != nil || v.ACS != wantDHCPACS() {
		t.Errorf("%s is told %+v by option 43 (%v)", client, v, err)
	}
	i, err := dhcp.ParseVendorIdentifying(identifying)
	if err != nil || i.ACS != wantDHCPACS() {
		t.Errorf("%s is told %+v by option 125 (%v)", client, i, err)
	}
}

// ciscoClassDigits is option 60 of a Cisco phone, with its NUL, as udhcpc takes it.
func ciscoClassDigits() string { return fmt.Sprintf("0x3c:%x", dhcp.CiscoClass("CP-8851-3PCC")) }
