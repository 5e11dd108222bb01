package ciscophone

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// Report is what a fleet did.
type Report struct {
	Phones int `json:"phones"`
	// Started is how many were switched on, Provisioned how many of them found a
	// profile when they looked last, and Managed how many completed a session of CWMP.
	Started     int     `json:"started"`
	Provisioned int     `json:"provisioned"`
	Managed     int     `json:"managed"`
	Seconds     float64 `json:"seconds"`
	// SessionsFailed leaves out those that were broken off at the end.
	SessionsCompleted uint64 `json:"sessionsCompleted"`
	SessionsFailed    uint64 `json:"sessionsFailed"`
	Boots             int    `json:"boots"`
	Fetches           int    `json:"fetches"`
	FetchFailures     int    `json:"fetchFailures"`
	// Changes are how often profiles changed a phone.
	Changes int `json:"changes"`
	// Downloads are files of Downloads that arrived, by FileType, RPCs and RPCFaults
	// what the ACS asked for, by method.
	Downloads map[string]int `json:"downloads"`
	RPCs      map[string]int `json:"rpcs"`
	RPCFaults map[string]int `json:"rpcFaults"`
}

// FailedError says that not everything that a fleet did succeeded.
type FailedError struct {
	// Unprovisioned is how many phones found no profile, Sessions how many sessions
	// failed.
	Unprovisioned int
	Sessions      uint64
}

// Error counts what failed.
func (e *FailedError) Error() string {
	return fmt.Sprintf("ciscophone: %d phones found no profile, %d sessions failed", e.Unprovisioned, e.Sessions)
}

// Err returns a *FailedError if a phone that was started has no profile, or a session
// failed.
func (r Report) Err() error {
	without := r.Started - r.Provisioned
	if without == 0 && r.SessionsFailed == 0 {
		return nil
	}
	return &FailedError{Unprovisioned: without, Sessions: r.SessionsFailed}
}

// Report sums up what the fleet has done until now.
func (f *Fleet) Report() Report {
	r := Report{Phones: len(f.phones), Downloads: map[string]int{}, RPCs: map[string]int{}, RPCFaults: map[string]int{}}
	for _, p := range f.phones {
		r.add(p)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	r.Started, r.Managed, r.SessionsCompleted, r.SessionsFailed = f.started, len(f.seen), f.done, f.failures
	r.Seconds = f.elapsed().Seconds()
	return r
}

func (r *Report) add(p *Phone) {
	c := p.Counts()
	r.Boots += c.Boots
	r.Fetches += c.Fetches
	r.FetchFailures += c.FetchFailures
	r.Changes += c.Changes
	if p.provisioned() {
		r.Provisioned++
	}
	addCounts(r.Downloads, c.Downloads)
	addCounts(r.RPCs, c.RPCs)
	addCounts(r.RPCFaults, p.device.FaultCounters())
}

func addCounts(sum, counts map[string]int) {
	for name, n := range counts {
		sum[name] += n
	}
}

// provisioned reports whether the phone found a profile when it looked last.
func (p *Phone) provisioned() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.counts.Fetches > 0 && !p.failed
}

// Progress tells how far the fleet is; phones that completed a session of CWMP are seen.
func (f *Fleet) Progress() cpe.Progress {
	f.mu.Lock()
	defer f.mu.Unlock()
	return cpe.Progress{
		Elapsed: f.elapsed(), Active: f.started, Devices: len(f.phones),
		SessionsCompleted: f.done, SessionsFailed: f.failures, Seen: len(f.seen),
	}
}

func (f *Fleet) elapsed() time.Duration {
	switch {
	case f.began.IsZero():
		return 0
	case f.ended.IsZero():
		return time.Since(f.began)
	}
	return f.ended.Sub(f.began)
}

// WriteText writes the report for people. It returns the writer's error.
func (r Report) WriteText(w io.Writer) error {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	row := func(name, format string, arguments ...any) {
		_, _ = fmt.Fprintf(t, "%s\t%s\n", name, fmt.Sprintf(format, arguments...))
	}
	row("phones", "%d, of which %d started, %d have a profile and %d spoke CWMP", r.Phones, r.Started, r.Provisioned, r.Managed)
	row("duration", "%.1f s", r.Seconds)
	row("boots", "%d", r.Boots)
	row("fetches", "%d, of which %d failed; profiles changed a phone %d times", r.Fetches, r.FetchFailures, r.Changes)
	row("sessions", "%d completed, %d failed", r.SessionsCompleted, r.SessionsFailed)
	for _, counts := range []struct {
		title string
		of    map[string]int
	}{{"Downloads that arrived", r.Downloads}, {"RPCs executed", r.RPCs}, {"RPCs refused", r.RPCFaults}} {
		sum := 0
		for _, n := range counts.of {
			sum += n
		}
		row(counts.title, "%d", sum)
		for _, name := range slices.Sorted(maps.Keys(counts.of)) {
			row("  "+name, "%d", counts.of[name])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := io.WriteString(w, b.String())
	return err
}
