package acs

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// answer writes what the engine decided, and lets go of the session if that is
// its end.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, l *live, out *cwmp.Envelope, err error) {
	if s.transform != nil {
		l.s = s.transform(l.s)
	}
	s.noteAnswer(w, l.s, out)
	var body []byte
	if err == nil && out != nil {
		body, err = cwmp.Encode(out)
	}
	if err != nil {
		s.fail(w, r, l, err)
		return
	}
	switch {
	case out == nil || l.s.Phase == PhaseNew:
		s.drop(l)
	case l.wanted.Load() || s.carry.roams() && s.carry.others() > 0:
		// Before the device has the answer, as its next request may go elsewhere.
		s.putAway(r.Context(), l)
	}
	if out != nil && l.s.Phase != PhaseNew && s.options.behaviour(&l.s.Device).CookieAlways {
		setSessionCookie(w, l.s.ID)
	}
	if out == nil {
		answerStatus(w, http.StatusNoContent)
		return
	}
	answerEnvelope(w, body)
}

// answerEnvelope writes an encoded envelope: any CWMP payload is a 200, faults
// too, with its length, as simple devices read no chunks.
func answerEnvelope(w http.ResponseWriter, body []byte) {
	header := w.Header()
	header["Content-Type"] = []string{`text/xml; charset="utf-8"`}
	header["Content-Length"] = []string{strconv.Itoa(len(body))}
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // A device that is gone is noticed by its silence.
}

// fail answers for a server that could not do its part: the device comes again.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, l *live, err error) {
	s.logger.ErrorContext(r.Context(), "session failed", logkeys.Session, sessionName(l.s.ID), logkeys.Device, l.s.Device.ID, logkeys.Error, err)
	// What the request began may be half done; its context may be over.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), failTimeout)
	defer cancel()
	s.engine.abandon(ctx, l.s, Broken)
	s.drop(l)
	s.overloaded(w)
}

// failTimeout bounds the clean-up after a failed request.
const failTimeout = 5 * time.Second

func (s *Server) overloaded(w http.ResponseWriter) {
	w.Header().Set("Retry-After", s.doorman.retryAfter())
	answerStatus(w, http.StatusServiceUnavailable)
}

func (s *Server) mustUnderstand(w http.ResponseWriter, wrong *cwmp.DecodeError, namespace string) {
	if wrong.Namespace != "" {
		namespace = wrong.Namespace
	}
	body, err := cwmp.Encode(&cwmp.Envelope{ID: wrong.ID, HasID: wrong.HasID, Namespace: namespace, Message: cwmp.MustUnderstandFault(wrong.Element)})
	if err != nil {
		answerStatus(w, http.StatusBadRequest)
		return
	}
	answerEnvelope(w, body)
}

func (s *Server) rejectBody(w http.ResponseWriter, r *http.Request, err error) {
	status, reason := http.StatusBadRequest, "broken"
	switch {
	case errors.Is(err, errMemory):
		w.Header().Set("Connection", "close") // The rest of the body is not waited for.
		s.turnAway(w, r, "memory")
		return
	case errors.Is(err, errTooLarge):
		status, reason = http.StatusRequestEntityTooLarge, "tooLarge"
		w.Header().Set("Connection", "close")
	case errors.Is(err, errInflated):
		status, reason = http.StatusRequestEntityTooLarge, "inflated"
		w.Header().Set("Connection", "close")
	case errors.Is(err, errSlow):
		status, reason = http.StatusRequestTimeout, "slow"
		w.Header().Set("Connection", "close")
	case errors.Is(err, errEncoding):
		status, reason = http.StatusUnsupportedMediaType, "encoding"
	}
	s.metrics.reject(reason)
	answerStatus(w, status)
}

// answerStatus answers without a body; 204 carries no length either.
func answerStatus(w http.ResponseWriter, status int) {
	if status != http.StatusNoContent {
		w.Header().Set("Content-Length", "0")
	}
	w.WriteHeader(status)
}
