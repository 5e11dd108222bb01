package zone

import (
	"fmt"
	"strings"
)

// Hours returns the offset of standard time in hours: "+1", "-3:30", "0".
func (z Zone) Hours() string {
	sign, hours, minutes := split(z.standard.offset)
	switch {
	case hours == 0 && minutes == 0:
		return "0"
	case minutes == 0:
		return fmt.Sprintf("%s%d", sign, hours)
	default:
		return fmt.Sprintf("%s%d:%02d", sign, hours, minutes)
	}
}

// HoursColon returns the offset of standard time as "+01:00".
func (z Zone) HoursColon() string {
	sign, hours, minutes := split(z.standard.offset)
	return fmt.Sprintf("%s%02d:%02d", sign, hours, minutes)
}

// GMT returns the offset of standard time as "GMT+01:00".
func (z Zone) GMT() string { return "GMT" + z.HoursColon() }

// POSIX returns the zone as the variable TZ of POSIX has it:
// "CET-1CEST,M3.5.0,M10.5.0/3".
func (z Zone) POSIX() string {
	var b strings.Builder
	b.WriteString(abbreviation(z.standard.name) + posixOffset(z.standard.offset))
	if !z.HasDaylight() {
		return b.String()
	}
	b.WriteString(abbreviation(z.daylight.name))
	if z.daylight.offset != z.standard.offset+3600 {
		b.WriteString(posixOffset(z.daylight.offset))
	}
	b.WriteString("," + z.start.posix() + "," + z.end.posix())
	return b.String()
}

func (c Change) posix() string {
	text := fmt.Sprintf("M%d.%d.%d", c.Month, c.Week, c.Weekday)
	switch {
	case c.Hour == 2 && c.Minute == 0:
		return text
	case c.Minute == 0:
		return fmt.Sprintf("%s/%d", text, c.Hour)
	default:
		return fmt.Sprintf("%s/%d:%02d", text, c.Hour, c.Minute)
	}
}

// posixOffset returns an offset west of UTC.
func posixOffset(offset int) string {
	sign, hours, minutes := split(-offset)
	if sign == "+" {
		sign = ""
	}
	if minutes == 0 {
		return fmt.Sprintf("%s%d", sign, hours)
	}
	return fmt.Sprintf("%s%d:%02d", sign, hours, minutes)
}

// abbreviation quotes a name that is not of letters only, as POSIX wants it.
func abbreviation(name string) string {
	for _, c := range name {
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return "<" + name + ">"
		}
	}
	return name
}

func split(offset int) (sign string, hours, minutes int) {
	sign = "+"
	if offset < 0 {
		sign, offset = "-", -offset
	}
	return sign, offset / 3600, offset / 60 % 60
}
