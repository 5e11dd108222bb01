package sqlite

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func BenchmarkSummary100k(b *testing.B) {
	s := openBench(b)
	addFleet(b, s, 100_000)
	for name, scope := range map[string]string{"of all": "", "of 1000": "acme/site-7", "of all in a scope": "acme"} {
		b.Run(name, func(b *testing.B) {
			cpu := processTime(b)
			for b.Loop() {
				if _, err := s.Summary().Summary(context.Background(), device.Scope{Group: scope}, start.Add(12*time.Hour)); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64((processTime(b)-cpu).Microseconds())/float64(b.N), "cpu-µs/op")
		})
	}
}

func BenchmarkCauses20k(b *testing.B) {
	s := openBench(b)
	err := s.write(context.Background(), "addTasks", func(c *conn) error {
		for i := range 20_000 {
			at := start.Add(time.Duration(i) * time.Second)
			t := tasks.Task{
				ID: tasks.NewID(at), Device: "d", Kind: tasks.Reboot, State: tasks.Failed, CreatedAt: at, FinishedAt: at,
				Fault: &tasks.Fault{Code: 9000 + i%10, String: fmt.Sprint("text ", i)},
			}
			if err := c.putTask(&t); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := s.Causes().Causes(context.Background(), device.Scope{}, start, 100); err != nil {
			b.Fatal(err)
		}
	}
}
