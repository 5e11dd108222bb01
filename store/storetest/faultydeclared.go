package storetest

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/trace"
)

type faultyDeclared struct {
	next declared.Store
	plan *plan
}

func (f faultyDeclared) Documents(ctx context.Context, kind declared.Kind) ([]declared.Document, error) {
	return planned(f.plan, "Declared.Documents", func() ([]declared.Document, error) { return f.next.Documents(ctx, kind) })
}

func (f faultyDeclared) Document(ctx context.Context, kind declared.Kind, id string) (declared.Document, error) {
	return planned(f.plan, "Declared.Document", func() (declared.Document, error) { return f.next.Document(ctx, kind, id) })
}

func (f faultyDeclared) PutDocument(ctx context.Context, d declared.Document) (declared.Document, error) {
	return planned(f.plan, "Declared.PutDocument", func() (declared.Document, error) { return f.next.PutDocument(ctx, d) })
}

func (f faultyDeclared) DeleteDocument(ctx context.Context, kind declared.Kind, id string, revision int64) error {
	return f.plan.do("Declared.DeleteDocument", func() error { return f.next.DeleteDocument(ctx, kind, id, revision) })
}

type faultyTraces struct {
	next trace.Store
	plan *plan
}

func (f faultyTraces) AppendTrace(ctx context.Context, entries []trace.Entry) error {
	return f.plan.do("Traces.AppendTrace", func() error { return f.next.AppendTrace(ctx, entries) })
}

func (f faultyTraces) Trace(ctx context.Context, id device.ID, after string, limit, bytes int) ([]trace.Entry, error) {
	return planned(f.plan, "Traces.Trace", func() ([]trace.Entry, error) { return f.next.Trace(ctx, id, after, limit, bytes) })
}

func (f faultyTraces) DeleteTrace(ctx context.Context, id device.ID, limit int) (int, error) {
	return planned(f.plan, "Traces.DeleteTrace", func() (int, error) { return f.next.DeleteTrace(ctx, id, limit) })
}

func (f faultyTraces) TraceUsage(ctx context.Context, id device.ID) (int64, error) {
	return planned(f.plan, "Traces.TraceUsage", func() (int64, error) { return f.next.TraceUsage(ctx, id) })
}

func (f faultyTraces) PruneTraces(ctx context.Context, before time.Time, limit int) (int, int64, error) {
	bytes := int64(0)
	entries, err := planned(f.plan, "Traces.PruneTraces", func() (entries int, err error) {
		entries, bytes, err = f.next.PruneTraces(ctx, before, limit)
		return entries, err
	})
	if err != nil {
		return 0, 0, err
	}
	return entries, bytes, nil
}
