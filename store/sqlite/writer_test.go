package sqlite

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// insertToken is a closure that writes one row.
func insertToken(id string) func(*conn) error {
	return func(c *conn) error {
		_, err := c.exec("INSERT INTO tokens (id, name, role, scope, hash, created_at, created_by, expires, last_used) VALUES (?, '', '', '', ?, 0, '', 0, 0)", id, id)
		return err
	}
}

// breakRule is a closure that makes the database itself refuse.
func breakRule(c *conn) error {
	_, err := c.exec("INSERT INTO pings (n, count) VALUES (1, 0)")
	return err
}

// hold keeps the writer busy until release is called.
func hold(t *testing.T, s *Store) (release func()) {
	t.Helper()
	begun, let := make(chan struct{}), make(chan struct{})
	done := make(chan error, 1)
	go func() {
		done <- s.write(context.Background(), "hold", func(*conn) error {
			close(begun)
			<-let
			return nil
		})
	}()
	<-begun
	return func() {
		t.Helper()
		close(let)
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

// submitAll queues closures in their order while the writer is held, and returns
// their outcomes once it was released.
func submitAll(t *testing.T, s *Store, closures ...func(*conn) error) []error {
	t.Helper()
	release := hold(t, s)
	results := make([]error, len(closures))
	var group sync.WaitGroup
	for i, run := range closures {
		group.Go(func() { results[i] = s.write(context.Background(), "test", run) })
		waitQueued(s, i+1)
	}
	release()
	group.Wait()
	return results
}

func waitQueued(s *Store, count int) {
	for len(s.writer.queue) < count {
		runtime.Gosched()
	}
}

func tokenIDs(t *testing.T, s *Store) string {
	t.Helper()
	all, err := s.Tokens().Tokens(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := ""
	for _, token := range all {
		list += token.ID
	}
	return list
}

func TestWritesThatWaitShareATransaction(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := openClosing(t, Options{Registerer: registry})
	var closures []func(*conn) error
	for i := range 100 {
		closures = append(closures, insertToken(fmt.Sprint(i)))
	}
	if err := errors.Join(submitAll(t, s, closures...)...); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() != "dialtone_store_batch_size" {
			continue
		}
		histogram := family.GetMetric()[0].GetHistogram()
		if histogram.GetSampleCount() != 2 || histogram.GetSampleSum() != 101 {
			t.Errorf("%d transactions carried %v writes, want the one that waited and one for the other 100", histogram.GetSampleCount(), histogram.GetSampleSum())
		}
		return
	}
	t.Error("there is no metric of batches")
}

func TestABatchIsBounded(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := openClosing(t, Options{Registerer: registry})
	var closures []func(*conn) error
	for i := range maxBatch + 10 {
		closures = append(closures, insertToken(fmt.Sprint(i)))
	}
	if err := errors.Join(submitAll(t, s, closures...)...); err != nil {
		t.Fatal(err)
	}
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, family := range families {
		if family.GetName() == "dialtone_store_batch_size" && family.GetMetric()[0].GetHistogram().GetSampleCount() != 3 {
			t.Errorf("%d transactions, want 3", family.GetMetric()[0].GetHistogram().GetSampleCount())
		}
	}
}

func TestAnErrorOfTheDomainDoesNotDisturbItsNeighbours(t *testing.T) {
	s := openClosing(t, Options{})
	refused := func(*conn) error { return device.ErrConflict }
	results := submitAll(t, s, insertToken("a"), refused, insertToken("b"))
	if results[0] != nil || !errors.Is(results[1], device.ErrConflict) || results[2] != nil {
		t.Errorf("results are %v", results)
	}
	if got := tokenIDs(t, s); got != "ab" {
		t.Errorf("stored %s, want ab", got)
	}
}

func TestAnErrorOfTheDatabaseMeetsOnlyWhoCausedIt(t *testing.T) {
	s := openClosing(t, Options{})
	half := func(c *conn) error { return errors.Join(insertToken("x")(c), breakRule(c)) }
	refused := func(*conn) error { return device.ErrConflict }
	results := submitAll(t, s, insertToken("a"), half, refused, breakRule, insertToken("b"))
	for i, want := range []bool{false, true, false, true, false} {
		if isDatabaseError(results[i]) != want {
			t.Errorf("result %d is %v", i, results[i])
		}
	}
	if !errors.Is(results[2], device.ErrConflict) {
		t.Errorf("result 2 is %v, want %v", results[2], device.ErrConflict)
	}
	if got := tokenIDs(t, s); got != "ab" {
		t.Errorf("stored %s, want ab and nothing of those that failed", got)
	}
}

func TestAWriteThatWaitsIsLeftWhenItsContextEnds(t *testing.T) {
	s := openClosing(t, Options{})
	release := hold(t, s)
	ctx, cancel := context.WithCancel(t.Context())
	result := make(chan error, 1)
	go func() { result <- s.write(ctx, "test", insertToken("left")) }()
	waitQueued(s, 1)
	cancel()
	// The answer comes although the writer is still busy.
	if err := <-result; !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
	release()
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := tokenIDs(t, s); got != "" {
		t.Errorf("stored %s, want nothing", got)
	}
}

func TestAWriteThatHasBegunIsCarriedThrough(t *testing.T) {
	s := openClosing(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.write(ctx, "test", func(c *conn) error {
		cancel()
		return insertToken("kept")(c)
	})
	if err != nil {
		t.Errorf("error is %v, want the real outcome", err)
	}
	if got := tokenIDs(t, s); got != "kept" {
		t.Errorf("stored %q, want kept", got)
	}
}

func TestClosingFinishesWhatIsQueued(t *testing.T) {
	s := openTest(t, Options{Path: t.TempDir() + "/dialtone.db"})
	release := hold(t, s)
	results := make(chan error, 10)
	for i := range cap(results) {
		go func() { results <- s.write(context.Background(), "test", insertToken(fmt.Sprint(i))) }()
	}
	waitQueued(s, cap(results))
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	release()
	for range cap(results) {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if got := tokenIDs(t, openClosing(t, Options{Path: s.path})); got != "0123456789" {
		t.Errorf("stored %s, want all ten", got)
	}
}

func TestAClosedStoreSaysSoAndLeavesNoGoroutine(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	s := openTest(t, Options{Path: t.TempDir() + "/dialtone.db"})
	if err := s.Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"write": s.Tokens().PutToken(t.Context(), users.Token{ID: "t"}), "ping": s.Ping(t.Context()), "backup": s.Backup(t.Context(), t.TempDir()+"/b"),
		"read": func() error { _, err := s.Tokens().Tokens(t.Context()); return err }(),
	} {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("%s returns %v, want %v", name, err, ErrClosed)
		}
	}
}

func TestOperationsAreCountedByTheirResult(t *testing.T) {
	registry := prometheus.NewRegistry()
	s := openClosing(t, Options{Registerer: registry})
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, _ = s.Devices().Get(t.Context(), "unknown")
	_, _ = s.Devices().Get(ended, "unknown")
	_ = s.write(t.Context(), "test", breakRule)
	_ = s.write(t.Context(), "test", func(*conn) error { return nil })
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	counted := make(map[string]float64)
	for _, family := range families {
		for _, metric := range family.GetMetric() {
			if family.GetName() == "dialtone_store_operations_total" {
				counted[metric.GetLabel()[0].GetValue()+" "+metric.GetLabel()[1].GetValue()] = metric.GetCounter().GetValue()
			}
		}
	}
	for _, key := range []string{"getDevice refused", "getDevice cancelled", "test error", "test ok"} {
		if counted[key] != 1 {
			t.Errorf("%s was counted %v times, want once: %v", key, counted[key], counted)
		}
	}
}

func TestASearchEndsWithItsContext(t *testing.T) {
	s := openClosing(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	err := s.read(ctx, "test", func(c *conn) error {
		return c.search(ctx, func(*row) error { cancel(); return nil }, "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n", nil)
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
	if _, err := s.Tokens().Tokens(t.Context()); err != nil {
		t.Errorf("the connection does not work any more: %v", err)
	}
}
