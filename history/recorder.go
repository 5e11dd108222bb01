package history

import (
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

const (
	// maxWaiting is how many sessions wait to be stored.
	maxWaiting = 1024
	// flushInterval is how often counts are added to those in the store.
	flushInterval = time.Minute
	// storeTime bounds one operation of the store, stopTime all that is left to
	// store when Run ends.
	storeTime = 5 * time.Second
	stopTime  = 5 * time.Second
)

// Options are what a Recorder is made of; all are required.
type Options struct {
	Store Store
	// Node names this server.
	Node    string
	Now     func() time.Time
	Logger  *slog.Logger
	Metrics prometheus.Registerer
}

// Task is what a Recorder is told of a task that ended.
type Task struct {
	// Kind and State are in one word, such as "reboot" and "failed".
	Kind  string
	State string
	// FaultCode is the CWMP fault code it failed with, or 0; FaultReason then says
	// why, in one word.
	FaultCode   int
	FaultReason string
}

// Recorder writes history as it happens. What is reported to it is counted in
// memory and stored by Run, so that no report waits for the store. It is safe for
// concurrent use.
//
// The names of its counts: "sessions.completed" and "sessions.failed" (with
// "sessions.failed.timedOut" and so on by outcome), "tasks.succeeded",
// "tasks.failed", "tasks.expired" and "tasks.cancelled" (with
// "tasks.failed.reboot" and so on by kind), "faults.9002" and so on by fault code,
// or by reason for want of a code, of the tasks that failed. Details that have no
// room are summed up in "other".
//
// History is not worth holding anything up: sessions that the store refuses, or
// that come while 1024 others wait, are lost, and so are counts that could
// not be stored for an hour. Both are counted in dialtone_history_dropped_total
// and logged once a minute. Counts whose storing failed are added again with the
// next ones; if the store took them without saying so, they count twice.
type Recorder struct {
	options  Options
	counts   *counter
	sessions chan Session
	dropped  *prometheus.CounterVec
	// lostSessions and lostSpans are those that are not logged yet.
	lostSessions, lostSpans atomic.Int64
	// failure is why the store last refused something that is not logged yet; only
	// Run's goroutine uses it.
	failure error
}

// NewRecorder returns a recorder; Run makes it store. It returns an error if the
// metrics are registered already.
func NewRecorder(o Options) (*Recorder, error) {
	r := &Recorder{options: o, counts: newCounter(), sessions: make(chan Session, maxWaiting)}
	r.dropped = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dialtone_history_dropped_total", Help: "History that was not stored: sessions, and five-minute spans of counts.",
	}, []string{"kind"})
	if err := o.Metrics.Register(r.dropped); err != nil {
		return nil, fmt.Errorf("register history metrics: %w", err)
	}
	for _, kind := range []string{"session", "counts"} {
		r.dropped.WithLabelValues(kind) // So that an alert has a 0 to grow from.
	}
	return r, nil
}

// SessionEnded counts a session, and has it stored if something happened in it
// (Notable). Its Node is set. It does not block.
func (r *Recorder) SessionEnded(s Session) {
	if s.Outcome == completed {
		r.count("sessions.completed")
	} else {
		r.count("sessions.failed", "sessions.failed."+namePart(s.Outcome))
	}
	if !Notable(s) {
		return
	}
	s.Node = r.options.Node
	select {
	case r.sessions <- s:
	default:
		r.dropSession()
	}
}

// TaskEnded counts a task that reached a final state. It does not block.
func (r *Recorder) TaskEnded(t Task) {
	total := "tasks." + namePart(t.State)
	names := []string{total, total + "." + namePart(t.Kind)}
	switch {
	case t.State != "failed":
	case t.FaultCode != 0:
		names = append(names, "faults."+namePart(strconv.Itoa(t.FaultCode)))
	default:
		names = append(names, "faults."+namePart(t.FaultReason))
	}
	r.count(names...)
}

func (r *Recorder) count(names ...string) { r.dropSpans(r.counts.add(r.options.Now(), names...)) }

func (r *Recorder) dropSession() {
	r.dropped.WithLabelValues("session").Inc()
	r.lostSessions.Add(1)
}

func (r *Recorder) dropSpans(n int) {
	r.dropped.WithLabelValues("counts").Add(float64(n))
	r.lostSpans.Add(int64(n))
}
