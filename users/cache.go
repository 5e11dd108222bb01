package users

import (
	"sync"
	"time"
)

// cacheTTL is how long something is believed without asking the store: long
// enough to spare a busy client's reads, short enough that a token deleted by
// another process is void almost at once.
const cacheTTL = 2 * time.Second

// Bounds of what is kept: tokens, browser sessions, roles.
const (
	cachedTokens   = 256
	cachedSessions = 1024
	cachedRoles    = 2 * MaxRoles
)

// cache keeps what was just read from the store, by a key.
type cache[T any] struct {
	mu      sync.Mutex
	entries map[string]cached[T]
	size    int
	changes uint64
}

type cached[T any] struct {
	value T
	until time.Time
}

func newCache[T any](size int) *cache[T] {
	return &cache[T]{entries: make(map[string]cached[T]), size: size}
}

func (c *cache[T]) get(key string, now time.Time) (value T, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[key]
	if !ok || !now.Before(e.until) {
		return value, false
	}
	return e.value, true
}

// generation is taken before something is read and given to put.
func (c *cache[T]) generation() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.changes
}

// put keeps a value, unless something was forgotten since generation was taken:
// it may have been this.
func (c *cache[T]) put(key string, value T, now time.Time, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.changes != generation {
		return
	}
	if len(c.entries) >= c.size {
		// Entries live two seconds: throwing all away costs a read each.
		clear(c.entries)
	}
	c.entries[key] = cached[T]{value: value, until: now.Add(cacheTTL)}
}

// forget drops every value that is changed or gone.
func (c *cache[T]) forget(gone func(T) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	for key, e := range c.entries {
		if gone(e.value) {
			delete(c.entries, key)
		}
	}
}
