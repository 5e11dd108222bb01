package cwmp

import (
	"time"
)

// UnknownTime is how CWMP writes a time that is not known (TR-106 3.2.1).
const UnknownTime = "0001-01-01T00:00:00Z"

// DateTime is an xsd:dateTime as a device wrote it, and what could be made of it.
type DateTime struct {
	// Raw is the text, without white space around it. Encode writes
	// UnknownTime where it is empty.
	Raw string
	// Time is in UTC; zero if the text is no time, or one that is not known.
	Time time.Time
	// NoZone says that the text named no time zone, so that Time, which takes
	// it for UTC, is off by the device's own zone.
	NoZone bool
}

// NewDateTime returns t, in UTC with a Z and without a fraction of a second: the
// one form that every known device reads. The zero time, and any before year 2 or
// after 9999, becomes UnknownTime.
func NewDateTime(t time.Time) DateTime {
	t = t.UTC().Truncate(time.Second)
	if t.Year() <= 1 || t.Year() > 9999 {
		return DateTime{Raw: UnknownTime}
	}
	return DateTime{Raw: t.Format("2006-01-02T15:04:05Z"), Time: t}
}

// Known reports whether there is a time: the text was one, and its year is not
// 0001, which CWMP uses for unknown and for relative times.
func (d DateTime) Known() bool { return !d.Time.IsZero() }

// ParseDateTime reads an xsd:dateTime: with offset, Z or no zone, with or without
// a fraction, 24:00:00 and the leap second 23:59:60 as the start of what follows. A
// text that is none of these, or whose year is not 2 to 9999, gives an unknown
// DateTime that keeps the text.
func ParseDateTime(text string) DateTime {
	d := DateTime{Raw: trim(text)}
	p := dateTimeParser{rest: d.Raw}
	year := p.digits(4)
	p.one('-', '-')
	month := p.digits(2)
	p.one('-', '-')
	day := p.digits(2)
	p.one('T', ' ')
	hour := p.digits(2)
	p.one(':', ':')
	minute := p.digits(2)
	p.one(':', ':')
	second := p.digits(2)
	nanosecond := p.fraction()
	offset, hasZone := p.zone()
	if p.failed || p.rest != "" || year < 2 || !validDay(year, month, day) || !validClock(hour, minute, second, nanosecond) {
		return d
	}
	t := time.Date(year, time.Month(month), day, hour, minute, second, nanosecond, time.UTC).Add(-offset)
	if t.Year() < 2 || t.Year() > 9999 {
		return d
	}
	d.Time, d.NoZone = t, !hasZone
	return d
}

func validDay(year, month, day int) bool {
	if month < 1 || month > 12 || day < 1 {
		return false
	}
	return day <= time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func validClock(hour, minute, second, nanosecond int) bool {
	if hour == 24 {
		return minute == 0 && second == 0 && nanosecond == 0
	}
	return hour < 24 && minute < 60 && (second < 60 || second == 60)
}

// dateTimeParser reads from the front of rest; after the first failure every
// further step fails too.
type dateTimeParser struct {
	rest   string
	failed bool
}

func (p *dateTimeParser) digits(n int) int {
	if p.failed || len(p.rest) < n {
		p.failed = true
		return 0
	}
	value := 0
	for i := range n {
		c := p.rest[i]
		if c < '0' || c > '9' {
			p.failed = true
			return 0
		}
		value = value*10 + int(c-'0')
	}
	p.rest = p.rest[n:]
	return value
}

func (p *dateTimeParser) one(a, b byte) {
	if p.failed || p.rest == "" || p.rest[0]|0x20 != a|0x20 && p.rest[0] != b {
		p.failed = true
		return
	}
	p.rest = p.rest[1:]
}

// fraction reads an optional fraction of a second, of any length, and returns its
// nanoseconds.
func (p *dateTimeParser) fraction() int {
	if p.failed || p.rest == "" || p.rest[0] != '.' && p.rest[0] != ',' {
		return 0
	}
	p.rest = p.rest[1:]
	nanoseconds, unit, n := 0, 100_000_000, 0
	for n < len(p.rest) && p.rest[n] >= '0' && p.rest[n] <= '9' {
		nanoseconds += int(p.rest[n]-'0') * unit
		unit /= 10
		n++
	}
	p.failed = n == 0
	p.rest = p.rest[n:]
	return nanoseconds
}

// maxOffset is the largest time zone offset of XML Schema (part 2, 3.2.7.3).
const maxOffset = 14 * time.Hour

func (p *dateTimeParser) zone() (offset time.Duration, ok bool) {
	if p.failed || p.rest == "" {
		return 0, false
	}
	sign := p.rest[0]
	p.rest = p.rest[1:]
	switch sign {
	case 'Z', 'z':
		return 0, true
	case '+', '-':
	default:
		p.failed = true
		return 0, false
	}
	hours := p.digits(2)
	if p.rest != "" && p.rest[0] == ':' {
		p.rest = p.rest[1:]
	}
	minutes := p.digits(2)
	offset = time.Duration(hours)*time.Hour + time.Duration(minutes)*time.Minute
	if minutes > 59 || offset > maxOffset {
		p.failed = true
		return 0, false
	}
	if sign == '-' {
		offset = -offset
	}
	return offset, true
}
