package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

const tokensCollection = "tokens"

// Tokens returns the tokens of integrations.
func (s *Store) Tokens() users.TokenStore { return tokenStore{s} }

type tokenStore struct{ *Store }

func (s tokenStore) collection() *driver.Collection { return s.database.Collection(tokensCollection) }

// tokenDocument is a token in the collection tokens.
type tokenDocument struct {
	ID        string     `bson:"_id"`
	Name      string     `bson:"name,omitempty"`
	Role      users.Role `bson:"role"`
	Scope     string     `bson:"scope,omitempty"`
	Hash      string     `bson:"hash"`
	CreatedAt time.Time  `bson:"createdAt,omitempty"`
	CreatedBy string     `bson:"createdBy,omitempty"`
	Expires   time.Time  `bson:"expires,omitempty"`
	LastUsed  time.Time  `bson:"lastUsed,omitempty"`
}

func documentOfToken(t users.Token) tokenDocument {
	return tokenDocument{
		ID: t.ID, Name: t.Name, Role: t.Role, Scope: t.Scope.Group, Hash: t.Hash, CreatedAt: whole(t.CreatedAt), CreatedBy: t.CreatedBy,
		Expires: whole(t.Expires), LastUsed: whole(t.LastUsed),
	}
}

func (d *tokenDocument) token() users.Token {
	return users.Token{
		ID: d.ID, Name: d.Name, Role: d.Role, Scope: device.Scope{Group: d.Scope}, Hash: d.Hash, CreatedAt: d.CreatedAt, CreatedBy: d.CreatedBy,
		Expires: d.Expires, LastUsed: d.LastUsed,
	}
}

func (s tokenStore) PutToken(ctx context.Context, t users.Token) error {
	return s.do(ctx, "putToken", func(ctx context.Context) error {
		return put(ctx, s.collection(), t.ID, documentOfToken(t))
	})
}

func (s tokenStore) TokenByHash(ctx context.Context, hash string) (t users.Token, err error) {
	err = s.do(ctx, "tokenByHash", func(ctx context.Context) error {
		d, err := findOne[tokenDocument](ctx, s.collection(), bson.M{"hash": hash}, users.ErrNotFound)
		t = d.token()
		return err
	})
	if err != nil {
		return users.Token{}, err
	}
	return t, nil
}

func (s tokenStore) Tokens(ctx context.Context) (all []users.Token, err error) {
	err = s.do(ctx, "listTokens", func(ctx context.Context) error {
		found, err := findAll[tokenDocument](ctx, s.collection(), bson.M{}, options.Find().SetSort(ascending("createdAt", idField)))
		for i := range found {
			all = append(all, found[i].token())
		}
		return err
	})
	return all, err
}

// TouchToken updates and never inserts: what was deleted stays deleted.
func (s tokenStore) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.do(ctx, "touchToken", func(ctx context.Context) error {
		answer, err := s.collection().UpdateOne(ctx, byID(id), bson.M{"$set": bson.M{"lastUsed": whole(at)}})
		if err == nil && answer.MatchedCount == 0 {
			return users.ErrNotFound
		}
		return err
	})
}

func (s tokenStore) DeleteToken(ctx context.Context, id string) error {
	return s.do(ctx, "deleteToken", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(id), users.ErrNotFound)
	})
}
