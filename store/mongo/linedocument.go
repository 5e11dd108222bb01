package mongo

import (
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// lineDocument is a line in the collection lines.
type lineDocument struct {
	// ID is lineID of the two fields that follow.
	ID          string     `bson:"_id"`
	Group       string     `bson:"group,omitempty"`
	Number      string     `bson:"number"`
	User        string     `bson:"user,omitempty"`
	AuthUser    string     `bson:"authUser,omitempty"`
	Password    string     `bson:"password,omitempty"`
	DisplayName string     `bson:"displayName,omitempty"`
	Label       string     `bson:"label,omitempty"`
	Voicemail   string     `bson:"voicemail,omitempty"`
	Listed      bool       `bson:"listed,omitempty"`
	Revision    int64      `bson:"revision"`
	UpdatedAt   time.Time  `bson:"updatedAt,omitempty"`
	UpdatedBy   string     `bson:"updatedBy,omitempty"`
	Folded      foldedLine `bson:"folded"`
}

// foldedLine holds the texts in which a search looks, by query.Fold.
type foldedLine struct {
	Number      string `bson:"number"`
	User        string `bson:"user,omitempty"`
	DisplayName string `bson:"displayName,omitempty"`
}

// lineID orders lines by group and then number.
func lineID(k provisioners.LineKey) string { return joinedKey(k.Group, k.Number) }

func documentOfLine(l provisioners.Line) lineDocument {
	return lineDocument{
		ID: lineID(l.LineKey), Group: l.Group, Number: l.Number, User: l.User, AuthUser: l.AuthUser, Password: string(l.Password),
		DisplayName: l.DisplayName, Label: l.Label, Voicemail: l.Voicemail, Listed: l.Listed,
		Revision: l.Revision, UpdatedAt: whole(l.UpdatedAt), UpdatedBy: l.UpdatedBy,
		Folded: foldedLine{Number: query.Fold(l.Number), User: query.Fold(l.User), DisplayName: query.Fold(l.DisplayName)},
	}
}

func (d *lineDocument) line() provisioners.Line {
	return provisioners.Line{
		LineKey: provisioners.LineKey{Group: d.Group, Number: d.Number}, User: d.User, AuthUser: d.AuthUser, Password: secret.Sealed(d.Password),
		DisplayName: d.DisplayName, Label: d.Label, Voicemail: d.Voicemail, Listed: d.Listed,
		Revision: d.Revision, UpdatedAt: d.UpdatedAt, UpdatedBy: d.UpdatedBy,
	}
}

func linesOf(found []lineDocument) []provisioners.Line {
	var all []provisioners.Line
	for i := range found {
		all = append(all, found[i].line())
	}
	return all
}
