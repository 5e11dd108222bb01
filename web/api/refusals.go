package api

import (
	"sync"
	"time"
)

const (
	// refusalsPerMinute bounds the audit entries of one caller about what they may
	// not do: a script that tries the same for ever fills no disk.
	refusalsPerMinute = 30
	// maxRefused bounds how many callers are remembered; there are no more of them
	// than tokens and users.
	maxRefused = 8192
)

// refusals decides which calls that somebody was forbidden (403) are written to
// the audit log: refusalsPerMinute of each caller, the next of whose entries says
// how many were left out. Nobody's refusals hide another's.
type refusals struct {
	mu      sync.Mutex
	minute  time.Time
	written map[string]int
	leftOut map[string]int
}

func newRefusals() *refusals {
	return &refusals{written: make(map[string]int), leftOut: make(map[string]int)}
}

// admit reports whether an entry may be written, and how many of the caller were
// left out since the last one was.
func (r *refusals) admit(now time.Time, actor string) (ok bool, leftOut int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(r.minute) {
		r.minute = minute
		clear(r.written)
	}
	if len(r.leftOut) >= maxRefused {
		clear(r.leftOut)
	}
	if r.written[actor] >= refusalsPerMinute {
		r.leftOut[actor]++
		return false, 0
	}
	r.written[actor]++
	leftOut = r.leftOut[actor]
	delete(r.leftOut, actor)
	return true, leftOut
}
