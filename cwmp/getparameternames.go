package cwmp

import "strconv"

// GetParameterNames asks what there is below a path (TR-069 A.3.2.3). Sent by the
// ACS.
type GetParameterNames struct {
	// ParameterPath is a full path, or a partial one that ends with a dot;
	// empty is the root.
	ParameterPath string
	// NextLevel asks for the next level only, without the object itself.
	NextLevel bool
	// Words writes NextLevel as true or false, for devices that do not read 1 and 0.
	Words bool
}

// Method returns "GetParameterNames".
func (*GetParameterNames) Method() string { return "GetParameterNames" }

func (m *GetParameterNames) decode(e *element) {
	m.ParameterPath = e.child("ParameterPath").token()
	m.NextLevel = e.child("NextLevel").boolean()
}

func (m *GetParameterNames) encode(w *writer) {
	w.text("ParameterPath", m.ParameterPath)
	if m.Words {
		w.text("NextLevel", strconv.FormatBool(m.NextLevel))
		return
	}
	w.boolean("NextLevel", m.NextLevel)
}

// ParameterInfoStruct is one parameter or object (TR-069 A.3.2.3).
type ParameterInfoStruct struct {
	// Name is the full path; that of an object ends with a dot.
	Name string
	// Writable of an object says that instances may be added, or that this
	// instance may be deleted.
	Writable bool
}

// GetParameterNamesResponse answers GetParameterNames (TR-069 A.3.2.3).
type GetParameterNamesResponse struct {
	ParameterList []ParameterInfoStruct
}

// Method returns "GetParameterNamesResponse".
func (*GetParameterNamesResponse) Method() string { return "GetParameterNamesResponse" }

func (m *GetParameterNamesResponse) decode(e *element) {
	list := e.child("ParameterList")
	if list.count() == 0 {
		return
	}
	m.ParameterList = make([]ParameterInfoStruct, 0, list.count())
	for c := list.first; c != nil; c = c.next {
		m.ParameterList = append(m.ParameterList, ParameterInfoStruct{
			Name:     c.child("Name").token(),
			Writable: c.child("Writable").boolean(),
		})
	}
}

func (m *GetParameterNamesResponse) encode(w *writer) {
	w.openArray("ParameterList", "cwmp:ParameterInfoStruct", len(m.ParameterList))
	for i := range m.ParameterList {
		w.open("ParameterInfoStruct")
		w.text("Name", m.ParameterList[i].Name)
		w.boolean("Writable", m.ParameterList[i].Writable)
		w.close("ParameterInfoStruct")
	}
	w.close("ParameterList")
}
