package api

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

// Bounds of what operators write on a device.
const (
	maxTags         = tasks.MaxTags
	maxTag          = 64
	maxGroup        = 256
	maxGroupDepth   = 16
	maxGroupSegment = 64
)

// inScope reports whether a group lies in the subtree of a scope.
func inScope(s device.Scope, group string) bool {
	return s.Group == "" || group == s.Group || strings.HasPrefix(group, s.Group+"/")
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

// checkGroup checks the path of a group: names joined by slashes, empty for the
// root.
func checkGroup(location, group string) error {
	if group == "" {
		return nil
	}
	segments := strings.Split(group, "/")
	if len(group) > maxGroup || len(segments) > maxGroupDepth {
		return invalid(location, fmt.Sprintf("must have at most %d bytes and %d levels", maxGroup, maxGroupDepth))
	}
	for _, segment := range segments {
		if fault := lineFault(segment, maxGroupSegment); fault != "" {
			return invalid(location, "must be names joined by /, such as reseller/customer/site; a name "+fault)
		}
	}
	return nil
}

// lineFault says what keeps text from being a name on one line; empty if
// nothing does.
func lineFault(text string, limit int) string {
	switch {
	case !utf8.ValidString(text) || text == "" || utf8.RuneCountInString(text) > limit:
		return fmt.Sprintf("must have 1 to %d characters", limit)
	case strings.TrimSpace(text) != text:
		return "must not begin or end with white space"
	case strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "must be printable"
	default:
		return ""
	}
}
