package main

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/tasks"
)

// gauges show how much of what the store holds. They are counted now and then,
// not at every reading of the metrics.
type gauges struct {
	devices *prometheus.GaugeVec
	tasks   *prometheus.GaugeVec
}

// gaugeInterval is how often the store is counted.
const gaugeInterval = time.Minute

func newGauges(r prometheus.Registerer) (*gauges, error) {
	g := &gauges{
		devices: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "dialtone_devices", Help: "Devices known, by whether they informed in time; counted once a minute."}, []string{"online"}),
		tasks:   prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "dialtone_tasks_open", Help: "Tasks that are not final, by state; counted once a minute."}, []string{"state"}),
	}
	for _, c := range []prometheus.Collector{g.devices, g.tasks} {
		if err := r.Register(c); err != nil {
			return nil, fmt.Errorf("register gauges: %w", err)
		}
	}
	return g, nil
}

// count keeps the gauges up to date until the context ends. Then it clears them:
// another node goes on, and a number that stands still would be taken for true.
func (h *house) count(ctx context.Context) {
	defer h.gauges.devices.Reset()
	defer h.gauges.tasks.Reset()
	ticker := time.NewTicker(gaugeInterval)
	defer ticker.Stop()
	for {
		if err := h.countOnce(ctx); err != nil && ctx.Err() == nil {
			h.logger.Error("cannot count devices and tasks", logkeys.Error, err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (h *house) countOnce(ctx context.Context) error {
	now := h.now()
	for _, online := range []string{"true", "false"} {
		filter, err := query.Parse(device.Schema(), "online = "+online)
		if err != nil {
			return fmt.Errorf("filter of devices: %w", err)
		}
		page, err := h.store.Devices().List(ctx, device.List{Filter: filter, PageSize: 1, Now: now, Count: true})
		if err != nil {
			return fmt.Errorf("count devices: %w", err)
		}
		h.gauges.devices.WithLabelValues(online).Set(float64(page.Total))
	}
	for _, state := range tasks.States() {
		if state.Final() {
			continue
		}
		filter, err := query.Parse(tasks.Schema(), "state = "+string(state))
		if err != nil {
			return fmt.Errorf("filter of tasks: %w", err)
		}
		page, err := h.store.Tasks().List(ctx, tasks.List{Filter: filter, PageSize: 1, Count: true})
		if err != nil {
			return fmt.Errorf("count tasks: %w", err)
		}
		h.gauges.tasks.WithLabelValues(string(state)).Set(float64(page.Total))
	}
	return nil
}
