package acs

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

const (
	// manyBootstraps within bootstrapSpan are an alarm.
	manyBootstraps = 3
	bootstrapSpan  = time.Hour
)

// noteSpeaker stores what a session that began shows of the credentials of its
// device: that one was used for the first time, or that the device came back without
// any.
func (i *identification) noteSpeaker(ctx context.Context, s *Session, who speaker) error {
	switch {
	case i.credentials == nil:
		return nil
	case who.Returned:
		return i.startOver(ctx, s.Device.ID)
	case who.Own && s.Account.Device != "" && s.Account.SeenAt.IsZero():
		return i.seen(ctx, s)
	default:
		return nil
	}
}

// seen notes that the device has used a credential for the first time. Those that it
// was given before go: nobody has them but the device, which has this one now. What
// an operator entered stays, for the next factory reset.
func (i *identification) seen(ctx context.Context, s *Session) error {
	err := i.credentials.NoteCredentialSeen(ctx, s.Account.Username, i.now())
	i.authenticator.Forget(s.Account.Username)
	if errors.Is(err, device.ErrNotFound) || err == nil && !s.Account.Issued {
		return nil
	}
	if err != nil {
		return fmt.Errorf("note use of credential: %w", err)
	}
	all, err := i.credentials.CredentialsOf(ctx, s.Device.ID)
	if err != nil {
		return fmt.Errorf("read credentials of device: %w", err)
	}
	for _, c := range all {
		if c.Username == s.Account.Username || c.CreatedAt.After(s.Account.CreatedAt) {
			continue
		}
		i.authenticator.Forget(c.Username)
		if !c.Issued {
			continue
		}
		if err := i.credentials.DeleteCredential(ctx, c.Username); err != nil && !errors.Is(err, device.ErrNotFound) {
			return fmt.Errorf("delete former credential: %w", err)
		}
	}
	return nil
}

// startOver notes that a device came back without the credentials that it had: until
// it uses one of them again, or a new one, it may do without, as its next sessions
// say 0 BOOTSTRAP no more. The credentials stay good: should it not have been the
// device, that one is not locked out.
func (i *identification) startOver(ctx context.Context, id device.ID) error {
	all, err := i.credentials.CredentialsOf(ctx, id)
	if err != nil {
		return fmt.Errorf("read credentials of device: %w", err)
	}
	for _, c := range all {
		if c.SeenAt.IsZero() {
			continue
		}
		c.SeenAt = time.Time{}
		if err := i.credentials.PutCredential(ctx, c); err != nil {
			return fmt.Errorf("note reset of device: %w", err)
		}
		i.authenticator.Forget(c.Username)
	}
	return nil
}

// noteAddress raises the alarm for a session that cut off another one of the same
// device from elsewhere.
func (i *identification) noteAddress(ctx context.Context, s *Session, before device.Device) {
	if before.Session.Open(s.StartedAt) && before.Address != "" && before.Address != s.Address {
		i.alarms.raise(ctx, s.Device.ID, device.AlarmIdentityClash, clashDetail(s, "a session began while one from "+before.Address+" was open"))
	}
}

// noteBootstraps raises the alarm for a device that was reset again and again, unless
// a task of ours resets it just now.
func (e *engine) noteBootstraps(ctx context.Context, s *Session) error {
	if !bootstrapped(s.Events) {
		return nil
	}
	count := 0
	for _, event := range s.Device.Events {
		if isBootstrap(event) && s.StartedAt.Sub(event.At) < bootstrapSpan {
			count++
		}
	}
	if count < manyBootstraps {
		return nil
	}
	open, err := e.evidence.queue.Open(ctx, s.Device.ID)
	if err != nil {
		return fmt.Errorf("list open tasks: %w", err)
	}
	for _, t := range open {
		if t.Kind == tasks.FactoryReset && (t.State == tasks.Running || t.State == tasks.Waiting) {
			return nil
		}
	}
	e.identification.alarms.raise(ctx, s.Device.ID, device.AlarmRepeatedBootstrap, fmt.Sprintf("%d times 0 BOOTSTRAP within an hour", count))
	return nil
}

func bootstrapped(events []device.Event) bool {
	for _, event := range events {
		if isBootstrap(event) {
			return true
		}
	}
	return false
}

func isBootstrap(event device.Event) bool {
	return (cwmp.EventStruct{EventCode: event.Code}).Is(cwmp.EventBootstrap)
}
