package device

import (
	"slices"
	"time"
	"unicode/utf8"
)

// AlarmKind says what is wrong with a device, or with who claims to be it.
type AlarmKind string

// The kinds of alarm.
const (
	// AlarmIdentityClash: somebody with credentials of another device, or from
	// another address while a session was open, spoke as this one.
	AlarmIdentityClash AlarmKind = "identityClash"
	// AlarmRepeatedBootstrap: the device reports 0 BOOTSTRAP again and again.
	AlarmRepeatedBootstrap AlarmKind = "repeatedBootstrap"
	// AlarmCredentials: the device does not take, or no longer uses, the credentials
	// that it was given.
	AlarmCredentials AlarmKind = "credentials"
	// AlarmTransfers: the file server refuses the device, or it the file's
	// signature.
	AlarmTransfers AlarmKind = "transfers"
	// AlarmParameters: the device changes back what it was set to, or its tree
	// grows beyond what is kept.
	AlarmParameters AlarmKind = "parameters"
)

// AlarmKinds returns every kind.
func AlarmKinds() []AlarmKind {
	return []AlarmKind{AlarmIdentityClash, AlarmRepeatedBootstrap, AlarmCredentials, AlarmTransfers, AlarmParameters}
}

// Alarm is something about a device that a person should look at. There is at most
// one of each kind; it stays until an operator clears it.
type Alarm struct {
	Kind AlarmKind `json:"kind"`
	// Since is when it was raised first, Last when last, Count how often.
	Since time.Time `json:"since"`
	Last  time.Time `json:"last"`
	Count int       `json:"count"`
	// Detail says in words what happened last; at most MaxAlarmDetail bytes.
	Detail string `json:"detail"`
}

// MaxAlarmDetail bounds Alarm.Detail, in bytes.
const MaxAlarmDetail = 300

// RaiseAlarm returns the record with the alarm raised at the given time, the first
// time or once more.
func (d Device) RaiseAlarm(kind AlarmKind, detail string, at time.Time) Device {
	alarms := slices.Clone(d.Alarms)
	i := slices.IndexFunc(alarms, func(a Alarm) bool { return a.Kind == kind })
	if i < 0 {
		alarms = append(alarms, Alarm{Kind: kind, Since: at})
		i = len(alarms) - 1
	}
	alarms[i].Last, alarms[i].Detail = at, cutDetail(detail)
	alarms[i].Count++
	d.Alarms = alarms
	return d
}

// cutDetail cuts a text to MaxAlarmDetail, between two characters.
func cutDetail(detail string) string {
	if len(detail) <= MaxAlarmDetail {
		return detail
	}
	end := MaxAlarmDetail
	for end > 0 && !utf8.RuneStart(detail[end]) {
		end--
	}
	return detail[:end]
}

// ClearAlarm returns the record without the alarm.
func (d Device) ClearAlarm(kind AlarmKind) Device {
	d.Alarms = slices.DeleteFunc(slices.Clone(d.Alarms), func(a Alarm) bool { return a.Kind == kind })
	return d
}
