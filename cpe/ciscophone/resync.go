package ciscophone

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// wants reports whether the phone may fetch profiles, and on an occasion: both are so
// unless the profile says otherwise.
func wants(e elements, occasion string) bool {
	return !strings.EqualFold(e["Provision_Enable"], "no") && !strings.EqualFold(e[occasion], "no")
}

// Resync has the phone fetch its profiles now, as its web page does, and restart if
// that changed anything. The error is that of filephone.Phone.Start for the last server
// that was tried, or filephone.ErrNoFile.
func (p *Phone) Resync(ctx context.Context) error {
	changed, err := p.resync(ctx)
	p.reconsider(changed)
	return err
}

// resync fetches the profiles from the first server that has one.
func (p *Phone) resync(ctx context.Context) (changed bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.pull()
	servers := Discover(p.answer).Servers
	if len(servers) == 0 {
		servers = []string{""}
	}
	for _, server := range servers {
		var outcome filephone.Outcome
		outcome, err = p.profile.StartFrom(ctx, server)
		p.fetched(outcome, err)
		if err == nil || ctx.Err() != nil {
			break
		}
	}
	p.failed = err != nil
	if changed = p.memory.push(before); changed {
		p.counts.Changes++
	}
	select {
	case p.rescheduled <- struct{}{}:
	default:
	}
	p.announce()
	return changed, err
}

// fetchAgain fetches the profiles whenever it is time.
func (p *Phone) fetchAgain(ctx context.Context) {
	for ctx.Err() == nil {
		var due <-chan time.Time
		if wait := p.untilResync(); wait > 0 {
			due = p.after(wait)
		}
		select {
		case <-ctx.Done():
		case <-p.rescheduled:
		case <-due:
			_ = p.Resync(ctx)
		}
	}
}

func (p *Phone) after(wait time.Duration) <-chan time.Time {
	if clock := p.config.CWMP.Clock; clock != nil {
		return clock.After(wait)
	}
	return time.After(wait)
}

// untilResync is how long the phone waits before it fetches its profiles again; 0 is
// for ever.
func (p *Phone) untilResync() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	e := elements(p.profile.Elements())
	if !wants(e, "") {
		return 0
	}
	name, otherwise := "Resync_Periodic", 0
	if p.failed {
		name, otherwise = "Resync_Error_Retry_Delay", 3600
		if p.config.ErrorRetry > 0 {
			return p.config.ErrorRetry
		}
	}
	seconds, err := strconv.Atoi(e[name])
	if err != nil || seconds < 0 {
		seconds = otherwise
	}
	return time.Duration(seconds) * time.Second
}
