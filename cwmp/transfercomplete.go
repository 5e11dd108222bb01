package cwmp

// TransferComplete reports the end of a transfer that the ACS asked for (TR-069
// A.3.3.2). Sent by the device.
type TransferComplete struct {
	// CommandKey is that of the Download or Upload.
	CommandKey string
	// Fault is zero if the transfer succeeded.
	Fault FaultStruct
	// StartTime and CompleteTime are unknown where the device did not say.
	StartTime    DateTime
	CompleteTime DateTime
}

// FaultStruct is the outcome of a transfer, or of an operation on a deployment unit:
// FaultCode 0 is success.
type FaultStruct struct {
	FaultCode   int
	FaultString string
}

// Method returns "TransferComplete".
func (*TransferComplete) Method() string { return "TransferComplete" }

func (m *TransferComplete) decode(e *element) {
	m.CommandKey = e.child("CommandKey").value()
	fault := e.child("FaultStruct")
	m.Fault.FaultCode, m.Fault.FaultString = fault.fault()
	m.StartTime = e.child("StartTime").dateTime()
	m.CompleteTime = e.child("CompleteTime").dateTime()
}

func (m *TransferComplete) encode(w *writer) {
	w.text("CommandKey", m.CommandKey)
	w.fault("FaultStruct", m.Fault)
	w.dateTime("StartTime", m.StartTime)
	w.dateTime("CompleteTime", m.CompleteTime)
}

// TransferCompleteResponse answers TransferComplete (TR-069 A.3.3.2). A device
// sends its TransferComplete again until it gets this.
type TransferCompleteResponse struct{}

// Method returns "TransferCompleteResponse".
func (*TransferCompleteResponse) Method() string { return "TransferCompleteResponse" }

func (*TransferCompleteResponse) decode(*element) {}
func (*TransferCompleteResponse) encode(*writer)  {}
