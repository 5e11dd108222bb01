package provisioners

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
)

func TestValuesAreParsedToTheirCanonicalText(t *testing.T) {
	c := defaultCatalogue(t)
	for _, test := range []struct {
		path  string
		value any
		want  string
	}{
		{"account.1.displayName", "Müller\n\"x\"", "Müller\n\"x\""},
		{"account.1.user", float64(100), "100"},
		{"account.1.enabled", true, "true"},
		{"account.1.enabled", " FALSE ", "false"},
		{"network.vlan.voice.id", float64(100), "100"},
		{"network.vlan.voice.id", json.Number("4094"), "4094"},
		{"network.vlan.voice.id", "007", "7"},
		{"network.vlan.voice.id", "+7", "7"},
		{"account.1.transport", "TLS", "tls"},
		{"time.format", float64(24), "24"},
		{"account.1.registrar", "SIP.Example.COM", "sip.example.com"},
		{"account.1.registrar", "[2001:DB8::1]", "2001:db8::1"},
		{"account.1.registrar", "192.0.2.1", "192.0.2.1"},
		{"account.1.port", 5060, "5060"},
		{"account.1.port", "0", "0"},
		{"provisioning.url", "HTTPS://Host/p?mac={mac}", "https://Host/p?mac={mac}"},
		{"provisioning.url", "http://[2001:db8::1]:8080/", "http://[2001:db8::1]:8080/"},
		{"phonebook.1.url", "company", "company"},
		{"time.zone", "America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"},
		{"time.zone", "UTC", "UTC"},
		{"account.1.password", "p ä\"<", "p ä\"<"},
		{"account.1.codecs", []any{"G722", "pcma"}, "g722,pcma"},
		{"account.1.codecs", "pcma, g722", "pcma,g722"},
		{"account.1.codecs", []string{"opus"}, "opus"},
		{"account.1.line", "owner", "owner"},
		{"account.1.line", "+4930*1#", "+4930*1#"},
		{"account.1.voicemail", float64(97), "97"},
		{"provisioning.interval", float64(3600), "3600"},
		{"provisioning.time", "23:59", "23:59"},
		{"language.phone", "PT_br", "pt-BR"},
		{"tones.country", "de", "DE"},
		{"vendor.snom.x", "any", "any"},
		{"time.zone", "", ""},
		{"account.1.password", "", ""},
	} {
		got, err := c.Parse(test.path, test.value)
		if err != nil || got != test.want {
			t.Errorf("%s: %v is %q, %v, want %q", test.path, test.value, got, err, test.want)
		}
	}
}

func TestValuesThatDoNotFitAreRefusedWithPathAndWhatWasExpected(t *testing.T) {
	c := defaultCatalogue(t)
	for _, test := range []struct {
		path  string
		value any
		want  string
	}{
		{"account.1.displayName", "a\x00b", `must be a text of at most 128 characters without control characters, not "a\x00b"`},
		{"account.1.displayName", "\xff", "must be a text"},
		{"account.1.displayName", strings.Repeat("a", MaxValue+1), "must be a text"},
		{"account.1.displayName", true, "not a boolean"},
		{"account.1.enabled", "yes", `must be true or false, not "yes"`},
		{"account.1.enabled", float64(1), "not the number 1"},
		{"network.vlan.voice.id", "4095", `must be a whole number, 0 to 4094, not "4095"`},
		{"network.vlan.voice.id", float64(1.5), "not the number 1.5"},
		{"network.vlan.voice.id", "-1", "0 to 4094"},
		{"network.vlan.voice.id", nil, "not null"},
		{"network.vlan.voice.id", map[string]any{}, "not an object"},
		{"network.vlan.voice.id", "9223372036854775808", "must be a whole number"},
		{"account.1.transport", "sctp", "must be one of udp, tcp, tls, dns"},
		{"account.1.registrar", "sip.example.com:5060", "without a port"},
		{"account.1.registrar", "https://x", "must be a host name"},
		{"account.1.registrar", "192.0.2.300", "must be a host name or an IP address"},
		{"account.1.registrar", "a b", "must be a host name"},
		{"account.1.registrar", "müller.example", "must be a host name"},
		{"account.1.registrar", "fe80::1%eth0", "must be a host name"},
		{"account.1.port", "65536", "must be a port"},
		{"account.1.port", "-1", "must be a port"},
		{"provisioning.url", "phones.example.com", "must be an URL such as"},
		{"provisioning.url", "https://user:secret@host/", "without user name and password"},
		{"provisioning.url", "javascript://x", "must be an URL"},
		{"provisioning.url", "http:///x", "must be an URL"},
		{"provisioning.url", "http://h:99999/", "must be an URL"},
		{"provisioning.url", "http://h/a b", "must be an URL"},
		{"phonebook.1.url", "other", "or company"},
		{"time.zone", "CEST", "must be a time zone of the IANA database"},
		{"time.zone", "Local", "must be a time zone"},
		{"time.zone", "../etc/passwd", "must be a time zone"},
		{"account.1.codecs", "g722,g722", "each once"},
		{"account.1.codecs", []any{"g722", 1.0}, "not this list"},
		{"account.1.voicemail", "a", "must be a number of digits"},
		{"provisioning.interval", "59", "must be a whole number of seconds, 60 to 2592000"},
		{"provisioning.interval", "1h", "must be a whole number of seconds"},
		{"provisioning.time", "24:00", "must be a text that matches"},
		{"language.phone", "not a language", "must be a language tag"},
		{"language.phone", "und", "must be a language tag"},
		{"tones.country", "XX", "must be a country code"},
		{"tones.country", "Germany", "must be a country code"},
	} {
		_, err := c.Parse(test.path, test.value)
		var wrong *SettingError
		if !errors.As(err, &wrong) || wrong.Path != test.path || wrong.Field != "value" || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v is refused with %v, want %s", test.path, test.value, err, test.want)
		}
	}
}

func TestAnErrorNeverShowsASecret(t *testing.T) {
	c := defaultCatalogue(t)
	for _, value := range []any{"hunter2\n", strings.Repeat("hunter2", 100), "hunter2\x00", []any{"hunter2"}, json.Number("4711")} {
		_, err := c.Parse("account.1.password", value)
		if err == nil || strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "4711") {
			t.Errorf("refused with %v", err)
		}
	}
}

func TestACanonicalTextIsAValueOfJSONAgain(t *testing.T) {
	c := defaultCatalogue(t)
	for _, test := range []struct {
		path, text string
		want       any
	}{
		{"account.1.enabled", "true", true}, {"account.1.enabled", "false", false}, {"account.1.port", "5060", 5060},
		{"provisioning.interval", "60", 60}, {"account.1.codecs", "g722,pcma", []string{"g722", "pcma"}},
		{"account.1.user", "100", "100"}, {"time.format", "24", "24"}, {"account.1.user", "", nil}, {"unknown", "x", "x"},
		{"network.vlan.voice.id", "odd", "odd"},
	} {
		if got := c.Native(test.path, test.text); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s %q is %#v", test.path, test.text, got)
		}
	}
}

// FuzzValue holds every setting to this: what is parsed is canonical, and comes back
// from its value of JSON; what is not is refused with an error that says so.
func FuzzValue(f *testing.F) {
	c := defaultCatalogue(f)
	for _, text := range []string{"", "true", "100", "+49*#", "g722, PCMA", "https://h:1/x", "[::1]", "Europe/Berlin", "pt_br", "de", "12:30", "owner", "0x1p3"} {
		f.Add(text)
	}
	var paths []string
	for _, group := range c.Groups() {
		for _, s := range group.Settings {
			paths = append(paths, strings.NewReplacer(".N", ".1", ".M", ".2").Replace(s.Path))
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, path := range paths {
			canonical, err := c.Parse(path, text)
			if err != nil {
				var wrong *SettingError
				if !errors.As(err, &wrong) || !strings.Contains(wrong.Expected, "must be ") {
					t.Fatalf("%s: %q is refused with %v", path, text, err)
				}
				continue
			}
			if again, err := c.Parse(path, canonical); err != nil || again != canonical {
				t.Fatalf("%s: %q is %q, and that is %q, %v", path, text, canonical, again, err)
			}
			if native := c.Native(path, canonical); native != nil {
				if again, err := c.Parse(path, native); err != nil || again != canonical {
					t.Fatalf("%s: %#v is %q, %v, want %q", path, native, again, err, canonical)
				}
			}
		}
	})
}
