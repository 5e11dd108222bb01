package sqlite

import (
	"context"
	"errors"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/storemetrics"
)

// metrics counts what the store does.
type metrics struct {
	*storemetrics.Metrics
	batches prometheus.Histogram
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{batches: prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "dialtone_store_batch_size", Help: "Writes that shared one transaction.",
		Buckets: []float64{1, 2, 4, 8, 16, 32, 64, 128, maxBatch},
	})}
	var err error
	m.Metrics, err = storemetrics.New(r, m.batches)
	return m, err
}

func (m *metrics) observe(operation string, started time.Time, err error) {
	if m != nil {
		m.Observe(operation, started, result(err))
	}
}

func (m *metrics) batch(size int) {
	if m != nil {
		m.batches.Observe(float64(size))
	}
}

func result(err error) storemetrics.Result {
	switch {
	case err == nil:
		return storemetrics.OK
	case errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded):
		return storemetrics.Cancelled
	case isDatabaseError(err) || errors.Is(err, ErrClosed):
		return storemetrics.Error
	default:
		return storemetrics.Refused
	}
}
