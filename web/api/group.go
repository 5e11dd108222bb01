package api

import (
	"context"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Bounds of what operators write on a device.
const (
	maxTags = tasks.MaxTags
	maxTag  = 64
)

// inScope reports whether a group lies in the subtree of a scope.
func inScope(s device.Scope, group string) bool {
	return s.Contains(group)
}

// visible returns the device if it exists and lies in the scope of the one who
// asks, else device.ErrNotFound: which of the two it is, is not told.
func (a *API) visible(ctx context.Context, text string) (device.Device, error) {
	s, err := scope(ctx)
	if err != nil {
		return device.Device{}, err
	}
	id, err := device.ParseID(text)
	if err != nil {
		return device.Device{}, device.ErrNotFound
	}
	d, err := a.Devices.Get(ctx, id)
	if err != nil {
		return device.Device{}, err
	}
	if !inScope(s, d.Group) {
		return device.Device{}, device.ErrNotFound
	}
	return d, nil
}

// checkTags checks the tags of a device.
func checkTags(tags []string) error { return checkTagList("body.tags", tags) }

// checkTagList checks tags that stand at a place of the request.
func checkTagList(at string, tags []string) error {
	if len(tags) > maxTags {
		return invalid(at, fmt.Sprintf("must have at most %d tags", maxTags))
	}
	for i, tag := range tags {
		location := fmt.Sprintf("%s[%d]", at, i)
		if fault := lineFault(tag, maxTag); fault != "" {
			return invalid(location, fault)
		}
		if slices.Contains(tags[:i], tag) {
			return invalid(location, "is given twice")
		}
	}
	return nil
}

// checkGroup checks the path of a group.
func checkGroup(location, group string) error {
	if err := device.CheckGroupPath(group); err != nil {
		return invalid(location, err.Error())
	}
	return nil
}

// lineFault says what keeps text from being a name on one line; empty if
// nothing does.
func lineFault(text string, limit int) string {
	if err := device.CheckName(text, limit); err != nil {
		return err.Error()
	}
	return ""
}
