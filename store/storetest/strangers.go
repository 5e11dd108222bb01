package storetest

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// fullStranger returns the i-th stranger, in which nothing is empty; the greater i,
// the later.
func fullStranger(i int) provisioners.Stranger {
	return provisioners.Stranger{
		ID: fmt.Sprintf("mac-%012d", i), MAC: "00:15:65:00:00:01", SerialNumber: "S1", Address: "192.0.2.7", UserAgent: "Yealink é", Pack: "yealink", Model: "SIP-T46S",
		Protocol: "http", Path: "/é", First: now(), Last: now().Add(time.Duration(i) * time.Minute), Requests: 3,
	}
}

// storedStranger returns the stranger as it comes back.
func storedStranger(s provisioners.Stranger) provisioners.Stranger {
	s.First, s.Last = stored(s.First), stored(s.Last)
	return s
}

func strangerOf(t *testing.T, s store.Store, id string) provisioners.Stranger {
	t.Helper()
	return got[provisioners.Stranger](t)(s.Fetches().Stranger(t.Context(), id))
}

// strangers follows the pages of that size to the last.
func strangers(t *testing.T, s store.Store, size int) []provisioners.Stranger {
	t.Helper()
	var all []provisioners.Stranger
	for after := (provisioners.Stranger{}); ; {
		page := got[[]provisioners.Stranger](t)(s.Fetches().ListStrangers(t.Context(), after, size))
		if len(page) > size {
			t.Fatalf("a page of %d has %d strangers", size, len(page))
		}
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		after = page[size-1]
	}
}

func strangerTests() []test {
	return []test{
		{"a stranger comes back whole", func(t *testing.T, s store.Store) {
			stranger := fullStranger(1)
			checkFull(t, stranger)
			must(t, s.Fetches().NoteStranger(t.Context(), stranger))
			same(t, "stranger", strangerOf(t, s, stranger.ID), storedStranger(stranger))
			plain := provisioners.Stranger{ID: "address-192.0.2.1"}
			must(t, s.Fetches().NoteStranger(t.Context(), plain))
			same(t, "strangers", strangers(t, s, 10), []provisioners.Stranger{storedStranger(stranger), plain})
			fails(t, second(s.Fetches().Stranger(t.Context(), "none")), provisioners.ErrNotFound)
		}},
		{"requests of a stranger add up, the first stays, and what is not told again", notedAgain},
		{"a request that is noted late is counted and does not take back the last", func(t *testing.T, s store.Store) {
			late, early := fullStranger(5), fullStranger(5)
			early.Last = early.First
			must(t, s.Fetches().NoteStranger(t.Context(), late))
			must(t, s.Fetches().NoteStranger(t.Context(), early))
			late.Requests *= 2
			same(t, "stranger", strangerOf(t, s, late.ID), storedStranger(late))
		}},
		{"strangers come the latest first, and by id where they asked at once", func(t *testing.T, s store.Store) {
			var want []provisioners.Stranger
			for _, i := range []int{3, 1, 5, 2, 4} {
				stranger := fullStranger(i)
				stranger.Last = now().Add(time.Duration(i/2) * time.Millisecond)
				must(t, s.Fetches().NoteStranger(t.Context(), stranger))
			}
			for _, i := range []int{5, 4, 3, 2, 1} {
				want = append(want, strangerOf(t, s, fullStranger(i).ID))
			}
			for _, size := range []int{1, 2, 3, 5, 6, store.MaxPageSize} {
				same(t, fmt.Sprint("strangers in pages of ", size), strangers(t, s, size), want)
			}
			gone := want[1]
			must(t, s.Fetches().DeleteStranger(t.Context(), gone.ID))
			same(t, "after one that is gone", got[[]provisioners.Stranger](t)(s.Fetches().ListStrangers(t.Context(), gone, 10)), want[2:])
			for _, size := range []int{-1, 0, store.MaxPageSize + 1} {
				fails(t, second(s.Fetches().ListStrangers(t.Context(), provisioners.Stranger{}, size)), device.ErrInvalid)
			}
		}},
		{"a stranger is forgotten", func(t *testing.T, s store.Store) {
			must(t, errors.Join(s.Fetches().NoteStranger(t.Context(), fullStranger(1)), s.Fetches().NoteStranger(t.Context(), fullStranger(2))))
			must(t, s.Fetches().DeleteStranger(t.Context(), fullStranger(1).ID))
			fails(t, s.Fetches().DeleteStranger(t.Context(), fullStranger(1).ID), provisioners.ErrNotFound)
			same(t, "strangers", strangers(t, s, 10), []provisioners.Stranger{storedStranger(fullStranger(2))})
			again := fullStranger(1)
			again.First = again.Last
			must(t, s.Fetches().NoteStranger(t.Context(), again))
			same(t, "stranger that came again", strangerOf(t, s, again.ID), storedStranger(again))
		}},
		{"strangers beyond so many and silent ones go, the longest silent first", deleteStrangers},
		{"no request is lost of those that are noted at once", func(t *testing.T, s store.Store) {
			together(t, func(worker int) error {
				for i := range 5 {
					stranger := fullStranger(1)
					stranger.Requests, stranger.Last = 1, now().Add(time.Duration(worker*5+i)*time.Second)
					if err := s.Fetches().NoteStranger(t.Context(), stranger); err != nil {
						return err
					}
				}
				return nil
			})
			want := fullStranger(1)
			want.Requests, want.Last = 5*workers, now().Add((5*workers-1)*time.Second)
			same(t, "stranger", strangerOf(t, s, want.ID), storedStranger(want))
		}},
	}
}

func notedAgain(t *testing.T, s store.Store) {
	first := fullStranger(1)
	must(t, s.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: first.ID, Address: "192.0.2.1", First: first.First, Last: first.First, Requests: 2}))
	must(t, s.Fetches().NoteStranger(t.Context(), first))
	want := first
	want.Requests = 5
	same(t, "stranger", strangerOf(t, s, first.ID), storedStranger(want))
	must(t, s.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: first.ID, Path: "/other", First: now().Add(time24), Last: now().Add(time24), Requests: 1}))
	want.Path, want.Last, want.Requests = "/other", now().Add(time24), 6
	same(t, "stranger that told less", strangerOf(t, s, first.ID), storedStranger(want))
	must(t, s.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: first.ID}))
	same(t, "stranger that told nothing", strangerOf(t, s, first.ID), storedStranger(want))
}

func deleteStrangers(t *testing.T, s store.Store) {
	for i := range 10 {
		must(t, s.Fetches().NoteStranger(t.Context(), fullStranger(i)))
	}
	for _, c := range []struct {
		keep, before, limit, removed int
		oldest                       string
	}{
		{keep: 10, limit: 5}, {keep: 11, limit: 5}, {keep: 0, limit: 0}, {keep: 0, limit: -1},
		{keep: 8, limit: 1, removed: 1, oldest: "1"}, {keep: 8, limit: 5, removed: 1, oldest: "2"}, {keep: 8, limit: 5, oldest: "2"},
		{keep: 100, before: 3, limit: 5, removed: 1, oldest: "3"}, {keep: 6, before: 4, limit: 5, removed: 1, oldest: "4"},
		{keep: 5, before: 8, limit: 3, removed: 3, oldest: "7"}, {keep: 5, before: 8, limit: 3, removed: 1, oldest: "8"}, {keep: 1, before: 8, limit: 3, removed: 1, oldest: "9"},
		{keep: 0, limit: 3, removed: 1},
	} {
		before := stored(fullStranger(c.before).Last)
		same(t, fmt.Sprintf("removed by %+v", c), got[int](t)(s.Fetches().DeleteStrangers(t.Context(), c.keep, before, c.limit)), c.removed)
		all := strangers(t, s, 100)
		if c.removed > 0 && c.oldest != "" && (len(all) == 0 || !strings.HasSuffix(all[len(all)-1].ID, c.oldest)) {
			t.Errorf("after %+v there are %d strangers, want the oldest to be %s", c, len(all), c.oldest)
		}
	}
	same(t, "left", len(strangers(t, s, 100)), 0)
}
