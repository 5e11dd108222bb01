package device

import (
	"slices"
	"time"
)

// Session is the lock that a CWMP session holds on its device.
type Session struct {
	// ID names the session that holds or last held the lock; it is empty after
	// a session ended in order.
	ID string
	// Generation grows with every session that begins.
	Generation int64
	// Until is when the lock ends by itself if nobody extends it.
	Until time.Time
}

// Open reports whether a session holds the lock at now.
func (s Session) Open(now time.Time) bool { return s.ID != "" && now.Before(s.Until) }

// Contact is what an Inform tells of its device, as far as the record keeps it.
type Contact struct {
	// Identity finds the device, unless Device names it.
	Identity CWMPIdentity
	// Device is set where it is already known which record the device is: its
	// credentials say so, or its MAC address. A record without a CWMP identity
	// takes Identity then.
	Device ID

	// Session, At and Until are the new lock.
	Session string
	At      time.Time
	Until   time.Time

	Address string
	Reported
	// Events are appended to the record's; routine ones (2 PERIODIC, 6
	// CONNECTION REQUEST) are left out by the caller.
	Events []Event
	// CWMPVersion and RetryCount are those of the Inform.
	CWMPVersion string
	RetryCount  int
	// Alarms are raised on the record.
	Alarms []RaisedAlarm
	// Boot and Bootstrap say that 1 BOOT or 0 BOOTSTRAP was among the events.
	Boot, Bootstrap bool
	// Quarantine puts the device into quarantine; it goes with Bootstrap.
	Quarantine bool
}

// RaisedAlarm is an alarm that a contact raises.
type RaisedAlarm struct {
	Kind   AlarmKind
	Detail string
}

// Reported are fields of the record that the device itself reports. Empty ones
// leave the record as it is.
type Reported struct {
	Manufacturer         string
	Model                string
	HardwareVersion      string
	SoftwareVersion      string
	Root                 string
	Namespace            string
	ConnectionRequestURL string
	InformDigest         string
	// InformInterval is in seconds.
	InformInterval int
	// Indexed are values of indexed parameters (IndexedValue), by name; names that
	// are not in it stay as they are.
	Indexed map[string]string
	// ParameterKey is nil where the device did not report it: an empty
	// ParameterKey is a value of its own.
	ParameterKey *string
}

// Began is the outcome of SessionStore.Begin.
type Began struct {
	// Before is the record as it was, so that the caller sees what changed and
	// whether an older session was cut off (Before.Session.ID is not empty).
	Before Device
	// After is the record as it is now.
	After Device
}

// Apply returns the record after the contact: the lock taken by the new
// session, a generation further, and everything reported noted. It returns
// ErrIdentity if the record's CWMP identity is another than the contact's.
func (d Device) Apply(c Contact) (Device, error) {
	if !d.CWMPIdentity.IsZero() && d.CWMPIdentity.Identity() != c.Identity.Identity() {
		return d, ErrIdentity
	}
	known := d.withoutRepeated(c)
	d.Session = Session{ID: c.Session, Generation: d.Session.Generation + 1, Until: c.Until}
	if d.CWMPIdentity.IsZero() {
		d.CWMPIdentity = c.Identity
	}
	d.LastInform = c.At
	if d.FirstSeen.IsZero() {
		d.FirstSeen = c.At
	}
	d.Address = orElse(c.Address, d.Address)
	d = d.Note(c.Reported)
	if d.Model == "" {
		d.Model = d.ProductClass
	}
	if c.Boot {
		d.LastBoot = c.At
	}
	if c.Bootstrap {
		d = d.forgetBootstrapped(c)
	}
	d.Quarantined = d.Quarantined || c.Quarantine
	d.CWMPVersion = orElse(c.CWMPVersion, d.CWMPVersion)
	d.RetryCount = c.RetryCount
	for _, a := range c.Alarms {
		d = d.RaiseAlarm(a.Kind, a.Detail, c.At)
	}
	d.Events = appendEvents(known, c.Events)
	d.OnlineUntil = onlineUntil(c.At, d.InformInterval)
	return d, nil
}

// withoutRepeated returns the events of the record without those that the contact brings
// again. A device sends events until it has the answer to its Inform (TR-069
// 3.7.1.5): it says by RetryCount that it tries again, and the session before did
// not end in order. Such an event stands once, as it came last.
func (d Device) withoutRepeated(c Contact) []Event {
	if c.RetryCount == 0 || d.Session.ID == "" || len(c.Events) == 0 {
		return d.Events
	}
	var rest []Event
	for _, known := range d.Events {
		again := known.At.Equal(d.LastInform) && slices.ContainsFunc(c.Events, func(e Event) bool {
			return e.Code == known.Code && e.CommandKey == known.CommandKey
		})
		if !again {
			rest = append(rest, known)
		}
	}
	return rest
}

// forgetBootstrapped returns the record of a device that is new or was reset
// (TR-069 3.7.1.5, 0 BOOTSTRAP): what it was given is gone, and it is onboarded
// again. What it reports in the same Inform counts.
func (d Device) forgetBootstrapped(c Contact) Device {
	d.LastBootstrap = c.At
	d.OnboardingDue = true
	if c.ParameterKey == nil {
		d.ParameterKey = ""
	}
	request := ConnectionRequest{URL: d.ConnectionRequest.URL}
	// A device that was never reset but only sent to another URL keeps them: they
	// are tried until the new ones are confirmed. An event that was not delivered
	// comes again, and finds them pending already.
	request.PendingUsername, request.PendingPassword = d.ConnectionRequest.Username, d.ConnectionRequest.Password
	if request.PendingUsername == "" {
		request.PendingUsername, request.PendingPassword = d.ConnectionRequest.PendingUsername, d.ConnectionRequest.PendingPassword
	}
	d.ConnectionRequest = request
	return d
}

// Note returns the record with what the device reported.
func (d Device) Note(r Reported) Device {
	d.Manufacturer = orElse(r.Manufacturer, d.Manufacturer)
	d.Model = orElse(r.Model, d.Model)
	d.HardwareVersion = orElse(r.HardwareVersion, d.HardwareVersion)
	d.SoftwareVersion = orElse(r.SoftwareVersion, d.SoftwareVersion)
	d.Root = orElse(r.Root, d.Root)
	d.Namespace = orElse(r.Namespace, d.Namespace)
	d.ConnectionRequest.URL = orElse(r.ConnectionRequestURL, d.ConnectionRequest.URL)
	d.InformDigest = orElse(r.InformDigest, d.InformDigest)
	if r.InformInterval > 0 {
		d.InformInterval = r.InformInterval
		if !d.LastInform.IsZero() {
			d.OnlineUntil = onlineUntil(d.LastInform, r.InformInterval)
		}
	}
	if r.ParameterKey != nil {
		d.ParameterKey = *r.ParameterKey
	}
	d.Indexed = mergeIndexed(d.Indexed, r.Indexed)
	return d
}

func appendEvents(known, fresh []Event) []Event {
	if len(fresh) == 0 {
		return known
	}
	all := append(append(make([]Event, 0, len(known)+len(fresh)), known...), fresh...)
	if len(all) > MaxEvents {
		all = all[len(all)-MaxEvents:]
	}
	return all
}

func orElse(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}

// SessionEnd asks to give the lock of a session back.
type SessionEnd struct {
	Device     ID
	Generation int64
	At         time.Time
	// Emptied says that a claim came back empty; WorkSeen is Work.Raised as it
	// was before that claim and DueAt the time of the next task not yet due.
	Emptied  bool
	WorkSeen int64
	DueAt    time.Time
	// Abandon gives the lock back although work may be due: the device is gone.
	Abandon bool
}

// End returns the record after the session ended. It returns ErrSessionLost if
// a newer session holds the lock, and ErrWorkDue if tasks may be due and the
// session is not abandoned.
func (d Device) End(e SessionEnd) (Device, error) {
	if d.Session.Generation != e.Generation {
		return d, ErrSessionLost
	}
	if e.Emptied {
		d.Work = d.Work.Clear(e.WorkSeen, e.DueAt)
	}
	if !e.Abandon && d.Work.Due(e.At) {
		return d, ErrWorkDue
	}
	if e.Abandon {
		// The ID stays, so that the next session knows that this one did not end
		// in order and looks after its tasks.
		d.Session.Until = e.At
		return d, nil
	}
	d.Session.ID, d.Session.Until = "", time.Time{}
	return d, nil
}
