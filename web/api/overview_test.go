package api

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnAnswerIsKeptForAWhile(t *testing.T) {
	now := time.Unix(1e9, 0)
	computed := 0
	k := newKept(func() time.Time { return now }, keptTime, func(_ context.Context, key string) (string, error) {
		computed++
		return fmt.Sprint(key, computed), nil
	})
	for _, step := range []struct {
		key  string
		wait time.Duration
		want string
	}{{"a", 0, "a1"}, {"a", keptTime - 1, "a1"}, {"b", 0, "b2"}, {"a", 1, "a3"}, {"a", -time.Hour, "a4"}} {
		now = now.Add(step.wait)
		answer, err := k.get(t.Context(), step.key)
		if err != nil || answer.value != step.want {
			t.Errorf("%s after %s gives %q, %v; want %q", step.key, step.wait, answer.value, err, step.want)
		}
	}
}

func TestManyWhoAskAtOnceWaitForOneComputation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var computed, under, most atomic.Int32
		k := newKept(time.Now, keptTime, func(context.Context, string) (int, error) {
			most.Store(max(most.Load(), under.Add(1)))
			time.Sleep(time.Second)
			under.Add(-1)
			return int(computed.Add(1)), nil
		})
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				if _, err := k.get(t.Context(), fmt.Sprint(i%3)); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if computed.Load() != 3 || most.Load() != 1 {
			t.Errorf("computed %d times, %d at once; want 3 times, one at once", computed.Load(), most.Load())
		}
	})
}

func TestWhoLeavesDoesNotKeepOthersFromComputing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newKept(time.Now, keptTime, func(ctx context.Context, _ string) (int, error) {
			select {
			case <-ctx.Done():
				return 0, ctx.Err()
			case <-time.After(time.Minute):
				return 1, nil
			}
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := k.get(ctx, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("answer of one who left: %v", err)
		}
		// What takes longer than computeTime is given up.
		if _, err := k.get(t.Context(), "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a computation without end: %v", err)
		}
		if len(k.entries) != 0 || len(k.turn) != 0 {
			t.Error("a failure is kept, or the turn is")
		}
	})
}

func TestTheKeptAnswersAreBounded(t *testing.T) {
	now := time.Unix(1e9, 0)
	k := newKept(func() time.Time { return now }, keptTime, func(context.Context, string) (int, error) { return 1, nil })
	for i := range 3 * keptEntries {
		if _, err := k.get(t.Context(), fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if len(k.entries) > keptEntries {
			t.Fatalf("%d answers are kept", len(k.entries))
		}
	}
	now = now.Add(keptTime)
	for i := range keptEntries {
		if _, err := k.get(t.Context(), fmt.Sprint("later", i)); err != nil || len(k.entries) > keptEntries {
			t.Fatalf("%d answers are kept (%v)", len(k.entries), err)
		}
	}
}

func TestTheGuideShowsEveryCallOverAFleet(t *testing.T) {
	raw, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{
		"/devices/summary", "/devices/export", "/devices/bulk", "/parameters/reveal", "/sessions", "/timeline", "/filterFields", "/tasks/causes", "/tasks/retry",
		"/statistics", "/attention", "/system",
	} {
		if !strings.Contains(string(raw), path) {
			t.Errorf("docs/api.md does not show %s", path)
		}
	}
}
