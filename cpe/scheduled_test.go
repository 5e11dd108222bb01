package cpe

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestAScheduledInformComesAtItsTimeAndSurvivesAReboot(t *testing.T) {
	a := newTestACS(t)
	c := testConfig(a)
	c.Interval = 1000 * time.Hour
	clock := &manualClock{}
	c.Clock = clock
	d := start(t, c)
	a.ask(&cwmp.ScheduleInform{DelaySeconds: 36_000, CommandKey: "later"}, &cwmp.ScheduleInform{DelaySeconds: 600, CommandKey: "sooner"}, &cwmp.Reboot{CommandKey: "r"})
	inform(t, d, cwmp.EventPeriodic)
	begun := clock.Now()
	for _, want := range []struct {
		key   string
		after time.Duration
	}{{"sooner", 10 * time.Minute}, {"later", 10 * time.Hour}} {
		clock.passUntil(t, d, func() bool {
			r := d.LastSession()
			return r.HasEvent(cwmp.EventScheduled) && r.Events[len(r.Events)-1].CommandKey == want.key
		}, time.Minute)
		if diff := cmp.Diff([]string{"3 SCHEDULED", "M ScheduleInform (" + want.key + ")"}, eventCodes(d.LastSession().Events)); diff != "" {
			t.Error(diff)
		}
		if waited := d.LastSession().Started.Sub(begun); waited < want.after {
			t.Errorf("%s came after %s", want.key, waited)
		}
	}
	if d.Counters()["Reboot"] != 1 {
		t.Error("the device did not reboot")
	}
}

func TestAScheduledInformNeedsADelayAndRoom(t *testing.T) {
	d := newTestDevice(t, testConfig(nil))
	if got := summary(d.execute(&cwmp.ScheduleInform{})); got != "fault 9003" {
		t.Errorf("without delay: %s", got)
	}
	for i := range maxScheduled + 1 {
		want := "*cwmp.ScheduleInformResponse &{}"
		if i == maxScheduled {
			want = "fault 9004"
		}
		if got := summary(d.execute(&cwmp.ScheduleInform{DelaySeconds: 1})); got != want {
			t.Errorf("number %d: %s", i, got)
		}
	}
}
