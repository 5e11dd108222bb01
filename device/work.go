package device

import "time"

// Work is the hint on the device record that tasks may be due. It is raised
// after a task is stored, and cleared only by comparing it with what was seen
// before an empty claim: a hint for a task that the claim did not see stays up.
type Work struct {
	// Raised counts how often the hint was raised.
	Raised int64
	// Cleared is the count of Raised that an empty claim had seen. The hint is
	// up while the two differ.
	Cleared int64
	// DueAt is when the earliest task that was not yet due becomes so, zero if
	// there is none.
	DueAt time.Time
}

// Due reports whether the task queue is to be asked at now.
func (w Work) Due(now time.Time) bool {
	return w.Raised != w.Cleared || (!w.DueAt.IsZero() && !now.Before(w.DueAt))
}

// Raise returns the hint raised once more.
func (w Work) Raise() Work {
	w.Raised++
	return w
}

// Clear returns the hint after a claim came back empty: seen is Raised as it
// was before the claim, dueAt the time of the next task that is not due yet. A
// hint that was raised meanwhile stays up.
func (w Work) Clear(seen int64, dueAt time.Time) Work {
	if w.Raised == seen {
		w.Cleared = seen
	}
	w.DueAt = dueAt
	return w
}
