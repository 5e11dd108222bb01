package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/nodes"
)

type faultyCarried struct {
	next device.CarriedSessionStore
	plan *plan
}

func (f faultyCarried) PutSession(ctx context.Context, c device.CarriedSession) error {
	return f.plan.do("Carried.PutSession", func() error { return f.next.PutSession(ctx, c) })
}

func (f faultyCarried) TakeSession(ctx context.Context, id string) (device.CarriedSession, error) {
	return planned(f.plan, "Carried.TakeSession", func() (device.CarriedSession, error) { return f.next.TakeSession(ctx, id) })
}

func (f faultyCarried) WantSession(ctx context.Context, id string, until time.Time) error {
	return f.plan.do("Carried.WantSession", func() error { return f.next.WantSession(ctx, id, until) })
}

func (f faultyCarried) WantedSessions(ctx context.Context, limit int) ([]string, error) {
	return planned(f.plan, "Carried.WantedSessions", func() ([]string, error) { return f.next.WantedSessions(ctx, limit) })
}

func (f faultyCarried) DropWish(ctx context.Context, id string) error {
	return f.plan.do("Carried.DropWish", func() error { return f.next.DropWish(ctx, id) })
}

func (f faultyCarried) ExpiredSessions(ctx context.Context, at time.Time, limit int) ([]string, error) {
	return planned(f.plan, "Carried.ExpiredSessions", func() ([]string, error) { return f.next.ExpiredSessions(ctx, at, limit) })
}

type faultyNodes struct {
	next nodes.Store
	plan *plan
}

func (f faultyNodes) Beat(ctx context.Context, n nodes.Node) error {
	return f.plan.do("Nodes.Beat", func() error { return f.next.Beat(ctx, n) })
}

func (f faultyNodes) Nodes(ctx context.Context) ([]nodes.Node, error) {
	return planned(f.plan, "Nodes.Nodes", func() ([]nodes.Node, error) { return f.next.Nodes(ctx) })
}

func (f faultyNodes) RemoveNode(ctx context.Context, id string) error {
	return f.plan.do("Nodes.RemoveNode", func() error { return f.next.RemoveNode(ctx, id) })
}

func (f faultyNodes) Lease(ctx context.Context, name string) (nodes.Lease, error) {
	return planned(f.plan, "Nodes.Lease", func() (nodes.Lease, error) { return f.next.Lease(ctx, name) })
}

func (f faultyNodes) SaveLease(ctx context.Context, l nodes.Lease) (nodes.Lease, error) {
	return planned(f.plan, "Nodes.SaveLease", func() (nodes.Lease, error) { return f.next.SaveLease(ctx, l) })
}

func (f faultyNodes) Publish(ctx context.Context, messages []nodes.Message) error {
	return f.plan.do("Nodes.Publish", func() error { return f.next.Publish(ctx, messages) })
}

func (f faultyNodes) Messages(ctx context.Context, node string, after int64, limit int) ([]nodes.Message, error) {
	return planned(f.plan, "Nodes.Messages", func() ([]nodes.Message, error) { return f.next.Messages(ctx, node, after, limit) })
}

func (f faultyNodes) DeleteMessages(ctx context.Context, node string, upTo int64) error {
	return f.plan.do("Nodes.DeleteMessages", func() error { return f.next.DeleteMessages(ctx, node, upTo) })
}
