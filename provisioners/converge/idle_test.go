package converge_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/converge"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
)

// What a planner works with, of which nothing may be asked: each method panics.
type (
	noResolver     struct{ converge.Resolver }
	noParameters   struct{ device.ParameterStore }
	noProvisioning struct{ device.ProvisioningStore }
	noConvergences struct{ provisioners.ConvergenceStore }
	noDataModels   struct{ provisioners.DataModelStore }
	noProfiles     struct{ converge.Profiles }
	noTasks        struct{ converge.Tasks }
	noFiles        struct{ converge.Files }
)

// idlePlanner has all shipped packs, and nothing to ask.
func idlePlanner(tb testing.TB) *converge.Planner {
	tb.Helper()
	check := func(err error) {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
	}
	catalogue, err := provisioners.DefaultCatalogue()
	check(err)
	shipped, err := packs.Load(tb.Context(), catalogue)
	check(err)
	registry := pack.NewRegistry(shipped...)
	keeper, err := secret.NewKeeper(bytes.Repeat([]byte{7}, 32))
	check(err)
	planner, err := converge.New(converge.Options{
		Resolver: noResolver{}, Packs: func() *pack.Registry { return registry }, Parameters: noParameters{}, Provisioning: noProvisioning{},
		Convergences: noConvergences{}, DataModels: noDataModels{}, Profiles: noProfiles{}, Tasks: noTasks{}, Files: noFiles{}, Keeper: keeper, Now: time.Now,
	})
	check(err)
	return planner
}

// idleVisit is a periodic session of a device that holds its settings.
func idleVisit(d *device.Device, packName string) converge.Visit {
	now := time.Now()
	d.Root, d.ParameterKey = "Device.", "dt-0123456789abcdef"
	d.Provisioning = device.Provisioning{
		Pack: packName, Wanted: "0123456789abcdef0123", Held: "0123456789abcdef0123", Managed: true, ParameterKey: d.ParameterKey, CheckAt: now.Add(time.Hour),
	}
	return converge.Visit{Device: d, Events: []device.Event{{Code: cwmp.EventPeriodic}}, Proven: true, Now: now}
}

// idleDevices are one that the fallback serves and one of the last model of a large pack.
func idleDevices() map[string]*device.Device {
	return map[string]*device.Device{
		"tr104": {Manufacturer: "Acme Voice", CWMPIdentity: device.CWMPIdentity{OUI: "0A0B0C", ProductClass: "AV-1", SerialNumber: "1"}},
		"cisco": {Manufacturer: "Cisco Systems, Inc.", CWMPIdentity: device.CWMPIdentity{OUI: "000E08", ProductClass: "CP-8851-3PCC", SerialNumber: "2"}, MAC: "d0:ec:35:00:00:01", Model: "8851"},
	}
}

func TestADeviceThatHoldsItsSettingsCostsNoRequestAndNoStoreOperation(t *testing.T) {
	planner := idlePlanner(t)
	for name, d := range idleDevices() {
		t.Run(name, func(t *testing.T) {
			v := idleVisit(d, name)
			if course, err := planner.Begin(t.Context(), v); course != nil || err != nil {
				t.Fatalf("a periodic session begins %+v, %v", course, err)
			}
			d.ParameterKey = ""
			if course, err := planner.Begin(t.Context(), v); course == nil || err != nil {
				t.Fatalf("a session of a device without its ParameterKey begins %v, %v: the pack does not serve it", course, err)
			}
		})
	}
}

// BenchmarkPeriodicSessionOfAConvergedDevice is all that the settings add to a session in
// which nothing is to be done.
func BenchmarkPeriodicSessionOfAConvergedDevice(b *testing.B) {
	planner := idlePlanner(b)
	for name, d := range idleDevices() {
		b.Run(name, func(b *testing.B) {
			v := idleVisit(d, name)
			for b.Loop() {
				if course, err := planner.Begin(context.Background(), v); course != nil || err != nil {
					b.Fatalf("a periodic session begins %+v, %v", course, err)
				}
			}
		})
	}
}
