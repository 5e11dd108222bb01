package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/tasks"
)

// Task is a task as answers show it.
type Task struct {
	ID         string          `json:"id" doc:"26 characters that begin with the time of creation, so that the order of ids is that of creation."`
	Device     string          `json:"device"`
	Kind       tasks.Kind      `json:"kind"`
	State      tasks.State     `json:"state" enum:"queued,running,waiting,succeeded,failed,expired,cancelled" doc:"waiting: the device accepted a request that it carries out later. succeeded, failed, expired and cancelled are final."`
	Args       any             `json:"args" doc:"The arguments as given; the value of a secret is null, and secret is true."`
	Result     json.RawMessage `json:"result" doc:"Null until the task succeeded."`
	Fault      *Fault          `json:"fault" doc:"Null unless the task failed, expired or was cancelled."`
	Attempts   []Attempt       `json:"attempts" nullable:"false"`
	CreatedAt  time.Time       `json:"createdAt"`
	FinishedAt *time.Time      `json:"finishedAt"`
	Timeline   []Transition    `json:"timeline" nullable:"false" doc:"Every change of state, the oldest first; at most 64, the newest."`

	Priority  int        `json:"priority" doc:"The greater first."`
	NotBefore *time.Time `json:"notBefore"`
	Expires   *time.Time `json:"expires" doc:"Ends the task if it is still queued then."`
	After     []string   `json:"after" nullable:"false" doc:"Tasks of the same device that must succeed first."`
	UniqueKey string     `json:"uniqueKey" doc:"No two open tasks of a device have the same; empty for none."`
	CreatedBy string     `json:"createdBy"`
	RetryOf   string     `json:"retryOf" doc:"The task that this one repeats; empty for none."`
	RetriedBy string     `json:"retriedBy" doc:"The last task that repeats this one; empty for none."`
	Deadline  *time.Time `json:"deadline" doc:"When a task that waits fails for want of evidence."`
}

// Fault says why an attempt or a task failed.
type Fault struct {
	Code       int                    `json:"code" doc:"The CWMP fault code; 0 where the fault is not the device's."`
	Reason     string                 `json:"reason,omitempty" doc:"What Dialtone itself found, in one word."`
	String     string                 `json:"string"`
	Parameters []tasks.ParameterFault `json:"parameters" nullable:"false" doc:"The faults of single parameters."`
}

// Attempt is one run of a task in one session.
type Attempt struct {
	Session   string     `json:"session"`
	StartedAt time.Time  `json:"startedAt"`
	EndedAt   *time.Time `json:"endedAt"`
	Fault     *Fault     `json:"fault"`
}

// Transition is one change of a task's state.
type Transition struct {
	State  tasks.State `json:"state"`
	At     time.Time   `json:"at"`
	Reason string      `json:"reason,omitempty"`
}

// TransformSchema implements huma.SchemaTransformer.
func (Attempt) TransformSchema(_ huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["fault"] = orNull(s.Properties["fault"])
	return s
}

// TransformSchema implements huma.SchemaTransformer.
func (Task) TransformSchema(r huma.Registry, s *huma.Schema) *huma.Schema {
	s.Properties["fault"] = orNull(s.Properties["fault"])
	result := &huma.Schema{Description: s.Properties["result"].Description, AnyOf: []*huma.Schema{null()}}
	for _, known := range results() {
		result.AnyOf = append(result.AnyOf, r.Schema(known.result, true, ""))
	}
	s.Properties["result"] = result
	s.Properties["args"] = &huma.Schema{Type: huma.TypeObject, Description: s.Properties["args"].Description, AdditionalProperties: true}
	s.Properties["kind"] = kindSchema()
	return s
}

// kindSchema is the schema of a task's kind.
func kindSchema() *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, info := range tasks.Kinds() {
		s.Enum = append(s.Enum, string(info.Kind))
	}
	return s
}

// null is the schema of null.
func null() *huma.Schema { return &huma.Schema{Type: "null", Enum: []any{nil}} }

// orNull is a schema or null; huma knows that for scalars only.
func orNull(s *huma.Schema) *huma.Schema {
	return &huma.Schema{Description: s.Description, AnyOf: []*huma.Schema{{Ref: s.Ref}, null()}}
}

// kindResult says of which type the result of a kind is.
type kindResult struct {
	kind   tasks.Kind
	result reflect.Type
}

// results returns the type of every kind's result.
func results() []kindResult {
	return []kindResult{
		{tasks.GetParameterValues, reflect.TypeFor[tasks.GetParameterValuesResult]()},
		{tasks.SetParameterValues, reflect.TypeFor[tasks.SetParameterValuesResult]()},
		{tasks.GetParameterNames, reflect.TypeFor[tasks.GetParameterNamesResult]()},
		{tasks.GetParameterAttributes, reflect.TypeFor[tasks.GetParameterAttributesResult]()},
		{tasks.SetParameterAttributes, reflect.TypeFor[tasks.NoArgs]()},
		{tasks.AddObject, reflect.TypeFor[tasks.AddObjectResult]()},
		{tasks.DeleteObject, reflect.TypeFor[tasks.DeleteObjectResult]()},
		{tasks.Refresh, reflect.TypeFor[tasks.RefreshResult]()},
		{tasks.Download, reflect.TypeFor[tasks.DownloadResult]()},
		{tasks.Upload, reflect.TypeFor[tasks.UploadResult]()},
		{tasks.ScheduleDownload, reflect.TypeFor[tasks.DownloadResult]()},
		{tasks.ScheduleInform, reflect.TypeFor[tasks.OccurredResult]()},
		{tasks.CancelTransfer, reflect.TypeFor[tasks.CancelTransferResult]()},
		{tasks.GetQueuedTransfers, reflect.TypeFor[tasks.QueuedTransfersResult]()},
		{tasks.GetAllQueuedTransfers, reflect.TypeFor[tasks.QueuedTransfersResult]()},
		{tasks.ChangeDUState, reflect.TypeFor[tasks.ChangeDUStateResult]()},
		{tasks.SetVouchers, reflect.TypeFor[tasks.NoArgs]()},
		{tasks.GetOptions, reflect.TypeFor[tasks.GetOptionsResult]()},
		{tasks.VendorRPC, reflect.TypeFor[tasks.VendorRPCResult]()},
		{tasks.IPPing, reflect.TypeFor[tasks.IPPingResult]()},
		{tasks.TraceRoute, reflect.TypeFor[tasks.TraceRouteResult]()},
		{tasks.DownloadDiagnostics, reflect.TypeFor[tasks.DownloadDiagnosticsResult]()},
		{tasks.UploadDiagnostics, reflect.TypeFor[tasks.UploadDiagnosticsResult]()},
		{tasks.NSLookup, reflect.TypeFor[tasks.NSLookupResult]()},
		{tasks.Reboot, reflect.TypeFor[tasks.OccurredResult]()},
		{tasks.FactoryReset, reflect.TypeFor[tasks.OccurredResult]()},
		{tasks.GetRPCMethods, reflect.TypeFor[tasks.GetRPCMethodsResult]()},
	}
}

// showTask returns the task as answers show it.
func showTask(t tasks.Task) (Task, error) {
	args, err := t.MaskedArgs()
	if err != nil {
		return Task{}, fmt.Errorf("show task %s: %w", t.ID, hidden{err})
	}
	shown := Task{
		ID: string(t.ID), Device: string(t.Device), Kind: t.Kind, State: t.State, Args: args, Result: t.Result, Fault: showFault(t.Fault),
		Attempts: make([]Attempt, 0, len(t.Attempts)), CreatedAt: t.CreatedAt.UTC(), FinishedAt: shownTime(t.FinishedAt),
		Timeline: make([]Transition, 0, len(t.Timeline)), Priority: t.Priority, NotBefore: shownTime(t.NotBefore), Expires: shownTime(t.Expires),
		After: make([]string, 0, len(t.After)), UniqueKey: t.UniqueKey, CreatedBy: t.CreatedBy, RetryOf: string(t.RetryOf), RetriedBy: string(t.RetriedBy), Deadline: shownTime(t.Deadline),
	}
	for _, attempt := range t.Attempts {
		shown.Attempts = append(shown.Attempts, Attempt{Session: sessionName(attempt.Session), StartedAt: attempt.StartedAt.UTC(), EndedAt: shownTime(attempt.EndedAt), Fault: showFault(attempt.Fault)})
	}
	for _, step := range t.Timeline {
		shown.Timeline = append(shown.Timeline, Transition{State: step.State, At: step.At.UTC(), Reason: step.Reason})
	}
	for _, id := range t.After {
		shown.After = append(shown.After, string(id))
	}
	return shown, nil
}

func showFault(f *tasks.Fault) *Fault {
	if f == nil {
		return nil
	}
	return &Fault{Code: f.Code, Reason: string(f.Reason), String: f.String, Parameters: append([]tasks.ParameterFault{}, f.Parameters...)}
}

// hidden keeps an error from being told as the client's fault: what is stored
// and cannot be read is the server's.
type hidden struct{ err error }

func (h hidden) Error() string { return h.err.Error() }
