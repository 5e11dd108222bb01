package mongo

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/users"
)

const rolesCollection = "roles"

// Roles returns the roles that operators made.
func (s *Store) Roles() users.RoleStore { return roles{s} }

type roles struct{ *Store }

func (s roles) collection() *driver.Collection { return s.database.Collection(rolesCollection) }

// roleDocument is a role in the collection roles, its permissions by name.
type roleDocument struct {
	Name        users.Role         `bson:"_id"`
	Description string             `bson:"description,omitempty"`
	Permissions []users.Permission `bson:"permissions"`
	CreatedAt   time.Time          `bson:"createdAt,omitempty"`
	UpdatedAt   time.Time          `bson:"updatedAt,omitempty"`
	Revision    int64              `bson:"revision"`
}

func documentOfRole(r users.RoleDefinition) roleDocument {
	return roleDocument{
		Name: r.Name, Description: r.Description, Permissions: r.Permissions.List(),
		CreatedAt: whole(r.CreatedAt), UpdatedAt: whole(r.UpdatedAt), Revision: r.Revision,
	}
}

func (d *roleDocument) role() users.RoleDefinition {
	return users.RoleDefinition{
		Name: d.Name, Description: d.Description, Permissions: known(d.Permissions),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Revision: d.Revision,
	}
}

// known returns the permissions without names that are none any longer.
func known(names []users.Permission) users.Permissions {
	list := make([]users.Permission, 0, len(names))
	for _, name := range names {
		if _, err := users.NewPermissions(name); err == nil {
			list = append(list, name)
		}
	}
	set, _ := users.NewPermissions(list...) // Each was tried by itself.
	return set
}

// PutRole stores the role with the next revision. It returns users.ErrConflict
// also if r.Revision is set and there is no such role.
func (s roles) PutRole(ctx context.Context, r users.RoleDefinition) error {
	return s.do(ctx, "putRole", func(ctx context.Context) error {
		d := documentOfRole(r)
		d.Revision++
		return putRevision(ctx, s.collection(), string(r.Name), r.Revision, d, users.ErrExists, users.ErrConflict)
	})
}

// putRevision inserts a document if the revision that was seen is 0, and else
// puts it in the place of one that still has it.
func putRevision(ctx context.Context, c *driver.Collection, id string, seen int64, document any, exists, conflict error) error {
	if seen == 0 {
		_, err := c.InsertOne(ctx, document)
		if driver.IsDuplicateKeyError(err) {
			return exists
		}
		return err
	}
	answer, err := c.ReplaceOne(ctx, bson.M{idField: id, "revision": seen}, document)
	if err == nil && answer.MatchedCount == 0 {
		return conflict
	}
	return err
}

func (s roles) Role(ctx context.Context, name users.Role) (r users.RoleDefinition, err error) {
	err = s.do(ctx, "getRole", func(ctx context.Context) error {
		d, err := findOne[roleDocument](ctx, s.collection(), byID(name), users.ErrNotFound)
		r = d.role()
		return err
	})
	if err != nil {
		return users.RoleDefinition{}, err
	}
	return r, nil
}

func (s roles) Roles(ctx context.Context) (all []users.RoleDefinition, err error) {
	err = s.do(ctx, "listRoles", func(ctx context.Context) error {
		found, err := findAll[roleDocument](ctx, s.collection(), bson.M{}, options.Find().SetSort(ascending(idField)))
		for i := range found {
			all = append(all, found[i].role())
		}
		return err
	})
	return all, err
}

func (s roles) DeleteRole(ctx context.Context, name users.Role) error {
	return s.do(ctx, "deleteRole", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(name), users.ErrNotFound)
	})
}
