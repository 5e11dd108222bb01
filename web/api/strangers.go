package api

import (
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const (
	// strangersPerMinute bounds the audit entries of people who are not known. With
	// entries of some hundred bytes that is less than 100 MB a day, however many
	// addresses try. It bounds as well what those of one network ask for (ask).
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
	// asked counts the calls of each network in a minute, askedMinute.
	askedMinute time.Time
	asked       map[string]int
}

func newStrangers() *strangers {
	return &strangers{limited: make(map[string]time.Time), asked: make(map[string]int)}
}

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
	address = users.Network(address)
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

// ask returns how long a stranger of that address has to wait before another call
// that makes the server work for whoever calls; 0 if they need not, and then it
// counts: strangersPerMinute of one network in a minute.
func (s *strangers) ask(now time.Time, address string) (wait time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	minute := now.Truncate(time.Minute)
	if !minute.Equal(s.askedMinute) || len(s.asked) >= maxLimited {
		// Who has so many networks that they are forgotten early needs no more.
		s.askedMinute = minute
		clear(s.asked)
	}
	address = users.Network(address)
	if s.asked[address] >= strangersPerMinute {
		return minute.Add(time.Minute).Sub(now)
	}
	s.asked[address]++
	return 0
}
