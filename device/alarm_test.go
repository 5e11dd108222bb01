package device

import (
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestAnAlarmOfAKindIsRaisedOnceAndCounted(t *testing.T) {
	var d Device
	for i, detail := range []string{"first", "second", ""} {
		d = d.RaiseAlarm(AlarmTransfers, detail, testStart.Add(time.Duration(i)*time.Hour))
	}
	d = d.RaiseAlarm(AlarmCredentials, "other", testStart)
	want := []Alarm{
		{Kind: AlarmTransfers, Since: testStart, Last: testStart.Add(2 * time.Hour), Count: 3},
		{Kind: AlarmCredentials, Since: testStart, Last: testStart, Count: 1, Detail: "other"},
	}
	if diff := cmp.Diff(want, d.Alarms); diff != "" {
		t.Errorf("alarms differ (-want +got):\n%s", diff)
	}
}

func TestTheDetailOfAnAlarmIsCutBetweenTwoCharacters(t *testing.T) {
	for _, c := range []struct {
		name, detail string
		want         int
	}{
		{"a text that fits", strings.Repeat("x", MaxAlarmDetail), MaxAlarmDetail},
		{"a text that is too long", strings.Repeat("x", MaxAlarmDetail+1), MaxAlarmDetail},
		{"a character at the bound", strings.Repeat("x", MaxAlarmDetail-1) + "日", MaxAlarmDetail - 1},
		{"a character that ends at the bound", strings.Repeat("日", MaxAlarmDetail), MaxAlarmDetail},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Device{}.RaiseAlarm(AlarmTransfers, c.detail, testStart).Alarms[0].Detail
			if len(got) != c.want || !utf8.ValidString(got) || !strings.HasPrefix(c.detail, got) {
				t.Errorf("kept %d bytes, want %d: %q", len(got), c.want, got)
			}
		})
	}
}

func TestRaisingAndClearingLeaveTheRecordBeforeAsItWas(t *testing.T) {
	before := Device{}.RaiseAlarm(AlarmTransfers, "t", testStart).RaiseAlarm(AlarmCredentials, "c", testStart)
	kept := slices.Clone(before.Alarms)
	raised := before.RaiseAlarm(AlarmTransfers, "again", testStart.Add(time.Hour))
	cleared := before.ClearAlarm(AlarmTransfers)
	if !slices.Equal(before.Alarms, kept) {
		t.Errorf("the record before has %+v, had %+v", before.Alarms, kept)
	}
	if raised.Alarms[0].Count != 2 || len(cleared.Alarms) != 1 || cleared.Alarms[0].Kind != AlarmCredentials {
		t.Errorf("raised %+v, cleared %+v", raised.Alarms, cleared.Alarms)
	}
}

func TestClearingAnAlarmThatIsNotThereChangesNothing(t *testing.T) {
	d := Device{}.RaiseAlarm(AlarmTransfers, "t", testStart)
	if got := d.ClearAlarm(AlarmCredentials); !slices.Equal(got.Alarms, d.Alarms) {
		t.Errorf("alarms are %+v", got.Alarms)
	}
	if got := (Device{}).ClearAlarm(AlarmCredentials); len(got.Alarms) != 0 {
		t.Errorf("alarms are %+v", got.Alarms)
	}
}

func TestAlarmsAreRaisedByContactsAndByWhatIsLearntAndClearedByEdits(t *testing.T) {
	d, err := Device{}.Apply(Contact{At: testStart, Alarms: []RaisedAlarm{{Kind: AlarmRepeatedBootstrap, Detail: "b"}}})
	if err != nil {
		t.Fatal(err)
	}
	d = d.ApplyLearned(Learned{Alarms: []RaisedAlarm{{Kind: AlarmParameters, Detail: "p"}}, At: testStart.Add(time.Minute)})
	want := []Alarm{
		{Kind: AlarmRepeatedBootstrap, Since: testStart, Last: testStart, Count: 1, Detail: "b"},
		{Kind: AlarmParameters, Since: testStart.Add(time.Minute), Last: testStart.Add(time.Minute), Count: 1, Detail: "p"},
	}
	if diff := cmp.Diff(want, d.Alarms); diff != "" {
		t.Errorf("alarms differ (-want +got):\n%s", diff)
	}
	quarantined := true
	edited, err := d.ApplyEdit(Edit{ClearAlarms: []AlarmKind{AlarmRepeatedBootstrap, AlarmTransfers}, Quarantined: &quarantined})
	if err != nil || !edited.Quarantined || !slices.Equal(edited.Alarms, want[1:]) {
		t.Errorf("edited to %+v, %v", edited, err)
	}
	if edited, err = edited.ApplyEdit(Edit{}); err != nil || !edited.Quarantined {
		t.Errorf("an edit of something else: quarantined %v, %v", edited.Quarantined, err)
	}
}
