package acs

import "sync"

// recentIDs remembers the ids of the last sessions that ended here, so that what
// a device still sends by the cookie of one is not looked for elsewhere.
type recentIDs struct {
	mu    sync.Mutex
	known map[string]struct{}
	ring  []string
	next  int
}

// maxRecentIDs bounds the ids remembered.
const maxRecentIDs = 8192

func newRecentIDs() *recentIDs {
	return &recentIDs{known: make(map[string]struct{}), ring: make([]string, 0, maxRecentIDs)}
}

func (r *recentIDs) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.ring) < maxRecentIDs {
		r.ring = append(r.ring, id)
	} else {
		delete(r.known, r.ring[r.next])
		r.ring[r.next] = id
		r.next = (r.next + 1) % maxRecentIDs
	}
	r.known[id] = struct{}{}
}

func (r *recentIDs) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.known[id]
	return known
}
