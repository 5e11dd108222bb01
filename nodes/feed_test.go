package nodes_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dialtone-acs/dialtone/nodes"
)

// follower is a node with a feed, and what its handler got.
type follower struct {
	*node
	feed *nodes.Feed
	mu   sync.Mutex
	got  []nodes.Message
}

const (
	// noticed is how long it takes until all nodes said that they send.
	noticed = nodes.DefaultBeat + time.Second
	// settled is how long it takes at most until they are taken to send.
	settled = 2*nodes.DefaultBeat + 2*time.Second
)

func newFollower(t *testing.T, store *shared) *follower {
	t.Helper()
	f := &follower{node: newNode(t, store, 0)}
	var err error
	f.feed, err = nodes.NewFeed(f.registry, func(_ context.Context, messages []nodes.Message) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.got = append(f.got, messages...)
	})
	if err != nil {
		t.Fatal(err)
	}
	f.start(f.feed.Run)
	return f
}

// pair starts two nodes that know each other; somebody listens at the second.
func pair(t *testing.T) (a, b *follower, store *shared) {
	t.Helper()
	store = newShared()
	a, b = newFollower(t, store), newFollower(t, store)
	time.Sleep(time.Minute + time.Millisecond)
	b.feed.Listen(true)
	time.Sleep(noticed)
	b.wants("when it began to listen", nodes.KindOverflow)
	return a, b, store
}

// wants checks what the handler got since it was last asked: the kind of each
// message, with its data if it has any.
func (f *follower) wants(when string, want ...string) {
	f.t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	var got []string
	for _, m := range f.got {
		got = append(got, m.Kind+string(m.Data))
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("%s: got %d messages %.200v, want %d %.200v", when, len(got), got, len(want), want)
	}
	f.got = nil
}

func (f *follower) send(texts ...string) {
	for _, text := range texts {
		f.feed.Send("said ", []byte(text))
	}
}

func TestMessagesArriveInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, _ := pair(t)
		var want []string
		for i := range 3000 {
			a.send(fmt.Sprint(i))
			want = append(want, fmt.Sprintf("said %d", i))
		}
		time.Sleep(5 * time.Second)
		b.wants("after 3000 messages", want...)
		if n := a.line.count("Publish"); n > 20 {
			t.Errorf("the store was called %d times for them", n)
		}
		a.wants("at the node where nobody listens")
	})
}

func TestAFeedCostsNothingWhileNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newFollower(t, store), newFollower(t, store)
		for range 600 {
			time.Sleep(time.Second)
			a.send("x")
		}
		for _, n := range []*follower{a, b} {
			for _, call := range []string{"Publish", "Messages", "DeleteMessages"} {
				if got := n.line.count(call); got != 0 {
					t.Errorf("%s was called %d times", call, got)
				}
			}
		}
		b.kill()
		a.feed.Listen(true)
		time.Sleep(time.Minute)
		before := a.line.count("Messages")
		time.Sleep(time.Hour)
		if got := a.line.count("Messages") - before + a.line.count("Publish"); got != 0 {
			t.Errorf("a node that is alone called the store %d times", got)
		}
	})
}

func TestNobodyIsToldOfANodeThatIsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newFollower(t, newShared())
		time.Sleep(time.Minute)
		a.feed.Listen(true)
		a.send("x")
		time.Sleep(time.Hour)
		a.wants("alone")
	})
}

func TestWhoBeginsToListenIsToldOnceToReadAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newFollower(t, store), newFollower(t, store)
		time.Sleep(900 * time.Millisecond) // Nodes notice at different moments.
		c := newFollower(t, store)
		time.Sleep(time.Minute + time.Millisecond)
		b.feed.Listen(true)
		time.Sleep(noticed)
		a.send("to b only")
		time.Sleep(time.Second)
		b.wants("at the first", nodes.KindOverflow, "said to b only")

		c.feed.Listen(true)
		time.Sleep(noticed)
		b.wants("at the first when another begins")
		c.wants("at the second", nodes.KindOverflow)
		a.send("to both")
		time.Sleep(time.Second)
		for _, n := range []*follower{b, c} {
			n.wants("at both", "said to both")
		}
	})
}

func TestNothingIsMissedUntoldFromTheMomentOfListening(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newShared()
		a, b := newFollower(t, store), newFollower(t, store)
		time.Sleep(time.Minute + 700*time.Millisecond)
		b.feed.Listen(true)
		for i := range 100 {
			a.send(fmt.Sprint(i))
			time.Sleep(100 * time.Millisecond)
		}
		time.Sleep(time.Second)
		// What comes before the word to read anew may be told or not; after it
		// everything must be told, in order.
		b.mu.Lock()
		defer b.mu.Unlock()
		at := slices.IndexFunc(b.got, func(m nodes.Message) bool { return m.Kind == nodes.KindOverflow })
		if at < 0 || len(b.got) < 70 {
			t.Fatalf("%d messages, told to read anew at %d", len(b.got), at)
		}
		first := 100 - (len(b.got) - at - 1)
		for i, m := range b.got[at+1:] {
			if string(m.Data) != fmt.Sprint(first+i) {
				t.Fatalf("message %d is %q, want %d", i, m.Data, first+i)
			}
		}
	})
}

func TestAListenerThatComesBackAtOnceIsToldToReadAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, pause := range []time.Duration{0, 300 * time.Millisecond, 5 * time.Second} {
			a, b, _ := pair(t)
			b.feed.Listen(false)
			time.Sleep(pause)
			b.feed.Listen(true)
			time.Sleep(settled)
			b.mu.Lock()
			n := len(b.got)
			b.got = nil
			b.mu.Unlock()
			// Without a pause nobody noticed anything, and nothing was missed.
			if want := min(1, int(pause)); n != want {
				t.Errorf("after %s: %d messages, want %d", pause, n, want)
			}
			a.send("x")
			time.Sleep(time.Second)
			b.wants("afterwards", "said x")
			a.stop()
			b.stop()
		}
	})
}

func TestNodesStopSendingWhenNobodyListens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, _ := pair(t)
		b.feed.Listen(false)
		time.Sleep(nodes.DefaultBeat + time.Second)
		sent, read := a.line.count("Publish"), b.line.count("Messages")
		for range 100 {
			a.send("x")
			time.Sleep(time.Second)
		}
		if n := a.line.count("Publish") - sent + b.line.count("Messages") - read; n != 0 {
			t.Errorf("the store was called %d times", n)
		}
		b.wants("afterwards")
	})
}

func TestWhatFindsNoRoomIsToldAsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, _ := pair(t)
		open := make(chan struct{})
		a.line.breaks(func(call string) error {
			if call == "Publish" {
				<-open
			}
			return nil
		}, nil)
		for i := range 10_000 {
			a.send(fmt.Sprint(i))
		}
		close(open)
		time.Sleep(10 * time.Second)
		b.mu.Lock()
		defer b.mu.Unlock()
		missed, last := 0, -1
		for _, m := range b.got {
			if m.Kind == nodes.KindOverflow {
				missed++
				continue
			}
			n, err := strconv.Atoi(string(m.Data))
			if err != nil || n <= last {
				t.Fatalf("%q came after %d", m.Data, last)
			}
			last = n
		}
		if n := len(b.got) - missed; missed == 0 || n < 4096 || n > 5000 {
			t.Errorf("%d messages, %d times told that some were missed", n, missed)
		}
	})
}

func TestWhatIsTooLargeIsToldAsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, _ := pair(t)
		a.feed.Send("large", bytes.Repeat([]byte{'x'}, nodes.MaxMessage+1))
		time.Sleep(time.Second)
		b.wants("afterwards", nodes.KindOverflow)
		a.feed.Send("largest", make([]byte, nodes.MaxMessage))
		time.Sleep(time.Second)
		b.wants("at the limit", "largest"+string(make([]byte, nodes.MaxMessage)))
	})
}

func TestWhatCouldNotBeStoredIsToldAsMissed(t *testing.T) {
	for name, breaks := range map[string]func(*line){
		"nothing was stored":     func(l *line) { l.breaks(only("Publish"), nil) },
		"the answer was lost":    func(l *line) { l.breaks(nil, only("Publish")) },
		"everything breaks":      func(l *line) { l.cut() },
		"nothing can be removed": func(l *line) { l.breaks(only("DeleteMessages"), only("Publish")) },
	} {
		synctest.Test(t, func(t *testing.T) {
			a, b, _ := pair(t)
			breaks(a.line)
			a.send("1", "2")
			time.Sleep(5 * time.Second)
			a.line.breaks(nil, nil)
			a.send("3")
			time.Sleep(5 * time.Second)
			b.mu.Lock()
			if !slices.ContainsFunc(b.got, func(m nodes.Message) bool { return m.Kind == nodes.KindOverflow }) {
				t.Errorf("%s: nobody was told", name)
			}
			if !slices.ContainsFunc(b.got, func(m nodes.Message) bool { return string(m.Data) == "3" }) {
				t.Errorf("%s: what came later was not told", name)
			}
			b.got = nil
			b.mu.Unlock()
			if n := a.log.count("cannot tell other nodes what happens\""); n != 1 {
				t.Errorf("%s: logged %d times", name, n)
			}
			a.send("4")
			time.Sleep(time.Second)
			b.wants(name+", afterwards", "said 4")
		})
	}
}

func TestAHoleIsToldAsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, store := pair(t)
		a.send("1")
		time.Sleep(time.Second)
		b.wants("before", "said 1")
		// The reader is held up for so long that messages are removed unread.
		b.line.breaks(only("Messages"), nil)
		a.send("2")
		time.Sleep(time.Second)
		if err := store.DeleteMessages(t.Context(), a.registry.ID(), 1<<40); err != nil {
			t.Fatal(err)
		}
		a.send("3")
		time.Sleep(time.Second)
		b.line.breaks(nil, nil)
		time.Sleep(time.Second)
		b.wants("after the hole", "said 3", nodes.KindOverflow)
		if n := b.log.count("cannot read what other nodes tell\""); n != 1 {
			t.Errorf("logged %d times that reading failed", n)
		}
	})
}

func TestOldMessagesAreRemoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, store := pair(t)
		var want []string
		for i := range 1000 {
			a.send(fmt.Sprint(i))
			want = append(want, fmt.Sprintf("said %d", i))
			time.Sleep(time.Second)
			if n := store.stored(a.registry.ID()); n > 130 {
				t.Fatalf("%d messages are stored", n)
			}
		}
		time.Sleep(time.Second)
		b.wants("all the time", want...)
		time.Sleep(3 * time.Minute)
		removals := a.line.count("DeleteMessages")
		time.Sleep(time.Hour)
		if store.stored(a.registry.ID()) != 0 || a.line.count("DeleteMessages") != removals || removals > 40 {
			t.Errorf("%d messages are left after %d removals, %d of them for nothing", store.stored(a.registry.ID()), a.line.count("DeleteMessages"), a.line.count("DeleteMessages")-removals)
		}
		a.send("later")
		time.Sleep(time.Second)
		b.wants("after everything was removed", "said later")
	})
}

func TestNodesThatComeAndGoAreToldAsMissed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b, store := pair(t)
		a.kill()
		time.Sleep(2 * nodes.DefaultDead)
		b.wants("after one was killed", nodes.KindOverflow)
		again := newFollower(t, store)
		time.Sleep(settled + nodes.DefaultBeat)
		b.wants("after one came", nodes.KindOverflow)
		again.send("x")
		time.Sleep(time.Second)
		b.wants("from the one that came", "said x")
		again.stop()
		time.Sleep(2 * nodes.DefaultBeat)
		b.wants("after it stopped", nodes.KindOverflow)
	})
}

func TestWhatWasToldBeforeIsNotReadThrough(t *testing.T) {
	for _, told := range []int64{0, 1, 2, 3, 1000, 60_000} {
		synctest.Test(t, func(t *testing.T) {
			store := newShared()
			old := nodes.Node{ID: "old", Beat: 1}
			if err := store.Beat(t.Context(), old); err != nil {
				t.Fatal(err)
			}
			tell := func(n int64) {
				if err := store.Publish(t.Context(), []nodes.Message{{Node: old.ID, Sequence: n, Kind: "said ", Data: fmt.Append(nil, n)}}); err != nil {
					t.Fatal(err)
				}
			}
			// The first ones were removed.
			const removed = 17
			for n := range told {
				tell(removed + n)
			}
			b := newFollower(t, store)
			time.Sleep(nodes.DefaultBeat)
			b.feed.Listen(true)
			synctest.Wait()
			if n := b.line.count("Messages"); n > 50 {
				t.Errorf("%d readings to pass over %d messages", n, told)
			}
			tell(removed + told)
			time.Sleep(time.Second)
			b.wants("the next after many", fmt.Sprintf("said %d", removed+told))
		})
	}
}

func TestAFeedNeedsARegistryAndAHandler(t *testing.T) {
	if _, err := nodes.NewFeed(nil, func(context.Context, []nodes.Message) {}); err == nil {
		t.Error("made without a registry")
	}
	if _, err := nodes.NewFeed(newNode(t, newShared(), 0).registry, nil); err == nil {
		t.Error("made without a handler")
	}
}
