package ciscophone

import (
	"maps"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

func TestEveryTwinIsAParameterThatTakesWhatItsElementsSay(t *testing.T) {
	profile := elements{
		"ACS_URL": "http://acs.example/", "Periodic_Inform_Interval": "60", "Periodic_Inform_Enable": "Yes", "Time_Zone": "GMT-03:30",
		"Enable_VLAN": "No", "VLAN_ID": "7", "PC_Port_VLAN_ID": "8", "Enable_CDP": "No", "Enable_LLDP-MED": "No",
		"Proxy_1_": "a.example:5070,b.example", "Outbound_Proxy_1_": "c.example", "Register_Expires_1_": "90", "DTMF_Tx_Method_1_": "INFO",
		"SIP_Transport_1_": "TCP", "Line_Enable_1_": "Yes", "User_ID_1_": "7",
	}
	for _, voice := range []cpe.Voice{cpe.VoiceLines, cpe.VoiceProfiles} {
		p, err := New(Config{MAC: mac, Voice: voice})
		if err != nil {
			t.Fatal(err)
		}
		for _, twin := range twins(voice, lines) {
			path := cpe.RootDevice + twin.path
			if _, ok := p.Device().Parameter(path); !ok {
				t.Errorf("%s: there is no %s", voice, path)
			}
			value, said := twin.value(profile)
			if !said {
				continue
			}
			if err := p.Device().SetLocal(path, value); err != nil {
				t.Errorf("%s: %v", voice, err)
			}
			changed := maps.Clone(profile)
			twin.take(changed, value)
			if again, _ := twin.value(changed); again != value {
				t.Errorf("%s: taken from %q the elements say %q", twin.path, value, again)
			}
		}
	}
}

func TestAZoneComesBackAsItWent(t *testing.T) {
	for zone, offset := range map[string]int{
		"CET-1CEST,M3.5.0,M10.5.0/3": 3600, "EST5EDT,M3.2.0,M11.1.0": -18000, "NST3:30NDT,M3.2.0,M11.1.0": -12600, "<+0545>-5:45": 20700, "UTC0": 0,
		"LHST-10:30LHDT-11,M10.1.0,M4.1.0": 37800,
	} {
		clock, ok := filephone.ClockOf(zone)
		if !ok || clock.Offset != offset {
			t.Errorf("%s is read as %+v, %v", zone, clock, ok)
		}
		e := elements{}
		takeClock(e, clock)
		back := filephone.CiscoClock(e)
		again, ok := filephone.ClockOf(posix(back))
		if !ok || again.Offset != offset || (again.Daylight == nil) != (clock.Daylight == nil) || again.Daylight != nil && *again.Daylight != *clock.Daylight {
			t.Errorf("%s comes back as %s: %+v %+v", zone, posix(back), again, e)
		}
	}
	if _, ok := filephone.ClockOf("nowhere"); ok {
		t.Error("a zone that is none is taken")
	}
}

func TestAPortGoesWithItsHost(t *testing.T) {
	for _, c := range []struct{ element, host, port, wantHost, wantPort string }{
		{"", "a.example", "", "a.example", ""},
		{"a.example:5070", "b.example", "", "b.example:5070", "5070"},
		{"a.example", "", "5070", "a.example:5070", "5070"},
		{"a.example:5070", "", "5060", "a.example:5060", "5060"},
		{"a.example", "", "5060", "a.example", "5060"},
		{"a.example:SRV=b.example", "c.example", "", "c.example", "5060"},
	} {
		e := elements{"Proxy_1_": c.element}
		h, p := host("", "Proxy_1_"), port("", "Proxy_1_")
		if c.host != "" {
			h.take(e, c.host)
		}
		if c.port != "" {
			p.take(e, c.port)
		}
		number, _ := p.value(e)
		if e["Proxy_1_"] != c.wantHost || c.wantPort != "" && number != c.wantPort {
			t.Errorf("%+v: the element is %q with port %q", c, e["Proxy_1_"], number)
		}
	}
}
