package mongo

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// contentPage bounds how much content one query of a sweep lists.
const contentPage = 256

// Sweep implements files.Sweeper. Content for which keep is false goes out of
// sight, and its bytes with a later sweep, as those of content that was removed.
// It returns how much went out of sight or was not committed.
func (c content) Sweep(ctx context.Context, olderThan time.Time, keep func(name string) bool) (removed int, err error) {
	err = c.do(ctx, "sweepContent", func(ctx context.Context) error {
		for last := ""; ; {
			page, err := c.old(ctx, olderThan, last)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, document := range page {
				if err := ctx.Err(); err != nil {
					return err
				}
				gone, err := c.sweep(ctx, document, olderThan, keep)
				if err != nil {
					return err
				}
				if gone {
					removed++
				}
			}
			last = page[len(page)-1].Name
		}
	})
	if err != nil {
		return removed, fmt.Errorf("sweep content: %w", err)
	}
	return removed, nil
}

// old returns a page of what was last changed before the given time.
func (c content) old(ctx context.Context, olderThan time.Time, after string) ([]contentDocument, error) {
	filter := bson.D{
		{Key: idField, Value: bson.D{{Key: "$gt", Value: after}}},
		{Key: "changedAt", Value: bson.D{{Key: "$lt", Value: whole(olderThan)}}},
	}
	return findUpTo[contentDocument](ctx, c.database.Collection(contentCollection), filter, contentPage, options.Find().SetSort(ascending(idField)))
}

// sweep reports whether it took content out of sight.
func (c content) sweep(ctx context.Context, document contentDocument, olderThan time.Time, keep func(name string) bool) (bool, error) {
	if document.State == contentRemoved {
		return false, c.erase(ctx, document.Name)
	}
	if document.State == contentCommitted && keep(document.Name) {
		return false, nil
	}
	// It may have been written or committed since it was listed.
	gone, err := c.retire(ctx, bson.D{
		{Key: idField, Value: document.Name}, {Key: "state", Value: document.State},
		{Key: "changedAt", Value: bson.D{{Key: "$lt", Value: whole(olderThan)}}},
	})
	if err != nil || !gone || document.State == contentCommitted {
		return gone, err
	}
	return true, c.erase(ctx, document.Name) // Nobody reads what was never seen.
}
