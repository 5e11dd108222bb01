package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

const fetchesCollection = "fetches"

// Fetches returns what phones asked for.
func (s *Store) Fetches() provisioners.FetchStore { return fetches{s} }

type fetches struct{ *Store }

func (s fetches) collection() *driver.Collection { return s.database.Collection(fetchesCollection) }

// AppendFetches leaves fetches that are there alone, so that repeating it does no
// harm.
func (s fetches) AppendFetches(ctx context.Context, all []provisioners.Fetch) error {
	return s.do(ctx, "appendFetches", func(ctx context.Context) error {
		if len(all) > provisioners.MaxFetches {
			return fmt.Errorf("%w: %d fetches at once, at most %d", device.ErrInvalid, len(all), provisioners.MaxFetches)
		}
		if len(all) == 0 {
			return nil
		}
		groups, err := s.groupsOf(ctx, all)
		if err != nil {
			return err
		}
		documents := make([]fetchDocument, len(all))
		for i, f := range all {
			documents[i] = documentOfFetch(f, groups[string(f.Device)])
		}
		_, err = insertMissing(ctx, s.collection(), documents)
		return err
	})
}

// groupsOf returns the groups of those devices that fetched and have one.
func (s fetches) groupsOf(ctx context.Context, all []provisioners.Fetch) (map[string]string, error) {
	var ids []string
	groups := make(map[string]string)
	for _, f := range all {
		id := string(f.Device)
		if _, asked := groups[id]; id != "" && !asked {
			ids, groups[id] = append(ids, id), ""
		}
	}
	if len(ids) == 0 {
		return groups, nil
	}
	found, err := findAll[deviceDocument](ctx, s.deviceDocuments(), among(ids), options.Find().SetProjection(onlyFields("group")))
	for i := range found {
		groups[found[i].ID] = found[i].Group
	}
	return groups, err
}

func (s fetches) ListFetches(ctx context.Context, l provisioners.FetchList) (all []provisioners.Fetch, err error) {
	err = s.do(ctx, "listFetches", func(ctx context.Context) error {
		if err := store.CheckPageSize(l.Limit); err != nil {
			return err
		}
		return s.inFilterTime(ctx, fetchesCollection, func(ctx context.Context) error {
			found, err := findUpTo[fetchDocument](ctx, s.collection(), fetchFilter(l), l.Limit,
				options.Find().SetSort(ascending("-"+idField)).SetComment("listFetches"))
			for i := range found {
				all = append(all, found[i].fetch())
			}
			return err
		})
	})
	return all, err
}

// fetchFilter is the filter for the fetches that a list asks for.
func fetchFilter(l provisioners.FetchList) bson.D {
	terms := []bson.D{inScope(l.Scope)}
	if l.Device != "" {
		terms = append(terms, ofDevice(l.Device))
	}
	if l.Failed {
		terms = append(terms, bson.D{{Key: "failed", Value: true}})
	}
	if l.After != "" {
		terms = append(terms, bson.D{{Key: idField, Value: bson.D{{Key: "$lt", Value: l.After}}}})
	}
	return allOf(terms...)
}

func (s fetches) DeleteFetches(ctx context.Context, before time.Time, limit int) (removed int, err error) {
	err = s.do(ctx, "deleteFetches", func(ctx context.Context) error {
		removed, err = deleteUpTo(ctx, s.collection(), bson.M{"at": bson.M{"$lt": ceiling(before)}}, ascending("at"), limit)
		return err
	})
	return removed, err
}
