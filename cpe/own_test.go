package cpe

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestWhatADeviceTellsOfItselfComesWithItsEvent(t *testing.T) {
	transfer := &cwmp.AutonomousTransferComplete{TransferURL: "http://files.example/a", IsDownload: true, FileType: cwmp.FileTypeTone,
		StartTime: cwmp.ParseDateTime(cwmp.UnknownTime), CompleteTime: cwmp.ParseDateTime(cwmp.UnknownTime)}
	change := &cwmp.AutonomousDUStateChangeComplete{Results: []cwmp.AutonOpResultStruct{{OperationPerformed: cwmp.OperationUninstall}}}
	for event, tell := range map[string]func(ctx context.Context, d *Device) (cwmp.Message, error){
		cwmp.EventRequestDownload: func(ctx context.Context, d *Device) (cwmp.Message, error) {
			m := &cwmp.RequestDownload{FileType: cwmp.FileTypeFirmware, FileTypeArg: []cwmp.ArgStruct{{Name: "Version", Value: "1"}}}
			return m, d.RequestDownload(ctx, m)
		},
		cwmp.EventKicked: func(ctx context.Context, d *Device) (cwmp.Message, error) {
			m := &cwmp.Kicked{Command: "c", Next: "http://next.example/"}
			next, err := d.Kick(ctx, m)
			if next != "http://portal.example/" {
				t.Errorf("NextURL %q", next)
			}
			return m, err
		},
		cwmp.EventAutonomousTransferComplete: func(ctx context.Context, d *Device) (cwmp.Message, error) {
			return transfer, d.ReportTransfer(ctx, transfer)
		},
		cwmp.EventAutonomousDUStateChangeComplete: func(ctx context.Context, d *Device) (cwmp.Message, error) {
			return change, d.ReportSoftwareChange(ctx, change)
		},
	} {
		t.Run(event, func(t *testing.T) {
			a := newTestACS(t)
			d := start(t, testConfig(a))
			n := d.Sessions()
			m, err := tell(testContext(t), d)
			if err != nil {
				t.Fatal(err)
			}
			r := waitSession(t, d, n)
			if diff := cmp.Diff([]string{event}, eventCodes(r.Events)); diff != "" || r.Err != nil {
				t.Errorf("%v\n%s", r.Err, diff)
			}
			if len(a.own) != 1 || a.own[0].Method() != m.Method() {
				t.Errorf("the ACS got %v", a.own)
			}
			if r := inform(t, d, cwmp.EventPeriodic); len(r.Events) != 1 || len(a.own) != 1 {
				t.Errorf("told again: %v", r.Events)
			}
		})
	}
}

func TestWhatADeviceTellsIsToldAgainAfterASessionThatFailed(t *testing.T) {
	a := newTestACS(t)
	d := start(t, testConfig(a))
	failed := false
	a.mu.Lock()
	a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if failed || e == nil || e.Message.Method() != "Kicked" {
			return false
		}
		failed = true
		w.WriteHeader(http.StatusInternalServerError)
		return true
	}
	a.mu.Unlock()
	if _, err := d.Kick(testContext(t), &cwmp.Kicked{}); err != nil {
		t.Fatal(err)
	}
	if codes := eventCodes(a.lastInform(t).Events); !failed || len(codes) != 1 || codes[0] != cwmp.EventKicked || a.lastInform(t).RetryCount != 1 {
		t.Errorf("failed %v, then %v", failed, codes)
	}
}

func TestAFaultOfTheACSIsReturnedToWhoTold(t *testing.T) {
	a := newTestACS(t)
	d := start(t, testConfig(a))
	a.mu.Lock()
	a.intercept = func(w http.ResponseWriter, _ *http.Request, e *cwmp.Envelope) bool {
		if e == nil || e.Message.Method() != "RequestDownload" {
			return false
		}
		reply(w, e, cwmp.NewFault(cwmp.FaultACSRequestDenied, ""))
		return true
	}
	a.mu.Unlock()
	err := d.RequestDownload(testContext(t), &cwmp.RequestDownload{})
	var refused *RefusedError
	if !errors.As(err, &refused) || refused.FaultCode != 8001 || refused.Method != "RequestDownload" {
		t.Errorf("%v", err)
	}
}
