package mongo

import (
	"context"
	"errors"
	"testing"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/internal/storemetrics"
)

func TestADatabaseThatIsAwayCountsAsAnErrorAndACallerWhoWentAsCancelled(t *testing.T) {
	gone, went := context.WithCancel(t.Context())
	went()
	for name, test := range map[string]struct {
		ctx  context.Context
		err  error
		want storemetrics.Result
	}{
		"done":                           {t.Context(), nil, storemetrics.OK},
		"refused by a rule":              {t.Context(), device.ErrNotFound, storemetrics.Refused},
		"the store's own time was over":  {t.Context(), context.DeadlineExceeded, storemetrics.Error},
		"the caller went":                {gone, context.Canceled, storemetrics.Cancelled},
		"the caller went, says a driver": {gone, errors.New("connection closed"), storemetrics.Cancelled},
	} {
		if got := result(test.ctx, test.err); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestPingOfADatabaseThatIsAwayIsCountedAsAnError(t *testing.T) {
	server := mongotest.Own(t)
	registry := prometheus.NewRegistry()
	s := openWith(t, Options{URI: server.URI("away") + "?serverSelectionTimeoutMS=200", Registerer: registry})
	server.Stop()
	if err := s.Ping(t.Context()); err == nil {
		t.Fatal("a database that is away answers")
	}
	families, err := registry.Gather()
	must(t, err)
	counted := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := m.GetLabel()
			if f.GetName() == "dialtone_store_operations_total" && labels[0].GetValue() == "ping" {
				counted[labels[1].GetValue()] += m.GetCounter().GetValue()
			}
		}
	}
	if counted["error"] != 1 || len(counted) != 1 {
		t.Errorf("ping was counted as %v", counted)
	}
}
