//go:build e2e

package main

const callerName = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.CallingFeatures.CallerIDName"

var setsCallerName = object{"kind": "setParameterValues", "parameters": []object{setting(callerName, "Ada")}}

// oddSettings are what devices make of their settings.
var oddSettings = []oddCase{
	{row: "settings", name: "a value in upper case", odd: []string{"upper-cases-registrar"}},
	{row: "settings", name: "a value that is refused", odd: []string{"refuses-caller-name"}, work: failsThenCompletes("", setsCallerName)},
	{row: "settings", name: "a value that is refused without saying which", odd: []string{"refuses-caller-name-unsaid"}, work: failsThenCompletes("", setsCallerName)},
	{row: "settings", name: "settings that no boot survives", odd: []string{"forgets-settings"}, work: setsAgainAfterABoot},
	{row: "settings", name: "settings that no boot survives, under the same key", odd: []string{"forgets-settings-not-key"}, work: setsAgainAfterABoot},
	{row: "settings", name: "a reboot in place of an answer", odd: []string{"reboots-at-first-set"}},
	{row: "settings", name: "a reboot in place of every answer", odd: []string{"reboots-at-every-set"}, work: readsDespiteReboots},
	{row: "settings", name: "no active notification", odd: []string{"refuses-notification"}},
}

// setsAgainAfterABoot sets a value that is gone after a boot, and once more.
func setsAgainAfterABoot(p *oddPhone) {
	p.Helper()
	p.arrives()
	p.readsAndSets()
	n := p.phone.Sessions()
	p.phone.Reboot()
	waitPhone(p.T, p.phone, "comes back", func() bool { return p.phone.Sessions() > n })
	p.readsAndSets()
}

// readsDespiteReboots has a device read that never answers a set.
func readsDespiteReboots(p *oddPhone) {
	p.Helper()
	p.arrives()
	task := p.c.Queue(p.id, object{"kind": "getParameterValues", "paths": []string{model}})
	p.informs()
	p.succeeded(task.ID)
}
