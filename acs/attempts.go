package acs

import (
	"net/netip"
	"sync"
	"time"
)

// attempts holds back who tries passwords. From one address so many may be wrong a
// minute, and for one user name so many from wherever; beyond that credentials are
// refused unlooked-at until some time has passed. Who has proven a user name from an
// address is never held back there: neither a stranger who tries its name nor a
// misconfigured neighbour behind the same address locks a device out.
type attempts struct {
	now func() time.Time

	mu        sync.Mutex
	addresses map[netip.Addr]allowance
	names     map[string]allowance
	proven    *recollection[provenAt, struct{}]
}

type provenAt struct {
	username string
	address  netip.Addr
}

// allowance is how many more may be wrong, as of a time; it grows again with time.
type allowance struct {
	left float64
	at   time.Time
}

const (
	// wrongFromAddress and wrongForName are how many attempts a minute may be wrong.
	wrongFromAddress = 20
	wrongForName     = 50
	// maxAttempts bounds the addresses, and the names, that are remembered.
	maxAttempts = 50_000
	// maxProven bounds whom provenFor remembers.
	maxProven = 200_000
	provenFor = 24 * time.Hour
)

func newAttempts(now func() time.Time) *attempts {
	return &attempts{
		now: now, addresses: make(map[netip.Addr]allowance), names: make(map[string]allowance),
		proven: newRecollection[provenAt, struct{}](maxProven, provenFor, now),
	}
}

// heldBack reports whether credentials are not even looked at.
func (a *attempts) heldBack(username string, from netip.Addr) bool {
	from = attemptAddress(from)
	if _, ok := a.proven.of(provenAt{username, from}); ok {
		return false
	}
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	return left(a.addresses, from, wrongFromAddress, now) < 1 || left(a.names, username, wrongForName, now) < 1
}

// failed notes that credentials were wrong.
func (a *attempts) failed(username string, from netip.Addr) {
	from = attemptAddress(from)
	now := a.now()
	a.mu.Lock()
	defer a.mu.Unlock()
	spend(a.addresses, from, wrongFromAddress, now)
	spend(a.names, username, wrongForName, now)
}

// succeeded notes that a user name was proven.
func (a *attempts) succeeded(username string, from netip.Addr) {
	a.proven.change(provenAt{username, attemptAddress(from)}, func(struct{}) struct{} { return struct{}{} })
}

// left returns how many more may be wrong of so many a minute.
func left[K comparable](of map[K]allowance, key K, perMinute float64, now time.Time) float64 {
	known, ok := of[key]
	if !ok {
		return perMinute
	}
	return min(perMinute, known.left+now.Sub(known.at).Minutes()*perMinute)
}

func spend[K comparable](of map[K]allowance, key K, perMinute float64, now time.Time) {
	remaining := max(0, left(of, key, perMinute, now)-1)
	if _, known := of[key]; !known && len(of) >= maxAttempts {
		clear(of)
	}
	of[key] = allowance{remaining, now}
}

// attemptAddress is what counts as one address: of IPv6 the /64 that one customer
// has.
func attemptAddress(address netip.Addr) netip.Addr {
	address = address.Unmap().WithZone("")
	if !address.Is6() {
		return address
	}
	prefix, err := address.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.Addr()
}
