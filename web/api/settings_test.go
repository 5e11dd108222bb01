package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestTheCatalogueOfSettingsIsShown(t *testing.T) {
	h := newHouse(t)
	c := as[api.SettingsCatalogue](h.do(http.MethodGet, "/api/v1/settings/catalogue", h.viewer, "").want(http.StatusOK))
	var found api.CatalogueSetting
	for _, g := range c.Groups {
		for _, s := range g.Settings {
			if s.Path == "account.N.password" {
				found = s
			}
		}
	}
	if c.Version < 1 || !found.Secret || found.Type != "secret" || len(found.Indexes) != 1 || found.Indexes[0].Letter != "N" {
		t.Errorf("version %d, account.N.password is %+v", c.Version, found)
	}
}

func TestALevelIsChangedEntryByEntry(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	const path = "/api/v1/groups/acme%2Fsouth/settings"
	empty := h.do(http.MethodGet, path, h.viewer, "").want(http.StatusOK)
	if l := as[api.SettingsLevel](empty); l.Revision != 0 || len(l.Settings) != 0 || empty.header.Get("ETag") != `"r0"` {
		t.Errorf("nothing is declared: %s", empty.body)
	}
	first := h.do(http.MethodPatch, path, h.south, `{"set":[
		{"path":"account.*.registrar","value":"sip.example"}, {"path":"account.1.port","value":5061}, {"path":"network.lldp","value":true},
		{"path":"account.1.codecs","value":["g722","pcma"]}, {"path":"account.1.port","value":5062,"models":["A2*"],"filter":"tags:x","locked":true}]}`).want(http.StatusOK)
	l := as[api.SettingsLevel](first)
	if l.Revision != 1 || len(l.Settings) != 5 || l.UpdatedBy == "" || l.Level.Kind != "group" || l.Level.ID != "acme/south" {
		t.Fatalf("the level is %s", first.body)
	}
	values := map[string]any{}
	for _, s := range l.Settings {
		values[s.Path+" "+s.Filter] = s.Value
	}
	if values["account.1.port "] != 5061.0 || values[`account.1.port tags:x`] != 5062.0 || values["network.lldp "] != true || len(values["account.1.codecs "].([]any)) != 2 {
		t.Errorf("values are %v", values)
	}
	// Without a value the one that is there stays; what is unset goes.
	second := as[api.SettingsLevel](h.do(http.MethodPatch, path, h.south, `{"set":[{"path":"account.*.registrar","locked":true}],
		"unset":[{"path":"account.1.port","models":["A2*"],"filter":"tags:x"},{"path":"network.lldp"},{"path":"time.zone"}]}`,
		"If-Match", first.header.Get("ETag")).want(http.StatusOK))
	if len(second.Settings) != 3 || second.Settings[0].Path != "account.*.registrar" || second.Settings[0].Value != "sip.example" || !second.Settings[0].Locked {
		t.Errorf("the level is %+v", second.Settings)
	}
	h.do(http.MethodPatch, path, h.south, `{}`, "If-Match", first.header.Get("ETag")).problem(http.StatusPreconditionFailed, "precondition-failed")
}

func TestSettingsThatCannotBeAreRefusedWithTheirPaths(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"set":[{"path":"account.1.port","value":"many"}]}`:                  "body.set[account.1.port].value",
		`{"set":[{"path":"acount.1.port","value":1}]}`:                        "body.set[acount.1.port].path",
		`{"set":[{"path":"account.1.port"}]}`:                                 "body.set[account.1.port].value",
		`{"set":[{"path":"account.1.user","value":"x","filter":"nope = 1"}]}`: "body.set[account.1.user].filter",
		`{"set":[{"path":"account.1.user","generate":true}]}`:                 "body.set[account.1.user].generate",
		`{"set":[{"path":"account.1.password","generate":true,"value":"x"}]}`: "body.set[account.1.password].generate",
	} {
		h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, body).invalid(location)
	}
	p := h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"account.1.port","value":-1},{"path":"network.lldp","value":"maybe"}]}`).problem(http.StatusUnprocessableEntity, "invalid")
	if len(p.Errors) != 2 {
		t.Errorf("errors are %+v", p.Errors)
	}
	a := h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"account.1.password","value":"line\nfeed sesame"}]}`)
	if a.status == http.StatusUnprocessableEntity && strings.Contains(string(a.body), "sesame") {
		t.Errorf("the refusal tells the secret: %s", a.body)
	}
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	h.do(http.MethodPatch, "/api/v1/devices/"+string(id)+"/settings/user", h.operator, `{"set":[{"path":"account.1.registrar","value":"x.example"}]}`).problem(http.StatusUnprocessableEntity, "invalid")
	h.do(http.MethodPatch, "/api/v1/devices/"+string(id)+"/settings/user", h.operator, `{"set":[{"path":"account.1.label","value":"Me"}]}`).want(http.StatusOK)
	if l := as[api.SettingsLevel](h.do(http.MethodGet, "/api/v1/devices/"+string(id)+"/settings/user", h.viewer, "").want(http.StatusOK)); len(l.Settings) != 1 || l.Level.Kind != "user" {
		t.Errorf("the user's level is %+v", l)
	}
}

func TestTheEffectiveSettingsSayWhereTheyComeFrom(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/south")
	h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"account.1.user","value":"100"},{"path":"network.vlan.voice.id","value":7,"locked":true}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/groups/acme%2Fsouth/settings", h.south, `{"set":[{"path":"account.1.user","value":"200"},{"path":"network.vlan.voice.id","value":9}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+string(id)+"/settings", h.south, `{"set":[{"path":"account.9.user","value":"900"},{"path":"admin.password","value":"sesame open"}]}`).want(http.StatusOK)
	a := h.do(http.MethodGet, "/api/v1/devices/"+string(id)+"/settings/effective", h.south, "").want(http.StatusOK)
	e := as[api.EffectiveSettings](a)
	found := map[string]api.EffectiveSetting{}
	for _, s := range e.Settings {
		found[s.Path] = s
	}
	user, vlan, password := found["account.1.user"], found["network.vlan.voice.id"], found["admin.password"]
	if user.Value != "200" || user.Origin != (api.LevelName{Kind: "group", ID: "acme/south"}) || len(user.Overrode) != 1 || user.Overrode[0].Value != "100" {
		t.Errorf("the user is %+v", user)
	}
	if vlan.Value != 7.0 || vlan.LockedBy == nil || vlan.LockedBy.Kind != "global" || len(vlan.Overrode) != 1 || !vlan.Overrode[0].Refused {
		t.Errorf("the VLAN is %+v", vlan)
	}
	if password.Value != nil || !password.Secret || strings.Contains(string(a.body), "sesame") {
		t.Errorf("the password is %+v", password)
	}
	if len(e.Unused) == 0 || e.Unused[0].Path != "account.9.user" || e.Unused[0].Reason == "" || e.Fingerprint == "" {
		t.Errorf("unused is %+v, the fingerprint %q", e.Unused, e.Fingerprint)
	}
}

func TestASecretIsShownToWhoMaySeeItAndTheAuditLogSaysSo(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	settings := "/api/v1/devices/" + string(id) + "/settings"
	a := h.do(http.MethodPatch, settings, h.operator, `{"set":[{"path":"account.1.user","value":"1"},{"path":"account.1.password","value":"sesame open"},{"path":"admin.password","value":"auto"}]}`).want(http.StatusOK)
	for _, s := range as[api.SettingsLevel](a).Settings {
		if s.Path != "account.1.user" && (!s.Secret || s.Value != nil || s.Generate != (s.Path == "admin.password")) {
			t.Errorf("shown as %+v", s)
		}
	}
	entry := h.newest()
	if entry.Action != "updateDeviceSettings" || !strings.Contains(string(entry.After), "account.1.password") || strings.Contains(string(entry.After), "sesame") {
		t.Errorf("the entry is %+v", entry)
	}
	h.do(http.MethodPost, settings+"/reveal", h.operator, `{"path":"account.1.password"}`).problem(http.StatusForbidden, "forbidden")
	shown := as[api.PlainSetting](h.do(http.MethodPost, settings+"/reveal", h.admin, `{"path":"account.1.password"}`).want(http.StatusOK))
	if shown.Value != "sesame open" {
		t.Errorf("shown is %q", shown.Value)
	}
	if entry := h.newest(); entry.Action != "revealSetting" || entry.Detail != "account.1.password" || entry.Target != "device/"+string(id) {
		t.Errorf("the entry is %+v", entry)
	}
	first := as[api.PlainSetting](h.do(http.MethodPost, settings+"/reveal", h.admin, `{"path":"admin.password"}`).want(http.StatusOK))
	again := as[api.PlainSetting](h.do(http.MethodPost, settings+"/reveal", h.admin, `{"path":"admin.password"}`).want(http.StatusOK))
	if len(first.Value) < 12 || first != again {
		t.Errorf("a secret that is made is %q, then %q", first.Value, again.Value)
	}
	h.do(http.MethodPost, settings+"/reveal", h.admin, `{"path":"time.zone"}`).problem(http.StatusNotFound, "not-found")
	if h.log.String() == "" || strings.Contains(h.log.String(), "sesame") {
		t.Error("the log is empty, or tells the secret")
	}
	// A new value of the same secret is told as a change of it.
	h.do(http.MethodPatch, settings, h.operator, `{"set":[{"path":"account.1.password","value":"another one"}]}`).want(http.StatusOK)
	if entry := h.newest(); !strings.Contains(string(entry.After), "given") || strings.Contains(string(entry.After)+string(entry.Before), "another") {
		t.Errorf("the entry is %+v", entry)
	}
}

func TestSettingsOfAnotherGroupDoNotExist(t *testing.T) {
	h := newHouse(t)
	h.group("acme/north")
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/north")
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"group":"acme/north","number":"1"}`).want(http.StatusCreated)
	for _, call := range [][3]string{
		{http.MethodGet, "/groups/acme%2Fnorth/settings", ""}, {http.MethodPatch, "/groups/acme%2Fnorth/settings", "{}"},
		{http.MethodGet, "/groups/acme/settings", ""},
		{http.MethodGet, "/devices/" + string(id) + "/settings", ""}, {http.MethodPatch, "/devices/" + string(id) + "/settings", "{}"},
		{http.MethodGet, "/devices/" + string(id) + "/settings/user", ""}, {http.MethodPatch, "/devices/" + string(id) + "/settings/user", "{}"},
		{http.MethodGet, "/devices/" + string(id) + "/settings/effective", ""}, {http.MethodPost, "/devices/" + string(id) + "/settings/plan", "{}"},
		{http.MethodGet, "/devices/" + string(id) + "/files", ""}, {http.MethodGet, "/devices/" + string(id) + "/files/acme.cfg", ""},
		{http.MethodGet, "/devices/" + string(id) + "/fetches", ""},
		{http.MethodPost, "/settings/plan", `{"level":{"kind":"group","id":"acme/north"}}`},
		{http.MethodPost, "/settings/plan", `{"level":{"kind":"device","id":"` + string(id) + `"}}`},
		{http.MethodPost, "/settings/plan", `{"device":{"id":"` + string(id) + `","group":"acme/south"}}`},
		{http.MethodGet, "/lines/acme%2Fnorth:1", ""}, {http.MethodPatch, "/lines/acme%2Fnorth:1", "{}"}, {http.MethodDelete, "/lines/acme%2Fnorth:1", ""},
	} {
		h.do(call[0], "/api/v1"+call[1], h.south, call[2], patchType(call)...).problem(http.StatusNotFound, "not-found")
	}
	h.do(http.MethodPost, "/api/v1/settings/plan", h.south, `{"level":{"kind":"global"}}`).problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPost, "/api/v1/lines", h.south, `{"group":"acme/north","number":"2"}`).invalid("body.group")
}

// patchType returns the media type of a merge patch, for the calls that take one.
func patchType(call [3]string) []string {
	if call[0] == http.MethodPatch && strings.HasPrefix(call[1], "/lines") {
		return []string{"Content-Type", "application/merge-patch+json"}
	}
	return nil
}

func TestAChangeOfADevicesSettingsMarksItAtOnce(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	path := "/api/v1/devices/" + string(id)
	h.do(http.MethodPatch, path+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"1"}]}`).want(http.StatusOK)
	d := as[api.Device](h.do(http.MethodGet, path, h.viewer, "").want(http.StatusOK))
	if d.Pack != "acme" || d.Provisioning.State != "pending" || d.Provisioning.HeldCurrent || d.Provisioning.Wanted == "" || d.Provisioning.ChangedAt == nil {
		t.Errorf("the device is %+v", d)
	}
	now := h.clock.Now()
	check(t, h.store.Provisioning().NoteFetched(t.Context(), id, device.Fetched{At: now, File: "0a0b0c000001.cfg", UserAgent: "Acme A1", Held: d.Provisioning.Wanted}))
	d = as[api.Device](h.do(http.MethodGet, path, h.viewer, "").want(http.StatusOK))
	if d.Provisioning.State != "converged" || !d.Provisioning.HeldCurrent || d.Provisioning.LastFetch == nil || d.Provisioning.File != "0a0b0c000001.cfg" {
		t.Errorf("the device is %+v", d.Provisioning)
	}
	list := as[api.Page[api.Device]](h.do(http.MethodGet, "/api/v1/devices?filter=provisioning%20%3D%20%22converged%22", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 1 {
		t.Errorf("%d have converged", len(list.Items))
	}
}

func TestAGroupThatDeclaresSomethingIsNotDeleted(t *testing.T) {
	h := newHouse(t)
	h.group("plain")
	const path = "/api/v1/groups/plain"
	h.do(http.MethodPatch, path+"/settings", h.operator, `{"set":[{"path":"account.1.user","value":"100"}]}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"group":"plain","number":"1"}`).want(http.StatusCreated)
	if p := h.do(http.MethodDelete, path, h.operator, "").problem(http.StatusConflict, "state"); !strings.Contains(p.Detail, "lines, settings") {
		t.Errorf("refused with %q", p.Detail)
	}
	h.do(http.MethodPatch, path+"/settings", h.operator, `{"unset":[{"path":"account.1.user"}]}`).want(http.StatusOK)
	h.do(http.MethodDelete, "/api/v1/lines/plain:1", h.operator, "").want(http.StatusNoContent)
	h.do(http.MethodDelete, path, h.operator, "").want(http.StatusNoContent)
}

func TestSettingsThatAreIncompleteSayWhy(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	// As after a restore with another key.
	_, err := h.store.Levels().PutLevel(t.Context(), provisioners.Level{
		Key: provisioners.LevelKey{Kind: provisioners.DeviceLevel, ID: string(id)}, UpdatedAt: h.clock.Now(),
		Entries: []provisioners.Entry{{Path: "account.1.password", Sealed: "v1.00000000.AAAA"}, {Path: "account.1.user", Value: "100"}},
	})
	check(t, err)
	path := "/api/v1/devices/" + string(id)
	e := as[api.EffectiveSettings](h.do(http.MethodGet, path+"/settings/effective", h.viewer, "").want(http.StatusOK))
	if e.Problem == "" || e.Fingerprint != "" {
		t.Errorf("the settings are %+v", e)
	}
	h.do(http.MethodGet, path+"/files", h.viewer, "").problem(http.StatusConflict, "state")
	h.do(http.MethodGet, path+"/files/acme.cfg", h.viewer, "").problem(http.StatusConflict, "state")
	h.do(http.MethodPost, path+"/settings/reveal", h.admin, `{"path":"account.1.password"}`).problem(http.StatusConflict, "state")
	// Another value mends it.
	h.do(http.MethodPatch, path+"/settings", h.operator, `{"set":[{"path":"account.1.password","value":"sesame open"}]}`).want(http.StatusOK)
	if e := as[api.EffectiveSettings](h.do(http.MethodGet, path+"/settings/effective", h.viewer, "")); e.Problem != "" || e.Fingerprint == "" {
		t.Errorf("mended it is %+v", e)
	}
}
