package device

import (
	"context"
	"errors"
	"time"
)

// GroupMaker finds and stores groups, as GroupStore does.
type GroupMaker interface {
	PutGroup(ctx context.Context, g Group) error
	Group(ctx context.Context, path string) (Group, error)
}

// MakeGroups makes a group and those above it, as far as they are missing; the root
// never is. What a failure leaves behind is made use of by the next attempt. It
// returns the errors of the store.
func MakeGroups(ctx context.Context, groups GroupMaker, path string, now time.Time) error {
	for end := range len(path) + 1 {
		if end == 0 || end < len(path) && path[end] != '/' {
			continue
		}
		err := groups.PutGroup(ctx, Group{Path: path[:end], CreatedAt: now, UpdatedAt: now})
		if err != nil && !errors.Is(err, ErrDuplicate) {
			return err
		}
	}
	return nil
}

// KeepGroup makes a group again if it is missing. Whoever has put something into a
// group calls it afterwards: the group may have been deleted between the look at it
// and the write. Who deletes a group looks after that once more whether something is
// in it. Whatever the order of the two, the later look sees what the other did. It
// returns the errors of the store.
func KeepGroup(ctx context.Context, groups GroupMaker, path string, now time.Time) error {
	if path == "" {
		return nil
	}
	_, err := groups.Group(ctx, path)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	return MakeGroups(ctx, groups, path, now)
}
