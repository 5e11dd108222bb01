package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

type faultyProvisioning struct {
	next device.ProvisioningStore
	plan *plan
}

func (f faultyProvisioning) Mark(ctx context.Context, id device.ID, m device.Mark) (bool, error) {
	return planned(f.plan, "Provisioning.Mark", func() (bool, error) { return f.next.Mark(ctx, id, m) })
}

func (f faultyProvisioning) NoteFetched(ctx context.Context, id device.ID, fetched device.Fetched) error {
	return f.plan.do("Provisioning.NoteFetched", func() error { return f.next.NoteFetched(ctx, id, fetched) })
}

func (f faultyProvisioning) NoteConverged(ctx context.Context, id device.ID, c device.Converged) error {
	return f.plan.do("Provisioning.NoteConverged", func() error { return f.next.NoteConverged(ctx, id, c) })
}

func (f faultyProvisioning) Reconsider(ctx context.Context, id device.ID, at time.Time) error {
	return f.plan.do("Provisioning.Reconsider", func() error { return f.next.Reconsider(ctx, id, at) })
}

type faultyLevels struct {
	next provisioners.LevelStore
	plan *plan
}

func (f faultyLevels) Levels(ctx context.Context, keys []provisioners.LevelKey) ([]provisioners.Level, error) {
	return planned(f.plan, "Levels.Levels", func() ([]provisioners.Level, error) { return f.next.Levels(ctx, keys) })
}

func (f faultyLevels) SharedLevels(ctx context.Context, since time.Time, after provisioners.LevelKey, limit int) ([]provisioners.Level, error) {
	return planned(f.plan, "Levels.SharedLevels", func() ([]provisioners.Level, error) { return f.next.SharedLevels(ctx, since, after, limit) })
}

func (f faultyLevels) PutLevel(ctx context.Context, l provisioners.Level) (provisioners.Level, error) {
	return planned(f.plan, "Levels.PutLevel", func() (provisioners.Level, error) { return f.next.PutLevel(ctx, l) })
}

type faultyLines struct {
	next provisioners.LineStore
	plan *plan
}

func (f faultyLines) Lines(ctx context.Context, keys []provisioners.LineKey) ([]provisioners.Line, error) {
	return planned(f.plan, "Lines.Lines", func() ([]provisioners.Line, error) { return f.next.Lines(ctx, keys) })
}

func (f faultyLines) ListLines(ctx context.Context, l provisioners.LineList) ([]provisioners.Line, error) {
	return planned(f.plan, "Lines.ListLines", func() ([]provisioners.Line, error) { return f.next.ListLines(ctx, l) })
}

func (f faultyLines) PutLine(ctx context.Context, l provisioners.Line) (provisioners.Line, error) {
	return planned(f.plan, "Lines.PutLine", func() (provisioners.Line, error) { return f.next.PutLine(ctx, l) })
}

func (f faultyLines) DeleteLine(ctx context.Context, key provisioners.LineKey, revision int64) error {
	return f.plan.do("Lines.DeleteLine", func() error { return f.next.DeleteLine(ctx, key, revision) })
}

type faultyFetches struct {
	next provisioners.FetchStore
	plan *plan
}

func (f faultyFetches) AppendFetches(ctx context.Context, fetches []provisioners.Fetch) error {
	return f.plan.do("Fetches.AppendFetches", func() error { return f.next.AppendFetches(ctx, fetches) })
}

func (f faultyFetches) ListFetches(ctx context.Context, l provisioners.FetchList) ([]provisioners.Fetch, error) {
	return planned(f.plan, "Fetches.ListFetches", func() ([]provisioners.Fetch, error) { return f.next.ListFetches(ctx, l) })
}

func (f faultyFetches) DeleteFetches(ctx context.Context, before time.Time, limit int) (int, error) {
	return planned(f.plan, "Fetches.DeleteFetches", func() (int, error) { return f.next.DeleteFetches(ctx, before, limit) })
}

func (f faultyFetches) NoteStranger(ctx context.Context, s provisioners.Stranger) error {
	return f.plan.do("Fetches.NoteStranger", func() error { return f.next.NoteStranger(ctx, s) })
}

func (f faultyFetches) ListStrangers(ctx context.Context, after provisioners.Stranger, limit int) ([]provisioners.Stranger, error) {
	return planned(f.plan, "Fetches.ListStrangers", func() ([]provisioners.Stranger, error) { return f.next.ListStrangers(ctx, after, limit) })
}

func (f faultyFetches) Stranger(ctx context.Context, id string) (provisioners.Stranger, error) {
	return planned(f.plan, "Fetches.Stranger", func() (provisioners.Stranger, error) { return f.next.Stranger(ctx, id) })
}

func (f faultyFetches) DeleteStranger(ctx context.Context, id string) error {
	return f.plan.do("Fetches.DeleteStranger", func() error { return f.next.DeleteStranger(ctx, id) })
}

func (f faultyFetches) DeleteStrangers(ctx context.Context, keep int, before time.Time, limit int) (int, error) {
	return planned(f.plan, "Fetches.DeleteStrangers", func() (int, error) { return f.next.DeleteStrangers(ctx, keep, before, limit) })
}
