package mongo

import (
	"errors"
	"sync"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
)

// contend runs each of the calls count times, all at once.
func contend(t *testing.T, count int, calls ...func(n int) error) {
	t.Helper()
	var group sync.WaitGroup
	for _, call := range calls {
		for n := range count {
			group.Go(func() {
				if err := call(n); err != nil {
					t.Error(err)
				}
			})
		}
	}
	group.Wait()
}

func TestNoChangeOfARecordIsLostAmongOthers(t *testing.T) {
	s := open(t)
	d := createDevice(t, s, knownDevice("1"))
	const count = 12
	contend(t, count,
		func(int) error { return s.Sessions().RaiseWork(t.Context(), d.ID) },
		func(n int) error {
			_, err := s.Devices().Edit(t.Context(), d.ID, device.Edit{Model: &[]string{"a", "b"}[n%2]})
			return err
		},
		func(int) error {
			c := routineContact(d)
			c.Events = []device.Event{{Code: "4 VALUE CHANGE", At: testTime()}}
			_, err := s.Sessions().Begin(t.Context(), c)
			return err
		},
		func(int) error { _, err := s.Sessions().Begin(t.Context(), routineContact(d)); return err },
	)
	after, err := s.findDevice(t.Context(), byID(d.ID))
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]int64{
		"times the hint was raised": after.Work.Raised, "edits": after.Revision, "sessions": after.Session.Generation / 2, "events": int64(len(after.Events) - 1),
		"writes": after.Version / 4,
	} {
		if got != count {
			t.Errorf("%d %s are in the record, want %d", got, what, count)
		}
	}
}

func TestThePlacesOfUnknownDevicesAreCountedExactly(t *testing.T) {
	s := open(t)
	unknown := func() device.Device { return device.Device{ID: device.NewID(), Origin: device.OriginContact} }
	var deleted, adopted []device.Device
	for range 8 {
		deleted, adopted = append(deleted, createDevice(t, s, unknown())), append(adopted, createDevice(t, s, unknown()))
	}
	duplicate := createDevice(t, s, unknown())
	contend(t, 8,
		func(int) error { return s.Devices().Create(t.Context(), unknown(), 0) },
		func(n int) error { return s.Devices().Delete(t.Context(), deleted[n].ID) },
		func(n int) error {
			_, err := s.Devices().Edit(t.Context(), adopted[n].ID, device.Edit{})
			return err
		},
		func(int) error {
			if err := s.Devices().Create(t.Context(), duplicate, 0); !errors.Is(err, device.ErrDuplicate) {
				return errors.Join(errors.New("the record of an id that is taken was created"), err)
			}
			return nil
		},
	)
	counter, err := s.contacts(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n := countDocuments(t, s, devicesCollection, bson.D{{Key: "origin", Value: "contact"}}); counter.Count != int64(n) || n != 9 {
		t.Errorf("the counter is %d for %d unknown devices, want 9", counter.Count, n)
	}
}

func TestASilentDeviceThatInformsMeanwhileStays(t *testing.T) {
	s := open(t)
	d := knownDevice("1")
	d.Origin = device.OriginContact
	createDevice(t, s, d)
	addCredential(t, s, d.ID)
	since := testTime().Add(-time.Minute)
	if n := countDocuments(t, s, devicesCollection, silentDevice(since)); n != 1 {
		t.Fatalf("%d devices are silent, want one", n)
	}
	if _, err := s.Sessions().Begin(t.Context(), routineContact(d)); err != nil {
		t.Fatal(err)
	}
	if deleted, err := s.deleteDevice(t.Context(), d.ID, silentDevice(since)); err != nil || deleted {
		t.Errorf("deleted is %v, %v, want false", deleted, err)
	}
	getDevice(t, s, d.ID)
	if countDocuments(t, s, credentialsCollection, ofDevice(d.ID)) != 1 || countDocuments(t, s, deletionsCollection, bson.D{}) != 0 {
		t.Error("what hangs on the device is gone, or its deletion is under way")
	}
}
