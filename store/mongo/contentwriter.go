package mongo

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// markInterval is how often a writer moves contentDocument.ChangedAt on.
const markInterval = time.Minute

// errSwept is returned to a writer that was silent for so long that its content
// was taken for what a crash left.
var errSwept = errors.New("it was not written for too long and was removed")

// contentWriter sends what it is given in chunks. It holds one in memory.
type contentWriter struct {
	content content
	ctx     context.Context
	name    string
	buffer  []byte
	parts   int64
	size    int64
	// marked is when ChangedAt was last moved on.
	marked time.Time
	ended  bool
	// failed is why the content can no longer become whole.
	failed error
}

func (w *contentWriter) Write(p []byte) (int, error) {
	if err := w.usable(); err != nil {
		return 0, fmt.Errorf("write content: %w", err)
	}
	if w.buffer == nil {
		w.buffer = make([]byte, 0, contentChunkSize)
	}
	written := 0
	for len(p) > 0 {
		n := min(len(p), contentChunkSize-len(w.buffer))
		w.buffer, p = append(w.buffer, p[:n]...), p[n:]
		if len(w.buffer) == contentChunkSize {
			if err := w.flush(); err != nil {
				return written, fmt.Errorf("write content: %w", err)
			}
		}
		written += n
	}
	return written, nil
}

func (w *contentWriter) usable() error {
	if w.ended {
		return fs.ErrClosed
	}
	return w.failed
}

// flush stores the chunk that the buffer holds.
func (w *contentWriter) flush() error {
	err := w.content.do(w.ctx, "writeContent", func(ctx context.Context) error {
		// First the mark: what is not marked any more must get no further chunk.
		if now := w.content.options.Now(); now.Sub(w.marked) >= markInterval {
			if err := w.update(ctx, bson.D{{Key: "changedAt", Value: whole(now)}}); err != nil {
				return err
			}
			w.marked = now
		}
		_, err := w.content.database.Collection(contentChunkCollection).InsertOne(ctx, contentChunk{ID: chunkName(w.name, w.parts), Data: w.buffer})
		return err
	})
	if err != nil {
		w.failed = err
		return err
	}
	w.parts, w.size, w.buffer = w.parts+1, w.size+int64(len(w.buffer)), w.buffer[:0]
	return nil
}

func (w *contentWriter) update(ctx context.Context, set bson.D) error {
	writing := append(byID(w.name), bson.E{Key: "state", Value: contentWriting})
	result, err := w.content.database.Collection(contentCollection).UpdateOne(ctx, writing, bson.D{{Key: "$set", Value: set}})
	if err == nil && result.MatchedCount == 0 {
		err = errSwept
	}
	return err
}

func (w *contentWriter) Commit() (string, error) {
	if err := w.usable(); err != nil {
		w.Abort()
		return "", fmt.Errorf("commit content: %w", err)
	}
	if len(w.buffer) > 0 {
		if err := w.flush(); err != nil {
			w.Abort()
			return "", fmt.Errorf("commit content: %w", err)
		}
	}
	err := w.content.do(w.ctx, "commitContent", func(ctx context.Context) error {
		return w.update(ctx, bson.D{
			{Key: "state", Value: contentCommitted}, {Key: "size", Value: w.size}, {Key: "changedAt", Value: whole(w.content.options.Now())},
		})
	})
	if err != nil {
		// It may be committed all the same; as nobody learns its name, nothing is
		// lost by removing it.
		w.Abort()
		return "", fmt.Errorf("commit content: %w", err)
	}
	w.ended, w.buffer = true, nil
	return w.name, nil
}

// Abort removes what was written, also for a caller that was cancelled. What
// cannot be removed here is left to Sweep.
func (w *contentWriter) Abort() {
	if w.ended {
		return
	}
	w.ended, w.buffer = true, nil
	ctx, cancel := afterwards(w.ctx)
	defer cancel()
	err := w.content.do(ctx, "abortContent", func(ctx context.Context) error {
		if _, err := w.content.retire(ctx, byID(w.name)); err != nil {
			return err
		}
		return w.content.erase(ctx, w.name)
	})
	if err != nil {
		w.content.options.Logger.WarnContext(ctx, "cannot remove content now, it is swept later", logkeys.Error, err)
	}
}
