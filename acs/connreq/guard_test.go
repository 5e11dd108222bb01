package connreq

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
)

func prefixes(list string) []netip.Prefix {
	var networks []netip.Prefix
	for _, text := range strings.Fields(list) {
		networks = append(networks, netip.MustParsePrefix(text))
	}
	return networks
}

func TestTheGuardAllowsTheDevicesOwnAddressAndNamedNetworks(t *testing.T) {
	for name, test := range map[string]struct {
		address, source, allowed string
		rule                     string // empty: allowed
	}{
		"its own address":                              {"203.0.113.7", "203.0.113.7", "", ""},
		"its own address, private":                     {"10.1.2.3", "10.1.2.3", "", ""},
		"its own address, mapped to IPv6":              {"203.0.113.7", "::ffff:203.0.113.7", "", ""},
		"its own address over IPv6":                    {"2001:db8::7", "2001:db8::7", "", ""},
		"another address":                              {"203.0.113.8", "203.0.113.7", "", "not the device's own address"},
		"no known source":                              {"203.0.113.8", "", "", "no address of an Inform"},
		"an allowed network":                           {"10.1.2.3", "203.0.113.7", "192.0.2.0/24 10.0.0.0/8", ""},
		"an allowed network without a source":          {"10.1.2.3", "", "10.0.0.0/8", ""},
		"an allowed network, mapped to IPv6":           {"10.1.2.3", "", "::ffff:10.0.0.0/104", ""},
		"an allowed network with host bits":            {"10.1.2.3", "", "10.9.9.9/8", ""},
		"outside the allowed network":                  {"11.1.2.3", "", "10.0.0.0/8", "--connreq-allow"},
		"IPv4 is not allowed by all of IPv6":           {"10.1.2.3", "", "::/0", "--connreq-allow"},
		"loopback":                                     {"127.0.0.1", "203.0.113.7", "", "loopback"},
		"loopback that is its own address":             {"127.0.0.1", "127.0.0.1", "", "loopback"},
		"loopback within everything":                   {"127.0.0.1", "127.0.0.1", "0.0.0.0/0", "loopback"},
		"loopback allowed by name":                     {"127.0.0.1", "127.0.0.1", "127.0.0.0/8", ""},
		"loopback allowed by name, narrowly":           {"127.0.0.1", "", "127.0.0.1/32", ""},
		"another loopback than the allowed one":        {"127.0.0.2", "", "127.0.0.1/32", "loopback"},
		"loopback over IPv6":                           {"::1", "::1", "::/0", "loopback"},
		"loopback over IPv6 allowed by name":           {"::1", "", "::1/128", ""},
		"unspecified":                                  {"0.0.0.0", "0.0.0.0", "", "unspecified"},
		"unspecified over IPv6":                        {"::", "::", "", "unspecified"},
		"link-local":                                   {"169.254.1.1", "169.254.1.1", "0.0.0.0/0", "link-local"},
		"link-local allowed by name":                   {"169.254.1.1", "", "169.254.0.0/16", ""},
		"link-local over IPv6":                         {"fe80::1", "fe80::1", "", "link-local"},
		"link-local over IPv6 with a zone as source":   {"fe80::1", "fe80::1%eth0", "", "link-local"},
		"link-local over IPv6 allowed by name":         {"fe80::1", "", "fe80::/64", ""},
		"metadata":                                     {"169.254.169.254", "169.254.169.254", "", "metadata"},
		"metadata is not allowed by all of link-local": {"169.254.169.254", "", "169.254.0.0/16", "metadata"},
		"metadata allowed by name":                     {"169.254.169.254", "", "169.254.169.254/32", ""},
		"metadata over IPv6":                           {"fd00:ec2::254", "fd00:ec2::254", "fd00::/8", "metadata"},
		"multicast":                                    {"224.0.1.75", "224.0.1.75", "", "multicast"},
		"multicast over IPv6":                          {"ff02::1", "ff02::1", "", "multicast"},
		"broadcast":                                    {"255.255.255.255", "255.255.255.255", "", "broadcast"},
		"loopback behind NAT64":                        {"64:ff9b::7f00:1", "64:ff9b::7f00:1", "::/0", "stands for an IPv4 address"},
		"loopback behind 6to4":                         {"2002:7f00:1::", "2002:7f00:1::", "", "stands for an IPv4 address"},
		"loopback as an IPv4-compatible address":       {"::7f00:1", "::7f00:1", "", "stands for an IPv4 address"},
	} {
		guard, err := newGuard(prefixes(test.allowed), nil)
		if err != nil {
			t.Fatal(err)
		}
		var source netip.Addr
		if test.source != "" {
			source = netip.MustParseAddr(test.source)
		}
		err = guard.checkAddress(netip.MustParseAddr(test.address), source)
		switch {
		case test.rule == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case test.rule != "" && (!errors.Is(err, ErrNotAllowed) || !strings.Contains(err.Error(), test.rule)):
			t.Errorf("%s: %v, want %q", name, err, test.rule)
		case test.rule != "" && !strings.Contains(err.Error(), "--connreq-allow"):
			t.Errorf("%s: the message does not say how to allow it: %v", name, err)
		}
	}
}

func TestPortsOfServicesAreRefusedUnlessAllowed(t *testing.T) {
	guard, err := newGuard(nil, []uint16{443})
	if err != nil {
		t.Fatal(err)
	}
	for port, want := range map[uint16]bool{0: false, 1: false, 22: false, 25: false, 80: true, 443: true, 1023: false, 1024: true, 7547: true, 65535: true} {
		if err := guard.checkPort(port); (err == nil) != want || err != nil && !errors.Is(err, ErrNotAllowed) {
			t.Errorf("port %d: %v", port, err)
		}
	}
}
