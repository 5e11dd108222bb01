package acs

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// live is a session that this process holds.
type live struct {
	// mu is held while a request of the session is worked on: a device that
	// pipelines gets its answers in order (TR-069 3.4.6).
	mu sync.Mutex
	s  *Session
	// gone says that the session was dropped; whoever waited for mu finds it. put
	// says that it is in the store now.
	gone bool
	put  bool
	// wanted says that another node wants the session.
	wanted atomic.Bool

	// All below is guarded by registry.mu.
	id           string
	device       device.ID
	generation   int64
	lastActivity time.Time
	// timeout is Session.Timeout.
	timeout time.Duration
	busy    int
	// cookies says that the device returned its cookie once: its connection
	// alone does not find the session any more, as a proxy may share that among
	// devices.
	cookies bool
}

// registry holds the sessions of this process, by cookie and by device.
type registry struct {
	mu       sync.Mutex
	byID     map[string]*live
	byDevice map[device.ID]*live
	limit    int
}

func newRegistry(limit int) *registry {
	return &registry{byID: make(map[string]*live), byDevice: make(map[device.ID]*live), limit: limit}
}

// find returns the session of that id and marks it busy, nil if there is none.
// cookie says that the device named it; else it was its connection.
func (r *registry) find(id string, cookie bool, now time.Time) *live {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.byID[id]
	if l == nil || l.cookies && !cookie {
		return nil
	}
	l.cookies = cookie
	l.busy++
	l.lastActivity = now
	return l
}

// add takes a new session in, marked busy; it returns nil at the limit.
func (r *registry) add(s *Session, now time.Time) *live {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.byID) >= r.limit {
		return nil
	}
	l := &live{s: s, id: s.ID, lastActivity: now, busy: 1}
	r.byID[s.ID] = l
	return l
}

// adopt takes a session in that another node had, marked busy; it returns nil at
// the limit. superseded says that a newer session of its device is here.
func (r *registry) adopt(s *Session, cookie bool, now time.Time) (l *live, superseded bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	generation := s.Device.Session.Generation
	older := r.byDevice[s.Device.ID]
	if older != nil && older.generation > generation {
		return nil, true
	}
	if len(r.byID) >= r.limit {
		return nil, false
	}
	if older != nil {
		delete(r.byID, older.id)
	}
	l = &live{s: s, id: s.ID, device: s.Device.ID, generation: generation, lastActivity: now, timeout: s.Timeout, busy: 1, cookies: cookie || s.CookieReturned}
	r.byID[s.ID], r.byDevice[l.device] = l, l
	return l, false
}

// returnsCookies reports whether the device returned the session's cookie once.
func (r *registry) returnsCookies(l *live) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return l.cookies
}

// get returns the session of that id, nil if there is none.
func (r *registry) get(id string) *live {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[id]
}

// release ends the use of a session that find or add marked busy.
func (r *registry) release(l *live, now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.busy--
	l.lastActivity = now
}

// bind notes which device a session belongs to, and takes out the older session
// of the same device, if any: it is found no more, and a request of it that is
// under way sees that it is not held. It reports whether one was taken out that
// no request is under way of.
func (r *registry) bind(id string, of device.ID, generation int64, timeout time.Duration) (tookIdle bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.byID[id]
	if l == nil {
		return false
	}
	if older := r.byDevice[of]; older != nil && older != l {
		delete(r.byID, older.id)
		tookIdle = older.busy == 0
	}
	r.byDevice[of], l.device, l.generation, l.timeout = l, of, generation, timeout
	return tookIdle
}

// holds reports whether the session has not been taken out.
func (r *registry) holds(l *live) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.byID[l.id] == l
}

// remove takes a session out.
func (r *registry) remove(l *live) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.byID, l.id)
	if r.byDevice[l.device] == l {
		delete(r.byDevice, l.device)
	}
}

// idle returns the sessions that nobody uses and that were last used longer before
// now than the given time, or than what their device asked for.
func (r *registry) idle(now time.Time, timeout time.Duration) []*live {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*live
	for _, l := range r.byID {
		if l.busy == 0 && l.lastActivity.Before(now.Add(-max(timeout, l.timeout))) {
			found = append(found, l)
		}
	}
	return found
}

// unused returns the sessions that nobody uses.
func (r *registry) unused() []*live {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*live
	for _, l := range r.byID {
		if l.busy == 0 {
			found = append(found, l)
		}
	}
	return found
}

// full reports whether no more sessions may be open.
func (r *registry) full() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.byID) >= r.limit
}

func (r *registry) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.byID)
}
