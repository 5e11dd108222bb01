package provisionerstest_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

func TestAConvergenceIsReplacedOnceForEachRevisionAndIsTheCallersOwn(t *testing.T) {
	s := provisionerstest.NewConvergences()
	value := "a"
	put := provisioners.Convergence{
		Device: "d", UpdatedAt: at(1).Add(time.Microsecond), Owned: []string{"x"}, Instances: []provisioners.Instances{{Table: "t", Numbers: []int{1}}},
		Adding: &provisioners.Adding{Table: "t", Before: []int{1}, At: at(1)}, Differences: []provisioners.Difference{{Path: "p", Has: &value}},
	}
	first, err := s.PutConvergence(t.Context(), put)
	if err != nil || first.Revision != 1 || !first.UpdatedAt.Equal(at(1)) {
		t.Fatal(first, err)
	}
	if _, err := s.PutConvergence(t.Context(), put); !errors.Is(err, provisioners.ErrConflict) {
		t.Errorf("put twice: %v", err)
	}
	put.Owned[0], put.Instances[0].Numbers[0], put.Adding.Before[0], value = "changed", 9, 9, "changed"
	first.Owned[0], first.Instances[0].Numbers[0], first.Adding.Before[0], *first.Differences[0].Has = "changed", 9, 9, "changed"
	found, err := s.Convergence(t.Context(), "d")
	if err != nil || found.Owned[0] != "x" || found.Instances[0].Numbers[0] != 1 || found.Adding.Before[0] != 1 || *found.Differences[0].Has != "a" {
		t.Errorf("found %+v, %v", found, err)
	}
	s.DeleteDevice("d")
	if _, err := s.Convergence(t.Context(), "d"); !errors.Is(err, provisioners.ErrNotFound) {
		t.Errorf("of a device that went: %v", err)
	}
}

func TestDataModelsAreListedInOrderWithoutTheirNames(t *testing.T) {
	s := provisionerstest.NewDataModels()
	for _, m := range []provisioners.DataModel{
		{Key: device.ModelKey{Manufacturer: "b"}, Root: "Device."}, {Key: device.ModelKey{Manufacturer: "a", ProductClass: "x"}, Root: "Device."},
		{Key: device.ModelKey{Manufacturer: "a"}, Root: "InternetGatewayDevice."}, {Key: device.ModelKey{Manufacturer: "a"}, Root: "Device."},
	} {
		m.Names, m.NoNotification = []provisioners.ParameterName{{Path: "Time."}}, []string{"Time."}
		if _, err := s.PutDataModel(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	page, err := s.ListDataModels(t.Context(), provisioners.DataModel{}, 2)
	if err != nil || len(page) != 2 {
		t.Fatal(page, err)
	}
	rest, err := s.ListDataModels(t.Context(), page[1], 9)
	got := []string{}
	for _, m := range slices.Concat(page, rest) {
		got = append(got, m.Key.Manufacturer+m.Key.ProductClass+" "+m.Root)
		if m.Names != nil || m.NoNotification != nil {
			t.Errorf("%v is listed with its names", m.Key)
		}
	}
	if want := []string{"a Device.", "a InternetGatewayDevice.", "ax Device.", "b Device."}; err != nil || !slices.Equal(got, want) {
		t.Errorf("listed %q, %v, want %q", got, err, want)
	}
	for _, limit := range []int{0, 1001} {
		if _, err := s.ListDataModels(t.Context(), provisioners.DataModel{}, limit); !errors.Is(err, device.ErrInvalid) {
			t.Errorf("a page of %d: %v", limit, err)
		}
	}
}

func TestADataModelIsReplacedOnceForEachRevisionAndGoesOnce(t *testing.T) {
	s := provisionerstest.NewDataModels()
	m := s.Set(provisioners.DataModel{Root: "Device.", Names: []provisioners.ParameterName{{Path: "Time."}}})
	if next := s.Set(m); next.Revision != 2 {
		t.Errorf("set twice: revision %d, want 2", next.Revision)
	}
	if _, err := s.PutDataModel(t.Context(), m); !errors.Is(err, provisioners.ErrConflict) {
		t.Errorf("an older revision: %v", err)
	}
	found, err := s.DataModel(t.Context(), m.Key, m.Root)
	if err != nil || len(found.Names) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
	if err := s.DeleteDataModel(t.Context(), m.Key, m.Root); err != nil {
		t.Error(err)
	}
	if err := s.DeleteDataModel(t.Context(), m.Key, m.Root); !errors.Is(err, provisioners.ErrNotFound) {
		t.Errorf("deleted twice: %v", err)
	}
	if _, err := s.DataModel(t.Context(), m.Key, m.Root); !errors.Is(err, provisioners.ErrNotFound) {
		t.Errorf("found what went: %v", err)
	}
}
