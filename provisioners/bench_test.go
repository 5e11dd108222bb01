package provisioners_test

import (
	"fmt"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// fleet returns devices at five levels: global, two groups, device, user; each with
// two accounts, one of a line, and twenty keys.
func fleet(b *testing.B, f *fixture, n int) []device.Device {
	f.set(b, global(), entry("time.zone", "Europe/Berlin"), entry("time.ntp.primary", "ntp.example.com"), entry("network.lldp", "true"),
		provisioners.Entry{Path: "admin.password", Generate: true}, entry("account.*.transport", "tls"), entry("account.*.srtp", "optional"))
	f.set(b, groupKey("reseller"), entry("account.*.registrar", "sip.example.com"), entry("syslog.server", "log.example.com"))
	f.set(b, groupKey("reseller/customer"), entry("network.vlan.voice.id", "100"), entry("network.vlan.voice.priority", "5"),
		entry("account.1.line", "owner"), entry("key.*.account", "1"), entry("features.pickupCode", "*8"))
	devices := make([]device.Device, n)
	for i := range devices {
		id := fmt.Sprintf("device%d", i)
		number := fmt.Sprint(1000 + i)
		key := provisioners.LineKey{Group: "reseller/customer", Number: number}
		f.lines.Set(provisioners.Line{LineKey: key, User: number, DisplayName: "Somebody", Password: f.seal(b, "password", key.Owner())})
		entries := []provisioners.Entry{entry("owner", number), entry("account.2.user", "2"+number)}
		for k := 1; k <= 20; k++ {
			entries = append(entries, entry(fmt.Sprintf("key.%d.type", k), "blf"), entry(fmt.Sprintf("key.%d.value", k), fmt.Sprint(100+k)))
		}
		provisioners.SortEntries(entries)
		f.levels.Set(deviceKey(id), entries...)
		f.levels.Set(userKey(id), entry("key.20.label", "Home"))
		devices[i] = device.Device{ID: device.ID(id), Model: "T46S", Group: "reseller/customer", MAC: "00:15:65:11:22:33"}
	}
	return devices
}

func BenchmarkEffectiveAtFiveLevels(b *testing.B) {
	f := newFixture(b)
	devices := fleet(b, f, 1)
	b.ReportAllocs()
	for b.Loop() {
		e, err := f.resolver.Effective(b.Context(), devices[0])
		if err != nil || len(e.Settings) < 60 {
			b.Fatal(len(e.Settings), err)
		}
	}
}

func BenchmarkEffectiveOf500AtFiveLevels(b *testing.B) {
	f := newFixture(b)
	devices := fleet(b, f, provisioners.MaxResolved)
	b.ReportAllocs()
	for b.Loop() {
		all, err := f.resolver.EffectiveOf(b.Context(), devices, provisioners.Change{ReadOnly: true})
		if err != nil || len(all) != len(devices) {
			b.Fatal(len(all), err)
		}
	}
}
