package acs

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/quirks"
	"github.com/dialtone-acs/dialtone/tasks"
)

// job carries out one task by one RPC after another. A job is plain data: its
// exported fields are its progress, encoded as JSON between requests and into
// the task's Flight before an RPC that is not a read.
type job interface {
	// next returns what to do now.
	next(ctx context.Context, w *work) (action, error)
	// answer takes the response to the last request, never a fault.
	answer(ctx context.Context, w *work, m cwmp.Message) error
	// fault takes the device's fault in answer to the last request.
	fault(ctx context.Context, w *work, f tasks.Fault) error
	// resume says that an earlier attempt was cut off after the flight departed
	// and was not answered: the job, restored to its progress at that moment,
	// is to look whether the RPC was carried out before it is sent again.
	resume(f tasks.Flight)
}

// action is what a job wants: a request to be sent, or its end.
type action struct {
	request cwmp.Message
	class   tasks.Class
	end     *end
}

func read(m cwmp.Message) action       { return action{request: m, class: tasks.Read} }
func idempotent(m cwmp.Message) action { return action{request: m, class: tasks.Idempotent} }
func unsafe(m cwmp.Message) action     { return action{request: m, class: tasks.Unsafe} }

// end is how a job ended; exactly one of its ways applies.
type end struct {
	// result is the result of success.
	result any
	// reason is noted in the timeline.
	reason string
	// fault is why it failed; final forbids another attempt.
	fault *tasks.Fault
	final bool
	// await says that the device carries it out later.
	await bool
	// quiet says that the device is about to go away: no further task in this
	// session.
	quiet bool
}

func succeeded(result any) action    { return action{end: &end{result: result}} }
func failed(f tasks.Fault) action    { return action{end: &end{fault: &f}} }
func failedFor(f tasks.Fault) action { return action{end: &end{fault: &f, final: true}} }

// awaits ends a job whose outcome shows later.
func awaits(reason string) action { return action{end: &end{await: true, reason: reason}} }

// failedForOr ends a job with a fault that no further attempt mends, or the
// session with the server's own error.
func failedForOr(f *tasks.Fault, err error) (action, error) {
	if err != nil {
		return action{}, err
	}
	return failedFor(*f), nil
}

// work is what a job works with.
type work struct {
	task      tasks.Task
	args      tasks.Args
	device    *device.Device
	queue     Queue
	tree      *tree
	limits    *limitsOf
	behaviour *quirks.Behaviour
	files     FileServer
	fileTypes FileTypes
	indexed   device.IndexedParameters
	// host is Session.Host, proven Session.Proven.
	host   string
	proven bool
	now    time.Time

	// set is what the device accepted by the answer that is worked on.
	set []cwmp.ParameterValueStruct
	// gone are the names of indexed parameters that the device no longer has.
	gone []string
}

// replace makes a branch of the tree consist of the names, and notes which
// indexed parameters that leaves none of.
func (w *work) replace(ctx context.Context, branch string, list []cwmp.ParameterInfoStruct) error {
	if err := w.tree.store.Replace(ctx, w.device.ID, branch, w.now, names(list)); err != nil {
		return fmt.Errorf("replace branch %q: %w", branch, err)
	}
	w.gone = w.indexed.Gone(w.device.Root, branch, func(path string) bool {
		return slices.ContainsFunc(list, func(p cwmp.ParameterInfoStruct) bool { return p.Name == path })
	})
	return nil
}

// forget removes a branch of the tree, and notes which indexed parameters that
// leaves none of.
func (w *work) forget(ctx context.Context, branch string) error {
	if _, err := w.tree.store.Forget(ctx, w.device.ID, branch); err != nil {
		return fmt.Errorf("forget %s: %w", branch, err)
	}
	w.gone = w.indexed.Gone(w.device.Root, branch, func(string) bool { return false })
	return nil
}

// newJob returns the job of a kind at its beginning, nil for an unknown kind.
func newJob(k tasks.Kind) job {
	switch k {
	case tasks.GetParameterValues:
		return &getParameterValuesJob{}
	case tasks.SetParameterValues:
		return &setParameterValuesJob{}
	case tasks.GetParameterNames:
		return &getParameterNamesJob{}
	case tasks.GetParameterAttributes:
		return &getParameterAttributesJob{}
	case tasks.SetParameterAttributes:
		return &setParameterAttributesJob{}
	case tasks.AddObject:
		return &addObjectJob{}
	case tasks.DeleteObject:
		return &deleteObjectJob{}
	case tasks.Refresh:
		return &refreshJob{}
	case tasks.Download:
		return &downloadJob{}
	case tasks.Upload:
		return &uploadJob{}
	case tasks.ScheduleDownload:
		return &scheduleDownloadJob{}
	case tasks.ScheduleInform:
		return &scheduleInformJob{}
	case tasks.CancelTransfer:
		return &cancelTransferJob{}
	case tasks.GetQueuedTransfers, tasks.GetAllQueuedTransfers:
		return &queuedTransfersJob{}
	case tasks.ChangeDUState:
		return &changeDUStateJob{}
	case tasks.SetVouchers:
		return &setVouchersJob{}
	case tasks.GetOptions:
		return &getOptionsJob{}
	case tasks.VendorRPC:
		return &vendorRPCJob{}
	case tasks.IPPing, tasks.TraceRoute, tasks.DownloadDiagnostics, tasks.UploadDiagnostics, tasks.NSLookup:
		return &diagnosticsJob{}
	case tasks.Reboot:
		return &rebootJob{}
	case tasks.FactoryReset:
		return &factoryResetJob{}
	case tasks.GetRPCMethods:
		return &getRPCMethodsJob{}
	default:
		return nil
	}
}

// restoreJob returns the job of a task: at its progress in this session, or
// resumed from the flight of an attempt that was cut off, or at its beginning.
func restoreJob(j *Job) (job, error) {
	fresh := newJob(j.Task.Kind)
	if fresh == nil {
		return nil, fmt.Errorf("no job for tasks of kind %q", j.Task.Kind)
	}
	progress, flight := j.Progress, j.Task.Flight
	if progress == nil && flight != nil {
		progress = flight.Progress
	}
	if progress != nil {
		if err := json.Unmarshal(progress, fresh); err != nil {
			return nil, fmt.Errorf("decode progress of %s: %w", j.Task.Kind, err)
		}
	}
	if j.Progress == nil && flight != nil {
		fresh.resume(*flight)
	}
	return fresh, nil
}

// taskFault returns the fault of a device as a task keeps it.
func taskFault(f *cwmp.Fault) tasks.Fault {
	fault := tasks.Fault{Code: f.Code, String: f.String}
	if f.Code == 0 {
		fault.Reason = tasks.InvalidResponse
		fault.String = "the device answered with a SOAP fault without a CWMP fault code: " + f.SOAPString
	}
	for _, p := range f.ParameterFaults {
		fault.Parameters = append(fault.Parameters, tasks.ParameterFault{Path: p.ParameterName, Code: p.Code, String: p.String})
	}
	return fault
}
