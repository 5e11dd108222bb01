package cwmp

// Download asks a device to fetch a file (TR-069 A.3.2.8). Sent by the ACS. All ten
// elements are always written, empty or not.
type Download struct {
	// CommandKey comes back in the TransferComplete; at most 32 characters.
	CommandKey string
	// FileType is such as FileTypeFirmware.
	FileType string
	// URL is where the file is; at most 256 characters.
	URL      string
	Username string
	Password string
	// FileSize is in bytes; 0 if not told.
	FileSize       int64
	TargetFileName string
	// DelaySeconds is how long the device waits after the session.
	DelaySeconds int
	SuccessURL   string
	FailureURL   string
}

// File types of Download (TR-069 A.3.2.8). Vendors add "X <OUI> <name>".
const (
	FileTypeFirmware      = "1 Firmware Upgrade Image"
	FileTypeWebContent    = "2 Web Content"
	FileTypeConfiguration = "3 Vendor Configuration File"
	FileTypeTone          = "4 Tone File"
	FileTypeRinger        = "5 Ringer File"
	// FileTypeStoredFirmware is kept by the device and not yet run (TR-069
	// Amendment 6, Appendix V).
	FileTypeStoredFirmware = "6 Stored Firmware Image"
)

// Method returns "Download".
func (*Download) Method() string { return "Download" }

func (m *Download) decode(e *element) {
	m.CommandKey = e.child("CommandKey").value()
	m.FileType = e.child("FileType").value()
	m.URL = e.child("URL").token()
	m.Username = e.child("Username").value()
	m.Password = e.child("Password").value()
	m.FileSize = e.child("FileSize").unsigned64()
	m.TargetFileName = e.child("TargetFileName").value()
	m.DelaySeconds = e.child("DelaySeconds").unsigned()
	m.SuccessURL = e.child("SuccessURL").token()
	m.FailureURL = e.child("FailureURL").token()
}

func (m *Download) encode(w *writer) {
	w.text("CommandKey", m.CommandKey)
	w.text("FileType", m.FileType)
	w.text("URL", m.URL)
	w.text("Username", m.Username)
	w.text("Password", m.Password)
	w.number("FileSize", m.FileSize)
	w.text("TargetFileName", m.TargetFileName)
	w.number("DelaySeconds", int64(m.DelaySeconds))
	w.text("SuccessURL", m.SuccessURL)
	w.text("FailureURL", m.FailureURL)
}

// DownloadResponse answers Download (TR-069 A.3.2.8).
type DownloadResponse struct {
	// Status is 0 if the transfer is done and applied, 1 if a
	// TransferComplete will tell.
	Status int
	// StartTime and CompleteTime are unknown where Status is 1.
	StartTime    DateTime
	CompleteTime DateTime
}

// Method returns "DownloadResponse".
func (*DownloadResponse) Method() string { return "DownloadResponse" }

func (m *DownloadResponse) decode(e *element) {
	m.Status = e.child("Status").integer()
	m.StartTime = e.child("StartTime").dateTime()
	m.CompleteTime = e.child("CompleteTime").dateTime()
}

func (m *DownloadResponse) encode(w *writer) {
	w.number("Status", int64(m.Status))
	w.dateTime("StartTime", m.StartTime)
	w.dateTime("CompleteTime", m.CompleteTime)
}
