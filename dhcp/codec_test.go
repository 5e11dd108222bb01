package dhcp_test

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/dhcp"
)

const (
	exampleURL = "http://acs.example.net:7547/"
	// exampleURLDigits are the 28 bytes of exampleURL.
	exampleURLDigits = "687474703a2f2f6163732e6578616d706c652e6e65743a373534372f"
	// siteDigits are the 8 bytes of SITE-042.
	siteDigits = "534954452d303432"
)

func unhex(t *testing.T, digits string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", "|", "").Replace(digits))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOption43IsByteByByteWhatServersWereSeenToSend(t *testing.T) {
	for name, c := range map[string]struct {
		acs  dhcp.ACS
		want string
	}{
		"URL and code": {dhcp.ACS{URL: exampleURL, ProvisioningCode: "SITE-042"}, "01 1c " + exampleURLDigits + " 02 08 " + siteDigits},
		"retry timing": {dhcp.ACS{RetryMinimumWait: 5, RetryMultiplier: 2000}, "03 01 35 04 04 32 30 30 30"},
		"nothing":      {dhcp.ACS{}, ""},
	} {
		got, err := c.acs.VendorSpecific()
		if want := unhex(t, c.want); err != nil || !reflect.DeepEqual(append([]byte{}, got...), append([]byte{}, want...)) {
			t.Errorf("%s: %x, %v; want %x", name, got, err, want)
		}
	}
}

func TestOption43IsReadAsItReallyComes(t *testing.T) {
	want := dhcp.ACS{URL: exampleURL, ProvisioningCode: "SITE-042"}
	plain := "01 1c " + exampleURLDigits + " 02 08 " + siteDigits
	for name, c := range map[string]struct {
		digits string
		want   dhcp.VendorSpecific
	}{
		"plain":                          {plain, dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: want}},
		"with 0xFF at the end":           {plain + "ff", dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: want}},
		"with anything behind 0xFF":      {plain + "ff 00 00 17", dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: want}},
		"values with a NUL":              {"01 1d " + exampleURLDigits + "00 02 09 " + siteDigits + "00", dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: want}},
		"in another order":               {"02 08 " + siteDigits + "01 1c" + exampleURLDigits, dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: want}},
		"after a length":                 {"28" + plain, dhcp.VendorSpecific{Form: dhcp.Prefixed, ACS: want}},
		"after a length, with 0xFF":      {"28" + plain + "ff", dhcp.VendorSpecific{Form: dhcp.Prefixed, ACS: want}},
		"after a length that counts FF":  {"29" + plain + "ff", dhcp.VendorSpecific{Form: dhcp.Prefixed, ACS: want}},
		"a URL alone":                    {exampleURLDigits, dhcp.VendorSpecific{Form: dhcp.RawURL, URL: exampleURL}},
		"a URL with a NUL and 0xFF":      {exampleURLDigits + "00ff", dhcp.VendorSpecific{Form: dhcp.RawURL, URL: exampleURL}},
		"retry timing":                   {"03 01 35 04 04 32303030", dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: dhcp.ACS{RetryMinimumWait: 5, RetryMultiplier: 2000}}},
		"retry timing that is none":      {"03 02 2d35 04 01 39", dhcp.VendorSpecific{Form: dhcp.Encapsulated}},
		"sub-options of another":         {"42 02 6869", dhcp.VendorSpecific{Form: dhcp.Encapsulated, Others: []dhcp.SubOption{{Code: 66, Value: []byte("hi")}}}},
		"one that looks like a length":   {"02 01 41", dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: dhcp.ACS{ProvisioningCode: "A"}}},
		"the ACS, though a length could": {"01 1c " + exampleURLDigits, dhcp.VendorSpecific{Form: dhcp.Encapsulated, ACS: dhcp.ACS{URL: exampleURL}}},
		"nothing":                        {"", dhcp.VendorSpecific{Form: dhcp.Encapsulated}},
	} {
		got, err := dhcp.ParseVendorSpecific(unhex(t, c.digits))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
	for name, digits := range map[string]string{"cut off": "01 1c 6874", "a code alone": "01", "a length that is wrong": "29" + plain} {
		if got, err := dhcp.ParseVendorSpecific(unhex(t, digits)); !errors.Is(err, dhcp.ErrMalformed) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
}

func TestOption125IsByteByByteWhatServersWereSeenToSend(t *testing.T) {
	acs := dhcp.ACS{URL: exampleURL, ProvisioningCode: "SITE-042"}
	for name, c := range map[string]struct {
		value dhcp.VendorIdentifying
		want  string
	}{
		"the ACS":  {dhcp.VendorIdentifying{ACS: acs}, "00000de9 28 0b1c" + exampleURLDigits + "0c08" + siteDigits},
		"a device": {dhcp.VendorIdentifying{Device: dhcp.Identity{OUI: "00D0EC", SerialNumber: "S1", ProductClass: "C"}}, "00000de9 0f 0106303044304543 02025331 030143"},
		"a gateway and retry timing": {dhcp.VendorIdentifying{Gateway: dhcp.Identity{OUI: "00D0EC", SerialNumber: "S1", ProductClass: "C"}, ACS: dhcp.ACS{RetryMinimumWait: 5, RetryMultiplier: 2000}},
			"00000de9 18 0406303044304543 05025331 060143 0d0135 0e0432303030"},
	} {
		got, err := c.value.Encode()
		if want := unhex(t, c.want); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %x, %v; want %x", name, got, err, want)
		}
		back, err := dhcp.ParseVendorIdentifying(got)
		if err != nil || !reflect.DeepEqual(back, c.value) {
			t.Errorf("%s: read back as %+v, %v", name, back, err)
		}
	}
}

func TestOption125OfOtherEnterprisesIsPassedOver(t *testing.T) {
	got, err := dhcp.ParseVendorIdentifying(unhex(t, "00000009 03 0b0141 00000de9 04 0b014200 00000de9 06 0c0143 6f0144"))
	if err == nil {
		t.Errorf("a sub-option is cut off, and yet it is read as %+v", got)
	}
	got, err = dhcp.ParseVendorIdentifying(unhex(t, "00000009 03 0b0141 00000de9 03 0b0142 00000de9 06 0c0143 6f0144"))
	want := dhcp.VendorIdentifying{ACS: dhcp.ACS{URL: "B", ProvisioningCode: "C"}, Others: []dhcp.SubOption{{Code: 111, Value: []byte("D")}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, digits := range []string{"00000de9", "00000de9 05 0b0142", "00000d", "00000de9 ff"} {
		if _, err := dhcp.ParseVendorIdentifying(unhex(t, digits)); !errors.Is(err, dhcp.ErrMalformed) {
			t.Errorf("%s: %v", digits, err)
		}
	}
}

func TestOption17OfDHCPv6HasTheSameSubOptions(t *testing.T) {
	acs := dhcp.ACS{URL: exampleURL, ProvisioningCode: "SITE-042", RetryMinimumWait: 5, RetryMultiplier: 2000}
	got, err := acs.VendorOptions6()
	want := unhex(t, "00000de9 0001001c"+exampleURLDigits+"00020008"+siteDigits+"0003000135 0004000432303030")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%x, %v; want %x", got, err, want)
	}
	back, others, err := dhcp.ParseVendorOptions6(got)
	if err != nil || back != acs || others != nil {
		t.Errorf("read back as %+v, %v, %v", back, others, err)
	}
	if other, _, err := dhcp.ParseVendorOptions6(unhex(t, "00000009 00010001 41")); err != nil || !other.IsZero() {
		t.Errorf("another enterprise: %+v, %v", other, err)
	}
	for _, digits := range []string{"", "00000d", "00000de9 0001", "00000de9 0001000241"} {
		if _, _, err := dhcp.ParseVendorOptions6(unhex(t, digits)); !errors.Is(err, dhcp.ErrMalformed) {
			t.Errorf("%q: %v", digits, err)
		}
	}
}

func TestVendorClassesAreKnown(t *testing.T) {
	for class, want := range map[string]bool{"dslforum.org": true, "x dslforum.org/2": true, "DSLFORUM.ORG": false, "": false} {
		if dhcp.IsTR069Class(class) != want {
			t.Errorf("%q: %t", class, !want)
		}
	}
	for class, want := range map[string]string{
		"Cisco Systems, Inc. IP Phone CP-8851-3PCC\x00": "CP-8851-3PCC", "Cisco Systems, Inc. IP Phone CP-8851-3PCC": "CP-8851-3PCC",
		"Cisco Systems, Inc. IP Phone CP-8851": "", "dslforum.org": "",
	} {
		if got, ok := dhcp.CiscoModel(class); got != want || ok != (want != "") {
			t.Errorf("%q is the model %q, %t", class, got, ok)
		}
	}
	if class := dhcp.CiscoClass("CP-8851-3PCC"); hex.EncodeToString([]byte(class)) != "436973636f2053797374656d732c20496e632e2049502050686f6e652043502d383835312d3350434300" {
		t.Errorf("%x", class)
	}
}

func TestVendorClassesOf124AndOfDHCPv6AreReadBack(t *testing.T) {
	b, err := dhcp.EncodeIdentifyingClass("dslforum.org")
	if want := unhex(t, "00000de9 0d 0c 64736c666f72756d2e6f7267"); err != nil || !reflect.DeepEqual(b, want) {
		t.Errorf("option 124: %x, %v", b, err)
	}
	for name, digits := range map[string]string{"as the RFC has it": hex.EncodeToString(b), "without the inner length": "00000de9 0c 64736c666f72756d2e6f7267", "after another": "00000009 01 41" + hex.EncodeToString(b)} {
		if got, err := dhcp.ParseIdentifyingClass(unhex(t, digits)); err != nil || !reflect.DeepEqual(got, []string{"dslforum.org"}) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	b, err = dhcp.EncodeVendorClass6("dslforum.org")
	if want := unhex(t, "00000de9 000c 64736c666f72756d2e6f7267"); err != nil || !reflect.DeepEqual(b, want) {
		t.Errorf("option 16: %x, %v", b, err)
	}
	if got, err := dhcp.ParseVendorClass6(b); err != nil || !reflect.DeepEqual(got, []string{"dslforum.org"}) {
		t.Errorf("option 16: %q, %v", got, err)
	}
	for _, digits := range []string{"00000de9", "00000de9 0d 0c"} {
		if _, err := dhcp.ParseIdentifyingClass(unhex(t, digits)); !errors.Is(err, dhcp.ErrMalformed) {
			t.Errorf("%s: %v", digits, err)
		}
	}
	if _, err := dhcp.ParseVendorClass6(unhex(t, "00000de9 0003 61")); !errors.Is(err, dhcp.ErrMalformed) {
		t.Errorf("a class that is cut off: %v", err)
	}
	for name, encode := range map[string]func(string) ([]byte, error){"124": dhcp.EncodeIdentifyingClass, "16": dhcp.EncodeVendorClass6} {
		if b, err := encode(strings.Repeat("a", 256)); err == nil {
			t.Errorf("option %s takes a class that is too long: %x", name, b)
		}
	}
}

func TestWhatCannotBeSentIsRefusedByItsName(t *testing.T) {
	long := "http://acs.example.net/" + strings.Repeat("a", 233)
	for field, acs := range map[string][]dhcp.ACS{
		"acsUrl": {
			{URL: "acs.example.net"}, {URL: "ftp://acs.example.net/"}, {URL: "http:///x"}, {URL: "http://u:p@acs.example.net/"}, {URL: long},
			{URL: "http://acs.example.net/\"\nx"}, {URL: `http://acs.example.net/\`}, {URL: "http://acs.example.net/ x"}, {URL: "http://äcs.example.net/"}, {URL: "http://acs.example.net/\x00"},
		},
		"provisioningCode": {{ProvisioningCode: "a\nb"}, {ProvisioningCode: `a"b`}, {ProvisioningCode: "a'b"}, {ProvisioningCode: `a\b`}, {ProvisioningCode: "ü"}, {ProvisioningCode: strings.Repeat("a", 65)}},
		"retryMinimumWait": {{RetryMinimumWait: -1}, {RetryMinimumWait: 65536}},
		"retryMultiplier":  {{RetryMultiplier: 999}, {RetryMultiplier: 65536}, {RetryMultiplier: -1}},
	} {
		for _, a := range acs {
			for name, err := range map[string]error{"43": second(a.VendorSpecific()), "17": second(a.VendorOptions6()), "125": second(dhcp.VendorIdentifying{ACS: a}.Encode())} {
				var refused *dhcp.FieldError
				if !errors.As(err, &refused) || refused.Field != field {
					t.Errorf("%s of %+v: %v", name, a, err)
				}
				if err != nil && a.URL != "" && strings.Contains(err.Error(), a.URL) {
					t.Errorf("the error repeats the value: %v", err)
				}
			}
		}
	}
	for field, v := range map[string]dhcp.VendorIdentifying{
		"deviceOui": {Device: dhcp.Identity{OUI: "00d0ec"}}, "gatewaySerialNumber": {Gateway: dhcp.Identity{SerialNumber: strings.Repeat("1", 65)}}, "gatewayProductClass": {Gateway: dhcp.Identity{ProductClass: "\x01"}},
		"acsUrl": {Gateway: dhcp.Identity{SerialNumber: strings.Repeat("1", 64)}, ACS: dhcp.ACS{URL: "http://acs.example.net/" + strings.Repeat("a", 200)}},
	} {
		var refused *dhcp.FieldError
		if _, err := v.Encode(); !errors.As(err, &refused) || refused.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func second(_ []byte, err error) error { return err }
