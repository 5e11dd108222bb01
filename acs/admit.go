package acs

import (
	"context"
	"errors"
	"hash/maphash"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"strconv"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/admission"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// maxCounted bounds how many addresses, and how many devices, are remembered for
// how often they come.
const maxCounted = 65_536

// doorman turns requests away before work is spent on them.
type doorman struct {
	load      Load
	address   func(*http.Request) netip.Addr
	addresses *admission.Rates[netip.Prefix]
	devices   *admission.Rates[uint64]
	seed      maphash.Seed
	gate      *admission.Gate
	now       func() time.Time
	// turned keeps a crowd from flooding the log; each is counted.
	turned rate.Sometimes
}

func newDoorman(o Options) *doorman {
	return &doorman{
		load: o.Load, address: o.ClientAddress, gate: o.Load.gate(), now: o.Now, seed: maphash.MakeSeed(),
		addresses: admission.NewRates[netip.Prefix](o.Load.AddressRate, o.Load.AddressBurst, maxCounted),
		devices:   admission.NewRates[uint64](float64(o.Load.DeviceRate)/60, o.Load.DeviceRate, maxCounted),
		turned:    rate.Sometimes{First: 10, Interval: 10 * time.Second},
	}
}

// mayAsk reports whether the request's address may come so often.
func (d *doorman) mayAsk(r *http.Request) bool {
	if d.load.AddressRate <= 0 {
		return true
	}
	address := d.address(r)
	return d.load.Exempt(address) || d.addresses.Allow(admission.AddressKey(address), d.now())
}

// mayBegin reports whether the device may begin sessions so often. The address is
// part of who it is, so that nobody elsewhere can use up its sessions in its name;
// and sessions that answer a connection request are counted apart, so that a
// device which comes too often by itself can still be called.
func (d *doorman) mayBegin(r *http.Request, account Account, in *cwmp.Inform) bool {
	if d.load.DeviceRate <= 0 {
		return true
	}
	address := d.address(r)
	if d.load.Exempt(address) {
		return true
	}
	called := false
	for _, event := range in.Events {
		called = called || event.Is(cwmp.EventConnectionRequest)
	}
	return d.devices.Allow(maphash.Comparable(d.seed, struct {
		username, oui, productClass, serialNumber string
		address                                   netip.Prefix
		called                                    bool
	}{account.Username, in.DeviceID.OUI, in.DeviceID.ProductClass, in.DeviceID.SerialNumber, admission.AddressKey(address), called}), d.now())
}

// retryAfter returns what a device is told to wait when it is sent away, in
// seconds.
func (d *doorman) retryAfter() string {
	least := d.load.RetryAfter
	wait := least + time.Duration(rand.Int64N(int64(2*least)+1))
	return strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
}

// admit answers a request that is turned away unread; it reports whether it is not.
func (s *Server) admit(w http.ResponseWriter, r *http.Request) bool {
	if len(r.TransferEncoding) > 0 && r.Header.Get("X-Forwarded-For") != "" {
		// There may have been a length beside the chunks, which net/http drops: what
		// comes behind them could be the rest of this body for the proxy, and must not
		// be a request for us (RFC 9112, 6.3).
		w.Header().Set("Connection", "close")
	}
	fields := 0
	for _, values := range r.Header {
		fields += len(values)
	}
	switch {
	case fields > s.options.Load.MaxHeaders:
		s.metrics.reject("headers")
		answerStatus(w, http.StatusRequestHeaderFieldsTooLarge)
	case !s.doorman.mayAsk(r):
		s.turnAway(w, r, "addressRate")
	case s.doorman.gate.Crowded() && !s.seemsBegun(r):
		s.turnAway(w, r, "crowded")
	default:
		return true
	}
	return false
}

// seemsBegun reports whether a request may belong to a session that has begun.
func (s *Server) seemsBegun(r *http.Request) bool {
	if c, ok := r.Context().Value(connectionKey{}).(*connection); ok && c.session.Load() != nil {
		return true
	}
	for _, id := range sessionCookies(r) {
		if s.ids.genuine(id) {
			return true
		}
	}
	return false
}

// enter waits until a request may be worked on; ok is false after it was turned
// away. Then leave must be called.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, class admission.Class) (leave func(), ok bool) {
	err := s.doorman.gate.Enter(r.Context(), class)
	switch {
	case err == nil:
		return s.doorman.gate.Leave, true
	case errors.Is(err, admission.ErrWaited):
		s.turnAway(w, r, "waited")
	case errors.Is(err, context.Canceled):
		s.turnAway(w, r, "gone") // Nobody reads the answer.
	default:
		s.turnAway(w, r, "crowded")
	}
	return nil, false
}

// turnAway tells a device to come later.
func (s *Server) turnAway(w http.ResponseWriter, r *http.Request, reason string) {
	s.metrics.reject(reason)
	s.doorman.turned.Do(func() {
		s.logger.WarnContext(r.Context(), "request turned away; not every one is logged, dialtone_cwmp_rejected_total counts all",
			logkeys.Address, s.options.ClientAddress(r), logkeys.Reason, reason)
	})
	s.overloaded(w)
}
