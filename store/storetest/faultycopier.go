package storetest

import (
	"context"

	"github.com/dialtone-acs/dialtone/store"
)

type faultyCopier struct {
	next store.Copier
	plan *plan
}

func (f faultyCopier) Empty(ctx context.Context) (bool, error) {
	return planned(f.plan, "Copier.Empty", func() (bool, error) { return f.next.Empty(ctx) })
}

func (f faultyCopier) Export(ctx context.Context, each func(store.Record) error) error {
	return f.plan.do("Copier.Export", func() error { return f.next.Export(ctx, each) })
}

func (f faultyCopier) Import(ctx context.Context, records []store.Record) error {
	return f.plan.do("Copier.Import", func() error { return f.next.Import(ctx, records) })
}

func (f faultyCopier) Rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (int, error) {
	return planned(f.plan, "Copier.Rewrite", func() (int, error) { return f.next.Rewrite(ctx, change) })
}
