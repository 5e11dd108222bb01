package cpe

import (
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// maxTransfers is how many transfers a device queues, as GetQueuedTransfers would
// list them (TR-069 A.4.1.2).
const maxTransfers = 16

// maxApplied bounds what Device.Files returns.
const maxApplied = 64

type transferState int

const (
	// transferAccepted is not yet looked at: the session that brought it lasts.
	transferAccepted transferState = iota
	// transferWaiting waits for its time.
	transferWaiting
	transferRunning
	// transferInstalling has its file, and waits for the reboot.
	transferInstalling
	// transferDone waits for the ACS to acknowledge its end.
	transferDone
)

// The RPCs that ask for transfers.
const (
	methodDownload         = "Download"
	methodUpload           = "Upload"
	methodScheduleDownload = "ScheduleDownload"
)

// transfer is one accepted Download, Upload or ScheduleDownload.
type transfer struct {
	// request is what all of them have, as a Download would say it.
	request cwmp.Download
	// method is the RPC.
	method string
	state  transferState
	// windows is when it may run, in order; made when its session is over,
	// unless the ACS said it.
	windows []window
	// cancel ends it while it waits.
	cancel   context.CancelFunc
	start    time.Time
	complete time.Time
	fault    cwmp.FaultStruct
	version  string
}

// event is what the device says of it beside "7 TRANSFER COMPLETE".
func (t *transfer) event() cwmp.EventStruct {
	return cwmp.EventStruct{EventCode: "M " + t.method, CommandKey: t.request.CommandKey}
}

// AppliedFile is a file that a device fetched and took.
type AppliedFile struct {
	CommandKey string
	FileType   string
	// Name is TargetFileName, or the last part of the URL's path.
	Name string
	// Size is in bytes.
	Size int64
	// SHA256 is in lower-case hexadecimal.
	SHA256 string
	// Resumed is how often the fetch went on after a cut.
	Resumed int
	// StartTime and CompleteTime are those of the TransferComplete.
	StartTime, CompleteTime time.Time
}

// Files returns the last files that the device took, oldest first, at most 64.
func (d *Device) Files() []AppliedFile {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.applied)
}

// acceptDownload queues a transfer (TR-069 A.3.2.8). The caller holds mu.
func (d *Device) acceptDownload(m *cwmp.Download) cwmp.Message {
	if fault := d.checkDownload(m); fault != nil {
		return fault
	}
	if !d.enqueue(&transfer{request: *m, method: methodDownload}) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return &cwmp.DownloadResponse{Status: 1}
}

// enqueue takes a transfer on, unless there are too many.
func (d *Device) enqueue(t *transfer) bool {
	if len(d.transfers) >= maxTransfers {
		return false
	}
	d.transfers = append(d.transfers, t)
	return true
}

func (d *Device) checkDownload(m *cwmp.Download) *cwmp.Fault {
	if fault := checkTransfer(m); fault != nil {
		return fault
	}
	if m.FileType != cwmp.FileTypeFirmware && m.FileType != cwmp.FileTypeConfiguration &&
		!slices.Contains(d.config.FileTypes, m.FileType) {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
	}
	return nil
}

// checkTransfer checks what all transfers have.
func checkTransfer(m *cwmp.Download) *cwmp.Fault {
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	const maxURL = 256
	code := checkURL(m.URL, maxURL)
	if code == 0 && (m.DelaySeconds < 0 || m.FileSize < 0) {
		code = cwmp.FaultInvalidArguments
	}
	if code != 0 {
		return cwmp.NewFault(code, "")
	}
	return nil
}

// checkURL returns a fault code for what is no URL of a file server.
func checkURL(text string, maxLength int) (code int) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.User != nil || len(text) > maxLength:
		return cwmp.FaultInvalidArguments
	case u.Scheme != "http" && u.Scheme != "https":
		return cwmp.FaultTransferProtocolNotSupported
	}
	return 0
}

// interruptTransfers lets the transfers that a reboot broke start again after it.
// The caller holds mu.
func (d *Device) interruptTransfers() {
	for _, t := range d.transfers {
		if t.state == transferWaiting || t.state == transferRunning {
			t.state = transferAccepted
		}
	}
}

func (d *Device) drop(t *transfer) {
	d.transfers = slices.DeleteFunc(d.transfers, func(other *transfer) bool { return other == t })
}

// transferReports returns the TransferComplete of every transfer whose event is
// among those of the Inform. The caller holds mu.
func (d *Device) transferReports(events []cwmp.EventStruct) []*outgoing {
	var reports []*outgoing
	for _, t := range d.transfers {
		if t.state != transferDone || !slices.Contains(events, t.event()) {
			continue
		}
		reports = append(reports, &outgoing{transfer: t, message: &cwmp.TransferComplete{
			CommandKey: t.request.CommandKey, Fault: t.fault,
			StartTime: cwmp.NewDateTime(t.start), CompleteTime: cwmp.NewDateTime(t.complete),
		}})
	}
	return reports
}

// transferReported drops a transfer whose end the ACS has acknowledged.
func (d *Device) transferReported(o *outgoing) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.drop(o.transfer)
	d.announce()
}
