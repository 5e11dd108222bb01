package cpe

import (
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// maxScheduled is how many sessions an ACS may have scheduled at once.
const maxScheduled = 16

// scheduledInform is a session that the ACS asked for.
type scheduledInform struct {
	at         time.Time
	commandKey string
}

// acceptScheduleInform takes note of a session to come (TR-069 A.4.1.2). The caller
// holds mu.
func (d *Device) acceptScheduleInform(m *cwmp.ScheduleInform) cwmp.Message {
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	if m.DelaySeconds < 1 {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "DelaySeconds must be at least 1")
	}
	x := d.extra()
	if len(x.scheduled) >= maxScheduled {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	at := d.config.Clock.Now().Add(time.Duration(m.DelaySeconds) * time.Second)
	x.scheduled = append(x.scheduled, scheduledInform{at, m.CommandKey})
	return &cwmp.ScheduleInformResponse{}
}

// informScheduled turns what is due into events. The caller holds mu.
func (d *Device) informScheduled(now time.Time) {
	if d.extras == nil {
		return
	}
	d.extras.scheduled = slices.DeleteFunc(d.extras.scheduled, func(s scheduledInform) bool {
		if now.Before(s.at) {
			return false
		}
		d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventScheduled})
		d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventMScheduleInform, CommandKey: s.commandKey})
		return true
	})
}

// nextScheduled is when the next session is due that the ACS asked for; zero for
// none. The caller holds mu.
func (d *Device) nextScheduled() (next time.Time) {
	if d.extras == nil {
		return time.Time{}
	}
	for _, s := range d.extras.scheduled {
		if next.IsZero() || s.at.Before(next) {
			next = s.at
		}
	}
	return next
}
