package delivery_test

import (
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

const (
	yealinkAgent     = "Yealink SIP-T46S 66.86.0.15 00:15:65:11:22:33"
	polyAgent        = "FileTransport PolycomVVX-VVX_410-UA/5.9.5.0614 Type/Application"
	snomAgent        = "Mozilla/4.0 (compatible; snomD785-SIP 10.1.33.33 2010.12-00004-g9ba52f5 000413112233 SXM:0 UXM:0)"
	oldSnomAgent     = "Mozilla/4.0 (compatible; snom320-SIP 8.4.18 1.1.3-s)"
	grandstreamAgent = "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad112233"
	ciscoAgent       = "Cisco-CP-8841-3PCC/11.0.1 (00562b112233)"
	ataAgent         = "Cisco/ATA191-MPP-11-1-0-MSR4 (FCH2443D9R4)"
)

// fleet adds a phone of each maker.
func (f *fixture) fleet(t testing.TB) {
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.phone(t, "poly", "00:04:f2:11:22:33", "VVX 410")
	f.phone(t, "snom", "00:04:13:11:22:33", "D785")
	f.phone(t, "grandstream", "c0:74:ad:11:22:33", "GRP2614")
	f.phone(t, "cisco", "00:56:2b:11:22:33", "CP-8841-3PCC")
	d := f.phone(t, "ata", "00:56:2b:44:55:66", "ATA191")
	d.SerialNumber = "FCH2443D9R4"
	f.devices.put(d)
}

func TestAPhoneGetsItsFileHoweverItAsks(t *testing.T) {
	f := newFixture(t, nil)
	f.fleet(t)
	for name, c := range map[string]struct {
		path, agent string
		query       url.Values
		// want is the id of the device whose settings the file has.
		want string
	}{
		"Yealink, MAC in the path":         {path: "/001565112233.cfg", agent: yealinkAgent, want: "yealink"},
		"Yealink, over TFTP":               {path: "001565112233.cfg", want: "yealink"},
		"Yealink, doubled slashes":         {path: "//001565112233.cfg", agent: yealinkAgent, want: "yealink"},
		"Yealink, turned slashes":          {path: `\phones\001565112233.cfg`, agent: yealinkAgent, want: "yealink"},
		"Yealink, below folders":           {path: "/a/b//001565112233.cfg", agent: yealinkAgent, want: "yealink"},
		"Yealink, in upper case":           {path: "/001565112233.CFG", agent: yealinkAgent, want: "yealink"},
		"Yealink, by the query":            {path: "/provision/", query: url.Values{"mac": {"001565112233"}}, want: "yealink"},
		"Yealink, by the query, any case":  {path: "/provision", query: url.Values{"MAC": {"00-15-65-11-22-33"}}, agent: yealinkAgent, want: "yealink"},
		"curl":                             {path: "/001565112233.cfg", agent: "curl/8.14.1", want: "yealink"},
		"Poly, no MAC in the User-Agent":   {path: "/0004f2112233-user.cfg", agent: polyAgent, want: "poly"},
		"Poly, updater":                    {path: "/0004f2112233-user.cfg", agent: "FileTransport PolycomVVX-VVX_410-UA/4.1.4.7430 Type/Updater", want: "poly"},
		"Snom":                             {path: "/snomD785-000413112233.htm", agent: snomAgent, want: "snom"},
		"Snom, lower case":                 {path: "/snomd785-000413112233.htm", agent: snomAgent, want: "snom"},
		"Grandstream":                      {path: "/cfgc074ad112233.xml", agent: grandstreamAgent, want: "grandstream"},
		"Cisco":                            {path: "/00562b112233.xml", agent: ciscoAgent, want: "cisco"},
		"Cisco ATA, by the path":           {path: "/00562b445566.xml", agent: ataAgent, want: "ata"},
		"Cisco ATA, by the serial number":  {path: "/provision/", query: url.Values{"mac": {"00562b445566"}}, agent: ataAgent, want: "ata"},
		"Yealink, by the path in a folder": {path: "/Yealink/001565112233.cfg", want: "yealink"},
	} {
		t.Run(name, func(t *testing.T) {
			content, opened, err := f.ask(t, files.Request{Path: c.path, UserAgent: c.agent, Query: c.query})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(content, "user1 = user-"+c.want+"\npassword1 = pass-"+c.want+"\n") {
				t.Errorf("content %q", content)
			}
			if len(opened.ETag) != 66 || opened.Name == "" || opened.ContentType == "" {
				t.Errorf("%+v", opened)
			}
		})
	}
}

func TestAPhoneIsKnownByItsUserAgentSerialNumberOrAddress(t *testing.T) {
	f := newFixture(t, nil)
	f.fleet(t)
	for name, c := range map[string]struct{ path, agent, want string }{
		"by the User-Agent":                    {"/y000000000066.cfg", yealinkAgent, "yealink"},
		"by a User-Agent in another form":      {"/y000000000066.cfg", "Yealink SIP-T46S 58.80.0.25 001565112233", "yealink"},
		"by the serial number":                 {"/ATA191-3PCC.xml", ataAgent, "ata"},
		"by the User-Agent, Cisco":             {"/8841-3PCC.xml", ciscoAgent, "cisco"},
		"by the User-Agent, Snom":              {"/snomD785.htm", snomAgent, "snom"},
		"not by a User-Agent without a MAC":    {"/snom320.htm", oldSnomAgent, ""},
		"not by a serial number of a stranger": {"/ATA191-3PCC.xml", strings.Replace(ataAgent, "FCH", "XXX", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			f.take(t, files.Request{Path: c.path, UserAgent: c.agent})
			if got := f.history(t)[0].Device; string(got) != c.want {
				t.Errorf("the device is %q, want %q", got, c.want)
			}
			f.now = f.now.Add(1e9)
		})
	}
}

func TestTwoPhonesOfOneSerialNumberAreNeither(t *testing.T) {
	f := newFixture(t, nil)
	for _, id := range []string{"a", "b"} {
		d := f.phone(t, id, "", "ATA191")
		d.SerialNumber = "FCH2443D9R4"
		f.devices.put(d)
	}
	f.take(t, files.Request{Path: "/ATA191-3PCC.xml", UserAgent: ataAgent})
	if got := f.history(t)[0].Device; got != "" {
		t.Errorf("the device is %q", got)
	}
}

// certificate is one as Cisco puts it into its phones.
func certificate(model, serial, mac string) *x509.Certificate {
	subject := pkix.Name{OrganizationalUnit: []string{model}, Locality: []string{serial}, Province: []string{mac}}
	for _, one := range []struct {
		id    asn1.ObjectIdentifier
		value string
	}{{asn1.ObjectIdentifier{2, 5, 4, 11}, model}, {asn1.ObjectIdentifier{2, 5, 4, 7}, serial}, {asn1.ObjectIdentifier{2, 5, 4, 8}, mac}} {
		subject.Names = append(subject.Names, pkix.AttributeTypeAndValue{Type: one.id, Value: one.value})
	}
	return &x509.Certificate{Subject: subject}
}

func TestAPhoneIsKnownByItsCertificate(t *testing.T) {
	f := newFixture(t, nil)
	f.fleet(t)
	own := certificate("CP-8841-3PCC", "88012BA01234", "00562b112233")
	f.take(t, files.Request{Path: "/8841-3PCC.xml", Protocol: "https", Certificate: own})
	if got := f.history(t)[0].Device; got != "cisco" {
		t.Errorf("the device is %q", got)
	}
	if content := f.take(t, files.Request{Path: "/00562b112233.xml", Protocol: "https", Certificate: own}); !strings.Contains(content, "pass-cisco") {
		t.Errorf("its own file: %q", content)
	}
	_, _, err := f.ask(t, files.Request{Path: "/00562b445566.xml", Protocol: "https", Certificate: own})
	if !errors.Is(err, files.ErrForbidden) {
		t.Errorf("the file of another: %v", err)
	}
}

func TestAPhoneOfAnotherMakerIsRefused(t *testing.T) {
	f := newFixture(t, nil)
	f.fleet(t)
	f.phone(t, "unsaid", "00:15:65:44:44:44", "")
	for name, r := range map[string]files.Request{
		"than that of the model":           {Path: "/001565112233.cfg", UserAgent: snomAgent},
		"than that of the MAC address":     {Path: "/snomD785-001565444444.htm", UserAgent: strings.Replace(snomAgent, "000413112233", "001565444444", 1)},
		"which asks for its own kind":      {Path: "/snomD785-001565112233.htm", UserAgent: oldSnomAgent},
		"also for what everybody may have": {Path: "/y000000000066.cfg", UserAgent: strings.Replace(snomAgent, "000413112233", "001565112233", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			f.now = f.now.Add(1e9)
			_, _, err := f.ask(t, r)
			if !errors.Is(err, files.ErrForbidden) {
				t.Fatalf("%v", err)
			}
			last := f.history(t)[0]
			if last.Status != 403 || last.Device == "" || !strings.Contains(last.Detail, "snom") || last.Complete || last.Digest != "" {
				t.Errorf("recorded %+v", last)
			}
		})
	}
}

func TestTheModelThatTheRequestNamesServesADeviceWithoutOne(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "new", "00:15:65:11:22:33", "")
	if content := f.take(t, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent}); !strings.Contains(content, "pass-new") {
		t.Errorf("%q", content)
	}
	_, _, err := f.ask(t, files.Request{Path: "/001565112233.cfg", Protocol: "tftp"})
	if !errors.Is(err, files.ErrNotFound) || !strings.Contains(err.Error(), "no pack serves the model") {
		t.Errorf("where nothing names the model: %v", err)
	}
	if content := f.take(t, files.Request{Path: "y000000000066.cfg", Protocol: "tftp"}); !strings.Contains(content, "zone =") {
		t.Errorf("what is the same for all: %q", content)
	}
}

func TestAStrangerGetsWhatIsTheSameForAll(t *testing.T) {
	f := newFixture(t, nil)
	f.set(t, globalKey(), map[string]string{"time.zone": "Europe/Berlin", "admin.password": "global-secret", "firmware.file": "fw.rom"})
	for name, c := range map[string]struct{ path, agent, want string }{
		"Yealink":              {"/y000000000066.cfg", "Yealink SIP-T46S 66.86.0.15 00:15:65:99:99:99", "zone = Europe/Berlin"},
		"Yealink, upper case":  {"/Y000000000066.CFG", "", "zone = Europe/Berlin"},
		"Poly":                 {"/000000000000.cfg", polyAgent, "zone = Europe/Berlin"},
		"Snom":                 {"/snom320.htm", oldSnomAgent, "zone = Europe/Berlin"},
		"Cisco":                {"/8841-3PCC.xml", ciscoAgent, "zone = Europe/Berlin"},
		"Grandstream":          {"/cfggrp2614.xml", grandstreamAgent, "zone = Europe/Berlin"},
		"a fixed file":         {"/ring.wav", "Yealink SIP-T46S 66.86.0.15 00:15:65:99:99:99", "RIFF....WAVE"},
		"a link to firmware":   {"/y000000000066.cfg", "", "firmware = http://files.example:7567/firmware/fw.rom"},
		"over TFTP, links too": {"snom320.htm", "", "base = http://files.example:7567/"},
	} {
		t.Run(name, func(t *testing.T) {
			if content := f.take(t, files.Request{Path: c.path, UserAgent: c.agent}); !strings.Contains(content, c.want) || strings.Contains(content, "secret") {
				t.Errorf("content %q", content)
			}
		})
	}
	for name, c := range map[string]struct{ path, agent string }{
		"the file of a phone":             {"/001565999999.cfg", "Yealink SIP-T46S 66.86.0.15 00:15:65:99:99:99"},
		"what another maker's phones ask": {"/000000000000.cfg", "Yealink SIP-T46S 66.86.0.15 00:15:65:99:99:99"},
		"what leaves the folder":          {"/../y000000000066.cfg", ""},
		"a path with NUL":                 {"/y000000000066.cfg\x00", ""},
		"nothing":                         {"", ""},
		"a folder":                        {"/", yealinkAgent},
		"the directory of a customer":     {"/001565999999-directory.xml", ""},
		"what no phone asks for":          {"/favicon.ico", "Mozilla/5.0"},
		"a path that is too long":         {"/" + strings.Repeat("a/", 5000) + "y000000000066.cfg", ""},
	} {
		t.Run("not "+name, func(t *testing.T) {
			if content, _, err := f.ask(t, files.Request{Path: c.path, UserAgent: c.agent}); !errors.Is(err, files.ErrNotFound) {
				t.Errorf("%q, %v", content, err)
			}
		})
	}
}

func TestARecordOfAddressesTellsWhoAsks(t *testing.T) {
	f := newFixture(t, func(o *optionsOf) { o.Leases = leases{"192.168.1.50": "00:15:65:11:22:33"} })
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.take(t, files.Request{Path: "y000000000066.cfg", Protocol: "tftp"})
	if got := f.history(t)[0].Device; got != device.ID("yealink") {
		t.Errorf("the device is %q", got)
	}
}
