package zone

import "time"

// years is how many years are looked at: enough that the last Sunday of a month is not
// the fourth one in all of them.
const years = 12

// transition is one change of the clocks.
type transition struct {
	at            time.Time
	before, after reading
}

func readingAt(t time.Time) reading {
	name, offset := t.Zone()
	return reading{offset: offset, name: name}
}

// transitions returns the changes of the clocks in the years from now on. A new name for
// the same offset is none.
func transitions(now time.Time) []transition {
	var all []transition
	until := now.AddDate(years, 0, 0)
	for t := now; ; {
		_, next := t.ZoneBounds()
		if next.IsZero() || !next.Before(until) {
			return all
		}
		change := transition{at: next, before: readingAt(next.Add(-time.Second)), after: readingAt(next)}
		if change.before.offset != change.after.offset {
			all = append(all, change)
		}
		t = next
	}
}

// longest returns the reading that holds for most of the year after now.
func longest(now time.Time, all []transition) reading {
	held := map[reading]time.Duration{}
	until := now.AddDate(1, 0, 0)
	from, r := now, readingAt(now)
	for _, t := range all {
		if !t.at.Before(until) {
			break
		}
		held[r] += t.at.Sub(from)
		from, r = t.at, t.after
	}
	held[r] += until.Sub(from)
	best := r
	for other, duration := range held {
		if duration > held[best] {
			best = other
		}
	}
	return best
}

// rule returns the rule that all transitions of one direction keep, and the reading
// before them.
func rule(all []transition, wanted func(transition) bool) (Change, reading, bool) {
	var days []time.Time
	var before, after reading
	for _, t := range all {
		if !wanted(t) {
			continue
		}
		if days != nil && (t.before.offset != before.offset || t.after.offset != after.offset) {
			return Change{}, reading{}, false
		}
		before, after = t.before, t.after
		days = append(days, t.at.UTC().Add(time.Duration(before.offset)*time.Second))
	}
	// A change that comes hours before or after the weekday that rules it falls on
	// the day beside it: the Friday before the last Sunday.
	for _, shift := range []int{0, -1, 1} {
		if c, ok := sameWeekday(days, shift); ok {
			return c, before, true
		}
	}
	return Change{}, reading{}, false
}

// sameWeekday returns the rule of the given wall clock times, if the days that are shift
// days away from them keep one.
func sameWeekday(walls []time.Time, shift int) (Change, bool) {
	if len(walls) == 0 {
		return Change{}, false
	}
	var first Change
	allLast, sameWeek := true, true
	for i, wall := range walls {
		day := wall.AddDate(0, 0, shift)
		c := Change{
			Month: int(day.Month()), Weekday: int(day.Weekday()), Week: (day.Day()-1)/7 + 1,
			Hour: wall.Hour() - 24*shift, Minute: wall.Minute(),
		}
		if i == 0 {
			first = c
		}
		if c.Month != first.Month || c.Weekday != first.Weekday || c.Hour != first.Hour || c.Minute != first.Minute {
			return Change{}, false
		}
		allLast = allLast && day.AddDate(0, 0, 7).Month() != day.Month()
		sameWeek = sameWeek && c.Week == first.Week
	}
	return first.withDay1(allLast), allLast || sameWeek
}

// withDay1 completes a rule.
func (c Change) withDay1(last bool) Change {
	c.Day1 = (c.Week-1)*7 + 1
	if last {
		c.Week, c.Last = 5, true
		// Of February the days of a year without a leap day count: a phone that takes
		// the first such weekday from there on is right in all years but leap years.
		c.Day1 = time.Date(2001, time.Month(c.Month)+1, 0, 0, 0, 0, 0, time.UTC).Day() - 6
	}
	return c
}
