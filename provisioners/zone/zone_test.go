package zone_test

import (
	"errors"
	"sync"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

func now() time.Time { return time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC) }

func load(t *testing.T, name string) zone.Zone {
	t.Helper()
	z, err := zone.Load(name, now())
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestZonesHaveTheRulesThatTheirCountriesMade(t *testing.T) {
	tests := []struct {
		name, posix, hours, gmt string
		save                    int
		irregular               bool
	}{
		{"Europe/Berlin", "CET-1CEST,M3.5.0,M10.5.0/3", "+1", "GMT+01:00", 60, false},
		{"Europe/Dublin", "GMT0IST,M3.5.0/1,M10.5.0", "0", "GMT+00:00", 60, false},
		{"America/New_York", "EST5EDT,M3.2.0,M11.1.0", "-5", "GMT-05:00", 60, false},
		{"America/St_Johns", "NST3:30NDT,M3.2.0,M11.1.0", "-3:30", "GMT-03:30", 60, false},
		{"Australia/Lord_Howe", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "+10:30", "GMT+10:30", 30, false},
		{"Asia/Kolkata", "IST-5:30", "+5:30", "GMT+05:30", 0, false},
		{"Asia/Jerusalem", "IST-2IDT,M3.4.4/26,M10.5.0", "+2", "GMT+02:00", 60, false},
		{"America/Nuuk", "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "-2", "GMT-02:00", 60, false},
		{"America/Sao_Paulo", "<-03>3", "-3", "GMT-03:00", 0, false},
		{"UTC", "UTC0", "0", "GMT+00:00", 0, false},
		{"Africa/Casablanca", "<+01>-1", "+1", "GMT+01:00", 0, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			z := load(t, test.name)
			if z.POSIX() != test.posix || z.Hours() != test.hours || z.GMT() != test.gmt {
				t.Errorf("got %s, %s, %s; want %s, %s, %s", z.POSIX(), z.Hours(), z.GMT(), test.posix, test.hours, test.gmt)
			}
			if z.SaveMinutes() != test.save || z.HasDaylight() != (test.save != 0) || z.Irregular() != test.irregular {
				t.Errorf("got %d minutes, irregular %t; want %d, %t", z.SaveMinutes(), z.Irregular(), test.save, test.irregular)
			}
		})
	}
}

func TestAChangeSaysTheDayInEveryWayThatPhonesAskFor(t *testing.T) {
	berlin, newYork := load(t, "Europe/Berlin"), load(t, "America/New_York")
	tests := map[string]struct{ got, want zone.Change }{
		"Berlin forward":   {berlin.Start(), zone.Change{Month: 3, Week: 5, Last: true, Weekday: 0, Hour: 2, Day1: 25}},
		"Berlin back":      {berlin.End(), zone.Change{Month: 10, Week: 5, Last: true, Weekday: 0, Hour: 3, Day1: 25}},
		"New York forward": {newYork.Start(), zone.Change{Month: 3, Week: 2, Weekday: 0, Hour: 2, Day1: 8}},
		"New York back":    {newYork.End(), zone.Change{Month: 11, Week: 1, Weekday: 0, Hour: 2, Day1: 1}},
	}
	for name, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: got %+v, want %+v", name, test.got, test.want)
		}
	}
	if berlin.Seconds() != 3600 || berlin.Minutes() != 60 || berlin.HoursColon() != "+01:00" || berlin.Name() != "Europe/Berlin" {
		t.Errorf("Berlin has %d s, %d min, %s", berlin.Seconds(), berlin.Minutes(), berlin.HoursColon())
	}
}

func TestRulesAreThoseOfTheGivenTime(t *testing.T) {
	// Brazil gave up daylight saving in 2019. What is derived holds from then on.
	z, err := zone.Load("America/Sao_Paulo", time.Date(2019, 4, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	if z.HasDaylight() || z.Irregular() {
		t.Errorf("after its end, daylight saving is still derived: %s", z.POSIX())
	}
}

// The rules of every season must not depend on when one asks.
func TestRulesAreTheSameThroughoutTheYear(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Jerusalem"} {
		want := load(t, name).POSIX()
		for day := range 730 {
			z, err := zone.Load(name, now().AddDate(0, 0, day))
			if err != nil {
				t.Fatal(err)
			}
			if z.POSIX() != want {
				t.Fatalf("%s: %d days later the rule is %s, not %s", name, day, z.POSIX(), want)
			}
		}
	}
}

func TestUnknownNamesAreRefused(t *testing.T) {
	for _, name := range []string{"", "Local", "Europe/Nowhere", "../etc/passwd", "/etc/localtime"} {
		if _, err := zone.Load(name, now()); !errors.Is(err, zone.ErrUnknown) {
			t.Errorf("%q: got %v", name, err)
		}
	}
}

func TestATableAnswersAsLoadDoes(t *testing.T) {
	table := zone.NewTable(now)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for _, name := range []string{"Europe/Berlin", "America/New_York", "UTC"} {
				z, err := table.Load(name)
				if want := load(t, name); err != nil || z != want {
					t.Errorf("%s: got %v, %v", name, z, err)
				}
			}
		})
	}
	wait.Wait()
	if _, err := table.Load("Europe/Nowhere"); !errors.Is(err, zone.ErrUnknown) {
		t.Errorf("got %v", err)
	}
}

func TestATableLooksAgainTheNextDay(t *testing.T) {
	today := time.Date(2018, 12, 1, 0, 0, 0, 0, time.UTC)
	table := zone.NewTable(func() time.Time { return today })
	before, err := table.Load("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	today = today.AddDate(0, 6, 0)
	after, err := table.Load("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	if !before.Irregular() || after.Irregular() {
		t.Errorf("irregular before the last change %t, after it %t", before.Irregular(), after.Irregular())
	}
}
