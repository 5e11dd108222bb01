package api

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	requests      *prometheus.CounterVec
	duration      *prometheus.HistogramVec
	auditFailures prometheus.Counter
	skippedWakes  prometheus.Counter
	overflows     prometheus.Counter
}

func newMetrics(r prometheus.Registerer, hub *Hub) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_api_requests_total", Help: "Requests to the REST interface, by operation and status.",
		}, []string{"operation", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dialtone_api_request_duration_seconds", Help: "How long requests to the REST interface took.",
			Buckets: []float64{.001, .005, .01, .05, .1, .5, 1, 5, 30, 120},
		}, []string{"operation"}),
		auditFailures: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_audit_failures_total", Help: "Audit entries that could not be stored.",
		}),
		skippedWakes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_api_wakes_skipped_total", Help: "Calls to devices left out because too many were under way.",
		}),
		overflows: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_api_event_overflows_total", Help: "Times a reader of events was too slow and missed some.",
		}),
	}
	subscribers := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dialtone_api_event_subscribers", Help: "Readers of events.",
	}, func() float64 { return float64(hub.count()) })
	for _, c := range []prometheus.Collector{m.requests, m.duration, m.auditFailures, m.skippedWakes, m.overflows, subscribers} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register api metrics: %w", err)
		}
	}
	return m, nil
}

// answered counts a request. Those that belong to no operation share one label,
// so that a scanner cannot grow the set.
func (m *metrics) answered(operation string, status int, d time.Duration) {
	if operation == "" {
		operation = "none"
	}
	m.requests.WithLabelValues(operation, statusText(status)).Inc()
	m.duration.WithLabelValues(operation).Observe(d.Seconds())
}
