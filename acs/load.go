package acs

import (
	"fmt"
	"net/netip"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/admission"
)

// Load bounds what requests may ask of the server. Zero values stand for the
// defaults, except where they stand for no bound.
type Load struct {
	// MaxInflated bounds a body in bytes once it is inflated. A body may in no case
	// inflate to more than 1 MB and a hundred times its size.
	MaxInflated int64
	// BodyTime is how long a body may take, MinBodyRate how many bytes of it must
	// come in a second, after the first 20 s.
	BodyTime    time.Duration
	MinBodyRate int64
	// BodyMemory bounds the bytes of all bodies in memory.
	BodyMemory int64
	// MaxHeaders bounds the header fields of a request.
	MaxHeaders int

	// AddressRate is how many requests a second may come from one address, or one
	// /64 of IPv6, and AddressBurst how many at once; 0 for no bound.
	AddressRate  float64
	AddressBurst int
	// DeviceRate is how many sessions a device may begin in a minute, and at once,
	// from one address; 0 for no bound. Those that answer a connection request
	// are counted apart.
	DeviceRate int
	// Exempt says for which addresses AddressRate and DeviceRate do not count; nil
	// for none.
	Exempt func(netip.Addr) bool

	// Working bounds the requests that are worked on at once, Waiting those that
	// wait for it, and Patience how long those wait that begin a session. Those of
	// a session that has begun go first, and wait five times as long.
	Working  int
	Waiting  int
	Patience time.Duration
	// RetryAfter is how long devices that are sent away are told to wait at least;
	// they are told times of up to three times as long, so that they do not come
	// back together.
	RetryAfter time.Duration
}

func (l Load) withDefaults() Load {
	for _, n := range []struct {
		value       *int64
		replacement int64
	}{{&l.MaxInflated, 32 << 20}, {&l.MinBodyRate, 1 << 10}, {&l.BodyMemory, 256 << 20}} {
		if *n.value <= 0 {
			*n.value = n.replacement
		}
	}
	for _, n := range []struct {
		value       *int
		replacement int
	}{{&l.MaxHeaders, 100}, {&l.AddressBurst, max(1, int(5*l.AddressRate))}, {&l.Working, 256}, {&l.Waiting, 4096}} {
		if *n.value <= 0 {
			*n.value = n.replacement
		}
	}
	for _, d := range []struct {
		value       *time.Duration
		replacement time.Duration
	}{{&l.BodyTime, 2 * time.Minute}, {&l.Patience, 2 * time.Second}, {&l.RetryAfter, 30 * time.Second}} {
		if *d.value <= 0 {
			*d.value = d.replacement
		}
	}
	if l.Exempt == nil {
		l.Exempt = func(netip.Addr) bool { return false }
	}
	return l
}

// begunPatience is how many times as long a request of a session that has begun
// waits.
const begunPatience = 5

func (l Load) gate() *admission.Gate {
	return admission.NewGate(admission.GateOptions{Working: l.Working, Waiting: l.Waiting, Patience: l.Patience, BegunPatience: begunPatience * l.Patience})
}

// registerLoad shows how much there is to do.
func registerLoad(r prometheus.Registerer, gate *admission.Gate, memory *admission.Budget) error {
	gauge := func(name, help string, value func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
	}
	for _, c := range []prometheus.Collector{
		gauge("dialtone_cwmp_requests_working", "CWMP requests that are worked on.", func() float64 { working, _ := gate.Counts(); return float64(working) }),
		gauge("dialtone_cwmp_requests_waiting", "CWMP requests that wait to be worked on.", func() float64 { _, waiting := gate.Counts(); return float64(waiting) }),
		gauge("dialtone_cwmp_body_bytes", "Memory that bodies of CWMP requests take.", func() float64 { return float64(memory.Taken()) }),
	} {
		if err := r.Register(c); err != nil {
			return fmt.Errorf("register load metrics: %w", err)
		}
	}
	return nil
}
