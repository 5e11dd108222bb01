package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

// order returns the order that text names.
func order(t *testing.T, text string) []query.Order {
	t.Helper()
	return got[[]query.Order](t)(query.ParseOrderBy(deviceSchema(), text))
}

func filter(t *testing.T, schema *query.Schema, text string) query.Expr {
	t.Helper()
	return got[query.Expr](t)(query.Parse(schema, text, query.WithNow(now())))
}

// allDevices follows the pages to the last and checks what they promise.
func allDevices(t *testing.T, s store.Store, l device.List) []device.Device {
	t.Helper()
	var all []device.Device
	for {
		page := got[device.Page](t)(s.Devices().List(t.Context(), l))
		if len(page.Devices) > l.PageSize {
			t.Fatalf("a page of %d has %d devices", l.PageSize, len(page.Devices))
		}
		all = append(all, page.Devices...)
		if page.NextPageToken == "" {
			return all
		}
		if len(page.Devices) < l.PageSize {
			t.Fatalf("a page that is not the last has %d devices, want %d", len(page.Devices), l.PageSize)
		}
		l.PageToken = page.NextPageToken
	}
}

func serials(all []device.Device) string {
	var list []string
	for _, d := range all {
		list = append(list, d.SerialNumber)
	}
	return strings.Join(list, " ")
}

// addSerials adds devices of these serial numbers, each changed by change.
func addSerials(t *testing.T, s store.Store, list string, change func(i int, d *device.Device)) {
	t.Helper()
	for i, serial := range strings.Fields(list) {
		d := plainDevice(serial)
		if change != nil {
			change(i, &d)
		}
		addDevice(t, s, d)
	}
}

func deviceListTests() []test {
	return []test{
		{"an empty store gives an empty page", func(t *testing.T, s store.Store) {
			page := got[device.Page](t)(s.Devices().List(t.Context(), device.List{PageSize: 10, Count: true}))
			same(t, "page", page, device.Page{})
		}},
		{"a listed record is the whole record", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			same(t, "records", allDevices(t, s, device.List{PageSize: 10}), []device.Device{storedDevice(d)})
		}},
		{"the default order is that of ids, in pages of any size", func(t *testing.T, s store.Store) {
			addSerials(t, s, "a b c d e f g", nil)
			for _, size := range []int{1, 2, 3, 7, 8, 1000} {
				all := allDevices(t, s, device.List{PageSize: size})
				if len(all) != 7 || !slices.IsSortedFunc(all, func(a, b device.Device) int { return strings.Compare(string(a.ID), string(b.ID)) }) {
					t.Errorf("pages of %d give %s, want 7 devices in order of id", size, serials(all))
				}
			}
		}},
		{"missing values come first, and last when descending", func(t *testing.T, s store.Store) {
			addSerials(t, s, "never early late", func(i int, d *device.Device) {
				if i > 0 {
					d.LastInform = now().Add(time.Duration(i) * time.Hour)
				}
			})
			for text, want := range map[string]string{"lastInform": "never early late", "lastInform desc": "late early never", "serialNumber": "early late never"} {
				same(t, text, serials(allDevices(t, s, device.List{PageSize: 1, Order: order(t, text)})), want)
			}
		}},
		{"strings that differ only in case are equal and the next step decides", func(t *testing.T, s store.Store) {
			models := []string{"b", "A", "a", "", "B", "é", "Z"}
			addSerials(t, s, "1 2 3 4 5 6 7", func(i int, d *device.Device) { d.Model = models[i] })
			for text, want := range map[string]string{
				"model, serialNumber": "4 2 3 1 5 7 6", "model, serialNumber desc": "4 3 2 5 1 7 6", "model desc, serialNumber": "6 7 1 5 2 3 4",
			} {
				same(t, text, serials(allDevices(t, s, device.List{PageSize: 2, Order: order(t, text)})), want)
			}
		}},
		{"a page goes on after the one before although devices came and went", func(t *testing.T, s store.Store) {
			addSerials(t, s, "b d f h", nil)
			l := device.List{PageSize: 2, Order: order(t, "serialNumber")}
			page := got[device.Page](t)(s.Devices().List(t.Context(), l))
			must(t, s.Devices().Delete(t.Context(), page.Devices[1].ID))
			addSerials(t, s, "a c e g", nil)
			l.PageToken = page.NextPageToken
			same(t, "rest", serials(allDevices(t, s, l)), "e f g h")
		}},
		{"a token of another order, a damaged token and a page size out of bounds are refused", func(t *testing.T, s store.Store) {
			addSerials(t, s, "a b c", nil)
			l := device.List{PageSize: 1, Order: order(t, "serialNumber")}
			token := got[device.Page](t)(s.Devices().List(t.Context(), l)).NextPageToken
			for _, bad := range []device.List{
				{PageSize: 1, Order: order(t, "serialNumber desc"), PageToken: token}, {PageSize: 1, PageToken: token},
				{PageSize: 1, Order: l.Order, PageToken: token[:5]}, {PageSize: 1, PageToken: "%"}, {PageSize: 0}, {PageSize: 1001}, {PageSize: -1},
			} {
				_, err := s.Devices().List(t.Context(), bad)
				fails(t, err, device.ErrInvalid)
			}
		}},
		{"the total counts what matches on every page", func(t *testing.T, s store.Store) {
			addSerials(t, s, "a1 a2 a3 b1 b2", nil)
			l := device.List{PageSize: 2, Filter: filter(t, deviceSchema(), "serialNumber = \"a*\""), Count: true}
			first := got[device.Page](t)(s.Devices().List(t.Context(), l))
			l.PageToken = first.NextPageToken
			second := got[device.Page](t)(s.Devices().List(t.Context(), l))
			same(t, "totals", []int{first.Total, second.Total}, []int{3, 3})
			l.PageToken, l.PageSize = "", 10
			same(t, "total of a single page", got[device.Page](t)(s.Devices().List(t.Context(), l)).Total, 3)
			l.Count = false
			same(t, "total not asked for", got[device.Page](t)(s.Devices().List(t.Context(), l)).Total, 0)
		}},
		{"a scope shows its group and what is below, nothing that only looks alike", scopes},
		{"online is seen at the time that is asked for", func(t *testing.T, s store.Store) {
			addSerials(t, s, "on off never", func(i int, d *device.Device) {
				if i < 2 {
					d.LastInform, d.OnlineUntil = stored(now()).Add(-time.Hour), stored(now()).Add(time.Duration(-i)*time.Millisecond)
				}
			})
			l := device.List{PageSize: 10, Filter: filter(t, deviceSchema(), "online = true"), Now: stored(now()), Order: order(t, "serialNumber")}
			same(t, "at the end", serials(allDevices(t, s, l)), "on")
			l.Now = l.Now.Add(time.Nanosecond)
			same(t, "right after it", serials(allDevices(t, s, l)), "")
			l.Now = l.Now.Add(-time.Second)
			same(t, "before", serials(allDevices(t, s, l)), "off on")
		}},
		{"late, offline and never seen are states at the time that is asked for", deviceStates},
		{"filters and lists see tags as they are after an edit", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, fullDevice(1))
			got[device.Device](t)(s.Devices().Edit(t.Context(), d.ID, device.Edit{Tags: &[]string{"Fresh"}}))
			for text, want := range map[string]int{"tags:fresh": 1, "tags:lobby": 0, "FRESH": 1} {
				same(t, text, len(allDevices(t, s, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), text)})), want)
			}
		}},
		{"every field that orders a list does so both ways, a page at a time", everyOrder},
		{"filters and orders see indexed parameters as sessions report and learn them", indexedParameters},
		{"a field that is no indexed parameter of the store is refused", func(t *testing.T, s store.Store) {
			schema := device.Schema("other")
			l := device.List{PageSize: 1, Filter: filter(t, schema, "parameter.other = x")}
			_, err := s.Devices().List(t.Context(), l)
			fails(t, err, device.ErrInvalid)
			l = device.List{PageSize: 1, Order: got[[]query.Order](t)(query.ParseOrderBy(schema, "parameter.other"))}
			_, err = s.Devices().List(t.Context(), l)
			fails(t, err, device.ErrInvalid)
		}},
		{"a search sees what a session reported", func(t *testing.T, s store.Store) {
			d := addDevice(t, s, plainDevice("S1"))
			c := contact(d, "s", now())
			c.Reported = device.Reported{SoftwareVersion: "Fresh-9"}
			began := begin(t, s, c)
			must(t, s.Sessions().Learn(t.Context(), d.ID, began.After.Session.Generation, device.Learned{Reported: device.Reported{Model: "Newer-7"}}))
			for text, want := range map[string]int{"fresh-9": 1, "newer-7": 1, "192.0.2.9": 1, "elsewhere": 0} {
				same(t, text, len(allDevices(t, s, device.List{PageSize: 10, Filter: filter(t, deviceSchema(), text)})), want)
			}
		}},
	}
}

func deviceStates(t *testing.T, s store.Store) {
	until := stored(now())
	addSerials(t, s, "came never", func(i int, d *device.Device) {
		d.OnlineUntil = until
		if i == 0 {
			d.LastInform = until.Add(-time24)
		}
	})
	fields := []string{"online", "late", "offline", "neverSeen"}
	for at, want := range map[time.Time]string{
		until: "online", until.Add(1): "late", until.Add(device.LateFor - 1): "late", until.Add(device.LateFor): "offline", until.Add(time24): "offline",
	} {
		for _, field := range fields {
			var expected []string
			if field == want {
				expected = append(expected, "came")
			}
			if field == "neverSeen" {
				expected = append(expected, "never")
			}
			l := device.List{PageSize: 10, Filter: filter(t, deviceSchema(), field), Now: at}
			same(t, fmt.Sprint(field, " at ", at), serials(allDevices(t, s, l)), strings.Join(expected, " "))
		}
	}
}

func indexedParameters(t *testing.T, s store.Store) {
	addSerials(t, s, "1 2 3 4", func(i int, d *device.Device) {
		d.Indexed = []map[string]string{nil, {"registration": "Up"}, {"registration": "up.2", "vlan": "9"}, {"vlan": "10"}}[i]
	})
	list := func(text, by string) string {
		return serials(allDevices(t, s, device.List{PageSize: 2, Filter: filter(t, deviceSchema(), text), Order: order(t, by)}))
	}
	same(t, "equal in any case", list("parameter.registration = UP", "serialNumber"), "2")
	same(t, "prefix", list("parameter.registration = uP*", "parameter.registration desc"), "3 2")
	same(t, "missing first", list("*", "parameter.vlan, serialNumber"), "1 2 4 3")
	began := begin(t, s, contact(plainDevice("1"), "s", now()))
	must(t, s.Sessions().Learn(t.Context(), began.After.ID, began.After.Session.Generation,
		device.Learned{Reported: device.Reported{Indexed: map[string]string{"registration": "Up"}}}))
	c := contact(plainDevice("2"), "s", now())
	c.Indexed = map[string]string{"registration": "", "vlan": "9"}
	begin(t, s, c)
	same(t, "after a session learnt", list("parameter.registration:*", "parameter.registration, serialNumber"), "1 3")
	same(t, "after a session reported", list("parameter.vlan = 9", "serialNumber"), "2 3")
	same(t, "emptied", list("-parameter.registration:*", "serialNumber"), "2 4")
}

func scopes(t *testing.T, s store.Store) {
	groups := []string{"", "a", "a/b", "a/b/c", "a-b", "a0", "a/", "A/b", "ab", "b"}
	for i, group := range groups {
		d := plainDevice(fmt.Sprint(i))
		d.Group = group
		addDevice(t, s, d)
	}
	for scope, want := range map[string]string{"": "0 1 2 3 4 5 6 7 8 9", "a": "1 2 3 6", "a/b": "2 3", "b": "9", "c": ""} {
		l := device.List{PageSize: 3, Scope: device.Scope{Group: scope}, Order: order(t, "serialNumber")}
		same(t, "scope "+scope, serials(allDevices(t, s, l)), want)
		l.Filter = filter(t, deviceSchema(), "serialNumber < 3")
		for _, d := range allDevices(t, s, l) {
			if d.SerialNumber >= "3" || !strings.Contains(" "+want+" ", " "+d.SerialNumber+" ") {
				t.Errorf("scope %q with a filter shows %s", scope, d.SerialNumber)
			}
		}
	}
}

func everyOrder(t *testing.T, s store.Store) {
	var fleet []device.Device
	for i := range 5 {
		fleet = append(fleet, addDevice(t, s, fullDevice(5-i)), addDevice(t, s, plainDevice(fmt.Sprint("S", i))))
	}
	for _, name := range deviceSchema().OrderNames() {
		for _, direction := range []string{"", " desc"} {
			checkList(t, s, fleet, nil, order(t, name+direction), 3)
		}
	}
}
