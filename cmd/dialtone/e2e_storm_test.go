//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// The storm: so many phones, in that many simulators, boot at once. No simulator
// has more connections open than the usual limit of open files leaves room for.
const (
	stormPhones      = 20_000
	stormSimulators  = 2
	stormConnections = 4000
	stormPatience    = 40 * time.Minute
)

// long skips a test that is not for every day.
func long(t *testing.T) {
	t.Helper()
	if os.Getenv("DIALTONE_SOAK") == "" {
		t.Skip("it takes long: make soak runs it (DIALTONE_SOAK=1)")
	}
}

// TestEveryPhoneOfAStormIsRegistered has no limit by address, as each phone of a
// real storm has an address of its own.
func TestEveryPhoneOfAStormIsRegistered(t *testing.T) {
	long(t)
	for _, secured := range []bool{false, true} {
		t.Run(map[bool]string{false: "HTTP", true: "TLS"}[secured], func(t *testing.T) {
			s := newServer(t, "--max-unknown-devices", strconv.Itoa(stormPhones), "--log-level", "warn")
			if secured {
				s.Certificates = newCertificates(t)
			}
			s.Start()
			s.Restart() // The first start hashes a password, which takes memory of its own.
			storm(t, s)
		})
	}
}

func storm(t *testing.T, s *server) {
	operator := s.Client("operator")
	idle := memoryPeak(t, s.PID())
	begun := time.Now()
	simulators := make([]*simulator, stormSimulators)
	for i := range simulators {
		simulators[i] = startSimulator(t, s, i, stormPhones/stormSimulators)
	}
	registered := 0
	operator.Within(stormPatience, "every phone is registered", func() bool {
		registered = operator.countDevices()
		return registered >= stormPhones
	})
	took := time.Since(begun)
	operator.Within(stormPatience, "every phone has completed a session", func() bool {
		seen := 0
		for _, simulator := range simulators {
			seen += simulator.seen()
		}
		return seen == stormPhones
	})
	settled := time.Since(begun)
	peak := memoryPeak(t, s.PID())
	metrics := string(operator.Get("/metrics").Want(http.StatusOK).Body)
	for i, simulator := range simulators {
		report := simulator.stop()
		if report.DevicesSeen != stormPhones/stormSimulators {
			t.Errorf("simulator %d: %d phones completed a session, want %d", i, report.DevicesSeen, stormPhones/stormSimulators)
		}
		t.Logf("simulator %d: Inform p50 %.0f ms, p99 %.0f ms, max %.0f ms; session p99 %.0f ms; %d sessions completed, failed: %v", i,
			report.Inform.P50, report.Inform.P99, report.Inform.Max, report.Session.P99, report.SessionsCompleted, report.FailedByReason)
	}
	if registered != stormPhones {
		t.Errorf("%d devices are registered, want %d: phones were taken for others", registered, stormPhones)
	}
	t.Logf("%d phones: all registered after %.0f s, all through a session after %.0f s; memory %d MB at rest, %d MB at its peak; load average %s",
		stormPhones, took.Seconds(), settled.Seconds(), idle/megabyte, peak/megabyte, loadAverage())
	t.Logf("turned away: %s", strings.Join(metricLines(metrics, "dialtone_sessions_shed_total", "dialtone_cwmp_rejected_total", "dialtone_connections_refused_total", "dialtone_http_refused_total"), ", "))
	if peak > 2<<30 {
		t.Errorf("the server used %d MB", peak/megabyte)
	}
}

// countDevices returns how many devices there are.
func (c *client) countDevices() int {
	c.tb.Helper()
	var page listed[deviceRecord]
	c.Get("devices?pageSize=1").Want(http.StatusOK).Decode(&page)
	return page.TotalSize
}

// metricLines are the samples above 0 of some metrics.
func metricLines(metrics string, names ...string) []string {
	var found []string
	for _, name := range names {
		for _, line := range regexp.MustCompile(`(?m)^`+name+`(\{[^}]*\})? .*$`).FindAllString(metrics, -1) {
			if !strings.HasSuffix(line, " 0") {
				found = append(found, line)
			}
		}
	}
	return found
}

// loadAverage is that of the machine, "unknown" where it does not say.
func loadAverage() string {
	raw, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(raw))[:3], " ")
}

// simulator is a `dialtone sim` that runs until it is stopped.
type simulator struct {
	t        *testing.T
	command  *exec.Cmd
	stdout   bytes.Buffer
	progress *transcript
}

// startSimulator switches phones on at once, which come from addresses that no other
// simulator has.
func startSimulator(t *testing.T, s *server, number, phones int, flags ...string) *simulator {
	t.Helper()
	sources := make([]string, 5)
	for i := range sources {
		sources[i] = fmt.Sprintf("127.0.%d.%d", number+1, i+1)
	}
	args := append([]string{"sim", "--acs", s.CWMPURL(), "--devices", strconv.Itoa(phones), "--seed", strconv.Itoa(number + 1), "--interval", "1h", "--hold-interval",
		"--duration", "0", "--source", strings.Join(sources, ","), "--max-connections", strconv.Itoa(stormConnections), "--insecure-tls", "--json"}, flags...)
	sim := &simulator{t: t, command: exec.Command(os.Getenv(binaryVariable), args...), progress: newTranscript()}
	sim.command.Env = cleanEnvironment()
	sim.command.Stdout, sim.command.Stderr = &sim.stdout, io.Writer(sim.progress)
	if err := sim.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if sim.command.ProcessState == nil {
			_ = sim.command.Process.Kill()
			_ = sim.command.Wait()
		}
	})
	return sim
}

var seenPhones = regexp.MustCompile(`by (\d+) phones`)

// seen is how many phones had completed a session when the simulator last said so.
func (s *simulator) seen() int {
	found := seenPhones.FindAllStringSubmatch(s.progress.String(), -1)
	if len(found) == 0 {
		return 0
	}
	n, _ := strconv.Atoi(found[len(found)-1][1])
	return n
}

// stop ends the simulation, and returns what it did.
func (s *simulator) stop() cpe.Report {
	s.t.Helper()
	if err := s.command.Process.Signal(syscall.SIGINT); err != nil {
		s.t.Fatal(err)
	}
	_ = s.command.Wait() // The exit code says that something failed, and the report what.
	var r cpe.Report
	if err := json.Unmarshal(s.stdout.Bytes(), &r); err != nil {
		s.t.Fatalf("report of the simulator: %v\n%s", err, tail(s.progress.String(), 2000))
	}
	return r
}
