package mapping_test

import (
	"slices"
	"strings"
	"testing"
)

func TestAValueOfTheDeviceIsAdoptedAsThatOfItsSetting(t *testing.T) {
	settings := []string{
		"account.1.user=100", "account.1.registrar=sip.example.com", "account.1.password=x", "account.1.transport=udp", "account.1.codecs=g722",
		"account.1.mwi=true", "account.1.expires=600", "account.1.outboundProxy=p.example.com", "time.zone=Europe/Berlin", "time.ntp.primary=n.example.com",
		"vendor.acme.Device.X_ACME_Own=x",
	}
	p := fixedLines()
	p.names = append(p.names, names("X_ACME_Own W")...)
	r := resolved(t, parsed(t), p.input(t, settings...))
	for name, test := range map[string]struct {
		path, value, want string
		ok                bool
	}{
		"a host":                              {"SIP.RegistrarServer", "Other.Example.com", "other.example.com", true},
		"what is no host":                     {"SIP.RegistrarServer", "no host", "", false},
		"nothing":                             {"SIP.RegistrarServer", "", "", false},
		"nothing, where that is a value":      {"SIP.OutboundProxy", "", "", true},
		"a counterpart":                       {"SIP.RegistrarServerTransport", "TCP", "tcp", true},
		"a counterpart in another case":       {"SIP.RegistrarServerTransport", "Tcp", "tcp", true},
		"what has no counterpart":             {"SIP.RegistrarServerTransport", "SCTP", "", false},
		"the counterpart of a default":        {"Line.1.Enable", "Disabled", "false", true},
		"a list":                              {"X_ACME_Codecs", "PCMA, G.722", "pcma,g722", true},
		"a list with more":                    {"X_ACME_Codecs", "PCMA,G.729", "", false},
		"a boolean":                           {"MWIEnable", "0", "false", true},
		"a boolean in words":                  {"MWIEnable", "true", "true", true},
		"no boolean":                          {"MWIEnable", "perhaps", "", false},
		"a number":                            {"RegisterExpires", "1200", "1200", true},
		"a number that the setting has not":   {"RegisterExpires", "1", "", false},
		"a parameter that the operator named": {"X_ACME_Own", "any thing", "any thing", true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, p := range r.Parameters {
				if !strings.HasSuffix(p.Path, test.path) {
					continue
				}
				if p.Setting == "" || p.Adopt == nil {
					t.Fatalf("%s carries %q, and cannot be adopted", p.Path, p.Setting)
				}
				if got, ok := p.Adopt(test.value); got != test.want || ok != test.ok {
					t.Errorf("got %q, %v", got, ok)
				}
				return
			}
			t.Fatal("there is no such parameter")
		})
	}
}

func TestWhatStandsForNoneOrSeveralSettingsIsNotAdopted(t *testing.T) {
	settings := append(two(), "time.zone=Europe/Berlin", "admin.password=x")
	r := resolved(t, parsed(t), fixedLines().input(t, settings...))
	for path, setting := range map[string]string{
		"Line.1.SIP.URI": "", "Line.1.SIP.AuthPassword": "account.1.password", "VoiceProfile.1.Enable": "",
		"LocalTimeZone": "time.zone", "X_ACME_Admin": "admin.password", "Time.Enable": "",
	} {
		found := false
		for _, p := range r.Parameters {
			if strings.HasSuffix(p.Path, path) {
				found = true
				if p.Setting != setting || p.Adopt != nil {
					t.Errorf("%s carries %q, want %q; can be adopted: %v", p.Path, p.Setting, setting, p.Adopt != nil)
				}
			}
		}
		if !found {
			t.Errorf("there is no %s", path)
		}
	}
}

func TestATextAroundOneSettingIsAdoptedWithoutIt(t *testing.T) {
	r := resolved(t, parsed(t), secondIssue().input(t, "account.1.user=100"))
	for _, p := range r.Parameters {
		if !strings.HasSuffix(p.Path, "RegisterURI") {
			continue
		}
		for value, want := range map[string]string{"sip:300": "300", "300": "", "sip:": ""} {
			if got, ok := p.Adopt(value); got != want || ok != (want != "") {
				t.Errorf("%q gives %q, %v", value, got, ok)
			}
		}
		return
	}
	t.Error("there is no RegisterURI")
}

func TestAParameterOfSeveralAccountsIsAdoptedIntoAllOfThem(t *testing.T) {
	r := resolved(t, parsed(t), fixedLines().input(t, two()...))
	for _, p := range r.Parameters {
		if !strings.HasSuffix(p.Path, "SIP.RegistrarServer") {
			continue
		}
		if p.Setting != "account.1.registrar" || !slices.Equal(p.Also, []string{"account.2.registrar"}) || p.Adopt == nil {
			t.Errorf("%s carries %q and %q; can be adopted: %v", p.Path, p.Setting, p.Also, p.Adopt != nil)
		}
		return
	}
	t.Error("there is no registrar")
}
