package acs

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// cancelTransferJob has the device drop a transfer (TR-069 A.4.1.9). The task that
// waits for the transfer is cancelled with it, as no TransferComplete follows. After
// a lost answer the RPC is sent again: that there is nothing to drop is no fault.
type cancelTransferJob struct {
	CommandKey string
	Done       bool
	Failure    *tasks.Fault
}

func (j *cancelTransferJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.CancelTransferArgs)
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return j.end(ctx, w)
	}
	j.CommandKey = args.CommandKey
	if args.Task != "" {
		t, err := w.queue.Get(ctx, args.Task)
		switch {
		case errors.Is(err, tasks.ErrNotFound) || err == nil && (t.Device != w.device.ID || !transfers(t.Kind)):
			return failedFor(tasks.Fault{Reason: tasks.Internal, String: "there is no transfer of this device by task " + string(args.Task)}), nil
		case err != nil:
			return action{}, fmt.Errorf("get task of the transfer: %w", err)
		case t.State != tasks.Waiting:
			return failedFor(tasks.Fault{Reason: tasks.Internal, String: fmt.Sprintf("task %s is %s: the device has no transfer of it to cancel", t.ID, t.State)}), nil
		}
		j.CommandKey = t.CommandKey
	}
	return idempotent(&cwmp.CancelTransfer{CommandKey: j.CommandKey}), nil
}

// transfers reports whether tasks of the kind wait for a TransferComplete.
func transfers(k tasks.Kind) bool {
	return slices.Contains([]tasks.Kind{tasks.Download, tasks.Upload, tasks.ScheduleDownload}, k)
}

// end cancels the task whose transfer it was, if it still waits.
func (j *cancelTransferJob) end(ctx context.Context, w *work) (action, error) {
	result := tasks.CancelTransferResult{CommandKey: j.CommandKey}
	if id, _, ok := tasks.CommandKeyTask(j.CommandKey); ok {
		t, err := w.queue.Get(ctx, id)
		if err != nil && !errors.Is(err, tasks.ErrNotFound) {
			return action{}, fmt.Errorf("get task of the transfer: %w", err)
		}
		if err == nil && t.Device == w.device.ID && transfers(t.Kind) && t.State == tasks.Waiting && t.CommandKey == j.CommandKey {
			_, err := w.queue.Cancelled(ctx, t, "the device dropped the transfer, as task "+string(w.task.ID)+" asked")
			if err != nil && !movedOn(err) {
				return action{}, fmt.Errorf("cancel task of the transfer: %w", err)
			}
			if err == nil {
				result.Cancelled = id
			}
		}
	}
	return succeeded(result), nil
}

func (j *cancelTransferJob) answer(context.Context, *work, cwmp.Message) error {
	j.Done = true
	return nil
}

func (j *cancelTransferJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *cancelTransferJob) resume(tasks.Flight) {}

// queuedTransfersJob lists transfers: those that the ACS asked for (TR-069 A.4.1.1)
// or all (A.4.1.7), by the kind of its task.
type queuedTransfersJob struct {
	Done      bool
	Transfers []tasks.QueuedTransfer
	Failure   *tasks.Fault
}

func (j *queuedTransfersJob) next(_ context.Context, w *work) (action, error) {
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(tasks.QueuedTransfersResult{Transfers: slices.Concat([]tasks.QueuedTransfer{}, j.Transfers)}), nil
	case w.task.Kind == tasks.GetAllQueuedTransfers:
		return read(&cwmp.GetAllQueuedTransfers{}), nil
	default:
		return read(&cwmp.GetQueuedTransfers{}), nil
	}
}

func (j *queuedTransfersJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	j.Done = true
	switch m := m.(type) {
	case *cwmp.GetQueuedTransfersResponse:
		for _, t := range m.TransferList[:min(len(m.TransferList), tasks.MaxQueuedTransfers)] {
			j.Transfers = append(j.Transfers, queuedTransfer(t.CommandKey, t.State))
		}
	case *cwmp.GetAllQueuedTransfersResponse:
		for _, t := range m.TransferList[:min(len(m.TransferList), tasks.MaxQueuedTransfers)] {
			shown := queuedTransfer(t.CommandKey, t.State)
			shown.Direction, shown.FileType, shown.Size, shown.TargetFileName = "upload", t.FileType, t.FileSize, t.TargetFileName
			if t.IsDownload {
				shown.Direction = "download"
			}
			j.Transfers = append(j.Transfers, shown)
		}
	}
	return nil
}

func queuedTransfer(key string, state int) tasks.QueuedTransfer {
	t := tasks.QueuedTransfer{CommandKey: key}
	t.Task, _, _ = tasks.CommandKeyTask(key)
	switch state {
	case cwmp.TransferNotStarted:
		t.State = "notStarted"
	case cwmp.TransferInProgress:
		t.State = "inProgress"
	case cwmp.TransferCompleted:
		t.State = "completed"
	default:
		t.State = strconv.Itoa(state)
	}
	return t
}

func (j *queuedTransfersJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *queuedTransfersJob) resume(tasks.Flight) {}
