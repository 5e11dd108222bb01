package api

import (
	"github.com/dialtone-acs/dialtone/provisioners/plan"
)

// SettingsPlan says what a change would do.
type SettingsPlan struct {
	Devices   int               `json:"devices" doc:"How many devices were looked at."`
	Changed   int               `json:"changed" doc:"How many of them should have something else then."`
	Alike     int               `json:"alike" doc:"How many of these would be given the same files all the same; counted for a pack only."`
	Unserved  int               `json:"unserved" doc:"How many have no vendor pack and are given no files."`
	Failing   int               `json:"failing" doc:"How many could not be given their files then."`
	ByModel   []PlannedCount    `json:"byModel" nullable:"false" doc:"How many of each model change, the most first."`
	ByGroup   []PlannedCount    `json:"byGroup" nullable:"false" doc:"How many of each group change, the most first."`
	Names     []PlannedDevice   `json:"names" nullable:"false" doc:"Devices that change, in order of id."`
	Truncated bool              `json:"truncated" doc:"More devices change than are named."`
	Unreached UnreachedSettings `json:"unreached" doc:"What the level would declare and devices would not take."`
	Failures  []PlannedFailure  `json:"failures" nullable:"false" doc:"Devices that could not be given their files."`
}

// PlannedCount is how many devices have something in common.
type PlannedCount struct {
	Name   string `json:"name" doc:"A model or a group; empty for devices without."`
	Count  int    `json:"count"`
	Others bool   `json:"others,omitempty" doc:"The count is of all that are not listed."`
}

// PlannedDevice is a device as a person knows it.
type PlannedDevice struct {
	ID           string `json:"id"`
	MAC          string `json:"mac"`
	SerialNumber string `json:"serialNumber"`
	Model        string `json:"model"`
	Group        string `json:"group"`
}

// UnreachedSettings is what a level would declare and devices would not take.
type UnreachedSettings struct {
	Overridden int              `json:"overridden" doc:"Pairs of device and setting where a level below says otherwise."`
	Refused    int              `json:"refused" doc:"Pairs where a level above locked the setting."`
	Unused     int              `json:"unused" doc:"Pairs where it has no effect on the device."`
	Places     []UnreachedPlace `json:"places" nullable:"false"`
	Truncated  bool             `json:"truncated" doc:"There are more places than are listed."`
}

// UnreachedPlace is a setting that a device would not take.
type UnreachedPlace struct {
	Device PlannedDevice `json:"device"`
	Path   string        `json:"path"`
	Why    plan.Why      `json:"why" enum:"overridden,refused,unused"`
	By     LevelName     `json:"by" doc:"The level that overrides it or locked it."`
	Reason string        `json:"reason,omitempty" doc:"Why it is unused."`
}

// PlannedFailure is a device that could not be given its files.
type PlannedFailure struct {
	Device  PlannedDevice `json:"device"`
	Problem string        `json:"problem"`
}

func showPlan(answer plan.Answer) SettingsPlan {
	shown := SettingsPlan{
		Devices: answer.Devices, Changed: answer.Changed, Alike: answer.Alike, Unserved: answer.Unserved, Failing: answer.Failing,
		ByModel: showCounts(answer.ByModel), ByGroup: showCounts(answer.ByGroup), Names: []PlannedDevice{}, Truncated: answer.Truncated, Failures: []PlannedFailure{},
		Unreached: UnreachedSettings{
			Overridden: answer.Unreached.Overridden, Refused: answer.Unreached.Refused, Unused: answer.Unreached.Unused,
			Places: []UnreachedPlace{}, Truncated: answer.Unreached.Truncated,
		},
	}
	for _, n := range answer.Names {
		shown.Names = append(shown.Names, showName(n))
	}
	for _, p := range answer.Unreached.Places {
		shown.Unreached.Places = append(shown.Unreached.Places, UnreachedPlace{Device: showName(p.Device), Path: p.Path, Why: p.Why, By: showLevelKey(p.By), Reason: p.Reason})
	}
	for _, f := range answer.Failures {
		shown.Failures = append(shown.Failures, PlannedFailure{Device: showName(f.Device), Problem: f.Problem})
	}
	return shown
}

func showName(n plan.Name) PlannedDevice {
	return PlannedDevice{ID: string(n.ID), MAC: n.MAC, SerialNumber: n.SerialNumber, Model: n.Model, Group: n.Group}
}

func showCounts(counts []plan.Count) []PlannedCount {
	shown := make([]PlannedCount, 0, len(counts))
	for _, c := range counts {
		shown = append(shown, PlannedCount{Name: c.Name, Count: c.Count, Others: c.Others})
	}
	return shown
}

// DevicePlan is how the files of a device would change.
type DevicePlan struct {
	Files []FileDifference `json:"files" nullable:"false" doc:"Those that change."`
}

// FileDifference is how one file would change.
type FileDifference struct {
	Name       string `json:"name"`
	Difference string `json:"difference" doc:"In the unified format, without secrets."`
	Added      int    `json:"added" doc:"Lines that come."`
	Removed    int    `json:"removed" doc:"Lines that go."`
	Truncated  bool   `json:"truncated" doc:"The difference is cut."`
	Problem    string `json:"problem" doc:"Why the file cannot be made then; empty if it can."`
}
