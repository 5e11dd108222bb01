package api_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestManyTasksAreRetriedByFilter(t *testing.T) {
	h := newHouse(t)
	north, south := h.phone("N", "acme/north"), h.phone("S", "acme/south")
	for range 3 {
		h.failWith(south, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	}
	h.failWith(south, tasks.Reboot, tasks.Fault{Code: 9003})
	others := h.failWith(north, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	done, err := h.queue.Enqueue(t.Context(), tasks.New{Device: south, Kind: tasks.GetRPCMethods})
	check(t, err)
	h.succeed(south, tasks.GetRPCMethodsResult{})
	const body = `{"filter":"kind = getRPCMethods OR state = succeeded"%s}`
	dry := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.south, fmt.Sprintf(body, `,"dryRun":true`)).want(http.StatusOK))
	if !dry.DryRun || dry.Matched != 3 || dry.Retried != 0 || dry.Remaining != 3 || len(dry.Sample) != 3 {
		t.Errorf("dry run %+v", dry)
	}
	got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.south, fmt.Sprintf(body, "")).want(http.StatusOK))
	if got.DryRun || got.Matched != 3 || got.Retried != 3 || got.Refused != 0 || got.Remaining != 0 || len(got.Sample) != 3 {
		t.Errorf("retried %+v", got)
	}
	for _, sample := range got.Sample {
		old := as[api.Task](h.do(http.MethodGet, "/api/v1/tasks/"+sample.ID, h.south, "").want(http.StatusOK))
		again := as[api.Task](h.do(http.MethodGet, "/api/v1/tasks/"+old.RetriedBy, h.south, "").want(http.StatusOK))
		if again.RetryOf != old.ID || again.State != tasks.Queued {
			t.Errorf("the retry of %s is %+v", old.ID, again)
		}
	}
	for _, id := range []tasks.ID{others, done.ID} {
		if task := as[api.Task](h.do(http.MethodGet, "/api/v1/tasks/"+string(id), h.viewer, "")); task.RetriedBy != "" {
			t.Errorf("%s was retried", id)
		}
	}
	// Once retried they match no longer, whatever became of the retries.
	if got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.south, fmt.Sprintf(body, "")).want(http.StatusOK)); got.Matched != 0 {
		t.Errorf("retried again %+v", got)
	}
	entries, err := h.store.Audit().Audit(t.Context(), users.AuditList{Limit: 2})
	check(t, err)
	if e := entries[1]; e.Action != "retryTasks" || e.Target != "tasks" || e.Detail != "retried 3 of 3 for kind = getRPCMethods OR state = succeeded" {
		t.Errorf("audit entry %+v", e)
	}
}

func TestTasksThatCannotBeRetriedAreCounted(t *testing.T) {
	h := newHouse(t)
	gone, busy := h.phone("1", ""), h.phone("2", "")
	h.failWith(gone, tasks.Reboot, tasks.Fault{Code: 9003})
	check(t, h.store.Devices().Delete(t.Context(), gone))
	h.failWith(busy, tasks.Reboot, tasks.Fault{Code: 9003})
	for range tasks.MaxOpenTasks {
		_, err := h.queue.Enqueue(t.Context(), tasks.New{Device: busy, Kind: tasks.Reboot})
		check(t, err)
	}
	got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.operator, `{"filter":"*"}`).want(http.StatusOK))
	if got.Matched != 2 || got.Retried != 0 || got.Refused != 2 || got.Remaining != 0 {
		t.Errorf("retried %+v", got)
	}
	reasons := map[device.ID]string{}
	for _, r := range got.Refusals {
		reasons[r.Device] = r.Reason
	}
	if want := map[device.ID]string{gone: "deviceGone", busy: "tooManyTasks"}; !maps.Equal(reasons, want) {
		t.Errorf("reasons %v, want %v", reasons, want)
	}
}

func TestOnlySomeRefusalsAreTold(t *testing.T) {
	h := newHouse(t)
	gone := h.phone("1", "")
	for range 25 {
		h.failWith(gone, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	}
	check(t, h.store.Devices().Delete(t.Context(), gone))
	got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.operator, `{"filter":"*"}`).want(http.StatusOK))
	if got.Refused != 25 || len(got.Refusals) != 20 {
		t.Errorf("%d refused, %d told", got.Refused, len(got.Refusals))
	}
}

// longQueue has many tasks to retry, in memory.
type longQueue struct {
	api.Enqueuer
	left []tasks.Task
}

func (q *longQueue) List(_ context.Context, l tasks.List) (tasks.Page, error) {
	page := tasks.Page{Total: len(q.left)}
	for _, t := range q.left {
		if string(t.ID) <= l.PageToken {
			continue
		}
		if len(page.Tasks) == l.PageSize {
			page.NextPageToken = string(page.Tasks[l.PageSize-1].ID)
			break
		}
		page.Tasks = append(page.Tasks, t)
	}
	return page, nil
}

func (q *longQueue) Retry(_ context.Context, id tasks.ID, _ string) (tasks.Task, error) {
	for i, t := range q.left {
		if t.ID == id {
			q.left = slices.Delete(slices.Clone(q.left), i, i+1)
			return tasks.Task{}, nil
		}
	}
	return tasks.Task{}, tasks.ErrState
}

func TestManyRetriesTakeSeveralCalls(t *testing.T) {
	queue := &longQueue{}
	for i := range 1100 {
		queue.left = append(queue.left, tasks.Task{ID: tasks.ID(fmt.Sprintf("%026d", i)), Kind: tasks.Reboot, State: tasks.Failed})
	}
	h := newHouse(t, func(o *api.Options) { o.Tasks = queue })
	for _, want := range []api.Retries{{Matched: 1100, Retried: 1000, Remaining: 100}, {Matched: 100, Retried: 100}, {}} {
		got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.operator, `{"filter":"kind = reboot"}`).want(http.StatusOK))
		if got.Matched != want.Matched || got.Retried != want.Retried || got.Remaining != want.Remaining || len(got.Sample) > 10 {
			t.Errorf("got %d of %d with %d remaining, want %+v", got.Retried, got.Matched, got.Remaining, want)
		}
	}
}

// slowQueue takes a while for each retry.
type slowQueue struct {
	api.Enqueuer
	step func()
}

func (q *slowQueue) Retry(ctx context.Context, id tasks.ID, by string) (tasks.Task, error) {
	q.step()
	return q.Enqueuer.Retry(ctx, id, by)
}

func TestRetriesStopAfterAWhile(t *testing.T) {
	slow := &slowQueue{}
	h := newHouse(t, func(o *api.Options) { slow.Enqueuer, o.Tasks = o.Tasks, slow })
	slow.step = func() { h.clock.advance(15 * time.Second) }
	id := h.phone("1", "")
	for range 3 {
		h.failWith(id, tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	}
	got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", h.operator, `{"filter":"*"}`).want(http.StatusOK))
	if got.Retried != 2 || got.Remaining != 1 {
		t.Errorf("retried %+v", got)
	}
}

func TestBadRetriesNameTheField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{}`:                            "body.filter",
		`{"filter":""}`:                 "body.filter",
		`{"filter":"color = red"}`:      "body.filter",
		`{"filter":"*) OR (state:*"}`:   "body.filter",
		`{"filter":"*","dryRun":"yes"}`: "body.dryRun",
	} {
		h.do(http.MethodPost, "/api/v1/tasks/retry", h.operator, body).invalid(location)
	}
	h.do(http.MethodPost, "/api/v1/tasks/retry", h.viewer, `{"filter":"*"}`).problem(http.StatusForbidden, "forbidden")
}

func TestOneTaskIsNotRetriedTwiceAtOnce(t *testing.T) {
	h := newHouse(t)
	id := h.failWith(h.phone("1", ""), tasks.GetRPCMethods, tasks.Fault{Code: 9003})
	path := "/api/v1/tasks/" + string(id) + "/retry"
	again := as[api.Task](h.do(http.MethodPost, path, h.operator, "").want(http.StatusAccepted))
	if p := h.do(http.MethodPost, path, h.operator, "").problem(http.StatusConflict, "duplicate"); p.Existing != again.ID {
		t.Errorf("the duplicate names %q, want %s", p.Existing, again.ID)
	}
	if old := as[api.Task](h.do(http.MethodGet, "/api/v1/tasks/"+string(id), h.operator, "")); old.RetriedBy != again.ID {
		t.Errorf("the old task names %q", old.RetriedBy)
	}
	h.do(http.MethodPost, "/api/v1/devices/"+again.Device+"/tasks", h.operator, `{"kind":"reboot","uniqueKey":"retry/x"}`).invalid("body.uniqueKey")
}
