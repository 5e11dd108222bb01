package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/users"
)

const browserSessionsCollection = "browserSessions"

// BrowserSessions returns the browsers that are signed in.
func (s *Store) BrowserSessions() users.BrowserSessionStore { return browserSessions{s} }

type browserSessions struct{ *Store }

func (s browserSessions) collection() *driver.Collection {
	return s.database.Collection(browserSessionsCollection)
}

// browserSessionDocument is a browser session in the collection browserSessions.
// What it is found by is always there.
type browserSessionDocument struct {
	ID        string    `bson:"_id"`
	Hash      string    `bson:"hash"`
	User      string    `bson:"user"`
	Method    string    `bson:"method,omitempty"`
	CreatedAt time.Time `bson:"createdAt"`
	LastUsed  time.Time `bson:"lastUsed"`
	Expires   time.Time `bson:"expires"`
	Address   string    `bson:"address,omitempty"`
	UserAgent string    `bson:"userAgent,omitempty"`
}

func (s browserSessions) PutBrowserSession(ctx context.Context, b users.BrowserSession) error {
	return s.do(ctx, "putBrowserSession", func(ctx context.Context) error {
		d := browserSessionDocument(b)
		d.CreatedAt, d.LastUsed, d.Expires = whole(b.CreatedAt), whole(b.LastUsed), whole(b.Expires)
		_, err := s.collection().InsertOne(ctx, d)
		return err
	})
}

func (s browserSessions) BrowserSessionByHash(ctx context.Context, hash string) (b users.BrowserSession, err error) {
	err = s.do(ctx, "browserSessionByHash", func(ctx context.Context) error {
		d, err := findOne[browserSessionDocument](ctx, s.collection(), bson.M{"hash": hash}, users.ErrNotFound)
		b = users.BrowserSession(d)
		return err
	})
	if err != nil {
		return users.BrowserSession{}, err
	}
	return b, nil
}

func (s browserSessions) BrowserSessions(ctx context.Context, user string, limit int) (all []users.BrowserSession, err error) {
	filter := bson.M{}
	if user != "" {
		filter["user"] = user
	}
	err = s.do(ctx, "listBrowserSessions", func(ctx context.Context) error {
		found, err := findUpTo[browserSessionDocument](ctx, s.collection(), filter, limit, options.Find().SetSort(ascending("-createdAt", "-"+idField)))
		for _, d := range found {
			all = append(all, users.BrowserSession(d))
		}
		return err
	})
	return all, err
}

// TouchBrowserSession updates and never inserts: what was deleted stays deleted.
func (s browserSessions) TouchBrowserSession(ctx context.Context, id string, at time.Time) error {
	return s.do(ctx, "touchBrowserSession", func(ctx context.Context) error {
		answer, err := s.collection().UpdateOne(ctx, byID(id), bson.M{"$set": bson.M{"lastUsed": whole(at)}})
		if err == nil && answer.MatchedCount == 0 {
			return users.ErrNotFound
		}
		return err
	})
}

func (s browserSessions) DeleteBrowserSession(ctx context.Context, id string) error {
	return s.do(ctx, "deleteBrowserSession", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(id), users.ErrNotFound)
	})
}

func (s browserSessions) DeleteBrowserSessions(ctx context.Context, user, keep string) (removed int, err error) {
	err = s.do(ctx, "deleteBrowserSessions", func(ctx context.Context) error {
		answer, err := s.collection().DeleteMany(ctx, bson.M{"user": user, idField: bson.M{"$ne": keep}})
		if err == nil {
			removed = int(answer.DeletedCount)
		}
		return err
	})
	return removed, err
}

func (s browserSessions) DeleteOldBrowserSessions(ctx context.Context, expired, unused time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteOldBrowserSessions", func(ctx context.Context) error {
		old := bson.M{"$or": bson.A{
			bson.M{"expires": bson.M{"$lt": whole(expired)}},
			bson.M{"lastUsed": bson.M{"$lt": whole(unused)}},
		}}
		removed, err = deleteUpTo(ctx, s.collection(), old, nil, limit)
		return err
	})
	return removed, err
}
