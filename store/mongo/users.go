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

const (
	usersCollection  = "users"
	tokensCollection = "tokens"
)

// Users returns users and tokens.
func (s *Store) Users() users.Store { return userStore{s} }

type userStore struct{ *Store }

func (s userStore) users() *driver.Collection { return s.database.Collection(usersCollection) }

func (s userStore) tokens() *driver.Collection { return s.database.Collection(tokensCollection) }

// userDocument is a user in the collection users.
type userDocument struct {
	Name         string     `bson:"_id"`
	Role         users.Role `bson:"role"`
	Scope        string     `bson:"scope,omitempty"`
	PasswordHash string     `bson:"passwordHash,omitempty"`
	CreatedAt    time.Time  `bson:"createdAt,omitempty"`
	UpdatedAt    time.Time  `bson:"updatedAt,omitempty"`
	Revision     int64      `bson:"revision"`
}

func documentOfUser(u users.User) userDocument {
	return userDocument{
		Name: u.Name, Role: u.Role, Scope: u.Scope.Group, PasswordHash: u.PasswordHash, CreatedAt: whole(u.CreatedAt), UpdatedAt: whole(u.UpdatedAt),
		Revision: u.Revision,
	}
}

func (d *userDocument) user() users.User {
	return users.User{
		Name: d.Name, Role: d.Role, Scope: device.Scope{Group: d.Scope}, PasswordHash: d.PasswordHash, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
		Revision: d.Revision,
	}
}

// PutUser stores the user with the next revision. It returns users.ErrConflict
// also if u.Revision is set and there is no such user.
func (s userStore) PutUser(ctx context.Context, u users.User) error {
	return s.do(ctx, "putUser", func(ctx context.Context) error {
		d := documentOfUser(u)
		d.Revision++
		if u.Revision == 0 {
			_, err := s.users().InsertOne(ctx, d)
			if driver.IsDuplicateKeyError(err) {
				return users.ErrExists
			}
			return err
		}
		answer, err := s.users().ReplaceOne(ctx, bson.M{idField: u.Name, "revision": u.Revision}, d)
		if err == nil && answer.MatchedCount == 0 {
			return users.ErrConflict
		}
		return err
	})
}

func (s userStore) User(ctx context.Context, name string) (u users.User, err error) {
	err = s.do(ctx, "getUser", func(ctx context.Context) error {
		d, err := findOne[userDocument](ctx, s.users(), byID(name), users.ErrNotFound)
		u = d.user()
		return err
	})
	if err != nil {
		return users.User{}, err
	}
	return u, nil
}

func (s userStore) Users(ctx context.Context) (all []users.User, err error) {
	err = s.do(ctx, "listUsers", func(ctx context.Context) error {
		found, err := findAll[userDocument](ctx, s.users(), bson.M{}, options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].user())
		}
		return err
	})
	return all, err
}

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

func (s userStore) PutToken(ctx context.Context, t users.Token) error {
	return s.do(ctx, "putToken", func(ctx context.Context) error {
		return put(ctx, s.tokens(), t.ID, documentOfToken(t))
	})
}

func (s userStore) TokenByHash(ctx context.Context, hash string) (t users.Token, err error) {
	err = s.do(ctx, "tokenByHash", func(ctx context.Context) error {
		d, err := findOne[tokenDocument](ctx, s.tokens(), bson.M{"hash": hash}, users.ErrNotFound)
		t = d.token()
		return err
	})
	if err != nil {
		return users.Token{}, err
	}
	return t, nil
}

func (s userStore) Tokens(ctx context.Context) (all []users.Token, err error) {
	err = s.do(ctx, "listTokens", func(ctx context.Context) error {
		found, err := findAll[tokenDocument](ctx, s.tokens(), bson.M{}, options.Find().SetSort(ascending("createdAt", idField)))
		for i := range found {
			all = append(all, found[i].token())
		}
		return err
	})
	return all, err
}

// TouchToken updates and never inserts: what was deleted stays deleted.
func (s userStore) TouchToken(ctx context.Context, id string, at time.Time) error {
	return s.do(ctx, "touchToken", func(ctx context.Context) error {
		answer, err := s.tokens().UpdateOne(ctx, byID(id), bson.M{"$set": bson.M{"lastUsed": whole(at)}})
		if err == nil && answer.MatchedCount == 0 {
			return users.ErrNotFound
		}
		return err
	})
}

func (s userStore) DeleteToken(ctx context.Context, id string) error {
	return s.do(ctx, "deleteToken", func(ctx context.Context) error {
		return deleteOne(ctx, s.tokens(), byID(id), users.ErrNotFound)
	})
}
