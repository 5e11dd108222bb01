package cwmp

// DUStateChangeComplete reports the end of a ChangeDUState (TR-069 A.4.2.3). Sent by
// the device, since CWMP 1.2.
type DUStateChangeComplete struct {
	// Results is one for each operation, in the order of the request.
	Results []OpResultStruct
	// CommandKey is that of the ChangeDUState.
	CommandKey string
}

// OpResultStruct is what came of one operation on a deployment unit (TR-069
// A.4.2.3).
type OpResultStruct struct {
	UUID string
	// DeploymentUnitRef is the path of the deployment unit in the data model;
	// empty if there is none.
	DeploymentUnitRef string
	Version           string
	// CurrentState is one of the DeploymentUnit constants.
	CurrentState string
	// Resolved says that nothing is missing that the deployment unit needs.
	Resolved bool
	// ExecutionUnitRefList is paths in the data model with commas between
	// them.
	ExecutionUnitRefList string
	// StartTime and CompleteTime are unknown where the device did not say.
	StartTime    DateTime
	CompleteTime DateTime
	// Fault is zero if the operation succeeded.
	Fault FaultStruct
}

// States of a deployment unit after an operation (TR-069 A.4.2.3).
const (
	DeploymentUnitInstalled   = "Installed"
	DeploymentUnitUninstalled = "Uninstalled"
	// DeploymentUnitFailed is that of one that could not be installed.
	DeploymentUnitFailed = "Failed"
)

// Method returns "DUStateChangeComplete".
func (*DUStateChangeComplete) Method() string { return "DUStateChangeComplete" }

func (m *DUStateChangeComplete) decode(e *element) {
	for r := range results(e) {
		m.Results = append(m.Results, decodeOpResult(r))
	}
	m.CommandKey = e.child("CommandKey").value()
}

// results calls yield for every result of a message: the schema has one Results
// element for each, but some devices send one SOAP array of them.
func results(e *element) func(yield func(*element) bool) {
	return func(yield func(*element) bool) {
		for c := e.first; c != nil; c = c.next {
			if c.local != "Results" {
				continue
			}
			if !isResultArray(c) {
				if !yield(c) {
					return
				}
				continue
			}
			for item := c.first; item != nil; item = item.next {
				if !yield(item) {
					return
				}
			}
		}
	}
}

func isResultArray(e *element) bool {
	return e.count() > 0 && e.first.count() > 0 && e.first.local != "Fault"
}

func decodeOpResult(e *element) OpResultStruct {
	r := OpResultStruct{
		UUID:                 e.child("UUID").token(),
		DeploymentUnitRef:    e.child("DeploymentUnitRef").token(),
		Version:              e.child("Version").token(),
		CurrentState:         e.child("CurrentState").token(),
		Resolved:             e.child("Resolved").boolean(),
		ExecutionUnitRefList: e.child("ExecutionUnitRefList").token(),
		StartTime:            e.child("StartTime").dateTime(),
		CompleteTime:         e.child("CompleteTime").dateTime(),
	}
	r.Fault.FaultCode, r.Fault.FaultString = e.child("Fault").fault()
	return r
}

func (m *DUStateChangeComplete) encode(w *writer) {
	for i := range m.Results {
		w.open("Results")
		m.Results[i].encode(w)
		w.close("Results")
	}
	w.text("CommandKey", m.CommandKey)
}

func (r *OpResultStruct) encode(w *writer) {
	w.text("UUID", r.UUID)
	w.text("DeploymentUnitRef", r.DeploymentUnitRef)
	w.text("Version", r.Version)
	w.text("CurrentState", r.CurrentState)
	w.boolean("Resolved", r.Resolved)
	w.text("ExecutionUnitRefList", r.ExecutionUnitRefList)
	w.dateTime("StartTime", r.StartTime)
	w.dateTime("CompleteTime", r.CompleteTime)
	w.fault("Fault", r.Fault)
}

// DUStateChangeCompleteResponse answers DUStateChangeComplete (TR-069 A.4.2.3).
type DUStateChangeCompleteResponse struct{}

// Method returns "DUStateChangeCompleteResponse".
func (*DUStateChangeCompleteResponse) Method() string { return "DUStateChangeCompleteResponse" }

func (*DUStateChangeCompleteResponse) decode(*element) {}
func (*DUStateChangeCompleteResponse) encode(*writer)  {}
