package store

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"
)

// ErrDifferent says that two stores do not hold the same. The error that wraps
// it names the first difference by kind, key and field, never by content.
var ErrDifferent = errors.New("the stores differ")

// Compare exports both stores side by side and returns an error that wraps
// ErrDifferent for the first difference, nil if there is none. The name under
// which the content of a file is kept is not compared, as each store gives its
// own. It holds one record of each store in memory.
func Compare(ctx context.Context, a, b Copier) error {
	nextA, stopA := iter.Pull2(records(ctx, a))
	defer stopA()
	nextB, stopB := iter.Pull2(records(ctx, b))
	defer stopB()
	for {
		inA, err := pull(nextA, "first")
		if err != nil {
			return err
		}
		inB, err := pull(nextB, "second")
		if err != nil {
			return err
		}
		if inA == nil && inB == nil {
			return nil
		}
		if err := difference(inA, inB); err != nil {
			return err
		}
	}
}

// errEnough ends an Export that nobody listens to any more.
var errEnough = errors.New("enough")

// records returns what a store exports as a sequence. An error comes last.
func records(ctx context.Context, c Copier) iter.Seq2[*Record, error] {
	return func(yield func(*Record, error) bool) {
		err := c.Export(ctx, func(r Record) error {
			if !yield(&r, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// pull returns the next record, nil at the end.
func pull(next func() (*Record, error, bool), which string) (*Record, error) {
	r, err, more := next()
	if err != nil {
		return nil, fmt.Errorf("read the %s store: %w", which, err)
	}
	if !more {
		return nil, nil
	}
	return r, nil
}

// difference says how two records differ that should be the same; one of them
// may be nil.
func difference(a, b *Record) error {
	switch order := compareKeys(a, b); {
	case order < 0:
		return fmt.Errorf("%w: %s is only in the first", ErrDifferent, a.name())
	case order > 0:
		return fmt.Errorf("%w: %s is only in the second", ErrDifferent, b.name())
	case a.Parameters != nil:
		return differentBranch(a.Parameters, b.Parameters)
	}
	if field, same := sameRecord(a, b); !same {
		return fmt.Errorf("%w: %s differs in %s", ErrDifferent, a.name(), field)
	}
	return nil
}

// compareKeys orders records as they are exported; nil comes last. The branches
// of one device are equal here, as one may begin before the other.
func compareKeys(a, b *Record) int {
	switch {
	case b == nil:
		return -1
	case a == nil:
		return 1
	case a.Kind() != b.Kind():
		return int(a.Kind()) - int(b.Kind())
	}
	keyA, keyB := a.key(), b.key()
	if a.Parameters != nil {
		keyA[1], keyB[1] = "", ""
	}
	return slices.Compare(keyA[:], keyB[:])
}

func differentBranch(a, b *Branch) error {
	for i := range max(len(a.Parameters), len(b.Parameters)) {
		switch {
		case i == len(b.Parameters) || i < len(a.Parameters) && a.Parameters[i].Path < b.Parameters[i].Path:
			return fmt.Errorf("%w: parameter %s of device %s is only in the first", ErrDifferent, a.Parameters[i].Path, a.Device)
		case i == len(a.Parameters) || b.Parameters[i].Path < a.Parameters[i].Path:
			return fmt.Errorf("%w: parameter %s of device %s is only in the second", ErrDifferent, b.Parameters[i].Path, b.Device)
		}
		if field, same := sameParameter(&a.Parameters[i], &b.Parameters[i]); !same {
			return fmt.Errorf("%w: parameter %s of device %s differs in %s", ErrDifferent, a.Parameters[i].Path, a.Device, field)
		}
	}
	return nil
}

// name says which record it is, for people.
func (r *Record) name() string {
	key := r.key()
	switch r.Kind() {
	case KindParameters:
		return fmt.Sprintf("a parameter of device %s", key[0])
	case KindModel:
		return fmt.Sprintf("of the %s %q %q %q", r.Kind(), key[0], key[1], key[2])
	case KindGrant:
		return fmt.Sprintf("of the grants one of device %s", r.Grant.Device)
	case KindAudit:
		return fmt.Sprintf("of the %s number %d", r.Kind(), r.Audit.Sequence)
	case KindCounts:
		return fmt.Sprintf("of the %s those of node %q from %s", r.Kind(), r.Counts.Node, r.Counts.At.UTC().Format(time.RFC3339))
	case KindDeclared:
		return fmt.Sprintf("of the %s the %s %q", r.Kind(), key[0], key[1])
	case KindLevel:
		return fmt.Sprintf("of the %s that of %s %q", r.Kind(), key[0], key[1])
	case KindLine:
		return fmt.Sprintf("of the %s number %q of group %q", r.Kind(), key[1], key[0])
	case KindConvergence:
		return fmt.Sprintf("of the %s that of device %s", r.Kind(), key[0])
	case KindDataModel:
		return fmt.Sprintf("of the %s %q %q %q %q", r.Kind(), key[0], key[1], key[2], key[3])
	default:
		return fmt.Sprintf("of the %s %q", r.Kind(), key[0])
	}
}
