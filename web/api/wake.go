package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

func (a *API) registerWake() {
	register(a, operation{
		id: "callDevice", method: http.MethodPost, path: "/devices/{id}/connectionRequest", tag: devicesTag, summary: "Call a device, so that it opens a session now",
		description: "200 also when the device could not be reached: reached says whether it was, method by what, detail why not.",
		status:      http.StatusOK, problems: []problemKind{kindNotFound},
	}, a.callDevice)
}

// Call says what became of calling a device.
type Call struct {
	Reached bool   `json:"reached" doc:"The device answered, or is in a session already."`
	Method  string `json:"method" doc:"What reached it or was tried last, such as http; empty if nothing could be tried."`
	Detail  string `json:"detail" doc:"Why nothing reached it; empty if there is nothing to say."`
}

type callOutput struct {
	Body Call
}

// callTimeout bounds a call to a device with all its methods and attempts.
const callTimeout = 45 * time.Second

func (a *API) callDevice(ctx context.Context, in *DevicePath) (*callOutput, error) {
	d, err := a.visible(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "")
	exchangeOf(ctx).extendWriteDeadline(callTimeout + answerTime)
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	result, err := a.Waker.Wake(ctx, d.ID)
	if errors.Is(err, context.DeadlineExceeded) {
		result, err = WakeResult{Detail: "the device did not answer in time"}, nil
	}
	if err != nil {
		return nil, err
	}
	note(ctx, "device/"+string(d.ID), "reached by "+result.Method)
	if !result.Reached {
		note(ctx, "device/"+string(d.ID), "not reached")
	}
	return &callOutput{Body: Call(result)}, nil
}

// wakeSoon calls a device in the background. It gives up, and says so in the
// log, if too many calls are under way: the device's next Inform does as well.
func (a *API) wakeSoon(id device.ID) {
	select {
	case a.wakes <- struct{}{}:
	default:
		a.metrics.skippedWakes.Inc()
		a.Logger.Warn("too many calls to devices at once, left one out", slog.String(logkeys.Device, string(id)))
		return
	}
	a.calls.Go(func() {
		defer func() { <-a.wakes }()
		ctx, cancel := context.WithTimeout(a.ended, callTimeout)
		defer cancel()
		result, err := a.Waker.Wake(ctx, id)
		if err != nil {
			a.Logger.WarnContext(ctx, "cannot call device", slog.String(logkeys.Device, string(id)), slog.Any(logkeys.Error, err))
			return
		}
		a.Logger.DebugContext(ctx, "called device", slog.String(logkeys.Device, string(id)), slog.String(logkeys.Method, result.Method),
			slog.Bool("reached", result.Reached), slog.String(logkeys.Reason, result.Detail))
	})
}
