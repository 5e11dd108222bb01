package cpe

import (
	"context"
	"sync"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// startTransfers starts what was accepted in the session that is over.
func (d *Device) startTransfers(ctx context.Context, running *sync.WaitGroup) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, t := range d.transfers {
		if t.state != transferAccepted {
			continue
		}
		t.state = transferWaiting
		if len(t.windows) == 0 {
			delay := time.Duration(t.request.DelaySeconds)*time.Second + d.config.TransferDelay
			t.windows = []window{{from: d.config.Clock.Now().Add(delay)}}
		}
		transferContext, cancel := context.WithCancel(ctx)
		t.cancel = cancel
		running.Go(func() {
			defer cancel()
			d.transfer(transferContext, t)
		})
	}
}

// transfer goes through the windows of a transfer until one brings it to an end, and
// notes what came of it.
func (d *Device) transfer(ctx context.Context, t *transfer) {
	fault := faultOf(cwmp.FaultTransferTimeWindows)
	for _, w := range t.windows {
		if w.isOver(d.config.Clock.Now()) {
			fault = faultOf(cwmp.FaultTransferTimeWindows)
			continue
		}
		if !d.sleep(ctx, w.from.Sub(d.config.Clock.Now())) || !d.enter(ctx, t, transferRunning) {
			return
		}
		if fault = d.tryWindow(ctx, t, w); fault.FaultCode == 0 || !d.enter(ctx, t, transferWaiting) {
			break
		}
	}
	if fault.FaultCode != 0 {
		d.transferFailed(ctx, t, fault)
	}
}

func faultOf(code int) cwmp.FaultStruct {
	return cwmp.FaultStruct{FaultCode: code, FaultString: cwmp.FaultText(code)}
}

// sleep waits by the device's clock; false if ctx ended before.
func (d *Device) sleep(ctx context.Context, wait time.Duration) bool {
	if wait <= 0 {
		return ctx.Err() == nil
	}
	select {
	case <-ctx.Done():
		return false
	case <-d.config.Clock.After(wait):
		return true
	}
}

// enter takes a transfer to its next state, unless it was cancelled.
func (d *Device) enter(ctx context.Context, t *transfer, state transferState) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() != nil {
		return false
	}
	t.state = state
	d.announce()
	return true
}

// tryWindow tries to transfer the file, again if there are retries, until the window
// is over.
func (d *Device) tryWindow(ctx context.Context, t *transfer, w window) cwmp.FaultStruct {
	inWindow, end := d.closeAt(ctx, w)
	defer end()
	for retry := 0; ; retry++ {
		fault := d.attempt(inWindow, t)
		switch {
		case fault.FaultCode == 0:
			return fault
		case inWindow.Err() != nil:
			return faultOf(cwmp.FaultTransferTimeWindows)
		case retry >= w.retries:
			return fault
		}
		if !d.sleep(inWindow, time.Duration(float64(retryPause)*d.config.RetryScale)) {
			return faultOf(cwmp.FaultTransferTimeWindows)
		}
	}
}

// attempt transfers the file once.
func (d *Device) attempt(ctx context.Context, t *transfer) cwmp.FaultStruct {
	start := d.config.Clock.Now()
	var got fetched
	var content []byte
	var fault cwmp.FaultStruct
	if t.method == methodUpload {
		content = d.file(t.request.FileType)
		fault = send(ctx, d.config.FileClient, &t.request, content, d.config.RequestTimeout)
	} else {
		got, fault = d.fetch(ctx, &t.request)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() != nil {
		return faultOf(cwmp.FaultTransferTimeWindows)
	}
	t.start, t.complete = start, d.config.Clock.Now()
	if fault.FaultCode != 0 {
		return fault
	}
	t.state = transferDone
	if t.method == methodUpload {
		d.fileSent(t, content)
	} else {
		d.fileFetched(t, got)
	}
	d.transferEnded(t, fault)
	return fault
}

// fetch fetches a file and gives it to who takes files.
func (d *Device) fetch(ctx context.Context, m *cwmp.Download) (fetched, cwmp.FaultStruct) {
	taken := d.config.TakeFile != nil && m.FileType != cwmp.FileTypeFirmware
	var keep int64
	if taken {
		keep = maxTaken
	}
	got, fault := fetchAndKeep(ctx, d.config.FileClient, m, d.config.RequestTimeout, keep)
	if !taken || fault.FaultCode != 0 {
		return got, fault
	}
	var err error
	if got.reboot, err = d.config.TakeFile(m.FileType, got.content); err != nil {
		return got, faultOf(cwmp.FaultTransferFileCorrupted)
	}
	got.content = nil
	return got, fault
}

// transferFailed ends a transfer that no window brought to its end, unless it was
// cancelled.
func (d *Device) transferFailed(ctx context.Context, t *transfer, fault cwmp.FaultStruct) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	if t.start.IsZero() {
		t.start, t.complete = d.config.Clock.Now(), d.config.Clock.Now()
	}
	t.state = transferDone
	d.transferEnded(t, fault)
}

// transferEnded notes the end of a transfer. The caller holds mu.
func (d *Device) transferEnded(t *transfer, fault cwmp.FaultStruct) {
	t.fault = fault
	if d.config.Quirks.NoTransferComplete && t.state == transferDone {
		d.drop(t)
	}
	d.logger.Debug("transfer ended", logkeys.SerialNumber, d.id.SerialNumber, logkeys.Fault, fault.FaultCode)
	d.poke()
}
