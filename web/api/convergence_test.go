package api_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
	"github.com/dialtone-acs/dialtone/provisioners/shelf"
	"github.com/dialtone-acs/dialtone/web/api"
)

// The parameters of the phone of driftedPhone.
const (
	registrarPath = "Device.Services.VoiceService.1.VoiceProfile.1.SIP.RegistrarServer"
	expiresPath   = "Device.Services.VoiceService.1.VoiceProfile.1.SIP.RegisterExpires"
	passwordPath  = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.SIP.AuthPassword"
	zonePath      = "Device.Time.LocalTimeZone"
)

// cwmpPhone stores a phone of the pack acme that speaks CWMP.
func (h *house) cwmpPhone(mac, group string) device.ID {
	h.t.Helper()
	now := h.clock.Now()
	d := device.Device{
		ID: device.NewID(), Manufacturer: "Acme", CWMPIdentity: device.CWMPIdentity{OUI: "0A0B0C", ProductClass: "A1", SerialNumber: mac}, MAC: mac, Model: "A1",
		SoftwareVersion: "1.0", Group: group, Origin: device.OriginOperator, Revision: 1, FirstSeen: now, LastInform: now, OnlineUntil: now.Add(time.Hour), Root: "Device.",
	}
	check(h.t, h.store.Devices().Create(h.t.Context(), d, 0))
	return d.ID
}

// driftedPhone stores one on which a session found differences.
func (h *house) driftedPhone(mac, group string) device.ID {
	h.t.Helper()
	id := h.cwmpPhone(mac, group)
	h.do(http.MethodPatch, settingsOf(id), h.admin, `{"set":[{"path":"account.1.registrar","value":"sip.example"},{"path":"account.1.expires","value":300}]}`).want(http.StatusOK)
	d, err := h.store.Devices().Get(h.t.Context(), id)
	check(h.t, err)
	now := h.clock.Now()
	check(h.t, h.store.Provisioning().NoteConverged(h.t.Context(), id, device.Converged{
		At: now, Pack: "acme", Wanted: d.Provisioning.Wanted, Held: true, Managed: true, Drifted: 2, DriftedSince: now, CheckAt: now.Add(time.Hour),
	}))
	text := func(s string) *string { return &s }
	_, err = h.store.Convergences().PutConvergence(h.t.Context(), provisioners.Convergence{
		Device: id, UpdatedAt: now, Wanted: d.Provisioning.Wanted, Owned: []string{"account.1.expires", "account.1.password", "account.1.registrar"},
		Confirmed: []provisioners.Confirmed{{Path: expiresPath, Hash: "x"}},
		Unmapped:  []provisioners.Unmapped{{Setting: "account.1.transport", Reason: "the device cannot be TLS"}},
		Differences: []provisioners.Difference{
			{Path: registrarPath, Setting: "account.1.registrar", Kind: provisioners.Drifted, Wanted: text("sip.example"), Has: text("SIP.other.example"), Adopt: text("SIP.other.example"), Since: now, Reason: "it was changed on the device"},
			{Path: passwordPath, Setting: "account.1.password", Kind: provisioners.Withheld, Wanted: text("sesame"), Has: text("sesame"), Adopt: text("sesame"), Since: now},
			{Path: zonePath, Setting: "time.zone", Kind: provisioners.Kept, Wanted: text("CET-1"), Has: text("XYZ"), Since: now, Tries: 2, Reason: "the device keeps XYZ"},
			{Path: expiresPath, Setting: "account.1.expires", Kind: provisioners.Drifted, Wanted: text("300"), Has: text("never"), Adopt: text("never"), Since: now},
		},
		Deliveries: []provisioners.Delivery{{Name: provisioners.DeliveryProfile, Hash: "h", Task: "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, {Name: provisioners.DeliveryCA, Hash: "c", Held: "c"}},
		NextTry:    now.Add(time.Minute),
	})
	check(h.t, err)
	return id
}

func settingsOf(id device.ID) string { return "/api/v1/devices/" + string(id) + "/settings" }

func convergenceOf(id device.ID) string { return "/api/v1/devices/" + string(id) + "/convergence" }

func (h *house) wantWoken(id device.ID) {
	h.t.Helper()
	select {
	case got := <-h.waker.called:
		if got != id {
			h.t.Errorf("called %s, want %s", got, id)
		}
	case <-time.After(10 * time.Second):
		h.t.Error("the device was not called")
	}
}

func TestTheConvergenceOfADeviceSaysWhatDiffersAndWhy(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	a := h.do(http.MethodGet, convergenceOf(id), h.viewer, "").want(http.StatusOK)
	c := as[api.Convergence](a)
	if c.State != "drifted" || c.Since == nil || c.NextTry == nil || !c.NextTry.Equal(h.clock.Now().Add(time.Minute)) || !c.Managed || len(c.Wanted) != 12 || c.Held != c.Wanted {
		t.Errorf("the state is %+v", c)
	}
	if c.Roads.Parameters != (api.ConvergenceParameters{Settings: 3, Confirmed: 1}) || c.Roads.File.State != "pending" || c.Roads.File.Task == "" || c.Roads.CA == nil || c.Roads.CA.State != "held" {
		t.Errorf("the roads are %+v", c.Roads)
	}
	if len(c.Unmapped) != 1 || c.DataModel != nil || c.FactoryReset != "" || a.header.Get("ETag") != `"r1"` {
		t.Errorf("the rest is %s", a.body)
	}
	found := map[string]api.ConvergenceDifference{}
	for _, d := range c.Differences {
		found[d.Path] = d
	}
	if d := found[registrarPath]; !d.Adoptable || d.Secret || *d.Has != "SIP.other.example" || d.Reason == "" || d.Restoring {
		t.Errorf("the registrar is %+v", d)
	}
	if d := found[passwordPath]; d.Adoptable || !d.Secret || d.Has != nil || d.Wanted != nil || strings.Contains(string(a.body), "sesame") {
		t.Errorf("the password is %+v", d)
	}
	if d := found[zonePath]; d.Adoptable || d.Kind != "kept" || d.Tries != 2 {
		t.Errorf("the zone is %+v", d)
	}
	shown := as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.viewer, "").want(http.StatusOK)).Provisioning
	if shown.State != "drifted" || shown.Drifted != 2 || shown.DriftedSince == nil || shown.NextTry == nil || !shown.Managed {
		t.Errorf("the device has %+v", shown)
	}
	list := as[api.Page[api.Device]](h.do(http.MethodGet, "/api/v1/devices?filter=provisioning%20%3D%20drifted", h.viewer, "").want(http.StatusOK))
	if len(list.Items) != 1 {
		t.Errorf("%d have drifted", len(list.Items))
	}
}

func TestADeviceWithoutConvergenceHasItsState(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	c := as[api.Convergence](h.do(http.MethodGet, convergenceOf(id), h.viewer, "").want(http.StatusOK))
	if c.State != "none" || len(c.Differences) != 0 || c.Roads.File.State != "none" || c.UpdatedAt != nil {
		t.Errorf("nothing is known: %+v", c)
	}
	h.do(http.MethodPatch, settingsOf(id), h.operator, `{"set":[{"path":"account.1.user","value":"1"}]}`).want(http.StatusOK)
	if c := as[api.Convergence](h.do(http.MethodGet, convergenceOf(id), h.viewer, "")); c.State != "pending" || c.Roads.File.State != "pending" {
		t.Errorf("settings are there: %+v", c)
	}
	h.do(http.MethodPost, convergenceOf(id)+"/retry", h.operator, "").problem(http.StatusConflict, "state")
	h.do(http.MethodPost, convergenceOf(id)+"/restore", h.operator, "{}").problem(http.StatusConflict, "state")
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["`+registrarPath+`"]}`).invalid("body.paths[0]")
}

// quietMapping is that of a maker whose phones forget CWMP with a factory reset.
const quietMapping = `version: 1
factoryReset: silent
discover: [Time.]
parameters:
  - {setting: time.zone, path: Time.LocalTimeZone, convert: posix}
`

func TestAFactoryResetThatEndsCWMPIsSaidBeforehand(t *testing.T) {
	h := newHouse(t, func(o *api.Options) {
		folder := fstest.MapFS{"acme/cwmp.yaml": &fstest.MapFile{Data: []byte(quietMapping)}}
		for name, content := range acmeFiles() {
			folder["acme/"+name] = &fstest.MapFile{Data: []byte(content)}
		}
		quiet, err := pack.Load(t.Context(), folder, "acme", o.Provisioning.Catalogue)
		check(t, err)
		o.Provisioning.Shelf, err = shelf.New(t.Context(), shelf.Options{
			BuiltIn: []*pack.Pack{quiet}, Catalogue: o.Provisioning.Catalogue, Documents: o.Declared, Files: o.Files.(library).Library, Logger: o.Logger,
		})
		check(t, err)
	})
	id := h.cwmpPhone("0a:0b:0c:00:00:01", "")
	if c := as[api.Convergence](h.do(http.MethodGet, convergenceOf(id), h.viewer, "").want(http.StatusOK)); c.FactoryReset != "silent" {
		t.Errorf("a factory reset is %q", c.FactoryReset)
	}
}

func TestTheDataModelOfADeviceIsCounted(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	h.dataModel("Acme", "1.0")
	c := as[api.Convergence](h.do(http.MethodGet, convergenceOf(id), h.viewer, "").want(http.StatusOK))
	if c.DataModel == nil || c.DataModel.Names != 2 || c.DataModel.Root != "Device." {
		t.Errorf("the data model is %+v", c.DataModel)
	}
}

func TestAdoptingMakesTheValueASettingOfTheDevice(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	// An entry that is limited to the model comes after the plain one, and is locked.
	h.do(http.MethodPatch, settingsOf(id), h.operator, `{"set":[{"path":"account.1.registrar","value":"limited.example","models":["A1"],"locked":true}]}`).want(http.StatusOK)
	events := h.follow("?kinds=device", h.viewer)
	tag := h.do(http.MethodGet, convergenceOf(id), h.operator, "").header.Get("ETag")
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["`+registrarPath+`"]}`, "If-Match", `"r0"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["`+registrarPath+`"]}`, "If-Match", tag).want(http.StatusOK)
	l := as[api.SettingsLevel](h.do(http.MethodGet, settingsOf(id), h.viewer, "").want(http.StatusOK))
	var values []any
	for _, s := range l.Settings {
		if s.Path == "account.1.registrar" {
			values = append(values, s.Value)
			if s.Locked != (len(s.Models) > 0) {
				t.Errorf("the lock of an entry changed: %+v", s)
			}
		}
	}
	// The value is in the form of the catalogue.
	if !slices.Equal(values, []any{"sip.other.example", "sip.other.example"}) {
		t.Errorf("the entries are %v", values)
	}
	e := as[api.EffectiveSettings](h.do(http.MethodGet, settingsOf(id)+"/effective", h.viewer, "").want(http.StatusOK))
	if i := slices.IndexFunc(e.Settings, func(s api.EffectiveSetting) bool { return s.Path == "account.1.registrar" }); i < 0 || e.Settings[i].Value != "sip.other.example" {
		t.Errorf("in force is %+v", e.Settings)
	}
	entry := h.newest()
	if entry.Action != "adoptConvergence" || entry.Target != "device/"+string(id) || !strings.Contains(entry.Detail, registrarPath) || !strings.Contains(string(entry.After), "sip.other.example") {
		t.Errorf("the entry is %+v", entry)
	}
	d, err := h.store.Devices().Get(t.Context(), id)
	check(t, err)
	if d.Provisioning.Wanted != e.Fingerprint || !d.Provisioning.CheckAt.Equal(h.clock.Now()) {
		t.Errorf("the device is marked as %+v", d.Provisioning)
	}
	h.wantWoken(id)
	events.want("device", string(id))
}

func TestWhatCannotBeAdoptedIsRefusedAsAWhole(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	for path, message := range map[string]string{
		passwordPath:    "no setting can take",
		zonePath:        "no setting can take",
		expiresPath:     "account.1.expires does not take",
		"Device.Nobody": "as it should be",
	} {
		p := h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["`+registrarPath+`","`+path+`"]}`).invalid("body.paths[1]")
		if !strings.Contains(p.Message, path) || !strings.Contains(p.Message, message) {
			t.Errorf("%s: %s", path, p.Message)
		}
	}
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":[]}`).invalid("body.paths")
	// Above it is locked.
	h.do(http.MethodPatch, "/api/v1/settings/global", h.admin, `{"set":[{"path":"account.*.registrar","value":"sip.example","locked":true}]}`).want(http.StatusOK)
	if p := h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["`+registrarPath+`"]}`).problem(http.StatusConflict, "state"); !strings.Contains(p.Detail, "account.1.registrar is locked by the global settings") {
		t.Errorf("refused with %q", p.Detail)
	}
	l := as[api.SettingsLevel](h.do(http.MethodGet, settingsOf(id), h.viewer, ""))
	if i := slices.IndexFunc(l.Settings, func(s api.SettingEntry) bool { return s.Path == "account.1.registrar" }); l.Settings[i].Value != "sip.example" {
		t.Errorf("the level has %+v", l.Settings[i])
	}
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.viewer, `{"paths":["`+registrarPath+`"]}`).problem(http.StatusForbidden, "forbidden")
}

func TestAValueThatTheEndUserChoseIsNotAdoptedForTheDevice(t *testing.T) {
	h := newHouse(t)
	id := h.cwmpPhone("0a:0b:0c:00:00:01", "")
	h.do(http.MethodPatch, settingsOf(id), h.operator, `{"set":[{"path":"account.1.user","value":"1"}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, settingsOf(id)+"/user", h.operator, `{"set":[{"path":"account.1.label","value":"Me"}]}`).want(http.StatusOK)
	has := "You"
	_, err := h.store.Convergences().PutConvergence(t.Context(), provisioners.Convergence{Device: id, UpdatedAt: h.clock.Now(), Differences: []provisioners.Difference{
		{Path: "Device.X.Label", Setting: "account.1.label", Kind: provisioners.Drifted, Wanted: &has, Has: &has, Adopt: &has, Since: h.clock.Now()},
	}})
	check(t, err)
	if p := h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.operator, `{"paths":["Device.X.Label"]}`).problem(http.StatusConflict, "state"); !strings.Contains(p.Detail, "the end user") {
		t.Errorf("refused with %q", p.Detail)
	}
}

func TestRestoringAsksForWhatDrifted(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	for _, path := range []string{zonePath, "Device.Nobody"} {
		h.do(http.MethodPost, convergenceOf(id)+"/restore", h.operator, `{"paths":["`+path+`"]}`).invalid("body.paths[0]")
	}
	h.do(http.MethodPost, convergenceOf(id)+"/restore", h.operator, `{}`, "If-Match", `"r9"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	c := as[api.Convergence](h.do(http.MethodPost, convergenceOf(id)+"/restore", h.operator, `{"paths":["`+registrarPath+`"]}`).want(http.StatusOK))
	for _, d := range c.Differences {
		if d.Restoring != (d.Path == registrarPath) {
			t.Errorf("asked for: %+v", d)
		}
	}
	entry := h.newest()
	if entry.Action != "restoreConvergence" || entry.Target != "device/"+string(id) || !strings.Contains(string(entry.After), registrarPath) {
		t.Errorf("the entry is %+v", entry)
	}
	h.wantWoken(id)
	d, err := h.store.Devices().Get(t.Context(), id)
	check(t, err)
	if !d.Provisioning.CheckAt.Equal(h.clock.Now()) {
		t.Errorf("it is compared at %v", d.Provisioning.CheckAt)
	}
	// Without paths it is all that drifted, and once more is nothing new.
	for range 2 {
		h.do(http.MethodPost, convergenceOf(id)+"/restore", h.operator, `{}`).want(http.StatusOK)
		stored, err := h.store.Convergences().Convergence(t.Context(), id)
		check(t, err)
		if !slices.Equal(stored.Restore, []string{expiresPath, registrarPath}) || stored.Revision != 3 {
			t.Errorf("asked for is %v at revision %d", stored.Restore, stored.Revision)
		}
	}
}

func TestARetryHasTheNextSessionCompare(t *testing.T) {
	h := newHouse(t)
	id := h.driftedPhone("0a:0b:0c:00:00:01", "")
	h.clock.advance(time.Second)
	h.do(http.MethodPost, convergenceOf(id)+"/retry", h.viewer, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPost, convergenceOf(id)+"/retry", h.operator, "").want(http.StatusOK)
	d, err := h.store.Devices().Get(t.Context(), id)
	check(t, err)
	if !d.Provisioning.CheckAt.Equal(h.clock.Now()) || d.Provisioning.Tried != "" {
		t.Errorf("the device is %+v", d.Provisioning)
	}
	if c, err := h.store.Convergences().Convergence(t.Context(), id); err != nil || !c.NextTry.Equal(h.clock.Now()) {
		t.Errorf("the next try is %v: %v", c.NextTry, err)
	}
	h.wantWoken(id)
	if entry := h.newest(); entry.Action != "retryConvergence" || entry.Target != "device/"+string(id) {
		t.Errorf("the entry is %+v", entry)
	}
}

func TestTheConvergenceOfAnotherGroupDoesNotExist(t *testing.T) {
	h := newHouse(t)
	h.group("acme/north")
	id := h.driftedPhone("0a:0b:0c:00:00:01", "acme/north")
	h.do(http.MethodGet, convergenceOf(id), h.south, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, convergenceOf(id)+"/restore", h.south, "{}").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, convergenceOf(id)+"/adopt", h.south, `{"paths":["x"]}`).problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, convergenceOf(id)+"/retry", h.south, "").problem(http.StatusNotFound, "not-found")
}

func TestDevicesAreCountedByTheStateOfTheirProvisioning(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	h.driftedPhone("0a:0b:0c:00:00:01", "acme/south")
	h.acmePhone("0a:0b:0c:00:00:02", "A1", "")
	const path = "/api/v1/provisioning/summary"
	all := as[api.ProvisioningSummary](h.do(http.MethodGet, path, h.viewer, "").want(http.StatusOK))
	if all.Drifted != 1 || all.None != 1 || all.Converged+all.Pending+all.Failing != 0 || all.AsOf.IsZero() {
		t.Errorf("counted %+v", all)
	}
	if south := as[api.ProvisioningSummary](h.do(http.MethodGet, path, h.south, "").want(http.StatusOK)); south.Drifted != 1 || south.None != 0 {
		t.Errorf("south counts %+v", south)
	}
}
