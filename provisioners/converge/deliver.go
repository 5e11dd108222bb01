package converge

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/tasks"
)

// fetchedAge is how long before a device says that it was reset it may have fetched its
// file after that.
const fetchedAge = time.Hour

// taskPriority lets what people queued go first.
const taskPriority = -10

// createdBy is who asks for the tasks of settings.
const createdBy = "settings"

// profile sees to the file with what parameters do not carry. It returns what the device
// holds of it now.
func (c *Course) profile(ctx context.Context, v Visit) (held string, err error) {
	if held = v.Device.Provisioning.FileHeld; c.withoutFiles(v) {
		held = ""
	}
	_, fileType, ok := c.pack.Mapping.Profile()
	if !ok || v.Device.Provisioning.FileHeld == "" && len(c.Record.Deliveries) == 0 && !c.declared() {
		return held, nil // A phone of which nobody said anything is left as it is.
	}
	hash, ok, err := c.planner.o.Profiles.Hash(ctx, *v.Device, &c.effective, c.Record.Owned)
	if err != nil || !ok {
		return held, err
	}
	p := &v.Device.Provisioning
	d := c.delivery(provisioners.DeliveryProfile)
	d.Held = held
	if d.Held == "" && d.Hash == "" && !c.withoutFiles(v) && p.Held == c.effective.Fingerprint {
		d.Held = hash // It took a file with all of these settings, before sessions.
	}
	args := tasks.DownloadArgs{FileType: fileType, File: tasks.ProfileFile}
	err = c.deliver(ctx, v, d, hash, args, "its profile")
	return d.Held, err
}

// withoutFiles reports whether the device was reset and has not fetched its files since.
func (c *Course) withoutFiles(v Visit) bool {
	return c.Cause.Bootstrap && v.Now.Sub(v.Device.Provisioning.FetchedAt) > fetchedAge
}

// declared reports whether anybody said anything of what the device should be, beside
// what its pack says of all.
func (c *Course) declared() bool {
	return slices.ContainsFunc(c.effective.Settings, func(s provisioners.EffectiveSetting) bool {
		return s.Origin.Kind != provisioners.PackLevel && !forServer(s.Path)
	})
}

// certificateAuthority sees to the CA file that the settings name.
func (c *Course) certificateAuthority(ctx context.Context, v Visit) error {
	name, _ := c.effective.Setting("cwmp.ca.file")
	if name.Value == "" {
		c.Record.Deliveries = slices.DeleteFunc(c.Record.Deliveries, func(d provisioners.Delivery) bool { return d.Name == provisioners.DeliveryCA })
		return nil
	}
	d := c.delivery(provisioners.DeliveryCA)
	if c.Cause.Bootstrap {
		d.Held = ""
	}
	fileType := c.pack.Mapping.CAFileType()
	if given, ok := c.effective.Setting("cwmp.ca.fileType"); ok && given.Value != "" {
		fileType = given.Value
	}
	file, err := c.planner.o.Files.Get(ctx, name.Value)
	if errors.Is(err, files.ErrNotFound) || err == nil && fileType == "" {
		d.Problem = "there is no file " + name.Value
		if err == nil {
			d.Problem = "the setting cwmp.ca.fileType must say of which FileType the file is"
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the file %s: %w", name.Value, err)
	}
	args := tasks.DownloadArgs{FileType: fileType, File: file.Name}
	return c.deliver(ctx, v, d, c.planner.hashes.of(file.SHA256, fileType), args, "the file "+file.Name)
}

// deliver queues the download of a file, unless the device has it, or it is under way.
func (c *Course) deliver(ctx context.Context, v Visit, d *provisioners.Delivery, hash string, args tasks.DownloadArgs, what string) error {
	if err := c.look(ctx, v, d, what); err != nil {
		return err
	}
	if d.Held == hash {
		d.Hash, d.Tries, d.Problem = hash, 0, ""
		return nil
	}
	if d.Hash != hash && d.Task == "" {
		d.Hash, d.Tries, d.Problem = hash, 0, ""
	}
	switch {
	case d.Task != "":
		return nil
	case !v.Proven:
		d.Problem = what + " may hold secrets, and " + unproven
		return nil
	case d.Tries >= maxTries && v.Now.Before(c.Record.NextTry):
		return nil
	}
	raw, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("encode the download of %s: %w", what, err)
	}
	t, err := c.planner.o.Tasks.Enqueue(ctx, tasks.New{
		Device: v.Device.ID, Kind: tasks.Download, Args: raw, Priority: taskPriority, UniqueKey: createdBy + "/" + d.Name, CreatedBy: createdBy,
	})
	var duplicate *tasks.DuplicateError
	switch {
	case errors.As(err, &duplicate):
		d.Task, d.Problem = string(duplicate.Existing), "" // Of a session whose outcome was lost.
		return nil
	case errors.Is(err, tasks.ErrLimit):
		d.Problem = "too many tasks of the device are open"
		return nil
	case err != nil:
		return fmt.Errorf("queue the download of %s: %w", what, err)
	}
	d.Task, d.Problem = string(t.ID), ""
	return nil
}

// look notes how the download that was under way ended.
func (c *Course) look(ctx context.Context, v Visit, d *provisioners.Delivery, what string) error {
	if d.Task == "" {
		return nil
	}
	t, err := c.planner.o.Tasks.Get(ctx, tasks.ID(d.Task))
	if errors.Is(err, tasks.ErrNotFound) {
		d.Task = ""
		return nil
	}
	if err != nil {
		return fmt.Errorf("read task %s: %w", d.Task, err)
	}
	switch {
	case !t.State.Final():
		return nil
	case t.State == tasks.Succeeded:
		d.Held, d.Tries, d.Problem = d.Hash, 0, ""
	default:
		if d.Tries++; d.Tries >= maxTries {
			c.Record.NextTry = v.Now.Add(c.planner.spread(longestWait, v.Device.ID))
		}
		d.Problem = what + " was not taken"
		if t.Fault != nil && t.Fault.String != "" {
			d.Problem += ": " + clip(t.Fault.String)
		}
	}
	d.Task = ""
	return nil
}

// delivery returns that of a name, made if there is none.
func (c *Course) delivery(name string) *provisioners.Delivery {
	for i := range c.Record.Deliveries {
		if c.Record.Deliveries[i].Name == name {
			return &c.Record.Deliveries[i]
		}
	}
	c.Record.Deliveries = append(c.Record.Deliveries, provisioners.Delivery{Name: name})
	return &c.Record.Deliveries[len(c.Record.Deliveries)-1]
}

// transferWait is how long after a download was queued the device is looked at again, if
// nothing tells of its end.
const transferWait = 15 * time.Minute
