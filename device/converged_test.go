package device

import (
	"errors"
	"testing"
	"time"
)

// managed is a record of a device that a session brought to its settings.
func managed() Device {
	return Device{
		Session:      Session{Generation: 3},
		Provisioning: Provisioning{Pack: "acme", Wanted: "w1", Held: "w1", Managed: true, FileHeld: "f1", ParameterKey: "k1"},
	}
}

func TestAnOutcomeOfASessionIsNotedOnTheRecord(t *testing.T) {
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	none, other := "", "f2"
	for _, c := range []struct {
		name   string
		before func(*Device)
		noted  Converged
		state  ProvisioningState
		want   func(p Provisioning) bool
	}{
		{"the device holds them", func(d *Device) { d.Provisioning.Wanted = "w2" }, Converged{Wanted: "w2", Held: true, Managed: true}, ProvisioningConverged,
			func(p Provisioning) bool { return p.Held == "w2" && p.Tried == "" && p.FileHeld == "f1" }},
		{"it takes longer", func(d *Device) { d.Provisioning.Wanted = "w2" }, Converged{Wanted: "w2", Managed: true}, ProvisioningPending,
			func(p Provisioning) bool { return p.Held == "w1" && p.Tried == "w2" }},
		{"it refuses some", func(d *Device) { d.Provisioning.Wanted = "w2" }, Converged{Wanted: "w2", Managed: true, Stuck: "the device keeps it"}, ProvisioningFailing,
			func(p Provisioning) bool { return p.Stuck == "the device keeps it" }},
		{"somebody changed some", nil, Converged{Wanted: "w1", Held: true, Managed: true, Drifted: 2, DriftedSince: at}, ProvisioningDrifted,
			func(p Provisioning) bool { return p.Drifted == 2 && p.DriftedSince.Equal(at) }},
		{"others were marked meanwhile", func(d *Device) { d.Provisioning.Wanted = "w3" }, Converged{Wanted: "w2", Held: true, Managed: true}, ProvisioningPending,
			func(p Provisioning) bool { return p.Held == "w2" && p.Wanted == "w3" }},
		{"others were refused meanwhile", func(d *Device) { d.Provisioning.Wanted = "w3" }, Converged{Wanted: "w2", Managed: true, Stuck: "no"}, ProvisioningPending,
			func(p Provisioning) bool { return p.Tried == "w2" }},
		{"nothing was computed before", func(d *Device) { d.Provisioning = Provisioning{} }, Converged{At: at, Pack: "acme", Wanted: "w1", Held: true, Managed: true}, ProvisioningConverged,
			func(p Provisioning) bool { return p.Pack == "acme" && p.ChangedAt.Equal(at) && p.Managed }},
		{"it has another file", nil, Converged{Wanted: "w1", Held: true, Managed: true, FileHeld: &other}, ProvisioningConverged,
			func(p Provisioning) bool { return p.FileHeld == "f2" && p.Held == "w1" }},
		{"it has no file any more", nil, Converged{Wanted: "w1", Managed: true, FileHeld: &none}, ProvisioningPending,
			func(p Provisioning) bool { return p.FileHeld == "" && p.Held == "" }},
		{"it had no file and is brought to them", nil, Converged{Wanted: "w1", Held: true, Managed: true, FileHeld: &none}, ProvisioningConverged,
			func(p Provisioning) bool { return p.FileHeld == "" && p.Held == "w1" }},
		{"the next look", nil, Converged{Wanted: "w1", Held: true, Managed: true, ParameterKey: "k2", CheckAt: at}, ProvisioningConverged,
			func(p Provisioning) bool { return p.ParameterKey == "k2" && p.CheckAt.Equal(at) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := managed()
			if c.before != nil {
				c.before(&d)
			}
			c.noted.Generation = 3
			after, err := d.ApplyConverged(c.noted)
			if err != nil {
				t.Fatal(err)
			}
			if got := after.Provisioning.State(); got != c.state || !c.want(after.Provisioning) {
				t.Errorf("it is %s: %+v", got, after.Provisioning)
			}
		})
	}
}

func TestTheOutcomeOfASupersededSessionIsRefused(t *testing.T) {
	d := managed()
	after, err := d.ApplyConverged(Converged{Generation: 2, Wanted: "w9", Held: true})
	if !errors.Is(err, ErrSessionLost) || after.Provisioning != d.Provisioning {
		t.Errorf("error is %v, the record %+v", err, after.Provisioning)
	}
}

func TestReconsideredIsDueAtOnce(t *testing.T) {
	d := managed()
	d.Provisioning.Tried = "w1"
	at := time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
	if p := d.Reconsider(at).Provisioning; p.Tried != "" || !p.CheckAt.Equal(at) || p.Held != "w1" {
		t.Errorf("it is %+v", p)
	}
}

func TestADeviceThatToldNoIntervalInformsEachHour(t *testing.T) {
	for seconds, want := range map[int]time.Duration{0: time.Hour, -1: time.Hour, 20: 20 * time.Second} {
		d := Device{InformInterval: seconds}
		if got := d.Interval(); got != want {
			t.Errorf("%d s: %s, want %s", seconds, got, want)
		}
	}
}
