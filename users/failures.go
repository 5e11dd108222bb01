package users

import (
	"slices"
	"time"
)

// failures keeps when something failed, by a key; no more than limit of each that
// are not yet attemptWindow old. It is not safe for concurrent use.
type failures struct {
	limit int
	// times are in milliseconds since 1970, in the order in which they came.
	times map[string][]int64
}

func newFailures(limit int) *failures {
	return &failures{limit: limit, times: make(map[string][]int64)}
}

// wait returns how long it is until the key has fewer failures than the limit; 0 if
// it has.
func (f *failures) wait(key string, now time.Time) time.Duration {
	times := recent(f.times[key], now)
	if len(times) < f.limit {
		return 0
	}
	return time.UnixMilli(times[len(times)-f.limit]).Add(attemptWindow).Sub(now)
}

func (f *failures) add(key string, now time.Time) {
	if _, known := f.times[key]; !known && len(f.times) >= attemptsRemembered {
		f.makeRoom(now)
	}
	f.times[key] = append(recent(f.times[key], now), now.UnixMilli())
}

func (f *failures) remove(key string, at time.Time) {
	times := f.times[key]
	if i := slices.Index(times, at.UnixMilli()); i >= 0 {
		times = slices.Delete(times, i, i+1)
	}
	if len(times) == 0 {
		delete(f.times, key)
		return
	}
	f.times[key] = times
}

// forgive removes what failed before a time.
func (f *failures) forgive(key string, before time.Time) {
	times, since := f.times[key], before.UnixMilli()
	first := slices.IndexFunc(times, func(at int64) bool { return at >= since })
	switch first {
	case 0:
	case -1:
		delete(f.times, key)
	default:
		f.times[key] = times[first:]
	}
}

func (f *failures) clear(key string) { delete(f.times, key) }

// makeRoom drops what is old, or else the key with the fewest failures, of those
// the one whose last is the oldest.
func (f *failures) makeRoom(now time.Time) {
	var victim string
	var fewest int
	var oldest int64
	for key, times := range f.times {
		last := times[len(times)-1]
		count := len(recent(times, now))
		if count == 0 {
			delete(f.times, key)
			continue
		}
		if fewest == 0 || count < fewest || count == fewest && last < oldest {
			victim, fewest, oldest = key, count, last
		}
	}
	if len(f.times) >= attemptsRemembered {
		delete(f.times, victim)
	}
}

// recent returns the times that count still.
func recent(times []int64, now time.Time) []int64 {
	first := now.Add(-attemptWindow).UnixMilli()
	i := 0
	for i < len(times) && times[i] <= first {
		i++
	}
	return times[i:]
}
