package cpe

import (
	"math/bits"
	"sync/atomic"
	"time"
)

const (
	// subBits gives every power of two 32 buckets: quantiles are exact to 3%.
	subBits      = 5
	subBuckets   = 1 << subBits
	maxExponent  = 36
	histogramLen = (maxExponent - subBits + 1) * subBuckets
)

// histogram counts durations in buckets that grow with the value, in microseconds,
// up to 19 hours. The zero value is empty. Safe for concurrent use.
type histogram struct {
	buckets [histogramLen]atomic.Uint64
	count   atomic.Uint64
	sum     atomic.Int64
	max     atomic.Int64
}

func (h *histogram) record(d time.Duration) {
	d = max(d, 0)
	h.buckets[bucketOf(uint64(d/time.Microsecond))].Add(1)
	h.count.Add(1)
	h.sum.Add(int64(d))
	for {
		highest := h.max.Load()
		if int64(d) <= highest || h.max.CompareAndSwap(highest, int64(d)) {
			return
		}
	}
}

// bucketOf gives values below subBuckets a bucket each, others one of the
// subBuckets of their power of two.
func bucketOf(us uint64) int {
	if us < subBuckets {
		return int(us)
	}
	exponent := bits.Len64(us) - 1
	if exponent >= maxExponent {
		return histogramLen - 1
	}
	sub := int(us>>(exponent-subBits)) - subBuckets
	return (exponent-subBits+1)*subBuckets + sub
}

// upperBound is the highest value that falls into a bucket.
func upperBound(bucket int) time.Duration {
	if bucket < subBuckets {
		return time.Duration(bucket) * time.Microsecond
	}
	shift := bucket/subBuckets - 1
	low := uint64(subBuckets+bucket%subBuckets) << shift
	return time.Duration(low+1<<shift-1) * time.Microsecond
}

// quantile returns the duration that a share q of all does not exceed.
func (h *histogram) quantile(q float64) time.Duration {
	rank := uint64(q*float64(h.count.Load()) + 0.5)
	highest := time.Duration(h.max.Load())
	var seen uint64
	for i := range h.buckets {
		seen += h.buckets[i].Load()
		if seen >= max(rank, 1) {
			return min(upperBound(i), highest)
		}
	}
	return highest
}

// latency sums the histogram up.
func (h *histogram) latency() Latency {
	n := h.count.Load()
	if n == 0 {
		return Latency{}
	}
	ms := func(d time.Duration) float64 { return float64(d.Round(time.Microsecond)) / float64(time.Millisecond) }
	return Latency{
		Count: n,
		Mean:  ms(time.Duration(h.sum.Load() / int64(n))),
		P50:   ms(h.quantile(0.50)), P90: ms(h.quantile(0.90)), P99: ms(h.quantile(0.99)),
		Max: ms(time.Duration(h.max.Load())),
	}
}
