package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/nodes"
	"github.com/dialtone-acs/dialtone/tasks"
)

// RemoteOptions are what a Remote is made of; all but Ended are required.
type RemoteOptions struct {
	Hub *Hub
	// Device and Task read what other nodes name. They return device.ErrNotFound
	// and tasks.ErrNotFound.
	Device func(context.Context, device.ID) (device.Device, error)
	Task   func(context.Context, tasks.ID) (tasks.Task, error)
	// Ended is told of tasks that ended at another node, as far as they are read.
	// It must not block.
	Ended  func(tasks.Task)
	Logger *slog.Logger
}

// Remote publishes to the subscribers of a hub what other nodes tell. What it
// publishes is not sent on.
type Remote struct {
	RemoteOptions
	// failing keeps a store that is away from filling the log.
	failing bool
}

// NewRemote returns a Remote. It returns an error if an option is missing.
func NewRemote(o RemoteOptions) (*Remote, error) {
	for name, missing := range map[string]bool{
		"Hub": o.Hub == nil, "Device": o.Device == nil, "Task": o.Task == nil, "Logger": o.Logger == nil,
	} {
		if missing {
			return nil, errors.New("api: RemoteOptions." + name + " is missing")
		}
	}
	if o.Ended == nil {
		o.Ended = func(tasks.Task) {}
	}
	return &Remote{RemoteOptions: o}, nil
}

const (
	// remoteReads bounds how many records are read for one batch of messages: if
	// it names more, subscribers are told to read anew themselves.
	remoteReads = 250
	// remoteTime bounds the reading for one batch.
	remoteTime = 10 * time.Second
)

// Receive publishes what a batch of messages tells; one goroutine calls it. A
// task or device is read once however often the batch names it: it was stored
// before it was named, so that the first reading already sees the last change.
func (r *Remote) Receive(ctx context.Context, messages []nodes.Message) {
	bounded, cancel := context.WithTimeout(ctx, remoteTime)
	defer cancel()
	b := batch{Remote: r, read: make(map[record]bool)}
	var failed error
	for _, m := range messages {
		if err := b.publish(bounded, m); err != nil {
			b.missed, failed = true, err
		}
	}
	if b.missed {
		r.Hub.publish(event{overflow: true})
	}
	if failed != nil && !r.failing && ctx.Err() == nil {
		r.Logger.WarnContext(ctx, "cannot show events of other nodes", slog.Any(logkeys.Error, failed))
	}
	r.failing = failed != nil
}

// record is what a message names.
type record struct{ kind, id string }

// batch is the reading of one batch of messages.
type batch struct {
	*Remote
	read map[record]bool
	// missed says that subscribers must read anew; then no more records are read
	// for them.
	missed bool
}

func (b *batch) publish(ctx context.Context, m nodes.Message) error {
	switch m.Kind {
	case nodes.KindOverflow:
		b.missed = true
		return nil
	case kindSession:
		var s SessionEvent
		if err := json.Unmarshal(m.Data, &s); err != nil {
			return fmt.Errorf("decode message: %w", err)
		}
		b.Hub.publish(event{kind: EventSession, device: s.Device, session: &s})
		return nil
	case kindTask, kindDevice, kindDeleted:
	default:
		return nil // A newer version of the program may tell more.
	}
	var what relayed
	if err := json.Unmarshal(m.Data, &what); err != nil {
		return fmt.Errorf("decode message: %w", err)
	}
	return b.named(ctx, m.Kind, what)
}

func (b *batch) named(ctx context.Context, kind string, what relayed) error {
	if kind == kindDeleted {
		id := device.ID(what.ID)
		b.Hub.publish(event{kind: EventDevice, device: id, record: &device.Device{ID: id, Group: what.Group}, deleted: true})
		return nil
	}
	key := record{kind: kind, id: what.ID}
	if b.missed || b.read[key] || !b.Hub.follows(EventKind(kind)) {
		return nil
	}
	if len(b.read) >= remoteReads {
		b.missed = true
		return nil
	}
	b.read[key] = true
	if kind == kindTask {
		return b.task(ctx, tasks.ID(what.ID))
	}
	return b.device(ctx, device.ID(what.ID))
}

func (b *batch) task(ctx context.Context, id tasks.ID) error {
	t, err := b.Task(ctx, id)
	if errors.Is(err, tasks.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read task %s: %w", id, err)
	}
	if t.State.Final() {
		b.Ended(t)
	}
	b.Hub.publish(event{kind: EventTask, device: t.Device, task: &t})
	return nil
}

func (b *batch) device(ctx context.Context, id device.ID) error {
	d, err := b.Device(ctx, id)
	if errors.Is(err, device.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read device %s: %w", id, err)
	}
	b.Hub.publish(event{kind: EventDevice, device: d.ID, record: &d})
	return nil
}
