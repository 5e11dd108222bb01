package cpe

import (
	"context"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// maxTransfers is how many transfers a device queues, as GetQueuedTransfers would
// list them (TR-069 A.4.1.2).
const maxTransfers = 16

// maxApplied bounds what Device.Files returns.
const maxApplied = 64

type transferState int

const (
	// transferAccepted waits for its time.
	transferAccepted transferState = iota
	transferRunning
	// transferInstalling has its file, and waits for the reboot.
	transferInstalling
	// transferDone waits for the ACS to acknowledge its end.
	transferDone
)

// transfer is one accepted Download.
type transfer struct {
	request  cwmp.Download
	state    transferState
	at       time.Time
	start    time.Time
	complete time.Time
	fault    cwmp.FaultStruct
	version  string
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
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	if code := d.checkDownload(m); code != 0 {
		return cwmp.NewFault(code, "")
	}
	if len(d.transfers) >= maxTransfers {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	d.transfers = append(d.transfers, &transfer{request: *m})
	return &cwmp.DownloadResponse{Status: 1}
}

func (d *Device) checkDownload(m *cwmp.Download) (code int) {
	u, err := url.Parse(m.URL)
	switch {
	case err != nil || u.Host == "" || u.User != nil || len(m.URL) > 256:
		return cwmp.FaultInvalidArguments
	case u.Scheme != "http" && u.Scheme != "https":
		return cwmp.FaultTransferProtocolNotSupported
	case m.DelaySeconds < 0 || m.FileSize < 0:
		return cwmp.FaultInvalidArguments
	case m.FileType != cwmp.FileTypeFirmware && m.FileType != cwmp.FileTypeConfiguration &&
		!slices.Contains(d.config.FileTypes, m.FileType):
		return cwmp.FaultInvalidArguments
	}
	return 0
}

// startTransfers starts what was accepted in the session that is over.
func (d *Device) startTransfers(ctx context.Context, running *sync.WaitGroup) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.transfers {
		if t.state != transferAccepted {
			continue
		}
		t.state = transferRunning
		now := d.config.Clock.Now()
		if t.at.IsZero() {
			t.at = now.Add(time.Duration(t.request.DelaySeconds)*time.Second + d.config.TransferDelay)
		}
		wait := t.at.Sub(now)
		running.Go(func() { d.transfer(ctx, t, wait) })
	}
}

// transfer waits, fetches the file, and notes what came of it.
func (d *Device) transfer(ctx context.Context, t *transfer, wait time.Duration) {
	if wait > 0 {
		select {
		case <-ctx.Done():
			return
		case <-d.config.Clock.After(wait):
		}
	}
	start := d.config.Clock.Now()
	got, fault := fetch(ctx, d.config.FileClient, &t.request, d.config.RequestTimeout)
	if ctx.Err() != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	t.start, t.complete, t.fault = start, d.config.Clock.Now(), fault
	t.state = transferDone
	if fault.FaultCode == 0 {
		d.fileFetched(t, got)
	}
	if d.config.Quirks.NoTransferComplete && t.state == transferDone {
		d.drop(t)
	}
	d.logger.Debug("transfer ended", logkeys.SerialNumber, d.id.SerialNumber, logkeys.Fault, fault.FaultCode)
	d.poke()
}

// fileFetched takes a file: firmware is installed by a reboot. The caller holds mu.
func (d *Device) fileFetched(t *transfer, got fetched) {
	name := fileName(&t.request)
	if len(d.applied) >= maxApplied {
		d.applied = slices.Delete(d.applied, 0, len(d.applied)-maxApplied+1)
	}
	d.applied = append(d.applied, AppliedFile{
		CommandKey: t.request.CommandKey, FileType: t.request.FileType, Name: name,
		Size: got.size, SHA256: got.sum, Resumed: got.resumed, StartTime: t.start, CompleteTime: t.complete,
	})
	if t.request.FileType != cwmp.FileTypeFirmware {
		return
	}
	t.version = firmwareVersion(got.head, name)
	t.state = transferInstalling
	if d.reboot == nil {
		d.reboot = &rebooting{}
	}
}

// install makes the firmware run that was fetched. The caller holds mu.
func (d *Device) install() {
	for _, t := range slices.Clone(d.transfers) {
		if t.state != transferInstalling {
			continue
		}
		t.state = transferDone
		if d.config.Quirks.NoTransferComplete {
			d.drop(t)
		}
		if t.version == d.software {
			continue
		}
		d.software = t.version
		if e, ok := d.tree.parameter(d.config.Root + "DeviceInfo.SoftwareVersion"); ok {
			d.noteChange(e)
		}
	}
}

// interruptTransfers lets the transfers that a reboot broke start again after it.
// The caller holds mu.
func (d *Device) interruptTransfers() {
	for _, t := range d.transfers {
		if t.state == transferRunning {
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
		event := cwmp.EventStruct{EventCode: cwmp.EventMDownload, CommandKey: t.request.CommandKey}
		if t.state != transferDone || !slices.Contains(events, event) {
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

func fileName(m *cwmp.Download) string {
	if m.TargetFileName != "" {
		return m.TargetFileName
	}
	u, err := url.Parse(m.URL)
	if err != nil {
		return ""
	}
	return path.Base(u.Path)
}

// versionLine is how a firmware file for simulated phones may begin.
const versionLine = "version:"

// firmwareVersion is what the file says of itself in a leading line, else the
// file's name without its extension, which is what a Cisco phone shows.
func firmwareVersion(head []byte, name string) string {
	line, _, _ := strings.Cut(string(head), "\n")
	if version, ok := strings.CutPrefix(line, versionLine); ok {
		if version = strings.TrimSpace(version); version != "" && len(version) <= 64 && cwmp.ValidText(version) == nil {
			return version
		}
	}
	name = strings.TrimSuffix(name, path.Ext(name))
	if len(name) > 64 {
		name = name[:64]
	}
	return strings.ToValidUTF8(name, "")
}
