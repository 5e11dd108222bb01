package cpe

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Latency is how long something took, in milliseconds; quantiles are exact to 3%.
type Latency struct {
	Count uint64  `json:"count"`
	Mean  float64 `json:"mean"`
	P50   float64 `json:"p50"`
	P90   float64 `json:"p90"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// Report is what a fleet did.
type Report struct {
	Devices int `json:"devices"`
	// DevicesStarted is how many were switched on before the fleet stopped.
	DevicesStarted int `json:"devicesStarted"`
	// DevicesSeen is how many completed at least one session.
	DevicesSeen int `json:"devicesSeen"`
	// Seconds is how long the fleet ran.
	Seconds           float64           `json:"seconds"`
	SessionsCompleted uint64            `json:"sessionsCompleted"`
	SessionsFailed    uint64            `json:"sessionsFailed"`
	FailedByReason    map[Reason]uint64 `json:"failedByReason"`
	SessionsPerSecond float64           `json:"sessionsPerSecond"`
	// Requests is how many HTTP requests were sent.
	Requests uint64 `json:"requests"`
	// RPCs is how many RPCs of the ACS were executed, by method; RPCFaults
	// how many were refused.
	RPCs      map[string]uint64 `json:"rpcs"`
	RPCFaults map[string]uint64 `json:"rpcFaults"`
	// Inform is the time from the start of a session to the InformResponse,
	// Session that of whole completed sessions; both in milliseconds.
	Inform  Latency `json:"informMilliseconds"`
	Session Latency `json:"sessionMilliseconds"`
}

// FailedError says that not everything that a fleet did succeeded.
type FailedError struct {
	// Sessions is how many sessions failed.
	Sessions uint64
	// Silent is how many devices completed no session at all.
	Silent int
}

// Error counts what failed.
func (e *FailedError) Error() string {
	return fmt.Sprintf("cpe: %d sessions failed, %d devices completed none", e.Sessions, e.Silent)
}

// Err returns a *FailedError if a session failed or a device that was started
// completed none, else nil. Sessions that were broken off because the fleet was stopped do not count.
func (r Report) Err() error {
	failed, silent := r.SessionsFailed-r.FailedByReason[ReasonStopped], r.DevicesStarted-r.DevicesSeen
	if failed == 0 && silent == 0 {
		return nil
	}
	return &FailedError{Sessions: failed, Silent: silent}
}

// WriteText writes the report for people. It returns the writer's error.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, arguments ...any) {
		fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, arguments...))
	}
	row("devices", "%d, of which %d started and %d completed a session", r.Devices, r.DevicesStarted, r.DevicesSeen)
	row("duration", "%.1f s", r.Seconds)
	row("sessions completed", "%d (%.1f a second)", r.SessionsCompleted, r.SessionsPerSecond)
	row("sessions failed", "%d", r.SessionsFailed)
	for _, reason := range slices.Sorted(maps.Keys(r.FailedByReason)) {
		row("  "+string(reason), "%d", r.FailedByReason[reason])
	}
	row("HTTP requests", "%d", r.Requests)
	for _, l := range []struct {
		name string
		Latency
	}{{"Inform", r.Inform}, {"session", r.Session}} {
		row(l.name+" latency", "p50 %.1f ms, p90 %.1f ms, p99 %.1f ms, max %.1f ms", l.P50, l.P90, l.P99, l.Max)
	}
	writeCounts(row, "RPCs executed", r.RPCs)
	writeCounts(row, "RPCs refused", r.RPCFaults)
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func writeCounts(row func(name, format string, arguments ...any), title string, counts map[string]uint64) {
	var sum uint64
	for _, n := range counts {
		sum += n
	}
	row(title, "%d", sum)
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		row("  "+name, "%d", counts[name])
	}
}
