package cpe

import (
	"context"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// The parameter that starts a diagnostic and tells how it stands, and the values that
// the device and the ACS give it (TR-181 Device.IP.Diagnostics, TR-098, TR-143). The
// ACS may set Requested and Canceled only.
const (
	diagnosticsState    = "DiagnosticsState"
	diagnosticNone      = "None"
	diagnosticRequested = "Requested"
	diagnosticCanceled  = "Canceled"
	diagnosticComplete  = "Complete"
)

// diagnosis is a diagnostic that the ACS has requested. It starts when the session is
// over.
type diagnosis struct {
	// object is its path, with the final dot.
	object  string
	running bool
}

// diagnosticObjects returns the paths of the diagnostics, relative to either root.
func diagnosticObjects() []string {
	return []string{
		"IP.Diagnostics.IPPing.", "IPPingDiagnostics.",
		"IP.Diagnostics.TraceRoute.", "TraceRouteDiagnostics.",
		"IP.Diagnostics.DownloadDiagnostics.", "DownloadDiagnostics.",
		"IP.Diagnostics.UploadDiagnostics.", "UploadDiagnostics.",
		"DNS.Diagnostics.NSLookupDiagnostics.", "NSLookupDiagnostics.",
	}
}

// diagnosticOf splits a parameter of a diagnostic into object and name.
func (d *Device) diagnosticOf(path string) (object, name string, ok bool) {
	if !strings.Contains(path, "Diagnostics.") {
		return "", "", false
	}
	at := strings.LastIndexByte(path, '.') + 1
	object, name = path[:at], path[at:]
	return object, name, slices.Contains(diagnosticObjects(), strings.TrimPrefix(object, d.config.Root))
}

// diagnosticsSet does what follows from values that the ACS has set: a diagnostic
// whose inputs change goes back to None and starts anew only if it is requested
// again, whatever the order in the request. The caller holds mu.
func (d *Device) diagnosticsSet(values []cwmp.ParameterValueStruct) {
	var requested []string
	for _, p := range values {
		object, name, ok := d.diagnosticOf(p.Name)
		if !ok {
			continue
		}
		if name == diagnosticsState && p.Value == diagnosticRequested && !slices.Contains(requested, object) {
			requested = append(requested, object)
		}
		d.stopDiagnostic(object)
	}
	for _, object := range requested {
		d.setState(object, diagnosticRequested)
		d.extra().diagnostics = append(d.extra().diagnostics, &diagnosis{object: object})
	}
}

// stopDiagnostic ends a diagnostic, if it runs, and drops its results. The caller
// holds mu.
func (d *Device) stopDiagnostic(object string) {
	if d.extras != nil {
		d.extras.diagnostics = slices.DeleteFunc(d.extras.diagnostics, func(t *diagnosis) bool { return t.object == object })
	}
	d.clearRows(object)
	d.setState(object, diagnosticNone)
}

func (d *Device) setState(object, state string) {
	if e, ok := d.tree.parameter(object + diagnosticsState); ok {
		d.tree.set(e, state)
	}
}

// clearRows drops the rows of a diagnostic's table of results.
func (d *Device) clearRows(object string) {
	for _, name := range []string{"RouteHops.", "Result."} {
		if _, ok := d.tree.find(object + name); ok {
			d.tree.discard(object + name)
			delete(d.tree.highest, object+name)
		}
	}
}

// forgetDiagnostics drops the results of all diagnostics; the states are volatile and
// go by themselves. The caller holds mu.
func (d *Device) forgetDiagnostics() {
	for _, object := range diagnosticObjects() {
		d.clearRows(d.config.Root + object)
	}
}

// diagnose takes the time of a diagnostic and shows its results.
func (d *Device) diagnose(ctx context.Context, t *diagnosis) {
	start := d.config.Clock.Now()
	if !d.sleep(ctx, d.config.DiagnosticsDuration) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() != nil || !slices.Contains(d.extras.diagnostics, t) {
		return
	}
	d.extras.diagnostics = slices.DeleteFunc(d.extras.diagnostics, func(other *diagnosis) bool { return other == t })
	r := newDiagnosticRun(d, t.object, start)
	r.set(diagnosticsState, r.run())
	if !d.config.Quirks.NoDiagnosticsEvent {
		d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventDiagnosticsComplete})
	}
	d.poke()
}
