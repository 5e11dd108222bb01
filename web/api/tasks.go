package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

const tasksTag = "Tasks"

func (a *API) registerTasks() {
	register(a, operation{
		id: "createTask", method: http.MethodPost, path: "/devices/{id}/tasks", tag: tasksTag, summary: "Queue a task for a device",
		description: "The body is flat: kind, the arguments of that kind, and what there is to say of the task itself. " +
			"With Prefer: wait=N the answer waits up to N seconds (at most 120) for a final state: 200 with the finished task, also when it failed; " +
			"else, and without it, 202 with the task as it is.",
		status: http.StatusAccepted, maxBody: maxTaskBody,
		problems: []problemKind{kindNotFound, kindDuplicate, kindTooLarge, kindMediaType},
	}, a.createTask)
	register(a, operation{
		id: "listDeviceTasks", method: http.MethodGet, path: "/devices/{id}/tasks", tag: tasksTag, summary: "List the tasks of a device, the newest first",
		problems: []problemKind{kindNotFound},
	}, a.listDeviceTasks)
	register(a, operation{
		id: "listTasks", method: http.MethodGet, path: "/tasks", tag: tasksTag, summary: "List tasks, the newest first",
	}, a.listTasks)
	register(a, operation{
		id: "getTask", method: http.MethodGet, path: "/tasks/{id}", tag: tasksTag, summary: "Get a task",
		problems: []problemKind{kindNotFound},
	}, a.getTask)
	register(a, operation{
		id: "cancelTask", method: http.MethodPost, path: "/tasks/{id}/cancel", tag: tasksTag, summary: "Cancel a task",
		description: "A task that is queued, or waits for evidence; in the latter case the device may still carry it out.",
		problems:    []problemKind{kindNotFound, kindState, kindConflict},
	}, a.cancelTask)
	register(a, operation{
		id: "retryTask", method: http.MethodPost, path: "/tasks/{id}/retry", tag: tasksTag, summary: "Queue the work of a task once more",
		description: "For a task that failed, expired or was cancelled: a new task that names the old one as retryOf, and is named there as retriedBy. " +
			"While that is open, 409: existing names it.",
		status: http.StatusAccepted, problems: []problemKind{kindNotFound, kindState, kindDuplicate},
	}, a.retryTask)
	a.describeTaskBodies()
}

type createTaskInput struct {
	DevicePath
	ConnectionRequest bool            `query:"connectionRequest" doc:"Call the device at once. A call that fails does not take the task back: the next Inform runs it."`
	Prefer            string          `header:"Prefer" maxLength:"256" doc:"wait=N waits up to N seconds for the task to end (RFC 7240)."`
	Body              json.RawMessage `doc:"The task."`
}

type taskOutput struct {
	Status            int
	Location          string `header:"Location" doc:"The path of the task."`
	PreferenceApplied string `header:"Preference-Applied" doc:"The preference that was honoured."`
	Body              Task
}

func (a *API) createTask(ctx context.Context, in *createTaskInput) (*taskOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "")
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	fields, args, err := splitBody[taskFields](in.Body)
	if err != nil {
		return nil, err
	}
	n, err := fields.newTask(args)
	if err != nil {
		return nil, err
	}
	n.Device, n.CreatedBy = d.ID, p.Actor
	t, err := a.Tasks.Enqueue(ctx, n)
	if err != nil {
		return nil, err
	}
	note(ctx, "task/"+string(t.ID), string(t.Kind)+" for device "+string(d.ID))
	if in.ConnectionRequest {
		a.wakeSoon(d.ID)
	}
	out := &taskOutput{Status: http.StatusAccepted, Location: taskPath(t.ID)}
	if wait, ok := preferredWait(in.Prefer); ok {
		if t, ok = a.await(ctx, t, wait); ok {
			out.PreferenceApplied = fmt.Sprintf("wait=%d", int(wait.Seconds()))
		}
		if t.State.Final() {
			out.Status = http.StatusOK
		}
	}
	out.Body, err = showTask(t)
	return out, err
}

func taskPath(id tasks.ID) string { return prefix + "/tasks/" + string(id) }

// maxWait is the longest that an answer waits for a task.
const maxWait = 120 * time.Second

// preferredWait returns how long the client would wait (RFC 7240 section 4.3),
// at most maxWait. What cannot be understood is no preference.
func preferredWait(header string) (time.Duration, bool) {
	for preference := range strings.FieldsFuncSeq(header, func(r rune) bool { return r == ',' || r == ';' }) {
		name, value, ok := strings.Cut(strings.TrimSpace(preference), "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "wait") {
			continue
		}
		seconds, err := strconv.Atoi(strings.Trim(strings.TrimSpace(value), `"`))
		if err != nil || seconds < 0 {
			return 0, false
		}
		return min(time.Duration(min(seconds, int(maxWait.Seconds())))*time.Second, maxWait), true
	}
	return 0, false
}

// answerTime is how long an answer may take to be written once it is ready.
const answerTime = 30 * time.Second

// await waits for the task to end. It returns the task as it was, and false, if
// too many wait already or the server is shutting down.
func (a *API) await(ctx context.Context, t tasks.Task, wait time.Duration) (tasks.Task, bool) {
	select {
	case a.waits <- struct{}{}:
		defer func() { <-a.waits }()
	default:
		return t, false
	}
	exchangeOf(ctx).extendWriteDeadline(wait + answerTime)
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	defer context.AfterFunc(a.ended, cancel)()
	ended, err := a.Tasks.Wait(ctx, t.ID)
	if err != nil {
		// The task is queued all the same, and the answer says where to find it.
		a.Logger.WarnContext(ctx, "cannot wait for task", slog.String(logkeys.Request, requestID(ctx)), slog.String(logkeys.Task, string(t.ID)), slog.Any(logkeys.Error, err))
		return t, false
	}
	return ended, true
}

type tasksInput struct {
	Filtering
}

type deviceTasksInput struct {
	DevicePath
	Filtering
}

func (a *API) listTasks(ctx context.Context, in *tasksInput) (*pageOutput[Task], error) {
	return a.tasksPage(ctx, "", in.Filtering)
}

func (a *API) listDeviceTasks(ctx context.Context, in *deviceTasksInput) (*pageOutput[Task], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.tasksPage(ctx, d.ID, in.Filtering)
}

func (a *API) tasksPage(ctx context.Context, id device.ID, in Filtering) (*pageOutput[Task], error) {
	s, err := scope(ctx)
	if err != nil {
		return nil, err
	}
	filter, err := parseFilter(tasks.Schema(), in.Filter, a.Now())
	if err != nil {
		return nil, err
	}
	page, err := a.Tasks.List(ctx, tasks.List{Scope: s, Device: id, Filter: filter, PageSize: in.PageSize, PageToken: in.PageToken, Count: true})
	if err != nil {
		return nil, listProblem(err, in.PageToken)
	}
	return newPage(page.Tasks, page.NextPageToken, &page.Total, showTask)
}

type taskInput struct {
	ID string `path:"id" doc:"The id of the task."`
}

type plainTaskOutput struct {
	Body Task
}

func (a *API) getTask(ctx context.Context, in *taskInput) (*plainTaskOutput, error) {
	t, err := a.visibleTask(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	shown, err := showTask(t)
	return &plainTaskOutput{Body: shown}, err
}

// visibleTask returns the task if the one who asks may see its device, else
// tasks.ErrNotFound. The task of a device that is gone is visible to those who
// see everything.
func (a *API) visibleTask(ctx context.Context, text string) (tasks.Task, error) {
	s, err := scope(ctx)
	if err != nil {
		return tasks.Task{}, err
	}
	id, err := tasks.ParseID(text)
	if err != nil {
		return tasks.Task{}, tasks.ErrNotFound
	}
	t, err := a.Tasks.Get(ctx, id)
	if err != nil || s.Group == "" {
		return t, err
	}
	if _, err := a.visible(ctx, string(t.Device)); err != nil {
		if errors.Is(err, device.ErrNotFound) {
			err = tasks.ErrNotFound
		}
		return tasks.Task{}, err
	}
	return t, nil
}

func (a *API) cancelTask(ctx context.Context, in *taskInput) (*plainTaskOutput, error) {
	t, err := a.actOn(ctx, in.ID, a.Tasks.Cancel, "cancelled")
	if err != nil {
		return nil, err
	}
	shown, err := showTask(t)
	return &plainTaskOutput{Body: shown}, err
}

type retriedTaskOutput struct {
	Location string `header:"Location" doc:"The path of the new task."`
	Body     Task
}

func (a *API) retryTask(ctx context.Context, in *taskInput) (*retriedTaskOutput, error) {
	t, err := a.actOn(ctx, in.ID, a.Tasks.Retry, "retried")
	if err != nil {
		return nil, err
	}
	shown, err := showTask(t)
	return &retriedTaskOutput{Location: taskPath(t.ID), Body: shown}, err
}

// actOn does something to a task that the one who asks may see.
func (a *API) actOn(ctx context.Context, text string, act func(context.Context, tasks.ID, string) (tasks.Task, error), done string) (tasks.Task, error) {
	p, err := principal(ctx)
	if err != nil {
		return tasks.Task{}, err
	}
	before, err := a.visibleTask(ctx, text)
	if err != nil {
		return tasks.Task{}, err
	}
	note(ctx, "task/"+string(before.ID), string(before.Kind)+" for device "+string(before.Device))
	t, err := act(ctx, before.ID, p.Actor)
	if errors.Is(err, tasks.ErrState) {
		return t, kindState.problem(fmt.Sprintf("a task that is %s cannot be %s", before.State, done))
	}
	return t, err
}
