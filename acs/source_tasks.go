package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// taskSource is the source of work that carries out queued tasks, the one under
// way first.
type taskSource struct {
	queue     Queue
	sessions  device.SessionStore
	tree      *tree
	limits    *modelLimits
	files     FileServer
	fileTypes FileTypes
	keeper    Keeper
	indexed   device.IndexedParameters
	behaviour func(*device.Device) *quirks.Behaviour
	// optional are the RPCs of those kinds whose RPC a device may lack.
	optional map[tasks.Kind]cwmp.MethodInfo
	now      func() time.Time
	// longest is how long a session can last: Options.MaxSession, and then the
	// silence after which it is given up.
	longest time.Duration
	logger  *slog.Logger
}

func (t *taskSource) name() string { return "tasks" }

func (t *taskSource) next(ctx context.Context, s *Session) (cwmp.Message, bool, error) {
	for {
		if s.Job == nil {
			claimed, err := t.claim(ctx, s)
			if err != nil || !claimed {
				return nil, false, err
			}
		}
		request, isRead, err := t.proceed(ctx, s)
		if movedOn(err) {
			t.logger.InfoContext(ctx, "task was taken from the session", logkeys.Session, sessionName(s.ID), logkeys.Task, s.Job.Task.ID)
			s.Job = nil
			continue
		}
		if err != nil || request != nil {
			return request, isRead, err
		}
	}
}

// claim takes the next task if one may be due.
func (t *taskSource) claim(ctx context.Context, s *Session) (bool, error) {
	if s.Quiet || s.Emptied || !s.Device.Work.Due(t.now()) {
		return false, nil
	}
	task, dueAt, err := t.queue.Claim(ctx, s.Device.ID, s.lease(t.longest))
	if errors.Is(err, tasks.ErrNone) {
		s.Emptied, s.DueAt = true, dueAt
		return false, nil
	}
	if err != nil {
		return false, err
	}
	s.Job = &Job{Task: task}
	return true, nil
}

// proceed asks the job what to do and does it: it returns the request to send,
// or nil after the job ended.
func (t *taskSource) proceed(ctx context.Context, s *Session) (cwmp.Message, bool, error) {
	w, err := t.work(ctx, s)
	if err != nil {
		return nil, false, err
	}
	if w == nil {
		return nil, false, nil
	}
	act, err := t.nextOf(ctx, s, w)
	if err != nil {
		return nil, false, fmt.Errorf("task %s: %w", s.Job.Task.ID, err)
	}
	if err := t.noteGone(ctx, s, w.gone); err != nil {
		return nil, false, err
	}
	if act.end != nil {
		return nil, false, t.end(ctx, s, *act.end)
	}
	if act.class != tasks.Read {
		if err := t.depart(ctx, s, w, act); err != nil {
			return nil, false, err
		}
	}
	return act.request, act.class == tasks.Read, nil
}

// work gathers what the job works with, and restores the job if the session was
// carried over. It returns nil after it ended a task that cannot be worked on.
func (t *taskSource) work(ctx context.Context, s *Session) (*work, error) {
	task := s.Job.Task
	args, err := t.queue.OpenArgs(task)
	if err == nil && s.Job.live == nil {
		s.Job.live, err = restoreJob(s.Job)
	}
	if err != nil {
		// Nothing that comes later mends a task that cannot be read: it must not
		// stop the device's other tasks.
		t.logger.ErrorContext(ctx, "task cannot be carried out", logkeys.Session, sessionName(s.ID), logkeys.Task, task.ID, logkeys.Error, err)
		_, err = t.queue.FailFor(ctx, task, tasks.Fault{Reason: tasks.Internal, String: "the task cannot be carried out by this server; see its log"})
		s.Job = nil
		return nil, err
	}
	behaviour := t.behaviour(&s.Device)
	limits, err := t.limits.of(ctx, s.Device.ModelKey(), behaviour)
	if err != nil {
		return nil, fmt.Errorf("read limits of the model: %w", err)
	}
	return &work{task: task, args: args, device: &s.Device, queue: t.queue, tree: t.tree, limits: limits, behaviour: behaviour, files: t.files, fileTypes: t.fileTypes, indexed: t.indexed, host: s.Host, proven: s.Proven, now: t.now()}, nil
}

// depart saves the intent to send a request that is not a read.
func (t *taskSource) depart(ctx context.Context, s *Session, w *work, act action) error {
	if set, ok := act.request.(*cwmp.SetParameterValues); ok {
		if err := t.credentialsDepart(ctx, s, set); err != nil {
			return err
		}
	}
	progress, err := json.Marshal(s.Job.live)
	if err != nil {
		return fmt.Errorf("encode progress of %s: %w", w.task.Kind, err)
	}
	saved, err := t.queue.Depart(ctx, w.task, tasks.Flight{
		Method: act.request.Method(), Class: act.class, At: t.now(), Progress: progress, Tells: !w.behaviour.NoDiagnosticsEvent,
	})
	if err != nil {
		return err
	}
	s.Job.Task = saved
	return nil
}

func (t *taskSource) end(ctx context.Context, s *Session, e end) error {
	task := s.Job.Task
	var err error
	switch {
	case e.await:
		_, err = t.queue.Await(ctx, task, e.reason)
	case e.fault != nil && e.final:
		_, err = t.queue.FailFor(ctx, task, *e.fault)
	case e.fault != nil:
		_, err = t.queue.Fail(ctx, task, *e.fault)
	default:
		_, err = t.queue.Succeed(ctx, task, e.result, e.reason)
	}
	if err != nil {
		return err
	}
	s.Quiet = s.Quiet || e.quiet
	s.Job = nil
	return nil
}

func (t *taskSource) answer(ctx context.Context, s *Session, m cwmp.Message) error {
	if s.Job == nil {
		return nil
	}
	w, err := t.work(ctx, s)
	if err != nil || w == nil {
		return err
	}
	if s.Job.AskingMethods {
		return t.methodsTold(ctx, s, w, m)
	}
	if f, ok := m.(*cwmp.Fault); ok {
		if s.Job.Task.Kind == tasks.Download {
			s.Changes++ // It may be one for the settings, which are to know how it ended.
		}
		fault := taskFault(f)
		fault.Busy = w.behaviour.Busy(fault.Code)
		return errors.Join(t.noteLack(ctx, w, f.Code), s.Job.live.fault(ctx, w, fault))
	}
	if err := s.Job.live.answer(ctx, w, m); err != nil {
		return err
	}
	switch m := m.(type) {
	case *cwmp.GetParameterValuesResponse:
		return noteReported(ctx, t.sessions, s, reported(m.ParameterList, t.indexed))
	case *cwmp.SetParameterValuesResponse:
		s.Changes++
		return t.settled(ctx, s, w)
	case *cwmp.AddObjectResponse, *cwmp.DeleteObjectResponse, *cwmp.DownloadResponse:
		s.Changes++
		return nil
	default:
		return nil
	}
}

func (t *taskSource) unsent(ctx context.Context, s *Session, f tasks.Fault) error {
	if s.Job == nil {
		return nil
	}
	task := s.Job.Task
	s.Job = nil
	_, err := t.queue.Fail(ctx, task, f)
	return ignoreMovedOn(err)
}

func (t *taskSource) lost(ctx context.Context, s *Session, f tasks.Fault) error {
	if s.Job == nil {
		return nil
	}
	task := s.Job.Task
	s.Job = nil
	var err error
	if task.Flight == nil || task.Flight.Class == tasks.Read {
		_, err = t.queue.Fail(ctx, task, f)
	} else {
		_, err = t.queue.Recover(ctx, task)
	}
	return ignoreMovedOn(err)
}

// ignoreMovedOn drops the errors of a task that somebody else has moved on, and
// so looks after.
func ignoreMovedOn(err error) error {
	if movedOn(err) {
		return nil
	}
	return err
}

// What follows the root in the names of parameters that the record keeps too
// (TR-069 3.2.2, 3.7.1.5).
const (
	connectionRequestUsername = "ManagementServer.ConnectionRequestUsername"
	connectionRequestPassword = "ManagementServer.ConnectionRequestPassword"
	periodicInformInterval    = "ManagementServer.PeriodicInformInterval"
)

// credentialsDepart notes connection-request credentials that are about to be
// set, so that the device can be called whether or not the answer arrives.
func (t *taskSource) credentialsDepart(ctx context.Context, s *Session, set *cwmp.SetParameterValues) error {
	values := map[string]string{}
	for _, p := range set.ParameterList {
		values[p.Name] = p.Value
	}
	return t.noteCredentials(ctx, s, values, true)
}

// settled notes what the record keeps of parameters that were set.
func (t *taskSource) settled(ctx context.Context, s *Session, w *work) error {
	values := map[string]string{}
	for _, p := range w.set {
		values[p.Name] = p.Value
	}
	r := reported(w.set, t.indexed)
	if set, ok := w.args.(*tasks.SetParameterValuesArgs); ok && set.ParameterKey != "" {
		r.ParameterKey = &set.ParameterKey
	}
	if err := noteReported(ctx, t.sessions, s, r); err != nil {
		return err
	}
	return t.noteCredentials(ctx, s, values, false)
}

// noteGone empties the indexed parameters on the record that the device no
// longer has.
func (t *taskSource) noteGone(ctx context.Context, s *Session, names []string) error {
	if len(names) == 0 {
		return nil
	}
	emptied := map[string]string{}
	for _, name := range names {
		if s.Device.Indexed[name] != "" {
			emptied[name] = ""
		}
	}
	return noteReported(ctx, t.sessions, s, device.Reported{Indexed: emptied})
}

func (t *taskSource) noteCredentials(ctx context.Context, s *Session, values map[string]string, pending bool) error {
	username, password := s.Device.ConnectionRequest.Username, ""
	for path, value := range values {
		if strings.HasSuffix(path, connectionRequestUsername) {
			username = value
		}
		if strings.HasSuffix(path, connectionRequestPassword) {
			password = value
		}
	}
	if password == "" {
		return nil
	}
	sealed, err := t.keeper.Seal(secret.NewText(password), device.ConnectionRequestOwner(s.Device.ID))
	if err != nil {
		return fmt.Errorf("seal connection request password: %w", err)
	}
	learned := device.Learned{Username: username, Password: sealed, Pending: pending}
	s.Device = s.Device.ApplyLearned(learned)
	return ignoreLost(t.sessions.Learn(ctx, s.Device.ID, s.Device.Session.Generation, learned))
}

// ignoreLost drops ErrSessionLost: a session that was superseded has nothing
// more to tell, and notices at its end.
func ignoreLost(err error) error {
	if errors.Is(err, device.ErrSessionLost) {
		return nil
	}
	return err
}
