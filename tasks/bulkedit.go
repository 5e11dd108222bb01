package tasks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// MaxTags bounds the tags that a device may have.
const MaxTags = 64

// Validate returns an *ArgumentError for an edit that changes nothing, or both
// adds and removes a tag.
func (e *BulkEdit) Validate() error {
	if len(e.AddTags) == 0 && len(e.RemoveTags) == 0 && e.Group == nil {
		return &ArgumentError{Field: "addTags", Message: "or removeTags or group is required: there is nothing to change"}
	}
	for i, tag := range e.RemoveTags {
		if slices.Contains(e.AddTags, tag) {
			return &ArgumentError{Field: fmt.Sprintf("removeTags[%d]", i), Message: "is among addTags as well"}
		}
	}
	return nil
}

// of returns the edit of a device as it was read. It is refused if the record
// was changed since.
func (e *BulkEdit) of(d device.Device) device.Edit {
	return device.Edit{Revision: d.Revision, AddTags: e.AddTags, RemoveTags: e.RemoveTags, Group: e.Group}
}

// maxEditAttempts bounds how often the edit of one device meets another.
const maxEditAttempts = 5

// edit changes the record of one device of a page. It is compared with what was
// read, so that a device that was just moved out of the scope, or changed so that
// it matches no longer, stays as it is. One that has what the edit says already
// counts as changed: a page may be done twice.
func (r *BulkRunner) edit(ctx context.Context, b *Bulk, d device.Device, filter query.Expr) error {
	for range maxEditAttempts {
		done, err := r.editOnce(ctx, b, d)
		if done || err != nil {
			return err
		}
		found := false
		if d, found, err = r.again(ctx, b, d.ID, filter); err != nil || !found {
			return err
		}
	}
	b.refuse(d.ID, device.ErrConflict)
	return nil
}

// editOnce changes the record of one device; done is false if somebody else
// changed it since it was read.
func (r *BulkRunner) editOnce(ctx context.Context, b *Bulk, d device.Device) (done bool, err error) {
	after, err := d.ApplyEdit(b.Edit.of(d))
	if err != nil {
		return false, fmt.Errorf("edit device %s: %w", d.ID, err)
	}
	if len(after.Tags) > MaxTags && len(after.Tags) > len(d.Tags) {
		b.refuse(d.ID, fmt.Errorf("would have %d tags, at most %d are allowed", len(after.Tags), MaxTags))
		return true, nil
	}
	if after.Group == d.Group && after.Origin == d.Origin && slices.Equal(after.Tags, d.Tags) {
		b.Queued++
		return true, nil
	}
	changed, err := r.Devices.Edit(ctx, d.ID, b.Edit.of(d))
	switch {
	case err == nil:
		b.Queued++
		if r.Edited != nil {
			r.Edited(changed)
		}
	case errors.Is(err, device.ErrConflict):
		return false, nil
	case errors.Is(err, device.ErrNotFound), errors.Is(err, device.ErrInvalid):
		b.refuse(d.ID, err)
	default:
		return false, fmt.Errorf("edit device %s: %w", d.ID, err)
	}
	return true, nil
}

// again reads a device anew; found is false if it is gone, lies no longer in the
// scope or matches no longer.
func (r *BulkRunner) again(ctx context.Context, b *Bulk, id device.ID, filter query.Expr) (d device.Device, found bool, err error) {
	field, _ := r.schema.Field("id")
	own := query.Compare{Field: field, Op: query.Equal, Value: query.TextValue(query.Fold(string(id)))}
	page, err := r.Devices.List(ctx, device.List{Scope: b.Scope, Filter: query.AllOf(filter, own), PageSize: 1, Now: b.CreatedAt})
	if err != nil {
		return device.Device{}, false, fmt.Errorf("read device %s again: %w", id, err)
	}
	if len(page.Devices) == 0 {
		return device.Device{}, false, nil
	}
	return page.Devices[0], true, nil
}

// refuse counts a device that could not be done.
func (b *Bulk) refuse(id device.ID, err error) {
	b.Refused++
	b.LastError = boundedText("device " + string(id) + ": " + err.Error())
}
