package cpe

import (
	"context"
	"time"
)

// LocalChange is what somebody changes at a device itself.
type LocalChange struct {
	// Path is the whole path of the parameter.
	Path, Value string
}

// change changes every device once it is time.
func (f *Fleet) change(ctx context.Context) {
	if len(f.config.Changes) == 0 {
		return
	}
	timer := time.NewTimer(f.config.ChangeAfter)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return
	}
	for _, d := range f.devices {
		for _, c := range f.config.Changes {
			// One device has it, another has not.
			_ = d.SetLocal(c.Path, c.Value)
		}
	}
}
