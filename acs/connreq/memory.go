package connreq

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"
)

// memory holds the wishes that wait for the end of a session, and hands them out when it has come.
type memory struct {
	due     chan string // wishes to perform now
	most    int
	keepFor time.Duration

	mu     sync.Mutex
	wishes map[string]wish // by device
	last   uint64
}

// wish is one remembering of a device; its number tells it from a later one.
type wish struct {
	number uint64
	since  time.Time
	// settled says that the device was found in a session: until then the wish may still be forgotten.
	settled bool
	// turn orders the wishes by when they were last looked at.
	turn uint64
}

func newMemory(most int, keepFor time.Duration) *memory {
	return &memory{
		due:     make(chan string, most),
		most:    most,
		keepFor: keepFor,
		wishes:  map[string]wish{},
	}
}

// remember keeps a wish. If there are too many it first drops those whose session's end was never told.
func (m *memory) remember(device string, now time.Time) (number uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, known := m.wishes[device]; !known && len(m.wishes) >= m.most {
		m.dropOld(now)
		if len(m.wishes) >= m.most {
			return 0, fmt.Errorf("%w: %d devices wait for the end of their session", ErrOverloaded, len(m.wishes))
		}
	}
	m.last++
	m.wishes[device] = wish{number: m.last, since: now, turn: m.last}
	return m.last, nil
}

func (m *memory) dropOld(now time.Time) {
	for device, w := range m.wishes {
		if now.Sub(w.since) > m.keepFor {
			delete(m.wishes, device)
		}
	}
}

// forget drops a wish unless the device was remembered anew meanwhile.
func (m *memory) forget(device string, number uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.wishes[device].number == number {
		delete(m.wishes, device)
	}
}

// settle notes that the wish waits for the end of a session.
func (m *memory) settle(device string, number uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if w, wished := m.wishes[device]; wished && w.number == number {
		w.settled = true
		m.wishes[device] = w
	}
}

// waiting returns up to limit devices that wait for the end of a session, those first that were not looked at for
// longest, and notes that they are now.
func (m *memory) waiting(limit int) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var devices []string
	for device, w := range m.wishes {
		if w.settled {
			devices = append(devices, device)
		}
	}
	slices.SortFunc(devices, func(a, b string) int { return cmp.Compare(m.wishes[a].turn, m.wishes[b].turn) })
	devices = devices[:min(limit, len(devices))]
	for _, device := range devices {
		m.last++
		w := m.wishes[device]
		w.turn = m.last
		m.wishes[device] = w
	}
	return devices
}

// drop forgets the wish of a device that is gone.
func (m *memory) drop(device string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.wishes, device)
}

// want puts a wish among those that are due, and reports whether there was room.
func (m *memory) want(device string) bool {
	select {
	case m.due <- device:
		return true
	default:
		return false
	}
}

// sessionEnded moves a wish to those that are due.
func (m *memory) sessionEnded(device string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, wished := m.wishes[device]; !wished {
		return
	}
	select {
	case m.due <- device:
		delete(m.wishes, device)
	default:
		// It stays remembered for the end of the device's next session, which runs its tasks anyway.
	}
}

func (m *memory) size() float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return float64(len(m.wishes) + len(m.due))
}

// recent knows when devices were last called, as long as that matters: two generations, the older of which is
// dropped when it has become irrelevant, or when too many devices are called in one interval.
type recent struct {
	interval time.Duration
	most     int
	began    time.Time
	current  map[string]time.Time
	previous map[string]time.Time
}

func newRecent(interval time.Duration, most int) *recent {
	return &recent{interval: interval, most: most, current: map[string]time.Time{}}
}

func (r *recent) note(device string, now time.Time) {
	if len(r.current) >= r.most || now.Sub(r.began) >= r.interval {
		r.previous, r.current, r.began = r.current, map[string]time.Time{}, now
	}
	r.current[device] = now
}

// remaining is the time until the device may be called again.
func (r *recent) remaining(device string, now time.Time) time.Duration {
	last, known := r.current[device]
	if !known {
		last, known = r.previous[device]
	}
	if !known {
		return 0
	}
	return last.Add(r.interval).Sub(now)
}
