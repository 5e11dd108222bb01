package cwmp

// CancelTransfer asks a device to drop the transfers of a CommandKey (TR-069
// A.4.1.9). Sent by the ACS, since CWMP 1.2. A device answers
// FaultCancelNotPermitted where a transfer can no longer be stopped; that there is
// none of the CommandKey is no fault.
type CancelTransfer struct {
	// CommandKey is that of the Download, ScheduleDownload or Upload.
	CommandKey string
}

// Method returns "CancelTransfer".
func (*CancelTransfer) Method() string { return "CancelTransfer" }

func (m *CancelTransfer) decode(e *element) { m.CommandKey = e.child("CommandKey").value() }

func (m *CancelTransfer) encode(w *writer) { w.text("CommandKey", m.CommandKey) }

// CancelTransferResponse answers CancelTransfer (TR-069 A.4.1.9); no
// TransferComplete follows.
type CancelTransferResponse struct{}

// Method returns "CancelTransferResponse".
func (*CancelTransferResponse) Method() string { return "CancelTransferResponse" }

func (*CancelTransferResponse) decode(*element) {}
func (*CancelTransferResponse) encode(*writer)  {}
