package store

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// maxCopyBytes is about how much one Import of a copy carries: few records of
// the largest kinds, as MaxImport results of tasks would not fit into memory.
const maxCopyBytes = 4 << 20

// Copy imports into one store every record that another exports, in batches,
// and returns how many. Progress is called after each batch with what was copied
// so far; it may be nil. It checks nothing: Copier.Empty before and Compare
// after are the caller's.
func Copy(ctx context.Context, from, to Copier, progress func(Counts)) (Counts, error) {
	c := &copying{to: to, progress: progress}
	if err := from.Export(ctx, func(r Record) error { return c.add(ctx, r) }); err != nil {
		return c.done, fmt.Errorf("copy records: %w", err)
	}
	if err := c.flush(ctx); err != nil {
		return c.done, fmt.Errorf("copy records: %w", err)
	}
	return c.done, nil
}

// copying is a copy under way with the batch that comes next.
type copying struct {
	to       Copier
	progress func(Counts)
	batch    []Record
	bytes    int
	done     Counts
	// tree is where the branches of the last device begin in the batch.
	tree int
}

func (c *copying) add(ctx context.Context, r Record) error {
	if !c.continues(&r) {
		if len(c.batch) >= MaxImport || c.bytes >= maxCopyBytes {
			if err := c.flush(ctx); err != nil {
				return err
			}
		}
		c.tree = len(c.batch)
	} else if len(c.batch) >= MaxImport && c.tree > 0 {
		// The branches of a device go together: what came before them goes first.
		if err := c.send(ctx, c.tree); err != nil {
			return err
		}
	}
	c.batch = append(c.batch, r)
	c.bytes += weight(&r)
	return nil
}

// continues reports whether the record is a further branch of the tree that the
// batch ends with.
func (c *copying) continues(r *Record) bool {
	if r.Parameters == nil || len(c.batch) == 0 {
		return false
	}
	last := c.batch[len(c.batch)-1].Parameters
	return last != nil && last.Device == r.Parameters.Device
}

func (c *copying) flush(ctx context.Context) error { return c.send(ctx, len(c.batch)) }

// send imports the first n records of the batch.
func (c *copying) send(ctx context.Context, n int) error {
	if n == 0 {
		return nil
	}
	if err := c.to.Import(ctx, c.batch[:n]); err != nil {
		return fmt.Errorf("import: %w", err)
	}
	for i := range c.batch[:n] {
		c.done.Add(&c.batch[i])
	}
	// A new array, so that nothing of what was sent stays in memory.
	c.batch = append([]Record(nil), c.batch[n:]...)
	c.bytes, c.tree = 0, 0
	for i := range c.batch {
		c.bytes += weight(&c.batch[i])
	}
	if c.progress != nil {
		c.progress(c.done)
	}
	return nil
}

// entryBytes stands for all of a setting's entry but the fields that may be long.
const entryBytes = 128

// levelWeight estimates how many bytes of memory the entries of a level take.
func levelWeight(entries []provisioners.Entry) int {
	total := 0
	for i := range entries {
		e := &entries[i]
		total += entryBytes + len(e.Path) + len(e.Value) + len(e.Sealed) + len(e.Filter)
		for _, model := range e.Models {
			total += len(model)
		}
	}
	return total
}

// recordBytes stands for all of a record but the fields that may be long.
const recordBytes = 512

// weight estimates how many bytes of memory a record takes.
func weight(r *Record) int {
	switch {
	case r.Task != nil:
		return recordBytes + len(r.Task.Args) + len(r.Task.Result)
	case r.Bulk != nil:
		return recordBytes + len(r.Bulk.Args)
	case r.User != nil:
		return recordBytes + len(r.User.Preferences)
	case r.Audit != nil:
		return recordBytes + len(r.Audit.Detail) + len(r.Audit.Before) + len(r.Audit.After)
	case r.Declared != nil:
		return recordBytes + len(r.Declared.Body)
	case r.Level != nil:
		return recordBytes + levelWeight(r.Level.Entries)
	case r.Convergence != nil:
		return recordBytes + convergenceWeight(r.Convergence)
	case r.DataModel != nil:
		return recordBytes + dataModelWeight(r.DataModel)
	case r.Session != nil:
		total := recordBytes
		for _, call := range r.Session.Calls {
			total += len(call.Method) + len(call.Detail)
		}
		return total
	case r.Parameters != nil:
		total := recordBytes
		for i := range r.Parameters.Parameters {
			p := &r.Parameters.Parameters[i]
			total += recordBytes/4 + len(p.Path) + len(p.Value) + len(p.Sealed)
		}
		return total
	default:
		return recordBytes
	}
}
