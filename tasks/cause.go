package tasks

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Cause groups failed tasks that failed for the same reason and that no operator
// has retried.
type Cause struct {
	Kind Kind
	// Code and Reason are those of the Fault.
	Code   int
	Reason Reason
	// Text is the Fault's text of the newest of them.
	Text string
	// Count is how many there are.
	Count int
	// First and Last are when the first and the last of them failed.
	First time.Time
	Last  time.Time
	// Sample are the newest of them, at most MaxCauseSample.
	Sample []ID
}

// MaxCauseSample bounds Cause.Sample.
const MaxCauseSample = 5

// CauseStore groups failed tasks.
type CauseStore interface {
	// Causes groups the tasks in state Failed without RetriedBy, of devices in the
	// scope, that ended at since or later, by Kind, Code and Reason: those with the
	// most tasks first, then by Kind, Code and Reason, at most limit.
	Causes(ctx context.Context, s device.Scope, since time.Time, limit int) ([]Cause, error)
}
