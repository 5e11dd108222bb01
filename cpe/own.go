package cpe

import (
	"context"
	"fmt"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// RefusedError is returned where the ACS answers a request of a device with a fault,
// or with what is no answer to it.
type RefusedError struct {
	// Method is the request.
	Method string
	// FaultCode is the ACS's; 0 if the answer was no fault.
	FaultCode int
}

// Error names the request and the fault.
func (e *RefusedError) Error() string {
	if e.FaultCode == 0 {
		return fmt.Sprintf("cpe: %s was answered with another message", e.Method)
	}
	return fmt.Sprintf("cpe: %s was refused with fault %d", e.Method, e.FaultCode)
}

// RequestDownload asks the ACS for a file, in a session with "9 REQUEST DOWNLOAD",
// and returns when the ACS has answered. Errors are as those of Request, and a
// *RefusedError.
func (d *Device) RequestDownload(ctx context.Context, m *cwmp.RequestDownload) error {
	_, err := d.tell(ctx, m, cwmp.EventRequestDownload)
	return err
}

// Kick tells the ACS what a user wants, in a session with "5 KICKED", and returns
// where the ACS sends the user. Errors are as those of RequestDownload.
func (d *Device) Kick(ctx context.Context, m *cwmp.Kicked) (nextURL string, err error) {
	answer, err := d.tell(ctx, m, cwmp.EventKicked)
	if response, ok := answer.(*cwmp.KickedResponse); ok {
		nextURL = response.NextURL
	}
	return nextURL, err
}

// ReportTransfer tells the ACS of a transfer that it did not ask for, in a session
// with "10 AUTONOMOUS TRANSFER COMPLETE". Errors are as those of RequestDownload.
func (d *Device) ReportTransfer(ctx context.Context, m *cwmp.AutonomousTransferComplete) error {
	_, err := d.tell(ctx, m, cwmp.EventAutonomousTransferComplete)
	return err
}

// ReportSoftwareChange tells the ACS of deployment units that changed without it, in
// a session with "12 AUTONOMOUS DU STATE CHANGE COMPLETE". Errors are as those of
// RequestDownload.
func (d *Device) ReportSoftwareChange(ctx context.Context, m *cwmp.AutonomousDUStateChangeComplete) error {
	_, err := d.tell(ctx, m, cwmp.EventAutonomousDUStateChangeComplete)
	return err
}

// tell sends a request in a session with an event, and demands its response.
func (d *Device) tell(ctx context.Context, m cwmp.Message, event string) (cwmp.Message, error) {
	answer, err := d.request(ctx, m, cwmp.EventStruct{EventCode: event})
	if err != nil {
		return nil, err
	}
	if fault, ok := answer.(*cwmp.Fault); ok {
		return nil, &RefusedError{Method: m.Method(), FaultCode: fault.Code}
	}
	if answer.Method() != m.Method()+"Response" {
		return nil, &RefusedError{Method: m.Method()}
	}
	return answer, nil
}
