package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
)

func (a *API) registerTimeline() {
	register(a, operation{
		id: "getDeviceTimeline", method: http.MethodGet, path: "/devices/{id}/timeline", tag: devicesTag, summary: "List what happened to a device, the newest first",
		description: "Changes of state of its tasks, sessions in which something happened, events of its Informs, and entries of the audit log about it and its tasks, merged. " +
			"Tasks are for those who may read tasks, audit entries for those who may read the audit log of the whole fleet. " +
			"It does not hold: routine sessions, which are not kept; events before the newest 32; what is older than its retention, and entries about tasks that are; " +
			"bulk tasks and bulk edits, whose entries in the audit log do not name the devices. " +
			"A page may have fewer items than asked for although another follows.",
		problems: []problemKind{kindNotFound},
	}, a.timeline)
}

// TimelineItem is one thing that happened to a device; of task, session, event
// and audit it has what its kind says, a task with the transition.
type TimelineItem struct {
	At         time.Time    `json:"at"`
	Kind       string       `json:"kind" enum:"task,session,event,audit"`
	Task       *Task        `json:"task,omitempty" doc:"The task as it is now, without its result."`
	Transition *Transition  `json:"transition,omitempty" doc:"What happened to the task."`
	Session    *Session     `json:"session,omitempty"`
	Event      *DeviceEvent `json:"event,omitempty"`
	Audit      *AuditEntry  `json:"audit,omitempty"`
}

// Kinds of timeline items.
const (
	itemTask    = "task"
	itemSession = "session"
	itemEvent   = "event"
	itemAudit   = "audit"
)

type timelineInput struct {
	DevicePath
	Paging
}

// moment places an item of a timeline: the greater came later. Key tells apart
// what happened in the same millisecond: the kind, a slash, and what is unique in
// it.
type moment struct {
	At  int64  `json:"t"`
	Key string `json:"k"`
}

func (m moment) compare(other moment) int {
	return cmp.Or(cmp.Compare(m.At, other.At), cmp.Compare(m.Key, other.Key))
}

// placed is an item with its place. Sequence is that of an audit entry.
type placed struct {
	moment
	item     TimelineItem
	sequence int64
}

// timelineToken is where a timeline goes on: before the moment, and in the audit
// log before the entry of that sequence.
type timelineToken struct {
	moment
	Audit *int64 `json:"a,omitempty"`
}

func (a *API) timeline(ctx context.Context, in *timelineInput) (*pageOutput[TimelineItem], error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := principal(ctx)
	if err != nil {
		return nil, err
	}
	at := timelineToken{moment: moment{At: a.Now().Add(clockLead).UnixMilli()}}
	if in.PageToken != "" {
		if err := decodeToken(in.PageToken, &at); err != nil {
			return nil, err
		}
	}
	b := timelineBuilder{api: a, device: d, token: at, limit: in.PageSize, tasks: map[tasks.ID]bool{}}
	if err := b.gather(ctx, p); err != nil {
		return nil, err
	}
	page, next := b.page()
	token := ""
	if next != nil {
		if token, err = encodeToken(next); err != nil {
			return nil, err
		}
	}
	return newPage(page, token, nil, func(p placed) (TimelineItem, error) { return p.item, nil })
}

// timelineBuilder merges what several stores know of a device, before the moment
// of the token.
type timelineBuilder struct {
	api    *API
	device device.Device
	token  timelineToken
	limit  int

	items []placed
	// horizon is the time after which everything was read, in milliseconds; zero
	// if all that is older was read, too.
	horizon int64
	// tasks are those that were read.
	tasks map[tasks.ID]bool
}

// gather reads of each source as much as a page can need, or down to the horizon.
func (b *timelineBuilder) gather(ctx context.Context, p users.Principal) error {
	b.addEvents()
	if err := b.addSessions(ctx); err != nil {
		return err
	}
	if p.Allows(users.ReadTasks) {
		if err := b.addTasks(ctx); err != nil {
			return err
		}
	}
	if readsAudit(p) {
		return b.addAudit(ctx)
	}
	return nil
}

// add takes an item if it lies before the token.
func (b *timelineBuilder) add(at time.Time, key string, sequence int64, item TimelineItem) {
	m := moment{At: at.UnixMilli(), Key: item.Kind + "/" + key}
	if m.compare(b.token.moment) < 0 {
		item.At = at.UTC()
		b.items = append(b.items, placed{m, item, sequence})
	}
}

// page returns the newest items, and where the next page goes on; nil after the
// last one.
func (b *timelineBuilder) page() ([]placed, *timelineToken) {
	slices.SortFunc(b.items, func(x, y placed) int { return y.compare(x.moment) })
	all := b.items
	// What is as old as the horizon may not be complete: it is left to the next
	// page, unless this one would be empty.
	known, _ := slices.BinarySearchFunc(all, moment{At: b.horizon, Key: maxKey}, func(p placed, m moment) int { return m.compare(p.moment) })
	if b.horizon == 0 || known == 0 {
		known = len(all)
	}
	page := all[:min(known, b.limit)]
	if len(page) == len(all) && b.horizon == 0 || len(page) == 0 {
		return page, nil
	}
	next := timelineToken{moment: page[len(page)-1].moment, Audit: b.token.Audit}
	for i := range page {
		if page[i].item.Audit != nil {
			next.Audit = &page[i].sequence
		}
	}
	return page, &next
}

// maxKey comes after every key.
const maxKey = "\uffff"
