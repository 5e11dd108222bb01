package mongo

import (
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const (
	parameterCollection = "parameters"
	chunkCollection     = "parameterChunks"
)

// parameterTree is the document of a device's tree: the parameters themselves
// while they are few, else the list of the chunks that hold them. What a reader
// finds here is one state of the whole tree; a chunk is never changed.
type parameterTree struct {
	Device device.ID `bson:"_id"`
	// Version is new with every write. It is no counter, so that a tree that was
	// removed and made anew never has the version of the old one.
	Version bson.ObjectID `bson:"version"`
	// Count is the number of parameters, Size the sum of parameterSize.
	Count int `bson:"count"`
	Size  int `bson:"size"`
	// Parameters are in the order of paths (bytewise).
	Parameters []parameterDocument `bson:"parameters,omitempty"`
	Chunks     []chunkEntry        `bson:"chunks,omitempty"`
	// CheckAt is when sweepChunks looks for chunks that a crash left.
	CheckAt time.Time `bson:"checkAt,omitempty"`
}

func (t *parameterTree) exists() bool { return !t.Version.IsZero() }

// chunkEntry says what a chunk holds: the paths from First to before First of
// the next.
type chunkEntry struct {
	ID    bson.ObjectID `bson:"id"`
	First string        `bson:"first"`
	Count int           `bson:"count"`
	Size  int           `bson:"size"`
}

// parameterChunk is a run of parameters in the order of paths.
type parameterChunk struct {
	ID     bson.ObjectID `bson:"_id"`
	Device device.ID     `bson:"device"`
	MadeAt time.Time     `bson:"madeAt"`
	// CheckAt is set until sweepChunks has seen that the tree refers to it.
	CheckAt    time.Time           `bson:"checkAt,omitempty"`
	Parameters []parameterDocument `bson:"parameters"`
}

type parameterDocument struct {
	Path         string        `bson:"path"`
	Value        string        `bson:"value,omitempty"`
	Sealed       secret.Sealed `bson:"sealed,omitempty"`
	Type         string        `bson:"type,omitempty"`
	Known        bool          `bson:"known,omitempty"`
	Writable     *bool         `bson:"writable,omitempty"`
	Notification *int          `bson:"notification,omitempty"`
	// AccessList is a pointer as an empty list is not an unknown one.
	AccessList *[]string `bson:"accessList,omitempty"`
	UpdatedAt  time.Time `bson:"updatedAt,omitempty"`
}

func newParameterDocument(p *device.Parameter) parameterDocument {
	d := parameterDocument{
		Path: p.Path, Value: p.Value, Sealed: p.Sealed, Type: p.Type, Known: p.Known,
		Writable: p.Writable, Notification: p.Notification, UpdatedAt: whole(p.UpdatedAt),
	}
	if p.AccessList != nil {
		d.AccessList = &p.AccessList
	}
	return d
}

func (d *parameterDocument) parameter() device.Parameter {
	p := device.Parameter{
		Path: d.Path, Value: d.Value, Sealed: d.Sealed, Type: d.Type, Known: d.Known,
		Writable: d.Writable, Notification: d.Notification, UpdatedAt: whole(d.UpdatedAt),
	}
	if d.AccessList != nil {
		p.AccessList = *d.AccessList
	}
	return p
}

func parameterDocuments(all []device.Parameter) []parameterDocument {
	documents := make([]parameterDocument, len(all))
	for i := range all {
		documents[i] = newParameterDocument(&all[i])
	}
	return documents
}

func parametersOf(documents []parameterDocument) []device.Parameter {
	all := make([]device.Parameter, len(documents))
	for i := range documents {
		all[i] = documents[i].parameter()
	}
	return all
}

// What a parameter takes beside its texts, and an entry of an access list beside
// its own, in bytes: more than BSON needs for names, types and lengths.
const (
	parameterOverhead   = 160
	accessEntryOverhead = 16
)

// parameterSize bounds the bytes of a parameter in a document from above.
func parameterSize(p *device.Parameter) int {
	size := parameterOverhead + len(p.Path) + len(p.Value) + len(p.Sealed) + len(p.Type)
	for _, entry := range p.AccessList {
		size += accessEntryOverhead + len(entry)
	}
	return size
}

func sizeOf(all []device.Parameter) int {
	size := 0
	for i := range all {
		size += parameterSize(&all[i])
	}
	return size
}
