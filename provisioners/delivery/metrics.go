package delivery

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// The results by which requests, renderings and records are counted.
const (
	// resultGiven is a request that was answered with a file, or with that the phone
	// has it.
	resultGiven     = "given"
	resultForbidden = "forbidden"
	resultNotFound  = "notFound"
	// resultUnknown is one that names no phone and no file of a pack.
	resultUnknown = "unknown"
	resultError   = "error"
	// resultRendered is a file that was made, resultKept one that had been before.
	resultRendered = "rendered"
	resultKept     = "kept"
	// resultFull is a record for which there was no place, resultStranger one of too
	// many of phones that are not known, resultStore one that could not be stored.
	resultFull     = "full"
	resultStranger = "stranger"
	resultStore    = "store"
)

type metrics struct {
	requests *prometheus.CounterVec
	rendered *prometheus.CounterVec
	duration prometheus.Histogram
	dropped  *prometheus.CounterVec
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_delivery_requests_total", Help: "Requests for files of phones, by result.",
		}, []string{"result"}),
		rendered: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_delivery_files_total", Help: "Files of phones that were needed, by whether they were rendered or kept from before.",
		}, []string{"result"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "dialtone_delivery_render_seconds", Help: "Time to render one file.", Buckets: prometheus.ExponentialBuckets(0.0001, 4, 8),
		}),
		dropped: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_delivery_records_dropped_total", Help: "Requests that were answered and not recorded, by why.",
		}, []string{"reason"}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.requests, m.rendered, m.duration, m.dropped} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics of delivery: %w", err)
		}
	}
	return m, nil
}
