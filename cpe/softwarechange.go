package cpe

import (
	"context"
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	// maxChanges is how many ChangeDUState a device takes on at once, and
	// maxOperations how many operations each may have.
	maxChanges    = 16
	maxOperations = 32
)

// softwareChange is an accepted ChangeDUState.
type softwareChange struct {
	request cwmp.ChangeDUState
	running bool
	// next is the first operation that is not done.
	next    int
	results []cwmp.OpResultStruct
}

// acceptChangeDUState queues a change of software (TR-069 A.4.1.10); what is wrong
// with an operation comes with the DUStateChangeComplete. The caller holds mu.
func (d *Device) acceptChangeDUState(m *cwmp.ChangeDUState) cwmp.Message {
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	isUnknown := func(o cwmp.OperationStruct) bool {
		_, unknown := o.(cwmp.UnknownOpStruct)
		return unknown
	}
	if len(m.Operations) == 0 || slices.ContainsFunc(m.Operations, isUnknown) {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "operations to install, update or uninstall expected")
	}
	x := d.extra()
	if len(m.Operations) > maxOperations || len(x.changes) >= maxChanges {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	x.changes = append(x.changes, &softwareChange{request: *m})
	return &cwmp.ChangeDUStateResponse{}
}

// changeSoftware executes the operations one after the other and reports them. A
// reboot ends it; it goes on afterwards with the operation that was not done.
func (d *Device) changeSoftware(ctx context.Context, c *softwareChange) {
	if !d.sleep(ctx, d.config.TransferDelay) {
		return
	}
	for c.next < len(c.request.Operations) {
		results := d.operate(ctx, c.request.Operations[c.next])
		if ctx.Err() != nil {
			return
		}
		c.results = append(c.results, results...)
		c.next++
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.extras.changes = slices.DeleteFunc(d.extras.changes, func(other *softwareChange) bool { return other == c })
	d.outbox = append(d.outbox, &outgoing{
		message: &cwmp.DUStateChangeComplete{Results: c.results, CommandKey: c.request.CommandKey},
		events: []cwmp.EventStruct{
			{EventCode: cwmp.EventDUStateChangeComplete},
			{EventCode: cwmp.EventMChangeDUState, CommandKey: c.request.CommandKey},
		},
	})
	d.poke()
}

// operate executes one operation.
func (d *Device) operate(ctx context.Context, operation cwmp.OperationStruct) []cwmp.OpResultStruct {
	switch o := operation.(type) {
	case cwmp.InstallOpStruct:
		return []cwmp.OpResultStruct{d.installUnit(ctx, o)}
	case cwmp.UpdateOpStruct:
		return d.updateUnits(ctx, o)
	case cwmp.UninstallOpStruct:
		return d.uninstallUnits(o)
	}
	return nil
}
