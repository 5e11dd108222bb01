package main

import (
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/internal/admission"
)

// listenerMetrics show what comes to the listeners.
type listenerMetrics struct {
	registry           prometheus.Registerer
	expiry             *prometheus.GaugeVec
	refusedConnections *prometheus.CounterVec
	refusedRequests    *prometheus.CounterVec
}

func newListenerMetrics(r prometheus.Registerer) (*listenerMetrics, error) {
	m := &listenerMetrics{
		registry: r,
		expiry:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "dialtone_certificate_expiry_seconds", Help: "When the certificate of a listener expires, in seconds since 1970."}, []string{"listener"}),
		refusedConnections: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_connections_refused_total",
			Help: "Connections that were closed at once, as too many were open: connections in all, addressConnections from one address."}, []string{"listener", "reason"}),
		refusedRequests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "dialtone_http_refused_total",
			Help: "Requests that ended before they were understood: no HTTP, a header that is too large or too slow, or cut off."}, []string{"listener"}),
	}
	for _, c := range []prometheus.Collector{m.expiry, m.refusedConnections, m.refusedRequests} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register metrics of listeners: %w", err)
		}
	}
	return m, nil
}

// expires notes when a listener's certificate does.
func (m *listenerMetrics) expires(listener string) func(time.Time) {
	gauge := m.expiry.WithLabelValues(listener)
	return func(at time.Time) { gauge.Set(float64(at.Unix())) }
}

// refused counts the connections of a listener that were closed at once.
func (m *listenerMetrics) refused(listener string) func(admission.Refusal) {
	return func(reason admission.Refusal) { m.refusedConnections.WithLabelValues(listener, string(reason)).Inc() }
}

// shows registers how many connections a listener has open.
func (m *listenerMetrics) shows(listener string, c *admission.Connections) error {
	err := m.registry.Register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dialtone_connections_open", Help: "Connections that are open.", ConstLabels: prometheus.Labels{"listener": listener},
	}, func() float64 { return float64(c.Open()) }))
	if err != nil {
		return fmt.Errorf("register metrics of listeners: %w", err)
	}
	return nil
}
