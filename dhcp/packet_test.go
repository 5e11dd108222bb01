package dhcp_test

import (
	"errors"
	"net"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// packet puts an offer through the bytes of a packet.
func packet(t *testing.T, o dhcp.Offer) *dhcpv4.DHCPv4 {
	t.Helper()
	options, err := o.Options()
	if err != nil {
		t.Fatal(err)
	}
	p, err := dhcpv4.New(dhcpv4.WithHwAddr(net.HardwareAddr{2, 0, 0, 0, 0, 1}))
	if err != nil {
		t.Fatal(err)
	}
	for _, option := range options {
		p.UpdateOption(option)
	}
	back, err := dhcpv4.FromBytes(p.ToBytes())
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func TestAnOfferIsReadBackFromAPacket(t *testing.T) {
	acs := dhcp.ACS{URL: exampleURL, ProvisioningCode: "SITE-042"}
	for name, o := range map[string]dhcp.Offer{
		"all": {
			VendorSpecific: dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: acs}, VendorIdentifying: dhcp.VendorIdentifying{ACS: acs, Gateway: dhcp.Identity{SerialNumber: "1"}},
			Texts: map[uint8]string{66: "http://f/$PSN.xml", 67: "x", 114: "http://g/", 132: "100", 159: "a", 160: "b", 161: "c"}, TFTPServers: []netip.Addr{netip.MustParseAddr("10.9.0.1"), netip.MustParseAddr("10.9.0.2")},
		},
		"a URL alone": {VendorSpecific: dhcp.VendorSpecific{Form: dhcp.RawURL, URL: "http://f/$mac.cfg"}, Texts: map[uint8]string{}},
		// More than 255 bytes are two options in the packet (RFC 3396).
		"more than 255 bytes": {VendorSpecific: dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: dhcp.ACS{URL: exampleURL + strings.Repeat("a", 222), ProvisioningCode: "SITE-042"}}, Texts: map[uint8]string{}},
	} {
		back, err := dhcp.ReadOffer(packet(t, o))
		if err != nil || !reflect.DeepEqual(back, o) {
			t.Errorf("%s: %+v, %v; want %+v", name, back, err, o)
		}
	}
}

func TestAnOfferThatCannotBeReadInPartCountsForTheRest(t *testing.T) {
	p, err := dhcpv4.New(dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(43), []byte{1, 9}), dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(125), []byte{1}),
		dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(150), []byte{1, 2, 3}), dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(160), []byte("http://f/\x00")))
	if err != nil {
		t.Fatal(err)
	}
	o, err := dhcp.ReadOffer(p)
	if !errors.Is(err, dhcp.ErrMalformed) || !strings.Contains(err.Error(), "43") || !strings.Contains(err.Error(), "125") || !strings.Contains(err.Error(), "150") {
		t.Errorf("%v", err)
	}
	if o.Texts[160] != "http://f/" || len(o.TFTPServers) > 0 {
		t.Errorf("%+v", o)
	}
}

func TestTheACSIsThatOfTheOptionThatWasAskedFor(t *testing.T) {
	o := dhcp.Offer{VendorSpecific: dhcp.VendorSpecific{ACS: dhcp.ACS{URL: "http://a/"}}, VendorIdentifying: dhcp.VendorIdentifying{ACS: dhcp.ACS{URL: "http://b/"}}}
	both := dhcpv4.OptionCodeList{dhcpv4.GenericOptionCode(125), dhcpv4.GenericOptionCode(43)}
	for name, c := range map[string]struct {
		offer dhcp.Offer
		asked dhcpv4.OptionCodeList
		want  string
	}{
		"43":             {o, both[1:], "http://a/"},
		"125":            {o, both[:1], "http://b/"},
		"both":           {o, both, "http://a/"},
		"none":           {o, nil, "http://a/"},
		"43, not given":  {dhcp.Offer{VendorIdentifying: o.VendorIdentifying}, both[1:], "http://b/"},
		"125, not given": {dhcp.Offer{VendorSpecific: o.VendorSpecific}, both[:1], "http://a/"},
	} {
		if got := c.offer.ACS(c.asked); got.URL != c.want {
			t.Errorf("asked for %s: %s", name, got.URL)
		}
	}
}

func TestACiscoPhoneTakesTheFirstOfItsOrder(t *testing.T) {
	tftp := []netip.Addr{netip.MustParseAddr("10.9.0.1")}
	for name, c := range map[string]struct {
		offer  dhcp.Offer
		option uint8
		value  string
	}{
		"66 before all": {dhcp.Offer{Texts: map[uint8]string{66: "a", 160: "b", 159: "c", 161: "d"}, TFTPServers: tftp}, 66, "a"},
		"160":           {dhcp.Offer{Texts: map[uint8]string{160: "b", 159: "c"}, TFTPServers: tftp}, 160, "b"},
		"159":           {dhcp.Offer{Texts: map[uint8]string{159: "c", 161: "d"}, TFTPServers: tftp}, 159, "c"},
		"150":           {dhcp.Offer{Texts: map[uint8]string{161: "d"}, TFTPServers: tftp}, 150, "10.9.0.1"},
		"none":          {dhcp.Offer{Texts: map[uint8]string{161: "d", 114: "e"}}, 0, ""},
	} {
		option, value, ok := c.offer.Cisco()
		if option != c.option || value != c.value || ok != (c.option != 0) {
			t.Errorf("%s: %d %q %t", name, option, value, ok)
		}
	}
}

func TestARequestSaysWhoAsks(t *testing.T) {
	device := dhcp.Identity{OUI: "00D0EC", SerialNumber: "S1"}
	identity, err := dhcp.VendorIdentifying{Device: device}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	class, err := dhcp.EncodeIdentifyingClass("dslforum.org")
	if err != nil {
		t.Fatal(err)
	}
	p, err := dhcpv4.NewDiscovery(net.HardwareAddr{0, 0x15, 0x65, 1, 2, 3}, dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(60), []byte(dhcp.CiscoClass("CP-8851-3PCC"))),
		dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(124), class), dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(125), identity), dhcpv4.WithRequestedOptions(dhcpv4.GenericOptionCode(43)))
	if err != nil {
		t.Fatal(err)
	}
	r, err := dhcp.ReadRequest(p)
	if err != nil || r.MAC != "00:15:65:01:02:03" || r.VendorClass != "Cisco Systems, Inc. IP Phone CP-8851-3PCC" || r.Device != device || !r.WantsACS() || r.Asked[len(r.Asked)-1].Code() != 43 {
		t.Errorf("%+v, %v", r, err)
	}
	p.UpdateOption(dhcpv4.OptGeneric(dhcpv4.GenericOptionCode(124), []byte{1}))
	if r, err := dhcp.ReadRequest(p); !errors.Is(err, dhcp.ErrMalformed) || r.WantsACS() || r.Device != device {
		t.Errorf("%+v, %v", r, err)
	}
}
