package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/store"
)

// fullDataModel returns one in which nothing is empty but the revision: it is new.
func fullDataModel(manufacturer, root string) provisioners.DataModel {
	return provisioners.DataModel{
		Key: device.ModelKey{Manufacturer: manufacturer, ProductClass: "CP-8851", SoftwareVersion: "12.0.1"}, Root: root, UpdatedAt: now(),
		Asked: []string{"Services.VoiceService.", "Time."},
		Names: []provisioners.ParameterName{
			{Path: "Services.VoiceService.{i}."}, {Path: "Services.VoiceService.{i}.X_$é.Enable", Writable: true}, {Path: "Time.LocalTimeZone", Writable: true},
		},
		NoNotification: []string{"Time.LocalTimeZone"}, Unmapped: []provisioners.Unmapped{{Setting: "account.N.transport", Reason: "é <&>"}}, Pack: "cisco",
	}
}

// storedDataModel returns it as it comes back after it was put.
func storedDataModel(m provisioners.DataModel) provisioners.DataModel {
	m.Revision++
	m.UpdatedAt = stored(m.UpdatedAt)
	return m
}

// putDataModel stores one and returns it.
func putDataModel(t *testing.T, s store.Store, m provisioners.DataModel) provisioners.DataModel {
	t.Helper()
	return got[provisioners.DataModel](t)(s.DataModels().PutDataModel(t.Context(), m))
}

func dataModelOf(t *testing.T, s store.Store, m provisioners.DataModel) provisioners.DataModel {
	t.Helper()
	return got[provisioners.DataModel](t)(s.DataModels().DataModel(t.Context(), m.Key, m.Root))
}

// listDataModels follows the pages of that size to the last.
func listDataModels(t *testing.T, s store.Store, size int) []provisioners.DataModel {
	t.Helper()
	var all []provisioners.DataModel
	for after := (provisioners.DataModel{}); ; {
		page := got[[]provisioners.DataModel](t)(s.DataModels().ListDataModels(t.Context(), after, size))
		if len(page) > size {
			t.Fatalf("a page of %d has %d data models", size, len(page))
		}
		all = append(all, page...)
		if len(page) < size {
			return all
		}
		after = page[len(page)-1]
	}
}

func dataModelTests() []test {
	return []test{
		{"a data model comes back whole, with its first revision", func(t *testing.T, s store.Store) {
			m := fullDataModel("Cisco", "Device.")
			checkFull(t, storedDataModel(m))
			same(t, "answer", putDataModel(t, s, m), storedDataModel(m))
			same(t, "data model", dataModelOf(t, s, m), storedDataModel(m))
			plain := provisioners.DataModel{Root: "Device."}
			putDataModel(t, s, plain)
			same(t, "plain", dataModelOf(t, s, plain), storedDataModel(plain))
		}},
		{"the largest data model comes back", func(t *testing.T, s store.Store) {
			m := fullDataModel("Cisco", "Device.")
			m.Names, m.NoNotification = nil, nil
			for i := range provisioners.MaxParameterNames {
				path := fmt.Sprintf("%05d.%s", i, strings.Repeat("é", 125))
				m.Names = append(m.Names, provisioners.ParameterName{Path: path, Writable: i%2 == 0})
				m.NoNotification = append(m.NoNotification, path)
			}
			putDataModel(t, s, m)
			same(t, "data model", dataModelOf(t, s, m), storedDataModel(m))
		}},
		{"a data model is stored in place of the revision that was seen", func(t *testing.T, s store.Store) {
			first := putDataModel(t, s, fullDataModel("Cisco", "Device."))
			next := first
			next.Names, next.Asked, next.Pack, next.Unmapped = next.Names[:1], nil, "", nil
			next = putDataModel(t, s, next)
			same(t, "revision", next.Revision, int64(2))
			for _, revision := range []int64{-1, 0, 1, 3} {
				old := first
				old.Revision = revision
				fails(t, second(s.DataModels().PutDataModel(t.Context(), old)), provisioners.ErrConflict)
			}
			same(t, "data model", dataModelOf(t, s, first), next)
		}},
		{"data models are kept by every part of the name, and one goes alone", namedDataModels},
		{"what is not stored is not found, and put in no revision but the first", func(t *testing.T, s store.Store) {
			m := fullDataModel("Cisco", "Device.")
			m.Revision = 1
			fails(t, second(s.DataModels().PutDataModel(t.Context(), m)), provisioners.ErrConflict)
			fails(t, second(s.DataModels().DataModel(t.Context(), m.Key, m.Root)), provisioners.ErrNotFound)
			fails(t, s.DataModels().DeleteDataModel(t.Context(), m.Key, m.Root), provisioners.ErrNotFound)
			same(t, "list", listDataModels(t, s, 10), []provisioners.DataModel(nil))
		}},
		{"a list is in the order of the parts of the name, in pages of any size, without the names of parameters", listedDataModels},
		{"of those who put the same new data model exactly one wins", func(t *testing.T, s store.Store) {
			for round := range 4 {
				onlyOneWins(t, provisioners.ErrConflict, func(worker int) error {
					m := fullDataModel(fmt.Sprint(round), "Device.")
					m.Pack = fmt.Sprint(worker)
					return second(s.DataModels().PutDataModel(t.Context(), m))
				})
			}
		}},
	}
}

// alikeDataModels returns data models whose names differ in one part each, and in the
// end of a part.
func alikeDataModels() []provisioners.DataModel {
	var all []provisioners.DataModel
	for _, part := range []string{"", "a", "A", "a\x00", "a\x00b", "a b", "a.b", "é"} {
		for i, key := range []device.ModelKey{
			{Manufacturer: "m" + part, ProductClass: "p", SoftwareVersion: "s"}, {Manufacturer: "x", ProductClass: "p" + part, SoftwareVersion: "s"},
			{Manufacturer: "x", ProductClass: "q", SoftwareVersion: part},
		} {
			m := fullDataModel("", "Device.")
			m.Key, m.Pack = key, fmt.Sprint(i)
			all = append(all, m)
			m.Root = "InternetGatewayDevice."
			all = append(all, m)
		}
	}
	return all
}

func namedDataModels(t *testing.T, s store.Store) {
	all := alikeDataModels()
	for i := range all {
		all[i].Pack = fmt.Sprint(i)
		putDataModel(t, s, all[i])
	}
	for i := range all {
		same(t, fmt.Sprint(all[i].Key, all[i].Root), dataModelOf(t, s, all[i]), storedDataModel(all[i]))
	}
	must(t, s.DataModels().DeleteDataModel(t.Context(), all[3].Key, all[3].Root))
	fails(t, s.DataModels().DeleteDataModel(t.Context(), all[3].Key, all[3].Root), provisioners.ErrNotFound)
	fails(t, second(s.DataModels().DataModel(t.Context(), all[3].Key, all[3].Root)), provisioners.ErrNotFound)
	same(t, "data models that are left", len(listDataModels(t, s, store.MaxPageSize)), len(all)-1)
	same(t, "one that comes again", putDataModel(t, s, all[3]).Revision, int64(1))
}

func listedDataModels(t *testing.T, s store.Store) {
	all := alikeDataModels()
	var want []provisioners.DataModel
	for _, m := range all {
		m = putDataModel(t, s, m)
		m.Names, m.NoNotification = nil, nil
		want = append(want, m)
	}
	slices.SortFunc(want, func(a, b provisioners.DataModel) int {
		parts := func(m provisioners.DataModel) []string {
			return []string{m.Key.Manufacturer, m.Key.ProductClass, m.Key.SoftwareVersion, m.Root}
		}
		return slices.Compare(parts(a), parts(b))
	})
	for _, size := range []int{1, 7, len(want), len(want) + 1, store.MaxPageSize} {
		same(t, fmt.Sprint("data models in pages of ", size), listDataModels(t, s, size), want)
	}
	// What comes after one that is not stored, or goes meanwhile, comes all the same.
	must(t, s.DataModels().DeleteDataModel(t.Context(), want[4].Key, want[4].Root))
	same(t, "after one that went", got[[]provisioners.DataModel](t)(s.DataModels().ListDataModels(t.Context(), want[4], 2)), want[5:7])
	for _, size := range []int{-1, 0, store.MaxPageSize + 1} {
		fails(t, second(s.DataModels().ListDataModels(t.Context(), provisioners.DataModel{}, size)), device.ErrInvalid)
	}
}
