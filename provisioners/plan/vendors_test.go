package plan

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/packs"
)

// shipped puts the packs of the program in force.
func (h *house) shipped() {
	h.t.Helper()
	catalogue, err := provisioners.DefaultCatalogue()
	h.check(err)
	all, err := packs.Load(h.t.Context(), catalogue)
	h.check(err)
	h.packs = pack.NewRegistry(all...)
	h.resolver, err = provisioners.NewResolver(provisioners.ResolverOptions{
		Catalogue: catalogue, Levels: h.levels, Lines: h.lines, Packs: h.packs, Shared: h.tree, Keeper: h.keeper, Now: h.clock,
	})
	h.check(err)
	h.planner, err = NewPlanner(Options{Devices: h.fleet, Resolver: h.resolver, Packs: func() *pack.Registry { return h.packs }, Renderer: h.renderer, Now: h.clock})
	h.check(err)
}

// vendors are models of four vendors, and the pack of each.
func vendors() map[string]string {
	return map[string]string{"SIP-T46S": "yealink", "VVX 410": "poly", "D785": "snom", "GRP2614": "grandstream"}
}

func TestANewDomainOfACustomerChangesThePhonesOfFourVendors(t *testing.T) {
	h := newHouse(t)
	h.shipped()
	for model := range vendors() {
		h.phones(50, model, "acme/site")
		h.phones(5, model, "other")
	}
	for i := range h.fleet.devices {
		h.fleet.devices[i].MAC = strings.Replace(h.fleet.devices[i].MAC, "0a:0b:0c", "02:00:00", 1)
	}
	acme := key(provisioners.GroupLevel, "acme")
	h.declare(acme, "account.1.user", "100", "account.1.password", "sesame open", "account.*.registrar", "old.example")
	var overriding device.ID
	for _, d := range h.fleet.devices {
		if d.Group == "acme/site" {
			overriding = d.ID
			break
		}
	}
	h.declare(key(provisioners.DeviceLevel, string(overriding)), "account.1.registrar", "own.example")
	l := h.level(acme, "account.1.user", "100", "account.1.password", "sesame open", "account.*.registrar", "new.example")
	q := Question{Levels: []provisioners.Level{l}, Scope: device.Scope{Group: "acme"}, Level: acme, Paths: []string{"account.*.registrar"}, Names: MaxNames}
	got := h.ask(q)
	if got.Devices != 200 || got.Changed != 199 || len(got.Names) != 199 || got.Truncated || got.Unserved != 0 || got.Failing != 0 {
		t.Errorf("%d devices, %d change, %d named, %d without a pack, %d failing", got.Devices, got.Changed, len(got.Names), got.Unserved, got.Failing)
	}
	if u := got.Unreached; u.Overridden != 1 || len(u.Places) != 1 || u.Places[0].Device.ID != overriding {
		t.Errorf("unreached is %+v", u)
	}
	if len(got.ByModel) != len(vendors()) {
		t.Errorf("by model: %+v", got.ByModel)
	}
	seen := map[string]bool{}
	for _, n := range got.Names {
		if seen[n.Model] {
			continue
		}
		seen[n.Model] = true
		q.Device = n.ID
		differences, err := h.planner.Differences(t.Context(), q)
		h.check(err)
		var all strings.Builder
		for _, d := range differences {
			all.WriteString(d.Text + d.Problem)
		}
		if !strings.Contains(all.String(), "new.example") || strings.Contains(all.String(), "sesame") {
			t.Errorf("%s: the difference is\n%s", n.Model, all.String())
		}
	}
}

// BenchmarkAPlan reports the largest heap, sampled, beside what the phones themselves take.
func BenchmarkAPlan(b *testing.B) {
	for _, count := range []int{1000, 10_000} {
		b.Run(fmt.Sprintf("%d phones", count), func(b *testing.B) { benchmarkPlan(b, count) })
	}
}

func benchmarkPlan(b *testing.B, count int) {
	h := newHouse(b)
	h.shipped()
	for model := range vendors() {
		h.phones(count/len(vendors()), model, "acme/site")
	}
	acme := key(provisioners.GroupLevel, "acme")
	h.declare(acme, "account.1.user", "100", "account.1.registrar", "old.example")
	q := Question{
		Levels: []provisioners.Level{h.level(acme, "account.1.user", "100", "account.1.registrar", "new.example")}, Level: acme,
		Paths: []string{"account.1.registrar"}, Names: 100,
	}
	heap := watchHeap()
	for b.Loop() {
		if got := h.ask(q); got.Changed != count {
			b.Fatalf("%d change", got.Changed)
		}
	}
	b.ReportMetric(heap(), "peak-MB")
}

// watchHeap looks at the heap again and again. What it returns ends that, and returns the
// most that it grew, in megabytes.
func watchHeap() (stop func() float64) {
	used := func() float64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapAlloc) / (1 << 20)
	}
	runtime.GC()
	quit, most, before := make(chan struct{}), make(chan float64), used()
	go func() {
		ticker := time.NewTicker(5 * time.Millisecond)
		defer ticker.Stop()
		largest := before
		for {
			select {
			case <-ticker.C:
				largest = max(largest, used())
			case <-quit:
				most <- largest - before
				return
			}
		}
	}()
	return func() float64 {
		close(quit)
		return <-most
	}
}
