package history_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"github.com/dialtone-acs/dialtone/history"
)

// desk is a recorder with all that it needs, in a bubble of synctest.
type desk struct {
	*history.Recorder
	*memory
	registry *prometheus.Registry
	log      *bytes.Buffer
	stop     func()
}

// newDesk returns a recorder that runs until stop, at the beginning of a span.
func newDesk(t *testing.T) *desk {
	t.Helper()
	d := &desk{memory: &memory{}, registry: prometheus.NewRegistry(), log: &bytes.Buffer{}}
	var err error
	d.Recorder, err = history.NewRecorder(history.Options{
		Store: d.memory, Node: "n1", Now: time.Now, Logger: slog.New(slog.NewTextHandler(d.log, nil)), Metrics: d.registry,
	})
	if err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(time.Now().Truncate(history.Span).Add(history.Span)))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Run(ctx)
	}()
	d.stop = func() {
		cancel()
		<-done
	}
	synctest.Wait()
	return d
}

func boot(id string) history.Session {
	return history.Session{ID: id, Outcome: "completed", Events: []string{"1 BOOT"}}
}

func (d *desk) dropped(t *testing.T, sessions, counts int) {
	t.Helper()
	want := fmt.Sprintf("# HELP dialtone_history_dropped_total History that was not stored: sessions, and five-minute spans of counts.\n"+
		"# TYPE dialtone_history_dropped_total counter\n"+
		"dialtone_history_dropped_total{kind=\"counts\"} %d\ndialtone_history_dropped_total{kind=\"session\"} %d\n", counts, sessions)
	if err := testutil.GatherAndCompare(d.registry, strings.NewReader(want), "dialtone_history_dropped_total"); err != nil {
		t.Error(err)
	}
}

func TestSessionsAreCountedAndThoseInWhichSomethingHappenedAreKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		begun := time.Now().UTC()
		d.SessionEnded(history.Session{ID: "a", Outcome: "completed", Events: []string{"2 PERIODIC"}})
		d.SessionEnded(history.Session{ID: "b", Device: "phone", Outcome: "completed", Events: []string{"2 PERIODIC"}, RPCs: 2, Address: "192.0.2.1", Node: "wrong"})
		d.SessionEnded(history.Session{ID: "c", Outcome: "timedOut", Events: []string{"2 PERIODIC"}})
		synctest.Wait()
		want := history.Session{ID: "b", Device: "phone", Outcome: "completed", Events: []string{"2 PERIODIC"}, RPCs: 2, Address: "192.0.2.1", Node: "n1"}
		if diff := cmp.Diff([]string{"b", "c"}, d.ids()); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(want, d.sessions[0]); diff != "" {
			t.Error(diff)
		}
		d.stop()
		wantCounts := []history.Counts{{At: begun, Node: "n1", Values: map[string]int64{"sessions.completed": 2, "sessions.failed": 1, "sessions.failed.timedOut": 1}}}
		if diff := cmp.Diff(wantCounts, d.counts); diff != "" {
			t.Error(diff)
		}
		d.dropped(t, 0, 0)
	})
}

func TestTasksAreCountedByStateKindAndFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for _, task := range []history.Task{
			{Kind: "reboot", State: "succeeded"},
			{Kind: "setParameterValues", State: "failed", FaultCode: 9002},
			{Kind: "setParameterValues", State: "failed", FaultCode: 9002},
			{Kind: "download", State: "failed", FaultReason: "noEvidence"},
			{Kind: "download", State: "failed"},
			{Kind: "download", State: "expired", FaultReason: "expired"},
			{Kind: "down.load\n", State: "cancelled", FaultReason: strings.Repeat("x", 1000)},
			{Kind: "download", State: "failed", FaultReason: strings.Repeat("x", 1000)},
		} {
			d.TaskEnded(task)
		}
		d.stop()
		want := map[string]int64{
			"tasks.succeeded": 1, "tasks.succeeded.reboot": 1, "tasks.failed": 5, "tasks.failed.setParameterValues": 2, "tasks.failed.download": 3,
			"faults.9002": 2, "faults.noEvidence": 1, "faults.other": 2, "tasks.expired": 1, "tasks.expired.download": 1,
			"tasks.cancelled": 1, "tasks.cancelled.other": 1,
		}
		if diff := cmp.Diff(want, d.total()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestCountsAreAddedOnceAMinuteToTheirSpan(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		begun := time.Now().UTC()
		for range 12 { // Every half minute from 15 seconds on.
			time.Sleep(15 * time.Second)
			d.SessionEnded(history.Session{Outcome: "completed"})
			time.Sleep(15 * time.Second)
		}
		synctest.Wait()
		if d.calls != 6 {
			t.Errorf("counts were added %d times in 6 minutes, want once a minute", d.calls)
		}
		d.stop()
		spans := map[time.Time]int64{}
		for _, c := range d.counts {
			spans[c.At] += c.Values["sessions.completed"]
		}
		if diff := cmp.Diff(map[time.Time]int64{begun: 10, begun.Add(history.Span): 2}, spans); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAMinuteWithoutAnythingAsksNothingOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		time.Sleep(time.Hour)
		d.stop()
		if d.calls != 0 || d.log.Len() != 0 {
			t.Errorf("counts were added %d times, log: %s", d.calls, d.log)
		}
	})
}

func TestCountsThatCouldNotBeStoredAreAddedLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		begun := time.Now().UTC()
		d.set(func(m *memory) { m.away = true })
		time.Sleep(time.Second)
		for range 3 {
			d.TaskEnded(history.Task{Kind: "reboot", State: "succeeded"})
			time.Sleep(history.Span)
		}
		synctest.Wait()
		if d.calls != 15 {
			t.Errorf("a store that is away was asked %d times in 15 minutes, want once a minute", d.calls)
		}
		d.set(func(m *memory) { m.away = false })
		d.stop()
		want := map[time.Time]int64{begun: 1, begun.Add(history.Span): 1, begun.Add(2 * history.Span): 1}
		got := map[time.Time]int64{}
		for _, c := range d.counts {
			got[c.At] += c.Values["tasks.succeeded"]
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		d.dropped(t, 0, 0)
	})
}

func TestCountsThatWereStoredWithoutSayingSoCountTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.set(func(m *memory) { m.silent = true })
		d.SessionEnded(history.Session{Outcome: "completed"})
		time.Sleep(61 * time.Second)
		d.set(func(m *memory) { m.silent = false })
		d.stop()
		if got := d.total()["sessions.completed"]; got != 2 {
			t.Errorf("got %d, want the 2 that the documentation promises", got)
		}
	})
}

func TestCountsWaitForTheStoreForAnHourAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.set(func(m *memory) { m.away = true })
		for range 15 {
			d.SessionEnded(history.Session{Outcome: "completed"})
			time.Sleep(history.Span)
		}
		d.set(func(m *memory) { m.away = false })
		d.stop()
		if got := d.total()["sessions.completed"]; got != 12 {
			t.Errorf("%d spans were stored, want the last 12 of 15", got)
		}
		d.dropped(t, 0, 3)
	})
}

func TestManyMayReportAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		var group sync.WaitGroup
		for worker := range 8 {
			group.Go(func() {
				for i := range 100 {
					d.SessionEnded(boot(fmt.Sprintf("%d/%d", worker, i)))
					d.TaskEnded(history.Task{Kind: "reboot", State: "succeeded"})
					time.Sleep(time.Second)
				}
			})
		}
		group.Wait()
		d.stop()
		if total := d.total(); len(d.ids()) != 800 || total["sessions.completed"] != 800 || total["tasks.succeeded"] != 800 {
			t.Errorf("%d sessions and %v were stored", len(d.ids()), total)
		}
		d.dropped(t, 0, 0)
	})
}

func TestARecorderSaysThatItsMetricsAreTaken(t *testing.T) {
	registry := prometheus.NewRegistry()
	o := history.Options{Store: &memory{}, Now: time.Now, Logger: slog.New(slog.DiscardHandler), Metrics: registry}
	if _, err := history.NewRecorder(o); err != nil {
		t.Fatal(err)
	}
	if _, err := history.NewRecorder(o); err == nil {
		t.Error("a second recorder on the same registry was accepted")
	}
}
