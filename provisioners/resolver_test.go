package provisioners_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/provisionerstest"
)

func TestABatchReadsLevelsAndLinesOnce(t *testing.T) {
	f := newFixture(t)
	f.set(t, groupKey("a"), entry("account.1.line", "owner"))
	devices := make([]device.Device, provisioners.MaxResolved)
	for i := range devices {
		devices[i] = device.Device{ID: device.ID(fmt.Sprint("d", i)), Model: "T46S", Group: "a"}
		f.lines.Set(lineOf(t, f, "a", fmt.Sprint(i)))
		f.levels.Set(deviceKey(string(devices[i].ID)), entry("owner", fmt.Sprint(i)))
	}
	all, err := f.resolver.EffectiveOf(t.Context(), devices, provisioners.Change{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if s, _ := all[i].Setting("account.1.user"); s.Value != fmt.Sprint("u", i) {
			t.Fatalf("device %d has the user %q", i, s.Value)
		}
	}
	if levels, lines := f.levels.Calls("Levels"), f.lines.Calls("Lines"); levels != 1 || lines != 1 {
		t.Errorf("levels were read %d times, lines %d times", levels, lines)
	}
	if _, err := f.resolver.EffectiveOf(t.Context(), append(devices, phone()), provisioners.Change{}); err == nil {
		t.Error("one more is taken")
	}
}

func TestAChangeStandsInThePlaceOfWhatIsStored(t *testing.T) {
	served := yealink()
	served.Defaults, served.Revision = []provisioners.Entry{entry("time.format", "12")}, "r2"
	for _, test := range []struct {
		name   string
		change provisioners.Change
		want   map[string]string
	}{
		{"nothing", provisioners.Change{ReadOnly: true}, map[string]string{"owner": "100 of device d", "account.1.line": "owner of group a", "account.1.number": "100 of line a:100", "account.1.user": "100 of line a:100"}},
		{
			"a shared level", provisioners.Change{Levels: []provisioners.Level{{Key: groupKey("a"), Entries: []provisioners.Entry{entry("time.zone", "UTC")}}}},
			map[string]string{"owner": "100 of device d", "time.zone": "UTC of group a"},
		},
		{
			"the device's level, emptied", provisioners.Change{Levels: []provisioners.Level{{Key: deviceKey("d")}}},
			map[string]string{"account.1.line": "owner of group a"},
		},
		{
			"a new line that is nearer", provisioners.Change{Lines: []provisioners.Line{{LineKey: provisioners.LineKey{Group: "a/b", Number: "100"}, User: "new"}}},
			map[string]string{"owner": "100 of device d", "account.1.line": "owner of group a", "account.1.number": "100 of line a/b:100", "account.1.user": "new of line a/b:100"},
		},
		{
			"a line that will be deleted", provisioners.Change{NoLines: []provisioners.LineKey{{Group: "a", Number: "100"}}},
			map[string]string{"owner": "100 of device d", "account.1.line": "owner of group a"},
		},
		{
			"a move to another group", provisioners.Change{Groups: map[device.ID]string{"d": "c"}},
			map[string]string{"owner": "100 of device d", "syslog.server": "c.example of group c"},
		},
		{
			"another pack", provisioners.Change{Packs: provisionerstest.Packs{"T46S": served}},
			map[string]string{"owner": "100 of device d", "account.1.line": "owner of group a", "account.1.number": "100 of line a:100", "account.1.user": "100 of line a:100", "time.format": "12 of pack yealink"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t)
			f.lines.Set(provisioners.Line{LineKey: provisioners.LineKey{Group: "a", Number: "100"}})
			f.set(t, groupKey("a"), entry("account.1.line", "owner"))
			f.set(t, groupKey("c"), entry("syslog.server", "c.example"))
			f.set(t, deviceKey("d"), entry("owner", "100"))
			all, err := f.resolver.EffectiveOf(t.Context(), []device.Device{phone()}, test.change)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, shown(all[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestADeviceWithoutAnIDStandsForAnyOfItsGroup(t *testing.T) {
	f := newFixture(t)
	f.set(t, groupKey("a"), entry("time.zone", "UTC"))
	all, err := f.resolver.EffectiveOf(t.Context(), []device.Device{{Group: "a/b"}}, provisioners.Change{ReadOnly: true})
	if err != nil || f.levels.Calls("Levels") != 0 {
		t.Fatalf("%v, levels were read %d times", err, f.levels.Calls("Levels"))
	}
	if diff := cmp.Diff(map[string]string{"time.zone": "UTC of group a"}, shown(all[0])); diff != "" {
		t.Error(diff)
	}
}

func TestTheErrorsOfTheStoresAreReturned(t *testing.T) {
	broken := errors.New("broken")
	f := newFixture(t)
	f.set(t, global(), entry("account.1.line", "100"))
	f.lines.Fail(broken)
	if _, err := f.resolver.Effective(t.Context(), phone()); !errors.Is(err, broken) {
		t.Errorf("lines: %v", err)
	}
	f.levels.Fail(broken)
	if _, err := f.resolver.Effective(t.Context(), phone()); !errors.Is(err, broken) {
		t.Errorf("levels: %v", err)
	}
	if _, err := f.resolver.RenewSecrets(t.Context(), "d"); !errors.Is(err, broken) {
		t.Errorf("renew: %v", err)
	}
	if err := f.tree.Refresh(t.Context()); !errors.Is(err, broken) {
		t.Errorf("tree: %v", err)
	}
}

func TestAResolverNeedsAllThatItWorksWith(t *testing.T) {
	if _, err := provisioners.NewResolver(provisioners.ResolverOptions{}); err == nil {
		t.Error("it works with nothing")
	}
}

func TestTheFingerprintIsThatOfTheSettingsWhereverTheyComeFrom(t *testing.T) {
	of := func(t *testing.T, change func(f *fixture), levels declared) string {
		t.Helper()
		f := newFixture(t)
		if change != nil {
			change(f)
		}
		for key, entries := range levels {
			f.set(t, key, entries...)
		}
		return f.effective(t, phone()).Fingerprint
	}
	base := declared{global(): {entry("time.zone", "UTC"), entry("owner", "1")}}
	want := of(t, nil, base)
	if len(want) != 32 {
		t.Fatalf("the fingerprint is %q", want)
	}
	for name, levels := range map[string]declared{
		"other levels":             {groupKey("a"): {entry("owner", "1")}, deviceKey("d"): {entry("time.zone", "UTC")}},
		"a lock":                   {global(): {locked("time.zone", "UTC"), entry("owner", "1")}},
		"what another overrides":   {global(): {entry("time.zone", "UTC"), entry("owner", "2")}, groupKey("a"): {entry("owner", "1")}},
		"a value that is empty":    {global(): {entry("time.zone", "UTC"), entry("owner", "1"), entry("syslog.server", "")}},
		"what is for other phones": {global(): {entry("time.zone", "UTC"), entry("owner", "1"), entry("vendor.snom.x", "1")}},
	} {
		if got := of(t, nil, levels); got != want {
			t.Errorf("%s: the fingerprint is another", name)
		}
	}
	for name, got := range map[string]string{
		"another value":             of(t, nil, declared{global(): {entry("time.zone", "UTC"), entry("owner", "2")}}),
		"another setting":           of(t, nil, declared{global(): {entry("time.zone", "UTC"), entry("owner", "1"), entry("time.format", "12")}}),
		"the value at another path": of(t, nil, declared{global(): {entry("time.zone", "UTC"), entry("features.pickupCode", "1")}}),
		"another key":               of(t, func(f *fixture) { f.keeper = newKeeper(t, 9); f.resolver = f.newResolver(t) }, base),
		"another revision of the pack": of(t, func(f *fixture) {
			served := yealink()
			served.Revision = "r2"
			f.packs["T46S"] = served
		}, base),
		"no pack": of(t, func(f *fixture) { delete(f.packs, "T46S") }, base),
	} {
		if got == want {
			t.Errorf("%s: the fingerprint is the same", name)
		}
	}
}
