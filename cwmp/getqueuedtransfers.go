package cwmp

// GetQueuedTransfers asks for the transfers that the ACS has requested and that are
// not yet reported (TR-069 A.4.1.1). Sent by the ACS; deprecated in favour of
// GetAllQueuedTransfers.
type GetQueuedTransfers struct{}

// QueuedTransferStruct is a transfer that waits, runs, or is not yet reported
// (TR-069 A.4.1.1).
type QueuedTransferStruct struct {
	CommandKey string
	// State is one of the Transfer constants.
	State int
}

// States of a transfer (TR-069 A.4.1.1, A.4.1.7).
const (
	TransferNotStarted = 1
	TransferInProgress = 2
	TransferCompleted  = 3
)

// Method returns "GetQueuedTransfers".
func (*GetQueuedTransfers) Method() string { return "GetQueuedTransfers" }

func (*GetQueuedTransfers) decode(*element) {}
func (*GetQueuedTransfers) encode(*writer)  {}

// GetQueuedTransfersResponse answers GetQueuedTransfers (TR-069 A.4.1.1).
type GetQueuedTransfersResponse struct {
	// TransferList has at most 16 transfers.
	TransferList []QueuedTransferStruct
}

// Method returns "GetQueuedTransfersResponse".
func (*GetQueuedTransfersResponse) Method() string { return "GetQueuedTransfersResponse" }

func (m *GetQueuedTransfersResponse) decode(e *element) {
	list := e.child("TransferList")
	if list.count() == 0 {
		return
	}
	m.TransferList = make([]QueuedTransferStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.TransferList = append(m.TransferList, QueuedTransferStruct{
			CommandKey: c.child("CommandKey").value(), State: c.child("State").integer(),
		})
	}
}

func (m *GetQueuedTransfersResponse) encode(w *writer) {
	w.openArray("TransferList", "cwmp:QueuedTransferStruct", len(m.TransferList))
	for _, t := range m.TransferList {
		w.open("QueuedTransferStruct")
		w.text("CommandKey", t.CommandKey)
		w.number("State", int64(t.State))
		w.close("QueuedTransferStruct")
	}
	w.close("TransferList")
}
