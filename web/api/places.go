package api

import (
	"fmt"
	"sync"
)

// places bounds what goes on at once, in all and of each caller, so that one caller
// cannot take what all share. It is safe for concurrent use.
type places struct {
	// what is in the problem of who finds none, such as "exports".
	what      string
	all, each int

	mu    sync.Mutex
	taken map[string]int
	count int
}

func newPlaces(what string, all, each int) *places {
	return &places{what: what, all: all, each: each, taken: make(map[string]int)}
}

// take gives the caller a place until free is called, once, or returns the problem of
// there being none.
func (p *places) take(caller string) (free func(), err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.taken[caller] >= p.each:
		return nil, kindLimit.problem(fmt.Sprintf("the one who asks has as many %s under way as a caller may: %d", p.what, p.each))
	case p.count >= p.all:
		return nil, kindLimit.problem(fmt.Sprintf("as many %s are under way at this node as may: %d", p.what, p.all))
	}
	p.taken[caller]++
	p.count++
	return func() { p.free(caller) }, nil
}

func (p *places) free(caller string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.count--
	if p.taken[caller]--; p.taken[caller] == 0 {
		delete(p.taken, caller)
	}
}
