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
	Issued    bool          `bson:"issued,omitempty"`
	SeenAt    time.Time     `bson:"seenAt,omitempty"`
}

func documentOfCredential(c device.Credential) credentialDocument {
	d := credentialDocument(c)
	d.CreatedAt, d.SeenAt = whole(c.CreatedAt), whole(c.SeenAt)
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

func (s credentials) CredentialsOf(ctx context.Context, id device.ID) (all []device.Credential, err error) {
	err = s.do(ctx, "listCredentials", func(ctx context.Context) error {
		found, err := findAll[credentialDocument](ctx, s.collection(), ofDevice(id), options.Find().SetSort(ascending("createdAt", idField)))
		for _, d := range found {
			all = append(all, device.Credential(d))
		}
		return err
	})
	return all, err
}

func (s credentials) NoteCredentialSeen(ctx context.Context, username string, at time.Time) error {
	return s.do(ctx, "noteCredentialSeen", func(ctx context.Context) error {
		var u update
		u.time("seenAt", whole(at))
		changed, err := s.collection().UpdateOne(ctx, append(byID(username), bson.E{Key: "seenAt", Value: nil}), u.document())
		if err != nil || changed.MatchedCount > 0 {
			return err
		}
		return unmatched(ctx, s.collection(), username, device.ErrNotFound, nil) // It was seen before.
	})
}

func (s credentials) DeleteCredential(ctx context.Context, username string) error {
	return s.do(ctx, "deleteCredential", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(username), device.ErrNotFound)
	})
}

func (s credentials) DeleteCredentials(ctx context.Context, id device.ID) error {
	return s.do(ctx, "deleteCredentials", func(ctx context.Context) error {
		_, err := s.collection().DeleteMany(ctx, bson.M{"device": id})
		return err
	})
}
