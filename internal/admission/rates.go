package admission

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates bounds how often each of many may come: a bucket of tokens for each. It
// remembers no more of them than its limit.
type Rates[K comparable] struct {
	perSecond rate.Limit
	burst     int
	limit     int

	mu      sync.Mutex
	buckets map[K]*rate.Limiter
}

// NewRates returns Rates by which each may come so often a second, and burst times
// at once; it remembers limit of them.
func NewRates[K comparable](perSecond float64, burst, limit int) *Rates[K] {
	return &Rates[K]{perSecond: rate.Limit(perSecond), burst: max(burst, 1), limit: max(limit, 1), buckets: make(map[K]*rate.Limiter)}
}

// Allow reports whether this one may come now, and counts it if so.
func (r *Rates[K]) Allow(key K, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	bucket := r.buckets[key]
	if bucket == nil {
		if len(r.buckets) >= r.limit {
			r.evict(now)
		}
		bucket = rate.NewLimiter(r.perSecond, r.burst)
		r.buckets[key] = bucket
	}
	return bucket.AllowN(now, 1)
}

// Known returns how many are remembered.
func (r *Rates[K]) Known() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.buckets)
}

// evictSample is how many are looked at to find whom to forget.
const evictSample = 32

// evict forgets those of a sample whose bucket is full again, which is as if they
// had never come; if there is none, the one that came least. The order of a map is
// random, so that nobody can choose who is forgotten.
func (r *Rates[K]) evict(now time.Time) {
	var fullest K
	most, seen, evicted := -1.0, 0, false
	for key, bucket := range r.buckets {
		tokens := bucket.TokensAt(now)
		if tokens >= float64(r.burst) {
			delete(r.buckets, key)
			evicted = true
		} else if tokens > most {
			fullest, most = key, tokens
		}
		if seen++; seen == evictSample {
			break
		}
	}
	if !evicted {
		delete(r.buckets, fullest)
	}
}

// AddressKey returns what counts as one address: an IPv4 address, or the /64 of an
// IPv6 address, of which one subscriber has all. It is the zero Prefix for an
// address that is not valid.
func AddressKey(address netip.Addr) netip.Prefix {
	address = address.Unmap()
	bits := 32
	if address.Is6() {
		bits = 64
	}
	prefix, err := address.WithZone("").Prefix(bits)
	if err != nil {
		return netip.Prefix{}
	}
	return prefix
}
