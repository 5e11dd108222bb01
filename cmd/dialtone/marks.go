package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// toldMarks keeps Device.Provisioning and tells whoever watches devices of what changed
// in it.
type toldMarks struct {
	device.ProvisioningStore
	devices device.Store
	tell    func(device.Device)
	// wake is told of marks that changed; nil where nobody is to be called.
	wake   func(device.Device)
	logger *slog.Logger
}

func (h *house) marks() *toldMarks {
	return &toldMarks{ProvisioningStore: h.store.Provisioning(), devices: h.store.Devices(), tell: h.hub.DeviceChanged, logger: h.logger}
}

// wakingMarks are marks after which devices are called.
func (h *house) wakingMarks() *toldMarks {
	m := h.marks()
	m.wake = h.settings.wakes.changed
	return m
}

// Mark implements device.ProvisioningStore.
func (m *toldMarks) Mark(ctx context.Context, id device.ID, mark device.Mark) (bool, error) {
	changed, err := m.ProvisioningStore.Mark(ctx, id, mark)
	if changed && err == nil {
		m.changed(ctx, id, m.wake)
	}
	return changed, err
}

// NoteConverged implements device.ProvisioningStore.
func (m *toldMarks) NoteConverged(ctx context.Context, id device.ID, c device.Converged) error {
	err := m.ProvisioningStore.NoteConverged(ctx, id, c)
	if err == nil {
		m.changed(ctx, id, nil)
	}
	return err
}

// Reconsider implements device.ProvisioningStore.
func (m *toldMarks) Reconsider(ctx context.Context, id device.ID, at time.Time) error {
	err := m.ProvisioningStore.Reconsider(ctx, id, at)
	if err == nil {
		m.changed(ctx, id, nil)
	}
	return err
}

// NoteFetched implements device.ProvisioningStore. A request that carries no settings
// tells nobody: there are several of them each time that a phone starts.
func (m *toldMarks) NoteFetched(ctx context.Context, id device.ID, f device.Fetched) error {
	err := m.ProvisioningStore.NoteFetched(ctx, id, f)
	if err == nil && f.Held != "" {
		m.changed(ctx, id, nil)
	}
	return err
}

// changed tells of a device as it is now. It is stored already: who is not told reads
// it the next time.
func (m *toldMarks) changed(ctx context.Context, id device.ID, also func(device.Device)) {
	d, err := m.devices.Get(ctx, id)
	if err != nil {
		m.logger.DebugContext(ctx, "a change of a device is not told", logkeys.Device, id, logkeys.Error, err)
		return
	}
	m.tell(d)
	if also != nil {
		also(d)
	}
}
