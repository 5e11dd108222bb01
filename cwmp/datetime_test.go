package cwmp

import (
	"testing"
	"time"
)

func TestDateTimesAreReadAsDevicesWriteThem(t *testing.T) {
	second := time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)
	for _, c := range []struct {
		raw    string
		want   time.Time
		noZone bool
	}{
		{"2026-03-14T15:09:26Z", second, false},
		{"2026-03-14t15:09:26z", second, false},
		{" \n2026-03-14T15:09:26Z ", second, false},
		{"2026-03-14T15:09:26+00:00", second, false},
		{"2026-03-14T17:09:26+02:00", second, false},
		{"2026-03-14T17:09:26+0200", second, false},
		{"2026-03-14T09:39:26-05:30", second, false},
		{"2026-03-15T05:09:26+14:00", second, false},
		{"2026-03-14T15:09:26", second, true},
		{"2026-03-14 15:09:26", second, true},
		{"2026-03-14T15:09:26.5", second.Add(500 * time.Millisecond), true},
		{"2026-03-14T15:09:26.123456789123456789Z", second.Add(123456789), false},
		{"2026-03-14T15:09:26,25Z", second.Add(250 * time.Millisecond), false},
		{"2026-03-14T24:00:00Z", time.Date(2026, 3, 15, 0, 0, 0, 0, time.UTC), false},
		{"2026-12-31T24:00:00Z", time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"2016-12-31T23:59:60Z", time.Date(2017, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"2024-02-29T00:00:00Z", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC), false},
		{"0002-01-01T00:00:00Z", time.Date(2, 1, 1, 0, 0, 0, 0, time.UTC), false},
		{"9999-12-31T23:59:59Z", time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), false},
		{"1970-01-01T00:00:00Z", time.Unix(0, 0).UTC(), false},
	} {
		got := ParseDateTime(c.raw)
		if !got.Known() || !got.Time.Equal(c.want) || got.NoZone != c.noZone || got.Time.Location() != time.UTC {
			t.Errorf("%q: got %v, no zone %v", c.raw, got.Time, got.NoZone)
		}
		if got.Raw != trim(c.raw) {
			t.Errorf("%q: text became %q", c.raw, got.Raw)
		}
	}
}

func TestDateTimesThatMeanNothingAreUnknownAndKeepTheirText(t *testing.T) {
	for _, raw := range []string{
		"", "-", UnknownTime, "0001-01-01T00:00:00", "0001-01-01T00:00:00+00:00", "0001-01-01T00:12:34Z", "0001-12-31T23:00:00-14:00",
		"0000-00-00T00:00:00Z", "-0001-01-01T00:00:00Z", "99999-01-01T00:00:00Z", "9999-12-31T24:00:00Z", "0002-01-01T00:00:00+14:00",
		"2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z",
		"2026-01-01T24:00:01Z", "2026-01-01T25:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T24:00:00.1Z",
		"2026-01-01T00:00:00+99:99", "2026-01-01T00:00:00+14:01", "2026-01-01T00:00:00+", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00.Z",
		"2026-01-01", "2026-01-01T00:00", "12:00:00", "now", "2026-01-01T00:00:0", "٢٠٢٦-01-01T00:00:00Z",
	} {
		if got := ParseDateTime(raw); got.Known() || got.NoZone || got.Raw != raw {
			t.Errorf("%q: got %+v", raw, got)
		}
	}
}

func TestNewDateTimeWritesUTCWithoutAFraction(t *testing.T) {
	zone := time.FixedZone("", 2*60*60)
	for _, c := range []struct {
		time time.Time
		want string
	}{
		{time.Date(2026, 3, 14, 17, 9, 26, 999_999_999, zone), "2026-03-14T15:09:26Z"},
		{time.Time{}, UnknownTime},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), UnknownTime},
		{time.Date(-5, 1, 1, 0, 0, 0, 0, time.UTC), UnknownTime},
	} {
		got := NewDateTime(c.time)
		if got.Raw != c.want {
			t.Errorf("%v: got %q, want %q", c.time, got.Raw, c.want)
		}
		wantEqual(t, "read back", ParseDateTime(got.Raw), got)
	}
}

func FuzzParseDateTime(f *testing.F) {
	for _, seed := range []string{"2026-03-14T15:09:26Z", "0001-01-01T00:00:00+00:00", "2026-03-14T24:00:00.000-05:30", "99999-01-01T00:00:00", "-", "2016-12-31T23:59:60Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := ParseDateTime(text)
		if d.Raw != trim(text) {
			t.Errorf("text became %q", d.Raw)
		}
		if !d.Known() {
			return
		}
		if year := d.Time.Year(); year < 2 || year > 9999 {
			t.Errorf("year %d", year)
		}
		again := ParseDateTime(NewDateTime(d.Time).Raw)
		if !again.Time.Equal(d.Time.Truncate(time.Second)) {
			t.Errorf("%v became %v", d.Time, again.Time)
		}
	})
}
