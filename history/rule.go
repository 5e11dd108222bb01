package history

import (
	"slices"
	"strings"
)

// completed is the outcome of a session that ended in order, as acs names it.
const completed = "completed"

// Notable reports whether something happened in a session, so that it is kept: the
// device was sent an RPC or made a call, or the session did not end in order, or the
// device came for another reason than 2 PERIODIC, 4 VALUE CHANGE, 6 CONNECTION REQUEST and 14
// HEARTBEAT. Those say no more than that it is there, or what its record says
// anyway; a device that was woken for something is sent an RPC.
func Notable(s Session) bool {
	return s.RPCs > 0 || len(s.Calls) > 0 || s.Outcome != completed || slices.ContainsFunc(s.Events, func(code string) bool { return !routine(code) })
}

// routine goes by the number of an EventCode, as devices differ in how they write
// the rest.
func routine(code string) bool {
	code = strings.TrimSpace(code)
	end := strings.IndexFunc(code, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(code)
	}
	return slices.Contains([]string{"2", "4", "6", "14"}, strings.TrimLeft(code[:end], "0"))
}
