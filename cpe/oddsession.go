package cpe

import (
	"context"
	"errors"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// goneError is a session that the device itself broke off.
func goneError(when string) error {
	return &SessionError{Reason: ReasonHook, Err: errors.New("the device went away " + when)}
}

// interrupt does what an odd device does in place of answering the first RPC of its
// first session. again says that the session begins anew.
func (s *session) interrupt(ctx context.Context) (again bool, err error) {
	quirks, odd := &s.device.config.Quirks, &s.device.odd
	switch {
	case quirks.DropSession && !odd.dropped:
		odd.dropped = true
		return false, goneError("with an RPC unanswered")
	case quirks.InformAgain == InformAgainNever || odd.informedAgain:
		return false, nil
	}
	odd.informedAgain = true
	if quirks.InformAgain == InformAgainNewConnection {
		s.transport.leaveOpen()
		s.transport.cookies = nil
	}
	// It is the Inform of another session: a device counts the failed one.
	s.inform.RetryCount++
	s.inform.CurrentTime = cwmp.NewDateTime(s.device.config.Clock.Now())
	return true, s.announce(ctx)
}

// leaveOpen turns away from a connection without closing it.
func (t *transport) leaveOpen() {
	left := t.connection
	if left == nil {
		return
	}
	t.connection = lateConnection{left}
	t.close()
	t.left = left
}

// protest answers a fault of the ACS with a fault, where this device does so.
func (s *session) protest(ctx context.Context, refused bool) error {
	if !refused || !s.device.config.Quirks.FaultToFault {
		return nil
	}
	_, err := s.send(ctx, cwmp.NewFault(cwmp.FaultMethodNotSupported, ""), "1")
	return err
}

// announce sends the Inform, in the way of this device.
func (s *session) announce(ctx context.Context) error {
	quirks := &s.device.config.Quirks
	times := 1
	if quirks.RepeatInform {
		times = 2
	}
	id := s.device.nextID()
	for range times {
		answer, err := s.callAs(ctx, s.inform, id)
		if err != nil {
			return err
		}
		if _, ok := answer.(*cwmp.InformResponse); !ok {
			return protocolError("InformResponse expected, got %s", answer.Method())
		}
	}
	if quirks.ConnectionAfterInform {
		s.transport.close()
	}
	return nil
}

// transferAnswered goes on once the ACS knows of a transfer, in the way of this device.
func (s *session) transferAnswered(ctx context.Context, o *outgoing) error {
	quirks := &s.device.config.Quirks
	if quirks.RepeatTransferComplete {
		if _, err := s.call(ctx, o.message); err != nil {
			return err
		}
	}
	s.device.transferReported(o)
	if quirks.GoAfterTransferComplete {
		return goneError("after TransferCompleteResponse")
	}
	return nil
}
