package converge

import (
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// cause is why a session looks after the settings of its device.
type cause struct {
	// Verify says that what is known of the device may be wrong: its parameters are read.
	Verify bool `json:",omitempty"`
	// Bootstrap says that it is new or was reset (TR-069 3.7.1.5, 0 BOOTSTRAP), Booted that
	// it has started, Foreign that its ParameterKey is not the one that it had, and Emptied
	// that it has none any more.
	Bootstrap bool `json:",omitempty"`
	Booted    bool `json:",omitempty"`
	Foreign   bool `json:",omitempty"`
	Emptied   bool `json:",omitempty"`
}

// unproven is why a device is not told secrets.
const unproven = "the device has not proven who it is"

// due says whether a session is to look after the settings, by its record and its Inform
// alone: of a device that holds them, nothing else is asked.
func due(v *Visit, pack string) (cause, bool) {
	d := v.Device
	p := &d.Provisioning
	if d.Quarantined || d.Root == "" || p.Problem != "" && p.Pack == pack {
		return cause{}, false
	}
	if p.Managed && p.Pack == pack && p.Held == p.Wanted && p.Wanted != "" && p.CheckAt.IsZero() {
		return cause{}, false // Nothing of it is carried by parameters (outcome.schedule).
	}
	e := eventsOf(v)
	why := cause{Bootstrap: e.bootstrap, Booted: e.boot, Foreign: p.Managed && d.ParameterKey != p.ParameterKey}
	why.Emptied = why.Foreign && d.ParameterKey == ""
	again := !p.CheckAt.IsZero() && !v.Now.Before(p.CheckAt)
	why.Verify = why.Bootstrap || why.Foreign || p.Managed && (why.Booted || again)
	switch {
	case p.Pack != pack || p.Wanted == "":
		return why, true
	case why.Verify, v.Changed, p.Managed && e.valueChange, v.Proven && strings.Contains(p.Stuck, unproven):
		return why, true
	case p.Held == p.Wanted && p.Managed:
		return why, false
	default:
		return why, p.Tried != p.Wanted || again || e.transfer || e.boot
	}
}

// happened are the events of an Inform that matter here.
type happened struct{ bootstrap, boot, valueChange, transfer bool }

func eventsOf(v *Visit) happened {
	var h happened
	for _, event := range v.Events {
		e := cwmp.EventStruct{EventCode: event.Code}
		h.bootstrap = h.bootstrap || e.Is(cwmp.EventBootstrap)
		h.boot = h.boot || e.Is(cwmp.EventBoot)
		h.valueChange = h.valueChange || e.Is(cwmp.EventValueChange)
		h.transfer = h.transfer || e.Is(cwmp.EventTransferComplete) || strings.HasPrefix(strings.TrimSpace(event.Code), "M Download")
	}
	return h
}
