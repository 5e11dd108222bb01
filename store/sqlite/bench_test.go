package sqlite

import (
	"context"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/tasks"
)

// start is the time at which the tests begin.
var start = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)

func openBench(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), Options{Path: filepath.Join(b.TempDir(), "dialtone.db")})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	return s
}

// phone returns the i-th record of a fleet of plausible phones.
func phone(i int) device.Device {
	return device.Device{
		ID: device.NewID(), Manufacturer: "Cisco Systems, Inc.", Model: fmt.Sprintf("CP-88%02d-3PCC", i%60),
		CWMPIdentity:    device.CWMPIdentity{OUI: "0004F2", ProductClass: "CP-8851-3PCC", SerialNumber: fmt.Sprintf("FCH%08d", i)},
		MAC:             fmt.Sprintf("00:04:f2:%02x:%02x:%02x", i>>16&255, i>>8&255, i&255),
		HardwareVersion: "V03", SoftwareVersion: "sip88xx.12-0-1MPP-" + fmt.Sprint(i%7), Address: fmt.Sprintf("10.%d.%d.%d", i>>16&255, i>>8&255, i&255),
		Origin: device.OriginOperator, Tags: []string{"lobby", fmt.Sprintf("floor-%d", i%20)}, Group: fmt.Sprintf("acme/site-%d", i%100),
		Revision: 1, FirstSeen: start, LastInform: start.Add(time.Duration(i*7919%100000) * time.Second), InformInterval: 3600,
		OnlineUntil: start.Add(time.Duration(i*7919%100000)*time.Second + 2*time.Hour), Root: "Device.", Namespace: "urn:dslforum-org:cwmp-1-2",
		ParameterKey: "k", InformDigest: "6b86b273ff34fce19d6b804eff5a3f57", Events: []device.Event{{Code: "1 BOOT", At: start}},
		ConnectionRequest: device.ConnectionRequest{URL: fmt.Sprintf("http://10.0.0.%d:7547/abcdef0123456789", i%256), Username: "abcdefgh", Password: "v1.0123456789abcdef0123456789abcdef0123456789abcdef0123456789"},
	}
}

// addFleet adds phones in few transactions.
func addFleet(b *testing.B, s *Store, count int) []device.Device {
	b.Helper()
	fleet := make([]device.Device, count)
	for i := range fleet {
		fleet[i] = phone(i)
	}
	for from := 0; from < count; from += 10_000 {
		err := s.write(context.Background(), "addFleet", func(c *conn) error {
			for i := from; i < min(from+10_000, count); i++ {
				if err := c.insertDevice(&fleet[i]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	return fleet
}

func periodicSession(s *Store, d *device.Device, at time.Time) error {
	began, err := s.Sessions().Begin(context.Background(), device.Contact{
		Identity: d.CWMPIdentity, Session: "0123456789abcdef", At: at, Until: at.Add(time.Minute), Address: d.Address,
		Reported: device.Reported{InformDigest: d.InformDigest, Root: d.Root, Namespace: d.Namespace},
	})
	if err != nil {
		return err
	}
	return s.Sessions().End(context.Background(), device.SessionEnd{Device: d.ID, Generation: began.After.Session.Generation, At: at})
}

func BenchmarkPeriodicSession(b *testing.B) {
	for _, parallel := range []int{1, 64} {
		b.Run(fmt.Sprintf("%d at a time", parallel), func(b *testing.B) {
			s := openBench(b)
			fleet := addFleet(b, s, 10_000)
			var next atomic.Int64
			b.ReportAllocs()
			cpu := processTime(b)
			b.ResetTimer()
			run := func() error {
				i := next.Add(1)
				return periodicSession(s, &fleet[int(i)%len(fleet)], start.Add(time.Duration(i)*time.Millisecond))
			}
			if parallel == 1 {
				for b.Loop() {
					if err := run(); err != nil {
						b.Fatal(err)
					}
				}
			} else {
				b.SetParallelism(parallel / 2)
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						if err := run(); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			b.ReportMetric(float64((processTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

// BenchmarkRoutineFetch is a request for a file of phones that asked before, without
// and with CWMP.
func BenchmarkRoutineFetch(b *testing.B) {
	for _, informs := range []bool{false, true} {
		b.Run(fmt.Sprintf("informs=%t", informs), func(b *testing.B) {
			s := openBench(b)
			fleet := addFleet(b, s, 10_000)
			if !informs {
				if err := s.write(context.Background(), "test", func(c *conn) error { return c.script("UPDATE devices SET last_inform = 0") }); err != nil {
					b.Fatal(err)
				}
			}
			var next atomic.Int64
			b.ReportAllocs()
			b.SetParallelism(32)
			cpu := processTime(b)
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					i := next.Add(1)
					d, at := &fleet[int(i)%len(fleet)], start.Add(time.Duration(i)*time.Millisecond)
					f := device.Fetched{At: at, Address: d.Address, File: "001565112233.cfg", UserAgent: "Yealink SIP-T46S 66.86.0.15", Held: "w", OnlineUntil: at.Add(time.Hour)}
					if err := s.Provisioning().NoteFetched(context.Background(), d.ID, f); err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64((processTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

func BenchmarkClaimFinish(b *testing.B) {
	s := openBench(b)
	policy := tasks.DefaultPolicy()
	store := s.Tasks()
	id := device.NewID()
	b.SetParallelism(32)
	var next atomic.Int64
	cpu := processTime(b)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			at := start.Add(time.Duration(next.Add(1)) * time.Millisecond)
			if err := claimFinish(store, policy, device.ID(fmt.Sprint(id, next.Load())), at); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.ReportMetric(float64((processTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
}

func claimFinish(store tasks.Store, policy tasks.Policy, id device.ID, at time.Time) error {
	ctx := context.Background()
	t := tasks.Task{ID: tasks.NewID(at), Device: id, Kind: tasks.Reboot, Args: []byte(`{}`), State: tasks.Queued, CreatedAt: at, UpdatedAt: at}
	if err := store.Insert(ctx, t); err != nil {
		return err
	}
	claimed, err := store.Claim(ctx, tasks.Claim{Device: id, At: at, Lease: tasks.Lease{Session: "s", Generation: 1, Until: at.Add(time.Minute)}})
	if err != nil {
		return err
	}
	t, err = store.Save(ctx, claimed.Task.Depart(tasks.Flight{Method: "Reboot", Class: tasks.Unsafe, At: at}))
	if err != nil {
		return err
	}
	_, err = store.Save(ctx, policy.Succeed(t, []byte(`{"evidence":"M Reboot"}`), at, "done"))
	return err
}

func BenchmarkObserve2000(b *testing.B) {
	s := openBench(b)
	d := addFleet(b, s, 1)[0]
	observations := make([]device.Observation, 2000)
	for i := range observations {
		observations[i] = device.Observation{Path: fmt.Sprintf("Device.Services.VoiceService.1.VoiceProfile.1.Line.%d.SIP.Parameter", i), Value: &device.Value{Text: "value", Type: "xsd:string"}}
	}
	for b.Loop() {
		if err := s.Parameters().Observe(context.Background(), d.ID, start, observations); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkListDevices100k(b *testing.B) {
	s := openBench(b)
	addFleet(b, s, 100_000)
	schema := device.Schema()
	lastInform, _ := schema.Field("lastInform")
	manufacturer, _ := schema.Field("softwareVersion")
	for _, test := range []struct {
		name, filter string
		order        []query.Order
		scope        string
	}{
		{name: "first page"},
		{name: "by lastInform desc", order: []query.Order{{Field: lastInform, Descending: true}}},
		{name: "by softwareVersion", order: []query.Order{{Field: manufacturer}}},
		{name: "a word that one has", filter: "FCH00054321"},
		{name: "a word that one has by lastInform desc", filter: "FCH00054321", order: []query.Order{{Field: lastInform, Descending: true}}},
		{name: "a word that none has", filter: "polycom"},
		{name: "a word that all have", filter: "cisco"},
		{name: "by model", filter: `model = "CP-8807-3PCC"`},
		{name: "by model prefix", filter: `model = "CP-880*"`},
		{name: "a model that none has", filter: `model = "T46S"`},
		{name: "two fields", filter: `softwareVersion:"12-0-1MPP-3" AND online = true`},
		{name: "by tag", filter: `tags:floor-7`},
		{name: "many wildcards", filter: `serialNumber = "F*4*3*1"`},
		{name: "a scope", scope: "acme/site-7"},
		{name: "a scope by lastInform desc", scope: "acme/site-7", order: []query.Order{{Field: lastInform, Descending: true}}},
	} {
		expr, err := query.Parse(schema, test.filter)
		if err != nil {
			b.Fatal(err)
		}
		for _, count := range []bool{false, true} {
			b.Run(fmt.Sprintf("%s/count=%t", test.name, count), func(b *testing.B) {
				for b.Loop() {
					l := device.List{Filter: expr, Order: test.order, PageSize: 50, Now: start, Count: count, Scope: device.Scope{Group: test.scope}}
					if _, err := s.Devices().List(context.Background(), l); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
