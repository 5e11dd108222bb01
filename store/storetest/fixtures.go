package storetest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// checkFull fails the test if a field of a fixture is empty: a field that the
// suite does not fill is a field that a store may forget.
func checkFull(t *testing.T, fixture any) {
	t.Helper()
	v := reflect.ValueOf(fixture)
	for i := range v.NumField() {
		if v.Field(i).IsZero() {
			t.Errorf("%T.%s is empty in the fixture: fill it", fixture, v.Type().Field(i).Name)
		}
	}
}

// fullDevice returns a record in which nothing is empty.
func fullDevice(i int) device.Device {
	return device.Device{
		ID: device.NewID(), Manufacturer: "Müller & Söhne", CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", ProductClass: "CP-8851", SerialNumber: fmt.Sprintf("FCH%05d", i)},
		MAC: fmt.Sprintf("00:04:f2:00:%02x:%02x", i>>8, i&255), Model: "CP-8851-3PCC", HardwareVersion: "V03", SoftwareVersion: "12.0.1", Address: "192.0.2.7",
		Origin: device.OriginOperator, Tags: []string{"lobby", "Ünïcode \"quoted\""}, Group: "reseller/customer/site", Revision: 7,
		FirstSeen: now().Add(-48 * time.Hour), LastInform: now(), LastBoot: now().Add(-time.Hour), LastBootstrap: now().Add(-2 * time.Hour),
		OnlineUntil: now().Add(time.Hour), InformInterval: 1800, Root: "InternetGatewayDevice.", Namespace: "urn:dslforum-org:cwmp-1-2",
		ParameterKey: "key", InformDigest: "digest",
		Events:        []device.Event{{Code: "0 BOOTSTRAP", At: now().Add(-2 * time.Hour)}, {Code: "M Reboot", CommandKey: "c", At: now()}},
		Indexed:       map[string]string{"registration": "Up.Ünïcode \"quoted\"", "vlan": "100"},
		OnboardingDue: true, CWMPVersion: "1.4", RetryCount: 3, Quarantined: true,
		Alarms: []device.Alarm{
			{Kind: device.AlarmRepeatedBootstrap, Since: now().Add(-time.Hour), Last: now(), Count: 4, Detail: "é \"<&>\""},
			{Kind: device.AlarmTransfers, Since: now(), Last: now(), Count: 1},
		},
		Provisioning: fullProvisioning(),
		ConnectionRequest: device.ConnectionRequest{
			URL: "http://192.0.2.7:7547/x?y=1", Username: "user", Password: "sealed", PendingUsername: "next", PendingPassword: "sealed next",
		},
		Work:    device.Work{Raised: 3, Cleared: 2, DueAt: now().Add(time.Minute)},
		Session: device.Session{ID: "s1", Generation: 5, Until: now().Add(time.Minute)},
	}
}

// storedDevice returns the record as it comes back.
func storedDevice(d device.Device) device.Device {
	for _, at := range []*time.Time{&d.FirstSeen, &d.LastInform, &d.LastBoot, &d.LastBootstrap, &d.OnlineUntil, &d.Work.DueAt, &d.Session.Until,
		&d.Provisioning.ChangedAt, &d.Provisioning.FetchedAt, &d.Provisioning.DriftedSince, &d.Provisioning.CheckAt} {
		*at = stored(*at)
	}
	events := make([]device.Event, len(d.Events))
	for i, e := range d.Events {
		e.At = stored(e.At)
		events[i] = e
	}
	d.Events = events
	alarms := make([]device.Alarm, len(d.Alarms))
	for i, a := range d.Alarms {
		a.Since, a.Last = stored(a.Since), stored(a.Last)
		alarms[i] = a
	}
	d.Alarms = alarms
	return d
}

// plainDevice returns a record of a phone that was announced and never came.
func plainDevice(serial string) device.Device {
	return device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "0004F2", ProductClass: "CP-8851", SerialNumber: serial}, Origin: device.OriginOperator, Revision: 1}
}

func addDevice(t *testing.T, s store.Store, d device.Device) device.Device {
	t.Helper()
	must(t, s.Devices().Create(t.Context(), d, 0))
	return d
}

func contact(d device.Device, session string, at time.Time) device.Contact {
	return device.Contact{Identity: d.CWMPIdentity, Session: session, At: at, Until: at.Add(time.Minute), Address: "192.0.2.9"}
}

func begin(t *testing.T, s store.Store, c device.Contact) device.Began {
	t.Helper()
	return got[device.Began](t)(s.Sessions().Begin(t.Context(), c))
}

func deviceOf(t *testing.T, s store.Store, id device.ID) device.Device {
	t.Helper()
	return got[device.Device](t)(s.Devices().Get(t.Context(), id))
}

// queuedTask returns a task as Enqueue makes it.
func queuedTask(id device.ID, at time.Time) tasks.Task {
	return tasks.Task{
		ID: tasks.NewID(at), Device: id, Kind: tasks.Reboot, Args: json.RawMessage(`{}`), State: tasks.Queued, CreatedAt: at, UpdatedAt: at,
		CreatedBy: "user:admin", Timeline: []tasks.Transition{{State: tasks.Queued, At: at}},
	}
}

// fullTask returns a task in which nothing is empty.
func fullTask(id device.ID) tasks.Task {
	at := now()
	fault := &tasks.Fault{Code: 9003, String: "Invalid arguments", Parameters: []tasks.ParameterFault{{Path: "Device.X", Code: 9008, String: "read-only"}}}
	return tasks.Task{
		ID: tasks.NewID(at), Device: id, Kind: tasks.SetParameterValues, Args: json.RawMessage(`{"parameters":[{"path":"Device.X","value":"é"}]}`),
		State: tasks.Failed, Result: json.RawMessage(`{"status":1}`), Fault: fault,
		Attempts: []tasks.Attempt{{Session: "s1", StartedAt: at, EndedAt: at.Add(time.Second), Fault: fault}, {Session: "s2", StartedAt: at.Add(time.Minute)}},
		Timeline: []tasks.Transition{{State: tasks.Queued, At: at}, {State: tasks.Failed, At: at.Add(time.Second), Reason: "9003 Invalid arguments"}},
		Priority: -3, NotBefore: at.Add(time.Second), Expires: at.Add(time.Hour), After: []tasks.ID{tasks.NewID(at)}, Blocked: true, UniqueKey: "key",
		CreatedBy: "token:x", RetryOf: tasks.NewID(at), RetriedBy: tasks.NewID(at), CreatedAt: at, UpdatedAt: at.Add(time.Second), FinishedAt: at.Add(time.Second),
		CommandKey: "command", Deadline: at.Add(2 * time.Hour), CheckAt: at.Add(3 * time.Hour), Revision: 4,
		Flight: &tasks.Flight{Method: "SetParameterValues", Class: tasks.Idempotent, At: at, Progress: json.RawMessage(`{"sent":["a"]}`), Answered: true},
		Lease:  tasks.Lease{Session: "s2", Generation: 9, Until: at.Add(time.Minute)},
	}
}

// storedTask returns the task as it comes back.
func storedTask(t tasks.Task) tasks.Task {
	for _, at := range []*time.Time{&t.NotBefore, &t.Expires, &t.CreatedAt, &t.UpdatedAt, &t.FinishedAt, &t.Deadline, &t.CheckAt, &t.Lease.Until} {
		*at = stored(*at)
	}
	t.Attempts = append([]tasks.Attempt{}, t.Attempts...)
	for i := range t.Attempts {
		t.Attempts[i].StartedAt, t.Attempts[i].EndedAt = stored(t.Attempts[i].StartedAt), stored(t.Attempts[i].EndedAt)
	}
	t.Timeline = append([]tasks.Transition{}, t.Timeline...)
	for i := range t.Timeline {
		t.Timeline[i].At = stored(t.Timeline[i].At)
	}
	if t.Flight != nil {
		flight := *t.Flight
		flight.At = stored(flight.At)
		t.Flight = &flight
	}
	return t
}

func addTask(t *testing.T, s store.Store, task tasks.Task) tasks.Task {
	t.Helper()
	must(t, s.Tasks().Insert(t.Context(), task))
	return storedTask(task)
}

func taskOf(t *testing.T, s store.Store, id tasks.ID) tasks.Task {
	t.Helper()
	return got[tasks.Task](t)(s.Tasks().Get(t.Context(), id))
}

func lease(generation int64, at time.Time) tasks.Lease {
	return tasks.Lease{Session: fmt.Sprintf("s%d", generation), Generation: generation, Until: at.Add(time.Minute)}
}

func ids(all []tasks.Task) []tasks.ID {
	var list []tasks.ID
	for _, t := range all {
		list = append(list, t.ID)
	}
	return list
}

func fullFile(name string) files.File {
	return files.File{
		Name: name, Type: "1 Firmware Upgrade Image", OUI: "0004F2", ProductClass: "CP-8851", Version: "12.0.1", Siblings: []string{"a.sbn", "b.sbn"},
		Size: 50 << 20, SHA256: "ab12", Content: "c-" + name, CreatedAt: now(), CreatedBy: "user:admin",
		Device: "Device-1", Task: "task-1",
	}
}
