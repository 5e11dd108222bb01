package api

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

const (
	// timelineTasks is how many tasks are read at once for a page of a timeline,
	// timelineReads how often.
	timelineTasks = 50
	timelineReads = 20
	// timelineTargets is how many tasks are named in one question to the audit log.
	timelineTargets = 200
)

// addEvents adds the events that the record of the device has.
func (b *timelineBuilder) addEvents() {
	for _, e := range b.device.Events {
		b.add(e.At, e.Code+"/"+e.CommandKey, 0, TimelineItem{Kind: itemEvent, Event: &DeviceEvent{Code: e.Code, CommandKey: e.CommandKey, At: e.At.UTC()}})
	}
}

// addSessions adds one session more than a page has: what comes before the last
// of them is on no page that this one can be.
func (b *timelineBuilder) addSessions(ctx context.Context) error {
	before, id := b.sessionsBefore()
	found, err := b.api.History.Sessions(ctx, b.device.ID, before, id, b.limit+1)
	if err != nil {
		return fmt.Errorf("read sessions: %w", err)
	}
	for _, s := range found {
		shown := showSession(s)
		b.add(s.EndedAt, s.ID, 0, TimelineItem{Kind: itemSession, Session: &shown})
	}
	return nil
}

// sessionsBefore returns the token as a list of sessions takes it.
func (b *timelineBuilder) sessionsBefore() (before time.Time, id string) {
	before = time.UnixMilli(b.token.At).UTC()
	if id, ok := strings.CutPrefix(b.token.Key, itemSession+"/"); ok {
		return before, id
	}
	if b.token.Key > itemSession {
		return before.Add(time.Millisecond), "" // Those of the same millisecond come after the token.
	}
	return before, ""
}

// addTasks adds the changes of the tasks of the device. Tasks are listed by when
// they were made, and go on to change: those that are read give the horizon, and
// older ones that changed after it are read beside them.
func (b *timelineBuilder) addTasks(ctx context.Context) error {
	list := tasks.List{Device: b.device.ID, PageSize: timelineTasks, Filter: taskTime("createdAt", query.LessOrEqual, b.token.At)}
	for range timelineReads {
		page, err := b.api.Tasks.List(ctx, list)
		if err != nil {
			return fmt.Errorf("list tasks: %w", err)
		}
		if err := b.addTransitions(page.Tasks); err != nil {
			return err
		}
		b.horizon, list.PageToken = 0, page.NextPageToken
		if list.PageToken == "" {
			return nil
		}
		b.horizon = page.Tasks[len(page.Tasks)-1].CreatedAt.UnixMilli()
		if b.newer() > b.limit {
			break
		}
	}
	return b.addLateTasks(ctx)
}

// newer counts the items after the horizon.
func (b *timelineBuilder) newer() int {
	n := 0
	for i := range b.items {
		if b.items[i].At > b.horizon {
			n++
		}
	}
	return n
}

// addLateTasks adds the changes of tasks that were made before the horizon and
// changed after it.
func (b *timelineBuilder) addLateTasks(ctx context.Context) error {
	filter := query.AllOf(taskTime("createdAt", query.LessOrEqual, b.horizon), taskTime("updatedAt", query.Greater, b.horizon))
	list := tasks.List{Device: b.device.ID, PageSize: timelineTasks, Filter: filter}
	for range timelineReads {
		page, err := b.api.Tasks.List(ctx, list)
		if err != nil {
			return fmt.Errorf("list tasks that changed late: %w", err)
		}
		if err := b.addTransitions(page.Tasks); err != nil {
			return err
		}
		if list.PageToken = page.NextPageToken; list.PageToken == "" {
			return nil
		}
	}
	return nil
}

// taskTime compares a time of a task with a moment in milliseconds.
func taskTime(name string, op query.Op, at int64) query.Expr {
	field, _ := tasks.Schema().Field(name)
	return query.Compare{Field: field, Op: op, Value: query.TimeValue(time.UnixMilli(at))}
}

func (b *timelineBuilder) addTransitions(found []tasks.Task) error {
	for i := range found {
		if b.tasks[found[i].ID] {
			continue
		}
		b.tasks[found[i].ID] = true
		found[i].Result = nil
		shown, err := showTask(found[i])
		if err != nil {
			return err
		}
		for n, step := range shown.Timeline {
			b.add(step.At, fmt.Sprintf("%s/%03d", shown.ID, n), 0, TimelineItem{Kind: itemTask, Task: &shown, Transition: &step})
		}
	}
	return nil
}

// addAudit adds the entries of the audit log about the device and about the tasks
// that were read.
func (b *timelineBuilder) addAudit(ctx context.Context) error {
	targets := []string{"device/" + string(b.device.ID)}
	for _, id := range slices.Sorted(maps.Keys(b.tasks)) {
		targets = append(targets, "task/"+string(id))
	}
	for some := range slices.Chunk(targets, timelineTargets) {
		found, err := b.api.Audit.List(ctx, users.AuditList{Filter: b.auditFilter(some), After: b.token.Audit, Limit: b.limit + 1})
		if err != nil {
			return fmt.Errorf("read audit log: %w", err)
		}
		for _, e := range found {
			shown, err := showAuditEntry(e)
			if err != nil {
				return err
			}
			// Sequences from before there was a chain are negative: shifted, all have
			// one sign and one length.
			b.add(e.At, fmt.Sprintf("%020d", uint64(e.Sequence)+1<<63), e.Sequence, TimelineItem{Kind: itemAudit, Audit: &shown})
		}
	}
	return nil
}

// auditFilter selects the entries about the targets between the horizon and the
// token.
func (b *timelineBuilder) auditFilter(targets []string) query.Expr {
	schema := users.AuditSchema()
	target, _ := schema.Field("target")
	at, _ := schema.Field("at")
	var about []query.Expr
	for _, text := range targets {
		about = append(about, query.Compare{Field: target, Op: query.Equal, Value: query.TextValue(query.Fold(text))})
	}
	terms := []query.Expr{query.AnyOf(about...), query.Compare{Field: at, Op: query.LessOrEqual, Value: query.TimeValue(time.UnixMilli(b.token.At))}}
	if b.horizon > 0 {
		terms = append(terms, query.Compare{Field: at, Op: query.GreaterOrEqual, Value: query.TimeValue(time.UnixMilli(b.horizon))})
	}
	return query.AllOf(terms...)
}
