// Package zone turns the name of an IANA time zone into what phones ask for instead: an
// offset, and the two days of the year on which the clock changes.
package zone

import (
	"errors"
	"fmt"
	"time"
)

// ErrUnknown is returned for a name that the time zone database does not have.
var ErrUnknown = errors.New("unknown time zone")

// Zone holds the rules of one time zone that are in force from some moment on.
type Zone struct {
	name string
	// standard and daylight are what the clock shows in the one and the other part of
	// the year; the same if it is never changed.
	standard, daylight reading
	start, end         Change
	irregular          bool
}

// reading is how clocks are set: seconds east of UTC, and what that is called.
type reading struct {
	offset int
	name   string
}

// Change is the moment of the year at which clocks are changed, as they show it before.
type Change struct {
	// Month is 1 to 12.
	Month int
	// Week is 1 to 4 for the first to the fourth such weekday of the month, and 5 for
	// the last.
	Week int
	// Last says that Week is 5.
	Last bool
	// Weekday is 0 for Sunday to 6.
	Weekday int
	// Hour is mostly 0 to 23. It is below or above for a moment that is hours before or
	// after the weekday: -1 is 23:00 of the day before it.
	Hour   int
	Minute int
	// Day1 is the earliest day of the month that it may be.
	Day1 int
}

// Load returns the rules of a zone as they are from now on. A zone whose clocks change at
// no day that such a rule can say, is Irregular. The error wraps ErrUnknown.
func Load(name string, now time.Time) (Zone, error) {
	// LoadLocation takes these for the machine's own zone and for UTC.
	if name == "" || name == "Local" {
		return Zone{}, fmt.Errorf("%w: %q", ErrUnknown, name)
	}
	location, err := time.LoadLocation(name)
	if err != nil {
		return Zone{}, fmt.Errorf("%w: %q", ErrUnknown, name)
	}
	return derive(name, now.In(location)), nil
}

// derive looks at what the clocks of now's location will do.
func derive(name string, now time.Time) Zone {
	all := transitions(now)
	if len(all) == 0 {
		r := readingAt(now)
		return Zone{name: name, standard: r, daylight: r}
	}
	start, standard, okStart := rule(all, func(t transition) bool { return t.after.offset > t.before.offset })
	end, daylight, okEnd := rule(all, func(t transition) bool { return t.after.offset < t.before.offset })
	if !okStart || !okEnd || len(all) < years*2-1 {
		r := longest(now, all)
		return Zone{name: name, standard: r, daylight: r, irregular: true}
	}
	return Zone{name: name, standard: standard, daylight: daylight, start: start, end: end}
}

// Name returns the zone's name in the database.
func (z Zone) Name() string { return z.name }

// Irregular reports whether clocks change in a way that phones cannot be told. The offset
// is then the one that holds longest in the coming year, without daylight saving.
func (z Zone) Irregular() bool { return z.irregular }

// HasDaylight reports whether clocks are put forward for a part of the year.
func (z Zone) HasDaylight() bool { return z.standard.offset != z.daylight.offset }

// Seconds returns the offset of standard time in seconds east of UTC.
func (z Zone) Seconds() int { return z.standard.offset }

// Minutes returns the offset of standard time in minutes east of UTC.
func (z Zone) Minutes() int { return z.standard.offset / 60 }

// SaveMinutes returns by how many minutes clocks are put forward, 0 if they are not.
func (z Zone) SaveMinutes() int { return (z.daylight.offset - z.standard.offset) / 60 }

// Start returns when clocks are put forward; the zero Change if they are not.
func (z Zone) Start() Change { return z.start }

// End returns when clocks are put back; the zero Change if they are not.
func (z Zone) End() Change { return z.end }
