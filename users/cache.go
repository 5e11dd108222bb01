package users

import (
	"sync"
	"time"
)

const (
	// cacheTTL is how long a token is believed without asking the store: long
	// enough to spare a busy client's reads, short enough that a token deleted
	// by another process is void almost at once.
	cacheTTL = 2 * time.Second
	// cacheSize bounds the tokens kept.
	cacheSize = 256
)

// tokenCache keeps tokens that were just read, by their hash.
type tokenCache struct {
	mu      sync.Mutex
	entries map[string]cachedToken
	deleted uint64
}

type cachedToken struct {
	token Token
	until time.Time
}

func newTokenCache() *tokenCache { return &tokenCache{entries: make(map[string]cachedToken)} }

func (c *tokenCache) get(hash string, now time.Time) (Token, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.entries[hash]
	if !ok || !now.Before(e.until) {
		return Token{}, false
	}
	return e.token, true
}

// generation is taken before a token is read and given to put.
func (c *tokenCache) generation() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.deleted
}

// put keeps a token, unless one was deleted since generation was taken: it may
// have been this one.
func (c *tokenCache) put(hash string, t Token, now time.Time, generation uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.deleted != generation {
		return
	}
	if len(c.entries) >= cacheSize {
		// Entries live two seconds: throwing all away costs a read each.
		clear(c.entries)
	}
	c.entries[hash] = cachedToken{token: t, until: now.Add(cacheTTL)}
}

func (c *tokenCache) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deleted++
	for hash, e := range c.entries {
		if e.token.ID == id {
			delete(c.entries, hash)
		}
	}
}
