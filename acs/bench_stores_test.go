package acs

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.mongodb.org/mongo-driver/v2/event"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/mongotest"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/store/mongo"
)

// benchStoreDevices is how many devices a comparison of stores has: few, as the
// stand-in for MongoDB reads all of them for each.
const benchStoreDevices = 50

// BenchmarkStores compares what sessions and lists ask of each store: operations,
// and of MongoDB commands and the bytes of their documents both ways. Times of
// the stand-in for MongoDB say nothing of MongoDB.
func BenchmarkStores(b *testing.B) {
	for _, name := range []string{"sqlite", "mongodb"} {
		for _, work := range []struct {
			name string
			// task says that one is queued before each round; that is not counted.
			task bool
			run  func(f *benchFixture, e *exchange, i int) error
		}{
			{"periodic session", false, (*benchFixture).periodic},
			{"session with one task", true, func(f *benchFixture, e *exchange, i int) error { return f.session(e, i, benchAnswer) }},
			{"device list of 50", false, func(f *benchFixture, _ *exchange, _ int) error { return f.list() }},
		} {
			b.Run(name+"/"+work.name, func(b *testing.B) {
				traffic, registry := &commandTraffic{}, prometheus.NewRegistry()
				f := newBenchFixtureOn(b, openBenchStore(b, name, registry, traffic), registry, benchStoreDevices, false)
				f.compare(b, registry, traffic, work.task, work.run)
			})
		}
	}
}

func openBenchStore(b *testing.B, name string, registry *prometheus.Registry, traffic *commandTraffic) store.Store {
	b.Helper()
	if name == "sqlite" {
		return openBenchSQLite(b, registry)
	}
	opened, err := mongo.Open(b.Context(), mongo.Options{URI: mongotest.URI(b), Registerer: registry, Monitor: traffic.monitor()})
	if err != nil {
		b.Fatal(err)
	}
	return opened
}

// compare runs work again and again and reports what it asked of the store.
func (f *benchFixture) compare(b *testing.B, registry *prometheus.Registry, traffic *commandTraffic, task bool, work func(f *benchFixture, e *exchange, i int) error) {
	b.Helper()
	e := newExchange()
	operations, commands, bytes := 0.0, int64(0), int64(0)
	rounds := 0
	for b.Loop() {
		rounds++
		i := rounds % f.devices
		b.StopTimer()
		if task {
			if err := f.enqueue(i); err != nil {
				b.Fatal(err)
			}
		}
		before, commandsBefore, bytesBefore := operationsOf(b, registry), traffic.commands.Load(), traffic.bytes.Load()
		b.StartTimer()
		if err := work(f, e, i); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		operations += operationsOf(b, registry) - before
		commands += traffic.commands.Load() - commandsBefore
		bytes += traffic.bytes.Load() - bytesBefore
		b.StartTimer()
	}
	b.ReportMetric(operations/float64(rounds), "store-operations/op")
	b.ReportMetric(float64(commands)/float64(rounds), "round-trips/op")
	b.ReportMetric(float64(bytes)/float64(rounds), "document-bytes/op")
}

func (f *benchFixture) list() error {
	page, err := f.store.Devices().List(context.Background(), device.List{PageSize: 50, Now: time.Now(), Count: true})
	if err == nil && len(page.Devices) != benchStoreDevices {
		return fmt.Errorf("%d devices are listed", len(page.Devices))
	}
	return err
}

// operationsOf returns how many operations the store has counted.
func operationsOf(b *testing.B, registry *prometheus.Registry) float64 {
	b.Helper()
	families, err := registry.Gather()
	if err != nil {
		b.Fatal(err)
	}
	total := 0.0
	for _, family := range families {
		if !strings.HasPrefix(family.GetName(), "dialtone_store_operations_total") {
			continue
		}
		for _, m := range family.GetMetric() {
			total += m.GetCounter().GetValue()
		}
	}
	return total
}

// commandTraffic counts the commands of a MongoDB client and the bytes of their
// documents, both ways.
type commandTraffic struct{ commands, bytes atomic.Int64 }

func (c *commandTraffic) monitor() *event.CommandMonitor {
	return &event.CommandMonitor{
		Started: func(_ context.Context, e *event.CommandStartedEvent) {
			c.commands.Add(1)
			c.bytes.Add(int64(len(e.Command)))
		},
		Succeeded: func(_ context.Context, e *event.CommandSucceededEvent) { c.bytes.Add(int64(len(e.Reply))) },
	}
}
