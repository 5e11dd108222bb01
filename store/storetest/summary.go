package storetest

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query/querytest"
	"github.com/dialtone-acs/dialtone/store"
)

func summaryOf(t *testing.T, s store.Store, scope string, at time.Time) device.Summary {
	t.Helper()
	return got[device.Summary](t)(s.Summary().Summary(t.Context(), device.Scope{Group: scope}, at))
}

func summaryTests(kind Kind) []test {
	return []test{
		{"an empty store has an empty summary", func(t *testing.T, s store.Store) {
			same(t, "summary", summaryOf(t, s, "", now()), device.Summary{})
		}},
		{"a device is online, late, offline or never seen, to the nanosecond", func(t *testing.T, s store.Store) {
			until := stored(now())
			addSerials(t, s, "1 2", func(i int, d *device.Device) {
				d.OnlineUntil = until // Of one that never informed it says nothing.
				if i == 0 {
					d.LastInform = until.Add(-time.Minute)
				}
			})
			for _, c := range []struct {
				at   time.Time
				want device.State
			}{
				{until.Add(-time.Hour), device.StateOnline}, {until, device.StateOnline}, {until.Add(1), device.StateLate}, {until.Add(time.Millisecond), device.StateLate},
				{until.Add(device.LateFor - 1), device.StateLate}, {until.Add(device.LateFor), device.StateOffline}, {until.Add(device.LateFor + 1), device.StateOffline},
			} {
				same(t, fmt.Sprint("states at ", c.at), summaryOf(t, s, "", c.at).States, map[device.State]int{c.want: 1, device.StateNever: 1})
			}
		}},
		{"what has most devices comes first, then by name, bytewise, and the rest is counted", boundedSummary},
		{"a summary follows what edits and sessions change, and devices that go", changedSummary},
		{"the summary of any scope counts what there is", func(t *testing.T, s store.Store) {
			var fleet []device.Device
			scopes := []string{"", "a", "a/b", "a-b", "a/b/c", "ab", "none"}
			for i := range fleetSize(kind) {
				d := drawnDevice(i)
				d.Group = scopes[i%(len(scopes)-1)]
				if i%3 > 0 {
					d.Model, d.SoftwareVersion = "T46S", fmt.Sprint(i%4)
				}
				fleet = append(fleet, addDevice(t, s, d))
			}
			for _, scope := range scopes {
				for _, after := range []time.Duration{-time24, -time.Hour, 0, 1, time.Millisecond, time.Hour, time24} {
					at := querytest.Now().Add(after)
					same(t, fmt.Sprintf("summary of %q at %s", scope, at), summaryOf(t, s, scope, at), expectedSummary(fleet, scope, at))
				}
			}
		}},
	}
}

// expectedSummary counts in memory.
func expectedSummary(fleet []device.Device, scope string, at time.Time) device.Summary {
	want := device.Summary{States: make(map[device.State]int)}
	models, tags := make(map[device.ModelCount]int), make(map[string]int)
	for i := range fleet {
		d := &fleet[i]
		if scope != "" && d.Group != scope && !strings.HasPrefix(d.Group, scope+"/") {
			continue
		}
		want.Total++
		want.States[d.State(at)]++
		models[device.ModelCount{Model: d.Model, SoftwareVersion: d.SoftwareVersion}]++
		for _, tag := range d.Tags {
			tags[tag]++
		}
	}
	for m, n := range models {
		m.Count = n
		want.Models = append(want.Models, m)
	}
	slices.SortFunc(want.Models, func(a, b device.ModelCount) int {
		return cmp.Or(b.Count-a.Count, strings.Compare(a.Model, b.Model), strings.Compare(a.SoftwareVersion, b.SoftwareVersion))
	})
	for _, m := range want.Models[min(len(want.Models), device.MaxSummary):] {
		want.Others += m.Count
	}
	want.Models = want.Models[:min(len(want.Models), device.MaxSummary)]
	for tag, n := range maps.All(tags) {
		want.Tags = append(want.Tags, device.TagCount{Tag: tag, Count: n})
	}
	slices.SortFunc(want.Tags, func(a, b device.TagCount) int { return cmp.Or(b.Count-a.Count, strings.Compare(a.Tag, b.Tag)) })
	want.Tags = want.Tags[:min(len(want.Tags), device.MaxSummary)]
	return want
}

func boundedSummary(t *testing.T, s store.Store) {
	var fleet []device.Device
	add := func(model, version string, tags ...string) {
		d := device.Device{ID: device.NewID(), Model: model, SoftwareVersion: version, Tags: tags}
		fleet = append(fleet, d)
	}
	for i := range device.MaxSummary + 5 {
		add(fmt.Sprintf("model %03d", i), "", fmt.Sprintf("tag %03d", i))
	}
	for range 2 {
		add("model 204", "", "tag 204")
		add("model", "2", "Lobby")
		add("Model", "1", "lobby")
		add("model", "10", "lobby", "Lobby 2")
		add("", "", "é")
	}
	var batch []store.Record
	for i := range fleet {
		batch = append(batch, store.Record{Device: &fleet[i]})
	}
	must(t, s.Copier().Import(t.Context(), batch))
	summary := summaryOf(t, s, "", now())
	same(t, "summary", summary, expectedSummary(fleet, "", now()))
	same(t, "first models", summary.Models[:5], []device.ModelCount{
		{Model: "model 204", Count: 3}, {Count: 2}, {Model: "Model", SoftwareVersion: "1", Count: 2}, {Model: "model", SoftwareVersion: "10", Count: 2}, {Model: "model", SoftwareVersion: "2", Count: 2},
	})
	same(t, "first tags", summary.Tags[:5], []device.TagCount{{Tag: "lobby", Count: 4}, {Tag: "tag 204", Count: 3}, {Tag: "Lobby", Count: 2}, {Tag: "Lobby 2", Count: 2}, {Tag: "é", Count: 2}})
	same(t, "models and tags", []int{len(summary.Models), len(summary.Tags), summary.Others}, []int{device.MaxSummary, device.MaxSummary, 9})
}

func changedSummary(t *testing.T, s store.Store) {
	ctx, at := t.Context(), stored(now())
	d := plainDevice("1")
	d.Group, d.Model, d.Tags = "a", "T46S", []string{"x", "y"}
	addDevice(t, s, d)
	gone := fullDevice(2)
	addDevice(t, s, gone)
	must(t, s.Devices().Delete(ctx, gone.ID))
	expect := func(what string) {
		t.Helper()
		fleet := []device.Device{deviceOf(t, s, d.ID)}
		for _, scope := range []string{"", "a", "b"} {
			same(t, fmt.Sprintf("summary of %q %s", scope, what), summaryOf(t, s, scope, at), expectedSummary(fleet, scope, at))
		}
	}
	expect("at first")
	got[device.Device](t)(s.Devices().Edit(ctx, d.ID, device.Edit{Group: pointer("b")}))
	expect("after the group was changed")
	got[device.Device](t)(s.Devices().Edit(ctx, d.ID, device.Edit{AddTags: []string{"z"}, RemoveTags: []string{"x"}}))
	expect("after tags were changed")
	c := contact(d, "s", at)
	c.Reported = device.Reported{Model: "T48S", SoftwareVersion: "9"}
	begin(t, s, c)
	expect("after a session")
	same(t, "states", summaryOf(t, s, "", at).States, map[device.State]int{device.StateOnline: 1})
}
