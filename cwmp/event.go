package cwmp

import "strings"

// Event codes of an Inform (TR-069 3.7.1.5). EventBootstrap to EventHeartbeat
// start with a number; those that start with M name the RPC whose CommandKey the
// event carries.
const (
	EventBootstrap                       = "0 BOOTSTRAP"
	EventBoot                            = "1 BOOT"
	EventPeriodic                        = "2 PERIODIC"
	EventScheduled                       = "3 SCHEDULED"
	EventValueChange                     = "4 VALUE CHANGE"
	EventKicked                          = "5 KICKED"
	EventConnectionRequest               = "6 CONNECTION REQUEST"
	EventTransferComplete                = "7 TRANSFER COMPLETE"
	EventDiagnosticsComplete             = "8 DIAGNOSTICS COMPLETE"
	EventRequestDownload                 = "9 REQUEST DOWNLOAD"
	EventAutonomousTransferComplete      = "10 AUTONOMOUS TRANSFER COMPLETE"
	EventDUStateChangeComplete           = "11 DU STATE CHANGE COMPLETE"
	EventAutonomousDUStateChangeComplete = "12 AUTONOMOUS DU STATE CHANGE COMPLETE"
	EventWakeup                          = "13 WAKEUP"
	EventHeartbeat                       = "14 HEARTBEAT"

	EventMReboot           = "M Reboot"
	EventMScheduleInform   = "M ScheduleInform"
	EventMDownload         = "M Download"
	EventMScheduleDownload = "M ScheduleDownload"
	EventMUpload           = "M Upload"
	EventMChangeDUState    = "M ChangeDUState"
)

// EventStruct is one reason why a device opens a session (TR-069 A.3.3.1).
type EventStruct struct {
	// EventCode is the code as the device wrote it, odd spaces included.
	EventCode string
	// CommandKey is that of the RPC that caused the event, for events that
	// start with M; empty for others.
	CommandKey string
}

// Is reports whether the event is the one named, tolerant of how devices write
// it: events with a number are compared by the number alone ("0  Bootstrap", "0"
// are EventBootstrap), others word by word in any case.
func (e EventStruct) Is(code string) bool {
	if e.EventCode == code {
		return true
	}
	number, ok := leadingNumber(e.EventCode)
	wanted, wantedOK := leadingNumber(code)
	if ok || wantedOK {
		return ok && wantedOK && number == wanted
	}
	words, wantedWords := strings.Fields(e.EventCode), strings.Fields(code)
	if len(words) != len(wantedWords) || len(words) == 0 {
		return false
	}
	for i := range words {
		if !strings.EqualFold(words[i], wantedWords[i]) {
			return false
		}
	}
	return true
}

// leadingNumber returns the digits that a code starts with, without white space
// and leading zeros.
func leadingNumber(code string) (string, bool) {
	code = trim(code)
	end := 0
	for end < len(code) && code[end] >= '0' && code[end] <= '9' {
		end++
	}
	if end == 0 {
		return "", false
	}
	digits := strings.TrimLeft(code[:end], "0")
	if digits == "" {
		digits = "0"
	}
	return digits, true
}
