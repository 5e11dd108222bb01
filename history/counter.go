package history

import (
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// other is the name for counts whose own name has no room.
	other = "other"
	// maxDetails is how many names of details a span may have. The rest of
	// MaxValues is kept free for the totals, which must not be crowded out.
	maxDetails = MaxValues - 20
	// maxSpans is how many spans wait for the store, an hour; the oldest is given up
	// for a new one.
	maxSpans = 12
	// maxNamePart bounds one part of a name in bytes.
	maxNamePart = 40
)

// counter counts by name in spans that no store has yet. It is safe for concurrent
// use.
type counter struct {
	mu    sync.Mutex
	spans map[time.Time]map[string]int64
}

func newCounter() *counter { return &counter{spans: make(map[time.Time]map[string]int64)} }

// add counts one of each name in the span of a time, and returns how many spans it
// gave up for it.
func (c *counter) add(at time.Time, names ...string) (givenUp int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	span := c.span(at.UTC().Truncate(Span))
	for _, name := range names {
		increase(span, name, 1)
	}
	return c.trim()
}

// take returns what was counted, the oldest span first, and forgets it.
func (c *counter) take() []Counts {
	c.mu.Lock()
	defer c.mu.Unlock()
	var all []Counts
	for at, values := range c.spans {
		all = append(all, Counts{At: at, Values: values})
	}
	clear(c.spans)
	slices.SortFunc(all, func(a, b Counts) int { return a.At.Compare(b.At) })
	return all
}

// giveBack adds what take returned to what was counted since, and returns how many
// spans it gave up for it.
func (c *counter) giveBack(counts Counts) (givenUp int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	span := c.span(counts.At)
	for name, n := range counts.Values {
		increase(span, name, n)
	}
	return c.trim()
}

func (c *counter) span(at time.Time) map[string]int64 {
	if c.spans[at] == nil {
		c.spans[at] = make(map[string]int64)
	}
	return c.spans[at]
}

func (c *counter) trim() (givenUp int) {
	for len(c.spans) > maxSpans {
		var oldest time.Time
		for at := range c.spans {
			if oldest.IsZero() || at.Before(oldest) {
				oldest = at
			}
		}
		delete(c.spans, oldest)
		givenUp++
	}
	return givenUp
}

// increase adds to a name, or to other if there is no room for one more name.
func increase(values map[string]int64, name string, n int64) {
	room := maxDetails
	if isTotal(name) {
		room = MaxValues - 1 // The last one is for other.
	}
	if _, known := values[name]; !known && len(values) >= room {
		name = other
	}
	values[name] += n
}

// isTotal reports whether a name sums up details.
func isTotal(name string) bool {
	return strings.Count(name, ".") == 1 && !strings.HasPrefix(name, "faults.")
}

// namePart returns text as one part of a name, which holds letters and digits.
func namePart(text string) string {
	odd := func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') }
	if text == "" || len(text) > maxNamePart || strings.ContainsFunc(text, odd) {
		return other
	}
	return text
}
