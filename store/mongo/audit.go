package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/users"
)

const auditCollection = "audit"

// Audit returns the audit log.
func (s *Store) Audit() users.AuditStore { return audit{s} }

type audit struct{ *Store }

func (s audit) collection() *driver.Collection { return s.database.Collection(auditCollection) }

// auditDocument is an entry in the collection audit.
type auditDocument struct {
	ID      string    `bson:"_id"`
	At      time.Time `bson:"at"`
	Actor   string    `bson:"actor,omitempty"`
	Address string    `bson:"address,omitempty"`
	Action  string    `bson:"action,omitempty"`
	Target  string    `bson:"target,omitempty"`
	Outcome int       `bson:"outcome"`
	Detail  string    `bson:"detail,omitempty"`
}

func documentOfAudit(e users.AuditEntry) auditDocument {
	d := auditDocument(e)
	d.At = whole(e.At)
	return d
}

func (s audit) AppendAudit(ctx context.Context, e users.AuditEntry) error {
	return s.do(ctx, "appendAudit", func(ctx context.Context) error {
		_, err := s.collection().InsertOne(ctx, documentOfAudit(e))
		return err
	})
}

func (s audit) Audit(ctx context.Context, before string, limit int) (all []users.AuditEntry, err error) {
	filter := bson.M{}
	if before != "" {
		filter[idField] = bson.M{"$lt": before}
	}
	err = s.do(ctx, "listAudit", func(ctx context.Context) error {
		found, err := findUpTo[auditDocument](ctx, s.collection(), filter, limit, options.Find().SetSort(ascending("-"+idField)))
		for _, d := range found {
			all = append(all, users.AuditEntry(d))
		}
		return err
	})
	return all, err
}

func (s audit) DeleteAudit(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteAudit", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.collection(), bson.M{"at": bson.M{"$lt": whole(before)}}, ascending("at"), limit)
		return err
	})
	return removed, err
}
