package cpe

import (
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// addEvent notes an event for the next Inform. Those without a CommandKey are
// there once at most, so that connection requests coalesce. The caller holds mu.
func (d *Device) addEvent(e cwmp.EventStruct) {
	if !slices.Contains(d.events, e) {
		d.events = append(d.events, e)
	}
}

// pendingEvents returns the events of the next Inform: those noted, and those that
// follow from transfers whose end the ACS has not acknowledged and from what the
// device has to tell. The caller holds mu.
func (d *Device) pendingEvents() []cwmp.EventStruct {
	if d.bootstrap {
		return append([]cwmp.EventStruct{{EventCode: cwmp.EventBootstrap}}, d.events...)
	}
	events := slices.Clone(d.events)
	var reported []cwmp.EventStruct
	for _, t := range d.transfers {
		if t.state == transferDone {
			reported = append(reported, t.event())
		}
	}
	if len(reported) > 0 {
		events = append(events, cwmp.EventStruct{EventCode: cwmp.EventTransferComplete})
	}
	events = append(events, reported...)
	for _, o := range d.outbox {
		for _, e := range o.events {
			if !slices.Contains(events, e) {
				events = append(events, e)
			}
		}
	}
	return events
}

// keepBootOnly drops all that a first contact with an ACS makes void: every event
// but the boot, and value changes (TR-069 3.7.1.5). The caller holds mu.
func (d *Device) keepBootOnly() {
	d.notify = nil
	d.events = slices.DeleteFunc(d.events, func(e cwmp.EventStruct) bool { return e.EventCode != cwmp.EventBoot })
}

// delivered drops the events that an ACS has acknowledged. The caller holds mu.
func (d *Device) delivered(events []cwmp.EventStruct) {
	if slices.Contains(events, cwmp.EventStruct{EventCode: cwmp.EventBootstrap}) {
		d.bootstrap = false
	}
	d.events = slices.DeleteFunc(d.events, func(e cwmp.EventStruct) bool { return slices.Contains(events, e) })
}

// forgetEvents drops what does not survive a reboot: value changes, connection
// requests and the like; 0, 2, 3, 5, 7 and those with a CommandKey do (TR-069
// 3.7.1.5). The caller holds mu.
func (d *Device) forgetEvents() {
	d.notify = nil
	d.events = slices.DeleteFunc(d.events, func(e cwmp.EventStruct) bool {
		switch e.EventCode {
		case cwmp.EventBoot, cwmp.EventValueChange, cwmp.EventConnectionRequest, cwmp.EventDiagnosticsComplete:
			return true
		}
		return false
	})
}

// newInform builds the Inform of a session with those events.
func (d *Device) newInform(events []cwmp.EventStruct) *cwmp.Inform {
	d.mu.Lock()
	defer d.mu.Unlock()
	m := &cwmp.Inform{
		DeviceID:     d.id,
		Events:       events,
		MaxEnvelopes: 1,
		CurrentTime:  cwmp.NewDateTime(d.config.Clock.Now()),
		RetryCount:   d.retryCount,
	}
	m.ParameterList = make([]cwmp.ParameterValueStruct, 0, len(d.config.Model.inform)+len(d.notify))
	for _, path := range d.config.Model.inform {
		d.addInformParameter(m, path)
	}
	for _, path := range d.notify {
		if !slices.Contains(d.config.Model.inform, path) {
			d.addInformParameter(m, path)
		}
	}
	return m
}

func (d *Device) addInformParameter(m *cwmp.Inform, path string) {
	if e, ok := d.tree.parameter(path); ok {
		m.ParameterList = append(m.ParameterList, d.tree.read(e))
	}
}
