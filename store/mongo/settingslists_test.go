package mongo

import (
	"slices"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestListsOfSettingsUseTheirIndexes(t *testing.T) {
	group := provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: "a/b.c"}
	of := func(name, collection string, filter, sort bson.D, indexes ...string) queryCase {
		for i := range indexes {
			indexes[i] = collection + "." + indexes[i]
		}
		return queryCase{name: name, collection: collection, filter: filter, sort: sort, indexes: strings.Join(indexes, " ")}
	}
	line := func(name string, l provisioners.LineList, indexes ...string) queryCase {
		return of(name, linesCollection, lineFilter(l), ascending(idField), indexes...)
	}
	fetch := func(name string, l provisioners.FetchList, indexes ...string) queryCase {
		return of(name, fetchesCollection, fetchFilter(l), ascending("-"+idField), indexes...)
	}
	for _, c := range []queryCase{
		of("all shared levels", levelsCollection, sharedLevels(time.Time{}, provisioners.LevelKey{}), ascending(idField), "_id_1"),
		of("shared levels after one", levelsCollection, sharedLevels(time.Time{}, group), ascending(idField), "_id_1"),
		of("shared levels that changed", levelsCollection, sharedLevels(at(0), provisioners.LevelKey{}), bson.D{}, "sharedAt_1__id_1"),
		of("shared levels that changed, after one", levelsCollection, sharedLevels(at(0), group), ascending(idField), "_id_1"),
		of("data models after one", dataModelsCollection, dataModelsAfter(provisioners.DataModel{Root: "Device."}), ascending(idField), "_id_1"),
		line("all lines", provisioners.LineList{}, "_id_1"),
		line("lines of a subtree, after one", provisioners.LineList{Scope: device.Scope{Group: "a"}, After: provisioners.LineKey{Group: "a", Number: "1"}}, "_id_1", "_id_1"),
		line("lines of a group", provisioners.LineList{Group: "a", OfGroup: true}, "_id_1"),
		line("lines of a group in a scope", provisioners.LineList{Scope: device.Scope{Group: "a"}, Group: "a/b", OfGroup: true}, "_id_1", "_id_1"),
		fetch("all fetches", provisioners.FetchList{}, "_id_1"),
		fetch("fetches after one", provisioners.FetchList{After: "x"}, "_id_1"),
		fetch("fetches of a device, after one", provisioners.FetchList{Device: "d", After: "x"}, "device_1__id_-1"),
		fetch("fetches that failed, after one", provisioners.FetchList{Failed: true, After: "x"}, "failed_1__id_-1"),
		of("strangers", strangersCollection, strangersAfter(provisioners.Stranger{}), latestFirst(), "last_-1__id_-1"),
		of("strangers after one", strangersCollection, strangersAfter(provisioners.Stranger{ID: "x", Last: at(0)}), latestFirst(), "last_-1__id_-1", "last_-1__id_-1"),
	} {
		t.Run(c.name, c.check)
	}
}

func TestFetchesOfAScopeAreFoundByItsGroupAndSorted(t *testing.T) {
	l := listing{
		collection: fetchesCollection, filters: []bson.D{fetchFilter(provisioners.FetchList{Scope: device.Scope{Group: "a"}})},
		order: &keyset{list: fetchesCollection, descending: true}, size: 50,
	}
	byGroup := "fetches.group_1__id_-1"
	checkListCase(t, listCase{list: l, indexes: byGroup + " " + byGroup, sorted: true})
}

func TestLinesComeInTheOrderOfGroupAndNumberWhateverStandsInThem(t *testing.T) {
	var keys []provisioners.LineKey
	for _, group := range []string{"", "a", "a\x00", "a\x00b", "a\x01", "a b", "a-b", "a.b", "a/b", "a/b.c", "a0", "é"} {
		for _, number := range []string{"", "\x00", "*21", "1", "10", "2", "a/b"} {
			keys = append(keys, provisioners.LineKey{Group: group, Number: number})
		}
	}
	s := open(t)
	for _, k := range keys {
		must(t, second(s.Lines().PutLine(t.Context(), provisioners.Line{LineKey: k})))
	}
	expect := func(l provisioners.LineList, takes func(group string) bool) {
		t.Helper()
		var want, got []provisioners.LineKey
		for _, k := range keys {
			if takes(k.Group) {
				want = append(want, k)
			}
		}
		l.Limit = 1000
		all, err := s.Lines().ListLines(t.Context(), l)
		must(t, err)
		for _, line := range all {
			got = append(got, line.LineKey)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%+v: lines are %q, want %q", l, got, want)
		}
	}
	expect(provisioners.LineList{}, func(string) bool { return true })
	for _, of := range []string{"a", "a\x00", "a/b", "é", "none"} {
		expect(provisioners.LineList{Scope: device.Scope{Group: of}}, func(g string) bool { return g == of || strings.HasPrefix(g, of+"/") })
		expect(provisioners.LineList{Group: of, OfGroup: true}, func(g string) bool { return g == of })
	}
	expect(provisioners.LineList{OfGroup: true}, func(g string) bool { return g == "" })
}

func TestAStrangerThatAsksAgainMeanwhileIsNotRemoved(t *testing.T) {
	s := open(t)
	for n, id := range []string{"old", "back", "new"} {
		must(t, s.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: id, First: at(n), Last: at(n), Requests: 1}))
	}
	must(t, s.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: "back", Last: at(9), Requests: 1}))
	removed, err := s.Fetches().DeleteStrangers(t.Context(), 2, at(0), 10)
	if err != nil || removed != 1 {
		t.Fatalf("removed %d, %v, want the one that is silent for longest", removed, err)
	}
	left, err := s.Fetches().ListStrangers(t.Context(), provisioners.Stranger{}, 10)
	must(t, err)
	if len(left) != 2 || left[0].ID != "back" || left[1].ID != "new" {
		t.Errorf("left are %+v, want the one that came back and then the new one", left)
	}
}
