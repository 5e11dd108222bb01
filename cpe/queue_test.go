package cpe

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func TestQueuedTransfersAreListedAndCanBeCancelledUntilTheyRun(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = w.Write([]byte("x"))
	}))
	defer server.Close()
	a := newTestACS(t)
	d := start(t, testConfig(a))
	now := download(server.URL+"/now", cwmp.FileTypeConfiguration)
	now.CommandKey, now.FileSize, now.TargetFileName = "now", 1, "target"
	later := &cwmp.Upload{CommandKey: "later", FileType: cwmp.FileTypeUploadNumberedLog + " 1", URL: server.URL, DelaySeconds: 3600}
	a.ask(now, later)
	inform(t, d, cwmp.EventPeriodic)
	<-arrived
	a.answers = nil
	a.ask(&cwmp.GetQueuedTransfers{}, &cwmp.GetAllQueuedTransfers{}, &cwmp.CancelTransfer{CommandKey: "later"},
		&cwmp.CancelTransfer{CommandKey: "now"}, &cwmp.CancelTransfer{CommandKey: "none"}, &cwmp.GetQueuedTransfers{})
	inform(t, d, cwmp.EventPeriodic)
	want := []cwmp.Message{
		&cwmp.GetQueuedTransfersResponse{TransferList: []cwmp.QueuedTransferStruct{
			{CommandKey: "now", State: cwmp.TransferInProgress}, {CommandKey: "later", State: cwmp.TransferNotStarted},
		}},
		&cwmp.GetAllQueuedTransfersResponse{TransferList: []cwmp.AllQueuedTransferStruct{
			{CommandKey: "now", State: cwmp.TransferInProgress, IsDownload: true, FileType: cwmp.FileTypeConfiguration, FileSize: 1, TargetFileName: "target"},
			{CommandKey: "later", State: cwmp.TransferNotStarted, FileType: "7 Vendor Log File 1"},
		}},
		&cwmp.CancelTransferResponse{},
		cwmp.NewFault(cwmp.FaultCancelNotPermitted, ""),
		&cwmp.CancelTransferResponse{},
		&cwmp.GetQueuedTransfersResponse{TransferList: []cwmp.QueuedTransferStruct{{CommandKey: "now", State: cwmp.TransferInProgress}}},
	}
	if diff := cmp.Diff(want, a.answers); diff != "" {
		t.Error(diff)
	}
	close(release)
	r := waitEvent(t, d, cwmp.EventTransferComplete)
	if diff := cmp.Diff([]string{"7 TRANSFER COMPLETE", "M Download (now)"}, eventCodes(r.Events)); diff != "" {
		t.Error(diff)
	}
}

func TestACancelledTransferNeverRuns(t *testing.T) {
	server := newUploadServer(t, nil)
	a := newTestACS(t)
	c := testConfig(a)
	clock := &manualClock{}
	c.Clock = clock
	d := start(t, c)
	m := upload(server.URL, cwmp.FileTypeUploadLog)
	m.DelaySeconds = 60
	a.ask(m)
	inform(t, d, cwmp.EventPeriodic)
	a.ask(&cwmp.CancelTransfer{CommandKey: "key"})
	inform(t, d, cwmp.EventPeriodic)
	end := clock.Now().Add(time.Hour)
	clock.passUntil(t, d, func() bool { return clock.Now().After(end) }, time.Minute)
	if len(server.files) != 0 || len(a.own) != 0 {
		t.Errorf("files %q, own %v", server.files, a.own)
	}
}

func TestFileTypesOfUploadsHaveOtherNumbersInTheQueue(t *testing.T) {
	for fileType, want := range map[string]string{
		cwmp.FileTypeUploadConfiguration: "3 Vendor Configuration File", cwmp.FileTypeUploadLog: "4 Vendor Log File",
		cwmp.FileTypeUploadNumberedConfiguration + " 1": "6 Vendor Configuration File 1", "X 000E08 a": "X 000E08 a",
	} {
		if got := queuedUploadType(fileType); got != want {
			t.Errorf("%s: %s, want %s", fileType, got, want)
		}
	}
}
