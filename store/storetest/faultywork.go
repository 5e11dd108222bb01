package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/tasks"
)

type faultyTasks struct {
	next tasks.Store
	plan *plan
}

func (f faultyTasks) Insert(ctx context.Context, t tasks.Task) error {
	return f.plan.do("Tasks.Insert", func() error { return f.next.Insert(ctx, t) })
}

func (f faultyTasks) Get(ctx context.Context, id tasks.ID) (tasks.Task, error) {
	return planned(f.plan, "Tasks.Get", func() (tasks.Task, error) { return f.next.Get(ctx, id) })
}

func (f faultyTasks) List(ctx context.Context, l tasks.List) (tasks.Page, error) {
	return planned(f.plan, "Tasks.List", func() (tasks.Page, error) { return f.next.List(ctx, l) })
}

func (f faultyTasks) Claim(ctx context.Context, c tasks.Claim) (tasks.Claimed, error) {
	return planned(f.plan, "Tasks.Claim", func() (tasks.Claimed, error) { return f.next.Claim(ctx, c) })
}

func (f faultyTasks) Save(ctx context.Context, t tasks.Task) (tasks.Task, error) {
	return planned(f.plan, "Tasks.Save", func() (tasks.Task, error) { return f.next.Save(ctx, t) })
}

func (f faultyTasks) Open(ctx context.Context, id device.ID) ([]tasks.Task, error) {
	return planned(f.plan, "Tasks.Open", func() ([]tasks.Task, error) { return f.next.Open(ctx, id) })
}

func (f faultyTasks) Due(ctx context.Context, at time.Time, limit int) ([]tasks.Task, error) {
	return planned(f.plan, "Tasks.Due", func() ([]tasks.Task, error) { return f.next.Due(ctx, at, limit) })
}

func (f faultyTasks) Delete(ctx context.Context, id tasks.ID) error {
	return f.plan.do("Tasks.Delete", func() error { return f.next.Delete(ctx, id) })
}

type faultyBulks struct {
	next tasks.BulkStore
	plan *plan
}

func (f faultyBulks) InsertBulk(ctx context.Context, b tasks.Bulk) error {
	return f.plan.do("Bulks.InsertBulk", func() error { return f.next.InsertBulk(ctx, b) })
}

func (f faultyBulks) Bulk(ctx context.Context, id tasks.ID) (tasks.Bulk, error) {
	return planned(f.plan, "Bulks.Bulk", func() (tasks.Bulk, error) { return f.next.Bulk(ctx, id) })
}

func (f faultyBulks) OpenBulks(ctx context.Context, limit int) ([]tasks.Bulk, error) {
	return planned(f.plan, "Bulks.OpenBulks", func() ([]tasks.Bulk, error) { return f.next.OpenBulks(ctx, limit) })
}

func (f faultyBulks) SaveBulk(ctx context.Context, b tasks.Bulk) (tasks.Bulk, error) {
	return planned(f.plan, "Bulks.SaveBulk", func() (tasks.Bulk, error) { return f.next.SaveBulk(ctx, b) })
}

func (f faultyBulks) DeleteBulks(ctx context.Context, before time.Time, limit int) (int, error) {
	return planned(f.plan, "Bulks.DeleteBulks", func() (int, error) { return f.next.DeleteBulks(ctx, before, limit) })
}

type faultyFiles struct {
	next files.Store
	plan *plan
}

func (f faultyFiles) PutFile(ctx context.Context, file files.File) error {
	return f.plan.do("Files.PutFile", func() error { return f.next.PutFile(ctx, file) })
}

func (f faultyFiles) File(ctx context.Context, name string) (files.File, error) {
	return planned(f.plan, "Files.File", func() (files.File, error) { return f.next.File(ctx, name) })
}

func (f faultyFiles) ListFiles(ctx context.Context, l files.List) (files.Page, error) {
	return planned(f.plan, "Files.ListFiles", func() (files.Page, error) { return f.next.ListFiles(ctx, l) })
}

func (f faultyFiles) DeleteFile(ctx context.Context, name string) (files.File, error) {
	return planned(f.plan, "Files.DeleteFile", func() (files.File, error) { return f.next.DeleteFile(ctx, name) })
}

func (f faultyFiles) PutGrant(ctx context.Context, g files.Grant) error {
	return f.plan.do("Files.PutGrant", func() error { return f.next.PutGrant(ctx, g) })
}

func (f faultyFiles) Grant(ctx context.Context, tokenHash string) (files.Grant, error) {
	return planned(f.plan, "Files.Grant", func() (files.Grant, error) { return f.next.Grant(ctx, tokenHash) })
}

func (f faultyFiles) TakeGrant(ctx context.Context, tokenHash string) (files.Grant, error) {
	return planned(f.plan, "Files.TakeGrant", func() (files.Grant, error) { return f.next.TakeGrant(ctx, tokenHash) })
}

func (f faultyFiles) DeleteGrants(ctx context.Context, before time.Time, limit int) (int, error) {
	return planned(f.plan, "Files.DeleteGrants", func() (int, error) { return f.next.DeleteGrants(ctx, before, limit) })
}

type faultyCauses struct {
	next tasks.CauseStore
	plan *plan
}

func (f faultyCauses) Causes(ctx context.Context, scope device.Scope, since time.Time, limit int) ([]tasks.Cause, error) {
	return planned(f.plan, "Causes.Causes", func() ([]tasks.Cause, error) { return f.next.Causes(ctx, scope, since, limit) })
}
