package mongo

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// index is one index of a collection. docs/store.md says which query needs it.
type index struct {
	collection string
	keys       bson.D
	unique     bool
}

// ascending returns the keys of an index over fields, a descending one with a
// minus before its name.
func ascending(fields ...string) bson.D {
	keys := make(bson.D, 0, len(fields))
	for _, f := range fields {
		if f[0] == '-' {
			keys = append(keys, bson.E{Key: f[1:], Value: -1})
			continue
		}
		keys = append(keys, bson.E{Key: f, Value: 1})
	}
	return keys
}

// indexes returns all that are declared. With one for each indexed parameter
// (indexed) they stay below 64 a collection, which is MongoDB's bound.
func indexes(indexed []string) []index {
	return slices.Concat(deviceIndexes(indexed), taskIndexes(), parameterIndexes(), otherIndexes())
}

// makeIndexes makes the indexes that are missing, those of a collection at once.
// Every start may do it, and several nodes at the same time.
func (s *Store) makeIndexes(ctx context.Context) error {
	declared := make(map[string][]index)
	for _, i := range indexes(s.options.IndexedParameters) {
		declared[i.collection] = append(declared[i.collection], i)
	}
	for _, collection := range slices.Sorted(maps.Keys(declared)) {
		if err := s.makeIndexesOf(ctx, s.database.Collection(collection), declared[collection]); err != nil {
			return fmt.Errorf("make indexes of %s: %w", collection, err)
		}
	}
	return nil
}

// indexTime bounds how long the indexes of one collection are made: where there are
// many documents it takes longer than any operation may.
const indexTime = 30 * time.Minute

func (s *Store) makeIndexesOf(ctx context.Context, c *driver.Collection, declared []index) error {
	ctx, cancel := context.WithTimeout(ctx, indexTime)
	defer cancel()
	there, err := c.Indexes().ListSpecifications(ctx)
	if err != nil {
		return err
	}
	made := make(map[string]bool, len(there))
	for _, known := range there {
		made[known.Name] = true
	}
	var missing []driver.IndexModel
	for _, i := range declared {
		if !made[i.name()] {
			missing = append(missing, driver.IndexModel{Keys: i.keys, Options: options.Index().SetName(i.name()).SetUnique(i.unique)})
		}
	}
	if len(missing) == 0 {
		return nil
	}
	_, err = c.Indexes().CreateMany(ctx, missing)
	return err
}

// name is what MongoDB calls the index unless it is told otherwise.
func (i *index) name() string {
	var parts []string
	for _, key := range i.keys {
		parts = append(parts, fmt.Sprintf("%s_%d", key.Key, key.Value))
	}
	return strings.Join(parts, "_")
}
