package acs

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	sessions *prometheus.CounterVec
	duration prometheus.Histogram
	rpcs     *prometheus.CounterVec
	rejected *prometheus.CounterVec
	refused  prometheus.Counter
	guards   prometheus.Counter
	shed     prometheus.Counter
	// outOfPlace counts headers that a device must not send.
	outOfPlace *prometheus.CounterVec
	carried    *prometheus.CounterVec
	moved      prometheus.Counter
}

func newMetrics(r prometheus.Registerer, open func() float64) (*metrics, error) {
	m := &metrics{
		sessions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_sessions_total", Help: "CWMP sessions that ended, by outcome."}, []string{"outcome"}),
		duration: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "dialtone_session_duration_seconds", Help: "Duration of CWMP sessions.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}}),
		rpcs:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_rpcs_total", Help: "RPCs by method and result: those sent by the ACS count as sent, and again by the device's answer; received counts the device's own."}, []string{"method", "result"}),
		rejected: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_cwmp_rejected_total", Help: "Requests that were turned away: no CWMP message, over a limit, or too many."}, []string{"reason"}),
		refused:  prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_devices_refused_total", Help: "Informs of devices that were not accepted."}),
		guards:   prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_session_guards_total", Help: "Sessions whose work a guard against loops ended."}),
		shed:     prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_sessions_shed_total", Help: "Sessions refused with 503 for overload."}),
	}
	m.carried = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_sessions_carried_total",
		Help: "Sessions on their way between nodes: put into the store, taken from it, missed because no node gave it away in time."}, []string{"step"})
	m.moved = prometheus.NewCounter(prometheus.CounterOpts{Name: "dialtone_sessions_moved_total", Help: "Sessions that went on from another address than they began from."})
	m.outOfPlace = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_cwmp_headers_out_of_place_total", Help: "Headers that a device must not send, by header."}, []string{"header"})
	gauge := prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "dialtone_sessions_open", Help: "CWMP sessions that are open."}, open)
	for _, c := range []prometheus.Collector{m.sessions, m.duration, m.rpcs, m.rejected, m.refused, m.guards, m.shed, m.carried, m.outOfPlace, m.moved, gauge} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register CWMP metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) ended(outcome Outcome, d time.Duration) {
	m.sessions.WithLabelValues(string(outcome)).Inc()
	m.duration.Observe(d.Seconds())
}

func (m *metrics) sent(method string)        { m.rpcs.WithLabelValues(method, "sent").Inc() }
func (m *metrics) received(method string)    { m.rpcs.WithLabelValues(method, "received").Inc() }
func (m *metrics) rpc(method, result string) { m.rpcs.WithLabelValues(method, result).Inc() }
func (m *metrics) reject(reason string)      { m.rejected.WithLabelValues(reason).Inc() }
