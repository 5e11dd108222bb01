//go:build e2e

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// How long a fleet runs in a benchmark: it boots, runs until every phone is known
// and the database is warm, and is then measured.
const (
	benchRamp   = 4 * time.Second
	benchWarmUp = 8 * time.Second
	benchWindow = 12 * time.Second
	// benchMargin lets the simulator outlive the window.
	benchMargin = 2 * time.Second
)

// BenchmarkPeriodicSessions is `dialtone serve` with its store on disk, and
// `dialtone sim` beside it on the same machine, whose phones only inform.
func BenchmarkPeriodicSessions(b *testing.B) {
	b.Run("500 a second", func(b *testing.B) { benchServe(b, benchFleet{devices: 2000, interval: 4 * time.Second}) })
	b.Run("saturated", func(b *testing.B) { benchServe(b, benchFleet{devices: 2000, interval: 400 * time.Millisecond}) })
}

// BenchmarkSessionsWithOneTask is the same with one SetParameterValues for every
// phone in every interval, queued by bulk tasks; what queueing them costs is part
// of the figures.
func BenchmarkSessionsWithOneTask(b *testing.B) {
	benchServe(b, benchFleet{devices: 1200, interval: 4 * time.Second, tasks: true})
}

// benchFleet is the load of a benchmark.
type benchFleet struct {
	devices  int
	interval time.Duration
	// tasks queues a task for every phone in every interval.
	tasks bool
}

func benchServe(b *testing.B, fleet benchFleet) {
	for b.Loop() {
		s := serve(b, "--no-onboarding", "--log-level", "warn", "--bulk-per-second", "10000")
		api := s.Client("admin")
		sim := startSim(b, s, fleet)
		<-time.After(benchRamp + benchWarmUp)
		stop := func() {}
		if fleet.tasks {
			stop = queueEvery(b, api, fleet.interval)
			<-time.After(2 * fleet.interval)
		}
		before := measure(b, s, api, sim)
		<-time.After(benchWindow)
		after := measure(b, s, api, sim)
		stop()
		report := sim.report()
		before.compare(b, after, report)
		s.Kill()
	}
	b.ReportMetric(0, "ns/op") // The duration is that of the window, chosen above.
}

// simulation is a `dialtone sim` that runs.
type simulation struct {
	b              *testing.B
	command        *exec.Cmd
	stdout, stderr bytes.Buffer
}

func startSim(b *testing.B, s *server, fleet benchFleet) *simulation {
	b.Helper()
	duration := benchRamp + benchWarmUp + benchWindow + benchMargin
	if fleet.tasks {
		duration += 2 * fleet.interval
	}
	sim := &simulation{b: b}
	sim.command = exec.Command(os.Getenv(binaryVariable), "sim", "--acs", s.CWMPURL(), "--devices", strconv.Itoa(fleet.devices),
		"--interval", fleet.interval.String(), "--hold-interval", "--ramp", benchRamp.String(), "--duration", duration.String(), "--json")
	sim.command.Env = cleanEnvironment()
	sim.command.Stdout, sim.command.Stderr = &sim.stdout, &sim.stderr
	if err := sim.command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if sim.command.ProcessState == nil {
			_ = sim.command.Process.Kill()
			_ = sim.command.Wait()
		}
	})
	return sim
}

// report waits for the end of the simulation.
func (s *simulation) report() cpe.Report {
	s.b.Helper()
	// The exit code says that something failed, and the report what.
	_ = s.command.Wait()
	var r cpe.Report
	if err := json.Unmarshal(s.stdout.Bytes(), &r); err != nil {
		s.b.Fatalf("report of the simulator: %v\n%s", err, s.stderr.String())
	}
	return r
}

// queueEvery queues a task for every phone in every interval until stop is
// called.
func queueEvery(b *testing.B, api *client, interval time.Duration) (stop func()) {
	quit, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			body := object{"filter": "*", "kind": "setParameterValues", "parameters": []object{{"path": "Device.Time.NTPServer1", "value": "ntp.example.net", "type": "xsd:string"}}}
			got, err := api.Try(b.Context(), http.MethodPost, "tasks/bulk", body)
			if err != nil || got.Status != http.StatusAccepted {
				b.Errorf("queue a bulk task: status %d, %v: %s", got.Status, err, got.Body)
				return
			}
			select {
			case <-ticker.C:
			case <-quit:
				return
			}
		}
	}()
	return func() {
		close(quit)
		<-done
	}
}

// measurement is what the server and the simulator have used and done so far.
type measurement struct {
	at          time.Time
	server, sim time.Duration
	residentMB  float64
	sessions    float64
	tasks       float64
	storeOps    float64
	commits     float64
	written     float64
}

func measure(b *testing.B, s *server, api *client, sim *simulation) measurement {
	b.Helper()
	m := measurement{at: time.Now(), server: processorTime(b, s.PID()), sim: processorTime(b, sim.command.Process.Pid)}
	m.residentMB = procValue(b, s.PID(), "status", "VmRSS:") / 1024
	m.written = procValue(b, s.PID(), "io", "write_bytes:") / 1024
	for line := range strings.Lines(string(api.Get("/metrics").Want(http.StatusOK).Body)) {
		name, text, _ := strings.Cut(strings.TrimSpace(line), " ")
		value, err := strconv.ParseFloat(text, 64)
		if err != nil {
			continue
		}
		switch {
		case strings.HasPrefix(name, `dialtone_sessions_total{outcome="completed"`):
			m.sessions += value
		case strings.HasPrefix(name, `dialtone_tasks_total{`) && strings.Contains(name, `state="succeeded"`):
			m.tasks += value
		case strings.HasPrefix(name, "dialtone_store_operations_total{"):
			m.storeOps += value
		case name == "dialtone_store_batch_size_count":
			m.commits = value
		}
	}
	return m
}

// processorTime is the user and system time of a process (proc(5), stat fields
// 14 and 15, in ticks of a hundredth of a second).
func processorTime(b testing.TB, pid int) time.Duration {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skipf("the CPU time of a process cannot be read here: %v", err)
	}
	// The name before it, in parentheses, may hold anything.
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:]))
	var ticks int64
	for _, field := range fields[11:13] {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * time.Second / 100
}

// procValue reads a number from a file of /proc/PID that has a line for each; 0
// where it cannot be read.
func procValue(b *testing.B, pid int, file, name string) float64 {
	b.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == name {
			value, _ := strconv.ParseFloat(fields[1], 64)
			return value
		}
	}
	return 0
}

// compare reports what happened between two measurements.
func (m measurement) compare(b *testing.B, after measurement, report cpe.Report) {
	b.Helper()
	sessions := after.sessions - m.sessions
	if sessions == 0 {
		b.Fatalf("no session was completed: %+v", report)
	}
	perSession := func(total float64, unit string) { b.ReportMetric(total/sessions, unit+"/session") }
	b.ReportMetric(sessions/after.at.Sub(m.at).Seconds(), "sessions/s")
	perSession(float64((after.server-m.server).Microseconds())/1000, "server-CPU-ms")
	perSession(float64((after.sim-m.sim).Microseconds())/1000, "sim-CPU-ms")
	perSession(after.storeOps-m.storeOps, "store-ops")
	perSession(after.written-m.written, "written-kB")
	b.ReportMetric(sessions/max(1, after.commits-m.commits), "sessions/commit")
	if after.tasks > m.tasks {
		perSession(after.tasks-m.tasks, "tasks")
	}
	b.ReportMetric(after.residentMB, "server-RSS-MB")
	b.ReportMetric(report.Session.P99, "p99-ms")
	b.ReportMetric(float64(report.SessionsFailed-report.FailedByReason[cpe.ReasonStopped]), "failures")
}
