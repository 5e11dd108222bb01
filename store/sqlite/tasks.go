package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Insert returns a *tasks.DuplicateError also if a task of that id exists.
func (s taskStore) Insert(ctx context.Context, t tasks.Task) error {
	values, err := taskValues(&t)
	if err != nil {
		return err
	}
	return s.write(ctx, "insertTask", func(c *conn) error {
		var existing tasks.ID
		_, err := c.one(func(r *row) error { existing = tasks.ID(r.text()); return nil },
			"SELECT id FROM tasks WHERE slot = ? UNION ALL SELECT id FROM tasks WHERE id = ?", slot(&t), string(t.ID))
		if err != nil {
			return err
		}
		if existing != "" {
			return &tasks.DuplicateError{Existing: existing}
		}
		_, err = c.exec(insertTask, values...)
		return err
	})
}

const taskByID = "SELECT " + taskColumns + " FROM tasks t WHERE t.id = ?"

func (c *conn) task(id tasks.ID) (t tasks.Task, err error) {
	found, err := c.one(func(r *row) (err error) {
		t, err = scanTask(r)
		return err
	}, taskByID, string(id))
	if err == nil && !found {
		err = tasks.ErrNotFound
	}
	return t, err
}

func (s taskStore) Get(ctx context.Context, id tasks.ID) (t tasks.Task, err error) {
	err = s.read(ctx, "getTask", func(c *conn) error {
		t, err = c.task(id)
		return err
	})
	return t, err
}

// nextTask and nextDue find what a claim takes, or when there will be
// something. The index tasks_open holds all that they ask for.
const (
	nextTask = `SELECT id FROM tasks WHERE open = 1 AND device = ? AND state = 'queued' AND blocked = 0 AND not_before <= ?
		ORDER BY priority DESC, id LIMIT 1`
	nextDue = `SELECT min(not_before) FROM tasks WHERE open = 1 AND device = ? AND state = 'queued' AND blocked = 0 AND not_before > ?`
)

// sessionGeneration reads the fence of a device's tasks.
const sessionGeneration = "SELECT session_generation FROM devices WHERE id = ?"

// fence returns device.ErrSessionLost if the device has a newer session than the
// one that claims.
func (c *conn) fence(claim tasks.Claim) error {
	newest := int64(0)
	found, err := c.one(func(r *row) error { newest = r.int64(); return nil }, sessionGeneration, string(claim.Device))
	if err == nil && found && newest > claim.Lease.Generation {
		err = device.ErrSessionLost
	}
	return err
}

func (s taskStore) Claim(ctx context.Context, claim tasks.Claim) (claimed tasks.Claimed, err error) {
	claim.At, claim.Lease.Until = whole(claim.At), whole(claim.Lease.Until)
	err = s.write(ctx, "claimTask", func(c *conn) error {
		claimed, err = c.claim(claim)
		return err
	})
	return claimed, err
}

func (c *conn) claim(claim tasks.Claim) (tasks.Claimed, error) {
	var id tasks.ID
	found, err := c.one(func(r *row) error { id = tasks.ID(r.text()); return nil }, nextTask, string(claim.Device), milliseconds(claim.At))
	if err != nil {
		return tasks.Claimed{}, err
	}
	if !found {
		var due time.Time
		_, err := c.one(func(r *row) error { due = r.time(); return nil }, nextDue, string(claim.Device), milliseconds(claim.At))
		if err != nil {
			return tasks.Claimed{}, err
		}
		return tasks.Claimed{DueAt: due}, tasks.ErrNone
	}
	if err := c.fence(claim); err != nil {
		return tasks.Claimed{}, err
	}
	t, err := c.task(id)
	if err != nil {
		return tasks.Claimed{}, err
	}
	t, err = c.saveTask(t.Start(claim.Lease, claim.At))
	return tasks.Claimed{Task: t}, err
}

// saveTask writes the next revision of a task.
func (c *conn) saveTask(t tasks.Task) (tasks.Task, error) {
	t.Revision++
	values, err := taskValues(&t)
	if err != nil {
		return t, err
	}
	_, err = c.exec(updateTask, values...)
	return t, err
}

func (s taskStore) Save(ctx context.Context, t tasks.Task) (saved tasks.Task, err error) {
	t = wholeTask(t)
	err = s.write(ctx, "saveTask", func(c *conn) error {
		revision := int64(0)
		found, err := c.one(func(r *row) error { revision = r.int64(); return nil }, "SELECT revision FROM tasks WHERE id = ?", string(t.ID))
		switch {
		case err != nil:
			return err
		case !found:
			return tasks.ErrNotFound
		case revision != t.Revision:
			return tasks.ErrConflict
		}
		saved, err = c.saveTask(t)
		return err
	})
	if err != nil {
		return tasks.Task{}, err
	}
	return saved, nil
}

const (
	// A LIMIT that is a bare parameter has SQLite compile the statement again
	// each time that it is bound, as the plan might depend on it.
	openTasks = "SELECT " + openTaskColumns + " FROM tasks t INDEXED BY tasks_open WHERE t.open = 1 AND t.device = ? ORDER BY t.id LIMIT ? + 0"
	dueTasks  = "SELECT " + taskColumns + " FROM tasks t WHERE t.check_at > 0 AND t.check_at <= ? ORDER BY t.check_at LIMIT ?"
)

func (s taskStore) Open(ctx context.Context, id device.ID) ([]tasks.Task, error) {
	return s.tasks(ctx, "openTasks", openTasks, string(id), tasks.MaxOpenTasks)
}

func (s taskStore) Due(ctx context.Context, at time.Time, limit int) ([]tasks.Task, error) {
	return s.tasks(ctx, "dueTasks", dueTasks, milliseconds(at), limit)
}

func (s taskStore) tasks(ctx context.Context, operation, sql string, args ...any) (all []tasks.Task, err error) {
	err = s.read(ctx, operation, func(c *conn) error {
		return c.each(func(r *row) error {
			t, err := scanTask(r)
			all = append(all, t)
			return err
		}, sql, args...)
	})
	return all, err
}

func (s taskStore) Delete(ctx context.Context, id tasks.ID) error {
	return s.write(ctx, "deleteTask", func(c *conn) error {
		removed, err := c.exec("DELETE FROM tasks WHERE id = ?", string(id))
		if err == nil && removed == 0 {
			err = tasks.ErrNotFound
		}
		return err
	})
}
