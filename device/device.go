package device

import (
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Origin says how a device came to be known.
type Origin string

const (
	// OriginOperator marks a device that an operator added or adopted.
	OriginOperator Origin = "operator"
	// OriginContact marks a device that nobody announced: it opened a session
	// and was accepted. Such devices are bounded in number and forgotten when
	// they stay silent.
	OriginContact Origin = "contact"
)

// Device is the record of one managed phone or gateway: what lists, filters and
// the hot path need. All times are UTC in milliseconds; the zero time means
// never.
type Device struct {
	ID           ID
	Manufacturer string
	CWMPIdentity
	// MAC is in the form of ParseMAC, or empty.
	MAC string
	// Model is DeviceInfo.ModelName where the device told it, else its
	// ProductClass.
	Model           string
	HardwareVersion string
	SoftwareVersion string
	// Address is the IP address from which the last Inform came.
	Address string

	Origin Origin
	Tags   []string
	// Group is the path of the group that the device belongs to, empty for the
	// root.
	Group string
	// Revision grows with every change that an operator makes, never with what
	// the phone reports.
	Revision int64

	FirstSeen     time.Time
	LastInform    time.Time
	LastBoot      time.Time
	LastBootstrap time.Time
	// OnlineUntil is when the device counts as offline unless it informs
	// again: two inform intervals and a minute after its last Inform.
	OnlineUntil time.Time
	// InformInterval is ManagementServer.PeriodicInformInterval in seconds, 0
	// if unknown.
	InformInterval int

	// Root is the root object of its data model with the final dot: "Device."
	// or "InternetGatewayDevice.".
	Root string
	// Namespace is the CWMP namespace of its last Inform.
	Namespace    string
	ParameterKey string
	// InformDigest identifies the ParameterList of its last Inform, so that an
	// unchanged one is not stored again.
	InformDigest string
	// Events are the most recent Informs' events that are not routine, newest
	// last, at most MaxEvents.
	Events []Event

	// Indexed holds the values of the parameters that the operator declared
	// indexed (IndexedParameters), by the names that he gave them; an empty value
	// counts as missing. Names that are declared no longer may remain in it.
	Indexed map[string]string

	// OnboardingDue says that the device is new, or came back from a factory
	// reset, and was not yet given what every device is given first.
	OnboardingDue bool

	// CWMPVersion is the version that the last Inform agreed on, such as "1.2".
	CWMPVersion string
	// RetryCount is the one of the last Inform: how often the device had tried in
	// vain to open that session.
	RetryCount int
	// Quarantined says that the device may open sessions and is given nothing in
	// them, until an operator approves it.
	Quarantined bool
	// Alarms are what a person should look at, at most one of each kind.
	Alarms []Alarm
	// Provisioning is how it stands with its settings and files.
	Provisioning Provisioning

	ConnectionRequest ConnectionRequest
	Work              Work
	Session           Session
}

// MaxEvents bounds Device.Events.
const MaxEvents = 32

// Event is one event of an Inform (TR-069 3.7.1.5).
type Event struct {
	// Code is the EventCode as the device sent it, such as "1 BOOT".
	Code       string    `json:"code"`
	CommandKey string    `json:"commandKey,omitempty"`
	At         time.Time `json:"at"`
}

// ConnectionRequest is what a connection request to the device needs (TR-069
// 3.2.2).
type ConnectionRequest struct {
	URL      string
	Username string
	Password secret.Sealed
	// PendingUsername and PendingPassword were sent to the device and not yet
	// confirmed: a request tries them as well.
	PendingUsername string
	PendingPassword secret.Sealed
}

// Online reports whether the device informed, or asked for a file, in time, seen at
// now.
func (d *Device) Online(now time.Time) bool {
	return !now.After(d.OnlineUntil) && d.seen()
}

// seen reports whether the device was ever heard of by itself.
func (d *Device) seen() bool { return !d.LastInform.IsZero() || !d.Provisioning.FetchedAt.IsZero() }

// Identities returns every identity that the record itself carries.
func (d *Device) Identities() []Identity {
	var all []Identity
	if !d.CWMPIdentity.IsZero() {
		all = append(all, d.CWMPIdentity.Identity())
	}
	if d.MAC != "" {
		all = append(all, MACIdentity(d.MAC))
	}
	return all
}

// ModelKey identifies devices that behave alike: maker, product class and
// firmware.
func (d *Device) ModelKey() ModelKey {
	return ModelKey{Manufacturer: d.Manufacturer, ProductClass: d.ProductClass, SoftwareVersion: d.SoftwareVersion}
}

// onlineGrace is added to two inform intervals before a device counts as
// offline, for clocks and retries.
const onlineGrace = time.Minute

// defaultInformInterval stands for an unknown PeriodicInformInterval, in seconds: an
// hour, a common factory setting.
const defaultInformInterval = 3600

// Interval is how often the device informs: as it told, else an hour.
func (d *Device) Interval() time.Duration { return informInterval(d.InformInterval) }

func informInterval(seconds int) time.Duration {
	if seconds <= 0 {
		seconds = defaultInformInterval
	}
	return time.Duration(seconds) * time.Second
}

// onlineUntil returns when a device that informed at the given time counts as
// offline.
func onlineUntil(at time.Time, interval int) time.Time {
	return at.Add(2*informInterval(interval) + onlineGrace)
}
