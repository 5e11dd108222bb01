package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// regexSupport remembers what the server's regular expressions can do. Those of
// MongoDB are PCRE; another server may have RE2, which knows no atomic groups
// and needs none.
type regexSupport struct{ atomicGroups atomic.Pointer[bool] }

// atomicGroups reports whether the server knows atomic groups. It asks until it
// gets an answer.
func (s *Store) atomicGroups(ctx context.Context) (bool, error) {
	if known := s.regexes.atomicGroups.Load(); known != nil {
		return *known, nil
	}
	filter := bson.D{{Key: idField, Value: bson.Regex{Pattern: `\A(?>` + schemaID[:1] + `)` + schemaID[1:] + `\z`}}}
	err := s.database.Collection(metaCollection).FindOne(ctx, filter).Err()
	var refused driver.CommandError
	if errors.Is(err, driver.ErrNoDocuments) {
		return false, nil // There was nothing to match, so that it may not have been read.
	}
	if err != nil && (!errors.As(err, &refused) || !refused.HasErrorCode(regexInvalid)) {
		return false, fmt.Errorf("ask for the regular expressions of the server: %w", err)
	}
	supported := err == nil
	s.regexes.atomicGroups.Store(&supported)
	return supported, nil
}

// regexInvalid is the code for a regular expression that the server cannot read.
const regexInvalid = 51091
