package acs

import (
	"bytes"
	"fmt"
	"net/http"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/trace"
)

// Tracer keeps the messages of sessions that an operator wants to read. It must not
// block.
type Tracer interface {
	// Active reports whether any session is traced now: if not, nothing is kept of
	// any message.
	Active() bool
	// Wants reports whether the sessions of a device are traced now.
	Wants(d *device.Device) bool
	// Record keeps a message. The Tracer takes the secrets out of it.
	Record(m trace.Message)
}

// tracedExchange is a request and its answer, kept until it is known whose they are.
type tracedExchange struct {
	http.ResponseWriter
	status int
	answer bytes.Buffer
	// received and sent name the CWMP messages.
	received, sent string
	// device and session are set once they are known.
	device  device.ID
	session string
	// secrets are what the device was sent, where it may repeat that.
	secrets []string
}

// WriteHeader implements http.ResponseWriter.
func (x *tracedExchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (x *tracedExchange) Write(p []byte) (int, error) {
	x.answer.Write(p)
	return x.ResponseWriter.Write(p)
}

// Unwrap is for http.ResponseController.
func (x *tracedExchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// tracing returns a writer that keeps the answer if any session is traced, else w
// itself.
func (s *Server) tracing(w http.ResponseWriter) http.ResponseWriter {
	if s.options.Tracer == nil || !s.options.Tracer.Active() {
		return w
	}
	return &tracedExchange{ResponseWriter: w}
}

// noteReceived says which message a request holds.
func noteReceived(w http.ResponseWriter, in *cwmp.Envelope) {
	if x, ok := w.(*tracedExchange); ok && in != nil {
		x.received = in.Message.Method()
	}
}

// noteRefused keeps in mind what the device was sent, if it answers with a fault:
// its text may repeat that.
func (s *Server) noteRefused(w http.ResponseWriter, session *Session, in *cwmp.Envelope) {
	x, ok := w.(*tracedExchange)
	if !ok || in == nil || session.Job == nil || session.Outstanding == nil {
		return
	}
	if _, fault := in.Message.(*cwmp.Fault); fault {
		x.secrets, _ = session.Job.Task.Secrets(s.options.Keeper) // What cannot be opened was not sent either.
	}
}

// noteAnswer says to which session a request belongs, and what it is answered with.
func (s *Server) noteAnswer(w http.ResponseWriter, session *Session, out *cwmp.Envelope) {
	x, ok := w.(*tracedExchange)
	if !ok {
		return
	}
	if session.Device.ID == "" || !s.options.Tracer.Wants(&session.Device) {
		forgetTraced(w) // A connection may be another device's by now.
		return
	}
	x.device, x.session = session.Device.ID, session.ID
	if out != nil {
		x.sent = out.Message.Method()
	}
}

// forgetTraced says that a request belongs to no session that is traced.
func forgetTraced(w http.ResponseWriter) {
	if x, ok := w.(*tracedExchange); ok {
		x.device, x.session = "", ""
	}
}

// recordTraced gives a request and its answer to the tracer if they belong to a
// session that is traced.
func (s *Server) recordTraced(w http.ResponseWriter, r *http.Request, body []byte) {
	x, ok := w.(*tracedExchange)
	if !ok || x.device == "" {
		return
	}
	at := s.options.Now()
	headers := r.Header.Clone()
	headers.Set("Host", r.Host)
	s.options.Tracer.Record(trace.Message{
		Device: x.device, Session: x.session, At: at, Direction: trace.FromDevice, Method: x.received,
		Start: fmt.Sprintf("%s %s %s", r.Method, r.URL.RequestURI(), r.Proto), Headers: headers, Body: bytes.Clone(body), Secrets: x.secrets, // The buffer is used again.
	})
	s.options.Tracer.Record(trace.Message{
		Device: x.device, Session: x.session, At: at, Direction: trace.ToDevice, Method: x.sent,
		Start: fmt.Sprintf("HTTP/1.1 %d %s", x.status, http.StatusText(x.status)), Headers: x.Header().Clone(), Body: x.answer.Bytes(),
	})
}
