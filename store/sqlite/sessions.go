package sqlite

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func (s sessions) Begin(ctx context.Context, contact device.Contact) (began device.Began, err error) {
	contact.At, contact.Until = whole(contact.At), whole(contact.Until)
	err = s.write(ctx, "beginSession", func(c *conn) error {
		began, err = c.begin(contact)
		return err
	})
	if err != nil {
		return device.Began{}, err
	}
	return began, nil
}

func (c *conn) begin(contact device.Contact) (device.Began, error) {
	before, err := c.contacted(contact)
	if err != nil {
		return device.Began{}, err
	}
	after, err := before.Apply(contact)
	if err != nil {
		return device.Began{}, err
	}
	if len(contact.Events)+len(contact.Alarms) > 0 {
		after = wholeDevice(after)
	}
	if after.CWMPIdentity != before.CWMPIdentity {
		if err := c.checkFree(before.n, after.Identities()); err != nil {
			return device.Began{}, err
		}
		if err := c.putIdentities(before.n, after.Identities()); err != nil {
			return device.Began{}, err
		}
	}
	if len(contact.Events) == 0 && routine(&before.Device, &after) {
		err = c.updateSession(before.n, &after)
	} else {
		err = c.updateReported(&before, &after)
	}
	return device.Began{Before: before.Device, After: after}, err
}

func (c *conn) contacted(contact device.Contact) (deviceRow, error) {
	if contact.Device != "" {
		return c.device(deviceByID, string(contact.Device))
	}
	i := contact.Identity.Identity()
	return c.device(deviceByIdentity, string(i.Kind), i.Key)
}

// routine reports whether a contact changed nothing but what every contact
// changes, events aside.
func routine(before, after *device.Device) bool {
	return after.LastBoot.Equal(before.LastBoot) && after.LastBootstrap.Equal(before.LastBootstrap) && after.FirstSeen.Equal(before.FirstSeen) &&
		after.CWMPIdentity == before.CWMPIdentity && after.Address == before.Address && sameReport(before, after)
}

// sameReport reports whether what is learnt of the device is unchanged.
func sameReport(before, after *device.Device) bool {
	return after.Manufacturer == before.Manufacturer && after.Model == before.Model &&
		after.HardwareVersion == before.HardwareVersion && after.SoftwareVersion == before.SoftwareVersion &&
		after.Root == before.Root && after.Namespace == before.Namespace && after.ParameterKey == before.ParameterKey &&
		after.InformDigest == before.InformDigest && after.InformInterval == before.InformInterval &&
		after.OnboardingDue == before.OnboardingDue && after.ConnectionRequest == before.ConnectionRequest &&
		after.CWMPVersion == before.CWMPVersion && after.RetryCount == before.RetryCount && slices.Equal(after.Alarms, before.Alarms) &&
		maps.Equal(after.Indexed, before.Indexed)
}

// updateSession writes what every contact changes.
func (c *conn) updateSession(n int64, d *device.Device) error {
	_, err := c.exec("UPDATE devices SET session_id = ?, session_generation = ?, session_until = ?, last_inform = ?, online_until = ? WHERE n = ?",
		d.Session.ID, d.Session.Generation, milliseconds(d.Session.Until), milliseconds(d.LastInform), milliseconds(d.OnlineUntil), n)
	return err
}

func (s sessions) Learn(ctx context.Context, id device.ID, generation int64, l device.Learned) error {
	return s.write(ctx, "learn", func(c *conn) error {
		before, err := c.device(deviceByID, string(id))
		if err != nil {
			return err
		}
		if before.Session.Generation != generation {
			return device.ErrSessionLost
		}
		after := before.ApplyLearned(l)
		if sameReport(&before.Device, &after) {
			return nil
		}
		return c.updateReported(&before, &after)
	})
}

// updateReported writes every column of a record of which sessions changed
// something.
func (c *conn) updateReported(before *deviceRow, after *device.Device) error {
	if err := c.updateDevice(before.n, after); err != nil || slices.Equal(before.Alarms, after.Alarms) {
		return err
	}
	return c.putAlarms(before.n, after.Alarms)
}

func (s sessions) Extend(ctx context.Context, id device.ID, generation int64, until time.Time) error {
	return s.write(ctx, "extendSession", func(c *conn) error {
		changed, err := c.exec("UPDATE devices SET session_until = ? WHERE id = ? AND session_generation = ?", milliseconds(until), string(id), generation)
		if err != nil || changed > 0 {
			return err
		}
		n, err := c.deviceNumber(id)
		if err == nil && n == 0 {
			return device.ErrNotFound
		}
		if err == nil {
			return device.ErrSessionLost
		}
		return err
	})
}

func (s sessions) End(ctx context.Context, e device.SessionEnd) error {
	e.At, e.DueAt = whole(e.At), whole(e.DueAt)
	return s.write(ctx, "endSession", func(c *conn) error {
		n, before, err := c.lockAndWork(e.Device)
		if err != nil {
			return err
		}
		after, err := before.End(e)
		if err != nil {
			return err
		}
		return c.updateLock(n, &before, &after)
	})
}

// lockAndWork reads of the record only what End decides on.
func (c *conn) lockAndWork(id device.ID) (n int64, d device.Device, err error) {
	found, err := c.one(func(r *row) error {
		n, d.ID = r.int64(), id
		d.Session = device.Session{ID: r.text(), Generation: r.int64(), Until: r.time()}
		d.Work = device.Work{Raised: r.int64(), Cleared: r.int64(), DueAt: r.time()}
		return nil
	}, "SELECT n, session_id, session_generation, session_until, work_raised, work_cleared, work_due_at FROM devices WHERE id = ?", string(id))
	if err == nil && !found {
		err = device.ErrNotFound
	}
	return n, d, err
}

func (c *conn) updateLock(n int64, before, after *device.Device) error {
	if after.Work.Cleared == before.Work.Cleared && after.Work.DueAt.Equal(before.Work.DueAt) {
		_, err := c.exec("UPDATE devices SET session_id = ?, session_until = ? WHERE n = ?", after.Session.ID, milliseconds(after.Session.Until), n)
		return err
	}
	_, err := c.exec("UPDATE devices SET session_id = ?, session_until = ?, work_cleared = ?, work_due_at = ? WHERE n = ?",
		after.Session.ID, milliseconds(after.Session.Until), after.Work.Cleared, milliseconds(after.Work.DueAt), n)
	return err
}

func (s sessions) RaiseWork(ctx context.Context, id device.ID) error {
	return s.write(ctx, "raiseWork", func(c *conn) error {
		changed, err := c.exec("UPDATE devices SET work_raised = work_raised + 1 WHERE id = ?", string(id))
		if err == nil && changed == 0 {
			err = device.ErrNotFound
		}
		return err
	})
}

// endSessionLocks ends what a process that crashed, or was stopped in the
// middle of sessions, left locked.
func (c *conn) endSessionLocks() error {
	_, err := c.exec("UPDATE devices SET session_until = 0 WHERE session_until <> 0")
	return err
}
