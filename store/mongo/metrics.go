package mongo

import (
	"context"
	"errors"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/storemetrics"
)

// metrics counts what the store does.
type metrics struct {
	*storemetrics.Metrics
	retries *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{retries: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "dialtone_store_retries_total", Help: "Writes that were begun anew because somebody else changed the document meanwhile.",
	}, []string{"operation"})}
	var err error
	m.Metrics, err = storemetrics.New(r, m.retries)
	return m, err
}

func (m *metrics) retried(operation string) { m.retries.WithLabelValues(operation).Inc() }

// result says how an operation ended. A time that was over counts as the
// caller's only if it was: the store has bounds of its own.
func result(ctx context.Context, err error) storemetrics.Result {
	switch {
	case err == nil:
		return storemetrics.OK
	case ctx.Err() != nil:
		return storemetrics.Cancelled
	case isServerError(err) || errors.Is(err, context.DeadlineExceeded):
		return storemetrics.Error
	default:
		return storemetrics.Refused
	}
}
