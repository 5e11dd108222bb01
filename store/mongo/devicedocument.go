package mongo

import (
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// devicesCollection holds one document a device.
const devicesCollection = "devices"

// deviceDocument is a device record as it is stored. What is empty is absent,
// numbers apart: a missing value sorts before every other, and no comparison
// takes it.
type deviceDocument struct {
	ID string `bson:"_id"`
	// Version grows with every write of the document.
	Version int64 `bson:"version"`
	// CWMPKey and MACKey are the identities, or a text that no other document
	// has: they are always there, so that a plain unique index serves.
	CWMPKey string `bson:"cwmpKey"`
	MACKey  string `bson:"macKey"`

	Manufacturer    string   `bson:"manufacturer,omitempty"`
	OUI             string   `bson:"oui,omitempty"`
	ProductClass    string   `bson:"productClass,omitempty"`
	SerialNumber    string   `bson:"serialNumber,omitempty"`
	MAC             string   `bson:"mac,omitempty"`
	Model           string   `bson:"model,omitempty"`
	HardwareVersion string   `bson:"hardwareVersion,omitempty"`
	SoftwareVersion string   `bson:"softwareVersion,omitempty"`
	Address         string   `bson:"address,omitempty"`
	Origin          string   `bson:"origin,omitempty"`
	Tags            []string `bson:"tags,omitempty"`
	Group           string   `bson:"group,omitempty"`
	Revision        int64    `bson:"revision"`

	FirstSeen      time.Time `bson:"firstSeen,omitempty"`
	LastInform     time.Time `bson:"lastInform,omitempty"`
	LastBoot       time.Time `bson:"lastBoot,omitempty"`
	LastBootstrap  time.Time `bson:"lastBootstrap,omitempty"`
	OnlineUntil    time.Time `bson:"onlineUntil,omitempty"`
	InformInterval int64     `bson:"informInterval"`

	Root          string            `bson:"root,omitempty"`
	Namespace     string            `bson:"namespace,omitempty"`
	ParameterKey  string            `bson:"parameterKey,omitempty"`
	InformDigest  string            `bson:"informDigest,omitempty"`
	Events        []eventDocument   `bson:"events,omitempty"`
	Indexed       map[string]string `bson:"indexed,omitempty"`
	OnboardingDue bool              `bson:"onboardingDue"`
	CWMPVersion   string            `bson:"cwmpVersion,omitempty"`
	RetryCount    int64             `bson:"retryCount,omitempty"`
	Quarantined   bool              `bson:"quarantined,omitempty"`
	Alarms        []alarmDocument   `bson:"alarms,omitempty"`

	Provisioning provisioningDocument `bson:"provisioning"`

	ConnectionRequest requestDocument `bson:"connectionRequest"`
	Work              workDocument    `bson:"work"`
	Session           sessionDocument `bson:"session"`

	Folded foldedDevice `bson:"folded"`
	// GroupMovedAt is when the group changed, until the copies of it on the
	// tasks and fetches are known to be right.
	GroupMovedAt time.Time `bson:"groupMovedAt,omitempty"`
}

type eventDocument struct {
	Code       string    `bson:"code"`
	CommandKey string    `bson:"commandKey,omitempty"`
	At         time.Time `bson:"at,omitempty"`
}

type requestDocument struct {
	URL             string `bson:"url,omitempty"`
	Username        string `bson:"username,omitempty"`
	Password        string `bson:"password,omitempty"`
	PendingUsername string `bson:"pendingUsername,omitempty"`
	PendingPassword string `bson:"pendingPassword,omitempty"`
}

type workDocument struct {
	Raised  int64     `bson:"raised"`
	Cleared int64     `bson:"cleared"`
	DueAt   time.Time `bson:"dueAt,omitempty"`
}

type sessionDocument struct {
	ID         string    `bson:"id,omitempty"`
	Generation int64     `bson:"generation"`
	Until      time.Time `bson:"until,omitempty"`
}

// foldedDevice holds the texts that filters and orders compare, folded: no
// collation of MongoDB compares as query.Fold does.
type foldedDevice struct {
	Manufacturer    string            `bson:"manufacturer,omitempty"`
	OUI             string            `bson:"oui,omitempty"`
	ProductClass    string            `bson:"productClass,omitempty"`
	SerialNumber    string            `bson:"serialNumber,omitempty"`
	Model           string            `bson:"model,omitempty"`
	HardwareVersion string            `bson:"hardwareVersion,omitempty"`
	SoftwareVersion string            `bson:"softwareVersion,omitempty"`
	Address         string            `bson:"address,omitempty"`
	Tags            []string          `bson:"tags,omitempty"`
	Alarms          []string          `bson:"alarms,omitempty"`
	Group           string            `bson:"group,omitempty"`
	Indexed         map[string]string `bson:"indexed,omitempty"`
	Pack            string            `bson:"pack,omitempty"`
	// Provisioning is device.Provisioning.State, which no filter could work out of
	// the fields that it compares. It is always there.
	Provisioning string `bson:"provisioning"`
}

// none stands before the id in the place of an identity that a record has not.
// No identity holds a slash.
const none = "none/"

func cwmpKey(id device.ID, c device.CWMPIdentity) string {
	if c.IsZero() {
		return none + string(id)
	}
	return c.Identity().Key
}

func macKey(id device.ID, mac string) string {
	if mac == "" {
		return none + string(id)
	}
	return device.MACIdentity(mac).Key
}

// newDeviceDocument returns the document of a record, times cut to what is
// stored, as version 0.
func newDeviceDocument(d device.Device) deviceDocument {
	doc := deviceDocument{
		ID: string(d.ID), CWMPKey: cwmpKey(d.ID, d.CWMPIdentity), MACKey: macKey(d.ID, d.MAC),
		Manufacturer: d.Manufacturer, OUI: d.OUI, ProductClass: d.ProductClass, SerialNumber: d.SerialNumber, MAC: d.MAC, Model: d.Model,
		HardwareVersion: d.HardwareVersion, SoftwareVersion: d.SoftwareVersion, Address: d.Address,
		Origin: string(d.Origin), Tags: d.Tags, Group: d.Group, Revision: d.Revision,
		FirstSeen: whole(d.FirstSeen), LastInform: whole(d.LastInform), LastBoot: whole(d.LastBoot), LastBootstrap: whole(d.LastBootstrap),
		OnlineUntil: whole(d.OnlineUntil), InformInterval: int64(d.InformInterval),
		Root: d.Root, Namespace: d.Namespace, ParameterKey: d.ParameterKey, InformDigest: d.InformDigest, OnboardingDue: d.OnboardingDue,
		CWMPVersion: d.CWMPVersion, RetryCount: int64(d.RetryCount), Quarantined: d.Quarantined, Alarms: documentsOfAlarms(d.Alarms),
		Provisioning: documentOfProvisioning(d.Provisioning),
		ConnectionRequest: requestDocument{
			URL: d.ConnectionRequest.URL, Username: d.ConnectionRequest.Username, Password: string(d.ConnectionRequest.Password),
			PendingUsername: d.ConnectionRequest.PendingUsername, PendingPassword: string(d.ConnectionRequest.PendingPassword),
		},
		Work:    workDocument{Raised: d.Work.Raised, Cleared: d.Work.Cleared, DueAt: whole(d.Work.DueAt)},
		Session: sessionDocument{ID: d.Session.ID, Generation: d.Session.Generation, Until: whole(d.Session.Until)},
		Folded:  folded(d),
	}
	for _, e := range d.Events {
		doc.Events = append(doc.Events, eventDocument{Code: e.Code, CommandKey: e.CommandKey, At: whole(e.At)})
	}
	for name, value := range d.Indexed {
		if doc.Indexed == nil {
			doc.Indexed = make(map[string]string, len(d.Indexed))
		}
		doc.Indexed[keyOf(name)] = value
	}
	return doc
}

func folded(d device.Device) foldedDevice {
	f := foldedDevice{
		Manufacturer: query.Fold(d.Manufacturer), OUI: query.Fold(d.OUI), ProductClass: query.Fold(d.ProductClass), SerialNumber: query.Fold(d.SerialNumber),
		Model: query.Fold(d.Model), HardwareVersion: query.Fold(d.HardwareVersion), SoftwareVersion: query.Fold(d.SoftwareVersion),
		Address: query.Fold(d.Address), Group: query.Fold(d.Group),
		Pack: query.Fold(d.Provisioning.Pack), Provisioning: query.Fold(string(d.Provisioning.State())),
	}
	for _, tag := range d.Tags {
		f.Tags = append(f.Tags, query.Fold(tag))
	}
	for _, a := range d.Alarms {
		f.Alarms = append(f.Alarms, query.Fold(string(a.Kind)))
	}
	for name, value := range d.Indexed {
		if value == "" {
			continue
		}
		if f.Indexed == nil {
			f.Indexed = make(map[string]string, len(d.Indexed))
		}
		f.Indexed[keyOf(name)] = query.Fold(value)
	}
	return f
}

// device returns the record.
func (doc *deviceDocument) device() device.Device {
	d := device.Device{
		ID: device.ID(doc.ID), Manufacturer: doc.Manufacturer,
		CWMPIdentity: device.CWMPIdentity{OUI: doc.OUI, ProductClass: doc.ProductClass, SerialNumber: doc.SerialNumber},
		MAC:          doc.MAC, Model: doc.Model, HardwareVersion: doc.HardwareVersion, SoftwareVersion: doc.SoftwareVersion, Address: doc.Address,
		Origin: device.Origin(doc.Origin), Tags: doc.Tags, Group: doc.Group, Revision: doc.Revision,
		FirstSeen: doc.FirstSeen, LastInform: doc.LastInform, LastBoot: doc.LastBoot, LastBootstrap: doc.LastBootstrap,
		OnlineUntil: doc.OnlineUntil, InformInterval: int(doc.InformInterval),
		Root: doc.Root, Namespace: doc.Namespace, ParameterKey: doc.ParameterKey, InformDigest: doc.InformDigest, OnboardingDue: doc.OnboardingDue,
		CWMPVersion: doc.CWMPVersion, RetryCount: int(doc.RetryCount), Quarantined: doc.Quarantined, Alarms: alarmsOf(doc.Alarms),
		Provisioning: doc.Provisioning.provisioning(),
		ConnectionRequest: device.ConnectionRequest{
			URL: doc.ConnectionRequest.URL, Username: doc.ConnectionRequest.Username, Password: secret.Sealed(doc.ConnectionRequest.Password),
			PendingUsername: doc.ConnectionRequest.PendingUsername, PendingPassword: secret.Sealed(doc.ConnectionRequest.PendingPassword),
		},
		Work:    device.Work{Raised: doc.Work.Raised, Cleared: doc.Work.Cleared, DueAt: doc.Work.DueAt},
		Session: device.Session{ID: doc.Session.ID, Generation: doc.Session.Generation, Until: doc.Session.Until},
	}
	for _, e := range doc.Events {
		d.Events = append(d.Events, device.Event{Code: e.Code, CommandKey: e.CommandKey, At: e.At})
	}
	for key, value := range doc.Indexed {
		if d.Indexed == nil {
			d.Indexed = make(map[string]string, len(doc.Indexed))
		}
		d.Indexed[nameOf(key)] = value
	}
	return d
}

// keyOf returns a name as the key of a field: a dot would part it in two, a
// dollar make it an operator.
func keyOf(name string) string {
	return strings.NewReplacer("%", "%25", ".", "%2E", "$", "%24", "\x00", "%00").Replace(name)
}

// nameOf is the inverse of keyOf.
func nameOf(key string) string {
	return strings.NewReplacer("%25", "%", "%2E", ".", "%24", "$", "%00", "\x00").Replace(key)
}
