package storetest

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/store"
)

// fleetSize is how many devices the filters are tried on.
func fleetSize(kind Kind) int {
	if kind.Slow {
		return 30
	}
	return 60
}

// queryTests hold lists to query.Match and query.CompareRecords.
func queryTests(kind Kind) []test {
	return []test{
		{"any filter in any order lists what query.Match takes, in pages of 1, 2, 7 and 100", func(t *testing.T, s store.Store) {
			var fleet []device.Device
			for i := range fleetSize(kind) {
				fleet = append(fleet, addDevice(t, s, drawnDevice(i)))
			}
			rapid.Check(t, func(rt *rapid.T) {
				checkList(rt, s, fleet, querytest.Expression(deviceSchema()).Draw(rt, "filter"), querytest.Orders(deviceSchema()).Draw(rt, "order"),
					rapid.SampledFrom([]int{1, 2, 7, 100}).Draw(rt, "page size"))
			})
		}},
		{"awkward records and patterns", func(t *testing.T, s store.Store) {
			var fleet []device.Device
			for _, text := range awkwardTexts() {
				d := device.Device{ID: device.NewID(), Model: text, Tags: []string{text}, Indexed: map[string]string{"registration": device.IndexedValue(text)}}
				fleet = append(fleet, addDevice(t, s, d))
			}
			size := 7
			if kind.Slow {
				size = len(fleet)/2 + 1
			}
			for _, e := range awkwardFilters(t) {
				checkList(t, s, fleet, e, order(t, "model desc"), size)
				checkList(t, s, fleet, e, order(t, "parameter.registration"), 100)
			}
			checkList(t, s, fleet, longestFilter(t), nil, 100)
		}},
	}
}

func drawnDevice(i int) device.Device {
	d := rapid.Custom(func(t *rapid.T) device.Device {
		f := querytest.Record(deviceSchema()).Draw(t, "fields")
		return device.Device{
			Manufacturer: f["manufacturer"].Text, CWMPIdentity: device.CWMPIdentity{OUI: f["oui"].Text, ProductClass: f["productClass"].Text, SerialNumber: f["serialNumber"].Text},
			Model: f["model"].Text, HardwareVersion: f["hardwareVersion"].Text, SoftwareVersion: f["softwareVersion"].Text, Address: f["address"].Text,
			Tags: f["tags"].List, Group: f["group"].Text, FirstSeen: f["firstSeen"].Time, LastInform: f["lastInform"].Time, MAC: f["mac"].Text,
			OnlineUntil: drawnOnlineUntil(t, f["lastInform"].Time), Revision: f["revision"].Int, Indexed: indexed(f),
			Quarantined: f["quarantined"].Bool, Alarms: drawnAlarms(f["alarms"].List), Provisioning: drawnProvisioning(t, f["pack"].Text, f["lastFetch"].Time),
		}
	}).Example(i)
	d.ID = device.NewID()
	// Identities are unique, the generated ones are not.
	d.SerialNumber += string(d.ID[:3])
	if i >= 5 {
		d.MAC = ""
	} else {
		d.MAC = []string{"00:15:65:4a:a9:37", "00:15:65:4a:a9:38", "80:5e:c0:00:00:01", "64:16:7f:ab:cd:ef", "ab:cd:ef:64:16:7f"}[i]
	}
	return d
}

// drawnOnlineUntil generates the end of being online, which lies now and then at
// the border of a state at querytest.Now.
func drawnOnlineUntil(t *rapid.T, lastInform time.Time) time.Time {
	late := querytest.Now().Add(-device.LateFor)
	return rapid.SampledFrom([]time.Time{
		lastInform, lastInform, querytest.Now(), querytest.Now().Add(-time.Millisecond), querytest.Now().Add(time.Minute), late, late.Add(time.Millisecond), late.Add(-time.Millisecond),
	}).Draw(t, "online until")
}

// drawnProvisioning generates every state.
func drawnProvisioning(t *rapid.T, pack string, lastFetch time.Time) device.Provisioning {
	text := rapid.SampledFrom([]string{"", "a", "a", "b"})
	return device.Provisioning{
		Pack: pack, FetchedAt: lastFetch, Wanted: text.Draw(t, "wanted"), Held: text.Draw(t, "held"), Problem: rapid.SampledFrom([]string{"", "", "p"}).Draw(t, "problem"),
	}
}

// drawnAlarms returns alarms of any kinds: what a store keeps of a kind is not for
// it to judge.
func drawnAlarms(kinds []string) []device.Alarm {
	var all []device.Alarm
	for _, kind := range kinds {
		all = append(all, device.Alarm{Kind: device.AlarmKind(kind), Count: 1})
	}
	return all
}

// indexed returns the values of the indexed parameters among the fields; those
// that are empty are left out of every other record.
func indexed(f querytest.Values) map[string]string {
	values := map[string]string{}
	for _, name := range IndexedParameters() {
		if text := f[device.IndexedField+name].Text; text != "" || f["revision"].Int%2 == 0 {
			values[name] = text
		}
	}
	return values
}

// checkList compares a list with the oracle.
func checkList(t interface {
	Helper()
	Fatalf(string, ...any)
}, s store.Store, fleet []device.Device, e query.Expr, orders []query.Order, size int) {
	t.Helper()
	at := querytest.Now()
	record := func(d *device.Device) query.Record {
		return func(name string) (query.Value, bool) { return d.Field(name, at) }
	}
	var want []device.Device
	for i := range fleet {
		if query.Match(e, record(&fleet[i])) {
			want = append(want, fleet[i])
		}
	}
	slices.SortFunc(want, func(a, b device.Device) int {
		if c := query.CompareRecords(orders, record(&a), record(&b)); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	l := device.List{Filter: e, Order: orders, PageSize: size, Now: at, Count: true}
	var listed []device.ID
	for {
		page, err := s.Devices().List(context.Background(), l)
		if err != nil {
			t.Fatalf("%s: %v", query.Format(e), err)
		}
		if l.Count && page.Total != len(want) {
			t.Fatalf("%s: total is %d, want %d", query.Format(e), page.Total, len(want))
		}
		listed = append(listed, deviceIDs(page.Devices)...)
		if l.PageToken, l.Count = page.NextPageToken, false; l.PageToken == "" {
			break
		}
	}
	if !slices.Equal(listed, deviceIDs(want)) {
		t.Fatalf("%s by %s in pages of %d\nlists %v\nwant  %v", query.Format(e), query.FormatOrder(orders), size, listed, deviceIDs(want))
	}
}

func deviceIDs(all []device.Device) []device.ID {
	var list []device.ID
	for _, d := range all {
		list = append(list, d.ID)
	}
	return list
}

// awkwardTexts are what notations for patterns and stores get wrong.
func awkwardTexts() []string {
	return []string{
		"", "a", "A", "ab", "aab", "abab", "abc", "aXbXc", "a%b", "a_b", "a*b", "a?b", "a[b]c", "[ab]", `a\b`, `a"b`, "a'b", "a\x00b", "\x00", "b\x00a",
		"é", "É", "e\u0301", "ß", "\ufffd", "\uffff", "a\nb", "a b", "%", "_", "*", "10", "9", "1e1", "null", "true", "日本語", "日", "aba", "ababa", "Aab b", strings.Repeat("a", 300) + "b",
	}
}

func awkwardFilters(t *testing.T) []query.Expr {
	t.Helper()
	model, _ := deviceSchema().Field("model")
	tags, _ := deviceSchema().Field("tags")
	registration, _ := deviceSchema().Field("parameter.registration")
	var all []query.Expr
	for _, parts := range [][]string{
		{"a", ""}, {"", "b"}, {"a", "b"}, {"", "b", ""}, {"ab", "ab"}, {"aba", "ba"}, {"", "ab", "b", ""}, {"a", "a", "b"}, {"a", "b", "", "b"}, {"", "a", "b", "a", ""},
		{"a\x00", ""}, {"", "\x00b"}, {"", "\x00", ""}, {"a", "\x00", "b"}, {"", "%", ""}, {"a_", ""}, {"", "*", ""}, {"", "[", "]", ""}, {"", "\ufffd", ""}, {"日", ""},
		{"", "本", ""}, {"", "a", "", ""}, {"a\nb"}, {"é"}, {"\x00"}, {"a", "x", "x", "c"},
	} {
		pattern := query.Pattern{Parts: parts}
		search := query.Search{Pattern: pattern}
		for _, e := range []query.Expr{query.Like{Field: model, Pattern: pattern}, query.Like{Field: tags, Pattern: pattern}, query.Like{Field: registration, Pattern: pattern}} {
			all = append(all, e, query.Not{Term: e})
			search.Terms = append(search.Terms, e)
		}
		all = append(all, search)
	}
	for _, text := range []string{"a", "\x00", "a\x00b", "é", "10", "9", "%"} {
		for op := query.Equal; op <= query.GreaterOrEqual; op++ {
			for _, field := range []query.Field{model, registration} {
				e := query.Compare{Field: field, Op: op, Value: query.TextValue(text)}
				all = append(all, e, query.Not{Term: e})
			}
		}
		all = append(all, query.Has{Field: tags, Text: text})
	}
	for _, text := range []string{"a", "ab", `"a\\b"`, "*a*b*", "日", "%", "x", "NOT 10"} {
		all = append(all, filter(t, deviceSchema(), text))
	}
	return append(all, nil, query.All{}, query.And{}, query.Or{}, query.Not{Term: query.All{}})
}

// longestFilter has many terms, each with as many wildcards as it may have, for
// a text that nearly matches them.
func longestFilter(t *testing.T) query.Expr {
	t.Helper()
	model, _ := deviceSchema().Field("model")
	parts := make([]string, query.MaxWildcards+1)
	for i := range parts[1:] {
		parts[i] = "a"
	}
	parts[query.MaxWildcards] = "c"
	like := query.Like{Field: model, Pattern: query.Pattern{Parts: parts}}
	var all query.Or
	for range query.MaxTerms / 5 {
		all.Terms = append(all.Terms, like)
	}
	return query.Or{Terms: []query.Expr{all, filter(t, deviceSchema(), `tags:"ab"`)}}
}
