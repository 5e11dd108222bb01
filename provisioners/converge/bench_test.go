package converge

import (
	"testing"

	"github.com/dialtone-acs/dialtone/device"
)

// BenchmarkAConvergedDevice is what a session costs of a device that holds its settings:
// no call of a store.
func BenchmarkAConvergedDevice(b *testing.B) {
	h, p := settled(b, accounts(4)...)
	d := h.records.devices[id]
	d.ParameterKey = p.key
	v := Visit{Device: &d, Events: []device.Event{{Code: "2 PERIODIC"}}, Proven: true, Now: h.now}
	calls := h.records.calls + h.convergences.Calls("Convergence") + h.models.Calls("DataModel")
	b.ReportAllocs()
	for b.Loop() {
		if course, err := h.planner.Begin(b.Context(), v); course != nil || err != nil {
			b.Fatalf("there is a course, or %v", err)
		}
	}
	if calls != h.records.calls+h.convergences.Calls("Convergence")+h.models.Calls("DataModel") {
		b.Fatal("stores were called")
	}
}

// BenchmarkACourseOfTenAccounts is one whole course of a phone that is given ten accounts,
// with the phone in memory.
func BenchmarkACourseOfTenAccounts(b *testing.B) {
	h, first := newHouse(b), newPhone()
	h.declare(accounts(10)...)
	h.session(first, "0 BOOTSTRAP")
	h.want(device.ProvisioningConverged)
	h.alone = true
	fresh := h.records.devices[id]
	fresh.Provisioning = device.Provisioning{Pack: "acme", Wanted: fresh.Provisioning.Wanted}
	rpcs := 0
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		p := newPhone()
		h.records.devices[id] = fresh
		b.StartTimer()
		rpcs = h.session(p, "0 BOOTSTRAP")
	}
	b.ReportMetric(float64(rpcs), "RPCs")
	h.want(device.ProvisioningConverged)
}
