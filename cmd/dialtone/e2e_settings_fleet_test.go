//go:build e2e

package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	// settingsFleetSize is how many phones are set at once every day, settingsFleetLong in
	// the long tests.
	settingsFleetSize = 500
	settingsFleetLong = 2000
	// settingsWakeRate is how many phones the server may call a second, settingsWakesOpen
	// how many calls may be held up and come late.
	settingsWakeRate  = 50
	settingsWakesOpen = 32
	// settingsFleetPatience is how long a fleet may take.
	settingsFleetPatience = 4 * time.Minute
)

// settingsFleet is a customer's phones with telephony, all of one model, which inform
// seldom.
type settingsFleet struct {
	*client
	s     *server
	fleet *cpe.Fleet
	size  int
}

// newSettingsFleet adds phones with a credential and an account for each.
func newSettingsFleet(t *testing.T, s *server, size int) *settingsFleet {
	t.Helper()
	config := s.phoneConfig("")
	config.Identity = cpe.Identity{OUI: "0A0B0C", Manufacturer: "Acme Voice", ProductClass: "AV-1", ModelName: "AV-1"}
	config.Username, config.Password = "user-{serial}", "pass-{serial}"
	fleet, err := cpe.NewFleet(cpe.FleetConfig{Device: config, Devices: size, Seed: 7, Ramp: time.Duration(size) * 20 * time.Millisecond, ConnectionRequestListen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fleet.Close() })
	f := &settingsFleet{client: s.Client("operator"), s: s, fleet: fleet, size: size}
	f.Post("groups", object{"path": "customer"}).Want(http.StatusCreated)
	f.put("groups/customer", declare("account.*.registrar", "old.example.net"), declare("account.*.expires", 600), declare("time.zone", "Europe/Berlin"))
	f.add()
	return f
}

// add declares the phones.
func (f *settingsFleet) add() {
	f.tb.Helper()
	var all sync.WaitGroup
	slots := make(chan struct{}, 16)
	for i, phone := range f.fleet.Devices() {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			id := phone.Identity()
			body := object{
				"oui": id.OUI, "productClass": id.ProductClass, "serialNumber": id.SerialNumber, "group": "customer",
				"cwmpUsername": "user-" + id.SerialNumber, "cwmpPassword": "pass-" + id.SerialNumber,
				"settings": []object{declare("account.1.user", strconv.Itoa(1000+i)), declare("account.1.password", "secret-"+id.SerialNumber)},
			}
			got, err := f.Try(f.tb.Context(), http.MethodPost, "devices", body)
			if err != nil || got.Status != http.StatusCreated {
				f.tb.Errorf("add phone %d: %d, %v: %s", i, got.Status, err, tail(string(got.Body), 500))
			}
		})
	}
	all.Wait()
	if f.tb.Failed() {
		f.tb.FailNow()
	}
}

// run switches the phones on until the test ends.
func (f *settingsFleet) run() {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := f.fleet.Run(ctx)
		done <- err
	}()
	f.tb.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			f.tb.Errorf("fleet: %v", err)
		}
	})
}

// converged waits until all phones are, and hold a registrar.
func (f *settingsFleet) converged(registrar string) {
	f.tb.Helper()
	f.Within(settingsFleetPatience, fmt.Sprintf("%d phones are converged, and hold %s", f.size, registrar), func() bool {
		return !slices.ContainsFunc(f.fleet.Devices(), func(d *cpe.Device) bool {
			got, _ := d.Parameter(registrarPath)
			return got != registrar
		}) && f.provisioned("converged") == f.size
	})
}

// fleetLoad is what phones and server have done so far.
type fleetLoad struct {
	at        time.Time
	report    cpe.Report
	processor time.Duration
}

func (f *settingsFleet) load() fleetLoad {
	f.tb.Helper()
	return fleetLoad{time.Now(), f.fleet.Report(), processorTime(f.tb, f.s.PID())}
}

// since prints what happened between two moments, and returns the RPCs by method.
func (f *settingsFleet) since(what string, before fleetLoad) map[string]uint64 {
	f.tb.Helper()
	after := f.load()
	rpcs, sum := map[string]uint64{}, uint64(0)
	for method, n := range after.report.RPCs {
		if n += after.report.RPCFaults[method] - before.report.RPCs[method] - before.report.RPCFaults[method]; n > 0 {
			rpcs[method] = n
			sum += n
		}
	}
	took, sessions := after.at.Sub(before.at), after.report.SessionsCompleted-before.report.SessionsCompleted
	f.tb.Logf("%s: %d phones in %.1f s, %d sessions (%.0f a second), %.2f RPCs a phone %v, %.1f s of CPU of the server (%.0f%% of a core, %.1f ms a phone); load average %s",
		what, f.size, took.Seconds(), sessions, float64(sessions)/took.Seconds(), float64(sum)/float64(f.size), rpcs,
		(after.processor - before.processor).Seconds(), 100*(after.processor-before.processor).Seconds()/took.Seconds(),
		float64((after.processor-before.processor).Milliseconds())/float64(f.size), loadAverage())
	if failed := after.report.SessionsFailed - before.report.SessionsFailed; failed > 0 {
		f.tb.Errorf("%d sessions failed: %v", failed, after.report.FailedByReason)
	}
	return rpcs
}

// callsSample is how many connection requests had been sent at some moment between two.
type callsSample struct {
	before, after time.Time
	sent          float64
}

// watchCalls samples the connection requests until stop is called.
func (f *settingsFleet) watchCalls() (stop func() []callsSample) {
	quit, done := make(chan struct{}), make(chan []callsSample, 1)
	go func() {
		var all []callsSample
		ticker := time.NewTicker(200 * time.Millisecond)
		defer ticker.Stop()
		for {
			before := time.Now()
			if got, err := f.Try(context.Background(), http.MethodGet, "/metrics", nil); err == nil && got.Status == http.StatusOK {
				all = append(all, callsSample{before, time.Now(), sumOf(string(got.Body), "dialtone_connection_requests_total")})
			}
			select {
			case <-ticker.C:
			case <-quit:
				done <- all
				return
			}
		}
	}()
	return func() []callsSample {
		close(quit)
		return <-done
	}
}

// sumOf adds up the samples of a metric.
func sumOf(metrics, name string) (sum float64) {
	for _, line := range metricLines(metrics, name) {
		n, err := strconv.ParseFloat(line[strings.LastIndexByte(line, ' ')+1:], 64)
		if err == nil {
			sum += n
		}
	}
	return sum
}

// paced checks that no span saw more calls than the rate allows: a burst of one second
// beside it, and those that were held up.
func paced(t *testing.T, samples []callsSample, rate float64) {
	t.Helper()
	if len(samples) < 2 {
		t.Fatalf("%d samples of the connection requests", len(samples))
	}
	fastest := 0.0
	for i, from := range samples {
		for _, to := range samples[i+1:] {
			n, span := to.sent-from.sent, to.after.Sub(from.before)
			if most := rate*span.Seconds() + rate + settingsWakesOpen; n > most {
				t.Fatalf("%.0f connection requests in %s, want at most %.0f", n, span, most)
			}
			if span > 5*time.Second {
				fastest = max(fastest, n/span.Seconds())
			}
		}
	}
	first, last := samples[0], samples[len(samples)-1]
	t.Logf("%.0f connection requests in %s, at most %.0f a second over five seconds and more", last.sent-first.sent, last.after.Sub(first.before).Round(100*time.Millisecond), fastest)
}

// TestAFleetConvergesOnItsSettings has all phones of a customer set by their first
// sessions, and then by one change, for which they are called.
func TestAFleetConvergesOnItsSettings(t *testing.T) {
	size := settingsFleetSize
	if os.Getenv("DIALTONE_SOAK") != "" {
		size = settingsFleetLong
	}
	s := serve(t, "--cwmp-auth", "digest", "--inform-interval", "1h", "--log-level", "warn", "--wake-per-second", strconv.Itoa(settingsWakeRate))
	f := newSettingsFleet(t, s, size)
	start := f.load()
	f.run()
	f.converged("old.example.net")
	f.since("the first settings", start)

	samples, before := f.watchCalls(), f.load()
	f.put("groups/customer", declare("account.*.registrar", "new.example.net"))
	f.converged("new.example.net")
	rpcs := f.since("a change of the registrar", before)
	paced(t, samples(), settingsWakeRate)
	if least := time.Duration(size-settingsWakeRate) * time.Second / settingsWakeRate; time.Since(before.at) < least {
		t.Errorf("%d phones were called in less than %s", size, least)
	}
	want := map[string]uint64{"SetParameterValues": uint64(size), "GetParameterValues": uint64(size)}
	if !maps.Equal(rpcs, want) {
		t.Errorf("the change took the RPCs %v, want %v: values are set, and read back", rpcs, want)
	}
	t.Run("and is left alone then", func(t *testing.T) {
		before := f.load()
		for _, phone := range f.fleet.Devices() {
			phone.Inform(cwmp.EventStruct{EventCode: cwmp.EventPeriodic})
		}
		f.Within(settingsFleetPatience, "all phones have informed", func() bool {
			return f.fleet.Report().SessionsCompleted >= before.report.SessionsCompleted+uint64(size)
		})
		if rpcs := f.since("a periodic session of each", before); len(rpcs) > 0 {
			t.Errorf("the RPCs %v were sent, want none", rpcs)
		}
	})
	t.Run("memory", func(t *testing.T) {
		if peak := memoryPeak(t, s.PID()); peak > 512*megabyte {
			t.Errorf("the server used %d MB", peak/megabyte)
		} else {
			t.Logf("%d MB at the peak", peak/megabyte)
		}
	})
}
