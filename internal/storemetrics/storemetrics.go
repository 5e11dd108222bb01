// Package storemetrics counts what a store does, under the same names for every
// store.
package storemetrics

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Result is how an operation ended, as a label says it.
type Result string

// The results.
const (
	OK Result = "ok"
	// Refused by a rule.
	Refused Result = "refused"
	// Cancelled by the caller, who went or had no more time.
	Cancelled Result = "cancelled"
	// Error of the database, or of the way to it.
	Error Result = "error"
)

// Metrics are dialtone_store_operations_total{operation,result} and
// dialtone_store_operation_duration_seconds{operation}. A nil *Metrics counts
// nothing.
type Metrics struct {
	operations *prometheus.CounterVec
	duration   *prometheus.HistogramVec
}

// New registers the metrics, and what else a store counts. It returns nil for a
// nil Registerer, and the error of a Registerer that refuses.
func New(r prometheus.Registerer, more ...prometheus.Collector) (*Metrics, error) {
	if r == nil {
		return nil, nil
	}
	m := &Metrics{
		operations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_store_operations_total", Help: "Store operations by name and result: ok, refused by a rule, cancelled by the caller, or error.",
		}, []string{"operation", "result"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dialtone_store_operation_duration_seconds", Help: "Duration of store operations as their callers see it, waiting included.",
			Buckets: []float64{.0001, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"operation"}),
	}
	for _, c := range append([]prometheus.Collector{m.operations, m.duration}, more...) {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register store metrics: %w", err)
		}
	}
	return m, nil
}

// Observe counts an operation that began at the given time and ended now.
func (m *Metrics) Observe(operation string, started time.Time, result Result) {
	if m == nil {
		return
	}
	m.operations.WithLabelValues(operation, string(result)).Inc()
	m.duration.WithLabelValues(operation).Observe(time.Since(started).Seconds())
}
