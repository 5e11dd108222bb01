package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/users"
)

const usersCollection = "users"

// Users returns the users.
func (s *Store) Users() users.Store { return userStore{s} }

type userStore struct{ *Store }

func (s userStore) collection() *driver.Collection { return s.database.Collection(usersCollection) }

// userDocument is a user in the collection users.
type userDocument struct {
	Name               string     `bson:"_id"`
	DisplayName        string     `bson:"displayName,omitempty"`
	Role               users.Role `bson:"role"`
	Scope              string     `bson:"scope,omitempty"`
	Disabled           bool       `bson:"disabled"`
	PasswordHash       string     `bson:"passwordHash,omitempty"`
	MustChangePassword bool       `bson:"mustChangePassword"`
	Subject            string     `bson:"subject,omitempty"`
	// SubjectKey is subjectKey: it is always there, so that a plain unique index
	// serves.
	SubjectKey   string                `bson:"subjectKey"`
	SecondFactor *secondFactorDocument `bson:"secondFactor,omitempty"`
	Preferences  string                `bson:"preferences,omitempty"`
	CreatedAt    time.Time             `bson:"createdAt,omitempty"`
	UpdatedAt    time.Time             `bson:"updatedAt,omitempty"`
	LastSignIn   time.Time             `bson:"lastSignIn,omitempty"`
	Revision     int64                 `bson:"revision"`
}

type secondFactorDocument struct {
	Key      string   `bson:"key,omitempty"`
	Pending  string   `bson:"pending,omitempty"`
	LastStep int64    `bson:"lastStep"`
	Recovery []string `bson:"recovery,omitempty"`
}

// subjectKey is the subject, or where there is none a text that no other user
// has.
func subjectKey(name, subject string) string {
	if subject == "" {
		return "user/" + name
	}
	return "subject/" + subject
}

func documentOfUser(u users.User) userDocument {
	d := userDocument{
		Name: u.Name, DisplayName: u.DisplayName, Role: u.Role, Scope: u.Scope.Group, Disabled: u.Disabled, PasswordHash: u.PasswordHash,
		MustChangePassword: u.MustChangePassword, Subject: u.Subject, SubjectKey: subjectKey(u.Name, u.Subject), Preferences: u.Preferences,
		CreatedAt: whole(u.CreatedAt), UpdatedAt: whole(u.UpdatedAt), LastSignIn: whole(u.LastSignIn), Revision: u.Revision,
	}
	if f := u.SecondFactor; f.Key != "" || f.Pending != "" || f.LastStep != 0 || len(f.Recovery) > 0 {
		d.SecondFactor = &secondFactorDocument{Key: string(f.Key), Pending: string(f.Pending), LastStep: f.LastStep, Recovery: f.Recovery}
	}
	return d
}

func (d *userDocument) user() users.User {
	u := users.User{
		Name: d.Name, DisplayName: d.DisplayName, Role: d.Role, Scope: device.Scope{Group: d.Scope}, Disabled: d.Disabled, PasswordHash: d.PasswordHash,
		MustChangePassword: d.MustChangePassword, Subject: d.Subject, Preferences: d.Preferences,
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, LastSignIn: d.LastSignIn, Revision: d.Revision,
	}
	if f := d.SecondFactor; f != nil {
		u.SecondFactor = users.SecondFactor{Key: secret.Sealed(f.Key), Pending: secret.Sealed(f.Pending), LastStep: f.LastStep, Recovery: f.Recovery}
	}
	return u
}

// PutUser stores the user with the next revision. It returns users.ErrConflict
// also if u.Revision is set and there is no such user.
func (s userStore) PutUser(ctx context.Context, u users.User) error {
	return s.do(ctx, "putUser", func(ctx context.Context) error {
		d := documentOfUser(u)
		d.Revision++
		return s.refusal(ctx, &d, putRevision(ctx, s.collection(), u.Name, u.Revision, d, users.ErrExists, users.ErrConflict))
	})
}

// refusal makes users.ErrExists of an error of the server where another user has
// the subject: not every server that refuses an update for that says so.
func (s userStore) refusal(ctx context.Context, d *userDocument, failure error) error {
	var refused driver.ServerError
	if !errors.As(failure, &refused) {
		return failure
	}
	owner, err := anyID(ctx, s.collection(), bson.D{{Key: "subjectKey", Value: d.SubjectKey}})
	switch {
	case err != nil:
		return fmt.Errorf("look for the owner of a subject: %w", errors.Join(err, failure))
	case owner != "" && owner != d.Name:
		return users.ErrExists
	default:
		return failure
	}
}

func (s userStore) User(ctx context.Context, name string) (users.User, error) {
	return s.get(ctx, "getUser", byID(name))
}

// UserBySubject returns users.ErrNotFound for the empty subject.
func (s userStore) UserBySubject(ctx context.Context, subject string) (users.User, error) {
	if subject == "" {
		return users.User{}, users.ErrNotFound
	}
	return s.get(ctx, "userBySubject", bson.D{{Key: "subjectKey", Value: subjectKey("", subject)}})
}

func (s userStore) get(ctx context.Context, operation string, filter bson.D) (u users.User, err error) {
	err = s.do(ctx, operation, func(ctx context.Context) error {
		d, err := findOne[userDocument](ctx, s.collection(), filter, users.ErrNotFound)
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
		listed := options.Find().SetSort(ascending(idField)).SetProjection(bson.D{{Key: "preferences", Value: 0}})
		found, err := findAll[userDocument](ctx, s.collection(), bson.M{}, listed)
		for i := range found {
			all = append(all, found[i].user())
		}
		return err
	})
	return all, err
}

func (s userStore) DeleteUser(ctx context.Context, name string) error {
	return s.do(ctx, "deleteUser", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(name), users.ErrNotFound)
	})
}
