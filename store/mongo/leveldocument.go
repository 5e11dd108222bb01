package mongo

import (
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// levelDocument is a level in the collection levels.
type levelDocument struct {
	// Key is levelKey of the two fields that follow.
	Key       string                 `bson:"_id"`
	Kind      provisioners.LevelKind `bson:"kind"`
	ID        string                 `bson:"id,omitempty"`
	Entries   []entryDocument        `bson:"entries,omitempty"`
	Revision  int64                  `bson:"revision"`
	UpdatedAt time.Time              `bson:"updatedAt,omitempty"`
	UpdatedBy string                 `bson:"updatedBy,omitempty"`
	// SharedAt is UpdatedAt of a level that is no device's, so that who asks for
	// what changed lately of these does not read all that changed of devices.
	SharedAt time.Time `bson:"sharedAt,omitempty"`
}

// entryDocument is provisioners.Entry. A path is a value and never a key.
type entryDocument struct {
	Path     string   `bson:"path"`
	Value    string   `bson:"value,omitempty"`
	Sealed   string   `bson:"sealed,omitempty"`
	Generate bool     `bson:"generate,omitempty"`
	Models   []string `bson:"models,omitempty"`
	Filter   string   `bson:"filter,omitempty"`
	Locked   bool     `bson:"locked,omitempty"`
}

func documentOfLevel(l provisioners.Level) levelDocument {
	d := levelDocument{
		Key: levelKey(l.Key), Kind: l.Key.Kind, ID: l.Key.ID, Revision: l.Revision, UpdatedAt: whole(l.UpdatedAt), UpdatedBy: l.UpdatedBy,
	}
	for _, e := range l.Entries {
		d.Entries = append(d.Entries, entryDocument{
			Path: e.Path, Value: e.Value, Sealed: string(e.Sealed), Generate: e.Generate, Models: e.Models, Filter: e.Filter, Locked: e.Locked,
		})
	}
	if l.Key.Kind == provisioners.GlobalLevel || l.Key.Kind == provisioners.GroupLevel {
		d.SharedAt = d.UpdatedAt
	}
	return d
}

func (d *levelDocument) level() provisioners.Level {
	l := provisioners.Level{
		Key: provisioners.LevelKey{Kind: d.Kind, ID: d.ID}, Revision: d.Revision, UpdatedAt: d.UpdatedAt, UpdatedBy: d.UpdatedBy,
	}
	for _, e := range d.Entries {
		l.Entries = append(l.Entries, provisioners.Entry{
			Path: e.Path, Value: e.Value, Sealed: secret.Sealed(e.Sealed), Generate: e.Generate, Models: e.Models, Filter: e.Filter, Locked: e.Locked,
		})
	}
	return l
}

func levelsOf(found []levelDocument) []provisioners.Level {
	var all []provisioners.Level
	for i := range found {
		all = append(all, found[i].level())
	}
	return all
}
