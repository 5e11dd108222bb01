package query

import (
	"strings"
	"time"
)

// timeForm is how Format writes times.
const timeForm = "2006-01-02T15:04:05.000Z"

// maxRelative bounds relative times, so that they cannot overflow.
const maxRelative = 100 * 366 * 24 * time.Hour

// timeConstant reads an RFC 3339 time, a date, or a time relative to now.
func (p *parser) timeConstant(field Field, c constant) (Value, error) {
	text := c.literal()
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		return p.relativeTime(field, c)
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		at, err = time.Parse(time.DateOnly, text)
	}
	if err != nil {
		return Value{}, errorAt(c.position, `%s is %s; expected one like "2025-03-31T08:00:00Z" or "2025-03-31", or "-24h" for 24 hours ago, found %q`, field.Name, field.Type, shorten(text))
	}
	if at.Nanosecond()%int(time.Millisecond) != 0 {
		return Value{}, errorAt(c.position, "%s is kept in milliseconds; %s is finer", field.Name, shorten(text))
	}
	return timeInRange(field, at, c)
}

func (p *parser) relativeTime(field Field, c constant) (Value, error) {
	text := c.literal()
	if p.now.IsZero() {
		return Value{}, errorAt(c.position, "%s: a relative time such as %s has no meaning here; write the time itself", field.Name, shorten(text))
	}
	distance, ok := parseDistance(text[1:])
	if !ok {
		return Value{}, errorAt(c.position, `%s: expected a relative time of at most 100 years, like "-90m", "-24h", "-7d" or "-1d12h" (units w, d, h, m, s), found %q`, field.Name, shorten(text))
	}
	if text[0] == '-' {
		distance = -distance
	}
	return timeInRange(field, p.now.Add(distance), c)
}

// timeInRange refuses what not every store can keep in milliseconds since 1970.
func timeInRange(field Field, at time.Time, c constant) (Value, error) {
	at = at.UTC()
	if at.Year() < 1970 || at.Year() > 9999 {
		return Value{}, errorAt(c.position, "%s: expected a time in the years 1970 to 9999, found %q", field.Name, shorten(c.literal()))
	}
	return TimeValue(at), nil
}

var distanceUnits = map[byte]time.Duration{
	'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour, 'h': time.Hour, 'm': time.Minute, 's': time.Second,
}

// parseDistance reads numbers with units, such as 1d12h.
func parseDistance(text string) (time.Duration, bool) {
	var sum, number time.Duration
	digits := 0
	for i := range len(text) {
		if isDigit(text[i]) {
			number = number*10 + time.Duration(text[i]-'0')
			if digits++; digits > 10 {
				return 0, false
			}
			continue
		}
		unit, ok := distanceUnits[text[i]]
		if !ok || digits == 0 || number > maxRelative/unit {
			return 0, false
		}
		if sum += number * unit; sum > maxRelative {
			return 0, false
		}
		number, digits = 0, 0
	}
	return sum, digits == 0 && text != ""
}
