package admission

import "sync/atomic"

// Budget is a number of bytes that many share.
type Budget struct {
	limit int64
	taken atomic.Int64
}

// NewBudget returns a budget of so many bytes.
func NewBudget(limit int64) *Budget { return &Budget{limit: limit} }

// Take takes so many bytes, if so many are left; it reports whether they were.
func (b *Budget) Take(bytes int64) bool {
	if b.taken.Add(bytes) > b.limit {
		b.taken.Add(-bytes)
		return false
	}
	return true
}

// Give gives back what was taken.
func (b *Budget) Give(bytes int64) { b.taken.Add(-bytes) }

// Taken returns how many bytes are taken now.
func (b *Budget) Taken() int64 { return b.taken.Load() }
