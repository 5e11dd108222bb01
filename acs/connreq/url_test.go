package connreq

import (
	"errors"
	"net/url"
	"strings"
	"testing"
)

func TestUsableURLsAreTakenApartWithoutAChange(t *testing.T) {
	for _, test := range []struct {
		url, host, address string
		port               uint16
		authority, target  string
	}{
		{"http://10.0.0.1", "", "10.0.0.1", 80, "10.0.0.1", "/"},
		{"http://10.0.0.1:7547/0a1b", "", "10.0.0.1", 7547, "10.0.0.1:7547", "/0a1b"},
		{"HTTP://10.0.0.1:80/a%2Fb?x=%41&y", "", "10.0.0.1", 80, "10.0.0.1:80", "/a%2Fb?x=%41&y"},
		{"http://10.0.0.1?x", "", "10.0.0.1", 80, "10.0.0.1", "/?x"},
		{"http://10.0.0.1/../a//b;c@d:e", "", "10.0.0.1", 80, "10.0.0.1", "/../a//b;c@d:e"},
		{"http://[2001:db8::1]:7547/x", "", "2001:db8::1", 7547, "[2001:db8::1]:7547", "/x"},
		{"http://[2001:db8::1]", "", "2001:db8::1", 80, "[2001:db8::1]", "/"},
		{"http://[::ffff:10.0.0.1]/", "", "10.0.0.1", 80, "[::ffff:10.0.0.1]", "/"},
		{"http://Phone_7.example.com.:8080/", "Phone_7.example.com.", "", 8080, "Phone_7.example.com.:8080", "/"},
		{"http://phone/", "phone", "", 80, "phone", "/"},
	} {
		got, err := parseURL(test.url)
		if err != nil {
			t.Errorf("%s: %v", test.url, err)
			continue
		}
		address := ""
		if got.address.IsValid() {
			address = got.address.String()
		}
		if got.host != test.host || address != test.address || got.port != test.port ||
			got.authority != test.authority || got.target != test.target {
			t.Errorf("%s: %+v", test.url, got)
		}
	}
}

func TestUnusableURLsAreRefusedWithTheirDefect(t *testing.T) {
	for _, test := range []struct{ url, defect string }{
		{"", "reported none"},
		{"10.0.0.1:7547/x", "expected http://"},
		{"https://10.0.0.1/", "scheme"},
		{"ftp://10.0.0.1/", "scheme"},
		{" http://10.0.0.1/", "space"},
		{"http://10.0.0.1/a b", "space"},
		{"http://10.0.0.1/\r\nX: y", "control"},
		{"http://10.0.0.1/\x00", "control"},
		{"http://10.0.0.1/ä", "not ASCII"},
		{"http://1０.0.0.1/", "not ASCII"},
		{"http://user:hunter2@10.0.0.1/", "user information"},
		{"http://10.0.0.1@10.0.0.2/", "user information"},
		{`http://10.0.0.1\@10.0.0.2/`, "backslash"},
		{"http://10.0.0.1/#x", "fragment"},
		{"http://10.0.0.1#@10.0.0.2/", "fragment"},
		{"http:///x", "empty host"},
		{"http://:80/x", "empty host"},
		{"http://10.0.0.1:/", "empty port"},
		{"http://10.0.0.1:0/", "port"},
		{"http://10.0.0.1:65536/", "port"},
		{"http://10.0.0.1:080/", "port"},
		{"http://10.0.0.1:+80/", "port"},
		{"http://10.0.0.1:80:80/", "port"},
		{"http://2001:db8::1/", "port"},
		{"http://[fe80::1%25eth0]/", "zone"},
		{"http://[fe80::1%eth0]/", "zone"},
		{"http://[10.0.0.1]/", "not an IPv6 address"},
		{"http://[phone]/", "not an IPv6 address"},
		{"http://[::1/", "without"},
		{"http://[::1]80/", "after ']'"},
		{"http://2130706433/", "neither"},
		{"http://0x7f000001/", "neither"},
		{"http://0x7f.0.0.1/", "neither"},
		{"http://0177.0.0.1/", "neither"},
		{"http://127.1/", "neither"},
		{"http://10.0.0.1./", "neither"},
		{"http://10.0.0.256/", "neither"},
		{"http://phone.%31/", "neither"},
		{"http://-phone/", "neither"},
		{"http://a..b/", "neither"},
		{"http://" + strings.Repeat("a", 64) + "/", "neither"},
		{"http://10.0.0.1/" + strings.Repeat("a", maxURL), "bytes"},
	} {
		_, err := parseURL(test.url)
		if !errors.Is(err, ErrURL) || !strings.Contains(err.Error(), test.defect) {
			t.Errorf("%q: %v, want %q", test.url, err, test.defect)
		}
		if err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("error shows the password: %v", err)
		}
	}
}

// What passes has to mean the same to another parser: the differences between parsers are what attacks are made of.
func FuzzParseURL(f *testing.F) {
	for _, seed := range []string{"http://10.0.0.1:7547/x?y", "http://[::1]/", "http://a.b:1", "http://a?/:@", "http://0x7f.1/"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got, err := parseURL(raw)
		if err != nil {
			if !errors.Is(err, ErrURL) {
				t.Errorf("%q: undocumented error %v", raw, err)
			}
			return
		}
		if strings.ContainsAny(got.target+got.authority, " \r\n\x00") || !strings.HasPrefix(got.target, "/") || got.port == 0 {
			t.Errorf("%q: %+v", raw, got)
		}
		if (got.host == "") != got.address.IsValid() {
			t.Errorf("%q: neither or both of host and address: %+v", raw, got)
		}
		other, err := url.Parse(raw)
		if err != nil {
			return // the standard library is stricter with percent signs in paths
		}
		if other.Host != got.authority || other.User != nil || other.Fragment != "" {
			t.Errorf("%q: host %q for us, %q for net/url", raw, got.authority, other.Host)
		}
	})
}
