package mongo

import (
	"context"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

const groupsCollection = "groups"

// Groups returns the tree of groups.
func (s *Store) Groups() device.GroupStore { return groups{s} }

type groups struct{ *Store }

func (s groups) collection() *driver.Collection { return s.database.Collection(groupsCollection) }

// groupDocument is a group in the collection groups.
type groupDocument struct {
	Path        string    `bson:"_id"`
	Title       string    `bson:"title,omitempty"`
	Description string    `bson:"description,omitempty"`
	CreatedAt   time.Time `bson:"createdAt,omitempty"`
	UpdatedAt   time.Time `bson:"updatedAt,omitempty"`
	Revision    int64     `bson:"revision"`
	// Parent is the path of the group above, empty for one below the root. It is
	// always there.
	Parent string      `bson:"parent"`
	Folded foldedGroup `bson:"folded"`
}

// foldedGroup holds the texts in which a search looks, by query.Fold.
type foldedGroup struct {
	Path  string `bson:"path"`
	Title string `bson:"title,omitempty"`
}

func documentOfGroup(g device.Group) groupDocument {
	return groupDocument{
		Path: g.Path, Title: g.Title, Description: g.Description, CreatedAt: whole(g.CreatedAt), UpdatedAt: whole(g.UpdatedAt), Revision: g.Revision,
		Parent: g.Path[:max(0, strings.LastIndexByte(g.Path, '/'))],
		Folded: foldedGroup{Path: query.Fold(g.Path), Title: query.Fold(g.Title)},
	}
}

func (d *groupDocument) group() device.Group {
	return device.Group{
		Path: d.Path, Title: d.Title, Description: d.Description, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Revision: d.Revision,
	}
}

// PutGroup stores the group with the next revision. It returns
// device.ErrConflict also if g.Revision is set and there is no such group.
func (s groups) PutGroup(ctx context.Context, g device.Group) error {
	return s.do(ctx, "putGroup", func(ctx context.Context) error {
		d := documentOfGroup(g)
		d.Revision++
		return putRevision(ctx, s.collection(), g.Path, g.Revision, d, device.ErrDuplicate, device.ErrConflict)
	})
}

func (s groups) Group(ctx context.Context, path string) (g device.Group, err error) {
	err = s.do(ctx, "getGroup", func(ctx context.Context) error {
		d, err := findOne[groupDocument](ctx, s.collection(), byID(path), device.ErrNotFound)
		g = d.group()
		return err
	})
	if err != nil {
		return device.Group{}, err
	}
	return g, nil
}

func (s groups) Groups(ctx context.Context, l device.GroupList) (all []device.Group, err error) {
	err = s.do(ctx, "listGroups", func(ctx context.Context) error {
		return s.inFilterTime(ctx, groupsCollection, func(ctx context.Context) error {
			found, err := findUpTo[groupDocument](ctx, s.collection(), groupFilter(l), l.Limit, options.Find().SetSort(ascending(idField)).SetComment("listGroups"))
			for i := range found {
				all = append(all, found[i].group())
			}
			return err
		})
	})
	return all, err
}

// groupFilter is the filter for the groups that a list asks for.
func groupFilter(l device.GroupList) bson.D {
	terms := []bson.D{within(idField, l.Scope.Group)}
	if l.Children {
		terms = append(terms, bson.D{{Key: "parent", Value: l.Parent}})
	}
	if l.After != "" {
		terms = append(terms, bson.D{{Key: idField, Value: bson.D{{Key: "$gt", Value: l.After}}}})
	}
	if l.Search != "" {
		holds := bson.Regex{Pattern: quote(query.Fold(l.Search)), Options: "s"}
		terms = append(terms, bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: "folded.path", Value: holds}},
			bson.D{{Key: "folded.title", Value: holds}},
		}}})
	}
	return allOf(terms...)
}

func (s groups) DeleteGroup(ctx context.Context, path string) error {
	return s.do(ctx, "deleteGroup", func(ctx context.Context) error {
		return deleteOne(ctx, s.collection(), byID(path), device.ErrNotFound)
	})
}
