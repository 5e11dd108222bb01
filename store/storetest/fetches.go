package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// fullFetch returns the i-th fetch of a device, in which nothing is empty; the
// greater i, the newer.
func fullFetch(id device.ID, i int) provisioners.Fetch {
	return provisioners.Fetch{
		ID: fmt.Sprintf("%026d", i), Device: id, At: now().Add(time.Duration(i) * time.Second), Protocol: "https", Method: "GET", Path: "/p/é \"<&>\x00",
		Address: "2001:db8::1", UserAgent: "Yealink SIP-T46S 66.86.0.15", Status: 200, Bytes: 1 << 40, Complete: true, Digest: strings.Repeat("ab", 32), Detail: "é",
	}
}

// storedFetch returns the fetch as it comes back.
func storedFetch(f provisioners.Fetch) provisioners.Fetch {
	f.At = stored(f.At)
	return f
}

func appendFetches(t *testing.T, s store.Store, all ...provisioners.Fetch) {
	t.Helper()
	must(t, s.Fetches().AppendFetches(t.Context(), all))
}

// listFetches follows the pages to the last.
func listFetches(t *testing.T, s store.Store, l provisioners.FetchList) []provisioners.Fetch {
	t.Helper()
	var all []provisioners.Fetch
	for {
		page := got[[]provisioners.Fetch](t)(s.Fetches().ListFetches(t.Context(), l))
		if len(page) > l.Limit {
			t.Fatalf("a page of %d has %d fetches", l.Limit, len(page))
		}
		all = append(all, page...)
		if len(page) < l.Limit {
			return all
		}
		l.After = page[len(page)-1].ID
	}
}

// fetchNumbers returns the numbers of the fetches of fullFetch, in the order of the list.
func fetchNumbers(t *testing.T, s store.Store, l provisioners.FetchList) string {
	t.Helper()
	var numbers []string
	for _, f := range listFetches(t, s, l) {
		numbers = append(numbers, strings.TrimLeft(f.ID, "0"))
	}
	return strings.Join(numbers, " ")
}

func fetchTests() []test {
	return []test{
		{"fetches come back whole, the newest first", func(t *testing.T, s store.Store) {
			first, next := fullFetch("d", 1), fullFetch("", 2)
			checkFull(t, first)
			plain := provisioners.Fetch{ID: "plain"}
			appendFetches(t, s, first, plain, next)
			same(t, "fetches", listFetches(t, s, provisioners.FetchList{Limit: 10}), []provisioners.Fetch{plain, storedFetch(next), storedFetch(first)})
		}},
		{"a fetch that is stored already is left as it is", func(t *testing.T, s store.Store) {
			f := fullFetch("d", 1)
			appendFetches(t, s, f)
			changed := fullFetch("e", 1)
			changed.Status = 404
			appendFetches(t, s, changed, fullFetch("d", 2), fullFetch("d", 2))
			same(t, "fetches", listFetches(t, s, provisioners.FetchList{Limit: 10}), []provisioners.Fetch{storedFetch(fullFetch("d", 2)), storedFetch(f)})
			same(t, "of another device", fetchNumbers(t, s, provisioners.FetchList{Device: "e", Limit: 10}), "")
		}},
		{"so many fetches are appended at once and no more", func(t *testing.T, s store.Store) {
			var all []provisioners.Fetch
			for i := range provisioners.MaxFetches + 1 {
				all = append(all, fullFetch("d", i+1))
			}
			fails(t, s.Fetches().AppendFetches(t.Context(), all), device.ErrInvalid)
			appendFetches(t, s)
			same(t, "fetches", len(listFetches(t, s, provisioners.FetchList{Limit: 1000})), 0)
			appendFetches(t, s, all[1:]...)
			same(t, "fetches", len(listFetches(t, s, provisioners.FetchList{Limit: 1000})), provisioners.MaxFetches)
		}},
		{"any list holds the fetches that it asks for, in pages of any size", anyFetches},
		{"a scope shows the fetches of devices as they are now", fetchesOfScope},
		{"a page has bounds", func(t *testing.T, s store.Store) {
			for _, size := range []int{-1, 0, store.MaxPageSize + 1} {
				fails(t, second(s.Fetches().ListFetches(t.Context(), provisioners.FetchList{Limit: size})), device.ErrInvalid)
			}
		}},
		{"old fetches are removed up to a limit, the oldest first", func(t *testing.T, s store.Store) {
			for _, i := range []int{3, 1, 5, 2, 4} {
				appendFetches(t, s, fullFetch("d", i))
			}
			before := stored(fullFetch("d", 4).At)
			for _, c := range []struct {
				limit, removed int
				left           string
			}{{0, 0, "5 4 3 2 1"}, {-1, 0, "5 4 3 2 1"}, {2, 2, "5 4 3"}, {2, 1, "5 4"}, {2, 0, "5 4"}} {
				same(t, "removed", got[int](t)(s.Fetches().DeleteFetches(t.Context(), before, c.limit)), c.removed)
				same(t, "left", fetchNumbers(t, s, provisioners.FetchList{Limit: 10}), c.left)
			}
		}},
		{"of those who append the same fetches at once one stores each", func(t *testing.T, s store.Store) {
			together(t, func(worker int) error {
				var all []provisioners.Fetch
				for i := range 10 {
					f := fullFetch(device.ID(fmt.Sprint(worker)), i+1)
					all = append(all, f)
				}
				return s.Fetches().AppendFetches(t.Context(), all)
			})
			same(t, "fetches", fetchNumbers(t, s, provisioners.FetchList{Limit: 100}), "10 9 8 7 6 5 4 3 2 1")
		}},
	}
}

func anyFetches(t *testing.T, s store.Store) {
	d, e := plainDevice("1"), plainDevice("2")
	d.Group, e.Group = "a", "b"
	addDevice(t, s, d)
	addDevice(t, s, e)
	group := map[device.ID]string{d.ID: "a", e.ID: "b"}
	var all []provisioners.Fetch
	for i := range 24 {
		f := fullFetch([]device.ID{d.ID, e.ID, "", "gone"}[i%4], i+1)
		f.Status = []int{200, 304, 399, 400, 403, 500, 404}[i%7]
		all = append(all, storedFetch(f))
	}
	appendFetches(t, s, all...)
	slices.Reverse(all)
	for _, id := range []device.ID{"", d.ID, "gone", "none"} {
		for _, failed := range []bool{false, true} {
			for _, scope := range []string{"", "a", "c"} {
				var want []provisioners.Fetch
				for _, f := range all {
					if (id == "" || f.Device == id) && (!failed || f.Status >= 400) && (scope == "" || group[f.Device] == scope) {
						want = append(want, f)
					}
				}
				for _, size := range []int{2, len(want) + 1} {
					l := provisioners.FetchList{Device: id, Failed: failed, Scope: device.Scope{Group: scope}, Limit: size}
					same(t, fmt.Sprintf("%+v", l), listFetches(t, s, l), want)
				}
			}
		}
	}
}

func fetchesOfScope(t *testing.T, s store.Store) {
	d := plainDevice("1")
	d.Group = "a/b"
	addDevice(t, s, d)
	appendFetches(t, s, fullFetch(d.ID, 1), fullFetch("", 2))
	expect := func(want map[string]string) {
		t.Helper()
		for scope, numbers := range want {
			same(t, "scope "+scope, fetchNumbers(t, s, provisioners.FetchList{Scope: device.Scope{Group: scope}, Limit: 10}), numbers)
		}
	}
	expect(map[string]string{"": "2 1", "a": "1", "a/b": "1", "a/b/c": "", "c": ""})
	must(t, second(s.Devices().Edit(t.Context(), d.ID, device.Edit{Group: pointer("c")})))
	expect(map[string]string{"": "2 1", "a": "", "c": "1"})
	must(t, s.Devices().Delete(t.Context(), d.ID))
	expect(map[string]string{"": "2", "c": ""})
}
