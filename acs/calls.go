package acs

import (
	"context"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// Call is a request that a device made of the server (TR-069 A.3.3, A.4.2).
type Call struct {
	// Method is the RPC.
	Method string
	// Detail says in words what it told, at most MaxCallDetail bytes.
	Detail string
}

// Bounds of Session.Calls.
const (
	MaxCalls      = 16
	MaxCallDetail = 300
)

// called notes a request of the device.
func (s *Session) called(method, detail string) {
	if len(s.Calls) >= MaxCalls {
		return
	}
	s.Calls = append(s.Calls, Call{Method: clip(method), Detail: clipTo(detail, MaxCallDetail)})
}

// clipTo bounds a text in bytes.
func clipTo(text string, longest int) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "")
}

// ACSMethods returns the RPCs that the ACS answers (TR-069 A.3.1.1).
func ACSMethods() []string {
	return []string{
		"Inform", "GetRPCMethods", "TransferComplete", "AutonomousTransferComplete", "RequestDownload", "Kicked", "DUStateChangeComplete",
		"AutonomousDUStateChangeComplete",
	}
}

// request answers a request of the device (TR-069 A.3.3, A.3.1.1). It may come
// at any time of the session: a device that sends one after its first empty POST
// does no harm. What answers it, and what it does, is stored before the answer is
// sent, and a second time it does nothing, as a device repeats what was not
// answered.
func (e *engine) request(ctx context.Context, s *Session, in *cwmp.Envelope) (*cwmp.Envelope, error) {
	if s.Requests++; s.Requests > e.options.MaxRPCs {
		return e.cutOff(ctx, s)
	}
	if _, ok := in.Message.(*cwmp.Inform); ok {
		if !e.repeated(s, in) {
			return nil, errNoSession // The server opens a new session for it.
		}
		return s.informResponse(in), nil
	}
	if _, fault := in.Message.(*cwmp.Fault); fault || !isRequest(in.Message) {
		// A fault that answers nothing is never answered with another (TR-069
		// 3.5), nor is a response to nothing; the conversation goes on as after an
		// empty POST.
		return e.empty(ctx, s)
	}
	answer, err := e.call(ctx, s, in.Message)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", clip(in.Message.Method()), err)
	}
	return s.reply(in, answer), nil
}

// call carries out a request of the device, and returns what answers it.
func (e *engine) call(ctx context.Context, s *Session, m cwmp.Message) (cwmp.Message, error) {
	switch m := m.(type) {
	case *cwmp.GetRPCMethods:
		e.metrics.received(m.Method())
		return &cwmp.GetRPCMethodsResponse{MethodList: ACSMethods()}, nil
	case *cwmp.TransferComplete:
		s.Quiet = s.Quiet || e.options.behaviour(&s.Device).EndAfterTransferComplete
		return &cwmp.TransferCompleteResponse{}, e.ended(ctx, s, m.Method(), func() (string, error) { return e.evidence.transferComplete(ctx, s, m) })
	case *cwmp.DUStateChangeComplete:
		return &cwmp.DUStateChangeCompleteResponse{}, e.ended(ctx, s, m.Method(), func() (string, error) { return e.evidence.stateChangeComplete(ctx, s, m) })
	case *cwmp.AutonomousTransferComplete:
		e.told(s, m, autonomousTransfer(m))
		return &cwmp.AutonomousTransferCompleteResponse{}, nil
	case *cwmp.AutonomousDUStateChangeComplete:
		e.told(s, m, autonomousChanges(m))
		return &cwmp.AutonomousDUStateChangeCompleteResponse{}, nil
	case *cwmp.RequestDownload:
		e.told(s, m, requestedDownload(m))
		return &cwmp.RequestDownloadResponse{}, nil
	case *cwmp.Kicked:
		e.told(s, m, fmt.Sprintf("command %q, argument %q, from %q", m.Command, m.Arg, m.Referer))
		// Never the device's own Next: who can have the device send a Kicked could
		// lead its user anywhere.
		return &cwmp.KickedResponse{NextURL: e.options.KickedURL}, nil
	default:
		e.metrics.received("unknown")
		e.logger.WarnContext(ctx, "device calls a method that is not supported", logkeys.Session, sessionName(s.ID), logkeys.Device, s.Device.ID, logkeys.Method, clip(m.Method()))
		s.called(m.Method(), "answered with fault 8000: this server does not know it")
		return cwmp.NewFault(cwmp.FaultACSMethodNotSupported, ""), nil
	}
}

// told notes a request that asks for no more than an answer.
func (e *engine) told(s *Session, m cwmp.Message, detail string) {
	e.metrics.received(m.Method())
	s.called(m.Method(), detail)
}

// ended notes a request by which a task may have ended.
func (e *engine) ended(ctx context.Context, s *Session, method string, end func() (string, error)) error {
	e.metrics.received(method)
	detail, err := end()
	if err != nil {
		return err
	}
	s.called(method, detail)
	return e.rereadWork(ctx, s)
}

// repeated reports whether an Inform is the one that opened the session, sent
// again because its answer was lost.
func (e *engine) repeated(s *Session, in *cwmp.Envelope) bool {
	m, ok := in.Message.(*cwmp.Inform)
	return ok && s.Phase == PhaseDevice && in.ID == s.InformID && informDigest(m) == s.InformDigest
}

func autonomousTransfer(m *cwmp.AutonomousTransferComplete) string {
	way := "sent a file"
	if m.IsDownload {
		way = "fetched a file"
	}
	text := fmt.Sprintf("%s of type %q by itself", way, m.FileType)
	if m.TargetFileName != "" {
		text += fmt.Sprintf(", named %q", m.TargetFileName)
	}
	if m.FileSize > 0 {
		text += fmt.Sprintf(", %d bytes", m.FileSize)
	}
	return text + outcomeText(m.Fault)
}

func outcomeText(f cwmp.FaultStruct) string {
	if f.FaultCode == 0 {
		return ""
	}
	return fmt.Sprintf("; it failed with %d %s", f.FaultCode, f.FaultString)
}

func autonomousChanges(m *cwmp.AutonomousDUStateChangeComplete) string {
	var parts []string
	for _, r := range m.Results[:min(len(m.Results), maxTold)] {
		parts = append(parts, fmt.Sprintf("%s of %s: %s%s", r.OperationPerformed, r.UUID, r.CurrentState, outcomeText(r.Fault)))
	}
	return strings.Join(parts, "; ")
}

// maxTold bounds how many parts of one message are told.
const maxTold = 8

func requestedDownload(m *cwmp.RequestDownload) string {
	text := fmt.Sprintf("asks for a file of type %q", m.FileType)
	for _, a := range m.FileTypeArg[:min(len(m.FileTypeArg), maxTold)] {
		text += fmt.Sprintf(", %s=%q", a.Name, a.Value)
	}
	return text
}
