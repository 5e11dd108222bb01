package acs

import (
	"context"

	"github.com/dialtone-acs/dialtone/tasks"
)

// batches splits a list of paths into requests that a device bears. A batch
// that is refused is halved until the single paths at fault are known; the rest
// goes on.
type batches struct {
	// Left are the batches not yet asked for; the first is the one under way.
	Left [][]string
	// Faults are those of single paths.
	Faults []tasks.ParameterFault
	// First is the first fault of a single path, whole.
	First *tasks.Fault
}

func newBatches(paths []string, size int) batches {
	var b batches
	for len(paths) > size {
		b.Left = append(b.Left, paths[:size:size])
		paths = paths[size:]
	}
	if len(paths) > 0 {
		b.Left = append(b.Left, paths)
	}
	return b
}

func (b *batches) done() bool { return len(b.Left) == 0 }

func (b *batches) current() []string { return b.Left[0] }

func (b *batches) answered() { b.Left = b.Left[1:] }

// splittable reports whether asking for less can help (TR-069 A.5.1: 9002
// internal error, 9003 invalid arguments, 9004 resources exceeded, 9005 invalid
// parameter name).
func splittable(code int) bool { return code >= 9002 && code <= 9005 }

// refused notes a fault of the batch under way. It returns false for a fault
// that asking for less does not help against.
func (b *batches) refused(f tasks.Fault) bool {
	if !splittable(f.Code) {
		return false
	}
	batch := b.Left[0]
	if len(batch) == 1 {
		b.Faults = append(b.Faults, tasks.ParameterFault{Path: batch[0], Code: f.Code, String: f.String})
		if b.First == nil {
			b.First = &f
		}
		b.Left = b.Left[1:]
		return true
	}
	half := len(batch) / 2
	b.Left = append([][]string{batch[:half:half], batch[half:]}, b.Left[1:]...)
	return true
}

// valuesRefused notes a fault of the GetParameterValues under way, and what it
// says of the model's limits. It returns the fault if asking for less does not
// help.
func (b *batches) valuesRefused(ctx context.Context, w *work, f tasks.Fault) (failure *tasks.Fault, err error) {
	size := len(b.current())
	if !b.refused(f) {
		return &f, nil
	}
	if tooLarge(f.Code) {
		return nil, w.limits.tooMany(ctx, size)
	}
	return nil, nil
}

// tooLarge reports whether the fault says that the request was too large, and
// not that a name is wrong.
func tooLarge(code int) bool { return code == 9002 || code == 9004 }
