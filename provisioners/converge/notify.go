package converge

import (
	"context"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/provisioners/mapping"
)

const (
	// activeNotification has a device open a session as soon as a parameter changes by
	// other hands than the ACS's (TR-069 A.3.2.4).
	activeNotification = 2
	// maxNotifications bounds the requests for notification of one session. A device that
	// refuses some of it is asked for the rest in later ones.
	maxNotifications = 16
)

// askNotification asks the device to tell when a parameter is changed, once for the same
// parameters. It is needed of none but those that are set, and is not asked again of
// kinds of devices that refuse it.
func (c *Course) askNotification(v Visit) cwmp.Message {
	if !c.Asking {
		c.Asking, c.Asked, c.Queue = true, 0, newQueue(c.toNotify(), v.Values)
	}
	batch := c.Queue.current()
	if batch == nil || c.Asked >= maxNotifications {
		if batch == nil {
			c.Record.Notified = c.notified()
		}
		c.Stage = stageEnd
		return nil
	}
	c.Asked++
	m := &cwmp.SetParameterAttributes{}
	for _, path := range batch {
		m.ParameterList = append(m.ParameterList, cwmp.SetParameterAttributesStruct{Name: path, NotificationChange: true, Notification: activeNotification})
	}
	return m
}

// notifiable returns the paths that can be asked for.
func (c *Course) notifiable() []string {
	refused := map[string]bool{}
	for _, path := range c.model.stored.NoNotification {
		refused[path] = true
	}
	var paths []string
	for i := range c.resolved.Parameters {
		p := &c.resolved.Parameters[i]
		if !c.writeOnly(p) && !c.Absent[p.Path] && !refused[c.generic(p.Path)] {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

func (c *Course) toNotify() []string {
	if c.Record.Notified == c.notified() {
		return nil
	}
	return c.notifiable()
}

// notified identifies what can be asked for.
func (c *Course) notified() string {
	paths := c.notifiable()
	if len(paths) == 0 {
		return ""
	}
	return c.planner.hashes.of(paths...)
}

// notificationTold notes which parameters take no notification: those that are refused
// alone. A device that refuses the first of a batch alone is taken to refuse them all.
func (c *Course) notificationTold(ctx context.Context, m cwmp.Message) error {
	batch := c.Queue.current()
	if _, ok := m.(*cwmp.SetParameterAttributesResponse); ok {
		c.Queue.done()
		return nil
	}
	if len(batch) > 1 {
		if c.Asked == 1 {
			c.Queue.Left = append([][]string{batch[:1:1], batch[1:]}, c.Queue.Left[1:]...)
		} else {
			c.Queue.halve()
		}
		return nil
	}
	refused := batch
	if c.Asked == 2 {
		for _, left := range c.Queue.Left[1:] {
			refused = append(refused[:len(refused):len(refused)], left...)
		}
		c.Queue.Left = c.Queue.Left[:1]
	}
	c.Queue.done()
	generic := make([]string, len(refused))
	for i, path := range refused {
		generic[i] = c.generic(path)
	}
	if !c.model.refuse(generic...) {
		return nil
	}
	return c.planner.models.save(ctx, c.model)
}

// generic returns a path as data models have it: below the root, {i} for instances.
func (c *Course) generic(path string) string {
	return mapping.Generic(path[min(len(path), len(c.input.Root)):])
}
