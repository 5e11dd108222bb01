package tasks

import (
	"encoding/json"
	"fmt"
	"time"
)

// Start returns the queued task as a session takes it, with the CommandKey of
// this attempt.
func (t Task) Start(l Lease, at time.Time) Task {
	t.Lease = l
	t.Attempts = append(append([]Attempt{}, t.Attempts...), Attempt{Session: l.Session, StartedAt: t.moment(at)})
	t.NotBefore = time.Time{}
	t.CheckAt = l.Until
	t.CommandKey = fmt.Sprintf("%s-%d", t.ID, len(t.Attempts))
	return t.enter(Running, at, "")
}

// Depart returns the running task with the RPC that is about to be sent. It is
// saved before the bytes leave.
func (t Task) Depart(f Flight) Task {
	f.At = t.moment(f.At)
	t.Flight = &f
	t.UpdatedAt = f.At
	return t
}

// Await returns the task waiting for evidence: the device accepted an RPC that
// it carries out later, or it is not known whether it did. The deadline is p's
// for the kind, after the delay that the device was given; one that was asked and
// is not done yet keeps the deadline that it has.
func (p Policy) Await(t Task, at time.Time, reason string) Task {
	t = t.endAttempt(nil, at)
	if t.Deadline.IsZero() {
		t.Deadline = at.Add(t.delay() + p.outcome(t.Kind))
	}
	t.CheckAt = t.nextAsk(at)
	t.Lease = Lease{}
	return t.enter(Waiting, at, reason)
}

// delay is how long the device was told to wait before it begins, or how long
// what it does may last by its arguments.
func (t *Task) delay() time.Duration {
	args, err := t.Kind.decode(t.Args)
	if err != nil {
		return 0 // Arguments that cannot be read were never sent.
	}
	if delaying, ok := args.(interface{ delay() time.Duration }); ok {
		return delaying.delay()
	}
	return 0
}

// Succeed returns the task with its result.
func (p Policy) Succeed(t Task, result json.RawMessage, at time.Time, reason string) Task {
	t = t.endAttempt(nil, at)
	t.Result, t.Fault = result, nil
	return p.finish(t, Succeeded, at, reason)
}

// Fail returns the task after an attempt that ended with a fault: queued again
// where the retry table says so, else failed.
func (p Policy) Fail(t Task, f Fault, at time.Time) Task {
	if t.State == Running && t.Continued() && f.Code == 0 && retryable(&f) {
		return p.Await(t, at, f.Error()+"; the device is asked again") // What it was asked for goes on.
	}
	t = t.endAttempt(&f, at)
	wait, again := p.Retry(&f, len(t.Attempts))
	if !again {
		t.Fault = &f
		return p.finish(t, Failed, at, f.Error())
	}
	t.Flight, t.Deadline = nil, time.Time{}
	return t.requeue(at.Add(wait), at, fmt.Sprintf("%s; next attempt in %s", f.Error(), wait))
}

// End returns the task failed, expired or cancelled without any further
// attempt.
func (p Policy) End(t Task, s State, f Fault, at time.Time) Task {
	t = t.endAttempt(&f, at)
	t.Fault = &f
	return p.finish(t, s, at, f.Error())
}

// Recover returns the running task after its session was lost. What is only
// read is queued again; what is idempotent, and AddObject, whose evidence must
// be asked for, is queued with its Flight, so that the next attempt looks first;
// anything else waits for evidence, as does a task that was only asked whether it
// is done.
func (p Policy) Recover(t Task, at time.Time) Task {
	lost := Fault{Reason: SessionLost, String: "the session ended before the device answered"}
	switch {
	case t.Continued():
		return p.Await(t, at, "the session ended before the device said whether it is done")
	case t.Flight == nil || t.Flight.Class == Read:
		return p.Fail(t, lost, at)
	case t.Flight.Class == Unsafe && t.Kind != AddObject:
		t = t.endAttempt(&lost, at)
		return p.Await(t, at, "the answer to "+t.Flight.Method+" was lost: awaiting evidence")
	default:
		t = t.endAttempt(&lost, at)
		if len(t.Attempts) >= p.Attempts {
			return p.End(t, Failed, outcomeUnknown(t.Flight.Method), at)
		}
		return t.requeue(at, at, "the answer to "+t.Flight.Method+" was lost: the next session looks whether it was carried out")
	}
}

// TimeOut returns the waiting task whose deadline passed without evidence.
func (p Policy) TimeOut(t Task, at time.Time) Task {
	if t.Flight != nil && !t.Flight.Answered {
		return p.End(t, Failed, outcomeUnknown(t.Flight.Method), at)
	}
	return p.End(t, Failed, Fault{Reason: NoEvidence, String: "the device accepted the request and its outcome did not arrive in time"}, at)
}

func outcomeUnknown(method string) Fault {
	return Fault{Reason: OutcomeUnknown, String: method + " may or may not have been carried out; a retry sends it again"}
}

// Release returns the blocked task once what it comes after has ended: free to
// run if all of it succeeded, cancelled otherwise.
func (p Policy) Release(t Task, succeeded bool, at time.Time) Task {
	t.Blocked = false
	if !succeeded {
		return p.End(t, Cancelled, Fault{Reason: PredecessorFailed, String: "a task that had to succeed first did not"}, at)
	}
	t.CheckAt = t.nextCheck(at)
	t.UpdatedAt = t.moment(at)
	return t
}

func (t Task) requeue(notBefore, at time.Time, reason string) Task {
	t.NotBefore = notBefore
	t.Lease = Lease{}
	t.CheckAt = t.nextCheck(at)
	return t.enter(Queued, at, reason)
}

func (p Policy) finish(t Task, s State, at time.Time, reason string) Task {
	t.FinishedAt = t.moment(at)
	t.CheckAt = at.Add(p.Retention)
	t.Lease, t.Flight = Lease{}, nil
	t.Blocked, t.Deadline, t.NotBefore = false, time.Time{}, time.Time{}
	return t.enter(s, at, reason)
}

func (t Task) enter(s State, at time.Time, reason string) Task {
	at = t.moment(at)
	t.State, t.UpdatedAt = s, at
	timeline := append(append(make([]Transition, 0, len(t.Timeline)+1), t.Timeline...), Transition{State: s, At: at, Reason: reason})
	if over := len(timeline) - MaxTimeline; over > 0 {
		timeline = timeline[over:]
	}
	t.Timeline = timeline
	return t
}

func (t Task) endAttempt(f *Fault, at time.Time) Task {
	last := len(t.Attempts) - 1
	if last < 0 || !t.Attempts[last].EndedAt.IsZero() {
		return t
	}
	attempts := append([]Attempt{}, t.Attempts...)
	if last > 0 && t.Continued() {
		attempts, last = attempts[:last], last-1 // It went on with the attempt before.
	}
	attempts[last].EndedAt, attempts[last].Fault = t.moment(at), f
	t.Attempts = attempts
	return t
}

// moment returns the time that is noted of something that happens at the given
// one: never before what was noted last, as the clock of the node that did that
// may be ahead of this one's. What is to happen later, a deadline, a pause or the
// end of a lease, counts from the clock itself.
func (t *Task) moment(at time.Time) time.Time {
	if at.Before(t.UpdatedAt) {
		return t.UpdatedAt
	}
	return at
}

// checkInterval is how soon the reaper looks after a queued task: whether a
// blocked one is still blocked, and whether the work hint of a free one was
// raised. A crash between two steps may have left either undone.
const checkInterval = time.Minute

// nextCheck returns when the reaper is to look after a queued task: after
// checkInterval, or when it ends for want of a session.
func (t *Task) nextCheck(at time.Time) time.Time {
	next := at.Add(checkInterval)
	if end := t.queuedUntil(); !end.IsZero() && end.Before(next) {
		return end
	}
	return next
}

// queuedUntil is when a queued task ends for want of a session: when it expires,
// or at the deadline of what the device does already.
func (t *Task) queuedUntil() time.Time {
	if t.Continued() {
		return t.Deadline
	}
	return t.Expires
}
