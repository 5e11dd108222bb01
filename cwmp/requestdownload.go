package cwmp

// RequestDownload asks the ACS to send a Download, now or later (TR-069 A.4.2.2).
// Sent by the device.
type RequestDownload struct {
	// FileType is what the device wants, such as FileTypeFirmware.
	FileType string
	// FileTypeArg says more about the file; at most 16 arguments.
	FileTypeArg []ArgStruct
}

// ArgStruct is one argument of a RequestDownload (TR-069 A.4.2.2).
type ArgStruct struct {
	// Name is at most 64 characters.
	Name string
	// Value is at most 256 characters.
	Value string
}

// Method returns "RequestDownload".
func (*RequestDownload) Method() string { return "RequestDownload" }

func (m *RequestDownload) decode(e *element) {
	m.FileType = e.child("FileType").value()
	list := e.child("FileTypeArg")
	if list.count() == 0 {
		return
	}
	m.FileTypeArg = make([]ArgStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.FileTypeArg = append(m.FileTypeArg, ArgStruct{Name: c.child("Name").token(), Value: c.child("Value").value()})
	}
}

func (m *RequestDownload) encode(w *writer) {
	w.text("FileType", m.FileType)
	w.openArray("FileTypeArg", "cwmp:ArgStruct", len(m.FileTypeArg))
	for _, a := range m.FileTypeArg {
		w.open("ArgStruct")
		w.text("Name", a.Name)
		w.text("Value", a.Value)
		w.close("ArgStruct")
	}
	w.close("FileTypeArg")
}

// RequestDownloadResponse answers RequestDownload (TR-069 A.4.2.2): the ACS has taken note.
type RequestDownloadResponse struct{}

// Method returns "RequestDownloadResponse".
func (*RequestDownloadResponse) Method() string { return "RequestDownloadResponse" }

func (*RequestDownloadResponse) decode(*element) {}
func (*RequestDownloadResponse) encode(*writer)  {}
