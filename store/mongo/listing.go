package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// listing is one page of a list: the documents that the filters take, after the
// place that the token names.
type listing struct {
	// operation goes to the server as a comment, so that its profiler tells which
	// list was slow.
	operation  string
	collection string
	filters    []bson.D
	order      *keyset
	token      string
	size       int
	count      bool
}

// pageQuery returns the filter for the documents of the page and of all that
// follow, and their order.
func (l *listing) pageQuery() (filter, sort bson.D, err error) {
	sort, err = l.order.sort()
	if err != nil || l.token == "" {
		return allOf(l.filters...), sort, err
	}
	p, err := l.order.place(l.token)
	if err != nil {
		return nil, nil, err
	}
	following, err := l.order.after(p)
	return allOf(append(l.filters[:len(l.filters):len(l.filters)], following)...), sort, err
}

// list returns the documents of a page, one more than it holds if another page
// follows, and how many match in all, if asked for. It is bounded by
// inFilterTime.
func list[T any](ctx context.Context, s *Store, l listing) (found []T, total int, err error) {
	filter, sort, err := l.pageQuery()
	if err != nil {
		return nil, 0, err
	}
	documents := s.database.Collection(l.collection)
	err = s.inFilterTime(ctx, l.collection, func(ctx context.Context) error {
		found, err = findPage[T](ctx, documents, &l, filter, sort)
		if err == nil && l.count {
			total, err = l.total(ctx, documents, len(found))
		}
		return err
	})
	if err != nil {
		return nil, 0, err
	}
	return found, total, nil
}

// inFilterTime runs what reads as much as an operator asks for. It gives up after
// Options.FilterTime with an error that wraps context.DeadlineExceeded. The
// driver hangs up then, by which MongoDB ends the command.
func (s *Store) inFilterTime(ctx context.Context, collection string, read func(context.Context) error) error {
	bounded, cancel := context.WithTimeout(ctx, s.options.FilterTime)
	defer cancel()
	err := read(bounded)
	if err != nil && ctx.Err() == nil && (bounded.Err() != nil || driver.IsTimeout(err)) {
		return fmt.Errorf("list %s: the filter took longer than %s: %w", collection, s.options.FilterTime, errors.Join(context.DeadlineExceeded, err))
	}
	return err
}

func findPage[T any](ctx context.Context, documents *driver.Collection, l *listing, filter, sort bson.D) ([]T, error) {
	limit := l.size + 1
	// One batch has room for more than the page, so that the server sees its end
	// and a list is one command.
	find := options.Find().SetSort(sort).SetLimit(int64(limit)).SetBatchSize(int32(limit + 1)).SetComment(l.operation)
	return findAll[T](ctx, documents, filter, find)
}

func (l *listing) total(ctx context.Context, documents *driver.Collection, found int) (int, error) {
	if l.token == "" && found <= l.size {
		return found, nil // A first page that is not full holds all there is.
	}
	count, err := documents.CountDocuments(ctx, allOf(l.filters...), options.Count().SetComment(l.operation))
	if err != nil {
		return 0, fmt.Errorf("count %s: %w", documents.Name(), err)
	}
	return int(count), nil
}
