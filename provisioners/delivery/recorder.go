package delivery

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/provisioners"
)

const (
	// gatherTime is how long records are gathered before they are stored together.
	gatherTime = 250 * time.Millisecond
	// notePatience is how long a request waits for a place among those to record;
	// heldPatience, if the phone took the file that says what it holds: without the
	// record it would count as pending until it asks again, which may be a day later.
	notePatience = 200 * time.Millisecond
	heldPatience = 4 * time.Second
	// storePatience bounds one attempt to store, storeAttempts how many there are.
	storePatience = 10 * time.Second
	storeAttempts = 3
	// storePause is between two attempts.
	storePause = time.Second
	// drainTime is how long what waits may take to be stored at the end.
	drainTime = 5 * time.Second
	// maxStrangersAtOnce bounds what is recorded at once of phones that are not known:
	// anybody can make them up.
	maxStrangersAtOnce = 50
	// contactsAtOnce is how many devices are written at once: the store commits together
	// what comes together.
	contactsAtOnce = 32
	// droppedInterval is how often it is logged that records were dropped.
	droppedInterval = time.Minute
)

// recorder stores what became of requests. One goroutine does, in batches; the requests
// do not wait for the store.
type recorder struct {
	queue        chan record
	fetches      provisioners.FetchStore
	provisioning device.ProvisioningStore
	now          func() time.Time
	logger       *slog.Logger
	metrics      *metrics

	mu sync.Mutex
	// dropped counts what was not recorded since logged.
	dropped int
	logged  time.Time
}

func newRecorder(o *Options, m *metrics) *recorder {
	return &recorder{
		queue: make(chan record, o.Queue), fetches: o.Fetches, provisioning: o.Provisioning, now: o.Now, logger: o.Logger, metrics: m,
	}
}

// note records a request later. Where too many wait it waits a little for a place, and
// is counted as dropped then.
func (r *recorder) note(n record) {
	select {
	case r.queue <- n:
		return
	default:
	}
	patience := notePatience
	if n.contact.Held != "" || n.contact.FileHeld != "" {
		patience = heldPatience
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case r.queue <- n:
	case <-timer.C:
		r.drop(resultFull, 1, nil)
	}
}

// drop counts requests that are not recorded, and says so in the log from time to time.
func (r *recorder) drop(reason string, count int, err error) {
	if count == 0 {
		return
	}
	r.metrics.dropped.WithLabelValues(reason).Add(float64(count))
	r.mu.Lock()
	defer r.mu.Unlock()
	r.dropped += count
	now := r.now()
	if now.Sub(r.logged) < droppedInterval {
		return
	}
	attrs := []any{logkeys.Count, r.dropped, logkeys.Reason, reason}
	if err != nil {
		attrs = append(attrs, logkeys.Error, err)
	}
	r.logger.Warn("requests for files were not recorded", attrs...)
	r.dropped, r.logged = 0, now
}

// run stores records until the context ends, and then those that wait, for drainTime
// at most.
func (r *recorder) run(ctx context.Context) {
	storing, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(drainTime, stop) })()
	for ctx.Err() == nil {
		r.store(storing, r.gather(ctx))
	}
	for {
		b := newBatch()
		for b.size < provisioners.MaxFetches && len(r.queue) > 0 {
			b.add(<-r.queue)
		}
		if b.size == 0 {
			return
		}
		r.store(storing, b)
	}
}

// gather waits for a record, and takes what comes within gatherTime.
func (r *recorder) gather(ctx context.Context) *batch {
	b := newBatch()
	select {
	case n := <-r.queue:
		b.add(n)
	case <-ctx.Done():
		return b
	}
	timer := time.NewTimer(gatherTime)
	defer timer.Stop()
	for b.size < provisioners.MaxFetches {
		select {
		case n := <-r.queue:
			b.add(n)
		case <-timer.C:
			return b
		case <-ctx.Done():
			return b
		}
	}
	return b
}
