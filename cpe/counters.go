package cpe

import (
	"maps"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// Execution names what an RPC was executed for, so that a test can ask how often
// that happened.
type Execution struct {
	// Method is the RPC's name.
	Method string
	// CommandKey is that of the RPC, or the ParameterKey of a
	// SetParameterValues, AddObject or DeleteObject.
	CommandKey string
	// ObjectName is that of an AddObject or DeleteObject.
	ObjectName string
}

// JournalEntry is one RPC that was executed, or refused with a fault.
type JournalEntry struct {
	Execution
	// Session is the Number of the session.
	Session int
	// Time is when it was executed.
	Time time.Time
	// InstanceNumber is what AddObject returned.
	InstanceNumber int
	// FaultCode is 0 if the RPC was executed.
	FaultCode int
}

// maxExecutions bounds the distinct executions that are counted one by one;
// the counts by method have no bound to keep.
const maxExecutions = 100_000

// ledger counts what a device executed. Guarded by Device.mu.
type ledger struct {
	executed   map[string]int
	faulted    map[string]int
	executions map[Execution]int
	journal    []JournalEntry
	size       int
}

func (l *ledger) record(e JournalEntry) {
	if l.executed == nil {
		l.executed, l.faulted = make(map[string]int), make(map[string]int)
		l.executions = make(map[Execution]int)
	}
	if e.FaultCode != 0 {
		l.faulted[e.Method]++
	} else {
		l.executed[e.Method]++
		if _, known := l.executions[e.Execution]; known || len(l.executions) < maxExecutions {
			l.executions[e.Execution]++
		}
	}
	if l.size <= 0 {
		return
	}
	if len(l.journal) >= l.size {
		l.journal = slices.Delete(l.journal, 0, len(l.journal)-l.size+1)
	}
	l.journal = append(l.journal, e)
}

// Counters returns how often each RPC was executed: answered with a response,
// whether or not the response reached the ACS. Reads count too.
func (d *Device) Counters() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return copyCounts(d.ledger.executed)
}

// FaultCounters returns how often each RPC was refused with a fault.
func (d *Device) FaultCounters() map[string]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return copyCounts(d.ledger.faulted)
}

// Executions returns how often each RPC was executed, told apart by command key
// and object.
func (d *Device) Executions() map[Execution]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return copyCounts(d.ledger.executions)
}

// Journal returns the last RPCs, oldest first, at most Config.JournalSize.
func (d *Device) Journal() []JournalEntry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.ledger.journal)
}

func copyCounts[K comparable](counts map[K]int) map[K]int {
	if counts == nil {
		return map[K]int{}
	}
	return maps.Clone(counts)
}

// executionOf tells what an RPC is for.
func executionOf(request cwmp.Message) Execution {
	e := Execution{Method: request.Method()}
	switch m := request.(type) {
	case *cwmp.Reboot:
		e.CommandKey = m.CommandKey
	case *cwmp.Download:
		e.CommandKey = m.CommandKey
	case *cwmp.Upload:
		e.CommandKey = m.CommandKey
	case *cwmp.ScheduleInform:
		e.CommandKey = m.CommandKey
	case *cwmp.ScheduleDownload:
		e.CommandKey = m.CommandKey
	case *cwmp.CancelTransfer:
		e.CommandKey = m.CommandKey
	case *cwmp.ChangeDUState:
		e.CommandKey = m.CommandKey
	case *cwmp.SetParameterValues:
		e.CommandKey = m.ParameterKey
	case *cwmp.AddObject:
		e.CommandKey, e.ObjectName = m.ParameterKey, m.ObjectName
	case *cwmp.DeleteObject:
		e.CommandKey, e.ObjectName = m.ParameterKey, m.ObjectName
	}
	return e
}
