package acs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// uploadJob has the device send a file (TR-069 A.4.1.5): to this server, unless the
// task says where. Where the device does it later, its TransferComplete ends the
// task (evidence_transfers.go).
type uploadJob struct {
	// File is the name that the file will have here; empty if it goes elsewhere.
	File     string
	Accepted bool
	Done     bool
	Start    cwmp.DateTime
	Complete cwmp.DateTime
	Failure  *tasks.Fault
}

func (j *uploadJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.UploadArgs)
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		result, fault, err := uploadResult(ctx, w.files, j.File, j.Start, j.Complete, "UploadResponse")
		if fault != nil || err != nil {
			return failedForOr(fault, err)
		}
		return succeeded(result), nil
	case j.Accepted:
		return awaits("the device accepted the upload"), nil
	}
	request := &cwmp.Upload{
		CommandKey: w.task.CommandKey, FileType: w.fileTypes.For(args.Told(), w.device.ProductClass), URL: args.URL,
		Username: args.Username, Password: args.Password, DelaySeconds: args.DelaySeconds,
	}
	if args.URL == "" {
		until := w.now.Add(time.Duration(args.DelaySeconds)*time.Second + transferTime)
		receipt, err := w.files.Receive(ctx, ReceiveRequest{Device: w.device.ID, Task: w.task.ID, FileType: args.Told(), Until: until, Host: w.host})
		if errors.Is(err, ErrNoFile) {
			return failedFor(tasks.Fault{Reason: tasks.Internal, String: err.Error()}), nil
		}
		if err != nil {
			return action{}, fmt.Errorf("make a place for the upload: %w", err)
		}
		request.URL, j.File = receipt.URL, receipt.Name
	}
	return unsafe(request), nil
}

func (j *uploadJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	answer := m.(*cwmp.UploadResponse)
	if answer.Status == 0 {
		j.Done, j.Start, j.Complete = true, answer.StartTime, answer.CompleteTime
		return nil
	}
	j.Accepted = true
	return nil
}

func (j *uploadJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *uploadJob) resume(tasks.Flight) {}

// uploadResult is the result of an upload by what showed that it ended. It is a
// fault if the file was to come here and did not.
func uploadResult(ctx context.Context, files FileServer, name string, start, complete cwmp.DateTime, evidence string) (tasks.UploadResult, *tasks.Fault, error) {
	result := tasks.UploadResult{File: name, StartTime: timeText(start), CompleteTime: timeText(complete), Evidence: evidence}
	if name == "" {
		return result, nil, nil
	}
	size, err := files.Received(ctx, name)
	if errors.Is(err, ErrNoFile) {
		return result, &tasks.Fault{Reason: tasks.NoEvidence, String: "the device says that the upload is complete, and no file came"}, nil
	}
	if err != nil {
		return result, nil, fmt.Errorf("look for the upload: %w", err)
	}
	result.Size = size
	return result, nil, nil
}
