package cpe

import "github.com/dialtone-acs/dialtone/cwmp"

// What is refused or changed has the same last name in both issues of TR-104.
const (
	oddRegistrar  = "RegistrarServer"
	oddCallerName = "CallerIDName"
)

// settingOddities are about what a device makes of its settings. SettingQuirks have
// them for any parameter and number.
var settingOddities = []Oddity{
	{Name: "upper-cases-registrar", Manner: "takes RegistrarServer and writes it in upper case", config: quirk(func(q *Quirks) { q.UpperCase = withName(q.UpperCase, oddRegistrar) })},
	{Name: "refuses-caller-name", Manner: "answers 9003 with 9007 for CallerIDName, whatever its value, and sets nothing of the rest", config: quirk(func(q *Quirks) { q.RefuseValues = withName(q.RefuseValues, oddCallerName) })},
	{Name: "refuses-caller-name-unsaid", Manner: "answers 9003 to CallerIDName without saying what it refuses", config: quirk(func(q *Quirks) { q.RefuseBare = withName(q.RefuseBare, oddCallerName) })},
	{Name: "forgets-settings", Manner: "loses at every boot what was set, ParameterKey included", config: quirk(func(q *Quirks) { q.ForgetSettings = ForgetAll })},
	{Name: "forgets-settings-not-key", Manner: "loses at every boot what was set, and keeps ParameterKey", config: quirk(func(q *Quirks) { q.ForgetSettings = ForgetAllButKey })},
	{Name: "reboots-at-first-set", Manner: "reboots once in place of answering SetParameterValues that it executed", config: quirk(func(q *Quirks) { q.RebootAfterSets, q.RebootTimes = 1, 1 })},
	{Name: "reboots-at-every-set", Manner: "reboots in place of answering SetParameterValues that it executed, always", config: quirk(func(q *Quirks) { q.RebootAfterSets, q.RebootTimes = 1, 0 })},
	{Name: "refuses-notification", Manner: "answers 9009 to active notification of any parameter", answer: refuseNotification},
}

// withName is names with one more, once.
func withName(names []string, name string) []string {
	for _, n := range names {
		if n == name {
			return names
		}
	}
	return append(append([]string(nil), names...), name)
}

func refuseNotification(_ *Device, request cwmp.Message) cwmp.Message {
	m, ok := request.(*cwmp.SetParameterAttributes)
	if !ok {
		return nil
	}
	for _, p := range m.ParameterList {
		if p.NotificationChange && p.Notification == notificationActive {
			return cwmp.NewFault(cwmp.FaultNotificationRejected, "")
		}
	}
	return nil
}
