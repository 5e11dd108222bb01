package acs

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// alarms raises alarms on devices that have no say in it: somebody else spoke as
// them. Of one kind it raises one a device in alarmPause, so that nobody can keep the
// store busy by it.
type alarms struct {
	sessions device.SessionStore
	recent   *recollection[alarmed, struct{}]
	now      func() time.Time
	logger   *slog.Logger
}

type alarmed struct {
	id   device.ID
	kind device.AlarmKind
}

const (
	alarmPause = time.Minute
	maxAlarmed = 20_000
)

func newAlarms(sessions device.SessionStore, now func() time.Time, logger *slog.Logger) *alarms {
	return &alarms{sessions: sessions, recent: newRecollection[alarmed, struct{}](maxAlarmed, alarmPause, now), now: now, logger: logger}
}

// raise raises an alarm, unless one of that kind was raised on the device just now. A
// store that fails is logged: the device that is answered is another one.
func (a *alarms) raise(ctx context.Context, id device.ID, kind device.AlarmKind, detail string) {
	if id == "" || !a.recent.once(alarmed{id, kind}) {
		return
	}
	a.logger.WarnContext(ctx, "alarm on a device", logkeys.Device, id, logkeys.Kind, string(kind), logkeys.Reason, detail)
	err := a.sessions.RaiseAlarm(ctx, id, device.RaisedAlarm{Kind: kind, Detail: detail}, a.now())
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		a.logger.ErrorContext(ctx, "cannot raise alarm", logkeys.Device, id, logkeys.Kind, string(kind), logkeys.Error, err)
	}
}
