package acs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// downloadJob has the device fetch a file (TR-069 A.3.2.8). Where the device
// does it later, its TransferComplete ends the task (evidence.go).
type downloadJob struct {
	Accepted bool
	Done     bool
	Start    cwmp.DateTime
	Complete cwmp.DateTime
	Failure  *tasks.Fault
}

// transferTime is how long, beside the delay, a device may fetch what it was
// given: the URL is good for so long.
const transferTime = 24 * time.Hour

func (j *downloadJob) next(ctx context.Context, w *work) (action, error) {
	args := w.args.(*tasks.DownloadArgs)
	delay := time.Duration(args.DelaySeconds) * time.Second
	switch {
	case j.Failure != nil:
		return failed(*j.Failure), nil
	case j.Done:
		return succeeded(downloadResult(j.Start, j.Complete, "DownloadResponse")), nil
	case j.Accepted:
		return action{end: &end{await: true, reason: "the device accepted the download"}}, nil
	}
	request := &cwmp.Download{
		CommandKey: w.task.CommandKey, FileType: args.FileType, URL: args.URL,
		Username: args.Username, Password: args.Password, TargetFileName: args.TargetFileName, DelaySeconds: args.DelaySeconds,
	}
	if args.File != "" {
		offer, err := w.files.Offer(ctx, FileRequest{Device: w.device.ID, Task: w.task.ID, Name: args.File, Until: w.now.Add(delay + transferTime), Host: w.host})
		if errors.Is(err, ErrNoFile) {
			return failedFor(tasks.Fault{Reason: tasks.Internal, String: err.Error()}), nil
		}
		if err != nil {
			return action{}, fmt.Errorf("offer %s: %w", args.File, err)
		}
		request.URL, request.FileSize = offer.URL, offer.Size
		if request.FileType == "" {
			request.FileType = offer.FileType
		}
	}
	if request.FileType == "" {
		return failedFor(tasks.Fault{Reason: tasks.Internal, String: "neither the task nor the file says of which fileType it is"}), nil
	}
	request.FileType = w.fileTypes.For(request.FileType, w.device.ProductClass)
	return unsafe(request), nil
}

func (j *downloadJob) answer(_ context.Context, _ *work, m cwmp.Message) error {
	answer := m.(*cwmp.DownloadResponse)
	if answer.Status == 0 {
		j.Done, j.Start, j.Complete = true, answer.StartTime, answer.CompleteTime
		return nil
	}
	j.Accepted = true
	return nil
}

func (j *downloadJob) fault(_ context.Context, _ *work, f tasks.Fault) error {
	j.Failure = &f
	return nil
}

func (j *downloadJob) resume(tasks.Flight) {}

// downloadResult is the result of a download by what showed that it ended.
func downloadResult(start, complete cwmp.DateTime, evidence string) tasks.DownloadResult {
	return tasks.DownloadResult{StartTime: timeText(start), CompleteTime: timeText(complete), Evidence: evidence}
}

func timeText(d cwmp.DateTime) string {
	if !d.Known() {
		return ""
	}
	return d.Time.UTC().Format(time.RFC3339)
}
