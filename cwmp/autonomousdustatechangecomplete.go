package cwmp

// AutonomousDUStateChangeComplete reports the end of operations on deployment units
// that the ACS did not ask for (TR-069 A.4.2.4). Sent by the device, since CWMP 1.2.
type AutonomousDUStateChangeComplete struct {
	// Results is one for each operation.
	Results []AutonOpResultStruct
}

// AutonOpResultStruct is what came of an operation that the ACS did not ask for
// (TR-069 A.4.2.4).
type AutonOpResultStruct struct {
	OpResultStruct
	// OperationPerformed is one of the Operation constants, or a vendor's.
	OperationPerformed string
}

// Operations on deployment units (TR-069 A.4.2.4).
const (
	OperationInstall   = "Install"
	OperationUpdate    = "Update"
	OperationUninstall = "Uninstall"
)

// Method returns "AutonomousDUStateChangeComplete".
func (*AutonomousDUStateChangeComplete) Method() string { return "AutonomousDUStateChangeComplete" }

func (m *AutonomousDUStateChangeComplete) decode(e *element) {
	for r := range results(e) {
		m.Results = append(m.Results, AutonOpResultStruct{
			OpResultStruct: decodeOpResult(r), OperationPerformed: r.child("OperationPerformed").token(),
		})
	}
}

func (m *AutonomousDUStateChangeComplete) encode(w *writer) {
	for i := range m.Results {
		w.open("Results")
		m.Results[i].OpResultStruct.encode(w)
		w.text("OperationPerformed", m.Results[i].OperationPerformed)
		w.close("Results")
	}
}

// AutonomousDUStateChangeCompleteResponse answers
// AutonomousDUStateChangeComplete (TR-069 A.4.2.4).
type AutonomousDUStateChangeCompleteResponse struct{}

// Method returns "AutonomousDUStateChangeCompleteResponse".
func (*AutonomousDUStateChangeCompleteResponse) Method() string {
	return "AutonomousDUStateChangeCompleteResponse"
}

func (*AutonomousDUStateChangeCompleteResponse) decode(*element) {}
func (*AutonomousDUStateChangeCompleteResponse) encode(*writer)  {}
