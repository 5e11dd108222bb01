package device

import (
	"slices"
	"testing"
	"time"
)

func TestAnEventThatIsSentAgainIsListedOnce(t *testing.T) {
	boot, transfer := Event{Code: "1 BOOT"}, Event{Code: "M Download", CommandKey: "k"}
	for name, c := range map[string]struct {
		ended   bool
		retries int
		again   []Event
		want    []string
	}{
		"the answer was lost":             {false, 1, []Event{boot, transfer}, []string{"1 BOOT", "M Download"}},
		"with one that is new":            {false, 1, []Event{boot, transfer, {Code: "4 VALUE CHANGE"}}, []string{"1 BOOT", "M Download", "4 VALUE CHANGE"}},
		"with that of another CommandKey": {false, 1, []Event{boot, {Code: "M Download", CommandKey: "l"}}, []string{"M Download", "1 BOOT", "M Download"}},
		"a second boot":                   {false, 0, []Event{boot}, []string{"1 BOOT", "M Download", "1 BOOT"}},
		"after a session that ended":      {true, 1, []Event{boot}, []string{"1 BOOT", "M Download", "1 BOOT"}},
	} {
		t.Run(name, func(t *testing.T) {
			d := Device{}
			inform := func(retries int, at time.Time, events ...Event) {
				events = slices.Clone(events)
				for i := range events {
					events[i].At = at
				}
				var err error
				if d, err = d.Apply(Contact{Session: "s", At: at, Until: at.Add(time.Minute), RetryCount: retries, Events: events}); err != nil {
					t.Fatal(err)
				}
			}
			inform(0, testStart, boot, transfer)
			if c.ended {
				var err error
				if d, err = d.End(SessionEnd{Generation: 1, At: testStart}); err != nil {
					t.Fatal(err)
				}
			}
			inform(c.retries, testStart.Add(time.Second), c.again...)
			var got []string
			for _, e := range d.Events {
				got = append(got, e.Code)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("events %v, want %v", got, c.want)
			}
		})
	}
}

func TestAnEventThatIsSentTwiceAgainIsListedOnce(t *testing.T) {
	var d Device
	for i := range 3 {
		at := testStart.Add(time.Duration(i) * time.Second)
		d, _ = d.Apply(Contact{Session: "s", At: at, Until: at.Add(time.Minute), RetryCount: i, Events: []Event{{Code: "1 BOOT", At: at}}})
	}
	if len(d.Events) != 1 {
		t.Errorf("events %+v", d.Events)
	}
}
