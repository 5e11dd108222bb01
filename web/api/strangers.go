package api

import (
	"net/netip"
	"sync"
	"time"
)

const (
	// strangersPerMinute bounds the audit entries of people who are not known. With
	// entries of some hundred bytes that is less than 100 MB a day, however many
	// addresses try.
	strangersPerMinute = 100
	// maxLimited bounds how many addresses are remembered to be limited.
	maxLimited = 4096
)

// strangers decides which failures to sign in are written to the audit log, so
// that nobody can fill the disk with them:
//
//   - of one address that is answered 429, the first in each period for which it
//     is told to wait;
//   - of all together, strangersPerMinute in a minute.
//
// The next entry that is written says how many were left out.
type strangers struct {
	mu      sync.Mutex
	minute  time.Time
	written int
	leftOut int
	// limited says until when entries of an address are left out.
	limited map[string]time.Time
}

func newStrangers() *strangers { return &strangers{limited: make(map[string]time.Time)} }

// admit reports whether an entry may be written, and how many were left out since
// the last one was. limitedFor is how long the address was told to wait, 0 if it
// was not.
func (s *strangers) admit(now time.Time, address string, limitedFor time.Duration) (ok bool, leftOut int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if minute := now.Truncate(time.Minute); !minute.Equal(s.minute) {
		s.minute, s.written = minute, 0
	}
	if s.written >= strangersPerMinute || limitedFor > 0 && !s.first(now, address, limitedFor) {
		s.leftOut++
		return false, 0
	}
	s.written++
	leftOut, s.leftOut = s.leftOut, 0
	return true, leftOut
}

// first reports whether the address was not noted to be limited, and notes it.
func (s *strangers) first(now time.Time, address string, limitedFor time.Duration) bool {
	address = network(address)
	if now.Before(s.limited[address]) {
		return false
	}
	if len(s.limited) >= maxLimited {
		// The bound of each minute holds still.
		clear(s.limited)
	}
	s.limited[address] = now.Add(limitedFor)
	return true
}

// network returns what one customer has of addresses: an IPv4 address, or the /64
// of an IPv6 address.
func network(address string) string {
	parsed, err := netip.ParseAddr(address)
	if err != nil || parsed.Unmap().Is4() {
		return address
	}
	prefix, err := parsed.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
