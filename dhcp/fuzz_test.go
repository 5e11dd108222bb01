package dhcp_test

import (
	"bytes"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"github.com/insomniacslk/dhcp/dhcpv4"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// anyACS draws what can be sent.
func anyACS() *rapid.Generator[dhcp.ACS] {
	return rapid.Custom(func(t *rapid.T) dhcp.ACS {
		return dhcp.ACS{
			URL:              rapid.OneOf(rapid.Just(""), rapid.StringMatching(`https?://[a-z]{1,20}(:[1-9][0-9]{0,3})?/[a-zA-Z0-9._~!$&'()*+,;=:@{}-]{0,60}`)).Draw(t, "url"),
			ProvisioningCode: rapid.StringMatching(`[ !#-&(-\[\]-~]{0,64}`).Draw(t, "code"),
			RetryMinimumWait: rapid.IntRange(0, 65535).Draw(t, "wait"),
			RetryMultiplier:  rapid.OneOf(rapid.Just(0), rapid.IntRange(1000, 65535)).Draw(t, "multiplier"),
		}
	})
}

func anyIdentity() *rapid.Generator[dhcp.Identity] {
	return rapid.Custom(func(t *rapid.T) dhcp.Identity {
		return dhcp.Identity{
			OUI:          rapid.StringMatching(`([0-9A-F]{6})?`).Draw(t, "oui"),
			SerialNumber: rapid.StringMatching(`[A-Za-z0-9 .-]{0,20}`).Draw(t, "serial"),
			ProductClass: rapid.StringMatching(`[A-Za-z0-9 .-]{0,10}`).Draw(t, "class"),
		}
	})
}

func TestWhatIsEncodedIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		acs := anyACS().Draw(t, "acs")
		b, err := acs.VendorSpecific()
		if err != nil {
			t.Fatal(err)
		}
		// As dnsmasq has it, too.
		for _, sent := range [][]byte{b, append(bytes.Clone(b), 0xff)} {
			if back, err := dhcp.ParseVendorSpecific(sent); err != nil || back.ACS != acs || back.Form != dhcp.Encapsulated || back.Others != nil {
				t.Errorf("%x is read as %+v, %v", sent, back, err)
			}
		}
		if acs.URL != "" && len(b) < 255 {
			if back, err := dhcp.ParseVendorSpecific(append([]byte{byte(len(b))}, b...)); err != nil || back.ACS != acs || back.Form != dhcp.Prefixed {
				t.Errorf("after a length it is read as %+v, %v", back, err)
			}
		}
		b, err = acs.VendorOptions6()
		if back, others, wrong := dhcp.ParseVendorOptions6(b); err != nil || wrong != nil || back != acs || others != nil {
			t.Errorf("option 17: %+v, %v, %v", back, err, wrong)
		}
		v := dhcp.VendorIdentifying{ACS: acs, Gateway: anyIdentity().Draw(t, "gateway"), Device: anyIdentity().Draw(t, "device")}
		b, err = v.Encode()
		if err != nil {
			return // It does not fit into one option.
		}
		if back, err := dhcp.ParseVendorIdentifying(b); err != nil || !reflect.DeepEqual(back, v) {
			t.Errorf("option 125: %+v, %v; want %+v", back, err, v)
		}
	})
}

func FuzzOption43(f *testing.F) {
	f.Add([]byte("\x01\x1chttp://acs.example.net:7547/\x02\x08SITE-042\xff"))
	f.Add([]byte("\x28\x01\x1chttp://acs.example.net:7547/\x02\x08SITE-042"))
	f.Add([]byte("http://acs.example.net/\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := dhcp.ParseVendorSpecific(b)
		if err != nil {
			return
		}
		// What can be sent is sent the same way, and read as the same.
		sent, err := v.ACS.VendorSpecific()
		if err != nil || v.Form == dhcp.RawURL || len(v.Others) > 0 {
			return
		}
		if back, err := dhcp.ParseVendorSpecific(sent); err != nil || back.ACS != v.ACS {
			t.Errorf("%x is read as %+v, which is sent as %x and read as %+v, %v", b, v, sent, back, err)
		}
	})
}

func FuzzOption125(f *testing.F) {
	f.Add([]byte("\x00\x00\x0d\xe9\x1e\x0b\x1chttp://acs.example.net:7547/"))
	f.Add([]byte("\x00\x00\x00\x09\x01a\x00\x00\x0d\xe9\x08\x01\x0600D0EC"))
	f.Fuzz(func(t *testing.T, b []byte) {
		v, err := dhcp.ParseVendorIdentifying(b)
		if err != nil {
			return
		}
		v.Others = nil
		sent, err := v.Encode()
		if err != nil {
			return
		}
		if back, err := dhcp.ParseVendorIdentifying(sent); err != nil || !reflect.DeepEqual(back, v) {
			t.Errorf("%+v is sent as %x and read as %+v, %v", v, sent, back, err)
		}
	})
}

func FuzzVendorClasses(f *testing.F) {
	f.Add([]byte("\x00\x00\x0d\xe9\x0d\x0cdslforum.org"))
	f.Add([]byte("\x00\x00\x0d\xe9\x00\x0cdslforum.org"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, parse := range []func([]byte) ([]string, error){dhcp.ParseIdentifyingClass, dhcp.ParseVendorClass6} {
			classes, err := parse(b)
			if err != nil && classes != nil {
				t.Errorf("%x: an error, and yet %q", b, classes)
			}
			if size := len(strings.Join(classes, "")); size > len(b) {
				t.Errorf("%d bytes of %d", size, len(b))
			}
		}
	})
}

func FuzzOption17(f *testing.F) {
	f.Add([]byte("\x00\x00\x0d\xe9\x00\x01\x00\x1chttp://acs.example.net:7547/"))
	f.Fuzz(func(t *testing.T, b []byte) {
		acs, _, err := dhcp.ParseVendorOptions6(b)
		if err != nil {
			return
		}
		sent, err := acs.VendorOptions6()
		if err != nil {
			return
		}
		if back, _, err := dhcp.ParseVendorOptions6(sent); err != nil || back != acs {
			t.Errorf("%+v is sent as %x and read as %+v, %v", acs, sent, back, err)
		}
	})
}

// Whatever comes in a packet, reading it ends, and what is told to people can be shown.
func FuzzPacket(f *testing.F) {
	f.Add(uint8(43), []byte("\x01\x02hi"))
	f.Add(uint8(150), []byte{10, 9, 0, 1})
	f.Add(uint8(124), []byte("\x00\x00\x0d\xe9\x01\x1b"))
	f.Fuzz(func(t *testing.T, code uint8, content []byte) {
		p, err := dhcpv4.New(dhcpv4.WithGeneric(dhcpv4.GenericOptionCode(code), content))
		if err != nil {
			t.Fatal(err)
		}
		offer, _ := dhcp.ReadOffer(p) // The rest counts.
		for _, a := range offer.TFTPServers {
			if a == (netip.Addr{}) {
				t.Error("an address that is none")
			}
		}
		_, _ = dhcp.ReadRequest(p) // The rest counts.
		for _, version6 := range []bool{false, true} {
			statements, err := dhcp.Describe(int(code), version6, content)
			for _, s := range statements {
				if err == nil && strings.ContainsFunc(s.Value, func(r rune) bool { return r < ' ' || r > '~' }) {
					t.Errorf("%q cannot be shown", s.Value)
				}
			}
		}
	})
}
