package cpe

import (
	"context"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// maxWindows is how many time windows a ScheduleDownload may have (TR-069 A.4.1.8).
const maxWindows = 2

// ownRetries is how often a device tries again that may choose, and retryPause how
// long it waits in between.
const (
	ownRetries = 3
	retryPause = 5 * time.Second
)

// window is when a transfer may run.
type window struct {
	from time.Time
	// until is zero for a window without end.
	until   time.Time
	retries int
}

// acceptScheduleDownload queues a transfer with time windows (TR-069 A.4.1.8). Its
// user agrees to everything. The caller holds mu.
func (d *Device) acceptScheduleDownload(m *cwmp.ScheduleDownload) cwmp.Message {
	request := cwmp.Download{
		CommandKey: m.CommandKey, FileType: m.FileType, URL: m.URL, Username: m.Username, Password: m.Password,
		FileSize: m.FileSize, TargetFileName: m.TargetFileName,
	}
	if fault := d.checkDownload(&request); fault != nil {
		return fault
	}
	if fault := checkWindows(m.TimeWindowList); fault != nil {
		return fault
	}
	t := &transfer{request: request, method: methodScheduleDownload}
	now := d.config.Clock.Now()
	for _, w := range m.TimeWindowList {
		retries := w.MaxRetries
		if retries < 0 {
			retries = ownRetries
		}
		t.windows = append(t.windows, window{
			from:  now.Add(time.Duration(w.WindowStart)*time.Second + d.config.TransferDelay),
			until: now.Add(time.Duration(w.WindowEnd) * time.Second), retries: retries,
		})
	}
	if !d.enqueue(t) {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return &cwmp.ScheduleDownloadResponse{}
}

// checkWindows demands one window or two, one after the other, of modes that the
// device knows.
func checkWindows(list []cwmp.TimeWindowStruct) *cwmp.Fault {
	if len(list) < 1 || len(list) > maxWindows {
		return cwmp.NewFault(cwmp.FaultInvalidArguments, "one or two time windows expected")
	}
	var end int64
	for _, w := range list {
		if w.WindowStart < end || w.WindowEnd <= w.WindowStart {
			return cwmp.NewFault(cwmp.FaultInvalidArguments, "time windows must end after they start, and not overlap")
		}
		end = w.WindowEnd
		switch w.WindowMode {
		case cwmp.WindowAtAnyTime, cwmp.WindowImmediately, cwmp.WindowWhenIdle, cwmp.WindowConfirmationNeeded:
		default:
			return cwmp.NewFault(cwmp.FaultInvalidArguments, "unknown WindowMode")
		}
		if w.MaxRetries < -1 || len([]rune(w.UserMessage)) > 256 {
			return cwmp.NewFault(cwmp.FaultInvalidArguments, "")
		}
	}
	return nil
}

// closeAt returns a context that ends with a window, by the device's clock.
func (d *Device) closeAt(ctx context.Context, w window) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	if w.until.IsZero() {
		return ctx, cancel
	}
	stopped := make(chan struct{})
	end := d.config.Clock.After(w.until.Sub(d.config.Clock.Now()))
	go func() {
		defer close(stopped)
		select {
		case <-end:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, func() {
		cancel()
		<-stopped
	}
}

// isOver reports whether a window has passed.
func (w window) isOver(now time.Time) bool { return !w.until.IsZero() && !now.Before(w.until) }

// isVendorType reports whether a FileType is a vendor's.
func isVendorType(fileType string) bool { return strings.HasPrefix(fileType, "X ") }
