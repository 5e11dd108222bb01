package tasks_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// enqueue puts a task into the queue for the first device.
func (h *house) enqueue(n tasks.New) tasks.Task {
	h.t.Helper()
	if n.Device == "" {
		n.Device = h.devices[0]
	}
	if n.Kind == "" {
		n.Kind = tasks.GetRPCMethods
	}
	t, err := h.queue.Enqueue(h.t.Context(), n)
	h.check(err)
	return t
}

// claim takes the next task of the first device, which must exist.
func (h *house) claim() tasks.Task {
	h.t.Helper()
	t, _, err := h.queue.Claim(h.t.Context(), h.devices[0], tasks.Lease{Session: "s", Generation: 1, Until: h.now.Add(time.Hour)})
	h.check(err)
	return t
}

// nothing fails the test if a task of the first device is due.
func (h *house) nothing() (dueAt time.Time) {
	h.t.Helper()
	t, dueAt, err := h.queue.Claim(h.t.Context(), h.devices[0], tasks.Lease{Session: "s", Generation: 1, Until: h.now.Add(time.Hour)})
	if !errors.Is(err, tasks.ErrNone) {
		h.t.Fatalf("claimed %s, %v: want nothing", t.ID, err)
	}
	return dueAt
}

// is fails the test unless the task is in the state now.
func (h *house) is(t tasks.Task, s tasks.State) tasks.Task {
	h.t.Helper()
	now, err := h.queue.Get(h.t.Context(), t.ID)
	h.check(err)
	if now.State != s {
		h.t.Fatalf("task is %s, want %s (fault %v)", now.State, s, now.Fault)
	}
	return now
}

func (h *house) reap() {
	h.t.Helper()
	_, err := tasks.NewReaper(h.queue, time.Second, slog.New(slog.DiscardHandler)).RunOnce(h.t.Context())
	h.check(err)
}

func TestTheGreaterPriorityGoesFirstThenTheOlder(t *testing.T) {
	h := newHouse(t, 1)
	first, second := h.enqueue(tasks.New{}), h.enqueue(tasks.New{})
	urgent := h.enqueue(tasks.New{Priority: 5})
	for i, want := range []tasks.Task{urgent, first, second} {
		if got := h.claim(); got.ID != want.ID {
			t.Errorf("claim %d took %s, want %s", i, got.ID, want.ID)
		}
	}
}

func TestATaskWaitsForThoseThatItComesAfter(t *testing.T) {
	h := newHouse(t, 1)
	first := h.enqueue(tasks.New{})
	second := h.enqueue(tasks.New{After: []tasks.ID{first.ID}, Priority: 9})
	if got := h.claim(); got.ID != first.ID {
		t.Fatalf("claimed %s before what it comes after", got.ID)
	}
	h.nothing()
	running := h.is(first, tasks.Running)
	_, err := h.queue.Succeed(t.Context(), running, struct{}{}, "")
	h.check(err)
	if got := h.claim(); got.ID != second.ID {
		t.Errorf("claimed %s, want the second", got.ID)
	}
}

func TestATaskIsCancelledIfWhatItComesAfterFails(t *testing.T) {
	h := newHouse(t, 1)
	first := h.enqueue(tasks.New{})
	second := h.enqueue(tasks.New{After: []tasks.ID{first.ID}})
	third := h.enqueue(tasks.New{After: []tasks.ID{second.ID}})
	_, err := h.queue.Fail(t.Context(), h.claim(), tasks.Fault{Code: 9003})
	h.check(err)
	for _, task := range []tasks.Task{second, third} {
		if got := h.is(task, tasks.Cancelled); got.Fault.Reason != tasks.PredecessorFailed {
			t.Errorf("fault = %+v", got.Fault)
		}
	}
}

func TestTheReaperReleasesWhatACrashLeftBlocked(t *testing.T) {
	h := newHouse(t, 1)
	first := h.enqueue(tasks.New{})
	second := h.enqueue(tasks.New{After: []tasks.ID{first.ID}})
	// As if the process had died between the end of the first and the release of
	// the second: the first ends behind the queue's back.
	ended := tasks.DefaultPolicy().Succeed(h.claim(), json.RawMessage("{}"), h.now, "")
	_, err := h.store.Tasks().Save(t.Context(), ended)
	h.check(err)
	h.nothing()
	h.now = h.now.Add(2 * time.Minute)
	h.reap()
	if got := h.claim(); got.ID != second.ID {
		t.Errorf("claimed %s, want the second", got.ID)
	}
}

func TestAfterNamesOnlyTasksOfTheSameDevice(t *testing.T) {
	h := newHouse(t, 2)
	other := h.enqueue(tasks.New{Device: h.devices[1]})
	for _, after := range []tasks.ID{other.ID, tasks.NewID(h.now)} {
		_, err := h.queue.Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.Reboot, After: []tasks.ID{after}})
		var argument *tasks.ArgumentError
		if !errors.As(err, &argument) || argument.Field != "after[0]" {
			t.Errorf("after %s: %v", after, err)
		}
	}
}

func TestAUniqueKeyAllowsOneOpenTaskADevice(t *testing.T) {
	h := newHouse(t, 2)
	first := h.enqueue(tasks.New{UniqueKey: "k"})
	_, err := h.queue.Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.Reboot, UniqueKey: "k"})
	var duplicate *tasks.DuplicateError
	if !errors.As(err, &duplicate) || duplicate.Existing != first.ID {
		t.Fatalf("error = %v, want a duplicate of %s", err, first.ID)
	}
	h.enqueue(tasks.New{UniqueKey: "k", Device: h.devices[1]})
	_, err = h.queue.Cancel(t.Context(), first.ID, "test")
	h.check(err)
	h.enqueue(tasks.New{UniqueKey: "k"})
}

func TestADeviceHasABoundedNumberOfOpenTasks(t *testing.T) {
	h := newHouse(t, 1)
	for range tasks.MaxOpenTasks {
		h.enqueue(tasks.New{})
	}
	if _, err := h.queue.Enqueue(t.Context(), tasks.New{Device: h.devices[0], Kind: tasks.Reboot}); !errors.Is(err, tasks.ErrLimit) {
		t.Errorf("error = %v, want ErrLimit", err)
	}
}

func TestATaskForADeviceThatDoesNotExistIsRefused(t *testing.T) {
	h := newHouse(t, 1)
	if _, err := h.queue.Enqueue(t.Context(), tasks.New{Device: device.NewID(), Kind: tasks.Reboot}); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("error = %v, want device.ErrNotFound", err)
	}
}

func TestAQueuedTaskExpires(t *testing.T) {
	h := newHouse(t, 1)
	task := h.enqueue(tasks.New{Expires: h.now.Add(time.Minute)})
	h.now = h.now.Add(59 * time.Second)
	h.reap()
	h.is(task, tasks.Queued)
	h.now = h.now.Add(time.Second)
	h.reap()
	h.is(task, tasks.Expired)
	h.nothing()
}

func TestANotBeforeTellsTheSessionWhenToComeBack(t *testing.T) {
	h := newHouse(t, 1)
	at := h.now.Add(time.Hour)
	h.enqueue(tasks.New{NotBefore: at})
	if dueAt := h.nothing(); !dueAt.Equal(at) {
		t.Errorf("due at %s, want %s", dueAt, at)
	}
	h.now = at
	h.claim()
}

func TestALeaseThatEndsIsRecoveredByTheReaper(t *testing.T) {
	h := newHouse(t, 1)
	h.enqueue(tasks.New{})
	task := h.claim()
	h.now = h.now.Add(2 * time.Hour)
	h.reap()
	h.is(task, tasks.Queued)
	if _, err := h.queue.Succeed(t.Context(), task, struct{}{}, ""); !errors.Is(err, tasks.ErrConflict) {
		t.Errorf("the session that lost its lease got %v, want ErrConflict", err)
	}
}

func TestAFinishedTaskIsKeptForItsRetention(t *testing.T) {
	h := newHouse(t, 1)
	task := h.enqueue(tasks.New{})
	_, err := h.queue.Succeed(t.Context(), h.claim(), struct{}{}, "")
	h.check(err)
	h.now = h.now.Add(tasks.DefaultPolicy().Retention - time.Second)
	h.reap()
	h.is(task, tasks.Succeeded)
	h.now = h.now.Add(time.Second)
	h.reap()
	if _, err := h.queue.Get(t.Context(), task.ID); !errors.Is(err, tasks.ErrNotFound) {
		t.Errorf("error = %v, want ErrNotFound", err)
	}
}

func TestOnlyWhatIsNotRunningCanBeCancelled(t *testing.T) {
	h := newHouse(t, 1)
	h.enqueue(tasks.New{})
	running := h.claim()
	if _, err := h.queue.Cancel(t.Context(), running.ID, "test"); !errors.Is(err, tasks.ErrState) {
		t.Errorf("cancel of a running task: %v, want ErrState", err)
	}
	waiting, err := h.queue.Await(t.Context(), running, "")
	h.check(err)
	cancelled, err := h.queue.Cancel(t.Context(), waiting.ID, "test")
	h.check(err)
	if cancelled.State != tasks.Cancelled || !strings.Contains(cancelled.Fault.String, "may still") {
		t.Errorf("cancelled = %s %v", cancelled.State, cancelled.Fault)
	}
	if _, err := h.queue.Cancel(t.Context(), waiting.ID, "test"); !errors.Is(err, tasks.ErrState) {
		t.Errorf("cancel of a final task: %v, want ErrState", err)
	}
}

func TestARetryIsANewTaskThatNamesTheOldOne(t *testing.T) {
	h := newHouse(t, 1)
	old := h.enqueue(tasks.New{Kind: tasks.SetParameterValues, Args: json.RawMessage(`{"parameters":[{"path":"Device.AuthPassword","value":"hunter2"}]}`)})
	if _, err := h.queue.Retry(t.Context(), old.ID, "test"); !errors.Is(err, tasks.ErrState) {
		t.Errorf("retry of an open task: %v, want ErrState", err)
	}
	_, err := h.queue.Fail(t.Context(), h.claim(), tasks.Fault{Code: 9007})
	h.check(err)
	again, err := h.queue.Retry(t.Context(), old.ID, "test")
	h.check(err)
	if again.RetryOf != old.ID || again.ID == old.ID || again.State != tasks.Queued {
		t.Errorf("retry = %+v", again)
	}
	args, err := h.queue.OpenArgs(again)
	h.check(err)
	if got := args.(*tasks.SetParameterValuesArgs).Parameters[0].Value; got != "hunter2" {
		t.Errorf("the retry lost the secret: %q", got)
	}
	if strings.Contains(string(again.Args), "hunter2") {
		t.Error("the retry keeps the secret in clear")
	}
}

func TestWaitReturnsWhenTheTaskEndsOrTheTimeIsOver(t *testing.T) {
	h := newHouse(t, 1)
	h.enqueue(tasks.New{})
	task := h.claim()
	short, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := h.queue.Wait(short, task.ID); err != nil || got.State != tasks.Running {
		t.Errorf("after the time: %s, %v, want the task as it is", got.State, err)
	}
	ended := make(chan tasks.Task)
	go func() {
		got, _ := h.queue.Wait(context.WithoutCancel(t.Context()), task.ID)
		ended <- got
	}()
	_, err := h.queue.Succeed(t.Context(), task, struct{}{}, "")
	h.check(err)
	if got := <-ended; got.State != tasks.Succeeded {
		t.Errorf("waited for %s", got.State)
	}
	if _, err := h.queue.Wait(t.Context(), tasks.NewID(h.now)); !errors.Is(err, tasks.ErrNotFound) {
		t.Errorf("wait for no task: %v", err)
	}
}

func TestAResultThatIsTooLargeFailsTheTask(t *testing.T) {
	h := newHouse(t, 1)
	task := h.enqueue(tasks.New{})
	_, err := h.queue.Succeed(t.Context(), h.claim(), strings.Repeat("x", tasks.MaxResult+1), "")
	h.check(err)
	if got := h.is(task, tasks.Failed); got.Fault.Reason != tasks.TooLarge {
		t.Errorf("fault = %+v", got.Fault)
	}
}

func TestMaskedArgumentsShowWhereASecretIsAndNotWhatItIs(t *testing.T) {
	h := newHouse(t, 1)
	for _, c := range []struct {
		kind       tasks.Kind
		args, want string
	}{
		{tasks.SetParameterValues, `{"parameters":[{"path":"D.AuthPassword","value":"hunter2"},{"path":"D.Name","value":"n"}]}`,
			`{"parameters":[{"path":"D.AuthPassword","value":null,"secret":true},{"path":"D.Name","value":"n"}]}`},
		{tasks.AddObject, `{"objectName":"D.","parameters":[{"path":"Password","value":"hunter2"}]}`,
			`{"objectName":"D.","parameters":[{"path":"Password","value":null,"secret":true}]}`},
		{tasks.Download, `{"fileType":"1 F","url":"http://x/","username":"u","password":"hunter2"}`,
			`{"fileType":"1 F","url":"http://x/","username":"u","password":null,"secret":true}`},
		{tasks.Download, `{"file":"f.bin"}`, `{"file":"f.bin"}`},
	} {
		task := h.enqueue(tasks.New{Kind: c.kind, Args: json.RawMessage(c.args)})
		masked, err := task.MaskedArgs()
		h.check(err)
		raw, err := json.Marshal(masked)
		h.check(err)
		if string(raw) != c.want {
			t.Errorf("%s: %s, want %s", c.kind, raw, c.want)
		}
		if strings.Contains(string(task.Args), "hunter2") {
			t.Errorf("%s keeps the secret in clear: %s", c.kind, task.Args)
		}
	}
}

func TestTheReaperRaisesTheHintThatACrashLeftDown(t *testing.T) {
	h := newHouse(t, 1)
	h.enqueue(tasks.New{})
	// As if the process had died before it raised the hint, or a session had
	// cleared it at the wrong moment.
	began, err := h.store.Sessions().Begin(t.Context(), device.Contact{Device: h.devices[0], Identity: device.CWMPIdentity{OUI: "00562B", SerialNumber: "0"}, Session: "s", At: h.now, Until: h.now.Add(time.Minute)})
	h.check(err)
	h.check(h.store.Sessions().End(t.Context(), device.SessionEnd{Device: h.devices[0], Generation: began.After.Session.Generation, At: h.now, Emptied: true, WorkSeen: began.After.Work.Raised}))
	h.now = h.now.Add(time.Minute)
	h.reap()
	record, err := h.store.Devices().Get(t.Context(), h.devices[0])
	h.check(err)
	if !record.Work.Due(h.now) {
		t.Errorf("the hint is still down: %+v", record.Work)
	}
	before := record.Work.Raised
	h.now = h.now.Add(time.Hour)
	h.reap()
	if record, err = h.store.Devices().Get(t.Context(), h.devices[0]); err != nil || record.Work.Raised != before {
		t.Errorf("the reaper raises the hint again and again: %+v, %v", record.Work, err)
	}
}
