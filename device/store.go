package device

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Scope limits what a caller sees to a subtree of the groups. The zero Scope
// sees everything.
type Scope struct {
	// Group is the path of the topmost group seen, empty for all.
	Group string
}

// Contains reports whether a group, by its path, lies in the subtree.
func (s Scope) Contains(group string) bool {
	return s.Group == "" || group == s.Group || strings.HasPrefix(group, s.Group+"/")
}

// Store keeps device records. Every method is one atomic operation.
type Store interface {
	// Create stores a new record with its identities. It returns ErrDuplicate
	// if an identity belongs to another device. With limit above 0 it returns
	// ErrLimit if that many devices of OriginContact exist already and the new
	// one is of that origin.
	Create(ctx context.Context, d Device, limit int) error
	// Get returns the record, or ErrNotFound.
	Get(ctx context.Context, id ID) (Device, error)
	// ByIdentity returns the record that an identity points to, or ErrNotFound.
	ByIdentity(ctx context.Context, identity Identity) (Device, error)
	// Edit applies what an operator changes and returns the record after it. It
	// returns ErrConflict if e.Revision is set and no longer the record's,
	// ErrDuplicate if a new identity is taken, ErrNotFound.
	Edit(ctx context.Context, id ID, e Edit) (Device, error)
	// List returns a page of the records that match, in order.
	List(ctx context.Context, l List) (Page, error)
	// Delete removes the record and all that hangs on it: identities,
	// credentials, parameters. It returns ErrNotFound. Its tasks are the task
	// store's.
	Delete(ctx context.Context, id ID) error
	// DeleteSilent removes up to limit devices of OriginContact that have no
	// tag and no group and did not inform since the given time, and returns
	// their ids.
	DeleteSilent(ctx context.Context, since time.Time, limit int) ([]ID, error)
}

// Edit is a change by an operator; nil fields stay. Revision is the one that
// the operator saw, 0 to overwrite whatever is there. Origin becomes
// OriginOperator by any edit: a device that an operator touched is known.
type Edit struct {
	Revision int64
	Tags     *[]string
	// AddTags and RemoveTags change the tags that are there, after Tags.
	AddTags    []string
	RemoveTags []string
	Group      *string
	MAC        *string
	Model      *string
	// Identity sets the CWMP identity of a device that has none.
	Identity *CWMPIdentity
	// Quarantined puts the device into quarantine or approves it.
	Quarantined *bool
	// ClearAlarms removes the alarms of these kinds.
	ClearAlarms []AlarmKind
}

// ApplyEdit returns the record after the edit. It returns ErrConflict if the
// record has another revision, and ErrDuplicate for an identity that would
// replace another.
func (d Device) ApplyEdit(e Edit) (Device, error) {
	if e.Revision != 0 && e.Revision != d.Revision {
		return d, ErrConflict
	}
	if e.Tags != nil {
		d.Tags = *e.Tags
	}
	d.Tags = changedTags(d.Tags, e.AddTags, e.RemoveTags)
	if e.Group != nil {
		d.Group = *e.Group
	}
	if e.MAC != nil {
		d.MAC = *e.MAC
	}
	if e.Model != nil {
		d.Model = *e.Model
	}
	if e.Identity != nil {
		if !d.CWMPIdentity.IsZero() && d.CWMPIdentity != *e.Identity {
			return d, ErrDuplicate
		}
		d.CWMPIdentity = *e.Identity
	}
	if e.Quarantined != nil {
		d.Quarantined = *e.Quarantined
	}
	for _, kind := range e.ClearAlarms {
		d = d.ClearAlarm(kind)
	}
	d.Origin = OriginOperator
	d.Revision++
	return d, nil
}

// changedTags returns the tags with some added, at the end, and some removed. The
// given slices stay as they are.
func changedTags(tags, add, remove []string) []string {
	if len(add) == 0 && len(remove) == 0 {
		return tags
	}
	var changed []string
	for _, tag := range slices.Concat(tags, add) {
		if !slices.Contains(remove, tag) && !slices.Contains(changed, tag) {
			changed = append(changed, tag)
		}
	}
	return changed
}

// List asks for a page of devices.
type List struct {
	Scope Scope
	// Filter may be nil for all.
	Filter query.Expr
	// Order names fields of Schema; the id is the last tie-break and the
	// default.
	Order []query.Order
	// PageSize is between 1 and 1000.
	PageSize int
	// PageToken continues after the page that returned it; empty for the first
	// page. A token of another order is refused with ErrInvalid.
	PageToken string
	// Now is the time at which online is evaluated.
	Now time.Time
	// Count asks for Page.Total.
	Count bool
}

// Page is one page of devices.
type Page struct {
	Devices []Device
	// NextPageToken is empty on the last page.
	NextPageToken string
	// Total is how many devices match in all, if asked for.
	Total int
}

// SessionStore keeps what a CWMP session changes on the device record. Every
// method is one atomic operation.
type SessionStore interface {
	// Begin finds the device, takes its lock for the session whoever holds it,
	// and applies the contact (Device.Apply). It returns ErrNotFound for an
	// unknown device, ErrIdentity, and ErrDuplicate if the identity that the
	// record would take belongs to another.
	Begin(ctx context.Context, c Contact) (Began, error)
	// Learn notes what the device reported, or what it was given, during the
	// session of that generation. It returns ErrSessionLost, or ErrNotFound.
	Learn(ctx context.Context, id ID, generation int64, l Learned) error
	// Extend moves the end of the lock. It returns ErrSessionLost, or
	// ErrNotFound.
	Extend(ctx context.Context, id ID, generation int64, until time.Time) error
	// End gives the lock back (Device.End). It returns ErrSessionLost,
	// ErrWorkDue, or ErrNotFound.
	End(ctx context.Context, e SessionEnd) error
	// RaiseWork raises the work hint. It returns ErrNotFound.
	RaiseWork(ctx context.Context, id ID) error
	// RaiseAlarm raises an alarm on the record, whatever session is open. It returns
	// ErrNotFound.
	RaiseAlarm(ctx context.Context, id ID, a RaisedAlarm, at time.Time) error
}

// Learned is what a session learnt of its device beside parameters.
type Learned struct {
	Reported
	// Username and Password, if Password is not empty, are new
	// connection-request credentials; Pending says that they were sent and not
	// yet confirmed, else they replace the current ones and clear the pending.
	Username string
	Password secret.Sealed
	Pending  bool
	// Onboarded says that the tasks of onboarding are queued.
	Onboarded bool
	// Alarms are raised on the record, at At.
	Alarms []RaisedAlarm
	At     time.Time
}

// ApplyLearned returns the record with what was learnt.
func (d Device) ApplyLearned(l Learned) Device {
	d = d.Note(l.Reported)
	d.OnboardingDue = d.OnboardingDue && !l.Onboarded
	for _, a := range l.Alarms {
		d = d.RaiseAlarm(a.Kind, a.Detail, l.At)
	}
	if l.Password == "" {
		return d
	}
	if l.Pending {
		d.ConnectionRequest.PendingUsername, d.ConnectionRequest.PendingPassword = l.Username, l.Password
		return d
	}
	d.ConnectionRequest.Username, d.ConnectionRequest.Password = l.Username, l.Password
	d.ConnectionRequest.PendingUsername, d.ConnectionRequest.PendingPassword = "", ""
	return d
}

// ParameterStore keeps the parameter trees. Every method is one atomic
// operation on one device. A device holds at most MaxParameters.
type ParameterStore interface {
	// Observe merges observations (Parameter.Merge). It returns ErrLimit if the
	// device would hold more than MaxParameters, and stores nothing then.
	Observe(ctx context.Context, id ID, at time.Time, observations []Observation) error
	// Replace makes the branch below path (an object with its final dot, or
	// empty for the whole tree) consist of exactly the observed paths, merged
	// with what was known of each; others below it are removed.
	Replace(ctx context.Context, id ID, path string, at time.Time, observations []Observation) error
	// Forget removes the branch below path and returns how many were removed.
	Forget(ctx context.Context, id ID, path string) (int, error)
	// Parameters returns a page of the tree below path in the order of paths
	// (bytewise): those greater than after, at most limit. Path may be a leaf
	// or an object with its final dot; empty is the whole tree.
	Parameters(ctx context.Context, id ID, path, after string, limit int) ([]Parameter, error)
	// ForgetAttributes forgets notification and access list of every parameter of
	// the device: after a factory reset they are the device's own again.
	ForgetAttributes(ctx context.Context, id ID) error
	// Values returns what is known of the given paths, unknown ones left out,
	// in the order of paths.
	Values(ctx context.Context, id ID, paths []string) ([]Parameter, error)
}

// MaxParameters bounds the parameters stored for one device.
const MaxParameters = 50_000

// CredentialStore keeps the credentials with which devices authenticate.
type CredentialStore interface {
	// PutCredential stores a credential, replacing one of the same user name
	// and device. It returns ErrDuplicate if the user name is another device's.
	PutCredential(ctx context.Context, c Credential) error
	// Credential returns the credential of a user name, or ErrNotFound.
	Credential(ctx context.Context, username string) (Credential, error)
	// CredentialsOf returns the credentials of a device in order of CreatedAt and
	// then user name.
	CredentialsOf(ctx context.Context, id ID) ([]Credential, error)
	// NoteCredentialSeen sets SeenAt of a credential that has none yet. It returns
	// ErrNotFound.
	NoteCredentialSeen(ctx context.Context, username string, at time.Time) error
	// DeleteCredential removes one credential. It returns ErrNotFound.
	DeleteCredential(ctx context.Context, username string) error
	// DeleteCredentials removes all credentials of a device.
	DeleteCredentials(ctx context.Context, id ID) error
}

// ModelStore keeps what was learnt of models.
type ModelStore interface {
	// ModelLimits returns what is known of a model; the zero value if nothing.
	ModelLimits(ctx context.Context, key ModelKey) (ModelLimits, error)
	// PutModelLimits replaces what is known of a model.
	PutModelLimits(ctx context.Context, key ModelKey, limits ModelLimits) error
}
