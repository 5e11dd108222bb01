package mongo

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// metrics counts what the store does, under the names that the embedded store
// uses too. A nil *metrics counts nothing.
type metrics struct {
	operations *prometheus.CounterVec
	duration   *prometheus.HistogramVec
	retries    *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	if r == nil {
		return nil, nil
	}
	m := &metrics{
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_store_operations_total", Help: "Store operations by name and result: ok, refused by a rule, cancelled by the caller, or error.",
		}, []string{"operation", "result"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dialtone_store_operation_duration_seconds", Help: "Duration of store operations as their callers see it, waiting included.",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation"}),
		retries: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_store_retries_total", Help: "Writes that were begun anew because somebody else changed the document meanwhile.",
		}, []string{"operation"}),
	}
	for _, c := range []prometheus.Collector{m.operations, m.duration, m.retries} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register store metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) observe(operation string, started time.Time, err error) {
	if m == nil {
		return
	}
	m.operations.WithLabelValues(operation, result(err)).Inc()
	m.duration.WithLabelValues(operation).Observe(time.Since(started).Seconds())
}

func (m *metrics) retried(operation string) {
	if m != nil {
		m.retries.WithLabelValues(operation).Inc()
	}
}

func result(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return "cancelled"
	case isServerError(err):
		return "error"
	default:
		return "refused"
	}
}
