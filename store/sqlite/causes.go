package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// failedTasks writes which tasks have causes, from whatever comes before its
// WHERE. The index tasks_failed holds them and all that is asked of them.
func failedTasks(w *where, scope device.Scope, since time.Time) {
	w.write(" FROM tasks t INDEXED BY tasks_failed")
	if scope.Group != "" {
		w.write(" CROSS JOIN devices d ON d.id = t.device")
	}
	w.write(" WHERE t.state = 'failed' AND t.retried_by = '' AND ")
	w.scope(scope)
	w.write(" AND t.finished_at >= ?", sinceMilliseconds(since))
}

// sinceMilliseconds is the bound of times that are not before t; no time is
// before the zero time.
func sinceMilliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return ceilMilliseconds(t)
}

// causesQuery counts the tasks of each cause.
func causesQuery(scope device.Scope, since time.Time, limit int) (sql string, args []any) {
	w := &where{}
	w.write("SELECT t.kind, t.cause_code, t.fault_reason, count(*) AS failed, min(t.finished_at), max(t.finished_at)")
	failedTasks(w, scope, since)
	w.write(" GROUP BY t.kind, t.cause_code, t.fault_reason ORDER BY failed DESC, t.kind, t.cause_code, t.fault_reason LIMIT ?", limit)
	return w.text.String(), w.args
}

// sampleQuery finds the newest tasks of a cause.
func sampleQuery(cause *tasks.Cause, scope device.Scope, since time.Time) (sql string, args []any) {
	w := &where{}
	w.write("SELECT t.id")
	failedTasks(w, scope, since)
	w.write(" AND t.kind = ? AND t.cause_code = ? AND t.fault_reason = ? ORDER BY t.finished_at DESC, t.id DESC LIMIT ?",
		string(cause.Kind), cause.Code, string(cause.Reason), tasks.MaxCauseSample)
	return w.text.String(), w.args
}

func (s causes) Causes(ctx context.Context, scope device.Scope, since time.Time, limit int) (all []tasks.Cause, err error) {
	err = s.read(ctx, "causes", func(c *conn) error {
		return snapshot(c, func() (err error) {
			if all, err = c.causes(ctx, scope, since, limit); err != nil {
				return err
			}
			for i := range all {
				if err := c.exemplify(ctx, &all[i], scope, since); err != nil {
					return err
				}
			}
			return nil
		})
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

func (c *conn) causes(ctx context.Context, scope device.Scope, since time.Time, limit int) (all []tasks.Cause, err error) {
	sql, args := causesQuery(scope, since, limit)
	err = c.search(ctx, func(r *row) error {
		all = append(all, tasks.Cause{
			Kind: tasks.Kind(r.text()), Code: r.int(), Reason: tasks.Reason(r.text()), Count: r.int(), First: r.time(), Last: r.time(),
		})
		return nil
	}, sql, args)
	return all, err
}

// exemplify adds the newest tasks of a cause, and what the newest says.
func (c *conn) exemplify(ctx context.Context, cause *tasks.Cause, scope device.Scope, since time.Time) error {
	sql, args := sampleQuery(cause, scope, since)
	err := c.search(ctx, func(r *row) error { cause.Sample = append(cause.Sample, tasks.ID(r.text())); return nil }, sql, args)
	if err != nil || len(cause.Sample) == 0 {
		return err
	}
	newest, err := c.task(cause.Sample[0])
	if err == nil && newest.Fault != nil {
		cause.Text = newest.Fault.String
	}
	return err
}
