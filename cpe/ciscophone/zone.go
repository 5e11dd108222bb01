package ciscophone

import (
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// zone is the time zone: one text of POSIX in the data model, three elements in the
// profile.
func zone(path string) twin {
	return twin{
		path: path,
		value: func(e elements) (string, bool) {
			clock := filephone.CiscoClock(e)
			return posix(clock), clock.Known
		},
		take: func(e elements, value string) {
			if clock, ok := filephone.ClockOf(value); ok {
				takeClock(e, clock)
			}
		},
	}
}

func takeClock(e elements, clock filephone.Clock) {
	e["Time_Zone"] = "GMT" + hours(clock.Offset)
	e["Daylight_Saving_Time_Enable"] = "No"
	d := clock.Daylight
	if d == nil {
		return
	}
	e["Daylight_Saving_Time_Enable"] = "Yes"
	e["Daylight_Saving_Time_Rule"] = fmt.Sprintf("start=%s;end=%s;save=%d:%d:0", change(d.Start), change(d.End), d.Save/60, d.Save%60)
}

// hours writes seconds east of Greenwich as +hh:mm.
func hours(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	return fmt.Sprintf("%c%02d:%02d", sign, seconds/3600, seconds%3600/60)
}

// change writes month, first possible day (-1 for the last week), weekday (Sunday is
// 7) and time.
func change(c filephone.Change) string {
	day, weekday := c.Day, 0
	switch {
	case c.Week == 5:
		day = -1
	case c.Week > 0:
		day = 7*(c.Week-1) + 1
	}
	if c.Week > 0 {
		if weekday = c.Weekday; weekday == 0 {
			weekday = 7
		}
	}
	return fmt.Sprintf("%d/%d/%d/%d:%d:0", c.Month, day, weekday, c.Hour, c.Minute)
}

// posix writes a clock as the variable TZ has it. Zones have no names there but their
// hours; a rule by days of the month, which POSIX has not, is left out.
func posix(clock filephone.Clock) string {
	name := func(seconds int) string { return "<" + strings.ReplaceAll(hours(seconds), ":", "") + ">" }
	behind := func(seconds int) string { return strings.TrimPrefix(hours(-seconds), "+") }
	text := name(clock.Offset) + behind(clock.Offset)
	d := clock.Daylight
	if d == nil || d.Start.Week == 0 || d.End.Week == 0 {
		return text
	}
	summer := clock.Offset + 60*d.Save
	rule := func(c filephone.Change) string {
		return fmt.Sprintf(",M%d.%d.%d/%d:%02d", c.Month, c.Week, c.Weekday, c.Hour, c.Minute)
	}
	return text + name(summer) + behind(summer) + rule(d.Start) + rule(d.End)
}
