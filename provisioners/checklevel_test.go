package provisioners_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func TestALevelIsCheckedEntryByEntry(t *testing.T) {
	c := catalogue(t)
	const password = "account.1.password"
	for _, test := range []struct {
		name  string
		kind  provisioners.LevelKind
		entry provisioners.Entry
		// field and message of the error, empty if the entry is right.
		field, message string
	}{
		{"a value of any level", provisioners.GlobalLevel, entry("time.zone", "Europe/Berlin"), "", ""},
		{"a value that takes back", provisioners.DeviceLevel, entry("account.*.outboundProxy", ""), "", ""},
		{"a sealed secret", provisioners.GroupLevel, provisioners.Entry{Path: password, Sealed: "v1.x.y"}, "", ""},
		{"a secret to be generated", provisioners.GlobalLevel, provisioners.Entry{Path: "account.*.password", Generate: true, Locked: true}, "", ""},
		{"limits", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Value: "1", Models: []string{"SIP-T4*"}, Filter: `manufacturer = "x" tags:a`}, "", ""},
		{"what the end user may set", provisioners.UserLevel, entry("key.3.label", "Home"), "", ""},
		{"a generated secret", provisioners.GeneratedLevel, provisioners.Entry{Path: password, Sealed: "v1.x.y"}, "", ""},
		{"a pack's secret in the clear", provisioners.PackLevel, entry("admin.password", "admin"), "", ""},
		{"an unknown path", provisioners.GlobalLevel, entry("time.zne", "UTC"), "path", "did you mean time.zone?"},
		{"a value of the wrong type", provisioners.GlobalLevel, entry("network.lldp", "maybe"), "value", "must be true or false"},
		{"a value that is not canonical", provisioners.GlobalLevel, entry("network.lldp", "TRUE"), "value", "canonical form \"true\""},
		{"a secret in the clear", provisioners.GlobalLevel, entry(password, "hunter2"), "sealed", "must be sealed"},
		{"a sealed value that is no secret", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Sealed: "v1.x.y"}, "generate", "is no secret"},
		{"a value to be generated that is no secret", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Generate: true}, "generate", "is no secret"},
		{"a secret both given and generated", provisioners.GlobalLevel, provisioners.Entry{Path: password, Sealed: "v1.x.y", Generate: true}, "generate", "either given or generated"},
		{"a filter that is none", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Filter: "modl = 1"}, "filter", "did you mean model?"},
		{"a filter that changes by itself", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Filter: "online = true"}, "filter", "unknown field online"},
		{"a pattern that is empty", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Models: []string{""}}, "models", "1 to 64 bytes"},
		{"too many patterns", provisioners.GlobalLevel, provisioners.Entry{Path: "owner", Models: slices.Repeat([]string{"a"}, 51)}, "models", "at most 50"},
		{"what is not the end user's", provisioners.UserLevel, entry("account.1.user", "1"), "path", "not the end user's"},
		{"a lock of the end user", provisioners.UserLevel, provisioners.Entry{Path: "key.1.label", Locked: true}, "locked", "cannot be locked"},
		{"a generated secret for all", provisioners.GeneratedLevel, provisioners.Entry{Path: "account.*.password", Sealed: "v1.x.y"}, "sealed", "one sealed secret"},
		{"a generated secret without one", provisioners.GeneratedLevel, entry(password, ""), "sealed", "one sealed secret"},
		{"a pack's sealed secret", provisioners.PackLevel, provisioners.Entry{Path: password, Sealed: "v1.x.y"}, "sealed", "plain value"},
	} {
		t.Run(test.name, func(t *testing.T) {
			level := provisioners.Level{Key: provisioners.LevelKey{Kind: test.kind}, Entries: []provisioners.Entry{entry("language.phone", "de"), test.entry}}
			if test.kind == provisioners.GeneratedLevel {
				level.Entries[0] = provisioners.Entry{Path: "admin.password", Sealed: "v1.a.b"}
			}
			err := c.CheckLevel(level)
			if test.message == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var all provisioners.SettingErrors
			if !errors.As(err, &all) || len(all) != 1 {
				t.Fatalf("refused with %v", err)
			}
			if e := all[0]; e.Entry != 1 || e.Path != test.entry.Path || e.Field != test.field || !strings.Contains(e.Error(), test.message) || strings.Contains(e.Error(), "hunter2") {
				t.Errorf("refused with %+v: %s", e, e)
			}
		})
	}
}

func TestALevelIsBounded(t *testing.T) {
	c := catalogue(t)
	level := provisioners.Level{Key: global()}
	for i := range provisioners.MaxEntries {
		level.Entries = append(level.Entries, entry(fmt.Sprintf("vendor.snom.a%d", i), ""))
	}
	if err := c.CheckLevel(level); err != nil {
		t.Errorf("%d entries: %v", len(level.Entries), err)
	}
	level.Entries = append(level.Entries, entry("owner", "1"))
	if err := c.CheckLevel(level); err == nil || !strings.Contains(err.Error(), "at most 2000 entries") {
		t.Errorf("one more: %v", err)
	}
	level.Entries = level.Entries[:200]
	for i := range level.Entries {
		level.Entries[i].Value = strings.Repeat("a", provisioners.MaxValue)
	}
	if err := c.CheckLevel(level); err == nil || !strings.Contains(err.Error(), "bytes in all") {
		t.Errorf("too many bytes: %v", err)
	}
	if err := c.CheckLevel(provisioners.Level{Key: provisioners.LevelKey{Kind: provisioners.LineLevel}}); err == nil {
		t.Error("a line's level is stored")
	}
}

func TestAllMistakesOfALevelAreNamedButNotMoreThanAPersonReads(t *testing.T) {
	level := provisioners.Level{Key: global()}
	for range 500 {
		level.Entries = append(level.Entries, entry("unknown", ""))
	}
	var all provisioners.SettingErrors
	if err := catalogue(t).CheckLevel(level); !errors.As(err, &all) || len(all) != provisioners.MaxSettingErrors || all[7].Entry != 7 {
		t.Errorf("%d mistakes", len(all))
	}
}

func TestAnEntryOfTheSamePathNeedsOtherDevices(t *testing.T) {
	c := catalogue(t)
	a, b := entry("owner", "1"), entry("owner", "2")
	err := c.CheckLevel(provisioners.Level{Key: global(), Entries: []provisioners.Entry{a, b}})
	if err == nil || !strings.Contains(err.Error(), "owner is there already, as entry 1") {
		t.Errorf("two of the same: %v", err)
	}
	b.Models = []string{"T46S"}
	if err := c.CheckLevel(provisioners.Level{Key: global(), Entries: []provisioners.Entry{a, b}}); err != nil {
		t.Errorf("two that differ in models: %v", err)
	}
}

func TestAFilterTellsWhereItIsWrong(t *testing.T) {
	err := catalogue(t).CheckLevel(provisioners.Level{Key: global(), Entries: []provisioners.Entry{{Path: "owner", Filter: "model = a ) b"}}})
	var syntax *query.SyntaxError
	if !errors.As(err, &syntax) || syntax.Position == 0 {
		t.Errorf("refused with %v", err)
	}
}

func TestALineIsChecked(t *testing.T) {
	good := provisioners.Line{
		LineKey: provisioners.LineKey{Group: "a/b", Number: "+4930123"}, User: "u", AuthUser: "auth@x", DisplayName: "Zoë", Label: "z",
		Voicemail: "*97", Password: secret.Sealed("v1.x.y"),
	}
	if err := provisioners.CheckLine(good); err != nil {
		t.Fatal(err)
	}
	for path, change := range map[string]func(*provisioners.Line){
		"number":      func(l *provisioners.Line) { l.Number = "" },
		"user":        func(l *provisioners.Line) { l.User = "a b" },
		"authUser":    func(l *provisioners.Line) { l.AuthUser = strings.Repeat("a", 129) },
		"displayName": func(l *provisioners.Line) { l.DisplayName = "\xff" },
		"label":       func(l *provisioners.Line) { l.Label = "\x1b" },
		"voicemail":   func(l *provisioners.Line) { l.Voicemail = "mailbox" },
	} {
		wrong := good
		change(&wrong)
		var all provisioners.SettingErrors
		if err := provisioners.CheckLine(wrong); !errors.As(err, &all) || len(all) != 1 || all[0].Path != path {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAModelMatchesAPatternInEitherCase(t *testing.T) {
	for _, test := range []struct {
		pattern, model string
		want           bool
	}{
		{"SIP-T46S", "sip-t46s", true}, {"SIP-T4*", "SIP-T46S", true}, {"*46*", "SIP-T46S", true}, {"*", "", true}, {"a*a", "a", false},
		{"a*b*c", "axxbyyc", true}, {"a*b*c", "axxcyyb", false}, {"SIP-T46", "SIP-T46S", false}, {"", "", true}, {"**", "x", true}, {"*ab*ab", "ab", false},
	} {
		if got := provisioners.MatchModel(test.pattern, test.model); got != test.want {
			t.Errorf("%q matches %q: %v", test.pattern, test.model, got)
		}
	}
}
