package provisioners_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/provisioners"
)

func lineOf(t *testing.T, f *fixture, group, number string) provisioners.Line {
	t.Helper()
	key := provisioners.LineKey{Group: group, Number: number}
	return provisioners.Line{
		LineKey: key, User: "u" + number, DisplayName: "Name " + number, Voicemail: "*97", Password: f.seal(t, "secret"+number, key.Owner()),
	}
}

func TestAnAccountIsBoundToALine(t *testing.T) {
	for _, test := range []struct {
		name string
		// lines are the groups that have the line 100.
		lines    []string
		levels   declared
		want     map[string]string
		wantNone map[string]string
	}{
		{
			"of the device's group, and what the device says itself stands above it",
			[]string{"a/b", "a", ""}, declared{deviceKey("d"): {entry("account.1.line", "100"), entry("account.1.displayName", "Own")}, global(): {entry("account.*.user", "x")}},
			map[string]string{
				"account.1.line": "100 of device d", "account.1.user": "u100 of line a/b:100", "account.1.displayName": "Own of device d",
				"account.1.number": "100 of line a/b:100", "account.1.voicemail": "*97 of line a/b:100", "account.1.password": " of line a/b:100",
			}, nil,
		},
		{
			"of the nearest group above that has it",
			[]string{"a", ""}, declared{deviceKey("d"): {entry("account.1.line", "100"), entry("account.1.user", "")}},
			map[string]string{
				"account.1.line": "100 of device d", "account.1.user": " of device d", "account.1.displayName": "Name 100 of line a:100",
				"account.1.number": "100 of line a:100", "account.1.voicemail": "*97 of line a:100", "account.1.password": " of line a:100",
			}, nil,
		},
		{
			"that is the owner's, by one rule for all",
			[]string{""}, declared{global(): {entry("account.1.line", "owner"), locked("account.1.displayName", "Company")}, deviceKey("d"): {entry("owner", "100")}},
			map[string]string{
				"owner": "100 of device d", "account.1.line": "owner of global", "account.1.user": "u100 of line :100",
				"account.1.displayName": "Company of global (locked)", "account.1.number": "100 of line :100",
				"account.1.voicemail": "*97 of line :100", "account.1.password": " of line :100",
			}, nil,
		},
		{
			"that is nowhere, which is told",
			[]string{"b", "a/b/c"}, declared{deviceKey("d"): {entry("account.1.line", "100")}},
			map[string]string{"account.1.line": "100 of device d"},
			map[string]string{"account.1.line of device": "there is no line 100: neither a/b nor a group above has it"},
		},
		{
			"of an owner who has none, which is told",
			nil, declared{global(): {entry("account.1.line", "owner")}},
			map[string]string{"account.1.line": "owner of global"},
			map[string]string{"account.1.line of global": "the setting owner names no line"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t)
			for _, group := range test.lines {
				f.lines.Set(lineOf(t, f, group, "100"))
			}
			for key, entries := range test.levels {
				f.set(t, key, entries...)
			}
			e := f.effective(t, phone())
			if diff := cmp.Diff(test.want, shown(e)); diff != "" {
				t.Error(diff)
			}
			if test.wantNone == nil {
				test.wantNone = map[string]string{}
			}
			if diff := cmp.Diff(test.wantNone, unused(e)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestThePasswordOfALineIsOpenedForTheAccount(t *testing.T) {
	f := newFixture(t)
	f.lines.Set(lineOf(t, f, "a", "100"))
	f.set(t, deviceKey("d"), entry("account.2.line", "100"))
	e := f.effective(t, phone())
	if s, ok := e.Setting("account.2.password"); !ok || !s.IsSecret || s.Secret.Reveal() != "secret100" {
		t.Errorf("the password is %+v", s)
	}
}

func TestWhatALineHasAndThePackCannotGiveIsTold(t *testing.T) {
	f := newFixture(t)
	served := yealink()
	served.Unsupported = []string{"account.N.voicemail"}
	f.packs["T46S"] = served
	f.lines.Set(lineOf(t, f, "a", "100"))
	f.set(t, deviceKey("d"), entry("account.1.line", "100"))
	e := f.effective(t, phone())
	if _, ok := e.Setting("account.1.voicemail"); ok {
		t.Error("it is in force")
	}
	want := map[string]string{"account.1.voicemail of line": "the pack yealink cannot give this setting"}
	if diff := cmp.Diff(want, unused(e)); diff != "" {
		t.Error(diff)
	}
}
