package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/dhcp"
)

func dhcpRun(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	code = run(t.Context(), append([]string{"dhcp"}, args...), &out, &err)
	return code, out.String(), err.String()
}

func TestDHCPConfigWritesWhatIsPastedAndSaysWhatToMind(t *testing.T) {
	flags := []string{"config", "--server", "dnsmasq", "--acs-url", "http://acs.example.net:7547/", "--files-url", "http://files.example.net:7567", "--tftp-address", "10.9.0.1", "--provisioning-code", "SITE-042"}
	code, out, notes := dhcpRun(t, flags...)
	for _, want := range []string{
		"dhcp-option-force=tag:dialtone-tr069,vendor:dslforum.org,1,\"http://acs.example.net:7547/\"\n",
		"dhcp-option-force=tag:dialtone-tr069,vendor:dslforum.org,2,\"SITE-042\"\n",
		"dhcp-option=tag:dialtone-cisco,option:tftp-server,\"http://files.example.net:7567/$PSN.xml\"\n",
		"dhcp-option=tag:dialtone-cisco,150,10.9.0.1\n",
	} {
		if code != 0 || !strings.Contains(out, want) {
			t.Errorf("exit code %d, no %q in %s%s", code, want, out, notes)
		}
	}
	if strings.Contains(out, "==>") || !strings.Contains(notes, "Check it:\n  dnsmasq --test") || !strings.Contains(notes, "66, 160, 159, 150, 60, 43 and 125") {
		t.Errorf("%s\n%s", out, notes)
	}
	// A maker whose phones only their MAC addresses tell is known from its pack.
	if code, out, notes := dhcpRun(t, append(flags, "--class", "gigaset,every", "--existing-66")...); code != 0 || !strings.Contains(out, "dhcp-mac=set:dialtone-gigaset,7c:2f:80:*:*:*\n") || strings.Contains(out, "tftp-server") {
		t.Errorf("exit code %d: %s%s", code, out, notes)
	}
	if code, out, _ := dhcpRun(t, append(flags, "--server", "kea", "--ipv6")...); code != 0 || !strings.Contains(out, "==> /etc/kea/kea-dhcp4.conf <==\n{") || !strings.Contains(out, "\n==> /etc/kea/kea-dhcp6.conf <==\n{") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestDHCPConfigAsJSONHasAll(t *testing.T) {
	code, out, stderr := dhcpRun(t, "config", "--json", "--server", "isc", "--acs-url", "http://acs.example.net/", "--ipv6")
	var c dhcp.Configuration
	if err := json.Unmarshal([]byte(out), &c); code != 0 || err != nil || c.Server != dhcp.ISC || len(c.Parts) != 2 || len(c.Checks) == 0 || len(c.Notes) == 0 || stderr != "" {
		t.Errorf("exit code %d, %v: %s%s", code, err, out, stderr)
	}
}

func TestDHCPConfigTakesTheURLsOfTheServersEnvironment(t *testing.T) {
	t.Setenv("DIALTONE_CWMP_URL", "http://acs.example.net:7547/")
	t.Setenv("DIALTONE_FILES_URL", "http://files.example.net:7567/")
	code, out, stderr := dhcpRun(t, "config", "--server", "isc")
	if code != 0 || !strings.Contains(out, `acs-url "http://acs.example.net:7547/"`) || !strings.Contains(out, `tftp-server-name "http://files.example.net:7567/$PSN.xml"`) {
		t.Errorf("exit code %d: %s%s", code, out, stderr)
	}
}

func TestDHCPConfigRefusesByTheNameOfTheFlag(t *testing.T) {
	const acs = "http://acs.example.net/"
	for want, flags := range map[string][]string{
		"--cwmp-url must be given":       nil,
		"--cwmp-url must be an absolute": {"--acs-url", "acs"},
		"--cwmp-url has a character":     {"--acs-url", acs + "\""},
		"--files-url has a character":    {"--files-url", "http://f.example.net/\n"},
		"--provisioning-code has":        {"--acs-url", acs, "--provisioning-code", "a'b"},
		"--retry-minimum-wait must be":   {"--acs-url", acs, "--retry-minimum-wait", "70000"},
		"--retry-multiplier must be":     {"--acs-url", acs, "--retry-multiplier", "2"},
		"--tftp-address must be":         {"--acs-url", acs, "--tftp-address", "2001:db8::1"},
		"--subnet must be":               {"--acs-url", acs, "--subnet", "10.9.0.1/24"},
		"--class names a class that":     {"--acs-url", acs, "--class", "x"},
		"--cisco-path has":               {"--files-url", "http://f.example.net/", "--cisco-path", "\""},
		"--gateway-oui must be":          {"--acs-url", acs, "--gateway-oui", "x"},
		"--gateway-serial has":           {"--acs-url", acs, "--gateway-serial", "\n"},
		"--gateway-class has":            {"--acs-url", acs, "--gateway-class", "\\"},
		"--server must be one of":        {"--acs-url", acs, "--server", "nobody"},
	} {
		want = strings.Replace(want, " ", ": ", 1)
		code, out, stderr := dhcpRun(t, append([]string{"config", "--server", "dnsmasq"}, flags...)...)
		if strings.HasPrefix(want, "--server") {
			want = "--server must be one of"
		}
		if code == 0 || out != "" && !strings.HasPrefix(out, "Usage") || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d: %s; want %s", flags, code, stderr, want)
		}
	}
}

func TestDHCPDecodeSaysWhatBytesMean(t *testing.T) {
	const plain = "ACS URL                      http://acs.example.net:7547/\nprovisioning code            SITE-042\n"
	for name, args := range map[string][]string{
		"digits":             {"--option", "43", "011c687474703a2f2f6163732e6578616d706c652e6e65743a373534372f0208534954452d303432"},
		"0x before all":      {"--option", "43", "0x011C687474703A2F2F6163732E6578616D706C652E6E65743A373534372F0208534954452D303432FF"},
		"as dhclient has it": {"--option", "43", "1:1c:68:74:74:70:3a:2f:2f:61:63:73:2e:65:78:61:6d:70:6c:65:2e:6e:65:74:3a:37:35:34:37:2f:2:8:53:49:54:45:2d:30:34:32"},
		"as a list":          {"--option", "43", "0x01,0x1c,0x68,0x74,0x74,0x70,0x3a,0x2f,0x2f,0x61,0x63,0x73,0x2e,0x65,0x78,0x61,0x6d,0x70,0x6c,0x65,0x2e,0x6e,0x65,0x74,0x3a,0x37,0x35,0x34,0x37,0x2f,0x02,0x08,0x53,0x49,0x54,0x45,0x2d,0x30,0x34,0x32"},
		"of 125, in pieces":  {"--option", "125", "00000de9", "280b1c687474703a2f2f6163732e6578616d706c652e6e65743a373534372f", "0c08534954452d303432"},
		"of DHCPv6":          {"--option", "17", "--ipv6", "00000de90001001c687474703a2f2f6163732e6578616d706c652e6e65743a373534372f00020008534954452d303432"},
	} {
		if code, out, stderr := dhcpRun(t, append([]string{"decode"}, args...)...); code != 0 || out != plain {
			t.Errorf("%s: exit code %d: %s%s", name, code, out, stderr)
		}
	}
	for want, args := range map[string][]string{"hexadecimal": {"--option", "43", "xyz"}, "malformed": {"--option", "43", "0109"}, "none that leads": {"--option", "1", "00"}} {
		if code, _, stderr := dhcpRun(t, append([]string{"decode"}, args...)...); code != 1 || !strings.Contains(stderr, want) {
			t.Errorf("%v: exit code %d: %s", args, code, stderr)
		}
	}
}
