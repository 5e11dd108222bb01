package history

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Run stores what is reported, until the context ends; then it finishes what it is
// at and stores what is left within five seconds. It may be called once. Whatever
// reports has to end before.
func (r *Recorder) Run(ctx context.Context) {
	ticker := time.NewTicker(flushInterval)
	defer ticker.Stop()
	// What was begun is finished, also when the context ends meanwhile.
	working := context.WithoutCancel(ctx)
	for ctx.Err() == nil { // A select alone might go on with sessions for a while.
		select {
		case <-ctx.Done():
		case s := <-r.sessions:
			r.store(working, s)
		case <-ticker.C:
			r.flush(working)
			r.logDropped(working)
		}
	}
	r.stop(working)
}

// stop stores what is left: the counts first, which are the smaller loss of time
// and the greater of knowledge.
func (r *Recorder) stop(working context.Context) {
	ctx, cancel := context.WithTimeout(working, stopTime)
	defer cancel()
	r.flush(ctx)
	for len(r.sessions) > 0 {
		r.store(ctx, <-r.sessions)
	}
	r.logDropped(working)
}

func (r *Recorder) store(ctx context.Context, s Session) {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if err := r.options.Store.PutSession(ctx, s); err != nil {
		r.failure = err
		r.dropSession()
	}
}

// flush adds what was counted to what is stored. After a span that failed it takes
// the others back untried: a store that is away would keep it for minutes.
func (r *Recorder) flush(ctx context.Context) {
	failed := false
	for _, counts := range r.counts.take() {
		counts.Node = r.options.Node
		failed = failed || !r.addCounts(ctx, counts)
		if failed {
			r.dropSpans(r.counts.giveBack(counts))
		}
	}
}

func (r *Recorder) addCounts(ctx context.Context, counts Counts) bool {
	ctx, cancel := context.WithTimeout(ctx, storeTime)
	defer cancel()
	if err := r.options.Store.AddCounts(ctx, counts); err != nil {
		r.failure = err
		return false
	}
	return true
}

// logDropped says what went wrong since it was called last, if anything did.
func (r *Recorder) logDropped(ctx context.Context) {
	if r.failure != nil {
		r.options.Logger.WarnContext(ctx, "cannot store history", logkeys.Error, r.failure)
		r.failure = nil
	}
	if n := r.lostSessions.Swap(0); n > 0 {
		r.options.Logger.WarnContext(ctx, "sessions are missing in the history", logkeys.Count, n)
	}
	if n := r.lostSpans.Swap(0); n > 0 {
		r.options.Logger.WarnContext(ctx, "five-minute counts are missing in the history", logkeys.Count, n)
	}
}
