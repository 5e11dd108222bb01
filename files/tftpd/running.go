package tftpd

import (
	"bytes"
	"context"
	"net"
	"net/netip"
	"time"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// running is a request that is being answered.
type running struct {
	packet []byte
	began  time.Time
	// end ends it, and says why.
	end      context.CancelCauseFunc
	transfer transfer
}

// arrived takes a packet that came to the listening socket.
func (s *Server) arrived(a arrival) {
	asked, err := parseRequest(a.packet)
	switch {
	case err != nil:
		s.metrics.served.WithLabelValues(resultMalformed).Inc()
		s.answer(a, errorPacket(codeIllegal, err.Error()))
	case asked.write:
		s.metrics.served.WithLabelValues(resultWrite).Inc()
		s.answer(a, errorPacket(codeAccess, "files cannot be written"))
	case asked.mode != "octet" && asked.mode != "netascii":
		s.metrics.served.WithLabelValues(resultMode).Inc()
		s.answer(a, errorPacket(codeIllegal, "mode must be octet or netascii"))
	default:
		s.begin(a, asked)
	}
}

// answer sends one packet back from the listening socket: what is refused without a
// look costs no socket of its own. It never answers an error, so that no two servers
// talk for ever.
func (s *Server) answer(a arrival, packet []byte) {
	if len(a.packet) >= 2 && a.packet[1] == operationError {
		return
	}
	s.mu.Lock()
	conn := s.conn
	s.mu.Unlock()
	_, _ = conn.WriteToUDPAddrPort(packet, a.peer)
}

// begin answers a request in a goroutine of its own, if there is place for it.
func (s *Server) begin(a arrival, asked request) {
	ctx, cancel := context.WithTimeoutCause(s.context, s.options.MaxTime, errTooLong)
	ctx, end := context.WithCancelCause(ctx)
	r := &running{packet: bytes.Clone(a.packet), began: s.options.Now(), end: end}
	if result := s.enter(a.peer, r); result != "" {
		cancel()
		s.metrics.served.WithLabelValues(result).Inc()
		return
	}
	a.packet = nil // Its bytes are the next arrival's.
	go func() {
		defer s.transfers.Done()
		defer cancel()
		defer s.leave(a.peer, r)
		s.metrics.inFlight.Inc()
		defer s.metrics.inFlight.Dec()
		s.serve(ctx, a, asked, r)
	}()
}

// enter notes a request among those that are being answered, or returns by which
// result it is counted instead. Of a phone that begins anew from the same port, the
// former request ends; but one that the phone repeated because the answer took long
// goes on.
func (s *Server) enter(peer netip.AddrPort, r *running) (refused string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return resultCut
	}
	before, ok := s.running[peer]
	if ok && before.repeatedBy(r) {
		return resultRepeated
	}
	if !ok && len(s.running) >= s.options.MaxTransfers || s.perAddress[peer.Addr()] >= s.options.MaxPerAddress {
		s.logCrowded(peer)
		return resultBusy
	}
	if ok {
		before.end(errReplaced)
	}
	s.running[peer] = r
	s.perAddress[peer.Addr()]++
	s.transfers.Add(1) // Before stop, which is followed by a wait.
	return ""
}

// repeatTime is how long after a request the same one may still be on its way.
const repeatTime = 3 * time.Second

// repeatedBy reports whether a request from the same port is only this one again.
func (r *running) repeatedBy(other *running) bool {
	return bytes.Equal(r.packet, other.packet) && (!r.transfer.heard.Load() || other.began.Sub(r.began) < repeatTime)
}

func (s *Server) leave(peer netip.AddrPort, r *running) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running[peer] == r {
		delete(s.running, peer)
	}
	if s.perAddress[peer.Addr()]--; s.perAddress[peer.Addr()] == 0 {
		delete(s.perAddress, peer.Addr())
	}
}

// crowdedInterval is how often it is logged that there are too many transfers.
const crowdedInterval = time.Minute

// logCrowded is called with mu held.
func (s *Server) logCrowded(peer netip.AddrPort) {
	now := s.options.Now()
	if now.Sub(s.crowded) < crowdedInterval {
		return
	}
	s.crowded = now
	s.logger.Warn("too many TFTP transfers at once: requests are not answered", logkeys.Address, peer.Addr().String(),
		logkeys.Count, len(s.running), logkeys.Limit, s.options.MaxTransfers)
}

// host returns the address that a phone spoke to, with the port if it is not the one
// of TFTP.
func host(conn net.Addr, local netip.Addr) string {
	if !local.IsValid() {
		return ""
	}
	port := uint16(wellKnownPort)
	if udp, ok := conn.(*net.UDPAddr); ok {
		port = udp.AddrPort().Port()
	}
	if port != wellKnownPort {
		return netip.AddrPortFrom(local.WithZone(""), port).String()
	}
	if local.Is6() {
		return "[" + local.WithZone("").String() + "]"
	}
	return local.String()
}

// wellKnownPort is that of TFTP.
const wellKnownPort = 69
