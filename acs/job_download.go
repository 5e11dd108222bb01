package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// downloadJob has the device fetch a file (TR-069 A.3.2.8). Where the device
// does it later, its TransferComplete ends the task (evidence.go).
type downloadJob struct {
	// Version is what the file brings, where that is known; Before is the device's
	// firmware when it was asked.
	Version  string
	Before   string
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
		CommandKey: w.task.CommandKey, Username: args.Username, Password: args.Password, TargetFileName: args.TargetFileName, DelaySeconds: args.DelaySeconds,
	}
	offer, fault, err := w.offer(ctx, FileOffer{URL: args.URL, FileType: args.FileType}, args.File, w.now.Add(delay+transferTime))
	if fault != nil || err != nil {
		return failedForOr(fault, err)
	}
	request.URL, request.FileSize, request.FileType = offer.URL, offer.Size, offer.FileType
	j.Version, j.Before = offer.Version, w.device.SoftwareVersion
	return unsafe(request), nil
}

// offer makes the file of that name ready, if there is a name, and completes what
// the task says of it. A fault is one that no further attempt mends.
func (w *work) offer(ctx context.Context, given FileOffer, name string, until time.Time) (FileOffer, *tasks.Fault, error) {
	if name == tasks.ProfileFile && !w.proven {
		return given, &tasks.Fault{Reason: tasks.Internal, String: "the file holds secrets, and the device has not proven who it is"}, nil
	}
	if name != "" {
		offer, err := w.files.Offer(ctx, FileRequest{Device: w.device.ID, Task: w.task.ID, Name: name, Until: until, Host: w.host})
		if errors.Is(err, ErrNoFile) {
			return given, &tasks.Fault{Reason: tasks.Internal, String: err.Error()}, nil
		}
		if err != nil {
			return given, nil, fmt.Errorf("offer %s: %w", name, err)
		}
		if given.FileType != "" {
			offer.FileType = given.FileType
		}
		given = offer
	}
	if given.FileType == "" {
		return given, &tasks.Fault{Reason: tasks.Internal, String: "neither the task nor the file says of which fileType it is"}, nil
	}
	given.FileType = w.fileTypes.For(given.FileType, w.device.ProductClass)
	return given, nil, nil
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

// installed reports whether a download that the device accepted shows by its
// firmware: it is the version that the file brings, or, where that is not known,
// another one than before.
func installed(t tasks.Task, softwareVersion string) bool {
	if t.Kind != tasks.Download || t.Flight == nil || !t.Flight.Answered {
		return false
	}
	var args tasks.DownloadArgs
	var job downloadJob
	if json.Unmarshal(t.Args, &args) != nil || json.Unmarshal(t.Flight.Progress, &job) != nil {
		return false // Written by another version of the program: its deadline decides.
	}
	if args.FileType != "" && args.FileType != cwmp.FileTypeFirmware {
		return false
	}
	if job.Version != "" {
		return softwareVersion == job.Version
	}
	return softwareVersion != job.Before && job.Before != ""
}

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
