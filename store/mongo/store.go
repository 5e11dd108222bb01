package mongo

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

// metaCollection holds what is about the store itself.
const metaCollection = "meta"

// Store is a store on MongoDB. It is safe for concurrent use.
type Store struct {
	options  Options
	client   *driver.Client
	database *driver.Database
	metrics  *metrics

	intervals *intervals
	quiet     contactQuiet
	regexes   regexSupport

	closed   atomic.Bool
	closing  sync.Once
	closeErr error
}

func newStore(o Options, client *driver.Client, database *driver.Database, m *metrics) *Store {
	return &Store{options: o, client: client, database: database, metrics: m, intervals: newIntervals()}
}

// closeTimeout bounds how long Close waits for what is under way.
const closeTimeout = 10 * time.Second

// Close waits for what is under way and closes the connections. Calls after it
// return ErrClosed; closing again does nothing.
func (s *Store) Close() error {
	s.closing.Do(func() {
		s.closed.Store(true)
		ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
		defer cancel()
		if err := s.client.Disconnect(ctx); err != nil {
			s.closeErr = fmt.Errorf("close connections: %w", err)
		}
	})
	return s.closeErr
}

// do runs an operation of the store and counts it. What the database or the way
// to it failed in gets the name of the operation, which is that of the metrics;
// the domain's errors stay as they are.
func (s *Store) do(ctx context.Context, operation string, run func(context.Context) error) error {
	if s.closed.Load() {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	started := time.Now()
	err := run(ctx)
	s.metrics.Observe(operation, started, result(ctx, err))
	if isServerError(err) {
		return fmt.Errorf("%s: %w", operation, err)
	}
	return err
}

// whole cuts a time to what is stored of it: UTC, milliseconds.
func whole(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMilli(t.UnixMilli()).UTC()
}
