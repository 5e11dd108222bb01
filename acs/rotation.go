package acs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/logkeys"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/tasks"
)

// rotation gives devices credentials of their own in place of what they came with
// (ManagementServer.Username and Password, TR-181): it makes a credential up, then
// sets it by a task. What the device came with stays good until it uses the new one.
type rotation struct {
	credentials   Credentials
	keeper        Keeper
	tasks         Queue
	alarms        *alarms
	authenticator Authenticator
	// tries counts the sessions in which a device still came with what it had, after
	// the new credential was set. It is of this node and this run: at worst a device
	// is set its credential some more times.
	tries  *recollection[device.ID, int]
	now    func() time.Time
	logger *slog.Logger
}

const (
	rotationKey = "credentials"
	// rotationTries is after how many such sessions that is an alarm, and nothing more
	// is tried until rotationPause is over.
	rotationTries = 3
	rotationPause = 24 * time.Hour
	maxRotations  = 50_000

	managementUsername = "ManagementServer.Username"
	managementPassword = "ManagementServer.Password"
)

func newRotation(o Options, a *alarms) *rotation {
	return &rotation{
		credentials: o.Credentials, keeper: o.Keeper, tasks: o.Queue, alarms: a, authenticator: o.Authenticator, now: o.Now, logger: o.Logger,
		tries: newRecollection[device.ID, int](maxRotations, 2*rotationPause, o.Now),
	}
}

// queue queues the task that gives the device its credential, if it is due, and says
// whether it did.
func (r *rotation) queue(ctx context.Context, s *Session, who speaker) (bool, error) {
	due := who.Issue || who.Rotates && who.Own && s.Account.Outdated
	if !due || s.Device.Root == "" || s.Device.Quarantined || r.credentials == nil {
		return false, nil
	}
	if open, err := r.underWay(ctx, s.Device.ID); err != nil || open {
		return false, err
	}
	pending, err := r.pending(ctx, s.Device)
	if err != nil {
		return false, err
	}
	if pending == nil {
		r.tries.forget(s.Device.ID)
		return r.issue(ctx, s.Device)
	}
	return r.again(ctx, s.Device, *pending)
}

// underWay reports whether such a task is open.
func (r *rotation) underWay(ctx context.Context, id device.ID) (bool, error) {
	open, err := r.tasks.Open(ctx, id)
	if err != nil {
		return false, fmt.Errorf("list open tasks: %w", err)
	}
	return slices.ContainsFunc(open, func(t tasks.Task) bool { return t.UniqueKey == rotationKey }), nil
}

// pending returns the credential that the device was given and has not used, nil if
// there is none. Those of before a factory reset, and those that the device did not
// take for long, are removed.
func (r *rotation) pending(ctx context.Context, d device.Device) (*device.Credential, error) {
	all, err := r.credentials.CredentialsOf(ctx, d.ID)
	if err != nil {
		return nil, fmt.Errorf("read credentials of device: %w", err)
	}
	var found *device.Credential
	for _, c := range all {
		if !c.Issued || !c.SeenAt.IsZero() {
			continue
		}
		outlived := c.CreatedAt.Before(d.LastBootstrap) || r.now().Sub(c.CreatedAt) > rotationPause
		if !outlived {
			found = &c
			continue
		}
		// Not one that the device used before its reset: it may come back to it.
		if err := r.withdraw(ctx, d, c, all); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// withdraw removes a credential that the device never took, as long as it has room
// for others only by that.
func (r *rotation) withdraw(ctx context.Context, d device.Device, c device.Credential, all []device.Credential) error {
	if c.CreatedAt.Before(d.LastBootstrap) && len(all) < device.MaxCredentials/2 {
		return nil
	}
	err := r.credentials.DeleteCredential(ctx, c.Username)
	if err != nil && !errors.Is(err, device.ErrNotFound) {
		return fmt.Errorf("withdraw credential: %w", err)
	}
	r.authenticator.Forget(c.Username)
	return nil
}

// issue makes a credential up and sets it. It is stored first: a crash in between
// leaves one that the next session sets.
func (r *rotation) issue(ctx context.Context, d device.Device) (bool, error) {
	c, password, err := device.IssueCredential(d.ID, r.now(), r.keeper.Seal)
	if err != nil {
		return false, err
	}
	err = r.credentials.PutCredential(ctx, c)
	if errors.Is(err, device.ErrLimit) {
		r.logger.WarnContext(ctx, "device has too many credentials to be given one more", logkeys.Device, d.ID)
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("store credential: %w", err)
	}
	return r.set(ctx, d, c.Username, password)
}

// again sets the pending credential once more, for a device that came without it.
func (r *rotation) again(ctx context.Context, d device.Device, c device.Credential) (bool, error) {
	tries := r.tries.change(d.ID, func(n int) int { return n + 1 })
	if tries == rotationTries {
		r.alarms.raise(ctx, d.ID, device.AlarmCredentials, fmt.Sprintf("the device still uses what it came with, %d sessions after it was given credentials of its own", tries))
	}
	if tries >= rotationTries {
		return false, nil
	}
	password, err := r.keeper.Open(c.Password, device.CredentialOwner(c.Username))
	if err != nil {
		return false, fmt.Errorf("open credential: %w", err)
	}
	return r.set(ctx, d, c.Username, password)
}

func (r *rotation) set(ctx context.Context, d device.Device, username string, password secret.Text) (bool, error) {
	raw, err := json.Marshal(tasks.SetParameterValuesArgs{Parameters: []tasks.ParameterSetting{
		{Path: d.Root + managementUsername, Value: tasks.Text(username), Type: "xsd:string"},
		{Path: d.Root + managementPassword, Value: tasks.Text(password.Reveal()), Type: "xsd:string"},
	}})
	if err != nil {
		return false, fmt.Errorf("encode credential: %w", err)
	}
	_, err = r.tasks.Enqueue(ctx, tasks.New{
		Device: d.ID, Kind: tasks.SetParameterValues, Args: raw, Priority: onboardingPriority, UniqueKey: rotationKey, CreatedBy: "onboarding",
	})
	if errors.Is(err, tasks.ErrDuplicate) || errors.Is(err, tasks.ErrLimit) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("queue credential: %w", err)
	}
	return true, nil
}
