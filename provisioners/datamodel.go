package provisioners

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// DataModel is what devices of one kind and firmware have for parameters, as one of them
// told (TR-069 A.3.2.3, GetParameterNames).
type DataModel struct {
	// Key says whose it is, Root with which root: "Device." or "InternetGatewayDevice.".
	// Both together are its name.
	Key  device.ModelKey
	Root string
	// Revision grows with every change; 0 for one that is not stored yet.
	Revision  int64
	UpdatedAt time.Time
	// Asked are the partial paths, without the root, of which the names were asked.
	Asked []string
	// Names are in order of Path.
	Names []ParameterName
	// NoNotification are the paths that refuse active notification, written as in Names.
	NoNotification []string
	// Unmapped are the settings that a device of this kind was to have and no parameter and
	// no file carries, as patterns of the catalogue.
	Unmapped []Unmapped
	// Pack is the pack that serves such devices.
	Pack string
}

// ParameterName is the name of a parameter or an object, below the root and without it,
// with {i} for every instance number: "Services.VoiceService.{i}.VoiceProfile.{i}.".
type ParameterName struct {
	Path     string `json:"path"`
	Writable bool   `json:"writable"`
}

// MaxParameterNames bounds DataModel.Names.
const MaxParameterNames = 20_000

// DataModelStore keeps DataModels. Every method is one atomic operation.
type DataModelStore interface {
	// DataModel returns one, or ErrNotFound.
	DataModel(ctx context.Context, key device.ModelKey, root string) (DataModel, error)
	// PutDataModel stores m and returns it with its new Revision. It returns ErrConflict if
	// m.Revision is not the stored one.
	PutDataModel(ctx context.Context, m DataModel) (DataModel, error)
	// ListDataModels returns a page in order of manufacturer, product class, software
	// version and root, without Names and NoNotification: those after the given one, the
	// zero DataModel begins. The limit is 1 to 1000, else the error wraps device.ErrInvalid.
	ListDataModels(ctx context.Context, after DataModel, limit int) ([]DataModel, error)
	// DeleteDataModel removes one, or returns ErrNotFound: the next device of its kind is
	// asked again.
	DeleteDataModel(ctx context.Context, key device.ModelKey, root string) error
}
