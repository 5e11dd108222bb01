package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerRetries() {
	register(a, operation{
		id: "retryTasks", method: http.MethodPost, path: "/tasks/retry", tag: tasksTag, summary: "Queue the work of every task that matches once more",
		description: "Of the tasks that match, those that failed, expired or were cancelled and that nobody has retried: the newest first, at most 1000 in one call. " +
			"Call again while remaining is above 0. With dryRun nothing is queued.",
		status: http.StatusOK, problems: []problemKind{kindTooLarge, kindMediaType},
	}, a.retryTasks)
}

// RetryRequest is the body that retries tasks.
type RetryRequest struct {
	Filter string `json:"filter" maxLength:"8192" doc:"Which tasks, in the filter language; * for all."`
	DryRun bool   `json:"dryRun,omitempty" doc:"Only count the tasks and show some of them."`
}

// Retries says what became of retrying tasks.
type Retries struct {
	DryRun    bool           `json:"dryRun"`
	Matched   int            `json:"matched" doc:"How many tasks there were to retry."`
	Retried   int            `json:"retried" doc:"How many of them this call retried."`
	Refused   int            `json:"refused" doc:"How many it could not retry: such as those whose device is gone or has as many open tasks as it may."`
	Remaining int            `json:"remaining" doc:"How many it did not come to; 0 also if it could retry none."`
	Refusals  []RetryRefusal `json:"refusals" nullable:"false" doc:"The first 20 of those it could not retry; none for those who may not read tasks."`
	Sample    []Task         `json:"sample" nullable:"false" doc:"Some of the tasks that match, as they were; none for those who may not read tasks."`
}

// RetryRefusal is a task that could not be retried.
type RetryRefusal struct {
	Task   tasks.ID   `json:"task"`
	Device device.ID  `json:"device" doc:"The id of its device, which may be gone."`
	Kind   tasks.Kind `json:"kind"`
	Reason string     `json:"reason" enum:"deviceGone,tooManyTasks,retried,invalid,taskGone" doc:"deviceGone: its device was removed. tooManyTasks: its device has as many open tasks as it may. retried: somebody else retried it, or its work is queued already. invalid: it can no longer be carried out as it was asked for. taskGone: the task was removed."`
}

type retryTasksInput struct {
	Body RetryRequest
}

type retryTasksOutput struct {
	Body Retries
}

const (
	// maxRetries bounds the tasks of one call, retryPage those read at once.
	maxRetries = 1000
	retryPage  = 100
	// maxRefusals bounds the refusals that an answer tells of.
	maxRefusals = 20
	// retryTime is how long one call goes on.
	retryTime = 20 * time.Second
)

func (a *API) retryTasks(ctx context.Context, in *retryTasksInput) (*retryTasksOutput, error) {
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	filter, err := a.retryFilter(in.Body.Filter)
	if err != nil {
		return nil, err
	}
	if in.Body.DryRun && !p.Allows(users.ReadTasks) {
		return nil, lacks(p, users.ReadTasks)
	}
	note(ctx, "tasks", "dry run of retries")
	r := retrier{api: a, by: p.Actor, shows: p.Allows(users.ReadTasks), until: a.Now().Add(retryTime), answer: Retries{DryRun: in.Body.DryRun, Refusals: []RetryRefusal{}, Sample: []Task{}}}
	exchangeOf(ctx).extendWriteDeadline(retryTime + answerTime)
	err = r.run(ctx, tasks.List{Scope: p.Scope, Filter: filter, PageSize: retryPage, Count: true})
	if !in.Body.DryRun {
		note(ctx, "tasks", fmt.Sprintf("retried %d of %d for %s", r.answer.Retried, r.answer.Matched, in.Body.Filter))
	}
	if err != nil {
		return nil, err
	}
	return &retryTasksOutput{Body: r.answer}, nil
}

// retryFilter returns the filter of the tasks to retry: those that match the text
// and can be retried. The two are joined as expressions, so that no text changes
// what the second says.
func (a *API) retryFilter(text string) (query.Expr, error) {
	if strings.TrimSpace(text) == "" {
		return nil, invalid("body.filter", "is required: * matches every task")
	}
	filter, err := query.Parse(tasks.Schema(), text, query.WithNow(a.Now()))
	if err != nil {
		return nil, syntaxProblem("body.filter", err)
	}
	own, err := query.Parse(tasks.Schema(), `(state = failed OR state = expired OR state = cancelled) AND retriedBy = ""`)
	if err != nil {
		return nil, fmt.Errorf("filter of tasks to retry: %w", err)
	}
	return query.AllOf(filter, own), nil
}

// retrier retries the tasks of a list.
type retrier struct {
	api *API
	by  string
	// shows says that who asks may read tasks.
	shows  bool
	until  time.Time
	done   int
	answer Retries
}

func (r *retrier) run(ctx context.Context, list tasks.List) error {
	for {
		page, err := r.api.Tasks.List(ctx, list)
		if err != nil {
			return err
		}
		if list.Count {
			list.Count, r.answer.Matched, r.answer.Remaining = false, page.Total, page.Total
		}
		if err := r.sample(page.Tasks); err != nil || r.answer.DryRun {
			return err
		}
		for _, t := range page.Tasks {
			if r.done == maxRetries || !r.api.Now().Before(r.until) {
				r.finish()
				return nil
			}
			if err := r.retry(ctx, t); err != nil {
				return err
			}
		}
		if list.PageToken = page.NextPageToken; list.PageToken == "" {
			r.done = max(r.done, r.answer.Matched) // Those that went meanwhile are none that remain.
			r.finish()
			return nil
		}
	}
}

func (r *retrier) finish() {
	r.answer.Remaining = max(0, r.answer.Matched-r.done)
	if r.answer.Retried == 0 {
		r.answer.Remaining = 0 // Another call would come to the same tasks.
	}
}

// sample notes the first tasks.
func (r *retrier) sample(found []tasks.Task) error {
	for _, t := range found {
		if !r.shows || len(r.answer.Sample) == sampleSize {
			return nil
		}
		shown, err := showTask(t)
		if err != nil {
			return err
		}
		r.answer.Sample = append(r.answer.Sample, shown)
	}
	return nil
}

func (r *retrier) retry(ctx context.Context, t tasks.Task) error {
	r.done++
	_, err := r.api.Tasks.Retry(ctx, t.ID, r.by)
	if err == nil {
		r.answer.Retried++
		return nil
	}
	reason := refusalOf(err)
	if reason == "" {
		return fmt.Errorf("retry task %s: %w", t.ID, err)
	}
	r.answer.Refused++
	if r.shows && len(r.answer.Refusals) < maxRefusals {
		r.answer.Refusals = append(r.answer.Refusals, RetryRefusal{Task: t.ID, Device: t.Device, Kind: t.Kind, Reason: reason})
	}
	return nil
}

// refusalOf says why a task was not retried; empty if the error concerns more
// than this task.
func refusalOf(err error) string {
	reasons := []struct {
		of     error
		reason string
	}{
		{device.ErrNotFound, "deviceGone"}, {tasks.ErrLimit, "tooManyTasks"}, {tasks.ErrDuplicate, "retried"},
		{tasks.ErrState, "retried"}, {tasks.ErrInvalid, "invalid"}, {tasks.ErrNotFound, "taskGone"},
	}
	for _, r := range reasons {
		if errors.Is(err, r.of) {
			return r.reason
		}
	}
	return ""
}
