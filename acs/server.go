package acs

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/admission"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Server answers CWMP over HTTP (TR-069 3.4). It is an http.Handler; give
// ConnContext to the http.Server, so that devices without cookies keep their
// session by their connection.
type Server struct {
	options  Options
	engine   *engine
	sessions *registry
	carry    *carry
	ids      sessionIDs
	ended    *recentIDs
	metrics  *metrics
	doorman  *doorman
	bodies   *bodies
	logger   *slog.Logger
	// connections counts the connections so far.
	connections atomic.Uint64
	// transform is applied to a session after every request: tests encode and
	// decode it there.
	transform func(*Session) *Session
}

// New returns a server. Run looks after its sessions.
func New(o Options) (*Server, error) {
	o = o.withDefaults()
	sessions := newRegistry(o.MaxSessions)
	m, err := newMetrics(o.Metrics, func() float64 { return float64(sessions.count()) })
	if err != nil {
		return nil, err
	}
	t := &tree{store: o.Parameters, keeper: o.Keeper, logger: o.Logger, full: rate.Sometimes{First: 10, Interval: 10 * time.Second}}
	raised := newAlarms(o.Sessions, o.Now, o.Logger)
	e := &engine{
		options: o, devices: o.Devices, sessions: o.Sessions, tree: t,
		evidence:       &evidence{queue: o.Queue, files: o.Files, behaviour: o.behaviour, logger: o.Logger},
		onboarding:     &onboarding{options: o.Onboarding, tasks: o.Queue, sessions: o.Sessions, behaviour: o.behaviour},
		identification: newIdentification(o, raised), rotation: newRotation(o, raised),
		observer: o.Observer, metrics: m, logger: o.Logger, now: o.Now,
		refusals: rate.Sometimes{First: 10, Interval: time.Second},
	}
	limits := newModelLimits(o.Models)
	e.sources = []source{&taskSource{
		queue: o.Queue, sessions: o.Sessions, tree: t, limits: limits, files: o.Files, fileTypes: o.FileTypes, keeper: o.Keeper,
		indexed: o.IndexedParameters, behaviour: o.behaviour, optional: optionalKinds(), now: o.Now, longest: o.MaxSession + o.MaxSessionTimeout, logger: o.Logger,
	}}
	if o.Planner != nil {
		e.sources = append(e.sources, &settingsSource{
			planner: o.Planner, sessions: o.Sessions, tree: t, limits: limits, indexed: o.IndexedParameters, behaviour: o.behaviour, now: o.Now, logger: o.Logger,
		})
	}
	e.took = func(s *Session) {
		if sessions.bind(s.ID, s.Device.ID, s.Device.Session.Generation, s.Timeout) {
			m.ended(Superseded, 0) // One with a request under way says so itself.
		}
	}
	d, b := newDoorman(o), &bodies{limit: o.MaxBody, load: o.Load, memory: admission.NewBudget(o.Load.BodyMemory)}
	if err := registerLoad(o.Metrics, d.gate, b.memory); err != nil {
		return nil, err
	}
	return &Server{
		options: o, engine: e, sessions: sessions, carry: newCarry(o, m), ids: sessionIDs{key: o.SessionKey, others: o.OtherSessionKeys}, ended: newRecentIDs(),
		metrics: m, doorman: d, bodies: b, logger: o.Logger,
	}, nil
}

// connection is what a TCP connection knows: the session that its last request
// belonged to, and whether any request on it had a cookie.
type connection struct {
	// id is another one for each connection.
	id      uint64
	session atomic.Pointer[string]
	cookies atomic.Bool
}

type connectionKey struct{}

// ConnContext is for http.Server.ConnContext.
func (s *Server) ConnContext(ctx context.Context, _ net.Conn) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{id: s.connections.Add(1)})
}

// bearer names the connection that a request came by, with the address of its client,
// as a proxy may share one among devices; "" if it is not known.
func bearer(r *http.Request, from netip.Addr) string {
	c, ok := r.Context().Value(connectionKey{}).(*connection)
	if !ok {
		return ""
	}
	return strconv.FormatUint(c.id, 36) + "/" + from.String()
}

// Sessions returns how many sessions are open.
func (s *Server) Sessions() int { return s.sessions.count() }

// ServeHTTP answers one POST of a device.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recover(w, r)
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		answerStatus(w, http.StatusMethodNotAllowed)
		return
	}
	if !s.admit(w, r) {
		return
	}
	read, err := s.bodies.read(w, r)
	defer read.release()
	if err != nil {
		s.rejectBody(w, r, err)
		return
	}
	s.serve(w, r, read.bytes)
}

// serve answers a request whose body was read.
func (s *Server) serve(w http.ResponseWriter, r *http.Request, body []byte) {
	w = s.tracing(w)
	defer func() { s.recordTraced(w, r, body) }()
	stale := false
	// Twice: a session may be put into the store while a request waits for it.
	for range 2 {
		l, named, err := s.find(r, body)
		if err != nil {
			if !errors.Is(err, errFull) {
				s.logger.ErrorContext(r.Context(), "cannot find session", logkeys.Address, s.options.ClientAddress(r), logkeys.Error, err)
			}
			s.overloaded(w)
			return
		}
		stale = stale || named
		if l == nil {
			break
		}
		stale = true
		served, elsewhere := s.serveHeld(w, r, l, body)
		if served {
			return
		}
		if !elsewhere {
			break
		}
	}
	s.serveNew(w, r, body, stale)
}

// serveHeld answers a request by a session that find marked busy for it.
func (s *Server) serveHeld(w http.ResponseWriter, r *http.Request, l *live, body []byte) (served, elsewhere bool) {
	defer func() { s.sessions.release(l, s.options.Now()) }()
	return s.serveSession(w, r, l, body)
}

// serveSession answers a request that belongs to a session. It does not for an
// Inform that opens another one: by the cookie of an older session, or on a
// connection that another device used before. That of the same device is
// superseded then; that of another device goes on. elsewhere says that the
// session was put into the store before the request had its turn.
func (s *Server) serveSession(w http.ResponseWriter, r *http.Request, l *live, body []byte) (served, elsewhere bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer s.dropOnPanic(l)
	if l.gone {
		return false, l.put
	}
	s.noteAnswer(w, l.s, nil)
	if !s.continues(w, r, l.s) {
		return true, false
	}
	leave, ok := s.enter(w, r, admission.Begun)
	if !ok {
		return true, false
	}
	defer leave()
	in, ok := s.decode(w, r, body, l.s.Namespace)
	if !ok {
		return true, false
	}
	s.noteRefused(w, l.s, in)
	if in != nil && in.Message.Method() == "Inform" && !s.engine.repeated(l.s, in) {
		return false, false
	}
	out, err := s.engine.step(r.Context(), l.s, in)
	if errors.Is(err, errNoSession) {
		return false, false
	}
	if !s.sessions.holds(l) {
		// A newer session took the device while this request was worked on. It has
		// looked after the tasks that were begun before; one that was claimed
		// since is this session's to give back.
		if err != nil {
			s.logger.WarnContext(r.Context(), "superseded session failed", logkeys.Session, sessionName(l.s.ID), logkeys.Device, l.s.Device.ID, logkeys.Error, err)
		}
		s.engine.abandon(r.Context(), l.s, Superseded)
		l.gone = true
		return false, false
	}
	s.answer(w, r, l, out, err)
	return true, false
}

// serveNew answers a request without a session: an Inform opens one, an empty
// POST is the tail of one that ended, anything else is out of place.
func (s *Server) serveNew(w http.ResponseWriter, r *http.Request, body []byte, stale bool) {
	forgetTraced(w)
	if isBlank(body) {
		s.answerBlank(w, r, stale)
		return
	}
	if s.sessions.full() {
		s.metrics.shed.Inc()
		s.overloaded(w)
		return
	}
	leave, ok := s.enter(w, r, admission.New)
	if !ok {
		return
	}
	defer leave()
	account, ok := s.authenticate(w, r)
	if !ok {
		return
	}
	in, ok := s.decode(w, r, body, "")
	if !ok {
		return
	}
	if in == nil {
		answerStatus(w, http.StatusNoContent)
		return
	}
	inform, ok := in.Message.(*cwmp.Inform)
	if !ok {
		reason := "outOfSession"
		if stale {
			reason = "staleSession"
		}
		s.metrics.reject(reason)
		answerStatus(w, http.StatusBadRequest)
		return
	}
	if !s.doorman.mayBegin(r, account, inform) {
		s.turnAway(w, r, "deviceRate")
		return
	}
	s.open(w, r, account, in)
}

// answerBlank answers an empty POST without a session: the tail of one that ended, or
// how clients that are told to use Digest ask for the challenge before they send
// anything (libcurl does). Those would send what follows without credentials if they
// were not asked.
func (s *Server) answerBlank(w http.ResponseWriter, r *http.Request, stale bool) {
	if !stale && r.Header.Get("Authorization") == "" {
		if _, ok := s.authenticate(w, r); !ok {
			return
		}
	}
	answerStatus(w, http.StatusNoContent)
}

func (s *Server) open(w http.ResponseWriter, r *http.Request, account Account, in *cwmp.Envelope) {
	now := s.options.Now()
	l := s.sessions.add(newSession(s.ids.fresh(), account, s.options.ClientAddress(r).String(), requestHost(r), now), now)
	if l == nil {
		s.metrics.shed.Inc()
		s.overloaded(w)
		return
	}
	defer func() { s.sessions.release(l, s.options.Now()) }()
	l.mu.Lock()
	defer l.mu.Unlock()
	defer s.dropOnPanic(l)
	out, err := s.engine.step(r.Context(), l.s, in)
	if s.challenged(w, l, err) {
		return
	}
	if err == nil && l.s.Phase == PhaseDevice {
		setSessionCookie(w, l.s.ID)
		if c, ok := r.Context().Value(connectionKey{}).(*connection); ok {
			c.session.Store(&l.s.ID)
		}
	}
	s.answer(w, r, l, out, err)
}

func (s *Server) drop(l *live) {
	l.gone = true
	if s.carry.store != nil {
		s.ended.add(l.id)
	}
	s.sessions.remove(l)
}

func (s *Server) authenticate(w http.ResponseWriter, r *http.Request) (Account, bool) {
	if s.options.Authenticator == nil {
		return Account{}, true
	}
	account, err := s.options.Authenticator.Authenticate(w, r)
	switch {
	case err == nil:
		return account, true
	case errors.Is(err, ErrUnauthorized):
		s.metrics.reject("unauthorized")
		answerStatus(w, http.StatusUnauthorized)
	default:
		s.logger.ErrorContext(r.Context(), "cannot authenticate", logkeys.Address, s.options.ClientAddress(r), logkeys.Error, err)
		s.overloaded(w)
	}
	return Account{}, false
}

// decode reads the body; nil stands for an empty POST. ok is false after it
// answered a body that is no message.
func (s *Server) decode(w http.ResponseWriter, r *http.Request, body []byte, namespace string) (in *cwmp.Envelope, ok bool) {
	in, err := cwmp.DecodeWithContentType(body, r.Header.Get("Content-Type"), s.options.Limits)
	if err == nil {
		noteReceived(w, in)
		return in, true
	}
	if errors.Is(err, cwmp.ErrEmpty) || errors.Is(err, cwmp.ErrEmptyBody) {
		return nil, true
	}
	var wrong *cwmp.DecodeError
	if !errors.As(err, &wrong) {
		wrong = &cwmp.DecodeError{Kind: cwmp.Malformed}
	}
	s.metrics.reject(wrong.Kind.String())
	s.logger.InfoContext(r.Context(), "request is no CWMP message", logkeys.Address, s.options.ClientAddress(r), logkeys.Error, err)
	if wrong.Kind == cwmp.MustUnderstand {
		s.mustUnderstand(w, wrong, namespace)
		return nil, false
	}
	answerStatus(w, http.StatusBadRequest)
	return nil, false
}

// dropOnPanic lets go of a session whose state a panic may have left half
// changed; the device's next one recovers what it was at.
func (s *Server) dropOnPanic(l *live) {
	if cause := recover(); cause != nil {
		s.drop(l)
		panic(cause)
	}
}

// recover keeps a fault of ours in one request.
func (s *Server) recover(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if cause == http.ErrAbortHandler {
		panic(cause)
	}
	s.logger.ErrorContext(r.Context(), "request panicked", logkeys.Panic, cause, logkeys.Stack, string(debug.Stack()))
	s.overloaded(w)
}

// requestHost returns the host by which a device reached the server, without
// the port: the Host header if it is a host, else the address of the connection.
func requestHost(r *http.Request) string {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.Trim(host, "[]")
	if isHost(host) {
		return host
	}
	if local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr); ok {
		if address, _, err := net.SplitHostPort(local.String()); err == nil {
			return address
		}
	}
	return ""
}

func isHost(host string) bool {
	if host == "" || len(host) > 253 {
		return false
	}
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	for _, c := range host {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-') {
			return false
		}
	}
	return true
}

func isBlank(body []byte) bool {
	for _, c := range body {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}
