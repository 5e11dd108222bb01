package cwmp

// GetAllQueuedTransfers asks for all transfers, those included that the ACS did not
// ask for (TR-069 A.4.1.7). Sent by the ACS, since CWMP 1.1.
type GetAllQueuedTransfers struct{}

// AllQueuedTransferStruct is a transfer that waits, runs, or is not yet reported
// (TR-069 A.4.1.7).
type AllQueuedTransferStruct struct {
	// CommandKey is empty for a transfer that the ACS did not ask for.
	CommandKey string
	// State is one of the Transfer constants.
	State int
	// IsDownload is false for an upload.
	IsDownload bool
	// FileType is as in AutonomousTransferComplete.
	FileType string
	// FileSize is in bytes; 0 if not known.
	FileSize       int64
	TargetFileName string
}

// Method returns "GetAllQueuedTransfers".
func (*GetAllQueuedTransfers) Method() string { return "GetAllQueuedTransfers" }

func (*GetAllQueuedTransfers) decode(*element) {}
func (*GetAllQueuedTransfers) encode(*writer)  {}

// GetAllQueuedTransfersResponse answers GetAllQueuedTransfers (TR-069 A.4.1.7).
type GetAllQueuedTransfersResponse struct {
	// TransferList has at most 16 transfers.
	TransferList []AllQueuedTransferStruct
}

// Method returns "GetAllQueuedTransfersResponse".
func (*GetAllQueuedTransfersResponse) Method() string { return "GetAllQueuedTransfersResponse" }

func (m *GetAllQueuedTransfersResponse) decode(e *element) {
	list := e.child("TransferList")
	if list.count() == 0 {
		return
	}
	m.TransferList = make([]AllQueuedTransferStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.TransferList = append(m.TransferList, AllQueuedTransferStruct{
			CommandKey:     c.child("CommandKey").value(),
			State:          c.child("State").integer(),
			IsDownload:     c.child("IsDownload").boolean(),
			FileType:       c.child("FileType").value(),
			FileSize:       c.child("FileSize").unsigned64(),
			TargetFileName: c.child("TargetFileName").value(),
		})
	}
}

func (m *GetAllQueuedTransfersResponse) encode(w *writer) {
	w.openArray("TransferList", "cwmp:AllQueuedTransferStruct", len(m.TransferList))
	for i := range m.TransferList {
		t := &m.TransferList[i]
		w.open("AllQueuedTransferStruct")
		w.text("CommandKey", t.CommandKey)
		w.number("State", int64(t.State))
		w.boolean("IsDownload", t.IsDownload)
		w.text("FileType", t.FileType)
		w.number("FileSize", t.FileSize)
		w.text("TargetFileName", t.TargetFileName)
		w.close("AllQueuedTransferStruct")
	}
	w.close("TransferList")
}
