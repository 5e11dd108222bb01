package mongo

import (
	"context"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/store"
)

// Copier reads and writes the whole store.
func (s *Store) Copier() store.Copier { return copier{s, s.copiedKinds()} }

// copiedKind is how one kind of records is copied.
type copiedKind interface {
	// takes reports whether a record is of the kind.
	takes(r *store.Record) bool
	empty(ctx context.Context) (bool, error)
	// export calls each with all records in the order of their keys.
	export(ctx context.Context, each func(store.Record) error) error
	// put stores records that the kind takes.
	put(ctx context.Context, records []store.Record) error
}

// rewrittenKind is a kind of which records may hold sealed secrets.
type rewrittenKind interface {
	rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (int, error)
}

// copier copies kinds in the order of the fields of store.Record.
type copier struct {
	store *Store
	kinds []copiedKind
}

func (c copier) Empty(ctx context.Context) (empty bool, err error) {
	err = c.store.do(ctx, "isEmpty", func(ctx context.Context) error {
		for _, k := range c.kinds {
			if empty, err = k.empty(ctx); err != nil || !empty {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return false, fmt.Errorf("look whether the store is empty: %w", err)
	}
	return empty, nil
}

func (c copier) Export(ctx context.Context, each func(store.Record) error) error {
	return c.store.do(ctx, "export", func(ctx context.Context) error {
		for _, k := range c.kinds {
			if err := k.export(ctx, each); err != nil {
				return err
			}
		}
		return nil
	})
}

// errImport says that what is to be imported is not what an export gives.
var errImport = errors.New("not an export")

func (c copier) Import(ctx context.Context, records []store.Record) error {
	if len(records) > store.MaxImport {
		return fmt.Errorf("import: %w: %d records at once, at most %d", errImport, len(records), store.MaxImport)
	}
	return c.store.do(ctx, "import", func(ctx context.Context) error {
		byKind := make([][]store.Record, len(c.kinds))
		for n := range records {
			kinds := 0
			for i, k := range c.kinds {
				if k.takes(&records[n]) {
					byKind[i] = append(byKind[i], records[n])
					kinds++
				}
			}
			if kinds != 1 {
				return fmt.Errorf("import: %w: record %d is of %d kinds", errImport, n, kinds)
			}
		}
		for i, k := range c.kinds {
			if err := k.put(ctx, byKind[i]); err != nil {
				return fmt.Errorf("import: %w", err)
			}
		}
		return nil
	})
}

func (c copier) Rewrite(ctx context.Context, change func(*store.Record) (bool, error)) (changed int, err error) {
	err = c.store.do(ctx, "rewrite", func(ctx context.Context) error {
		for _, k := range c.kinds {
			r, sealed := k.(rewrittenKind)
			if !sealed {
				continue
			}
			n, err := r.rewrite(ctx, change)
			changed += n
			if err != nil {
				return err
			}
		}
		return nil
	})
	return changed, err
}
