package delivery_test

import (
	"errors"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/delivery"
)

func address(text string) netip.Addr { return netip.MustParseAddr(text) }

func TestSecretsGoToNamedNetworksOnly(t *testing.T) {
	named := []netip.Prefix{netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("2001:db8::/32")}
	for name, c := range map[string]struct {
		allow   []netip.Prefix
		address netip.Addr
		want    bool
	}{
		"10.0.0.0/8":                      {nil, address("10.1.2.3"), true},
		"172.16.0.0/12":                   {nil, address("172.31.255.255"), true},
		"192.168.0.0/16":                  {nil, address("192.168.0.1"), true},
		"loopback":                        {nil, address("127.0.0.1"), true},
		"IPv6 loopback":                   {nil, address("::1"), true},
		"link-local":                      {nil, address("169.254.1.1"), true},
		"IPv6 link-local with its zone":   {nil, address("fe80::1%eth0"), true},
		"unique local":                    {nil, address("fd12::1"), true},
		"private in the form of IPv6":     {nil, address("::ffff:10.1.2.3"), true},
		"public":                          {nil, address("203.0.113.7"), false},
		"just outside":                    {nil, address("172.32.0.0"), false},
		"public IPv6":                     {nil, address("2001:db8::1"), false},
		"unknown":                         {nil, netip.Addr{}, false},
		"named":                           {named, address("203.0.113.7"), true},
		"named IPv6":                      {named, address("2001:db8::1"), true},
		"private, where others are named": {named, address("10.1.2.3"), false},
		"any, where none is":              {[]netip.Prefix{}, address("127.0.0.1"), false},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(o *delivery.Options) { o.Allow = c.allow })
			f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
			r := files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent, Protocol: "http", Method: "GET", Host: "h", Address: c.address, At: f.now}
			opened, err := f.server.OpenRequest(t.Context(), r)
			if c.want {
				fatal(t, err)
				fatal(t, opened.Content.Close())
				return
			}
			if !errors.Is(err, files.ErrForbidden) {
				t.Fatalf("%v", err)
			}
			if last := f.history(t)[0]; last.Status != 403 || last.Device != "yealink" || !strings.Contains(last.Detail, "network") {
				t.Errorf("recorded %+v", last)
			}
			r.Path = "/y000000000066.cfg"
			if opened, err = f.server.OpenRequest(t.Context(), r); err != nil {
				t.Errorf("what holds no secrets: %v", err)
			} else {
				fatal(t, opened.Content.Close())
			}
		})
	}
}

func TestAPhoneInQuarantineGetsNoSecret(t *testing.T) {
	f := newFixture(t, nil)
	d := f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	d.Quarantined = true
	f.devices.put(d)
	for path, want := range map[string]error{
		"/001565112233.cfg": files.ErrForbidden, "/001565112233-directory.xml": files.ErrForbidden, "/001565112233.boot": nil, "/y000000000066.cfg": nil,
	} {
		if _, _, err := f.ask(t, files.Request{Path: path, UserAgent: yealinkAgent}); !errors.Is(err, want) || want == nil && err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestNothingThatIsRecordedOrLoggedHoldsASecret(t *testing.T) {
	f := newFixture(t, nil)
	f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
	f.take(t, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent})
	f.levels.Set(deviceKey("yealink"), provisioners.Entry{Path: "account.1.password", Sealed: secret.Sealed("v1.broken")})
	_, _, err := f.ask(t, files.Request{Path: "/001565112233.cfg", UserAgent: yealinkAgent})
	if err == nil || errors.Is(err, files.ErrForbidden) || errors.Is(err, files.ErrNotFound) {
		t.Fatalf("a secret that cannot be opened: %v", err)
	}
	history := f.history(t)
	if len(history) != 2 {
		t.Fatalf("recorded %v", history)
	}
	for _, fetch := range history {
		if strings.Contains(fetch.Path+fetch.Detail+fetch.UserAgent, "pass-yealink") {
			t.Errorf("recorded %+v", fetch)
		}
		if fetch.Status != 200 && (fetch.Status != 500 || fetch.Detail == "") {
			t.Errorf("recorded %+v", fetch)
		}
	}
	if strings.Contains(f.log.String(), "pass-yealink") || !strings.Contains(f.log.String(), "settings of the device") {
		t.Errorf("log: %s", f.log)
	}
}

func TestFirmwareIsGivenToAllWhoAsk(t *testing.T) {
	f := newFixture(t, nil)
	f.fleet(t)
	add := func(file files.File) {
		_, err := f.library.Add(t.Context(), file, strings.NewReader("content of "+file.Name))
		fatal(t, err)
	}
	add(files.File{Name: "fw.rom", Type: files.TypeFirmware})
	add(files.File{Name: "phone.rom"})
	add(files.File{Name: "global.rom"})
	add(files.File{Name: "secret.cfg", Type: files.TypeVendorConfiguration})
	f.set(t, globalKey(), map[string]string{"firmware.file": "global.rom"})
	f.set(t, deviceKey("yealink"), map[string]string{"firmware.file": "phone.rom"})
	for _, c := range []struct {
		path, agent string
		from        string
		want        error
	}{
		{"/firmware/fw.rom", "", "203.0.113.7", nil},
		{"firmware/fw.rom", "", "192.168.1.1", nil},
		{`\Firmware\fw.rom`, yealinkAgent, "192.168.1.1", nil},
		{"/phones//firmware/fw.rom", polyAgent, "192.168.1.1", nil},
		{"/firmware/phone.rom", yealinkAgent, "192.168.1.1", nil},
		{"/firmware/phone.rom", polyAgent, "192.168.1.1", files.ErrNotFound},
		{"/firmware/global.rom", "", "192.168.1.1", nil},
		{"/firmware/secret.cfg", yealinkAgent, "192.168.1.1", files.ErrNotFound},
		{"/firmware/missing.rom", yealinkAgent, "192.168.1.1", files.ErrNotFound},
		{"/firmware/../fw.rom", "", "192.168.1.1", files.ErrNotFound},
		{"/firmware/", "", "192.168.1.1", files.ErrNotFound},
		{"/fw.rom", "", "192.168.1.1", files.ErrNotFound},
	} {
		content, opened, err := f.ask(t, files.Request{Path: c.path, UserAgent: c.agent, Address: address(c.from)})
		if !errors.Is(err, c.want) || c.want == nil && err != nil {
			t.Errorf("%s by %q: %v", c.path, c.agent, err)
		}
		if err == nil && (content != "content of "+opened.Name || opened.Modified.IsZero()) {
			t.Errorf("%s: %q, %+v", c.path, content, opened)
		}
	}
}

func TestWhatADeviceUploadedIsNeverGiven(t *testing.T) {
	f := newFixture(t, func(o *delivery.Options) { o.Library = uploads{o.Library} })
	_, err := f.library.Add(t.Context(), files.File{Name: "log.txt", Type: files.TypeFirmware}, strings.NewReader("log"))
	fatal(t, err)
	if _, _, err := f.ask(t, files.Request{Path: "/firmware/log.txt"}); !errors.Is(err, files.ErrNotFound) {
		t.Errorf("%v", err)
	}
}

func TestACompanyDirectoryHasTheListedLinesOfTheCustomer(t *testing.T) {
	f := newFixture(t, nil)
	for _, l := range []struct {
		group, number, name string
		listed              bool
	}{
		{"reseller/acme", "10", "Berta", true}, {"reseller/acme", "11", "Anton", true}, {"reseller/acme", "12", "Hidden", false},
		{"reseller/acme/berlin", "20", "Cäsar", true}, {"reseller/other", "10", "Other", true}, {"reseller/acme-two", "10", "Two", true},
		{"", "1", "Root", true},
	} {
		f.lines.Set(provisioners.Line{LineKey: provisioners.LineKey{Group: l.group, Number: l.number}, DisplayName: l.name, Listed: l.listed})
	}
	for group, want := range map[string]string{
		"reseller/acme":        `<e n="11">Anton</e><e n="10">Berta</e><e n="20">Cäsar</e>`,
		"reseller/acme/munich": `<e n="11">Anton</e><e n="10">Berta</e><e n="20">Cäsar</e>`,
		"reseller/acme/berlin": `<e n="20">Cäsar</e>`,
		"reseller/other":       `<e n="10">Other</e>`,
		"elsewhere":            `<e n="1">Root</e>`,
		"":                     `<e n="1">Root</e>`,
	} {
		f.devices.put(device.Device{ID: "d", MAC: "00:15:65:11:22:33", Model: "T46S", Group: group})
		if got := f.take(t, files.Request{Path: "/001565112233-directory.xml"}); got != "<d>"+want+"</d>\n" {
			t.Errorf("%q: %s", group, got)
		}
	}
	if _, _, err := f.ask(t, files.Request{Path: "/001565112233-directory.xml", Address: address("203.0.113.7")}); !errors.Is(err, files.ErrForbidden) {
		t.Errorf("to a public network: %v", err)
	}
}

func TestLinksLeadToWhereThePhoneFindsItsFiles(t *testing.T) {
	configured, err := url.Parse("https://files.example.net:8443/phones")
	fatal(t, err)
	for name, c := range map[string]struct {
		filesURL *url.URL
		settings map[string]string
		request  files.Request
		want     []string
	}{
		"the host of the request": {nil, nil, files.Request{Host: "10.0.0.1:7567"}, []string{"base = http://10.0.0.1:7567/\n", "directory = http://10.0.0.1:7567/001565112233-directory.xml\n"}},
		"over TLS":                {nil, nil, files.Request{Host: "a.example", Protocol: "https"}, []string{"base = https://a.example/\n"}},
		"over TFTP":               {nil, nil, files.Request{Host: "10.0.0.1", Protocol: "tftp"}, []string{"base = tftp://10.0.0.1/\n"}},
		"IPv6":                    {nil, nil, files.Request{Host: "[fd00::1]:80"}, []string{"base = http://[fd00::1]:80/\n"}},
		"a host that cannot be":   {nil, nil, files.Request{Host: "a b\"<c>"}, []string{"base = \n", "directory = \n"}},
		"the configured one":      {configured, nil, files.Request{}, []string{"base = https://files.example.net:8443/phones/\n"}},
		"that of the settings":    {configured, map[string]string{"provisioning.url": "http://own.example/x"}, files.Request{}, []string{"base = http://own.example/x/\n"}},
		"firmware":                {nil, map[string]string{"firmware.file": "a b.rom"}, files.Request{Host: "h"}, []string{"firmware = http://h/firmware/a%20b.rom\n"}},
		"firmware elsewhere":      {nil, map[string]string{"firmware.file": "a.rom", "firmware.url": "http://fw.example/b.rom"}, files.Request{Host: "h"}, []string{"firmware = http://fw.example/b.rom\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, func(o *delivery.Options) { o.FilesURL = c.filesURL })
			f.phone(t, "yealink", "00:15:65:11:22:33", "T46S")
			f.set(t, globalKey(), c.settings)
			c.request.Path = "/001565112233.cfg"
			content := f.take(t, c.request)
			for _, want := range c.want {
				if !strings.Contains(content, want) {
					t.Errorf("content %q lacks %q", content, want)
				}
			}
		})
	}
}
