package filephone

import (
	"regexp"
	"strings"
)

// posix is a zone of POSIX: a name, how far it is behind Greenwich, and how the clock
// is put forward, by weekdays of a month.
var posix = regexp.MustCompile(`^(?:[A-Za-z]{3,}|<[^<>]+>)([+-]?[0-9]{1,2}(?::[0-9]{2})?(?::[0-9]{2})?)` +
	`(?:(?:[A-Za-z]{3,}|<[^<>]+>)([+-]?[0-9]{1,2}(?::[0-9]{2})?)?` +
	`(?:,M([0-9]+\.[0-9]\.[0-9])(?:/([+-]?[0-9:]+))?,M([0-9]+\.[0-9]\.[0-9])(?:/([+-]?[0-9:]+))?)?)?$`)

// posixZone reads a zone as the variable TZ has it (POSIX.1, 8.3).
func posixZone(text string) (offset int, daylight *Daylight, ok bool) {
	m := posix.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, nil, false
	}
	offset = -signedHours(m[1])
	if m[3] == "" {
		return offset, nil, true
	}
	save := 3600
	if m[2] != "" {
		save = -signedHours(m[2]) - offset
	}
	return offset, &Daylight{Start: posixChange(m[3], m[4]), End: posixChange(m[5], m[6]), Save: save / 60}, true
}

// posixChange reads month.week.weekday and the time, two o'clock if absent.
func posixChange(day, clock string) Change {
	fields := strings.Split(day, ".")
	seconds := 2 * 3600
	if clock != "" {
		seconds = signedHours(clock)
	}
	return Change{
		Month: numberOf(fields[0], 0), Week: numberOf(fields[1], 0), Weekday: numberOf(fields[2], 0),
		Hour: seconds / 3600, Minute: seconds % 3600 / 60,
	}
}
