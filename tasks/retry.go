package tasks

import "time"

// Policy holds the times and bounds of the life of tasks.
type Policy struct {
	// Attempts is how often a task is tried before it fails.
	Attempts int
	// Backoff is the pause after the first failed attempt; it doubles with
	// every further one up to MaxBackoff.
	Backoff    time.Duration
	MaxBackoff time.Duration
	// Retention is how long a final task is kept.
	Retention time.Duration
	// Outcome replaces KindInfo.Outcome where it is above 0.
	Outcome time.Duration
}

// DefaultPolicy returns the policy of a server that nobody configured.
func DefaultPolicy() Policy {
	return Policy{Attempts: 6, Backoff: 30 * time.Second, MaxBackoff: time.Hour, Retention: 30 * 24 * time.Hour}
}

// retryable is the retry table: for each fault whether the same request can
// succeed later without anybody changing it. CWMP codes are those of TR-069
// A.5.1.
func retryable(f *Fault) bool {
	if f.Busy {
		return true
	}
	switch f.Code {
	case 9001, // Request denied
		9002,       // Internal error
		9004,       // Resources exceeded
		9010, 9011, // File transfer or upload failure
		9014, 9015, 9016, 9017, 9018, // Transfer: server, access, completion, corruption
		9020: // Time windows passed
		return true
	case 0:
		return f.Reason == SessionLost || f.Reason == SessionLimit || f.Reason == InvalidResponse
	default:
		return false
	}
}

// Retry decides what follows a failed attempt: whether to try again, and how
// long to wait first. attempts counts those made so far.
func (p Policy) Retry(f *Fault, attempts int) (wait time.Duration, again bool) {
	if attempts >= p.Attempts || !retryable(f) {
		return 0, false
	}
	if f.Reason == SessionLost {
		return 0, true // The next session is the device's own sign that it is back.
	}
	wait = p.Backoff
	for range attempts - 1 {
		wait = min(2*wait, p.MaxBackoff)
	}
	return wait, true
}

// outcome returns how long the device has to show the outcome of a kind.
func (p Policy) outcome(k Kind) time.Duration {
	if p.Outcome > 0 {
		return p.Outcome
	}
	info, _ := k.Info()
	if info.Outcome == 0 {
		return defaultOutcome
	}
	return info.Outcome
}

// defaultOutcome is how long evidence is awaited for a kind whose answer is the
// outcome, once the answer was lost.
const defaultOutcome = 15 * time.Minute
