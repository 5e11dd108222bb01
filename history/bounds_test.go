package history_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/history"
)

func TestNamesAreBoundedAndTheTotalsStayRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		for i := range 500 {
			d.TaskEnded(history.Task{Kind: "reboot", State: "failed", FaultCode: 9000 + i})
		}
		d.SessionEnded(history.Session{Outcome: "completed"})
		d.SessionEnded(history.Session{Outcome: "broken"})
		for i := range 500 {
			d.TaskEnded(history.Task{Kind: "reboot", State: fmt.Sprintf("state%d", i)})
		}
		d.stop()
		total := d.total()
		if len(total) > history.MaxValues {
			t.Errorf("%d names, want at most %d", len(total), history.MaxValues)
		}
		if total["tasks.failed"] != 500 || total["sessions.completed"] != 1 || total["sessions.failed"] != 1 || total["other"] == 0 {
			t.Errorf("got %v", total)
		}
		var sum int64
		for _, n := range total {
			sum += n
		}
		if sum != 500*3+1+2+500*2 {
			t.Errorf("all names together count %d: something was lost", sum)
		}
	})
}

func TestASessionIsNotHeldUpByAStoreThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		stuck := make(chan struct{})
		d.set(func(m *memory) { m.stuck = stuck })
		d.SessionEnded(boot("first"))
		synctest.Wait() // The recorder now waits for the store with the first.
		begun := time.Now()
		for i := range 1024 + 10 {
			d.SessionEnded(boot(fmt.Sprint(i)))
		}
		if waited := time.Since(begun); waited != 0 {
			t.Errorf("reporting took %s", waited)
		}
		d.dropped(t, 10, 0)
		close(stuck)
		synctest.Wait()
		if got := d.ids(); len(got) != 1025 || got[0] != "first" || got[1024] != "1023" {
			t.Errorf("%d sessions were stored", len(got))
		}
		time.Sleep(2 * time.Minute)
		d.stop()
		if got := strings.Count(d.log.String(), "sessions are missing in the history\" count=10"); got != 1 {
			t.Errorf("it was logged %d times: %s", got, d.log)
		}
	})
}

func TestASessionThatTheStoreRefusesIsDroppedAndSaidSoOnceAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.set(func(m *memory) { m.away = true })
		for i := range 60 {
			d.SessionEnded(boot(fmt.Sprint(i)))
			time.Sleep(2 * time.Second)
		}
		synctest.Wait()
		if got := strings.Count(d.log.String(), "sessions are missing"); got != 2 || !strings.Contains(d.log.String(), errAway.Error()) {
			t.Errorf("it was logged %d times in two minutes: %s", got, d.log)
		}
		d.set(func(m *memory) { m.away = false })
		d.SessionEnded(boot("last"))
		d.stop()
		if diff := cmp.Diff([]string{"last"}, d.ids()); diff != "" {
			t.Error(diff)
		}
		d.dropped(t, 60, 0)
	})
}

func TestWhatIsLeftIsStoredAtTheStop(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		stuck := make(chan struct{})
		d.set(func(m *memory) { m.stuck = stuck })
		for i := range 100 {
			d.SessionEnded(boot(fmt.Sprint(i)))
		}
		synctest.Wait()
		time.AfterFunc(2*time.Second, func() { close(stuck) })
		d.stop()
		if len(d.ids()) != 100 || d.total()["sessions.completed"] != 100 {
			t.Errorf("%d sessions and %v were stored", len(d.ids()), d.total())
		}
		d.dropped(t, 0, 0)
	})
}

func TestTheStopIsBoundedWithAStoreThatIsStuck(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.set(func(m *memory) { m.stuck = make(chan struct{}) })
		for i := range 100 {
			d.SessionEnded(boot(fmt.Sprint(i)))
		}
		synctest.Wait()
		begun := time.Now()
		d.stop()
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("the stop took %s", took)
		}
		if d.total()["sessions.completed"] != 100 {
			t.Errorf("the counts were lost: %v", d.total())
		}
		d.dropped(t, 100, 0)
	})
}
