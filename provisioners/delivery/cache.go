package delivery

import (
	"container/list"
	"sync"
	"time"
)

// cacheAge is how long a rendered file is kept at most: the daylight rules that are in
// it hold for a year.
const cacheAge = 24 * time.Hour

// cacheOverhead is what an entry takes beside its content, in bytes.
const cacheOverhead = 512

// cacheKey says what a rendered file is made of.
type cacheKey struct {
	device, pack, revision, file string
	// purpose is empty for the file itself.
	purpose string
	// fingerprint is that of the settings.
	fingerprint string
	// rest is a hash of what else is in the file.
	rest [32]byte
}

// cache keeps rendered files, those that were asked for last. It is safe for concurrent
// use.
type cache struct {
	limit int64
	now   func() time.Time

	mu      sync.Mutex
	bytes   int64
	entries map[cacheKey]*list.Element
	// order has the entry that was used last at its front.
	order *list.List
}

type cacheEntry struct {
	key  cacheKey
	made made
	at   time.Time
}

func (e *cacheEntry) size() int64 { return int64(len(e.made.content)) + cacheOverhead }

func newCache(limit int64, now func() time.Time) *cache {
	return &cache{limit: limit, now: now, entries: map[cacheKey]*list.Element{}, order: list.New()}
}

// get returns a file that was rendered before.
func (c *cache) get(key cacheKey) (made, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	element, ok := c.entries[key]
	if !ok {
		return made{}, false
	}
	entry, _ := element.Value.(*cacheEntry)
	if c.now().Sub(entry.at) > cacheAge {
		c.drop(element)
		return made{}, false
	}
	c.order.MoveToFront(element)
	return entry.made, true
}

// put keeps a rendered file, and drops those that were not asked for the longest.
func (c *cache) put(key cacheKey, m made) {
	entry := &cacheEntry{key: key, made: m, at: c.now()}
	c.mu.Lock()
	defer c.mu.Unlock()
	if before, ok := c.entries[key]; ok {
		c.drop(before)
	}
	if entry.size() > c.limit {
		return
	}
	c.entries[key] = c.order.PushFront(entry)
	for c.bytes += entry.size(); c.bytes > c.limit; {
		c.drop(c.order.Back())
	}
}

// drop is called with mu held.
func (c *cache) drop(element *list.Element) {
	entry, _ := c.order.Remove(element).(*cacheEntry)
	delete(c.entries, entry.key)
	c.bytes -= entry.size()
}
