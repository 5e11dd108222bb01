//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
)

// siegeSize is how many honest phones there are, and as many hostile clients.
type siegeSize struct {
	clients  int
	interval time.Duration
	// phase is how long the honest are measured alone, and then besieged.
	phase time.Duration
	// settle is how long each state lasts before it is measured.
	settle time.Duration
}

func sizeOfSiege() siegeSize {
	if os.Getenv("DIALTONE_SOAK") != "" {
		return siegeSize{clients: 1000, interval: 10 * time.Second, phase: time.Minute, settle: 15 * time.Second}
	}
	return siegeSize{clients: 60, interval: 3 * time.Second, phase: 4 * time.Second, settle: 3 * time.Second}
}

const siegeSeed = 11

func TestHonestPhonesAreServedBesideAsManyHostileClients(t *testing.T) {
	t.Parallel()
	size := sizeOfSiege()
	s := newServer(t, "--cwmp-auth", "basic", "--log-level", "warn", "--no-onboarding", "--limits-exempt", "192.0.2.0/24")
	s.Certificates = newCertificates(t)
	s.Start()
	s.Restart() // The first start hashes a password, which takes memory of its own.
	admin := s.Client("admin")
	for i := range size.clients {
		id := cpe.IdentityAt(siegeSeed, i, "", "")
		admin.Post("devices", object{"oui": id.OUI, "productClass": id.ProductClass, "serialNumber": id.SerialNumber, "cwmpUsername": id.SerialNumber, "cwmpPassword": "good " + id.MAC}).Want(http.StatusCreated)
	}
	admin.provision("TRAITOR", "traitor", "a good password")

	honest := &honestPhones{}
	honest.start(t, s, size)
	time.Sleep(size.settle + size.interval)
	before := honest.during(size.phase)
	stop, did := besiege(t, s, size.clients)
	time.Sleep(size.settle)
	during := honest.during(size.phase)
	counts := did()
	peak := memoryPeak(t, s.PID())
	metrics := string(admin.Get("/metrics").Want(http.StatusOK).Body)
	devices := admin.countDevices()
	stop()

	t.Logf("%d honest phones, alone: %s", size.clients, before)
	t.Logf("beside as many hostile clients: %s", during)
	t.Logf("the hostile: %s", strings.Join(counts, ", "))
	t.Logf("the server used %d MB at most; load average %s; turned away: %s", peak/megabyte, loadAverage(),
		strings.Join(metricLines(metrics, "dialtone_sessions_shed_total", "dialtone_cwmp_rejected_total", "dialtone_connections_refused_total", "dialtone_http_refused_total"), ", "))
	if before.failed > 0 || len(before.took) == 0 {
		t.Errorf("alone: %s", before)
	}
	if len(during.took) < len(before.took)/2 || during.failed*100 > len(during.took) {
		t.Errorf("besieged, more than one in a hundred sessions failed, or fewer than half came through: %s", during)
	}
	if devices != size.clients+1 {
		t.Errorf("%d devices are known, want %d: serial numbers at random were believed", devices, size.clients+1)
	}
	if peak > 1<<30 {
		t.Errorf("the server used %d MB", peak/megabyte)
	}
}

// honestPhones notes how the sessions of a fleet go while somebody looks.
type honestPhones struct {
	mutex   sync.Mutex
	looking bool
	seen    observed
}

// observed are the sessions that ended in a time.
type observed struct {
	took   []time.Duration
	failed int
	why    map[cpe.Reason]int
}

// String sums the sessions up.
func (o observed) String() string {
	if len(o.took) == 0 {
		return fmt.Sprintf("no session completed, %d failed: %v", o.failed, o.why)
	}
	slices.Sort(o.took)
	at := func(share float64) time.Duration {
		return o.took[int(share*float64(len(o.took)-1))].Round(100 * time.Microsecond)
	}
	return fmt.Sprintf("%d sessions, p50 %s, p90 %s, p99 %s, longest %s; %d failed %v", len(o.took), at(.5), at(.9), at(.99), at(1), o.failed, o.why)
}

func (h *honestPhones) start(t *testing.T, s *server, size siegeSize) {
	t.Helper()
	config := s.phoneConfig("")
	config.Identity = cpe.Identity{}
	config.Username, config.Password = "{serial}", "good {mac}"
	config.Interval, config.HoldInterval, config.Jitter = size.interval, true, 1
	config.ConnectionRequestListen, config.RetryScale, config.JournalSize = "", 1, -1
	config.OnSession = h.note
	var sources []netip.Addr
	for i := range 10 {
		sources = append(sources, netip.AddrFrom4([4]byte{127, 0, 1, byte(i + 1)}))
	}
	fleet, err := cpe.NewFleet(cpe.FleetConfig{Device: config, Devices: size.clients, Seed: siegeSeed, Ramp: size.settle, Sources: sources})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() {
		_, err := fleet.Run(ctx)
		done <- err
	}()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("fleet: %v", err)
		}
		_ = fleet.Close()
	})
}

func (h *honestPhones) note(_ *cpe.Device, result cpe.SessionResult) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	switch {
	case !h.looking:
	case result.Err != nil:
		h.seen.failed++
		h.seen.why[result.Reason()]++
	default:
		h.seen.took = append(h.seen.took, result.Duration)
	}
}

// during returns the sessions that end in a time that begins now.
func (h *honestPhones) during(phase time.Duration) observed {
	h.mutex.Lock()
	h.looking, h.seen = true, observed{why: make(map[cpe.Reason]int)}
	h.mutex.Unlock()
	time.Sleep(phase)
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.looking = false
	return h.seen
}

// besiege lets hostile clients loose until stop is called. did says what they did.
func besiege(t *testing.T, s *server, clients int) (stop func(), did func() []string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make([]atomic.Int64, len(hostileKinds))
	var crowd sync.WaitGroup
	for i := range clients {
		h := &hostile{address: s.CWMP, username: "traitor", password: "a good password", dialer: hostileFrom(i), done: done}
		crowd.Go(func() { h.run(ctx, i%len(hostileKinds)) })
	}
	stop = sync.OnceFunc(func() { cancel(); crowd.Wait() })
	t.Cleanup(stop)
	return stop, func() []string {
		var counts []string
		for i, kind := range hostileKinds {
			counts = append(counts, fmt.Sprintf("%s %d times", kind.name, done[i].Load()))
		}
		return counts
	}
}
