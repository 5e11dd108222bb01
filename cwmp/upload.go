package cwmp

import (
	"fmt"
	"strings"
)

// Upload asks a device to send a file, with HTTP PUT where the URL is HTTP (TR-069
// A.4.1.5). Sent by the ACS. All six elements are always written, empty or not.
type Upload struct {
	// CommandKey comes back in the TransferComplete; at most 32 characters.
	CommandKey string
	// FileType is such as FileTypeUploadLog; see CheckUploadFileType.
	FileType string
	// URL is where the file goes; at most 256 characters.
	URL      string
	Username string
	Password string
	// DelaySeconds is how long the device waits after the session.
	DelaySeconds int
}

// File types of Upload (TR-069 A.4.1.5). The numbers mean other things than in a
// Download. The number of a file
// follows the two Numbered ones: "3 Vendor Configuration File 1". Vendors add "X
// <OUI> <name>".
const (
	FileTypeUploadConfiguration         = "1 Vendor Configuration File"
	FileTypeUploadLog                   = "2 Vendor Log File"
	FileTypeUploadNumberedConfiguration = "3 Vendor Configuration File"
	FileTypeUploadNumberedLog           = "4 Vendor Log File"
)

// maxFileType is how many characters a FileType may have (cwmp-1-0.xsd).
const maxFileType = 64

// CheckUploadFileType returns an error that says what is wrong if fileType is none
// that Upload can have: "1 Vendor Configuration File", "2 Vendor Log File", "3
// Vendor Configuration File <i>" and "4 Vendor Log File <i>" with the number of an
// instance, "X <OUI> <name>" or "X <VENDOR> <name>", or a higher number with a name,
// which later editions may define.
func CheckUploadFileType(fileType string) error {
	if len([]rune(fileType)) > maxFileType {
		return fmt.Errorf("cwmp: FileType: longer than %d characters", maxFileType)
	}
	words := strings.Split(fileType, " ")
	for _, word := range words {
		if word == "" || strings.ContainsAny(word, whitespace) {
			return fmt.Errorf("cwmp: FileType: want words with one space between them, such as %q", FileTypeUploadLog)
		}
	}
	if len(words) < 2 || words[0] == "X" && len(words) < 3 {
		return fmt.Errorf("cwmp: FileType: want a number or X <OUI>, and a name, such as %q", FileTypeUploadLog)
	}
	name, last := strings.Join(words[:len(words)-1], " "), words[len(words)-1]
	switch words[0] {
	case "X":
		return nil
	case "1", "2":
		if fileType != FileTypeUploadConfiguration && fileType != FileTypeUploadLog {
			return fmt.Errorf("cwmp: FileType: want %q or %q", FileTypeUploadConfiguration, FileTypeUploadLog)
		}
		return nil
	case "3", "4":
		if name != FileTypeUploadNumberedConfiguration && name != FileTypeUploadNumberedLog || !isPositive(last) {
			return fmt.Errorf("cwmp: FileType: want %q or %q with a number", FileTypeUploadNumberedConfiguration, FileTypeUploadNumberedLog)
		}
		return nil
	}
	if !isPositive(words[0]) {
		return fmt.Errorf("cwmp: FileType: want a number or X first, such as %q", FileTypeUploadLog)
	}
	return nil
}

// isPositive reports whether text is a decimal number above 0 without leading zeros.
func isPositive(text string) bool {
	if text == "" || text[0] == '0' {
		return false
	}
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return true
}

// Method returns "Upload".
func (*Upload) Method() string { return "Upload" }

func (m *Upload) decode(e *element) {
	m.CommandKey = e.child("CommandKey").value()
	m.FileType = e.child("FileType").value()
	m.URL = e.child("URL").token()
	m.Username = e.child("Username").value()
	m.Password = e.child("Password").value()
	m.DelaySeconds = e.child("DelaySeconds").unsigned()
}

func (m *Upload) encode(w *writer) {
	w.text("CommandKey", m.CommandKey)
	w.text("FileType", m.FileType)
	w.text("URL", m.URL)
	w.text("Username", m.Username)
	w.text("Password", m.Password)
	w.number("DelaySeconds", int64(m.DelaySeconds))
}

// UploadResponse answers Upload (TR-069 A.4.1.5).
type UploadResponse struct {
	// Status is 0 if the transfer is done, 1 if a TransferComplete will tell.
	Status int
	// StartTime and CompleteTime are unknown where Status is 1.
	StartTime    DateTime
	CompleteTime DateTime
}

// Method returns "UploadResponse".
func (*UploadResponse) Method() string { return "UploadResponse" }

func (m *UploadResponse) decode(e *element) {
	m.Status = e.child("Status").integer()
	m.StartTime = e.child("StartTime").dateTime()
	m.CompleteTime = e.child("CompleteTime").dateTime()
}

func (m *UploadResponse) encode(w *writer) {
	w.number("Status", int64(m.Status))
	w.dateTime("StartTime", m.StartTime)
	w.dateTime("CompleteTime", m.CompleteTime)
}
