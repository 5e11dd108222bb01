package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// taskFields says where the fields of a task lie.
func taskFields(name string) (filterField, bool) {
	f, ok := map[string]filterField{
		"id":          {path: idField, always: true},
		"device":      {path: "folded.device"},
		"kind":        {path: "folded.kind"},
		"state":       {path: "folded.state"},
		"createdBy":   {path: "folded.createdBy"},
		"uniqueKey":   {path: "folded.uniqueKey"},
		"createdAt":   {path: "createdAt"},
		"updatedAt":   {path: "updatedAt"},
		"finishedAt":  {path: "finishedAt"},
		"faultCode":   {path: "fault.code"},
		"faultReason": {path: "folded.faultReason"},
		"priority":    {path: "priority", always: true},
		"retryOf":     {path: "folded.retryOf"},
		"retriedBy":   {path: "folded.retriedBy"},
	}[name]
	return f, ok
}

// List returns an error that wraps tasks.ErrInvalid for a page size or token
// that cannot be.
func (s taskStore) List(ctx context.Context, l tasks.List) (page tasks.Page, err error) {
	err = s.do(ctx, "listTasks", func(ctx context.Context) error {
		page, err = s.list(ctx, l)
		if errors.Is(err, device.ErrInvalid) {
			err = fmt.Errorf("%w: %w", tasks.ErrInvalid, err)
		}
		return err
	})
	return page, err
}

func (s taskStore) list(ctx context.Context, l tasks.List) (page tasks.Page, err error) {
	filter, err := s.compile(ctx, taskFields, l.Filter)
	if err := errors.Join(store.CheckPageSize(l.PageSize), err); err != nil {
		return page, err
	}
	all := listing{
		operation: "listTasks", collection: tasksCollection, filters: []bson.D{inScope(l.Scope), filter},
		order: &keyset{list: tasksCollection, fields: taskFields, descending: true}, token: l.PageToken, size: l.PageSize, count: l.Count,
	}
	if l.Device != "" {
		all.filters = append(all.filters, ofDevice(l.Device))
	}
	found, total, err := list[taskDocument](ctx, s.Store, all)
	if err != nil {
		return page, err
	}
	page.Total = total
	for i := range found[:min(len(found), l.PageSize)] {
		page.Tasks = append(page.Tasks, found[i].task())
	}
	if len(found) > l.PageSize {
		page.NextPageToken = all.order.token(place{key: string(page.Tasks[l.PageSize-1].ID)})
	}
	return page, nil
}

// ofDevice is the filter for what hangs on a device.
func ofDevice(id device.ID) bson.D { return bson.D{{Key: "device", Value: string(id)}} }
