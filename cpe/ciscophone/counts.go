package ciscophone

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// maxFetches bounds what Phone.Fetches returns.
const maxFetches = 256

// Counts is what a phone has done since it was made.
type Counts struct {
	// Boots are starts of its firmware.
	Boots int
	// Fetches are requests for profiles and firmware by the phone's own rules, and
	// FetchFailures those that brought nothing.
	Fetches, FetchFailures int
	// Changes are how often profiles, fetched or downloaded, changed an element.
	Changes int
	// Downloads are the files of Downloads that arrived, by FileType; firmware is not
	// among them.
	Downloads map[string]int
	// RPCs are those of the ACS that were executed, by method.
	RPCs map[string]int
	// Sessions are those that ended, failed ones included.
	Sessions int
}

// Counts returns what the phone has done.
func (p *Phone) Counts() Counts {
	p.mu.Lock()
	defer p.mu.Unlock()
	c := p.counts
	c.Downloads = maps.Clone(c.Downloads)
	c.RPCs, c.Sessions = p.device.Counters(), p.device.Sessions()
	return c
}

// Fetches returns the last requests by the phone's own rules, oldest first, at most 256.
func (p *Phone) Fetches() []filephone.Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.fetches)
}

// fetched notes what a look for profiles came to. The caller holds mu.
func (p *Phone) fetched(outcome filephone.Outcome, err error) {
	for _, r := range outcome.Requests {
		p.counts.Fetches++
		if r.Status != http.StatusOK && r.Status != http.StatusNotModified {
			p.counts.FetchFailures++
		}
	}
	if len(outcome.Requests) == 0 && err != nil {
		p.counts.FetchFailures++
	}
	p.fetches = append(p.fetches, outcome.Requests...)
	if over := len(p.fetches) - maxFetches; over > 0 {
		p.fetches = slices.Delete(p.fetches, 0, over)
	}
}

// askAgain is how often WaitFor asks by itself.
const askAgain = 20 * time.Millisecond

// WaitFor waits until condition holds. It is asked at once, after all that the phone
// does, and every 20 ms. It returns the context's error.
func (p *Phone) WaitFor(ctx context.Context, condition func() bool) error {
	ticker := time.NewTicker(askAgain)
	defer ticker.Stop()
	for {
		p.mu.Lock()
		if p.changed == nil {
			p.changed = make(chan struct{})
		}
		changed := p.changed
		p.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// announce wakes whoever is in WaitFor. The caller holds mu.
func (p *Phone) announce() {
	if p.changed != nil {
		close(p.changed)
		p.changed = nil
	}
}
