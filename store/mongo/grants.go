package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
)

const grantsCollection = "grants"

func (s fileStore) grants() *driver.Collection { return s.database.Collection(grantsCollection) }

// grantDocument is a grant in the collection grants.
type grantDocument struct {
	TokenHash string    `bson:"_id"`
	Device    device.ID `bson:"device"`
	Task      string    `bson:"task,omitempty"`
	Names     []string  `bson:"names,omitempty"`
	Expires   time.Time `bson:"expires"`

	Upload     bool   `bson:"upload,omitempty"`
	UploadType string `bson:"uploadType,omitempty"`
}

func documentOfGrant(g files.Grant) grantDocument {
	d := grantDocument(g)
	d.Expires = whole(g.Expires)
	return d
}

// PutGrant replaces a grant of the same token.
func (s fileStore) PutGrant(ctx context.Context, g files.Grant) error {
	return s.do(ctx, "putGrant", func(ctx context.Context) error {
		return put(ctx, s.grants(), g.TokenHash, documentOfGrant(g))
	})
}

func (s fileStore) Grant(ctx context.Context, tokenHash string) (g files.Grant, err error) {
	err = s.do(ctx, "getGrant", func(ctx context.Context) error {
		d, err := findOne[grantDocument](ctx, s.grants(), byID(tokenHash), files.ErrNotFound)
		g = files.Grant(d)
		return err
	})
	if err != nil {
		return files.Grant{}, err
	}
	return g, nil
}

func (s fileStore) TakeGrant(ctx context.Context, tokenHash string) (g files.Grant, err error) {
	err = s.do(ctx, "takeGrant", func(ctx context.Context) error {
		d, err := decoded[grantDocument](s.grants().FindOneAndDelete(ctx, byID(tokenHash)), files.ErrNotFound)
		g = files.Grant(d)
		return err
	})
	if err != nil {
		return files.Grant{}, err
	}
	return g, nil
}

func (s fileStore) DeleteGrants(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteGrants", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.grants(), bson.M{"expires": bson.M{"$lt": whole(before)}}, ascending("expires"), limit)
		return err
	})
	return removed, err
}
