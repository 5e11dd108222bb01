package mongo

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

const credentialsCollection = "credentials"

// Credentials returns the credentials of devices.
func (s *Store) Credentials() device.CredentialStore { return credentials{s} }

type credentials struct{ *Store }

func (s credentials) collection() *driver.Collection {
	return s.database.Collection(credentialsCollection)
}

// credentialDocument is a credential in the collection credentials.
type credentialDocument struct {
	Username  string        `bson:"_id"`
	Device    device.ID     `bson:"device"`
	Password  secret.Sealed `bson:"password"`
	CreatedAt time.Time     `bson:"createdAt,omitempty"`
}

func documentOfCredential(c device.Credential) credentialDocument {
	d := credentialDocument(c)
	d.CreatedAt = whole(c.CreatedAt)
	return d
}

// PutCredential names the device in its filter: for a user name of another
// device nothing matches, and the insert that follows collides with its key.
func (s credentials) PutCredential(ctx context.Context, c device.Credential) error {
	return s.do(ctx, "putCredential", func(ctx context.Context) error {
		d := documentOfCredential(c)
		err := onceMore(func() error {
			_, err := s.collection().ReplaceOne(ctx, bson.M{idField: d.Username, "device": d.Device}, d, options.Replace().SetUpsert(true))
			return err
		})
		var refused driver.ServerError
		if !errors.As(err, &refused) {
			return err
		}
		owner, failure := findOne[credentialDocument](ctx, s.collection(), byID(d.Username), device.ErrNotFound)
		if failure == nil && owner.Device != d.Device {
			return device.ErrDuplicate
		}
		return err
	})
}

func (s credentials) Credential(ctx context.Context, username string) (c device.Credential, err error) {
	err = s.do(ctx, "getCredential", func(ctx context.Context) error {
		d, err := findOne[credentialDocument](ctx, s.collection(), byID(username), device.ErrNotFound)
		c = device.Credential(d)
		return err
	})
	if err != nil {
		return device.Credential{}, err
	}
	return c, nil
}

func (s credentials) DeleteCredentials(ctx context.Context, id device.ID) error {
	return s.do(ctx, "deleteCredentials", func(ctx context.Context) error {
		_, err := s.collection().DeleteMany(ctx, bson.M{"device": id})
		return err
	})
}
