package tftpd

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// The results by which requests are counted.
const (
	resultComplete = "complete"
	// resultAborted is a transfer that the phone ended, as one does that only asks
	// for the size; resultStalled one whose phone answered no more; resultCut one
	// that ended because the server stopped, or that took too long.
	resultAborted = "aborted"
	resultStalled = "stalled"
	resultCut     = "cut"
	// resultReplaced is a transfer whose phone began another from the same port.
	resultReplaced  = "replaced"
	resultNotFound  = "notFound"
	resultForbidden = "forbidden"
	// resultWrite is a request to write, resultMode one in a mode that is not served.
	resultWrite     = "write"
	resultMode      = "mode"
	resultMalformed = "malformed"
	// resultRepeated is a request that came again while its answer was on the way.
	resultRepeated = "repeated"
	resultTooLarge = "tooLarge"
	resultBusy     = "busy"
	resultError    = "error"
)

type metrics struct {
	served   *prometheus.CounterVec
	bytes    prometheus.Counter
	repeated prometheus.Counter
	inFlight prometheus.Gauge
}

func newMetrics(r prometheus.Registerer) (*metrics, error) {
	m := &metrics{
		served: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_tftp_served_total", Help: "Requests to the TFTP listener, by result.",
		}, []string{"result"}),
		bytes: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_tftp_bytes_total", Help: "Bytes of files that phones acknowledged to the TFTP listener.",
		}),
		repeated: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "dialtone_tftp_repeated_blocks_total", Help: "Blocks that the TFTP listener sent again, as when packets are lost.",
		}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "dialtone_tftp_in_flight", Help: "Transfers that the TFTP listener is serving now.",
		}),
	}
	if r == nil {
		return m, nil
	}
	for _, c := range []prometheus.Collector{m.served, m.bytes, m.repeated, m.inFlight} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register TFTP metrics: %w", err)
		}
	}
	return m, nil
}
