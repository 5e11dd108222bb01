package cpe

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func scheduleDownload(url string, windows ...cwmp.TimeWindowStruct) *cwmp.ScheduleDownload {
	return &cwmp.ScheduleDownload{CommandKey: "key", FileType: cwmp.FileTypeConfiguration, URL: url, TimeWindowList: windows}
}

func timeWindow(start, end int64, retries int) cwmp.TimeWindowStruct {
	return cwmp.TimeWindowStruct{WindowStart: start, WindowEnd: end, WindowMode: cwmp.WindowAtAnyTime, MaxRetries: retries}
}

func TestAScheduledDownloadRunsInItsWindows(t *testing.T) {
	for name, test := range map[string]struct {
		failures int32
		windows  []cwmp.TimeWindowStruct
		fault    int
		requests int32
		// after is when it has ended, at the earliest.
		after time.Duration
	}{
		"at once":                         {0, []cwmp.TimeWindowStruct{timeWindow(3600, 360_000, 0)}, 0, 1, time.Hour},
		"after retries":                   {2, []cwmp.TimeWindowStruct{timeWindow(3600, 360_000, 2)}, 0, 3, time.Hour},
		"in the second window":            {1, []cwmp.TimeWindowStruct{timeWindow(0, 360_000, 0), timeWindow(400_000, 800_000, 0)}, 0, 2, 400_000 * time.Second},
		"never":                           {9, []cwmp.TimeWindowStruct{timeWindow(3600, 360_000, 1)}, 9010, 2, time.Hour},
		"with retries that it may choose": {9, []cwmp.TimeWindowStruct{timeWindow(3600, 360_000, -1)}, 9010, 1 + ownRetries, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			var requests atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if requests.Add(1) <= test.failures {
					w.WriteHeader(500)
					return
				}
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader([]byte("x")))
			}))
			defer server.Close()
			a := newTestACS(t)
			c := testConfig(a)
			clock := &manualClock{}
			c.Clock = clock
			d := start(t, c)
			a.ask(scheduleDownload(server.URL, test.windows...))
			inform(t, d, cwmp.EventPeriodic)
			begun := clock.Now()
			step := time.Minute
			if len(test.windows) > 1 {
				clock.passUntil(t, d, func() bool { return requests.Load() > 0 }, time.Second)
				step = 10 * time.Minute
			}
			clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventMScheduleDownload) }, step)
			complete := a.own[0].(*cwmp.TransferComplete)
			if complete.Fault.FaultCode != test.fault || requests.Load() != test.requests {
				t.Errorf("fault %+v after %d requests", complete.Fault, requests.Load())
			}
			if took := complete.StartTime.Time.Sub(begun); took < test.after-time.Minute {
				t.Errorf("started after %s", took)
			}
			if diff := cmp.Diff([]string{"7 TRANSFER COMPLETE", "M ScheduleDownload (key)"}, eventCodes(d.LastSession().Events)[:2]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADownloadThatItsWindowCutsOffFailsWith9020(t *testing.T) {
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer server.Close()
	defer close(release)
	a := newTestACS(t)
	c := testConfig(a)
	clock := &manualClock{}
	c.Clock = clock
	d := start(t, c)
	a.ask(scheduleDownload(server.URL, timeWindow(60, 120, 3)))
	inform(t, d, cwmp.EventPeriodic)
	clock.passUntil(t, d, func() bool { return d.LastSession().HasEvent(cwmp.EventMScheduleDownload) }, 10*time.Second)
	if complete := a.own[0].(*cwmp.TransferComplete); complete.Fault.FaultCode != cwmp.FaultTransferTimeWindows {
		t.Errorf("fault %+v", complete.Fault)
	}
}

func TestWindowsThatMakeNoSenseAreRefused(t *testing.T) {
	for name, windows := range map[string][]cwmp.TimeWindowStruct{
		"none":                 nil,
		"three":                {timeWindow(0, 1, 0), timeWindow(2, 3, 0), timeWindow(4, 5, 0)},
		"one without duration": {timeWindow(5, 5, 0)},
		"two that overlap":     {timeWindow(0, 10, 0), timeWindow(5, 15, 0)},
		"two in wrong order":   {timeWindow(20, 30, 0), timeWindow(0, 10, 0)},
		"an unknown mode":      {{WindowEnd: 10, WindowMode: "5 Never"}},
		"less retries than -1": {timeWindow(0, 10, -2)},
		"a long message":       {{WindowEnd: 10, WindowMode: cwmp.WindowConfirmationNeeded, UserMessage: strings.Repeat("m", 257)}},
	} {
		d := newTestDevice(t, testConfig(nil))
		if got := summary(d.execute(scheduleDownload("http://files.example/a", windows...))); got != "fault 9003" {
			t.Errorf("%s: %s", name, got)
		}
	}
	d := newTestDevice(t, testConfig(nil))
	for i := range maxTransfers + 1 {
		_, refused := d.execute(scheduleDownload("http://files.example/a", timeWindow(0, 10, 0))).(*cwmp.Fault)
		if refused != (i == maxTransfers) {
			t.Errorf("number %d: refused %v", i, refused)
		}
	}
}
