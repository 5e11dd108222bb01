package httpd

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// The results by which requests are counted.
const (
	// resultComplete is a whole file, resultPartial a range of it.
	resultComplete = "complete"
	resultPartial  = "partial"
	resultHead     = "head"
	// resultNotModified is 304; resultCondition is 412 and 416: what the device
	// holds, or asks for, does not go with the file.
	resultNotModified = "notModified"
	resultCondition   = "condition"
	// resultAborted is a connection that ended early, resultStalled one that made
	// no progress.
	resultAborted  = "aborted"
	resultStalled  = "stalled"
	resultNotFound = "notFound"
	// resultForbidden is a file that may not go to who asks.
	resultForbidden = "forbidden"
	resultMethod    = "method"
	resultBusy      = "busy"
	resultError     = "error"
)

// The results by which uploads are counted, beside those that mean the same.
const (
	resultStored   = "stored"
	resultTooLarge = "tooLarge"
	resultRange    = "range"
)

type metrics struct {
	served   *prometheus.CounterVec
	received *prometheus.CounterVec
	bytes    prometheus.Counter
	bytesIn  prometheus.Counter
	inFlight prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		served: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_files_served_total", Help: "Requests to the files listener, by result.",
		}, []string{"result"}),
		received: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_files_received_total", Help: "Uploads of devices to the files listener, by result.",
		}, []string{"result"}),
		bytesIn: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_files_received_bytes_total", Help: "Bytes of bodies received by the files listener.",
		}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_files_bytes_total", Help: "Bytes of bodies sent by the files listener.",
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dialtone_files_in_flight", Help: "Requests that the files listener is serving now.",
		}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.served, m.received, m.bytes, m.bytesIn, m.inFlight} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register file metrics: %w", err)
		}
	}
	return m, nil
}
