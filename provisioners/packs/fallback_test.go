package packs_test

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

func TestWhatSpeaksCWMPAndNoPackServesIsServedByTR104(t *testing.T) {
	registry := pack.NewRegistry(shipped(t)...)
	for name, c := range map[string]struct {
		device device.Device
		want   string
	}{
		"a gateway":                     {device.Device{Manufacturer: "Somebody", Model: "Gateway 3000", Root: "InternetGatewayDevice."}, "tr104 generic"},
		"one that names nothing":        {device.Device{Root: "Device."}, "tr104 generic"},
		"one that calls itself generic": {device.Device{Manufacturer: "TR-104", Model: "generic"}, ""},
		"a phone that only asks files":  {device.Device{Manufacturer: "Somebody", Model: "Phone 1"}, ""},
		"a Cisco that is known":         {device.Device{Manufacturer: "Cisco", Model: "CP-8851-3PCC", Root: "Device."}, "cisco 8851"},
		"a Cisco of no known model":     {device.Device{Manufacturer: "Cisco", Model: "CP-0000", Root: "Device."}, "tr104 generic"},
	} {
		got := ""
		if served, ok := registry.For(c.device); ok {
			got = served.Pack + " " + served.Model
		}
		if got != c.want {
			t.Errorf("%s is served as %q, want %q", name, got, c.want)
		}
	}
	if matches := registry.Match(pack.Asked{Path: "/generic.cfg"}); len(matches) > 0 && matches[0].Pack.Fallback {
		t.Error("a request for a file is taken for one of a device without files")
	}
}
