package device

import (
	"context"
	"time"
)

// Provisioning is how a device stands with the settings that were declared for it, and
// with the files that carry them.
type Provisioning struct {
	// Pack is the vendor pack that serves the device, empty if none does.
	Pack string
	// Wanted identifies the settings that the device should have, empty if they were
	// not computed yet.
	Wanted string
	// Held is the Wanted of the file that the device took last.
	Held string
	// Problem says why the device's files cannot be made, empty if they can; without
	// secrets.
	Problem string
	// ChangedAt is when Wanted last changed.
	ChangedAt time.Time
	// FetchedAt is when the device last asked for a file, File which one, UserAgent as
	// what it did.
	FetchedAt time.Time
	File      string
	UserAgent string

	// Managed says that a session has taken charge: what the pack's mapping covers is set
	// as parameters, and files carry the rest.
	Managed bool
	// FileHeld identifies the file with that rest that the device took last.
	FileHeld string
	// Tried is the Wanted that a session last worked at without reaching it, Stuck why it
	// cannot be reached; without secrets, at most MaxStuck bytes. Stuck is empty while it
	// only takes longer.
	Tried string
	Stuck string
	// Drifted is how many parameters the device has otherwise than they were set,
	// DriftedSince when the first of them was seen.
	Drifted      int
	DriftedSince time.Time
	// ParameterKey is the device's as it was when its parameters were last compared.
	ParameterKey string
	// CheckAt is when a session compares the parameters again, whatever happens: the next
	// try, or the next reading. The zero time is never.
	CheckAt time.Time
}

// MaxStuck bounds Provisioning.Stuck, in bytes.
const MaxStuck = 512

// ProvisioningState says whether a device holds what was declared for it.
type ProvisioningState string

// The states of provisioning.
const (
	// ProvisioningNone has no pack, or nothing was computed yet.
	ProvisioningNone ProvisioningState = "none"
	// ProvisioningPending does not hold the current settings yet.
	ProvisioningPending ProvisioningState = "pending"
	// ProvisioningConverged took them.
	ProvisioningConverged ProvisioningState = "converged"
	// ProvisioningDrifted had them, and has some otherwise now: somebody changed them on
	// the device, or by a task.
	ProvisioningDrifted ProvisioningState = "drifted"
	// ProvisioningFailing cannot be given them: Problem or Stuck says why.
	ProvisioningFailing ProvisioningState = "failing"
)

// ProvisioningStates returns every state.
func ProvisioningStates() []ProvisioningState {
	return []ProvisioningState{ProvisioningNone, ProvisioningPending, ProvisioningConverged, ProvisioningDrifted, ProvisioningFailing}
}

// State returns how the device stands.
func (p *Provisioning) State() ProvisioningState {
	switch {
	case p.Problem != "":
		return ProvisioningFailing
	case p.Pack == "" || p.Wanted == "":
		return ProvisioningNone
	case p.Stuck != "" && p.Tried == p.Wanted:
		return ProvisioningFailing
	case p.Held == p.Wanted && p.Drifted > 0:
		return ProvisioningDrifted
	case p.Held == p.Wanted:
		return ProvisioningConverged
	default:
		return ProvisioningPending
	}
}

// Mark is what was computed for a device.
type Mark struct {
	Pack    string
	Wanted  string
	Problem string
	At      time.Time
}

// ApplyMark returns the record with the mark; changed is false if it says nothing new.
func (d Device) ApplyMark(m Mark) (marked Device, changed bool) {
	p := d.Provisioning
	p.Pack, p.Problem = m.Pack, m.Problem
	if p.Wanted != m.Wanted {
		p.Wanted, p.ChangedAt = m.Wanted, m.At
	}
	changed = p != d.Provisioning
	d.Provisioning = p
	return d, changed
}

// Fetched is what a request for a file says of the device.
type Fetched struct {
	At        time.Time
	Address   string
	File      string
	UserAgent string
	// SoftwareVersion is the firmware that the User-Agent names, or empty.
	SoftwareVersion string
	// Held is the Wanted of the settings that the device now has, empty if the file
	// does not carry them or was not taken.
	Held string
	// FileHeld identifies the file that the device now has, as Provisioning.FileHeld;
	// empty if the file does not carry settings, was not taken, or nobody knows.
	FileHeld string
	// OnlineUntil is when the device counts as offline unless it asks again.
	OnlineUntil time.Time
}

// ApplyFetched returns the record after a request for a file. What a device reports
// over CWMP is better known from there: Address, SoftwareVersion and OnlineUntil stay
// for one that ever informed.
func (d Device) ApplyFetched(f Fetched) Device {
	if d.FirstSeen.IsZero() {
		d.FirstSeen = f.At
	}
	p := &d.Provisioning
	if !f.At.Before(p.FetchedAt) {
		p.FetchedAt, p.File, p.UserAgent = f.At, f.File, f.UserAgent
	}
	if f.Held != "" {
		p.Held = f.Held
	}
	if f.FileHeld != "" {
		p.FileHeld = f.FileHeld
	}
	if !d.LastInform.IsZero() {
		return d
	}
	d.Address = f.Address
	if f.SoftwareVersion != "" {
		d.SoftwareVersion = f.SoftwareVersion
	}
	if f.OnlineUntil.After(d.OnlineUntil) {
		d.OnlineUntil = f.OnlineUntil
	}
	return d
}

// ProvisioningStore keeps Device.Provisioning. Every method is one atomic operation.
type ProvisioningStore interface {
	// Mark applies a mark (Device.ApplyMark) and reports whether it changed the record.
	// It returns ErrNotFound.
	Mark(ctx context.Context, id ID, m Mark) (changed bool, err error)
	// NoteFetched applies what a request for a file says (Device.ApplyFetched). It
	// returns ErrNotFound.
	NoteFetched(ctx context.Context, id ID, f Fetched) error
	// NoteConverged applies what a session made of the settings (Device.ApplyConverged).
	// It returns ErrNotFound, and ErrSessionLost if a newer session holds the lock.
	NoteConverged(ctx context.Context, id ID, c Converged) error
	// Reconsider has the next session compare the parameters of a device
	// (Device.Reconsider). It returns ErrNotFound.
	Reconsider(ctx context.Context, id ID, at time.Time) error
}
