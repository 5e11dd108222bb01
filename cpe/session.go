package cpe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	// maxRetryRequests is how often a request is sent again on fault 8005.
	maxRetryRequests = 5
	// maxSessionRPCs ends sessions of an ACS that asks for ever.
	maxSessionRPCs = 10_000
	// maxRetryAfter bounds what a Retry-After can ask for.
	maxRetryAfter = time.Hour
)

// session is one CWMP session (TR-069 3.7.1), on the device's goroutine.
type session struct {
	device    *Device
	transport *transport
	result    SessionResult
	inform    *cwmp.Inform
	own       []*outgoing
	// informed says that the Inform was answered.
	informed bool
	// namespace is that of the messages.
	namespace string
}

// runSession has one session with the ACS and draws the conclusions.
func (d *Device) runSession(ctx context.Context) {
	s := d.beginSession()
	err := s.run(ctx)
	s.transport.close()
	d.rememberCookies(s.transport.cookies)
	s.result.Requests = s.transport.requests
	s.result.Err = err
	s.result.Duration = d.config.Clock.Now().Sub(s.result.Started)
	d.endSession(s)
	if d.config.OnSession != nil {
		d.config.OnSession(d, s.result)
	}
}

func (d *Device) beginSession() *session {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.config.Clock.Now()
	if !d.periodicAt.IsZero() && !now.Before(d.periodicAt) {
		d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventPeriodic})
		d.schedulePeriodic(now)
	}
	d.informScheduled(now)
	d.wanted = false
	d.inSession = true
	d.session++
	if d.bootstrap {
		d.keepBootOnly()
	}
	events := d.pendingEvents()
	s := &session{device: d}
	s.own = d.transferReports(events)
	for _, o := range d.outbox {
		// The first contact with an ACS announces nothing else.
		if !d.bootstrap || len(o.events) == 0 {
			s.own = append(s.own, o)
		}
	}
	s.namespace, d.version = d.config.Namespace, d.config.CWMPVersion
	s.transport = &transport{device: d, target: d.acsURL()}
	s.transport.login = login{username: d.get("ManagementServer.Username"), password: d.get("ManagementServer.Password"), quirks: d.config.Quirks.LoginQuirks}
	if d.config.Quirks.PreviousCookies {
		s.transport.cookies = d.odd.cookies
	}
	s.own = append(s.own, d.config.manner.requests()...)
	s.result = SessionResult{Number: d.session, Started: now, Events: events, RetryCount: d.retryCount}
	return s
}

// run speaks the session from Inform to the last 204.
func (s *session) run(ctx context.Context) error {
	// The Inform tells the device's own address, which the connection shows.
	if err := s.transport.connect(ctx); err != nil {
		return err
	}
	s.inform = s.device.newInform(s.result.Events)
	if err := s.announce(ctx); err != nil {
		return err
	}
	s.informed = true
	s.result.InformDuration = s.device.config.Clock.Now().Sub(s.result.Started)
	s.device.informAnswered(s)
	for _, o := range s.own {
		if err := s.callOwn(ctx, o); err != nil {
			return err
		}
	}
	return s.serve(ctx)
}

// callOwn sends a request of the device and gives its answer to who waits for it.
// An ACS's fault to a TransferComplete fails the session, and it is sent again.
func (s *session) callOwn(ctx context.Context, o *outgoing) error {
	answer, err := s.call(ctx, o.message)
	var failure *SessionError
	if errors.As(err, &failure) && failure.FaultCode != 0 && o.answer != nil {
		answer, err = cwmp.NewFault(failure.FaultCode, ""), nil
	}
	if err != nil {
		return err
	}
	if o.answer != nil {
		s.device.withdraw(o)
		o.answer <- answer
		_, refused := answer.(*cwmp.Fault)
		return s.protest(ctx, refused)
	}
	if want := o.message.Method() + "Response"; answer.Method() != want {
		return protocolError("%s expected, got %s", want, answer.Method())
	}
	if o.transfer == nil {
		s.device.withdraw(o)
		return nil
	}
	return s.transferAnswered(ctx, o)
}

// call sends a request of the device until it is answered with anything but fault
// 8005.
func (s *session) call(ctx context.Context, request cwmp.Message) (cwmp.Message, error) {
	return s.callAs(ctx, request, s.device.nextID())
}

func (s *session) callAs(ctx context.Context, request cwmp.Message, id string) (cwmp.Message, error) {
	for attempt := 0; ; attempt++ {
		answer, err := s.send(ctx, request, id)
		if err != nil {
			return nil, err
		}
		if answer == nil {
			return nil, protocolError("an answer to %s expected, got an empty response", request.Method())
		}
		if (!answer.HasID || answer.ID != id) && !s.device.config.Quirks.NoID {
			return nil, protocolError("the ID of the answer to %s is not that of the request", request.Method())
		}
		fault, ok := answer.Message.(*cwmp.Fault)
		if !ok {
			return answer.Message, s.useVersion(answer)
		}
		if fault.Code != cwmp.FaultACSRetryRequest || attempt == maxRetryRequests {
			return nil, &SessionError{Reason: ReasonFault, FaultCode: fault.Code}
		}
	}
}

// serve answers the ACS's requests until it has no more.
func (s *session) serve(ctx context.Context) error {
	request, err := s.send(ctx, nil, "")
	for served := 0; err == nil && request != nil; served++ {
		if served == maxSessionRPCs {
			return protocolError("more than %d requests in a session", maxSessionRPCs)
		}
		if served == 0 {
			var again bool
			if again, err = s.interrupt(ctx); err != nil {
				return err
			}
			if again {
				return s.serve(ctx)
			}
		}
		var response cwmp.Message
		if response, err = s.execute(request); err == nil {
			request, err = s.reply(ctx, response, request)
		}
	}
	if err == nil && len(s.result.RPCs) > 0 && s.device.config.Quirks.FinalEmptyPost {
		request, err = s.send(ctx, nil, "")
		if err == nil && request != nil {
			err = protocolError("a request after the ACS had no more")
		}
	}
	return err
}

func (s *session) execute(request *cwmp.Envelope) (cwmp.Message, error) {
	hooks := &s.device.config.Hooks
	method := request.Message.Method()
	if _, fault := request.Message.(*cwmp.Fault); fault || strings.HasSuffix(method, "Response") {
		return nil, protocolError("a request expected, got %s", method)
	}
	if hooks.BeforeRPC != nil {
		if err := hooks.BeforeRPC(request.Message); err != nil {
			return nil, &SessionError{Reason: ReasonHook, Err: err}
		}
	}
	response := s.device.execute(request.Message)
	if hooks.AfterRPC != nil {
		if err := hooks.AfterRPC(request.Message, response); err != nil {
			return nil, &SessionError{Reason: ReasonHook, Err: err}
		}
	}
	if s.device.fails(response) {
		return nil, goneError("before it answered " + method)
	}
	s.result.RPCs = append(s.result.RPCs, method)
	return response, nil
}

func (s *session) reply(ctx context.Context, response cwmp.Message, request *cwmp.Envelope) (*cwmp.Envelope, error) {
	envelope := &cwmp.Envelope{
		ID: request.ID, HasID: request.HasID && !s.device.config.Quirks.NoID, Namespace: s.namespace, Message: response,
	}
	s.device.config.manner.address(request.Message, envelope)
	return s.post(ctx, envelope)
}

// send sends a request of the device, or an empty POST if it is nil, and returns
// what the ACS answers; nil for an empty response.
func (s *session) send(ctx context.Context, request cwmp.Message, id string) (*cwmp.Envelope, error) {
	if request == nil {
		return s.post(ctx, nil)
	}
	envelope := &cwmp.Envelope{ID: id, HasID: !s.device.config.Quirks.NoID, Namespace: s.namespace, Message: request}
	if _, ok := request.(*cwmp.Inform); ok {
		s.offerVersions(envelope)
	}
	s.device.config.manner.address(nil, envelope)
	return s.post(ctx, envelope)
}

func (s *session) post(ctx context.Context, envelope *cwmp.Envelope) (*cwmp.Envelope, error) {
	var message cwmp.Message
	var body []byte
	if envelope != nil {
		message = envelope.Message
		var err error
		if body, err = cwmp.Encode(envelope); err != nil {
			return nil, &SessionError{Reason: ReasonProtocol, Err: err}
		}
	}
	if m := s.device.config.manner; len(m) > 0 {
		body = []byte(m.write(message, string(body)))
	}
	if pause := s.device.config.Quirks.Pause; pause > 0 && !s.device.sleep(ctx, pause) {
		return nil, &SessionError{Reason: ReasonStopped, Err: ctx.Err()}
	}
	hooks := &s.device.config.Hooks
	if hooks.BeforePost != nil {
		if err := hooks.BeforePost(message); err != nil {
			return nil, &SessionError{Reason: ReasonHook, Err: err}
		}
	}
	r, err := s.transport.post(ctx, message, body)
	if err != nil {
		return nil, err
	}
	if err := s.device.config.manner.read(r); err != nil {
		return nil, &SessionError{Reason: ReasonProtocol, Err: err}
	}
	if hooks.AfterPost != nil {
		if err := hooks.AfterPost(message, r.status); err != nil {
			return nil, &SessionError{Reason: ReasonHook, Err: err}
		}
	}
	return s.read(r)
}

// read makes an envelope of a response, or nil of an empty one.
func (s *session) read(r *response) (*cwmp.Envelope, error) {
	switch r.status {
	case http.StatusNoContent:
		return nil, nil
	case http.StatusOK:
	case http.StatusServiceUnavailable:
		return nil, &SessionError{
			Reason: ReasonOverload, Status: r.status,
			RetryAfter: retryAfter(r.header.Get("Retry-After"), s.device.config.Clock.Now()),
		}
	default:
		return nil, &SessionError{Reason: ReasonHTTP, Status: r.status}
	}
	if len(r.body) == 0 {
		return nil, protocolError("an empty response needs status 204")
	}
	contentType := r.header.Get("Content-Type")
	if !strings.HasPrefix(contentType, "text/xml") {
		return nil, protocolError("Content-Type text/xml expected")
	}
	envelope, err := cwmp.DecodeWithContentType(r.body, contentType, cwmp.DefaultLimits())
	if err != nil {
		return nil, &SessionError{Reason: ReasonProtocol, Err: err}
	}
	if envelope.Namespace != s.namespace && envelope.Namespace != cwmp.NamespaceOf(envelope.UseCWMPVersion) {
		return nil, protocolError("namespace %s expected, got %q", s.namespace, envelope.Namespace)
	}
	return envelope, nil
}

func protocolError(format string, arguments ...any) error {
	return &SessionError{Reason: ReasonProtocol, Err: fmt.Errorf(format, arguments...)}
}

// retryAfter reads the header in both of its forms (RFC 9110, 10.2.3); 0 if there
// is none.
func retryAfter(header string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseUint(header, 10, 31); err == nil {
		wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// nextID returns the ID header of a request of the device.
func (d *Device) nextID() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.config.Quirks.ConstantID {
		return "1"
	}
	d.requestID++
	return strconv.FormatUint(uint64(d.requestID), 10)
}

// informAnswered drops what the ACS now knows.
func (d *Device) informAnswered(s *session) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.config.Quirks.KeepEvents {
		return
	}
	d.eventsKnown(s)
}

func (d *Device) eventsKnown(s *session) {
	sent := make(map[string]bool, len(s.inform.ParameterList))
	for _, p := range s.inform.ParameterList {
		sent[p.Name] = true
	}
	d.notify = slices.DeleteFunc(d.notify, func(path string) bool { return sent[path] })
	d.delivered(s.inform.Events)
	for _, path := range d.notify {
		// It changed after the Inform was made.
		if e, ok := d.tree.parameter(path); ok && d.tree.attributesOf(e).notification == notificationActive {
			d.addEvent(cwmp.EventStruct{EventCode: cwmp.EventValueChange})
		}
	}
}
