package device

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
)

var testStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func TestParseMACReadsTheFormsThatPhonesAndPeopleWrite(t *testing.T) {
	for _, text := range []string{"001565AABBCC", "00:15:65:aa:bb:cc", "00-15-65-AA-BB-CC", "0015.65aa.bbcc", " 001565aabbcc "} {
		if got, err := ParseMAC(text); err != nil || got != "00:15:65:aa:bb:cc" {
			t.Errorf("ParseMAC(%q) = %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "00:15:65:aa:bb", "00:15:65:aa:bb:cc:dd", "00:15:65:aa:bb:cg", "000000000000", "x"} {
		if got, err := ParseMAC(text); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseMAC(%q) = %q, %v, want ErrInvalid", text, got, err)
		}
	}
}

func TestIdentitiesOfDifferentDevicesNeverCollide(t *testing.T) {
	seen := map[string]CWMPIdentity{}
	parts := []string{"", "-", "a", "a-b", "b", "%2D", "a%2Db", "ä", "a/b", "A", ".."}
	for _, class := range parts {
		for _, serial := range parts {
			identity := CWMPIdentity{OUI: "00562b", ProductClass: class, SerialNumber: serial}
			key := identity.Identity().Key
			if other, taken := seen[key]; taken {
				t.Errorf("%+v and %+v have the key %q", identity, other, key)
			}
			seen[key] = identity
		}
	}
}

func TestTheOUIIsComparedWithoutRegardToCase(t *testing.T) {
	if (CWMPIdentity{OUI: "00562b", SerialNumber: "s"}).Identity() != (CWMPIdentity{OUI: "00562B", SerialNumber: "s"}).Identity() {
		t.Error("the case of the OUI makes two devices")
	}
	if (CWMPIdentity{OUI: "1", SerialNumber: "s"}).Identity() == (CWMPIdentity{OUI: "1", SerialNumber: "S"}).Identity() {
		t.Error("the case of the serial number is lost")
	}
}

func TestAnIDHasItsFormAndNoOther(t *testing.T) {
	id := NewID()
	if got, err := ParseID(string(id)); err != nil || got != id {
		t.Errorf("ParseID(%q) = %q, %v", id, got, err)
	}
	for _, text := range []string{"", "abc", strings.ToUpper(string(id)), string(id) + "a", strings.Repeat("1", 26)} {
		if _, err := ParseID(text); !errors.Is(err, ErrInvalid) {
			t.Errorf("ParseID(%q): %v, want ErrInvalid", text, err)
		}
	}
}

func TestCheckPathRefusesWhatIsNoPath(t *testing.T) {
	for _, path := range []string{"Device.", "Device.X_00562B_A.1.B", "Device.A.[alias].B", "Device.A.*.B", strings.Repeat("ä", 256)} {
		if err := CheckPath(path); err != nil {
			t.Errorf("CheckPath(%q): %v", path, err)
		}
	}
	for _, path := range []string{"", ".", ".A", "A..B", "A B", "A\tB", "A\x00", "A\x7f", "\xff", "Device.A.{i}.B", strings.Repeat("a", 257)} {
		if err := CheckPath(path); !errors.Is(err, ErrInvalid) {
			t.Errorf("CheckPath(%q): %v, want ErrInvalid", path, err)
		}
	}
}

func TestAContactTakesTheLockAndNotesWhatItSays(t *testing.T) {
	key := "k"
	before := Device{ID: "d", CWMPIdentity: CWMPIdentity{OUI: "1", SerialNumber: "s"}, SoftwareVersion: "1", Session: Session{ID: "old", Generation: 4}}
	after, err := before.Apply(Contact{
		Identity: before.CWMPIdentity, Session: "new", At: testStart, Until: testStart.Add(time.Minute), Address: "192.0.2.1", Boot: true,
		Reported: Reported{SoftwareVersion: "2", InformInterval: 300, ParameterKey: &key}, Events: []Event{{Code: "1 BOOT", At: testStart}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if after.Session != (Session{ID: "new", Generation: 5, Until: testStart.Add(time.Minute)}) {
		t.Errorf("lock = %+v", after.Session)
	}
	if after.SoftwareVersion != "2" || after.ParameterKey != "k" || after.Address != "192.0.2.1" || !after.LastBoot.Equal(testStart) || !after.FirstSeen.Equal(testStart) || len(after.Events) != 1 {
		t.Errorf("record = %+v", after)
	}
	if want := testStart.Add(11 * time.Minute); !after.OnlineUntil.Equal(want) {
		t.Errorf("online until %s, want two intervals and a minute: %s", after.OnlineUntil, want)
	}
}

func TestAContactThatReportsNothingLeavesTheRecordAsItIs(t *testing.T) {
	before := Device{SoftwareVersion: "1", Model: "m", InformInterval: 60, ParameterKey: "k", Root: "Device.", ConnectionRequest: ConnectionRequest{URL: "u"}}
	after, err := before.Apply(Contact{Identity: CWMPIdentity{SerialNumber: "s"}, At: testStart})
	if err != nil {
		t.Fatal(err)
	}
	if after.SoftwareVersion != "1" || after.Model != "m" || after.InformInterval != 60 || after.ParameterKey != "k" || after.Root != "Device." || after.ConnectionRequest.URL != "u" {
		t.Errorf("record = %+v", after)
	}
}

func TestARecordDoesNotChangeItsIdentity(t *testing.T) {
	d := Device{CWMPIdentity: CWMPIdentity{OUI: "1", SerialNumber: "s"}}
	if _, err := d.Apply(Contact{Identity: CWMPIdentity{OUI: "1", SerialNumber: "other"}}); !errors.Is(err, ErrIdentity) {
		t.Errorf("contact: %v, want ErrIdentity", err)
	}
	if _, err := d.ApplyEdit(Edit{Identity: &CWMPIdentity{OUI: "1", SerialNumber: "other"}}); !errors.Is(err, ErrDuplicate) {
		t.Errorf("edit: %v, want ErrDuplicate", err)
	}
	added := Device{MAC: "00:15:65:aa:bb:cc"}
	if got, err := added.Apply(Contact{Identity: CWMPIdentity{OUI: "1", SerialNumber: "s"}}); err != nil || got.SerialNumber != "s" {
		t.Errorf("a record without an identity does not take one: %+v, %v", got, err)
	}
}

func TestTheNewestEventsAreKept(t *testing.T) {
	var d Device
	for i := range 3 * MaxEvents {
		d, _ = d.Apply(Contact{Events: []Event{{Code: "1 BOOT", At: testStart.Add(time.Duration(i) * time.Second)}}})
	}
	if len(d.Events) != MaxEvents || !d.Events[MaxEvents-1].At.Equal(testStart.Add(time.Duration(3*MaxEvents-1)*time.Second)) {
		t.Errorf("%d events, the last of %s", len(d.Events), d.Events[len(d.Events)-1].At)
	}
}

func TestTheWorkHintStaysUpForWhatTheClaimDidNotSee(t *testing.T) {
	w := Work{}.Raise()
	seen := w.Raised
	if cleared := w.Clear(seen, time.Time{}); cleared.Due(testStart) {
		t.Error("the hint is up after it was cleared")
	}
	if raised := w.Raise().Clear(seen, time.Time{}); !raised.Due(testStart) {
		t.Error("a hint that was raised after the claim is cleared with it")
	}
	later := w.Clear(seen, testStart.Add(time.Hour))
	if later.Due(testStart) || !later.Due(testStart.Add(time.Hour)) {
		t.Error("the hint does not follow the time of the next task")
	}
}

func TestEndGivesTheLockBackUnlessWorkIsDueOrTheSessionIsLost(t *testing.T) {
	open := Device{Session: Session{ID: "s", Generation: 3, Until: testStart.Add(time.Minute)}}
	due := open
	due.Work = Work{Raised: 2, Cleared: 1}
	for _, c := range []struct {
		name string
		d    Device
		end  SessionEnd
		err  error
		id   string
		due  bool
	}{
		{"nothing is due", open, SessionEnd{Generation: 3, At: testStart}, nil, "", false},
		{"work is due", due, SessionEnd{Generation: 3, At: testStart}, ErrWorkDue, "s", true},
		{"the claim came back empty", due, SessionEnd{Generation: 3, At: testStart, Emptied: true, WorkSeen: 2}, nil, "", false},
		{"work came after the claim", due, SessionEnd{Generation: 3, At: testStart, Emptied: true, WorkSeen: 1}, ErrWorkDue, "s", true},
		{"the device is gone", due, SessionEnd{Generation: 3, At: testStart, Abandon: true}, nil, "s", true},
		{"a newer session has the lock", open, SessionEnd{Generation: 2, At: testStart}, ErrSessionLost, "s", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.d.End(c.end)
			if !errors.Is(err, c.err) {
				t.Fatalf("error = %v, want %v", err, c.err)
			}
			if got.Session.ID != c.id || got.Work.Due(testStart) != c.due {
				t.Errorf("session %+v, work %+v", got.Session, got.Work)
			}
			if err == nil && got.Session.Open(testStart) {
				t.Error("the lock is still held")
			}
		})
	}
}

func TestAnEditByAnOperatorRaisesTheRevisionAndMakesTheDeviceKnown(t *testing.T) {
	tags := []string{"a"}
	d := Device{Origin: OriginContact, Revision: 2, Group: "g"}
	got, err := d.ApplyEdit(Edit{Revision: 2, Tags: &tags})
	if err != nil || got.Revision != 3 || got.Origin != OriginOperator || got.Group != "g" || len(got.Tags) != 1 {
		t.Errorf("edit = %+v, %v", got, err)
	}
	if _, err := got.ApplyEdit(Edit{Revision: 2}); !errors.Is(err, ErrConflict) {
		t.Errorf("an edit of an older revision: %v, want ErrConflict", err)
	}
}

func TestCredentialsArePendingUntilTheyAreConfirmed(t *testing.T) {
	d := Device{ConnectionRequest: ConnectionRequest{Username: "u1", Password: "p1"}, OnboardingDue: true}
	d = d.ApplyLearned(Learned{Username: "u2", Password: "p2", Pending: true})
	if want := (ConnectionRequest{Username: "u1", Password: "p1", PendingUsername: "u2", PendingPassword: "p2"}); d.ConnectionRequest != want {
		t.Errorf("pending: %+v", d.ConnectionRequest)
	}
	d = d.ApplyLearned(Learned{Username: "u2", Password: "p2"})
	if want := (ConnectionRequest{Username: "u2", Password: "p2"}); d.ConnectionRequest != want || !d.OnboardingDue {
		t.Errorf("confirmed: %+v, onboarding due %v", d.ConnectionRequest, d.OnboardingDue)
	}
	if d.ApplyLearned(Learned{Onboarded: true}).OnboardingDue {
		t.Error("onboarding is still due")
	}
}

func TestAnObservationLeavesWhatItDoesNotTell(t *testing.T) {
	writable, notification := true, 2
	p := Parameter{}.Merge(Observation{Path: "D.A", Writable: &writable}, testStart)
	p = p.Merge(Observation{Path: "D.A", Value: &Value{Text: "v", Type: "xsd:string"}}, testStart)
	p = p.Merge(Observation{Path: "D.A", Notification: &notification, AccessList: []string{}}, testStart.Add(time.Second))
	want := Parameter{Path: "D.A", Value: "v", Type: "xsd:string", Known: true, Writable: &writable, Notification: &notification, AccessList: []string{}, UpdatedAt: testStart.Add(time.Second)}
	if diff := cmp.Diff(want, p); diff != "" {
		t.Error(diff)
	}
}

func TestEveryFieldOfTheSchemaHasAValue(t *testing.T) {
	d := Device{ID: "d", LastInform: testStart, OnlineUntil: testStart.Add(time.Minute)}
	for _, field := range Schema().Fields() {
		value, ok := d.Field(field.Name, testStart)
		if !ok || value.Type != field.Type {
			t.Errorf("%s: %+v, %v", field.Name, value, ok)
		}
	}
	filter, err := query.Parse(Schema(), "online = true")
	if err != nil {
		t.Fatal(err)
	}
	at := func(now time.Time) bool {
		return query.Match(filter, func(name string) (query.Value, bool) { return d.Field(name, now) })
	}
	if !at(testStart) || at(testStart.Add(2*time.Minute)) {
		t.Error("online does not follow the time")
	}
}
