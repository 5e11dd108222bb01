package sqlite

import (
	"context"
	"errors"
	"time"
)

// readers is a fixed set of connections that only read.
type readers struct {
	idle    chan *conn
	count   int
	closing chan struct{}
	metrics *metrics
}

func openReaders(path string, count int, m *metrics) (*readers, error) {
	r := &readers{idle: make(chan *conn, count), closing: make(chan struct{}), metrics: m}
	for range count {
		c, err := openConn(path, "query_only = on", "temp_store = memory", "cache_size = -16000", "mmap_size = 1073741824")
		if err != nil {
			return nil, errors.Join(err, r.close())
		}
		r.idle <- c
		r.count++
	}
	return r, nil
}

// do has the closure read on a connection of its own. The closure sees one
// state of the database only if it makes a single query, or within snapshot.
func (r *readers) do(ctx context.Context, operation string, read func(*conn) error) error {
	started := time.Now()
	err := r.lend(ctx, read)
	r.metrics.observe(operation, started, err)
	return err
}

func (r *readers) lend(ctx context.Context, read func(*conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-r.closing:
		return ErrClosed
	default:
	}
	select {
	case c := <-r.idle:
		defer func() { r.idle <- c }()
		return read(c)
	case <-r.closing:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// snapshot runs several queries that see the same state of the database.
func snapshot(c *conn, read func() error) (err error) {
	if _, err := c.exec("BEGIN"); err != nil {
		return err
	}
	defer func() {
		_, ended := c.exec("COMMIT")
		err = errors.Join(err, ended)
	}()
	return read()
}

// close waits for the connections that are lent and closes them all. It is
// called once.
func (r *readers) close() error {
	close(r.closing)
	var all []error
	for range r.count {
		all = append(all, (<-r.idle).close())
	}
	return errors.Join(all...)
}
