package provisioners_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

// phone is a device of the group a/b with every level.
func phone() device.Device {
	return device.Device{ID: "d", Model: "T46S", Manufacturer: "Yealink", Group: "a/b", Tags: []string{"lobby"}}
}

// declared are the levels of a test.
type declared map[provisioners.LevelKey][]provisioners.Entry

func locked(path, value string) provisioners.Entry {
	return provisioners.Entry{Path: path, Value: value, Locked: true}
}

// shown is what a test looks at: values by path, with "!" if locked, and the level.
func shown(e provisioners.Effective) map[string]string {
	all := map[string]string{}
	for _, s := range e.Settings {
		text := s.Value + " of " + strings.TrimRight(string(s.Origin.Kind)+" "+s.Origin.ID, " ")
		if s.LockedBy != nil {
			text += " (locked)"
		}
		all[s.Path] = text
	}
	return all
}

func unused(e provisioners.Effective) map[string]string {
	all := map[string]string{}
	for _, u := range e.Unused {
		all[u.Path+" of "+string(u.Level.Kind)] = u.Reason
	}
	return all
}

func TestInheritance(t *testing.T) {
	for _, test := range []struct {
		name     string
		levels   declared
		want     map[string]string
		wantNone map[string]string
	}{
		{
			"the nearest level wins",
			declared{
				global(): {entry("time.zone", "UTC"), entry("owner", "1")}, groupKey("a"): {entry("time.zone", "Europe/Berlin")},
				groupKey("a/b"): {entry("time.zone", "Europe/Paris")}, groupKey("b"): {entry("time.zone", "Asia/Tokyo")},
			},
			map[string]string{"time.zone": "Europe/Paris of group a/b", "owner": "1 of global"}, nil,
		},
		{
			"the end user comes after the device",
			declared{deviceKey("d"): {entry("time.format", "24")}, userKey("d"): {entry("time.format", "12")}},
			map[string]string{"time.format": "12 of user d"}, nil,
		},
		{
			"the topmost lock stands against all below, also another lock",
			declared{
				global(): {entry("time.format", "24")}, groupKey("a"): {locked("time.format", "12")},
				groupKey("a/b"): {locked("time.format", "24")}, userKey("d"): {entry("time.format", "24")},
			},
			map[string]string{"time.format": "12 of group a (locked)"}, nil,
		},
		{
			"a star stands for every account that exists",
			declared{global(): {entry("account.*.registrar", "x.example")}, deviceKey("d"): {entry("account.1.user", "1"), entry("account.3.user", "3")}},
			map[string]string{
				"account.1.registrar": "x.example of global", "account.1.user": "1 of device d",
				"account.3.registrar": "x.example of global", "account.3.user": "3 of device d",
			}, nil,
		},
		{
			"a star alone makes no account",
			declared{global(): {entry("account.*.registrar", "x.example")}}, map[string]string{}, nil,
		},
		{
			"within a level a number comes before a star, wherever they stand",
			declared{global(): {entry("account.*.port", "1"), entry("account.1.port", "2"), entry("account.2.user", "2")}},
			map[string]string{"account.1.port": "2 of global", "account.2.port": "1 of global", "account.2.user": "2 of global"}, nil,
		},
		{
			"a star of a nearer level comes before a number of a farther one",
			declared{global(): {entry("account.1.port", "1")}, deviceKey("d"): {entry("account.*.port", "2")}},
			map[string]string{"account.1.port": "2 of device d"}, nil,
		},
		{
			"of entries with the same path the later wins where both apply",
			declared{global(): {
				entry("owner", "1"), {Path: "owner", Value: "2", Models: []string{"sip-t4*"}}, {Path: "owner", Value: "3", Models: []string{"VVX*"}},
			}},
			map[string]string{"owner": "2 of global"}, nil,
		},
		{
			"a filter limits an entry",
			declared{global(): {
				{Path: "owner", Value: "1", Filter: "tags:lobby"}, {Path: "time.zone", Value: "UTC", Filter: "tags:office"},
				{Path: "language.phone", Value: "de", Filter: "group:a/*", Models: []string{"other"}},
			}},
			map[string]string{"owner": "1 of global"}, nil,
		},
		{
			"an entry that is limited to others makes no account",
			declared{global(): {{Path: "account.1.user", Value: "1", Models: []string{"VVX*"}}, entry("account.*.port", "1")}}, map[string]string{}, nil,
		},
		{
			"an empty value takes back what levels above say",
			declared{global(): {entry("account.1.outboundProxy", "x.example")}, deviceKey("d"): {entry("account.1.outboundProxy", "")}},
			map[string]string{"account.1.outboundProxy": " of device d"}, nil,
		},
		{
			"accounts and keys beyond the model have no effect",
			declared{deviceKey("d"): {
				entry("account.4.user", "4"), entry("account.5.user", "5"), entry("key.26.type", "blf"), entry("expansion.3.model", "EXP40"),
				entry("expansion.1.key.41.type", "blf"),
			}, global(): {entry("account.*.port", "1")}},
			map[string]string{"account.4.user": "4 of device d", "account.4.port": "1 of global"},
			map[string]string{
				"account.5.user of device": "the model has 4 lines", "key.26.type of device": "the model has 25 keys",
				"expansion.3.model of device": "the model takes 2 expansion modules", "expansion.1.key.41.type of device": "the module has 40 keys",
			},
		},
		{
			"the end user makes keys, but no accounts",
			declared{userKey("d"): {entry("account.2.label", "x"), entry("key.2.label", "y")}, global(): {entry("key.*.account", "1")}},
			map[string]string{"key.2.label": "y of user d", "key.2.account": "1 of global"},
			map[string]string{"account.2.label of user": "the device has no such account"},
		},
		{
			"stars at both indexes of a module's key stand for what exists",
			declared{
				global():       {entry("expansion.*.key.*.account", "1"), entry("expansion.*.key.7.type", "blf"), entry("expansion.1.key.*.label", "x")},
				deviceKey("d"): {entry("expansion.1.model", "EXP40"), entry("expansion.2.key.3.type", "line")},
			},
			map[string]string{
				"expansion.1.model": "EXP40 of device d", "expansion.1.key.7.type": "blf of global", "expansion.1.key.7.account": "1 of global",
				"expansion.1.key.7.label": "x of global", "expansion.2.key.3.type": "line of device d", "expansion.2.key.3.account": "1 of global",
				"expansion.2.key.7.type": "blf of global", "expansion.2.key.7.account": "1 of global",
			}, nil,
		},
		{
			"what is for other vendors has no effect, and is told where it was meant for the device",
			declared{global(): {entry("vendor.yealink.a.b", "1"), entry("vendor.snom.a", "1")}, deviceKey("d"): {entry("vendor.snom.b", "1")}},
			map[string]string{"vendor.yealink.a.b": "1 of global"},
			map[string]string{"vendor.snom.b of device": "the device is not served by the pack snom"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFixture(t)
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

func TestAValueTellsWhatItOverrodeAndWhatItsLockRefused(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), entry("time.format", "24"))
	f.set(t, groupKey("a"), locked("time.format", "12"))
	f.set(t, deviceKey("d"), entry("time.format", "24"))
	f.set(t, userKey("d"), entry("time.format", "24"))
	s, ok := func() (provisioners.EffectiveSetting, bool) {
		e := f.effective(t, phone())
		return e.Setting("time.format")
	}()
	if !ok || *s.LockedBy != groupKey("a") {
		t.Fatalf("in force is %+v", s)
	}
	want := []provisioners.Overridden{
		{Level: global(), Value: "24"}, {Level: deviceKey("d"), Value: "24", Refused: true}, {Level: userKey("d"), Value: "24", Refused: true},
	}
	if diff := cmp.Diff(want, s.Overrode); diff != "" {
		t.Error(diff)
	}
}

func TestAPackGivesDefaultsAndSaysWhatItCannotDo(t *testing.T) {
	f := newFixture(t)
	served := yealink()
	served.Defaults = []provisioners.Entry{entry("provisioning.interval", "86400"), entry("account.*.expires", "120"), entry("admin.password", "admin")}
	served.Unsupported = []string{"network.cdp", "account.N.srtp", "syslog"}
	f.packs["T46S"] = served
	f.set(t, global(), entry("network.cdp", "true"), entry("account.1.srtp", "off"), entry("syslog.port", "514"), entry("account.1.user", "1"))
	e := f.effective(t, phone())
	want := map[string]string{
		"provisioning.interval": "86400 of pack yealink", "account.1.expires": "120 of pack yealink", "account.1.user": "1 of global",
		"admin.password": " of pack yealink",
	}
	if diff := cmp.Diff(want, shown(e)); diff != "" {
		t.Error(diff)
	}
	const reason = "the pack yealink cannot give this setting"
	wantNone := map[string]string{"network.cdp of global": reason, "account.1.srtp of global": reason, "syslog.port of global": reason}
	if diff := cmp.Diff(wantNone, unused(e)); diff != "" {
		t.Error(diff)
	}
	if secrets := e.Secrets(); len(secrets) != 1 || secrets[0] != "admin" {
		t.Errorf("secrets are %q", secrets)
	}
}

func TestAValueThatThePackCannotGiveIsLeftOutAndTold(t *testing.T) {
	f := newFixture(t)
	served := yealink()
	served.Limits = []provisioners.ValueLimit{
		{Path: "key.*.type", Refused: []string{"hold", "park"}}, {Path: "account.N.codecs", Refused: []string{"opus"}},
		{Path: "language.phone", Taken: []string{"de", "en"}}, {Path: "language.web", Taken: []string{"de", "en"}},
	}
	f.packs["T46S"] = served
	f.set(t, global(), entry("key.1.type", "blf"), entry("account.1.codecs", "g722,opus,pcma"), entry("account.2.codecs", "opus"),
		entry("language.phone", "fr"), entry("language.web", "de-AT"), entry("key.2.type", "line"))
	f.set(t, deviceKey("d"), entry("key.1.type", "hold"), entry("key.1.value", "7"))
	e := f.effective(t, phone())
	want := map[string]string{
		"account.1.codecs": "g722,pcma of global", "language.web": "de-AT of global", "key.1.value": "7 of device d", "key.2.type": "line of global",
	}
	if diff := cmp.Diff(want, shown(e)); diff != "" {
		t.Error(diff)
	}
	reason := func(value string) string { return "the pack yealink cannot give the value " + value + " to this model" }
	told := map[string]string{
		"key.1.type of device": reason("hold"), "account.1.codecs of global": reason("opus"), "account.2.codecs of global": reason("opus"),
		"language.phone of global": reason("fr"),
	}
	if diff := cmp.Diff(told, unused(e)); diff != "" {
		t.Error(diff)
	}
	p := e.Phone(phone(), served)
	keys, _ := p["keys"].([]any)
	first, _ := keys[0].(map[string]any)
	if len(keys) != 1 || first["n"] != "2" {
		t.Errorf("the phone is given the keys %q", keys)
	}
}

func TestADeviceThatNoPackServesHasSettingsWithoutLimits(t *testing.T) {
	f := newFixture(t)
	f.set(t, global(), entry("account.40.user", "1"), entry("vendor.yealink.x", "1"))
	d := phone()
	d.Model = "unknown"
	if diff := cmp.Diff(map[string]string{"account.40.user": "1 of global"}, shown(f.effective(t, d))); diff != "" {
		t.Error(diff)
	}
}

func TestALevelThatAnotherVersionWroteIsUsedAsFarAsItIsUnderstood(t *testing.T) {
	f := newFixture(t)
	f.levels.Set(global(), entry("owner", "1"), entry("time.calendar", "x"), provisioners.Entry{Path: "time.zone", Value: "UTC", Filter: "("})
	if err := f.tree.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	e := f.effective(t, phone())
	if diff := cmp.Diff(map[string]string{"owner": "1 of global"}, shown(e)); diff != "" {
		t.Error(diff)
	}
	reasons := unused(e)
	if reasons["time.calendar of global"] != "the catalogue has no such setting" || !strings.HasPrefix(reasons["time.zone of global"], "its filter cannot be read: ") {
		t.Errorf("unused are %v", reasons)
	}
}
