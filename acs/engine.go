package acs

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

// engine decides, for a session and a message, what the answer is.
type engine struct {
	options    Options
	devices    Devices
	sessions   device.SessionStore
	tree       *tree
	evidence   *evidence
	onboarding *onboarding
	// identification says who speaks, and rotation gives devices credentials of their
	// own.
	identification *identification
	rotation       *rotation
	sources        []source
	observer       Observer
	metrics        *metrics
	logger         *slog.Logger
	now            func() time.Time
	// took is told of a session that took a device's lock, before anything else of
	// that device is looked at.
	took func(*Session)
	// refusals keeps a crowd of strangers from flooding the log; each is counted.
	refusals rate.Sometimes
}

// step takes what the device sent, nil for an empty POST, and returns the
// answer, nil for 204, which ends the session. It returns errNoSession for a
// message that may not open one, and other errors if the server failed.
func (e *engine) step(ctx context.Context, s *Session, in *cwmp.Envelope) (*cwmp.Envelope, error) {
	s.LastActivity = e.now()
	if in == nil {
		return e.empty(ctx, s)
	}
	if header := e.outOfPlace(in); header != "" && e.options.Strict && isRequest(in.Message) {
		if s.Phase == PhaseNew {
			s.Namespace = in.Namespace
		}
		return s.reply(in, cwmp.NewFault(cwmp.FaultACSInvalidArguments, header+" is not for a device to send here")), nil
	}
	if inform, ok := in.Message.(*cwmp.Inform); ok && s.Phase == PhaseNew {
		return e.named(ctx, s, in, inform)
	}
	if s.Phase == PhaseNew || s.Phase == PhaseEnded {
		return nil, errNoSession
	}
	if err := e.keepLock(ctx, s); err != nil {
		return nil, err
	}
	if s.Outstanding != nil && !isRequest(in.Message) {
		return e.answered(ctx, s, in)
	}
	return e.request(ctx, s, in)
}

// isRequest reports whether a message of a device asks for an answer.
func isRequest(m cwmp.Message) bool {
	switch m := m.(type) {
	case *cwmp.Fault:
		return false
	case *cwmp.Unknown:
		return !isResponseName(m.Name)
	default:
		return !isResponseName(m.Method())
	}
}

func isResponseName(name string) bool {
	const suffix = "Response"
	return len(name) > len(suffix) && name[len(name)-len(suffix):] == suffix
}

// empty takes an empty POST: the device has nothing to say, so the ACS asks, or
// ends the session (TR-069 3.7.2.4).
func (e *engine) empty(ctx context.Context, s *Session) (*cwmp.Envelope, error) {
	if s.Phase != PhaseDevice && s.Phase != PhaseServer {
		return nil, errNoSession
	}
	s.Phase = PhaseServer
	if s.Outstanding != nil {
		if again := e.resend(s); again != nil {
			return again, nil
		}
		if err := e.lose(ctx, s, tasks.Fault{Reason: tasks.SessionLost, String: "the device did not answer the request"}); err != nil {
			return nil, err
		}
	}
	return e.ask(ctx, s)
}

// resend returns the outstanding request once more, if it is a read and was not
// sent again before.
func (e *engine) resend(s *Session) *cwmp.Envelope {
	o := s.Outstanding
	if !o.Read || o.Resent {
		return nil
	}
	again, err := cwmp.Decode(o.Body, cwmp.DefaultLimits())
	if err != nil {
		return nil
	}
	o.Resent = true
	again.ID, again.HasID = o.ID, true
	return again
}

// answered gives a response or fault back to the source that asked.
func (e *engine) answered(ctx context.Context, s *Session, in *cwmp.Envelope) (*cwmp.Envelope, error) {
	o := s.Outstanding
	if wrong := wrongAnswer(o, in); wrong != "" {
		e.metrics.rpc(o.Method, "invalid")
		e.logger.WarnContext(ctx, "wrong answer", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Method, o.Method, logkeys.Reason, wrong)
		if err := e.lose(ctx, s, tasks.Fault{Reason: tasks.InvalidResponse, String: wrong}); err != nil {
			return nil, err
		}
		return e.ask(ctx, s)
	}
	s.Outstanding = nil
	result := "ok"
	if f, ok := in.Message.(*cwmp.Fault); ok {
		result = "fault"
		if f.Code != 0 {
			result = strconv.Itoa(f.Code)
		}
	}
	e.metrics.rpc(o.Method, result)
	if err := e.sourceNamed(o.Source).answer(ctx, s, in.Message); err != nil {
		return nil, fmt.Errorf("%s: %w", o.Method, err)
	}
	return e.ask(ctx, s)
}

// wrongAnswer says why a message is not the answer to what is outstanding, or
// "".
func wrongAnswer(o *Outstanding, in *cwmp.Envelope) string {
	if in.HasID && in.ID != o.ID {
		return "the device answered with the ID of another request"
	}
	if _, ok := in.Message.(*cwmp.Fault); ok {
		return ""
	}
	if in.Message.Method() != o.Method+"Response" {
		return "the device answered " + o.Method + " with " + clip(in.Message.Method())
	}
	return ""
}

// lose tells the source that asked that its request will not be answered.
func (e *engine) lose(ctx context.Context, s *Session, f tasks.Fault) error {
	o := s.Outstanding
	if o == nil {
		return nil
	}
	s.Outstanding = nil
	return e.sourceNamed(o.Source).lost(ctx, s, f)
}

func (e *engine) sourceNamed(name string) source {
	for _, src := range e.sources {
		if src.name() == name {
			return src
		}
	}
	return silence{}
}

// silence stands for a source that this server does not have, as after a
// session was carried over from a newer one.
type silence struct{}

func (silence) name() string                                               { return "" }
func (silence) next(context.Context, *Session) (cwmp.Message, bool, error) { return nil, false, nil }
func (silence) answer(context.Context, *Session, cwmp.Message) error       { return nil }
func (silence) lost(context.Context, *Session, tasks.Fault) error          { return nil }
func (silence) unsent(context.Context, *Session, tasks.Fault) error        { return nil }

// ask asks the sources in order for the next request; when all are silent it
// ends the session. A device in quarantine is asked for nothing.
func (e *engine) ask(ctx context.Context, s *Session) (*cwmp.Envelope, error) {
	if s.Device.Quarantined {
		_, err := e.end(ctx, s)
		return nil, err
	}
	for {
		for _, src := range e.sources {
			m, isRead, err := src.next(ctx, s)
			if err != nil {
				return nil, fmt.Errorf("source %s: %w", src.name(), err)
			}
			if m == nil {
				continue
			}
			out, err := e.send(ctx, s, src, m, isRead)
			if err != nil || out != nil {
				return out, err
			}
			return e.ask(ctx, s) // It was not sent, and what it was for has failed.
		}
		again, err := e.end(ctx, s)
		if err != nil || !again {
			return nil, err
		}
	}
}

// send puts a request into an envelope, unless a guard refuses it or it cannot
// be written; then it returns nil.
func (e *engine) send(ctx context.Context, s *Session, src source, m cwmp.Message, isRead bool) (*cwmp.Envelope, error) {
	s.RPCs++
	out := &cwmp.Envelope{ID: strconv.Itoa(s.RPCs), HasID: true, Namespace: s.Namespace, Message: m}
	s.Outstanding = &Outstanding{ID: out.ID, Method: m.Method(), Source: src.name(), Read: isRead}
	body, err := cwmp.Encode(&cwmp.Envelope{Namespace: s.Namespace, Message: m})
	if err != nil {
		// The device never saw it, and never can.
		return nil, e.refuseRequest(ctx, s, src, tasks.Fault{Reason: tasks.Internal, String: "the request cannot be written: " + err.Error()})
	}
	if guard := e.guard(s, body); guard != "" {
		s.Quiet = true
		e.metrics.guards.Inc()
		e.logger.WarnContext(ctx, "guard ends the work of a session", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Reason, guard, logkeys.Method, m.Method())
		return nil, e.refuseRequest(ctx, s, src, tasks.Fault{Reason: tasks.SessionLimit, String: guard})
	}
	if isRead {
		s.Outstanding.Body = body
	}
	e.metrics.sent(m.Method())
	return out, nil
}

// refuseRequest fails what wanted a request that was not sent.
func (e *engine) refuseRequest(ctx context.Context, s *Session, src source, f tasks.Fault) error {
	s.Outstanding = nil
	return src.unsent(ctx, s, f)
}

// guard keeps a session from going on for ever; it says why, or "".
func (e *engine) guard(s *Session, body []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(body)
	if digest := h.Sum64(); digest == s.RequestDigest {
		s.Repeats++
	} else {
		s.RequestDigest, s.Repeats = digest, 1
	}
	switch {
	case s.Repeats > e.options.MaxRepeats:
		return fmt.Sprintf("the same request was sent %d times in a row", e.options.MaxRepeats)
	case s.RPCs > e.options.MaxRPCs:
		return fmt.Sprintf("%d requests were sent in one session", e.options.MaxRPCs)
	case s.LastActivity.Sub(s.StartedAt) > e.options.MaxSession:
		return fmt.Sprintf("the session lasted longer than %s", e.options.MaxSession)
	default:
		return ""
	}
}

// end gives the lock back. It returns true if work became due meanwhile, so
// that the sources are to be asked again.
func (e *engine) end(ctx context.Context, s *Session) (again bool, err error) {
	err = e.sessions.End(ctx, device.SessionEnd{
		Device: s.Device.ID, Generation: s.Device.Session.Generation, At: e.now(),
		Emptied: s.Emptied, WorkSeen: s.Device.Work.Raised, DueAt: s.DueAt, Abandon: s.Quiet,
	})
	switch {
	case errors.Is(err, device.ErrWorkDue) && s.Device.Quarantined:
		s.Quiet = true // The work stays due, for when the device is approved.
		return e.end(ctx, s)
	case errors.Is(err, device.ErrWorkDue):
		return true, e.rereadWork(ctx, s)
	case errors.Is(err, device.ErrSessionLost):
		e.finished(s, Superseded)
		return false, nil
	case errors.Is(err, device.ErrNotFound):
		e.finished(s, Broken) // Deleted during its session.
		return false, nil
	case err != nil:
		return false, fmt.Errorf("end session: %w", err)
	}
	e.finished(s, Completed)
	return false, nil
}

// abandon gives up a session whose device is gone.
func (e *engine) abandon(ctx context.Context, s *Session, outcome Outcome) {
	if s.Phase == PhaseNew || s.Phase == PhaseEnded {
		return
	}
	if s.Outstanding == nil && s.Job != nil {
		s.Outstanding = &Outstanding{Source: "tasks"}
	}
	if err := e.lose(ctx, s, tasks.Fault{Reason: tasks.SessionLost, String: "the session ended before the device answered"}); err != nil {
		e.logger.ErrorContext(ctx, "cannot recover the task of a lost session", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Error, err)
	}
	err := e.sessions.End(ctx, device.SessionEnd{Device: s.Device.ID, Generation: s.Device.Session.Generation, At: e.now(), Abandon: true})
	if err != nil && !errors.Is(err, device.ErrSessionLost) && !errors.Is(err, device.ErrNotFound) {
		e.logger.ErrorContext(ctx, "cannot give back the lock of a lost session", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Error, err)
	}
	e.finished(s, outcome)
}

func (e *engine) finished(s *Session, outcome Outcome) {
	s.Phase = PhaseEnded
	duration := max(0, e.now().Sub(s.StartedAt)) // Another node may have begun it.
	e.metrics.ended(outcome, duration)
	e.logger.Debug("session ended", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Outcome, string(outcome), logkeys.Count, s.RPCs, logkeys.Duration, duration)
	e.observer.SessionEnded(Summary{ID: s.ID, Device: s.Device, Events: s.Events, StartedAt: s.StartedAt, Duration: duration, RPCs: s.RPCs, Calls: s.Calls, Outcome: outcome})
}

// keepLock moves the end of the lock when more than half of its time is gone.
func (e *engine) keepLock(ctx context.Context, s *Session) error {
	now := e.now()
	if s.Device.Session.Until.Sub(now) > e.options.lock(s)/2 {
		return nil
	}
	until := now.Add(e.options.lock(s))
	err := e.sessions.Extend(ctx, s.Device.ID, s.Device.Session.Generation, until)
	if errors.Is(err, device.ErrSessionLost) {
		return nil // Every write that matters is fenced; the end will tell.
	}
	if err != nil {
		return fmt.Errorf("extend lock: %w", err)
	}
	s.Device.Session.Until = until
	return nil
}
