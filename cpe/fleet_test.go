package cpe

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func fleetConfig(a *testACS, devices int) FleetConfig {
	c := testConfig(a)
	c.Identity = Identity{}
	return FleetConfig{Device: c, Devices: devices, Seed: 7}
}

// runFleet runs a fleet until a number of sessions has ended.
func runFleet(t *testing.T, config FleetConfig, sessions int64) (*Fleet, Report) {
	t.Helper()
	ctx, stop := context.WithCancel(testContext(t))
	var ended atomic.Int64
	config.Device.OnSession = func(*Device, SessionResult) {
		if ended.Add(1) == sessions {
			stop()
		}
	}
	f, err := NewFleet(config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	r, err := f.Run(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return f, r
}

func TestAFleetReportsWhatItsDevicesDid(t *testing.T) {
	a := newTestACS(t)
	config := fleetConfig(a, 20)
	config.Device.Username = "{oui}-{productClass}-{serial}"
	config.Device.Password = "{mac}"
	config.ConnectionRequestListen = "127.0.0.1:0"
	config.MaxConnections = 3
	a.ask(&cwmp.GetRPCMethods{}, &cwmp.AddObject{ObjectName: "Device.None."})
	f, r := runFleet(t, config, 20)
	if err := r.Err(); err != nil {
		t.Error(err)
	}
	if r.DevicesSeen != 20 || r.DevicesStarted != 20 || r.SessionsCompleted < 20 || r.Inform.Count < 20 || r.Session.P50 <= 0 || r.SessionsPerSecond <= 0 {
		t.Errorf("report %+v", r)
	}
	if diff := cmp.Diff(map[string]uint64{"GetRPCMethods": 1}, r.RPCs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]uint64{"AddObject": 1}, r.RPCFaults); diff != "" {
		t.Error(diff)
	}
	paths := make(map[string]bool)
	for _, d := range f.Devices() {
		paths[d.path] = true
		id := d.Identity()
		if name, _ := d.Parameter("Device.ManagementServer.Username"); name != "000E08-CP-8841-3PCC-"+id.SerialNumber {
			t.Errorf("user name %q", name)
		}
		if d.config.Model != f.Devices()[0].config.Model {
			t.Error("devices do not share their model")
		}
	}
	if len(paths) != 20 {
		t.Error("devices share a path for connection requests")
	}
	var text strings.Builder
	if err := r.WriteText(&text); err != nil || !strings.Contains(text.String(), "sessions completed") {
		t.Errorf("text %q: %v", text.String(), err)
	}
	if encoded, err := json.Marshal(r); err != nil || !strings.Contains(string(encoded), `"sessionsFailed":0`) {
		t.Errorf("JSON %s: %v", encoded, err)
	}
	if p := f.Progress(); p.SessionsCompleted != r.SessionsCompleted || p.Active != 0 || p.Elapsed <= 0 {
		t.Errorf("progress %+v", p)
	}
}

func TestAFleetThatFailsSaysSo(t *testing.T) {
	a := newTestACS(t)
	a.intercept = func(w http.ResponseWriter, _ *http.Request, _ *cwmp.Envelope) bool { w.WriteHeader(500); return true }
	config := fleetConfig(a, 2)
	config.Device.RetryScale = 1
	_, r := runFleet(t, config, 2)
	var failure *FailedError
	if err := r.Err(); !errors.As(err, &failure) || failure.Sessions != 2 || failure.Silent != 2 {
		t.Errorf("error %v", err)
	}
	if diff := cmp.Diff(map[Reason]uint64{ReasonHTTP: 2}, r.FailedByReason); diff != "" {
		t.Error(diff)
	}
}

func TestAFleetEndsWithItsDuration(t *testing.T) {
	a := newTestACS(t)
	config := fleetConfig(a, 5)
	config.Duration = 50 * time.Millisecond
	config.Ramp = time.Hour
	config.Device.Grace = time.Second
	f, err := NewFleet(config)
	if err != nil {
		t.Fatal(err)
	}
	r, err := f.Run(t.Context())
	if err != nil || r.DevicesStarted != 1 || r.DevicesSeen != 1 || r.Err() != nil {
		t.Errorf("report %+v: %v, %v", r, err, r.Err())
	}
}

func TestAConnectionRequestReachesTheRightDeviceOfAFleet(t *testing.T) {
	a := newTestACS(t)
	config := fleetConfig(a, 3)
	config.ConnectionRequestListen = "127.0.0.1:0"
	f, err := NewFleet(config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	ctx, stop := context.WithCancel(testContext(t))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, _ = f.Run(ctx)
	}()
	for _, d := range f.Devices() {
		waitSession(t, d, 0)
	}
	d := f.Devices()[1]
	if got := connectionRequest(t, urlOf(t, d), "", ""); got != 200 {
		t.Errorf("status %d", got)
	}
	waitSession(t, d, 1)
	stop()
	<-done
	if f.Devices()[0].Sessions() != 1 || f.Devices()[2].Sessions() != 1 {
		t.Error("another device came too")
	}
}

func TestAWrongFleetNamesItsField(t *testing.T) {
	for field, change := range map[string]func(*FleetConfig){
		"Devices":        func(c *FleetConfig) { c.Devices = 0 },
		"Ramp":           func(c *FleetConfig) { c.Ramp = -1 },
		"MaxConnections": func(c *FleetConfig) { c.MaxConnections = -1 },
		"ACSURL":         func(c *FleetConfig) { c.Device.ACSURL = "" },
		"listen":         func(c *FleetConfig) { c.ConnectionRequestListen = "nowhere" },
		"device 1":       func(c *FleetConfig) { c.Adjust = func(i int, c *Config) { c.Jitter = float64(2 * i) } },
	} {
		config := fleetConfig(nil, 2)
		change(&config)
		if _, err := NewFleet(config); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: error %v", field, err)
		}
	}
}

func TestASeedGivesTheSamePhonesAndNoTwoAlike(t *testing.T) {
	serials, macs := make(map[string]bool), make(map[string]bool)
	for i := range 100_000 {
		id := IdentityAt(1, i, "", "")
		serials[id.SerialNumber], macs[id.MAC] = true, true
		if !isMAC(id.MAC) || len(id.SerialNumber) != 11 {
			t.Fatalf("identity %+v", id)
		}
	}
	if len(serials) != 100_000 || len(macs) != 100_000 {
		t.Errorf("%d serial numbers, %d MAC addresses", len(serials), len(macs))
	}
	want := Identity{
		Manufacturer: "Cisco Systems, Inc.", OUI: "000E08", ProductClass: "CP-8841-3PCC", SerialNumber: "FCH2433495H",
		MAC: "000E088F817F", ModelName: "CP-8841-3PCC", HardwareVersion: "V03",
	}
	if diff := cmp.Diff(want, IdentityAt(1, 5, "", "")); diff != "" {
		t.Errorf("the same index gives another phone: %s", diff)
	}
	if IdentityAt(1, 5, "", "").SerialNumber == IdentityAt(2, 5, "", "").SerialNumber {
		t.Error("another seed gives the same phone")
	}
}

func TestQuantilesAreExactToThreePercent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h histogram
		d := time.Duration(rapid.Int64Range(0, int64(10*time.Hour)).Draw(t, "duration"))
		h.record(d)
		h.record(20 * time.Hour)
		got := h.quantile(0.5)
		if got < d.Truncate(time.Microsecond) || float64(got) > float64(d)*1.032+float64(time.Microsecond) {
			t.Errorf("%s is counted as %s", d, got)
		}
	})
	var h histogram
	if h.latency() != (Latency{}) {
		t.Error("an empty histogram has a latency")
	}
	for i := range 1000 {
		h.record(time.Duration(i+1) * time.Millisecond)
	}
	l := h.latency()
	if l.Count != 1000 || l.Max != 1000 || l.Mean != 500.5 || l.P50 < 500 || l.P50 > 516 || l.P90 < 900 || l.P90 > 928 || l.P99 < 990 || l.P99 > 1000 {
		t.Errorf("latency %+v", l)
	}
}
