package acs

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// scheduleDownloadJob has the device fetch a file within windows of time (TR-069
// A.4.1.8). Its TransferComplete ends the task.
type scheduleDownloadJob struct{ acceptance }

func (j *scheduleDownloadJob) next(ctx context.Context, w *work) (action, error) {
	act, send := j.acceptance.next("the device accepted the download")
	if !send {
		return act, nil
	}
	args := w.args.(*tasks.ScheduleDownloadArgs)
	last := args.Windows[len(args.Windows)-1]
	offer, fault, err := w.offer(ctx, FileOffer{URL: args.URL, FileType: args.FileType}, args.File, w.now.Add(time.Duration(last.EndSeconds)*time.Second+transferTime))
	if fault != nil || err != nil {
		return failedForOr(fault, err)
	}
	request := &cwmp.ScheduleDownload{
		CommandKey: w.task.CommandKey, FileType: offer.FileType, URL: offer.URL, Username: args.Username, Password: args.Password,
		FileSize: offer.Size, TargetFileName: args.TargetFileName,
	}
	for _, window := range args.Windows {
		retries := -1 // The device decides.
		if window.MaxRetries != nil {
			retries = *window.MaxRetries
		}
		request.TimeWindowList = append(request.TimeWindowList, cwmp.TimeWindowStruct{
			WindowStart: int64(window.StartSeconds), WindowEnd: int64(window.EndSeconds), WindowMode: window.Mode, UserMessage: window.UserMessage, MaxRetries: retries,
		})
	}
	return unsafe(request), nil
}

// scheduleInformJob has the device open a session later (TR-069 A.4.1.2). The events
// of that session end the task.
type scheduleInformJob struct{ acceptance }

func (j *scheduleInformJob) next(_ context.Context, w *work) (action, error) {
	act, send := j.acceptance.next("the device will open a session")
	if !send {
		return act, nil
	}
	return unsafe(&cwmp.ScheduleInform{DelaySeconds: w.args.(*tasks.ScheduleInformArgs).DelaySeconds, CommandKey: w.task.CommandKey}), nil
}

// changeDUStateJob has the device install, update and uninstall software modules
// (TR-069 A.4.1.10). Its DUStateChangeComplete ends the task.
type changeDUStateJob struct{ acceptance }

func (j *changeDUStateJob) next(_ context.Context, w *work) (action, error) {
	act, send := j.acceptance.next("the device accepted the operations")
	if !send {
		return act, nil
	}
	request := &cwmp.ChangeDUState{CommandKey: w.task.CommandKey}
	for _, o := range w.args.(*tasks.ChangeDUStateArgs).Operations {
		request.Operations = append(request.Operations, operation(o))
	}
	return unsafe(request), nil
}

func operation(o tasks.ModuleOperation) cwmp.OperationStruct {
	switch o.Operation {
	case tasks.OperationInstall:
		return cwmp.InstallOpStruct{URL: o.URL, UUID: o.UUID, Username: o.Username, Password: o.Password, ExecutionEnvRef: o.ExecutionEnvironment}
	case tasks.OperationUpdate:
		return cwmp.UpdateOpStruct{UUID: o.UUID, Version: o.Version, URL: o.URL, Username: o.Username, Password: o.Password}
	default:
		return cwmp.UninstallOpStruct{UUID: o.UUID, Version: o.Version, ExecutionEnvRef: o.ExecutionEnvironment}
	}
}
