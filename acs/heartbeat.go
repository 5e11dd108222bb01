package acs

import "github.com/dialtone-acs/dialtone/cwmp"

// onlyHeartbeat reports whether a device says no more than that it lives (14
// HEARTBEAT): such a session costs no more than an idle one.
func onlyHeartbeat(events []cwmp.EventStruct) bool {
	for _, event := range events {
		if !event.Is(cwmp.EventHeartbeat) {
			return false
		}
	}
	return len(events) > 0
}
