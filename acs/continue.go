package acs

import (
	"errors"
	"net/http"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// continues reports whether a request that found a session may be one of it. Else it
// answers it: the session goes on, as it is not its device that asked.
func (s *Server) continues(w http.ResponseWriter, r *http.Request, of *Session) bool {
	s.noteMove(r, of)
	if s.options.Authenticator == nil {
		return true
	}
	ok, err := s.options.Authenticator.Continues(r, of.Account, of.Device.ID)
	if err != nil {
		s.logger.ErrorContext(r.Context(), "cannot authenticate", logkeys.Address, s.options.ClientAddress(r), logkeys.Error, err)
		s.overloaded(w)
		return false
	}
	if ok {
		return true
	}
	s.metrics.reject("unauthorized")
	address := s.options.ClientAddress(r).String()
	s.engine.identification.alarms.raise(r.Context(), of.Device.ID, device.AlarmIdentityClash,
		"from "+address+": a request of an open session had the credentials or the certificate of somebody else")
	methods, _ := s.options.Rules().Offer(Account{Listener: listenerOf(r), Secure: of.Account.Secure})
	s.options.Authenticator.Challenge(w, methods, false)
	answerStatus(w, http.StatusUnauthorized)
	return false
}

// noteMove counts a session whose requests come from elsewhere than its Inform: that
// is no fault, as addresses change behind NAT.
func (s *Server) noteMove(r *http.Request, of *Session) {
	if of.Moved || s.options.ClientAddress(r).String() == of.Address {
		return
	}
	of.Moved = true
	s.metrics.moved.Inc()
}

// challenged answers an Inform whose device has to show credentials first, and lets
// go of the session, which has not begun.
func (s *Server) challenged(w http.ResponseWriter, l *live, err error) bool {
	var challenge *challengeError
	if !errors.As(err, &challenge) {
		return false
	}
	s.drop(l)
	s.metrics.reject("unauthorized")
	s.options.Authenticator.Challenge(w, challenge.methods, l.s.Account.Stale)
	answerStatus(w, http.StatusUnauthorized)
	return true
}
