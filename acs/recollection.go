package acs

import (
	"sync"
	"time"
)

// recollection remembers a bounded number of things for a time. When it is full it
// forgets all: what it holds may be lost at any moment. It is safe for concurrent
// use.
type recollection[K comparable, V any] struct {
	limit int
	last  time.Duration
	now   func() time.Time

	mu   sync.Mutex
	kept map[K]recollected[V]
}

type recollected[V any] struct {
	value V
	until time.Time
}

// newRecollection returns one that remembers at most limit things, each for as long
// as last after it was changed.
func newRecollection[K comparable, V any](limit int, last time.Duration, now func() time.Time) *recollection[K, V] {
	return &recollection[K, V]{limit: limit, last: last, now: now, kept: make(map[K]recollected[V])}
}

// of returns what is remembered of a key.
func (r *recollection[K, V]) of(key K) (value V, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.get(key)
}

func (r *recollection[K, V]) get(key K) (value V, ok bool) {
	found, ok := r.kept[key]
	if !ok || !r.now().Before(found.until) {
		return value, false
	}
	return found.value, true
}

// change remembers what a function makes of what is remembered of a key, the zero
// value if nothing is, and returns it.
func (r *recollection[K, V]) change(key K, by func(V) V) V {
	r.mu.Lock()
	defer r.mu.Unlock()
	value, _ := r.get(key)
	value = by(value)
	if _, known := r.kept[key]; !known && len(r.kept) >= r.limit {
		clear(r.kept)
	}
	r.kept[key] = recollected[V]{value, r.now().Add(r.last)}
	return value
}

// once reports whether a key is not remembered, and remembers it with the zero value.
func (r *recollection[K, V]) once(key K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.get(key); known {
		return false
	}
	if len(r.kept) >= r.limit {
		clear(r.kept)
	}
	var nothing V
	r.kept[key] = recollected[V]{nothing, r.now().Add(r.last)}
	return true
}

// forget forgets a key.
func (r *recollection[K, V]) forget(key K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, key)
}
