package sqlite

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Bounds of group commit.
const (
	// maxBatch is how many closures share a transaction.
	maxBatch = 256
	// queueLength is how many closures wait before their callers do.
	queueLength = 1024
)

// writer is the one connection that writes and the goroutine that owns it.
type writer struct {
	conn    *conn
	queue   chan *write
	stopped chan struct{}
	metrics *metrics
	logger  *slog.Logger

	mu     sync.RWMutex
	closed bool
}

// write is one closure with who waits for it.
type write struct {
	ctx   context.Context
	run   func(*conn) error
	state atomic.Int32
	done  chan error
	err   error
}

// The states of a write. A write is left by its caller only while it waits.
const (
	waiting int32 = iota
	begun
	left
)

func newWriter(c *conn, m *metrics, logger *slog.Logger) *writer {
	w := &writer{conn: c, queue: make(chan *write, queueLength), stopped: make(chan struct{}), metrics: m, logger: logger}
	go w.loop()
	return w
}

// do has the closure run in a transaction and returns its outcome after the
// commit. It may run twice, see the package documentation.
func (w *writer) do(ctx context.Context, operation string, run func(*conn) error) error {
	started := time.Now()
	err := w.submit(ctx, run)
	w.metrics.observe(operation, started, err)
	return err
}

func (w *writer) submit(ctx context.Context, run func(*conn) error) error {
	op := &write{ctx: ctx, run: run, done: make(chan error, 1)}
	if err := w.enqueue(op); err != nil {
		return err
	}
	select {
	case err := <-op.done:
		return err
	case <-ctx.Done():
		if op.state.CompareAndSwap(waiting, left) {
			return ctx.Err()
		}
		return <-op.done
	}
}

func (w *writer) enqueue(op *write) error {
	if err := op.ctx.Err(); err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	select {
	case w.queue <- op:
		return nil
	case <-op.ctx.Done():
		return op.ctx.Err()
	}
}

// close finishes what is queued and stops the goroutine. It is called once.
func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.queue)
	<-w.stopped
}

func (w *writer) loop() {
	defer close(w.stopped)
	batch := make([]*write, 0, maxBatch)
	for op := range w.queue {
		batch = w.gather(append(batch[:0], op))
		w.runBatch(batch)
		clear(batch)
	}
}

// gather adds what is waiting already; it never waits for more.
func (w *writer) gather(batch []*write) []*write {
	for len(batch) < maxBatch {
		select {
		case op, ok := <-w.queue:
			if !ok {
				return batch
			}
			batch = append(batch, op)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) runBatch(batch []*write) {
	batch = begin(batch)
	if len(batch) == 0 {
		return
	}
	w.metrics.batch(len(batch))
	err := w.transaction(batch)
	if err != nil {
		w.logger.Error("transaction rolled back", logkeys.Count, len(batch), logkeys.Error, err)
	}
	if err == nil || len(batch) == 1 {
		answer(batch, err)
		return
	}
	for i := range batch {
		alone := batch[i : i+1]
		answer(alone, w.transaction(alone))
	}
}

// begin marks what is to be run and drops what was left by its caller.
func begin(batch []*write) []*write {
	kept := batch[:0]
	for _, op := range batch {
		if err := op.ctx.Err(); err != nil {
			if op.state.CompareAndSwap(waiting, left) {
				op.done <- err
			}
			continue
		}
		if op.state.CompareAndSwap(waiting, begun) {
			kept = append(kept, op)
		}
	}
	return kept
}

// transaction runs the closures and commits. It returns the error of the
// database that undid them all, and leaves the domain's errors in each write.
func (w *writer) transaction(batch []*write) error {
	if _, err := w.conn.exec("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, op := range batch {
		if op.err = op.run(w.conn); isDatabaseError(op.err) {
			return w.rollback(op.err)
		}
	}
	if _, err := w.conn.exec("COMMIT"); err != nil {
		return w.rollback(fmt.Errorf("commit: %w", err))
	}
	return nil
}

func (w *writer) rollback(cause error) error {
	// SQLite may have ended the transaction by itself, as on a full disk.
	if _, err := w.conn.exec("ROLLBACK"); err != nil && !isNoTransaction(err) {
		return errors.Join(cause, fmt.Errorf("roll back: %w", err))
	}
	return cause
}

func answer(batch []*write, failure error) {
	for _, op := range batch {
		if failure != nil {
			op.err = failure
		}
		op.done <- op.err
	}
}

// alive returns ErrClosed after close.
func (w *writer) alive() error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return ErrClosed
	}
	return nil
}
