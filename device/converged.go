package device

import "time"

// Converged is what a session made of the settings of its device.
type Converged struct {
	// Generation is that of the session (Session.Generation).
	Generation int64
	At         time.Time
	// Pack and Wanted are those that the session worked with.
	Pack   string
	Wanted string
	// Held says that the device has them, by all of its roads.
	Held bool
	// The rest is as in Provisioning. FileHeld is nil where it stays as it is, and empty
	// for a device that has no file any more: it then holds none of the settings that were
	// noted for one. Tried is Wanted unless Held is set.
	Managed      bool
	FileHeld     *string
	Stuck        string
	Drifted      int
	DriftedSince time.Time
	ParameterKey string
	CheckAt      time.Time
}

// ApplyConverged returns the record after a session worked at the settings. It returns
// ErrSessionLost if a newer session holds the lock. A Wanted that was marked meanwhile
// stays: the device then holds, or was refused, an older one.
func (d Device) ApplyConverged(c Converged) (Device, error) {
	if d.Session.Generation != c.Generation {
		return d, ErrSessionLost
	}
	p := &d.Provisioning
	if p.Wanted == "" || p.Pack == "" {
		// Nothing was computed before.
		p.Pack, p.Wanted, p.ChangedAt = c.Pack, c.Wanted, c.At
	}
	p.Managed = c.Managed
	if c.FileHeld != nil {
		p.FileHeld = *c.FileHeld
		if p.FileHeld == "" {
			p.Held = ""
		}
	}
	p.Tried, p.Stuck = "", ""
	if c.Held {
		p.Held = c.Wanted
	} else {
		p.Tried, p.Stuck = c.Wanted, c.Stuck
	}
	p.Drifted, p.DriftedSince = c.Drifted, c.DriftedSince
	p.ParameterKey, p.CheckAt = c.ParameterKey, c.CheckAt
	return d, nil
}

// Reconsider returns the record with its parameters due to be compared.
func (d Device) Reconsider(at time.Time) Device {
	d.Provisioning.Tried, d.Provisioning.CheckAt = "", at
	return d
}
