package cwmp

// AutonomousTransferComplete reports the end of a transfer that the ACS did not ask
// for (TR-069 A.3.3.3). Sent by the device, since CWMP 1.1.
type AutonomousTransferComplete struct {
	// AnnounceURL is where the device learnt of the file; at most 1024
	// characters, empty if nowhere.
	AnnounceURL string
	// TransferURL is where the file came from or went to; at most 1024
	// characters.
	TransferURL string
	// IsDownload is false for an upload.
	IsDownload bool
	// FileType is such as FileTypeFirmware. The numbers of uploads differ from
	// those of Upload: "4 Vendor Log File", "6 Vendor Configuration File <i>"
	// and "7 Vendor Log File <i>".
	FileType string
	// FileSize is in bytes; 0 if not known.
	FileSize       int64
	TargetFileName string
	// Fault is zero if the transfer succeeded.
	Fault FaultStruct
	// StartTime and CompleteTime are unknown where the device did not say.
	StartTime    DateTime
	CompleteTime DateTime
}

// Method returns "AutonomousTransferComplete".
func (*AutonomousTransferComplete) Method() string { return "AutonomousTransferComplete" }

func (m *AutonomousTransferComplete) decode(e *element) {
	m.AnnounceURL = e.child("AnnounceURL").token()
	m.TransferURL = e.child("TransferURL").token()
	m.IsDownload = e.child("IsDownload").boolean()
	m.FileType = e.child("FileType").value()
	m.FileSize = e.child("FileSize").unsigned64()
	m.TargetFileName = e.child("TargetFileName").value()
	m.Fault.FaultCode, m.Fault.FaultString = e.child("FaultStruct").fault()
	m.StartTime = e.child("StartTime").dateTime()
	m.CompleteTime = e.child("CompleteTime").dateTime()
}

func (m *AutonomousTransferComplete) encode(w *writer) {
	w.text("AnnounceURL", m.AnnounceURL)
	w.text("TransferURL", m.TransferURL)
	w.boolean("IsDownload", m.IsDownload)
	w.text("FileType", m.FileType)
	w.number("FileSize", m.FileSize)
	w.text("TargetFileName", m.TargetFileName)
	w.fault("FaultStruct", m.Fault)
	w.dateTime("StartTime", m.StartTime)
	w.dateTime("CompleteTime", m.CompleteTime)
}

// AutonomousTransferCompleteResponse answers AutonomousTransferComplete (TR-069
// A.3.3.3).
type AutonomousTransferCompleteResponse struct{}

// Method returns "AutonomousTransferCompleteResponse".
func (*AutonomousTransferCompleteResponse) Method() string {
	return "AutonomousTransferCompleteResponse"
}

func (*AutonomousTransferCompleteResponse) decode(*element) {}
func (*AutonomousTransferCompleteResponse) encode(*writer)  {}
