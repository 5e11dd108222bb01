package tasks

import (
	"encoding/json"
	"testing"
	"time"
)

var testStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func queuedTask(kind Kind) Task {
	t := Task{ID: NewID(testStart), Device: "device", Kind: kind, Args: json.RawMessage("{}"), CreatedAt: testStart}
	return t.enter(Queued, testStart, "")
}

func runningTask(kind Kind) Task {
	return queuedTask(kind).Start(Lease{Session: "s1", Generation: 1, Until: testStart.Add(time.Hour)}, testStart.Add(time.Second))
}

func TestRetryDecidesByFaultCode(t *testing.T) {
	p := DefaultPolicy()
	for _, c := range []struct {
		name  string
		fault Fault
		again bool
	}{
		{"request denied is tried again", Fault{Code: 9001}, true},
		{"internal error is tried again", Fault{Code: 9002}, true},
		{"resources exceeded is tried again", Fault{Code: 9004}, true},
		{"a transfer failure is tried again", Fault{Code: 9010}, true},
		{"an unreachable file server is tried again", Fault{Code: 9015}, true},
		{"a lost session is tried again", Fault{Reason: SessionLost}, true},
		{"a wrong answer is tried again", Fault{Reason: InvalidResponse}, true},
		{"method not supported fails at once", Fault{Code: 9000}, false},
		{"invalid arguments fail at once", Fault{Code: 9003}, false},
		{"an unknown parameter fails at once", Fault{Code: 9005}, false},
		{"a wrong type fails at once", Fault{Code: 9006}, false},
		{"a wrong value fails at once", Fault{Code: 9007}, false},
		{"a read-only parameter fails at once", Fault{Code: 9008}, false},
		{"refused credentials fail at once", Fault{Code: 9012}, false},
		{"an unknown outcome fails at once", Fault{Reason: OutcomeUnknown}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, again := p.Retry(&c.fault, 1); again != c.again {
				t.Errorf("Retry = %v, want %v", again, c.again)
			}
			if _, again := p.Retry(&c.fault, p.Attempts); again {
				t.Error("the last attempt is followed by another")
			}
		})
	}
}

func TestThePauseDoublesUpToItsBound(t *testing.T) {
	p := Policy{Attempts: 10, Backoff: time.Minute, MaxBackoff: 5 * time.Minute}
	var waits []time.Duration
	for attempt := 1; attempt <= 5; attempt++ {
		wait, _ := p.Retry(&Fault{Code: 9002}, attempt)
		waits = append(waits, wait)
	}
	want := []time.Duration{time.Minute, 2 * time.Minute, 4 * time.Minute, 5 * time.Minute, 5 * time.Minute}
	for i := range want {
		if waits[i] != want[i] {
			t.Errorf("pause after attempt %d = %s, want %s", i+1, waits[i], want[i])
		}
	}
}

func TestRecoverDecidesByWhatWasInFlight(t *testing.T) {
	at := testStart.Add(time.Minute)
	p := DefaultPolicy()
	flight := func(kind Kind, class Class) Task {
		return runningTask(kind).Depart(Flight{Method: "M", Class: class, At: testStart.Add(2 * time.Second)})
	}
	for _, c := range []struct {
		name       string
		task       Task
		state      State
		keepFlight bool
	}{
		{"a task that sent only reads is queued afresh", runningTask(Refresh), Queued, false},
		{"an idempotent write is queued with its flight", flight(SetParameterValues, Idempotent), Queued, true},
		{"AddObject is queued with its flight, to look for the instance", flight(AddObject, Unsafe), Queued, true},
		{"the parameters of a new instance are queued with their flight", flight(AddObject, Idempotent), Queued, true},
		{"a reboot waits for evidence", flight(Reboot, Unsafe), Waiting, true},
		{"a factory reset waits for evidence", flight(FactoryReset, Unsafe), Waiting, true},
		{"a download waits for evidence", flight(Download, Unsafe), Waiting, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := p.Recover(c.task, at)
			if got.State != c.state {
				t.Fatalf("state = %s, want %s", got.State, c.state)
			}
			if (got.Flight != nil) != c.keepFlight {
				t.Errorf("flight kept = %v, want %v", got.Flight != nil, c.keepFlight)
			}
			if last := got.Attempts[len(got.Attempts)-1]; last.Fault == nil || last.Fault.Reason != SessionLost {
				t.Errorf("the attempt does not say that its session was lost: %+v", last)
			}
			if c.state == Waiting && !got.Deadline.After(at) {
				t.Errorf("no deadline: %s", got.Deadline)
			}
			if got.Lease != (Lease{}) {
				t.Errorf("lease kept: %+v", got.Lease)
			}
		})
	}
}

func TestAWaitingTaskWithoutEvidenceFailsByWhetherItWasAccepted(t *testing.T) {
	p := DefaultPolicy()
	lost := p.Recover(runningTask(Reboot).Depart(Flight{Method: "Reboot", Class: Unsafe, At: testStart}), testStart)
	if got := p.TimeOut(lost, lost.Deadline); got.State != Failed || got.Fault.Reason != OutcomeUnknown {
		t.Errorf("after a lost answer: %s %v, want failed with outcomeUnknown", got.State, got.Fault)
	}
	accepted := runningTask(Reboot).Depart(Flight{Method: "Reboot", Class: Unsafe, At: testStart, Answered: true})
	accepted = p.Await(accepted, testStart, "accepted")
	if got := p.TimeOut(accepted, accepted.Deadline); got.State != Failed || got.Fault.Reason != NoEvidence {
		t.Errorf("after acceptance: %s %v, want failed with noEvidence", got.State, got.Fault)
	}
}

func TestAFaultThatIsTriedAgainForgetsTheFlight(t *testing.T) {
	p := DefaultPolicy()
	got := p.Fail(runningTask(AddObject).Depart(Flight{Method: "AddObject", Class: Unsafe, At: testStart}), Fault{Code: 9002}, testStart)
	if got.State != Queued || got.Flight != nil {
		t.Fatalf("state %s, flight %v: want queued without flight, as the device answered", got.State, got.Flight)
	}
	if want := testStart.Add(p.Backoff); !got.NotBefore.Equal(want) {
		t.Errorf("not before %s, want %s", got.NotBefore, want)
	}
}

func TestTheTimelineIsBoundedAndKeepsTheNewest(t *testing.T) {
	task := queuedTask(Refresh)
	for i := range 3 * MaxTimeline {
		task = task.enter(Running, testStart.Add(time.Duration(i)*time.Second), "")
	}
	if len(task.Timeline) != MaxTimeline {
		t.Fatalf("%d transitions, want %d", len(task.Timeline), MaxTimeline)
	}
	if last := task.Timeline[MaxTimeline-1].At; !last.Equal(testStart.Add(time.Duration(3*MaxTimeline-1) * time.Second)) {
		t.Errorf("the newest transition is lost: last is %s", last)
	}
}

func TestATransitionLeavesTheTaskItCameFromAsItWas(t *testing.T) {
	before := queuedTask(Refresh)
	_ = before.Start(Lease{Session: "s"}, testStart)
	if before.State != Queued || len(before.Timeline) != 1 || len(before.Attempts) != 0 {
		t.Errorf("Start changed its receiver: %+v", before)
	}
}

func TestEveryAttemptHasACommandKeyOfItsOwnThatFitsCWMP(t *testing.T) {
	p := DefaultPolicy()
	first := runningTask(Download)
	second := p.Fail(first, Fault{Code: 9010}, testStart).Start(Lease{Session: "s2"}, testStart.Add(time.Minute))
	if first.CommandKey == second.CommandKey {
		t.Errorf("both attempts have CommandKey %q", first.CommandKey)
	}
	if len(second.CommandKey) > 32 {
		t.Errorf("CommandKey %q has %d characters, CWMP allows 32", second.CommandKey, len(second.CommandKey))
	}
	id, attempt, ok := CommandKeyTask(second.CommandKey)
	if !ok || id != second.ID || attempt != 2 {
		t.Errorf("CommandKeyTask(%q) = %s, %d, %v", second.CommandKey, id, attempt, ok)
	}
	if _, _, ok := CommandKeyTask("somebody else's"); ok {
		t.Error("a foreign CommandKey is taken for ours")
	}
}

func TestIDsSortByTheirTime(t *testing.T) {
	previous := ID("")
	for i := range 1000 {
		id := NewID(testStart.Add(time.Duration(i) * time.Millisecond))
		if id <= previous {
			t.Fatalf("id %s of millisecond %d is not greater than %s", id, i, previous)
		}
		if _, err := ParseID(string(id)); err != nil {
			t.Fatal(err)
		}
		previous = id
	}
}

func TestIDsOfOneProcessGrowWithinAMillisecondAndWhenTheClockIsSetBack(t *testing.T) {
	var ids idSource
	previous := ID("")
	for i := range 5000 {
		id := ids.next(testStart.Add(-time.Duration(i/100) * time.Millisecond))
		if id <= previous {
			t.Fatalf("id %d is %s, not greater than %s", i, id, previous)
		}
		previous = id
	}
}

func TestAnIDComesAfterAFloorThatIsAheadOfTheClock(t *testing.T) {
	fresh := NewID(testStart)
	carry := [16]byte{}
	for i := 6; i < 16; i++ {
		carry[i] = 0xff
	}
	for _, c := range []struct {
		name  string
		floor ID
		fresh bool
	}{
		{"no floor leaves the fresh ID", "", true},
		{"an earlier floor leaves the fresh ID", NewID(testStart.Add(-time.Second)), true},
		{"a later floor is stepped over", NewID(testStart.Add(5 * time.Second)), false},
		{"the same ID is stepped over", fresh, false},
		{"a step carries into the milliseconds", encodeID(func() [16]byte {
			raw := carry
			later := newRaw(testStart.Add(time.Second))
			copy(raw[:6], later[:6])
			return raw
		}()), false},
		{"what is no ID is no floor", "x", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := after(c.floor, fresh)
			if _, err := ParseID(string(got)); err != nil {
				t.Fatal(err)
			}
			if (got == fresh) != c.fresh || got != fresh && got <= c.floor {
				t.Errorf("after %s comes %s, the fresh one is %s", c.floor, got, fresh)
			}
			if !c.fresh && after(c.floor, fresh) == got {
				t.Error("two nodes that step over the same floor meet")
			}
		})
	}
}

func TestWhatIsNotedOfATaskIsNeverBeforeWhatWasNotedLast(t *testing.T) {
	p := DefaultPolicy()
	noted := testStart.Add(10 * time.Second)
	at := noted.Add(-5 * time.Second) // By a clock that is behind that of the node before.
	running := queuedTask(Reboot).Start(Lease{Session: "s1", Generation: 1, Until: testStart.Add(time.Hour)}, noted)
	blocked := queuedTask(Reboot)
	blocked.Blocked, blocked.UpdatedAt = true, noted
	queued := queuedTask(Reboot)
	queued.UpdatedAt = noted
	flight := Flight{Method: "Reboot", Class: Unsafe, At: at}
	for _, c := range []struct {
		name string
		task Task
		// want is what CheckAt or NotBefore is to be, which count from the clock
		// itself; zero where there is none.
		want time.Time
	}{
		{name: "start", task: queued.Start(Lease{Session: "s2", Until: at.Add(time.Hour)}, at), want: at.Add(time.Hour)},
		{name: "depart", task: running.Depart(flight)},
		{name: "await", task: p.Await(running, at, ""), want: at.Add(p.outcome(Reboot))},
		{name: "succeed", task: p.Succeed(running, nil, at, ""), want: at.Add(p.Retention)},
		{name: "fail and try again", task: p.Fail(running, Fault{Code: 9002}, at), want: at.Add(p.Backoff)},
		{name: "fail", task: p.Fail(running, Fault{Code: 9003}, at), want: at.Add(p.Retention)},
		{name: "recover", task: p.Recover(running.Depart(flight), at), want: at.Add(p.outcome(Reboot))},
		{name: "time out", task: p.TimeOut(p.Await(running, at, ""), at), want: at.Add(p.Retention)},
		{name: "release", task: p.Release(blocked, true, at), want: at.Add(checkInterval)},
		{name: "cancel", task: p.End(blocked, Cancelled, Fault{}, at), want: at.Add(p.Retention)},
	} {
		t.Run(c.name, func(t *testing.T) {
			if !c.task.UpdatedAt.Equal(noted) {
				t.Errorf("updated at %s, want %s", c.task.UpdatedAt, noted)
			}
			if c.task.State.Final() && !c.task.FinishedAt.Equal(noted) {
				t.Errorf("finished at %s, want %s", c.task.FinishedAt, noted)
			}
			for _, a := range c.task.Attempts {
				if a.StartedAt.Before(noted) || !a.EndedAt.IsZero() && a.EndedAt.Before(noted) {
					t.Errorf("attempt from %s to %s, want none before %s", a.StartedAt, a.EndedAt, noted)
				}
			}
			if last := c.task.Timeline[len(c.task.Timeline)-1]; len(c.task.Timeline) > 1 && last.At.Before(noted) {
				t.Errorf("timeline ends at %s, want %s", last.At, noted)
			}
			if f := c.task.Flight; f != nil && f.At.Before(noted) {
				t.Errorf("departed at %s, want %s", f.At, noted)
			}
			if c.want.IsZero() {
				return
			}
			if base := c.task.CheckAt; !base.Equal(c.want) && !c.task.NotBefore.Equal(c.want) {
				t.Errorf("to be looked after at %s, not before %s, want %s by the clock itself", base, c.task.NotBefore, c.want)
			}
		})
	}
}

func TestEvidenceIsAwaitedAfterTheDelayThatTheDeviceWasGiven(t *testing.T) {
	p := DefaultPolicy()
	running := runningTask(Download)
	running.Args = json.RawMessage(`{"file":"f.bin","delaySeconds":7200}`)
	want := testStart.Add(2*time.Hour + p.outcome(Download))
	if got := p.Await(running, testStart, ""); !got.Deadline.Equal(want) {
		t.Errorf("deadline = %s, want %s", got.Deadline, want)
	}
	lost := p.Recover(running.Depart(Flight{Method: "Download", Class: Unsafe, At: testStart}), testStart)
	if !lost.Deadline.Equal(want) {
		t.Errorf("after a lost answer: deadline = %s, want %s", lost.Deadline, want)
	}
}
