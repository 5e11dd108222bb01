package mongo

import (
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// Fields of a device record that say how it stands with its settings.
const (
	packField        = "provisioning.pack"
	wantedField      = "provisioning.wanted"
	heldField        = "provisioning.held"
	problemField     = "provisioning.problem"
	changedAtField   = "provisioning.changedAt"
	fetchedAtField   = "provisioning.fetchedAt"
	fileField        = "provisioning.file"
	userAgentField   = "provisioning.userAgent"
	fileHeldField    = "provisioning.fileHeld"
	triedField       = "provisioning.tried"
	stuckField       = "provisioning.stuck"
	driftedField     = "provisioning.drifted"
	foldedPackField  = "folded.pack"
	foldedStateField = "folded.provisioning"
)

// provisioningDocument is device.Provisioning in a device record.
type provisioningDocument struct {
	Pack      string    `bson:"pack,omitempty"`
	Wanted    string    `bson:"wanted,omitempty"`
	Held      string    `bson:"held,omitempty"`
	Problem   string    `bson:"problem,omitempty"`
	ChangedAt time.Time `bson:"changedAt,omitempty"`
	FetchedAt time.Time `bson:"fetchedAt,omitempty"`
	File      string    `bson:"file,omitempty"`
	UserAgent string    `bson:"userAgent,omitempty"`

	Managed      bool      `bson:"managed,omitempty"`
	FileHeld     string    `bson:"fileHeld,omitempty"`
	Tried        string    `bson:"tried,omitempty"`
	Stuck        string    `bson:"stuck,omitempty"`
	Drifted      int       `bson:"drifted,omitempty"`
	DriftedSince time.Time `bson:"driftedSince,omitempty"`
	ParameterKey string    `bson:"parameterKey,omitempty"`
	CheckAt      time.Time `bson:"checkAt,omitempty"`
}

// documentOfProvisioning returns it as it is stored, times cut to what is kept.
func documentOfProvisioning(p device.Provisioning) provisioningDocument {
	d := provisioningDocument(p)
	d.ChangedAt, d.FetchedAt = whole(p.ChangedAt), whole(p.FetchedAt)
	d.DriftedSince, d.CheckAt = whole(p.DriftedSince), whole(p.CheckAt)
	return d
}

func (d *provisioningDocument) provisioning() device.Provisioning { return device.Provisioning(*d) }
