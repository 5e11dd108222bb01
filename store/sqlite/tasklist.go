package sqlite

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

func taskFields() map[string]column {
	return map[string]column{
		"id":          {sql: "t.id"},
		"device":      {sql: "t.device"},
		"kind":        {sql: "t.kind"},
		"state":       {sql: "t.state"},
		"createdBy":   {sql: "t.created_by"},
		"uniqueKey":   {sql: "t.unique_key"},
		"createdAt":   {sql: "t.created_at"},
		"updatedAt":   {sql: "t.updated_at"},
		"finishedAt":  {sql: "t.finished_at"},
		"faultCode":   {sql: "t.fault_code", nullable: true},
		"faultReason": {sql: "t.fault_reason"},
		"priority":    {sql: "t.priority"},
		"retryOf":     {sql: "t.retry_of"},
		"retriedBy":   {sql: "t.retried_by"},
	}
}

// List returns an error that wraps tasks.ErrInvalid for a page size or token
// that cannot be.
func (s taskStore) List(ctx context.Context, l tasks.List) (page tasks.Page, err error) {
	list, err := taskListing(l)
	if err != nil {
		return tasks.Page{}, fmt.Errorf("%w: %w", tasks.ErrInvalid, err)
	}
	err = s.read(ctx, "listTasks", func(c *conn) (err error) {
		page.Total, err = c.list(ctx, list, func(r *row) error {
			t, err := scanTask(r)
			page.Tasks = append(page.Tasks, t)
			return err
		})
		return err
	})
	if err != nil {
		return tasks.Page{}, err
	}
	if len(page.Tasks) > l.PageSize {
		page.Tasks = page.Tasks[:l.PageSize]
		page.NextPageToken = list.order.token(place{key: string(page.Tasks[l.PageSize-1].ID)})
	}
	return page, nil
}

func taskListing(l tasks.List) (listing, error) {
	w := &where{columns: taskFields()}
	list := listing{from: "tasks t", columns: taskColumns, where: w, token: l.PageToken, size: l.PageSize, count: l.Count}
	list.order = &keyset{key: "t.id", descending: true}
	if l.Scope.Group != "" {
		// A CROSS JOIN keeps the order: tasks by id, and the device of each.
		list.from = "tasks t CROSS JOIN devices d ON d.id = t.device"
	}
	w.scope(l.Scope)
	if l.Device != "" {
		w.write(" AND t.device = ?", string(l.Device))
	}
	w.write(" AND ")
	return list, errors.Join(store.CheckPageSize(l.PageSize), w.expr(l.Filter), list.order.checkToken(l.PageToken))
}
