package connreq

import (
	"context"
	"net/netip"
	"sync"
)

// limits bounds how many requests are under way, in all and to one address: devices of one site may share an
// address, and a slow or hostile address must not take all the places.
type limits struct {
	all        chan struct{}
	perAddress int

	mu        sync.Mutex
	addresses map[netip.Addr]*place
}

// place counts those who hold or wait for a place at an address; the last one to leave removes it.
type place struct {
	slots chan struct{}
	users int
}

func newLimits(all, perAddress int) *limits {
	return &limits{
		all:        make(chan struct{}, all),
		perAddress: perAddress,
		addresses:  map[netip.Addr]*place{},
	}
}

// acquire waits for a place at the address first, so that who waits for a crowded address does not keep others
// from theirs. The returned function gives the place back.
func (l *limits) acquire(ctx context.Context, address netip.Addr) (release func(), err error) {
	p := l.enter(address)
	select {
	case p.slots <- struct{}{}:
	case <-ctx.Done():
		l.leave(address, p)
		return nil, ctx.Err()
	}
	select {
	case l.all <- struct{}{}:
	case <-ctx.Done():
		<-p.slots
		l.leave(address, p)
		return nil, ctx.Err()
	}
	return func() {
		<-l.all
		<-p.slots
		l.leave(address, p)
	}, nil
}

func (l *limits) enter(address netip.Addr) *place {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.addresses[address]
	if p == nil {
		p = &place{slots: make(chan struct{}, l.perAddress)}
		l.addresses[address] = p
	}
	p.users++
	return p
}

func (l *limits) leave(address netip.Addr, p *place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.users--; p.users == 0 {
		delete(l.addresses, address)
	}
}
