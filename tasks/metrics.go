package tasks

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

// Registerer is where metrics are registered.
type Registerer = prometheus.Registerer

type metrics struct {
	transitions *prometheus.CounterVec
	duration    *prometheus.HistogramVec
}

func newMetrics(r Registerer) (*metrics, error) {
	m := &metrics{
		transitions: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_tasks_total", Help: "Tasks that entered a state, by kind.",
		}, []string{"kind", "state"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "dialtone_task_age_seconds", Help: "Age of tasks when they ended, from their creation.",
			Buckets: []float64{.1, .5, 1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600},
		}, []string{"kind"}),
	}
	for _, c := range []prometheus.Collector{m.transitions, m.duration} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register task metrics: %w", err)
		}
	}
	return m, nil
}

func (m *metrics) changed(t Task) {
	m.transitions.WithLabelValues(string(t.Kind), string(t.State)).Inc()
	if t.State.Final() {
		m.duration.WithLabelValues(string(t.Kind)).Observe(t.FinishedAt.Sub(t.CreatedAt).Seconds())
	}
}
