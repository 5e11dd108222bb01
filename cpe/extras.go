package cpe

import (
	"context"
	"sync"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// extras is what few devices of a fleet ever need; nil until then.
type extras struct {
	scheduled   []scheduledInform
	uploaded    []UploadedFile
	changes     []*softwareChange
	options     []cwmp.OptionStruct
	diagnostics []*diagnosis
}

// extra returns the extras to add to. The caller holds mu.
func (d *Device) extra() *extras {
	if d.extras == nil {
		d.extras = &extras{}
	}
	return d.extras
}

// startExtras starts what the session that is over asked for.
func (d *Device) startExtras(ctx context.Context, running *sync.WaitGroup) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.extras == nil {
		return
	}
	for _, t := range d.extras.diagnostics {
		if !t.running {
			t.running = true
			running.Go(func() { d.diagnose(ctx, t) })
		}
	}
	for _, c := range d.extras.changes {
		if !c.running {
			c.running = true
			running.Go(func() { d.changeSoftware(ctx, c) })
		}
	}
}

// interruptExtras is what a reboot does: diagnostics are forgotten with their
// results, changes of software are taken up again after it. The caller holds mu, and
// nothing runs any more.
func (d *Device) interruptExtras() {
	if d.extras == nil {
		return
	}
	for _, c := range d.extras.changes {
		c.running = false
	}
	d.extras.diagnostics = nil
	d.forgetDiagnostics()
}
