package filephone

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// exampleHeld is what every vendor's example files say, as far as the vendor can.
func exampleHeld(v Vendor, url string) Held {
	h := Held{
		Accounts: []Account{
			{
				N: 1, User: "41", AuthUser: "auth41", Password: "p#41=x", DisplayName: "Sales desk = 1", Label: "Sales", Registrar: "sip.example.net", Port: 5061,
				OutboundProxy: "edge.example.net:5070", Transport: "tls", Expires: 600,
			},
			{N: 2, User: "42", AuthUser: "42", Password: "p42", DisplayName: "Door", Registrar: "sip.example.net", Port: 5060, Transport: "udp", Expires: 3600},
		},
		VLAN: VLAN{ID: 120, Priority: 5},
		Clock: Clock{
			Known: true, Offset: 3600, NTP: "ntp.example.net",
			Daylight: &Daylight{Start: Change{Month: 3, Week: 5, Hour: 2}, End: Change{Month: 10, Week: 5, Hour: 3}, Save: 60},
		},
		Keys: []Key{
			{N: 1, Type: "line", Label: "Sales", Account: 1},
			{N: 2, Type: "blf", Value: "43", Label: "Store", Account: 1},
			{N: 3, Type: "speedDial", Value: "0305550100", Label: "Berlin", Account: 1},
		},
		AdminPassword: "open-sesame", ProvisioningURL: "http://files.example.net/", Interval: 3600,
	}
	switch v {
	case Poly:
		h.VLAN.Priority, h.Keys[1].Account, h.Keys[2].Account = -1, 0, 0
		h.ProvisioningURL, h.FirmwareURL = "", "sip.ld"
	case Cisco:
		h.VLAN.Priority, h.ProvisioningURL = -1, url+"/$MAU.xml"
	case Grandstream:
		h.ProvisioningURL = "http://files.example.net"
	}
	return h
}

func TestAPhoneOfEachVendorHoldsWhatItsFilesSay(t *testing.T) {
	for _, v := range Vendors() {
		t.Run(string(v), func(t *testing.T) {
			s := newShelf(t, example(t, v))
			p := phoneOf(t, v, s.URL)
			if outcome := start(t, p); !outcome.Changed {
				t.Error("the first files count as unchanged")
			}
			if got, want := p.Held(), exampleHeld(v, s.URL); !reflect.DeepEqual(got, want) {
				t.Errorf("holds %+v\nwant  %+v", got, want)
			}
			if outcome := start(t, p); outcome.Changed {
				t.Error("the same files count as changed")
			}
			if got, want := p.Held(), exampleHeld(v, s.URL); !reflect.DeepEqual(got, want) {
				t.Errorf("after a restart holds %+v\nwant  %+v", got, want)
			}
		})
	}
}

func TestAPhoneWithoutFilesHoldsNothing(t *testing.T) {
	for _, v := range Vendors() {
		p := phoneOf(t, v, newShelf(t, nil).URL)
		if _, err := p.Start(context.Background()); !errors.Is(err, ErrNoFile) {
			t.Errorf("%s: error %v, want ErrNoFile", v, err)
		}
		if h := p.Held(); len(h.Accounts) > 0 || len(h.Keys) > 0 || h.Clock.Known || h.VLAN.ID != 0 {
			t.Errorf("%s: holds %+v", v, h)
		}
	}
}

func TestAPhoneAsksAsItsVendorDoes(t *testing.T) {
	want := map[Vendor]string{
		Yealink:     "Yealink SIP-T46S 66.86.0.15 00:15:65:11:22:33",
		Poly:        "FileTransport PolycomVVX-VVX_410-UA/5.9.5.0614 Type/Updater",
		Snom:        "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413112233 SXM:0 UXM:0)",
		Grandstream: "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad112233",
		Cisco:       "Cisco-CP-8851-3PCC/12.0.1 (d0ec35112233)",
	}
	for _, v := range Vendors() {
		s := newShelf(t, example(t, v))
		start(t, phoneOf(t, v, s.URL))
		if got := s.asked[0].userAgent; got != want[v] {
			t.Errorf("%s asks as %q, want %q", v, got, want[v])
		}
		if last := s.asked[len(s.asked)-1].userAgent; v == Poly && !strings.HasSuffix(last, " Type/Application") {
			t.Errorf("the application of a Poly asks as %q", last)
		}
	}
}

func TestAConditionalPhoneKeepsWhatTheServerSaysIsUnchanged(t *testing.T) {
	for _, v := range Vendors() {
		s := newShelf(t, example(t, v))
		p, err := New(Config{Vendor: v, MAC: v.OUI() + "112233", Files: s.URL, Conditional: true})
		if err != nil {
			t.Fatal(err)
		}
		start(t, p)
		s.forget()
		outcome := start(t, p)
		for _, a := range s.asked {
			if a.status == 200 {
				t.Errorf("%s was given %s again", v, a.name)
			}
		}
		if outcome.Changed || !reflect.DeepEqual(p.Held(), exampleHeld(v, s.URL)) {
			t.Errorf("%s: changed %v, holds %+v", v, outcome.Changed, p.Held())
		}
	}
}

func TestAPhoneThatIsRefusedAFileSaysSo(t *testing.T) {
	for _, v := range Vendors() {
		s := newShelf(t, nil)
		for name := range example(t, v) {
			s.refused[name] = 403
		}
		_, err := phoneOf(t, v, s.URL).Start(context.Background())
		var status *StatusError
		if !errors.As(err, &status) || status.Status != 403 {
			t.Errorf("%s: error %v, want status 403", v, err)
		}
	}
}

func TestAPhoneRefusesWhatIsNotItsFormat(t *testing.T) {
	for _, c := range []struct {
		vendor        Vendor
		name, content string
		line          int
	}{
		{Yealink, "001565112233.cfg", "account.1.enable = 1\n", 1},
		{Yealink, "001565112233.cfg", "#!version:1.0.0.1\naccount.1.enable = 1\nDoor\n", 3},
		{Yealink, "001565112233.cfg", "#!version:1.0.0.1\naccount 1 = 1\n", 2},
		{Yealink, "001565112233.cfg", "#!version:1.0.0.1\naccount.1.label = a\x00b\n", 2},
		{Yealink, "001565112233.cfg", "#!version:1.0.0.1\naccount.1.label = \xff\n", 0},
		{Yealink, "001565112233.boot", "#!version:1.0.0.1\ninclude:config 001565112233.cfg\n", 2},
		{Poly, "0004f2112233.cfg", "<polycomConfig/>", 1},
		{Poly, "0004f2112233.cfg", "", 0},
		{Poly, "0004f2112233-user.cfg", "<polycomConfig>\n<a reg.1.address=\"1\"\n", 3},
		{Poly, "0004f2112233-user.cfg", "<polycomConfig>\n<a reg.1.label=\"1\" reg.1.label=\"2\"/></polycomConfig>", 2},
		{Poly, "0004f2112233-directory.xml", "<directory><item_list><item><sd>1</sd></item></item_list></directory>", 1},
		{Snom, "000413112233.xml", "<settings>\n<phone-settings>", 2},
		{Snom, "000413112233.xml", "<settings><phone-settings/></settings><settings/>", 1},
		{Snom, "000413112233.xml", "<html><body>Sign in</body></html>", 1},
		{Snom, "000413112233.xml", "<settings><phone-settings><user_name idx=\"x\">1</user_name></phone-settings></settings>", 1},
		{Snom, "000413112233.xml", "<settings><functionKeys><fkey>line</fkey></functionKeys></settings>", 1},
		{Grandstream, "cfgc074ad112233.xml", "<gs_provision><mac>c074ad000000</mac><config version=\"1\"/></gs_provision>", 1},
		{Grandstream, "cfgc074ad112233.xml", "<gs_provision><config version=\"3\"/></gs_provision>", 1},
		{Grandstream, "cfgc074ad112233.xml", "<gs_provision><config version=\"1\"><X1>1</X1></config></gs_provision>", 1},
		{Grandstream, "cfgc074ad112233", "no binary file", 0},
		{Cisco, "8851-3PCC.xml", "<flat-profile><Line_Enable_1_ ua=\"maybe\">Yes</Line_Enable_1_></flat-profile>", 1},
		{Cisco, "8851-3PCC.xml", "<profile/>", 1},
		{Cisco, "8851-3PCC.xml", "<flat-profile>\n<A>1</B></flat-profile>", 2},
	} {
		s := newShelf(t, example(t, c.vendor))
		s.put(c.name, c.content)
		_, err := phoneOf(t, c.vendor, s.URL).Start(context.Background())
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.HasSuffix(refused.File, "/"+c.name) || refused.Line != c.line {
			t.Errorf("%s takes %s with %q: error %v, want a refusal of line %d", c.vendor, c.name, c.content, err, c.line)
		}
	}
}

func TestNewNamesWhatIsWrong(t *testing.T) {
	for field, config := range map[string]Config{
		"MAC":    {Vendor: Snom, MAC: "00041311223", Files: "http://x/"},
		"Files":  {Vendor: Snom, MAC: "000413112233", Files: "ftp://x/"},
		"vendor": {Vendor: "acme", MAC: "000413112233", Files: "http://x/"},
	} {
		if _, err := New(config); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("error %v, want one about %s", err, field)
		}
	}
	p, err := New(Config{Vendor: Snom, MAC: "00:04:13-AA:bb:CC", Files: "http://x/"})
	if err != nil || p.MAC() != "000413aabbcc" {
		t.Errorf("MAC %v, error %v", p, err)
	}
}

func TestWithoutSecretsHasNoPassword(t *testing.T) {
	before := exampleHeld(Yealink, "")
	after := before.WithoutSecrets()
	if after.AdminPassword != "" || after.Accounts[0].Password != "" || after.Accounts[1].Password != "" || after.Accounts[0].User != "41" {
		t.Errorf("still has %+v", after)
	}
	if before.Accounts[0].Password == "" {
		t.Error("the original lost its password")
	}
}
