package cpe

import (
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// queuedTransfers lists the transfers of the ACS (TR-069 A.4.1.1). The caller holds
// mu.
func (d *Device) queuedTransfers() cwmp.Message {
	response := &cwmp.GetQueuedTransfersResponse{}
	for _, t := range d.transfers {
		response.TransferList = append(response.TransferList, cwmp.QueuedTransferStruct{
			CommandKey: t.request.CommandKey, State: t.state.queued(),
		})
	}
	return response
}

// allQueuedTransfers lists the transfers of the ACS, and those of the device that are
// not yet reported (TR-069 A.4.1.7). The caller holds mu.
func (d *Device) allQueuedTransfers() cwmp.Message {
	response := &cwmp.GetAllQueuedTransfersResponse{}
	for _, t := range d.transfers {
		fileType := t.request.FileType
		if t.method == methodUpload {
			fileType = queuedUploadType(fileType)
		}
		response.TransferList = append(response.TransferList, cwmp.AllQueuedTransferStruct{
			CommandKey: t.request.CommandKey, State: t.state.queued(), IsDownload: t.method != methodUpload,
			FileType: fileType, FileSize: t.request.FileSize, TargetFileName: t.request.TargetFileName,
		})
	}
	for _, o := range d.outbox {
		m, ok := o.message.(*cwmp.AutonomousTransferComplete)
		if !ok || len(response.TransferList) >= maxTransfers {
			continue
		}
		response.TransferList = append(response.TransferList, cwmp.AllQueuedTransferStruct{
			State: cwmp.TransferCompleted, IsDownload: m.IsDownload, FileType: m.FileType,
			FileSize: m.FileSize, TargetFileName: m.TargetFileName,
		})
	}
	return response
}

// queuedUploadType is how the list of all transfers writes the FileType of an Upload:
// with numbers that differ from those of downloads (TR-069 A.4.1.7).
func queuedUploadType(fileType string) string {
	switch fileType {
	case cwmp.FileTypeUploadConfiguration:
		return "3 Vendor Configuration File"
	case cwmp.FileTypeUploadLog:
		return "4 Vendor Log File"
	}
	if number, ok := strings.CutPrefix(fileType, cwmp.FileTypeUploadNumberedConfiguration+" "); ok {
		return "6 Vendor Configuration File " + number
	}
	if number, ok := strings.CutPrefix(fileType, cwmp.FileTypeUploadNumberedLog+" "); ok {
		return "7 Vendor Log File " + number
	}
	return fileType
}

// queued is the state as GetQueuedTransfers tells it.
func (s transferState) queued() int {
	switch s {
	case transferAccepted, transferWaiting:
		return cwmp.TransferNotStarted
	case transferRunning:
		return cwmp.TransferInProgress
	}
	return cwmp.TransferCompleted
}

// cancelTransfer drops the transfers of a CommandKey that have not started (TR-069
// A.4.1.9). The caller holds mu.
func (d *Device) cancelTransfer(m *cwmp.CancelTransfer) cwmp.Message {
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	started := false
	kept := d.transfers[:0:0]
	for _, t := range d.transfers {
		switch {
		case t.request.CommandKey != m.CommandKey:
			kept = append(kept, t)
		case t.state.queued() != cwmp.TransferNotStarted:
			kept = append(kept, t)
			started = true
		case t.cancel != nil:
			t.cancel()
		}
	}
	d.transfers = kept
	if started {
		return cwmp.NewFault(cwmp.FaultCancelNotPermitted, "")
	}
	return &cwmp.CancelTransferResponse{}
}
