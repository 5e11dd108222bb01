package connreq

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
)

type wakerMetrics struct {
	wakes *prometheus.CounterVec
}

func newWakerMetrics(registerer prometheus.Registerer, remembered func() float64) (wakerMetrics, error) {
	metrics := wakerMetrics{
		wakes: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "dialtone_wakes_total",
			Help: "Wishes to wake a device, by outcome; those that shared one connection request count each.",
		}, []string{"outcome"}),
	}
	if registerer == nil {
		return metrics, nil
	}
	gauge := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "dialtone_wakes_remembered",
		Help: "Wishes to wake a device that wait for the end of its session.",
	}, remembered)
	for _, collector := range []prometheus.Collector{metrics.wakes, gauge} {
		if err := registerer.Register(collector); err != nil {
			return wakerMetrics{}, fmt.Errorf("connreq: register metrics: %w", err)
		}
	}
	return metrics, nil
}
