package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
)

const endedSessionsCollection = "sessions"

// History returns what happened over time.
func (s *Store) History() history.Store { return historyStore{s} }

type historyStore struct{ *Store }

func (s historyStore) sessions() *driver.Collection {
	return s.database.Collection(endedSessionsCollection)
}

// endedSessionDocument is a session in the collection sessions.
type endedSessionDocument struct {
	ID        string    `bson:"_id"`
	Device    device.ID `bson:"device"`
	Events    []string  `bson:"events,omitempty"`
	StartedAt time.Time `bson:"startedAt,omitempty"`
	EndedAt   time.Time `bson:"endedAt"`
	Outcome   string    `bson:"outcome,omitempty"`
	RPCs      int       `bson:"rpcs"`

	Calls      []callDocument `bson:"calls,omitempty"`
	RetryCount int            `bson:"retryCount,omitempty"`

	Address string `bson:"address,omitempty"`
	Node    string `bson:"node,omitempty"`
}

// callDocument is a request of a device in a session.
type callDocument struct {
	Method string `bson:"method,omitempty"`
	Detail string `bson:"detail,omitempty"`
}

func documentOfSession(h history.Session) endedSessionDocument {
	d := endedSessionDocument{
		ID: h.ID, Device: h.Device, Events: h.Events, StartedAt: whole(h.StartedAt), EndedAt: whole(h.EndedAt), Outcome: h.Outcome, RPCs: h.RPCs,
		RetryCount: h.RetryCount, Address: h.Address, Node: h.Node,
	}
	for _, call := range h.Calls {
		d.Calls = append(d.Calls, callDocument(call))
	}
	return d
}

func (d *endedSessionDocument) session() history.Session {
	h := history.Session{
		ID: d.ID, Device: d.Device, Events: d.Events, StartedAt: d.StartedAt, EndedAt: d.EndedAt, Outcome: d.Outcome, RPCs: d.RPCs,
		RetryCount: d.RetryCount, Address: d.Address, Node: d.Node,
	}
	for _, call := range d.Calls {
		h.Calls = append(h.Calls, history.Call(call))
	}
	return h
}

func (s historyStore) PutSession(ctx context.Context, h history.Session) error {
	return s.do(ctx, "putEndedSession", func(ctx context.Context) error {
		return put(ctx, s.sessions(), h.ID, documentOfSession(h))
	})
}

func (s historyStore) Sessions(ctx context.Context, id device.ID, before time.Time, beforeID string, limit int) (all []history.Session, err error) {
	err = s.do(ctx, "listEndedSessions", func(ctx context.Context) error {
		found, err := findUpTo[endedSessionDocument](ctx, s.sessions(), endedBefore(id, before, beforeID), limit,
			options.Find().SetSort(ascending("-endedAt", "-"+idField)))
		for i := range found {
			all = append(all, found[i].session())
		}
		return err
	})
	return all, err
}

// endedBefore is the filter for the sessions of a device from a place on. Each
// alternative is one range of the index.
func endedBefore(id device.ID, before time.Time, beforeID string) bson.D {
	at := whole(before)
	return bson.D{{Key: "$or", Value: bson.A{
		append(ofDevice(id), bson.E{Key: "endedAt", Value: bson.D{{Key: "$lt", Value: at}}}),
		append(ofDevice(id), bson.E{Key: "endedAt", Value: at}, bson.E{Key: idField, Value: bson.D{{Key: "$lt", Value: beforeID}}}),
	}}}
}

func (s historyStore) DeleteSessions(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteEndedSessions", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.sessions(), bson.M{"endedAt": bson.M{"$lt": whole(before)}}, ascending("endedAt"), limit)
		return err
	})
	return removed, err
}
