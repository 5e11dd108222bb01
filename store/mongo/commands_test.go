package mongo

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
)

// expect checks which commands a call makes the store send.
func (c *commands) expect(t *testing.T, what string, call func() error, want ...string) {
	t.Helper()
	c.take()
	if err := call(); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if got := c.take(); !slices.Equal(got, want) {
		t.Errorf("%s sends %v, want %v", what, got, want)
	}
}

func openWatched(t *testing.T) (*Store, *commands) {
	t.Helper()
	c := &commands{}
	return openWith(t, Options{URI: mongotest.URI(t), Monitor: c.monitor()}), c
}

// testTime is in whole milliseconds, as what comes back is.
func testTime() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC) }

// knownDevice is a record of a phone that has been here.
func knownDevice(serial string) device.Device {
	return device.Device{
		ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", ProductClass: "CP-8851", SerialNumber: serial}, Model: "CP-8851",
		Origin: device.OriginOperator, FirstSeen: testTime().Add(-time.Hour), LastInform: testTime().Add(-time.Hour), InformInterval: 900,
		Indexed: map[string]string{"line": "7", "voip.status": "Up"}, Events: []device.Event{{Code: "1 BOOT", At: testTime()}},
	}
}

func createDevice(t *testing.T, s *Store, d device.Device) device.Device {
	t.Helper()
	if err := s.Devices().Create(t.Context(), d, 0); err != nil {
		t.Fatal(err)
	}
	return d
}

func getDevice(t *testing.T, s *Store, id device.ID) device.Device {
	t.Helper()
	d, err := s.Devices().Get(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func routineContact(d device.Device) device.Contact {
	return device.Contact{Identity: d.CWMPIdentity, Session: "s", At: testTime(), Until: testTime().Add(time.Minute), Address: "192.0.2.9"}
}

func TestARoutineSessionIsOneCommandToBeginAndOneToEnd(t *testing.T) {
	s, sent := openWatched(t)
	first, second := createDevice(t, s, knownDevice("1")), createDevice(t, s, knownDevice("2"))
	var began device.Began
	begin := func(c device.Contact) func() error {
		return func() (err error) {
			began, err = s.Sessions().Begin(t.Context(), c)
			return err
		}
	}
	end := func(e device.SessionEnd) func() error {
		e.Device, e.Generation, e.At = began.After.ID, began.After.Session.Generation, testTime()
		return func() error { return s.Sessions().End(t.Context(), e) }
	}
	sent.expect(t, "the first of a kind", begin(routineContact(first)), "find", "update")
	sent.expect(t, "an end with nothing to do", end(device.SessionEnd{}), "update")
	sent.expect(t, "another device of the kind", begin(routineContact(second)), "findAndModify")
	sent.expect(t, "extending", func() error { return s.Sessions().Extend(t.Context(), second.ID, 1, testTime().Add(time.Hour)) }, "update")
	sent.expect(t, "raising the hint", func() error { return s.Sessions().RaiseWork(t.Context(), second.ID) }, "update")
	sent.expect(t, "an end after the queue was emptied", end(device.SessionEnd{Emptied: true, WorkSeen: 1, DueAt: testTime().Add(time.Hour)}), "update")
	byAccount := routineContact(second)
	byAccount.Device = second.ID
	sent.expect(t, "a session by account", begin(byAccount), "findAndModify")
	sent.expect(t, "an end while nothing is due yet", end(device.SessionEnd{WorkSeen: 1}), "update")
	sent.expect(t, "one more session", begin(byAccount), "findAndModify")
	sent.expect(t, "an abandoned end", end(device.SessionEnd{Abandon: true}), "update")
}

func TestAListIsOneCommandForThePageAndOneForTheTotal(t *testing.T) {
	s, sent := openWatched(t)
	for _, serial := range []string{"1", "2", "3"} {
		createDevice(t, s, knownDevice(serial))
	}
	list := func(l device.List) func() error {
		return func() error { _, err := s.Devices().List(t.Context(), l); return err }
	}
	if err := list(device.List{PageSize: 1})(); err != nil { // Asks once what the server can do.
		t.Fatal(err)
	}
	sent.expect(t, "a page", list(device.List{PageSize: 2}), "find")
	sent.expect(t, "a page with total", list(device.List{PageSize: 2, Count: true}), "find", "aggregate")
	sent.expect(t, "a page that holds all", list(device.List{PageSize: 3, Count: true}), "find")
}

func TestAFilterThatTakesTooLongIsGivenUp(t *testing.T) {
	s := openWith(t, Options{URI: mongotest.URI(t), FilterTime: time.Nanosecond})
	_, err := s.Devices().List(t.Context(), device.List{PageSize: 1})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "the filter took longer than 1ns") {
		t.Errorf("error is %v, want one that says so", err)
	}
}

func TestARoutineBeginStoresWhatApplyMakesOfTheRecord(t *testing.T) {
	key := "k"
	none := ""
	for name, report := range map[string]func(*device.Contact){
		"nothing":            func(*device.Contact) {},
		"no address":         func(c *device.Contact) { c.Address = "" },
		"no session id":      func(c *device.Contact) { c.Session = "" },
		"manufacturer":       func(c *device.Contact) { c.Manufacturer = "Poly" },
		"model":              func(c *device.Contact) { c.Model = "VVX" },
		"versions":           func(c *device.Contact) { c.HardwareVersion, c.SoftwareVersion = "H1", "S1" },
		"root and namespace": func(c *device.Contact) { c.Root, c.Namespace = "Device.", "urn:x" },
		"URL and digest":     func(c *device.Contact) { c.ConnectionRequestURL, c.InformDigest = "http://192.0.2.9/", "d" },
		"CWMP version":       func(c *device.Contact) { c.CWMPVersion = "1.4" },
		"inform interval":    func(c *device.Contact) { c.InformInterval = 60 },
		"parameter key":      func(c *device.Contact) { c.ParameterKey = &key },
		"no parameter key":   func(c *device.Contact) { c.ParameterKey = &none },
		"indexed parameters": func(c *device.Contact) {
			c.Indexed = map[string]string{"line": "", "voip.status": "Down", "100%$": "X"}
		},
		"times finer than stored": func(c *device.Contact) { c.At, c.Until = c.At.Add(7), c.Until.Add(7) },
	} {
		t.Run(name, func(t *testing.T) {
			s, sent := openWatched(t)
			before := createDevice(t, s, knownDevice("1"))
			s.intervals.note(before.CWMPIdentity, before.InformInterval)
			c := routineContact(before)
			report(&c)
			var began device.Began
			sent.expect(t, "begin", func() (err error) { began, err = s.Sessions().Begin(t.Context(), c); return err }, "findAndModify")
			c.At, c.Until = whole(c.At), whole(c.Until)
			want, err := before.Apply(c)
			if err != nil {
				t.Fatal(err)
			}
			for what, got := range map[string]device.Device{"answer": began.After, "record": getDevice(t, s, before.ID)} {
				if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s differs (-want +got):\n%s", what, diff)
				}
			}
			if diff := cmp.Diff(before, began.Before, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("record before differs (-want +got):\n%s", diff)
			}
			stored, err := s.findDevice(t.Context(), byID(before.ID))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(newDeviceDocument(want).Folded, stored.Folded, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("folded copies differ (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAWrongGuessOfTheInformIntervalIsMadeGood(t *testing.T) {
	s, sent := openWatched(t)
	d := createDevice(t, s, knownDevice("1"))
	s.intervals.note(d.CWMPIdentity, 77)
	var began device.Began
	begin := func() (err error) { began, err = s.Sessions().Begin(t.Context(), routineContact(d)); return err }
	sent.expect(t, "a wrong guess", begin, "findAndModify", "find", "update")
	if want := testTime().Add(2*900*time.Second + time.Minute); !began.After.OnlineUntil.Equal(want) {
		t.Errorf("device is online until %v, want %v", began.After.OnlineUntil, want)
	}
	sent.expect(t, "the guess that was learnt", begin, "findAndModify")
}

func TestTheMemoryOfInformIntervalsIsBounded(t *testing.T) {
	i := newIntervals()
	for n := range maxIntervals + 100 {
		i.note(device.CWMPIdentity{ProductClass: time.Duration(n).String()}, n)
	}
	if len(i.known) != maxIntervals {
		t.Errorf("%d kinds are remembered, want %d", len(i.known), maxIntervals)
	}
}
