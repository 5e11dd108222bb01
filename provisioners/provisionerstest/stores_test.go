package provisionerstest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

var (
	_ provisioners.LevelStore       = (*provisionerstest.Levels)(nil)
	_ provisioners.LineStore        = (*provisionerstest.Lines)(nil)
	_ provisioners.FetchStore       = (*provisionerstest.Fetches)(nil)
	_ provisioners.ConvergenceStore = (*provisionerstest.Convergences)(nil)
	_ provisioners.DataModelStore   = (*provisionerstest.DataModels)(nil)
	_ provisioners.Packs            = provisionerstest.Packs(nil)
)

func at(second int) time.Time { return time.Date(2026, 1, 1, 0, 0, second, 0, time.UTC) }

func TestALevelIsReplacedOnceForEachRevisionAndIsTheCallersOwn(t *testing.T) {
	s := provisionerstest.NewLevels()
	key := provisioners.LevelKey{Kind: provisioners.GroupLevel, ID: "a"}
	first, err := s.PutLevel(t.Context(), provisioners.Level{Key: key, Entries: []provisioners.Entry{{Path: "owner", Models: []string{"a"}}}, UpdatedAt: at(1)})
	if err != nil || first.Revision != 1 {
		t.Fatal(first, err)
	}
	if _, err := s.PutLevel(t.Context(), provisioners.Level{Key: key}); !errors.Is(err, provisioners.ErrConflict) {
		t.Errorf("put twice: %v", err)
	}
	first.Entries[0].Models[0] = "changed"
	found, err := s.Levels(t.Context(), []provisioners.LevelKey{key, key, {Kind: provisioners.GlobalLevel}})
	if err != nil || len(found) != 1 || found[0].Entries[0].Models[0] != "a" {
		t.Errorf("found %+v, %v", found, err)
	}
}

func TestSharedLevelsArePagedAndDeviceLevelsGoWithTheDevice(t *testing.T) {
	s := provisionerstest.NewLevels()
	for second, key := range []provisioners.LevelKey{{Kind: provisioners.GlobalLevel}, {Kind: provisioners.GroupLevel, ID: "a"}, {Kind: provisioners.GroupLevel, ID: "b"}, {Kind: provisioners.DeviceLevel, ID: "d"}} {
		if _, err := s.PutLevel(t.Context(), provisioners.Level{Key: key, UpdatedAt: at(second)}); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.SharedLevels(t.Context(), at(1), provisioners.LevelKey{}, 1)
	if err != nil || len(page) != 1 || page[0].Key.ID != "a" {
		t.Fatal(page, err)
	}
	if page, err = s.SharedLevels(t.Context(), at(1), page[0].Key, 9); err != nil || len(page) != 1 || page[0].Key.ID != "b" {
		t.Fatal(page, err)
	}
	s.DeleteDevice("d")
	if found, err := s.Levels(t.Context(), []provisioners.LevelKey{{Kind: provisioners.DeviceLevel, ID: "d"}}); err != nil || len(found) != 0 {
		t.Errorf("left are %v, %v", found, err)
	}
}

func TestLinesAreListedByGroupAndSearch(t *testing.T) {
	s := provisionerstest.NewLines()
	for _, l := range []provisioners.Line{
		{LineKey: provisioners.LineKey{Group: "a", Number: "2"}, DisplayName: "ADA"}, {LineKey: provisioners.LineKey{Group: "a/b", Number: "1"}},
		{LineKey: provisioners.LineKey{Group: "ab", Number: "3"}}, {LineKey: provisioners.LineKey{Group: "a", Number: "1"}},
	} {
		s.Set(l)
	}
	for _, test := range []struct {
		list provisioners.LineList
		want string
	}{
		{provisioners.LineList{Scope: device.Scope{Group: "a"}, Limit: 9}, "a:1 a:2 a/b:1 "},
		{provisioners.LineList{Group: "a", OfGroup: true, After: provisioners.LineKey{Group: "a", Number: "1"}, Limit: 9}, "a:2 "},
		{provisioners.LineList{Search: "ada", Limit: 9}, "a:2 "},
		{provisioners.LineList{Limit: 2}, "a:1 a:2 "},
	} {
		lines, err := s.ListLines(t.Context(), test.list)
		got := ""
		for _, l := range lines {
			got += l.String() + " "
		}
		if err != nil || got != test.want {
			t.Errorf("%+v lists %s, %v", test.list, got, err)
		}
	}
	key := provisioners.LineKey{Group: "a", Number: "1"}
	if err := s.DeleteLine(t.Context(), key, 7); !errors.Is(err, provisioners.ErrConflict) {
		t.Errorf("another revision: %v", err)
	}
	if err := s.DeleteLine(t.Context(), key, 1); err != nil {
		t.Error(err)
	}
	if err := s.DeleteLine(t.Context(), key, 0); !errors.Is(err, provisioners.ErrNotFound) {
		t.Errorf("twice: %v", err)
	}
}

func TestFetchesAreListedNewestFirstWithinTheScope(t *testing.T) {
	s := provisionerstest.NewFetches(func(id device.ID) (string, bool) { return "a", id == "d" })
	fetches := []provisioners.Fetch{{ID: "1", Device: "d", At: at(1), Status: 200}, {ID: "2", At: at(2), Status: 404}, {ID: "3", Device: "gone", At: at(3), Status: 500}}
	if err := s.AppendFetches(t.Context(), append(fetches, provisioners.Fetch{ID: "1"})); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		list provisioners.FetchList
		want string
	}{
		{provisioners.FetchList{Limit: 9}, "321"}, {provisioners.FetchList{Scope: device.Scope{Group: "a"}, Limit: 9}, "1"},
		{provisioners.FetchList{Failed: true, After: "3", Limit: 9}, "2"}, {provisioners.FetchList{Device: "d", Limit: 9}, "1"},
	} {
		found, err := s.ListFetches(t.Context(), test.list)
		got := ""
		for _, f := range found {
			got += f.ID
		}
		if err != nil || got != test.want {
			t.Errorf("%+v lists %s, %v", test.list, got, err)
		}
	}
	if n, err := s.DeleteFetches(t.Context(), at(3), 1); err != nil || n != 1 {
		t.Error(n, err)
	}
	if found, err := s.ListFetches(t.Context(), provisioners.FetchList{Limit: 9}); err != nil || len(found) != 2 || found[1].ID != "2" {
		t.Errorf("left are %v, %v", found, err)
	}
}

func TestAStrangerIsNotedWithWhatWasKnown(t *testing.T) {
	s := provisionerstest.NewFetches(nil)
	for _, stranger := range []provisioners.Stranger{
		{ID: "x", MAC: "m", First: at(1), Last: at(1), Requests: 1}, {ID: "y", First: at(2), Last: at(2), Requests: 1},
		{ID: "x", Model: "T46S", First: at(3), Last: at(3), Requests: 2},
	} {
		if err := s.NoteStranger(t.Context(), stranger); err != nil {
			t.Fatal(err)
		}
	}
	x, err := s.Stranger(t.Context(), "x")
	if want := (provisioners.Stranger{ID: "x", MAC: "m", Model: "T46S", First: at(1), Last: at(3), Requests: 3}); err != nil || x != want {
		t.Errorf("x is %+v, %v", x, err)
	}
	rest, err := s.ListStrangers(t.Context(), x, 9)
	if err != nil || len(rest) != 1 || rest[0].ID != "y" {
		t.Errorf("after x comes %+v, %v", rest, err)
	}
	if n, err := s.DeleteStrangers(t.Context(), 1, time.Time{}, 9); err != nil || n != 1 {
		t.Error(n, err)
	}
	if err := s.DeleteStranger(t.Context(), "y"); !errors.Is(err, provisioners.ErrNotFound) {
		t.Errorf("y: %v", err)
	}
}

func TestStoresFailWhenToldAndWhenTheContextHasEnded(t *testing.T) {
	broken := errors.New("broken")
	s := provisionerstest.NewLevels()
	s.Fail(broken)
	if _, err := s.Levels(t.Context(), nil); !errors.Is(err, broken) || s.Calls("Levels") != 1 {
		t.Errorf("fails with %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := provisionerstest.NewLines().Lines(ctx, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("ends with %v", err)
	}
}
