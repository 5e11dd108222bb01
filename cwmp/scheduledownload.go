package cwmp

// ScheduleDownload asks a device to fetch a file within time windows (TR-069
// A.4.1.8). Sent by the ACS, since CWMP 1.2.
type ScheduleDownload struct {
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
	// TimeWindowList is one window or two, that do not overlap, in the order of
	// time.
	TimeWindowList []TimeWindowStruct
}

// TimeWindowStruct is when a device may fetch and apply a file (TR-069 A.4.1.8).
type TimeWindowStruct struct {
	// WindowStart and WindowEnd are in seconds after the request.
	WindowStart int64
	WindowEnd   int64
	// WindowMode is one of the WindowMode constants, or "X <VENDOR> <name>".
	WindowMode string
	// UserMessage is what the user is asked where WindowMode is
	// WindowConfirmationNeeded; at most 256 characters.
	UserMessage string
	// MaxRetries is how often the device tries again within the window; -1
	// leaves it to the device.
	MaxRetries int
}

// How a device picks the moment in a time window (TR-069 A.4.1.8).
const (
	WindowAtAnyTime          = "1 At Any Time"
	WindowImmediately        = "2 Immediately"
	WindowWhenIdle           = "3 When Idle"
	WindowConfirmationNeeded = "4 Confirmation Needed"
)

// Method returns "ScheduleDownload".
func (*ScheduleDownload) Method() string { return "ScheduleDownload" }

func (m *ScheduleDownload) decode(e *element) {
	m.CommandKey = e.child("CommandKey").value()
	m.FileType = e.child("FileType").value()
	m.URL = e.child("URL").token()
	m.Username = e.child("Username").value()
	m.Password = e.child("Password").value()
	m.FileSize = e.child("FileSize").unsigned64()
	m.TargetFileName = e.child("TargetFileName").value()
	list := e.child("TimeWindowList")
	if list.count() == 0 {
		return
	}
	m.TimeWindowList = make([]TimeWindowStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.TimeWindowList = append(m.TimeWindowList, TimeWindowStruct{
			WindowStart: c.child("WindowStart").unsigned64(),
			WindowEnd:   c.child("WindowEnd").unsigned64(),
			WindowMode:  c.child("WindowMode").value(),
			UserMessage: c.child("UserMessage").value(),
			MaxRetries:  c.child("MaxRetries").integer(),
		})
	}
}

func (m *ScheduleDownload) encode(w *writer) {
	w.text("CommandKey", m.CommandKey)
	w.text("FileType", m.FileType)
	w.text("URL", m.URL)
	w.text("Username", m.Username)
	w.text("Password", m.Password)
	w.number("FileSize", m.FileSize)
	w.text("TargetFileName", m.TargetFileName)
	w.openArray("TimeWindowList", "cwmp:TimeWindowStruct", len(m.TimeWindowList))
	for i := range m.TimeWindowList {
		t := &m.TimeWindowList[i]
		w.open("TimeWindowStruct")
		w.number("WindowStart", t.WindowStart)
		w.number("WindowEnd", t.WindowEnd)
		w.text("WindowMode", t.WindowMode)
		w.text("UserMessage", t.UserMessage)
		w.number("MaxRetries", int64(t.MaxRetries))
		w.close("TimeWindowStruct")
	}
	w.close("TimeWindowList")
}

// ScheduleDownloadResponse answers ScheduleDownload (TR-069 A.4.1.8); a
// TransferComplete follows.
type ScheduleDownloadResponse struct{}

// Method returns "ScheduleDownloadResponse".
func (*ScheduleDownloadResponse) Method() string { return "ScheduleDownloadResponse" }

func (*ScheduleDownloadResponse) decode(*element) {}
func (*ScheduleDownloadResponse) encode(*writer)  {}
