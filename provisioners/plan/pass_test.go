package plan

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// pass returns a pass over the house, on the only node.
func (h *house) pass(perSecond int) *Pass {
	h.t.Helper()
	p, err := NewPass(PassOptions{
		Devices: h.fleet, Store: h.fleet, Resolver: h.resolver, Packs: func() *pack.Registry { return h.packs }, Renderer: h.renderer,
		Version: func() string { return fmt.Sprint(h.tree.Revision()) }, PerSecond: perSecond, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
		Lead: func(_ string, work func(context.Context)) func(context.Context) { return work },
	})
	h.check(err)
	return p
}

// run runs a pass until the test ends.
func (h *house) run(p *Pass) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.Run(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

func TestAPassMarksAllDevicesAndAgainAfterAChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.phones(250, "A1", "acme")
		h.phones(10, "unknown", "acme")
		h.declare(key(provisioners.GlobalLevel, ""), "account.1.user", "100")
		defer h.run(h.pass(0))()
		time.Sleep(10 * time.Second)
		if got := h.fleet.states(); got[device.ProvisioningPending] != 250 || got[device.ProvisioningNone] != 10 {
			t.Fatalf("states are %v", got)
		}
		for _, d := range h.fleet.devices {
			h.check(h.fleet.NoteFetched(t.Context(), d.ID, device.Fetched{At: time.Now(), Held: d.Provisioning.Wanted}))
		}
		marks := h.fleet.marks
		time.Sleep(3 * DefaultInterval)
		if got := h.fleet.states(); got[device.ProvisioningConverged] != 250 || h.fleet.marks != marks {
			t.Errorf("states are %v after %d marks", got, h.fleet.marks-marks)
		}
		h.declare(key(provisioners.GroupLevel, "acme"), "account.1.user", "200")
		time.Sleep(10 * time.Second)
		if got := h.fleet.states(); got[device.ProvisioningPending] != 250 {
			t.Errorf("after the change states are %v", got)
		}
	})
}

func TestAPassKeepsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.phones(1000, "A1", "acme")
		defer h.run(h.pass(100))()
		time.Sleep(5 * time.Second)
		if got := h.fleet.states()[device.ProvisioningPending]; got < 400 || got > 700 {
			t.Errorf("%d in 5 seconds at 100 in a second", got)
		}
		time.Sleep(10 * time.Second)
		if got := h.fleet.states()[device.ProvisioningPending]; got != 1000 {
			t.Errorf("%d in the end", got)
		}
	})
}

func TestAPassGoesOnWhereItCouldNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		h.phones(350, "A1", "acme")
		h.fleet.failures = 3
		defer h.run(h.pass(0))()
		time.Sleep(time.Minute)
		if got := h.fleet.states()[device.ProvisioningPending]; got != 350 || h.fleet.lists != 3+4 {
			t.Errorf("%d are marked after %d pages", got, h.fleet.lists)
		}
	})
}

func TestWhatIsWrongWithOneDeviceIsItsProblem(t *testing.T) {
	h := newHouse(t)
	h.packs = pack.NewRegistry(h.pack(template + `{{if eq .owner "7"}}{{fail "no owner of this number"}}{{end}}`))
	h.phones(3, "A1", "acme")
	h.declare(key(provisioners.DeviceLevel, "device000002"), "owner", "7")
	p := h.pass(0)
	p.over(t.Context(), device.Scope{})
	if got := h.fleet.states(); got[device.ProvisioningPending] != 2 || got[device.ProvisioningFailing] != 1 {
		t.Fatalf("states are %v", got)
	}
	if d, _ := h.fleet.Get(t.Context(), "device000002"); !strings.Contains(d.Provisioning.Problem, "no owner of this number") {
		t.Errorf("the problem is %q", d.Provisioning.Problem)
	}
	h.declare(key(provisioners.DeviceLevel, "device000002"), "owner", "8")
	h.check(p.MarkDevice(t.Context(), "device000002"))
	if d, _ := h.fleet.Get(t.Context(), "device000002"); d.Provisioning.State() != device.ProvisioningPending {
		t.Errorf("mended it is %+v", d.Provisioning)
	}
}

func TestASecretThatCannotBeOpenedIsAProblemAndNotTold(t *testing.T) {
	h := newHouse(t)
	h.phones(2, "A1", "acme")
	l := h.level(key(provisioners.DeviceLevel, "device000001"), "account.1.user", "1", "account.1.password", "sesame")
	for i, e := range l.Entries {
		if e.Sealed != "" {
			l.Entries[i].Sealed = "v1.00000000.c2VzYW1l"
		}
	}
	_, err := h.levels.PutLevel(t.Context(), l)
	h.check(err)
	h.pass(0).over(t.Context(), device.Scope{})
	d, _ := h.fleet.Get(t.Context(), "device000001")
	if d.Provisioning.State() != device.ProvisioningFailing || strings.Contains(d.Provisioning.Problem, "sesame") {
		t.Errorf("it is %+v", d.Provisioning)
	}
	if got := h.fleet.states()[device.ProvisioningPending]; got != 1 {
		t.Errorf("the other is not marked")
	}
}

func TestADeviceIsMarkedAtOnceOrSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse(t)
		p := h.pass(0)
		defer h.run(p)()
		synctest.Wait()
		h.phones(1, "A1", "acme")
		h.phones(1, "A1", "acme/south")
		h.phones(1, "A1", "acme/southern")
		h.check(p.MarkDevice(t.Context(), "device000001"))
		if got := h.fleet.states()[device.ProvisioningPending]; got != 1 {
			t.Errorf("%d are marked at once", got)
		}
		if err := p.MarkDevice(t.Context(), "nobody"); !errors.Is(err, device.ErrNotFound) {
			t.Errorf("nobody: %v", err)
		}
		p.SoonBelow(device.Scope{Group: "acme/south"})
		synctest.Wait()
		if got := h.fleet.states()[device.ProvisioningPending]; got != 2 {
			t.Errorf("%d are marked below the group", got)
		}
		p.Soon("device000003")
		p.Soon("nobody")
		synctest.Wait()
		if got := h.fleet.states()[device.ProvisioningPending]; got != 3 {
			t.Errorf("%d are marked soon", got)
		}
	})
}

func TestWhatIsTooMuchToQueueIsAPassOverAll(t *testing.T) {
	h := newHouse(t)
	p := h.pass(0)
	for i := range maxQueued + 1 {
		p.Soon(device.ID(fmt.Sprint(i)))
	}
	if ids, scopes := p.take(); len(ids) != 0 || len(scopes) != 1 {
		t.Errorf("%d devices and %d scopes", len(ids), len(scopes))
	}
	for i := range maxQueued + 1 {
		p.SoonBelow(device.Scope{Group: fmt.Sprint(i)})
	}
	if _, scopes := p.take(); len(scopes) != 1 {
		t.Errorf("%d scopes", len(scopes))
	}
}

// overtaken is a store in which something happens before the first mark is written.
type overtaken struct {
	device.ProvisioningStore
	meanwhile func()
}

func (o *overtaken) Mark(ctx context.Context, id device.ID, m device.Mark) (bool, error) {
	if happen := o.meanwhile; happen != nil {
		o.meanwhile = nil
		happen()
	}
	return o.ProvisioningStore.Mark(ctx, id, m)
}

func TestAMarkThatWasOvertakenDoesNotStay(t *testing.T) {
	h := newHouse(t)
	h.phones(1, "A1", "acme")
	id := h.fleet.devices[0].ID
	h.declare(key(provisioners.DeviceLevel, string(id)), "account.1.user", "100")
	other, slow := h.pass(0), h.pass(0)
	var fresh string
	slow.o.Store = &overtaken{h.fleet, func() {
		h.declare(key(provisioners.DeviceLevel, string(id)), "account.1.user", "200")
		h.check(other.MarkDevice(t.Context(), id))
		fresh = h.fleet.devices[0].Provisioning.Wanted
	}}
	h.check(slow.MarkDevice(t.Context(), id))
	if got := h.fleet.devices[0].Provisioning.Wanted; got != fresh || fresh == "" {
		t.Errorf("the device is to have %q, want %q", got, fresh)
	}
}
