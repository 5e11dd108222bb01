package api

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/users"
)

// EventKind says what an event is about.
type EventKind string

// The kinds of events.
const (
	EventDevice  EventKind = "device"
	EventTask    EventKind = "task"
	EventSession EventKind = "session"
)

// eventKinds lists every kind.
func eventKinds() []EventKind { return []EventKind{EventDevice, EventTask, EventSession} }

// permission returns what one needs to read events of the kind: an event shows
// what another call does.
func (k EventKind) permission() users.Permission {
	if k == EventTask {
		return users.ReadTasks
	}
	return users.ReadDevices
}

// followedKinds returns the kinds that the text names, or the problem of one that
// the principal may not read; without text all that the principal may.
func followedKinds(p users.Principal, text string) ([]EventKind, error) {
	if text == "" {
		kinds := slices.DeleteFunc(eventKinds(), func(k EventKind) bool { return !p.Allows(k.permission()) })
		if len(kinds) == 0 {
			return nil, lacks(p, users.ReadDevices)
		}
		return kinds, nil
	}
	var kinds []EventKind
	for name := range strings.SplitSeq(text, ",") {
		kind := EventKind(strings.TrimSpace(name))
		if !slices.Contains(eventKinds(), kind) {
			return nil, invalid("query.kinds", "must be device, task and session, joined by commas")
		}
		if !p.Allows(kind.permission()) {
			return nil, lacks(p, kind.permission())
		}
		kinds = append(kinds, kind)
	}
	return kinds, nil
}
