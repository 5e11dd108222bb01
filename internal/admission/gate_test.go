package admission

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func gate(working, waiting int) *Gate {
	return NewGate(GateOptions{Working: working, Waiting: waiting, Patience: 2 * time.Second, BegunPatience: 10 * time.Second})
}

// fill takes every place of a gate.
func fill(t *testing.T, g *Gate) {
	t.Helper()
	for range g.options.Working {
		if err := g.Enter(t.Context(), New); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhoHasBegunGoesFirstAndOthersInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(1, 10)
		fill(t, g)
		var order []string
		var all sync.WaitGroup
		for _, who := range []struct {
			name  string
			class Class
		}{{"new 1", New}, {"new 2", New}, {"begun 1", Begun}, {"begun 2", Begun}} {
			all.Go(func() {
				if err := g.Enter(t.Context(), who.class); err != nil {
					t.Error(err)
				}
				order = append(order, who.name) // One at a time is in.
				g.Leave()
			})
			synctest.Wait()
		}
		g.Leave()
		all.Wait()
		if want := []string{"begun 1", "begun 2", "new 1", "new 2"}; !slices.Equal(order, want) {
			t.Errorf("order %v, want %v", order, want)
		}
		if working, waiting := g.Counts(); working != 0 || waiting != 0 {
			t.Errorf("%d work and %d wait at the end", working, waiting)
		}
	})
}

func TestWhoWaitsForTooLongIsTurnedAway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(1, 10)
		fill(t, g)
		for class, want := range map[Class]time.Duration{New: 2 * time.Second, Begun: 10 * time.Second} {
			began := time.Now()
			if err := g.Enter(t.Context(), class); !errors.Is(err, ErrWaited) || time.Since(began) != want {
				t.Errorf("class %d: %v after %s, want ErrWaited after %s", class, err, time.Since(began), want)
			}
		}
		if _, waiting := g.Counts(); waiting != 0 {
			t.Errorf("%d still wait", waiting)
		}
	})
}

func TestACrowdIsTurnedAwayAndWhatHasBegunPutsOutWhatIsNew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(1, 2)
		fill(t, g)
		if g.Crowded() {
			t.Error("crowded while nobody waits")
		}
		ended := make(chan error, 2)
		for range 2 {
			go func() { ended <- g.Enter(t.Context(), New) }()
			synctest.Wait()
		}
		if !g.Crowded() {
			t.Error("not crowded while as many wait as may")
		}
		if err := g.Enter(t.Context(), New); !errors.Is(err, ErrCrowded) {
			t.Errorf("one more: %v", err)
		}
		begun := make(chan error, 1)
		go func() { begun <- g.Enter(t.Context(), Begun) }()
		if err := <-ended; !errors.Is(err, ErrCrowded) {
			t.Errorf("the last one that is new: %v", err)
		}
		g.Leave()
		if err := <-begun; err != nil {
			t.Error(err)
		}
		g.Leave()
		if err := <-ended; err != nil {
			t.Errorf("the first one that is new: %v", err)
		}
		g.Leave()
	})
}

func TestWhatHasBegunIsTurnedAwayWhereOnlySuchWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(1, 1)
		fill(t, g)
		go func() { _ = g.Enter(t.Context(), Begun) }()
		synctest.Wait()
		if err := g.Enter(t.Context(), Begun); !errors.Is(err, ErrCrowded) {
			t.Error(err)
		}
		g.Leave()
	})
}

func TestWhoIsGoneGivesItsPlaceUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := gate(1, 10)
		fill(t, g)
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- g.Enter(ctx, New) }()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		// One that is let in and gone at one moment must not keep the place either.
		for range 100 {
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				if g.Enter(ctx, New) == nil {
					g.Leave()
				}
			}()
			synctest.Wait()
			go cancel()
			g.Leave()
			synctest.Wait()
			if working, waiting := g.Counts(); working != 0 || waiting != 0 {
				t.Fatalf("%d work and %d wait at the end", working, waiting)
			}
			fill(t, g)
		}
	})
}

// TestAStormIsAnsweredInTimeAndAtFullPace sends ten times what can be worked on.
func TestAStormIsAnsweredInTimeAndAtFullPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const (
			working, service = 4, 10 * time.Millisecond // 400 a second.
			arrivals, length = 4000, 10                 // So many a second, for so many seconds.
		)
		g := gate(working, 10_000)
		var mu sync.Mutex
		var longest time.Duration
		done, turned := 0, 0
		var all sync.WaitGroup
		for range arrivals * length {
			all.Go(func() {
				came := time.Now()
				err := g.Enter(t.Context(), New)
				if err == nil {
					time.Sleep(service)
					g.Leave()
				}
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					turned++
					return
				}
				done++
				longest = max(longest, time.Since(came))
			})
			time.Sleep(time.Second / arrivals)
		}
		all.Wait()
		if least := working * length * int(time.Second/service) * 95 / 100; done < least {
			t.Errorf("%d were answered, want at least %d: the pace of an idle server", done, least)
		}
		if most := 2*time.Second + service; longest > most {
			t.Errorf("an answer took %s, want at most %s", longest, most)
		}
		if done+turned != arrivals*length {
			t.Errorf("%d answered and %d turned away are not all", done, turned)
		}
	})
}
