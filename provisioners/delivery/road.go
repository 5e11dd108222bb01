package delivery

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// road is how much of a device's settings one of its files carries.
type road struct {
	// owned are the paths that the file leaves out, as parameters carry them.
	owned []string
	// held and fileHeld are device.Fetched.Held and FileHeld of a phone that took it.
	held, fileHeld string
}

// roadOf returns that of a file which the device asked for by itself. It completes the
// job.
func (s *Server) roadOf(ctx context.Context, j *job, at time.Time) (r road, err error) {
	if j.file.Confirms {
		r.held = j.fingerprint
	}
	if j.pack.Mapping == nil {
		return r, nil
	}
	c, stored, err := s.convergence(ctx, j.device.ID)
	if err != nil || !stored {
		return r, err
	}
	if j.pack.Mapping.Split() && managed(&j.device, at) {
		r.owned, r.held = c.Owned, ""
	}
	if profile, _ := profileFile(j.pack, j.model); profile == j.file && j.file.Confirms {
		r.fileHeld, err = s.hash(ctx, j, c.Owned)
	}
	return r, err
}

// convergence reads what is known of a device's parameters; stored is false if nothing is.
func (s *Server) convergence(ctx context.Context, id device.ID) (c provisioners.Convergence, stored bool, err error) {
	c, err = s.options.Convergences.Convergence(ctx, id)
	if errors.Is(err, provisioners.ErrNotFound) {
		return c, false, nil
	}
	if err != nil {
		return c, false, fmt.Errorf("read the convergence of the device: %w", err)
	}
	return c, true, nil
}

const (
	// silentIntervals is after how many inform intervals without an Inform a device
	// counts as silent, silentAtLeast the time that it has at least.
	silentIntervals = 3
	silentAtLeast   = time.Hour
)

// managed reports whether parameters carry their part of the settings: a session has taken
// charge of the device, and it still informs.
func managed(d *device.Device, now time.Time) bool {
	patience := max(silentIntervals*d.Interval(), silentAtLeast)
	return d.Provisioning.Managed && !d.LastInform.IsZero() && now.Sub(d.LastInform) <= patience
}
