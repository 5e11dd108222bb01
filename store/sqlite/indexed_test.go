package sqlite

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// parameterIndexes returns the names of the indexes of indexed parameters.
func parameterIndexes(t *testing.T, s *Store) []string {
	t.Helper()
	var names []string
	err := s.readers.lend(t.Context(), func(c *conn) error {
		return c.each(func(r *row) error {
			names = append(names, r.text())
			return nil
		}, indexesOfParameters+" ORDER BY name", len(indexedPrefix), indexedPrefix)
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestOpenMakesTheIndexesOfTheParametersThatAreNamedNowAndDropsOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "dialtone.db")
	d := phone(1)
	d.Indexed = map[string]string{"registration": "Up", "vlan": "100", "vlanId": "200", "vlanID": "300"}
	for i, c := range []struct {
		names, indexes []string
		filter         string
	}{
		{nil, nil, "model:*"},
		{[]string{"registration", "vlan"}, []string{"devices_indexed_registration", "devices_indexed_vlan"}, "parameter.vlan = 100"},
		{[]string{"vlan", "vlanId"}, []string{"devices_indexed_vlan", "devices_indexed_vlanId"}, "parameter.vlanId = 200"},
		{[]string{"vlanID"}, []string{"devices_indexed_vlanID"}, "parameter.vlanID = 300"},
		{nil, nil, "model:*"},
	} {
		s := openTest(t, Options{Path: path, IndexedParameters: c.names})
		if i == 0 {
			if err := s.Devices().Create(t.Context(), d, 0); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.indexes, parameterIndexes(t, s)); diff != "" {
			t.Errorf("indexes with %v differ (-want +got):\n%s", c.names, diff)
		}
		e, err := query.Parse(device.Schema(c.names...), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		if page, err := s.Devices().List(t.Context(), device.List{Filter: e, PageSize: 1}); err != nil || len(page.Devices) != 1 {
			t.Errorf("%s lists %d devices, %v", c.filter, len(page.Devices), err)
		}
		shared := openTest(t, Options{Path: path, Shared: true})
		if diff := cmp.Diff(c.indexes, parameterIndexes(t, shared)); diff != "" {
			t.Errorf("indexes after the file was shared differ (-want +got):\n%s", diff)
		}
		for _, opened := range []*Store{shared, s} {
			if err := opened.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestANameThatNoIndexedParameterCanHaveIsRefused(t *testing.T) {
	_, err := Open(t.Context(), Options{Path: filepath.Join(t.TempDir(), "dialtone.db"), IndexedParameters: []string{"x')); DROP TABLE devices; --"}})
	if !errors.Is(err, device.ErrInvalid) {
		t.Errorf("error is %v, want %v", err, device.ErrInvalid)
	}
}
