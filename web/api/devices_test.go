package api_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestADeviceIsShownAsTheContractSays(t *testing.T) {
	h := newHouse(t)
	id := h.phone("FCH1", "acme")
	a := h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.viewer, "").want(http.StatusOK)
	want := map[string]any{
		"id": string(id), "manufacturer": "Cisco", "oui": "00562B", "productClass": "CP-8851-3PCC", "serialNumber": "FCH1", "mac": "",
		"model": "CP-8851", "hardwareVersion": "", "softwareVersion": "11.3.1", "address": "192.0.2.7", "tags": []any{}, "group": "acme",
		"firstSeen": "2030-01-02T03:04:05Z", "lastInform": "2030-01-02T03:04:05Z", "online": true, "state": "online", "revision": 1.0,
		"connectionRequestURL": "", "informInterval": 300.0, "lastBoot": nil, "lastBootstrap": nil,
		"events": []any{map[string]any{"code": "1 BOOT", "at": "2030-01-02T03:04:05Z"}}, "parameterKey": "", "indexed": map[string]any{},
		"alarms": []any{}, "cwmpVersion": "", "quarantined": false, "retryCount": 0.0,
		"pack": "", "provisioning": map[string]any{
			"state": "none", "wanted": "", "heldCurrent": false, "changedAt": nil, "lastFetch": nil, "file": "", "userAgent": "", "problem": "",
			"managed": false, "drifted": 0.0, "driftedSince": nil, "stuck": "", "nextTry": nil,
		},
	}
	if diff := cmp.Diff(want, as[map[string]any](a)); diff != "" {
		t.Error(diff)
	}
	if a.header.Get("ETag") != `"r1"` || a.header.Get("X-Request-Id") == "" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", a.header)
	}
	h.clock.advance(2 * time.Hour)
	if as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.viewer, "")).Online {
		t.Error("the device is online for ever")
	}
}

func TestADeviceIsAddedByMACOrByIdentity(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/api/v1/devices", h.operator,
		`{"mac":"00-15-65-AA-BB-01","tags":["new"],"group":"acme/site","model":"T54W","cwmpUsername":"phone1","cwmpPassword":"hunter2hunter2"}`).want(http.StatusCreated)
	d := as[api.Device](a)
	if d.MAC != "00:15:65:aa:bb:01" || d.Group != "acme/site" || d.FirstSeen != nil || d.Online || a.header.Get("Location") != "/api/v1/devices/"+d.ID {
		t.Errorf("added %s at %s", a.body, a.header.Get("Location"))
	}
	h.do(http.MethodGet, a.header.Get("Location"), h.viewer, "").want(http.StatusOK)
	stored, err := h.store.Credentials().Credential(t.Context(), "phone1")
	check(t, err)
	password, err := h.keeper.Open(stored.Password, device.CredentialOwner("phone1"))
	check(t, err)
	if string(stored.Device) != d.ID || password.Reveal() != "hunter2hunter2" {
		t.Error("the credential is not the device's")
	}
	if strings.Contains(string(a.body), "hunter2") {
		t.Error("the answer tells the password")
	}
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01"}`).problem(http.StatusConflict, "duplicate")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb02","cwmpUsername":"phone1","cwmpPassword":"x"}`).problem(http.StatusConflict, "duplicate")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"oui":"00562b","productClass":"CP","serialNumber":"S-1"}`).want(http.StatusCreated)
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"oui":"00562B","productClass":"CP","serialNumber":"S-1"}`).problem(http.StatusConflict, "duplicate")
}

func TestBadDevicesNameTheField(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("x", 65)
	for body, location := range map[string]string{
		`{}`:                                             "body",
		`{"tags":["a"]}`:                                 "body",
		`{"mac":"0015"}`:                                 "body.mac",
		`{"mac":"000000000000"}`:                         "body.mac",
		`{"mac":5}`:                                      "body.mac",
		`{"oui":"12"}`:                                   "body.oui",
		`{"oui":"00562B"}`:                               "body.serialNumber",
		`{"serialNumber":"1"}`:                           "body.oui",
		`{"mac":"001565aabb01","x":1}`:                   "body.x",
		`{"mac":"001565aabb01","tags":["a",""]}`:         "body.tags[1]",
		`{"mac":"001565aabb01","tags":["a","a"]}`:        "body.tags[1]",
		`{"mac":"001565aabb01","tags":[7]}`:              "body.tags[0]",
		`{"mac":"001565aabb01","tags":["` + long + `"]}`: "body.tags[0]",
		`{"mac":"001565aabb01","group":"/a"}`:            "body.group",
		`{"mac":"001565aabb01","group":"a//b"}`:          "body.group",
		`{"mac":"001565aabb01","model":"a\nb"}`:          "body.model",
		`{"mac":"001565aabb01","cwmpUsername":"u"}`:      "body.cwmpPassword",
		`{"mac":"001565aabb01","cwmpPassword":"p"}`:      "body.cwmpUsername",
		`{"mac":"001565aabb01","cwmpUsername":"a:b","cwmpPassword":"p"}`: "body.cwmpUsername",
	} {
		h.do(http.MethodPost, "/api/v1/devices", h.operator, body).invalid(location)
	}
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":`).problem(http.StatusBadRequest, "malformed")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, "").problem(http.StatusBadRequest, "malformed")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01"}`, "Content-Type", "text/xml").problem(http.StatusUnsupportedMediaType, "unsupported-media-type")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"model":"`+strings.Repeat("x", 70<<10)+`"}`).problem(http.StatusRequestEntityTooLarge, "too-large")
}

func TestAPatchChangesWhatItNamesAndNothingElse(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/devices/" + string(h.phone("1", "acme"))
	a := h.do(http.MethodPatch, path, h.operator, `{"tags":["b","a"],"mac":"001565aabb01"}`, "If-Match", `"r1"`, "Content-Type", "application/merge-patch+json").want(http.StatusOK)
	d := as[api.Device](a)
	if !cmp.Equal(d.Tags, []string{"b", "a"}) || d.MAC != "00:15:65:aa:bb:01" || d.Group != "acme" || d.Revision != 2 || a.header.Get("ETag") != `"r2"` {
		t.Errorf("changed to %s", a.body)
	}
	h.do(http.MethodPatch, path, h.operator, `{"tags":[]}`, "If-Match", `"r1"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	h.do(http.MethodPatch, path, h.operator, `{"group":"acme/x"}`, "If-Match", `"r1", "r2"`).want(http.StatusOK)
	d = as[api.Device](h.do(http.MethodPatch, path, h.operator, `{"tags":null,"group":null,"mac":null,"model":null}`, "If-Match", "*").want(http.StatusOK))
	if len(d.Tags) != 0 || d.Group != "" || d.MAC != "" || d.Model != "" || d.SerialNumber != "1" {
		t.Errorf("null left %+v", d)
	}
	for body, location := range map[string]string{
		`{"tags":"a"}`: "body.tags", `{"serialNumber":"2"}`: "body.serialNumber", `{"mac":"x"}`: "body.mac", `{"group":"a/ b"}`: "body.group",
		`{"cwmpPassword":"x"}`: "body.cwmpUsername", `{"model":3}`: "body.model",
	} {
		h.do(http.MethodPatch, path, h.operator, body).invalid(location)
	}
	other := "/api/v1/devices/" + string(h.phone("2", ""))
	h.do(http.MethodPatch, other, h.operator, `{"mac":"001565aabb09"}`).want(http.StatusOK)
	h.do(http.MethodPatch, path, h.operator, `{"mac":"001565aabb09"}`).problem(http.StatusConflict, "duplicate")
}

func TestAPatchReplacesAndRemovesTheCredential(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/devices/" + string(h.phone("1", ""))
	h.do(http.MethodPatch, path, h.operator, `{"cwmpUsername":"old","cwmpPassword":"one"}`).want(http.StatusOK)
	h.do(http.MethodPatch, path, h.operator, `{"cwmpUsername":"new","cwmpPassword":"two"}`).want(http.StatusOK)
	for name, want := range map[string]bool{"old": false, "new": true} {
		if _, err := h.store.Credentials().Credential(t.Context(), name); (err == nil) != want {
			t.Errorf("credential %s: %v", name, err)
		}
	}
	h.do(http.MethodPatch, path, h.operator, `{"cwmpUsername":null,"cwmpPassword":null}`).want(http.StatusOK)
	if _, err := h.store.Credentials().Credential(t.Context(), "new"); err == nil {
		t.Error("the credential stays")
	}
}

func TestADeletedDeviceIsGoneWithItsTasks(t *testing.T) {
	h := newHouse(t)
	id := string(h.phone("1", ""))
	task := as[api.Task](h.do(http.MethodPost, "/api/v1/devices/"+id+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted))
	h.do(http.MethodDelete, "/api/v1/devices/"+id, h.operator, "").want(http.StatusNoContent)
	h.do(http.MethodGet, "/api/v1/devices/"+id, h.operator, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodDelete, "/api/v1/devices/"+id, h.operator, "").problem(http.StatusNotFound, "not-found")
	if state := as[api.Task](h.do(http.MethodGet, "/api/v1/tasks/"+task.ID, h.operator, "").want(http.StatusOK)).State; state != "cancelled" {
		t.Errorf("its task is %s", state)
	}
}

func TestDevicesAreListedByFilterOrderAndPage(t *testing.T) {
	h := newHouse(t)
	for _, serial := range []string{"A", "C", "B"} {
		h.phone(serial, "acme")
	}
	h.phone("Z", "other")
	q := func(pairs ...string) string {
		v := url.Values{}
		for i := 0; i < len(pairs); i += 2 {
			v.Set(pairs[i], pairs[i+1])
		}
		return "/api/v1/devices?" + v.Encode()
	}
	first := as[api.Page[api.Device]](h.do(http.MethodGet, q("filter", `group = "acme" AND lastInform > -1h`, "orderBy", "serialNumber desc", "pageSize", "2"), h.viewer, "").want(http.StatusOK))
	second := as[api.Page[api.Device]](h.do(http.MethodGet, q("filter", `group = "acme" AND lastInform > -1h`, "orderBy", "serialNumber desc", "pageSize", "2", "pageToken", first.NextPageToken), h.viewer, "").want(http.StatusOK))
	var serials []string
	for _, d := range append(first.Items, second.Items...) {
		serials = append(serials, d.SerialNumber)
	}
	if !cmp.Equal(serials, []string{"C", "B", "A"}) || *first.TotalSize != 3 || second.NextPageToken != "" {
		t.Errorf("listed %v of %d", serials, *first.TotalSize)
	}
	empty := h.do(http.MethodGet, q("filter", "nobody"), h.viewer, "").want(http.StatusOK)
	if got := strings.TrimSpace(string(empty.body)); got != `{"items":[],"nextPageToken":"","totalSize":0}` {
		t.Errorf("an empty list is %s", got)
	}
	wrong := h.do(http.MethodGet, q("filter", `model = "x" AND colour = "red"`), h.viewer, "").invalid("query.filter")
	if wrong.Position == nil || *wrong.Position != 16 {
		t.Errorf("the position is %v", wrong.Position)
	}
	h.do(http.MethodGet, q("orderBy", "colour"), h.viewer, "").invalid("query.orderBy")
	h.do(http.MethodGet, q("pageSize", "1001"), h.viewer, "").invalid("query.pageSize")
	h.do(http.MethodGet, q("pageSize", "0"), h.viewer, "").invalid("query.pageSize")
	h.do(http.MethodGet, q("pageSize", "many"), h.viewer, "").invalid("query.pageSize")
	h.do(http.MethodGet, q("pageToken", "x"), h.viewer, "").invalid("query.pageToken")
	h.do(http.MethodGet, q("orderBy", "model", "pageToken", first.NextPageToken), h.viewer, "").invalid("query.pageToken")
	h.do(http.MethodGet, q("filters", "x"), h.viewer, "").invalid("query.filters")
}

func TestParametersAreListedWithoutTheirSecrets(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "")
	yes, active := true, 2
	sealed, err := h.keeper.Seal(secretText("hunter2hunter2"), device.ParameterOwner(id, "Device.ManagementServer.Password"))
	check(t, err)
	observed := []device.Observation{
		{Path: "Device."}, {Path: "Device.ManagementServer.", Writable: new(bool)},
		{Path: "Device.ManagementServer.Password", Value: &device.Value{Sealed: sealed, Type: "xsd:string"}, Writable: &yes},
		{Path: "Device.ManagementServer.URL", Value: &device.Value{Text: "http://acs", Type: "xsd:string"}, Writable: &yes, Notification: &active},
		{Path: "Device.Unknown"},
	}
	check(t, h.store.Parameters().Observe(t.Context(), id, h.clock.Now(), observed))
	path := "/api/v1/devices/" + string(id) + "/parameters"
	a := h.do(http.MethodGet, path+"?path=Device.ManagementServer.", h.viewer, "").want(http.StatusOK)
	at := "2030-01-02T03:04:05Z"
	want := []any{
		map[string]any{"path": "Device.ManagementServer.", "value": nil, "type": "", "writable": false, "notification": nil, "updatedAt": at, "object": true},
		map[string]any{"path": "Device.ManagementServer.Password", "value": nil, "type": "xsd:string", "writable": true, "notification": nil, "updatedAt": at, "secret": true},
		map[string]any{"path": "Device.ManagementServer.URL", "value": "http://acs", "type": "xsd:string", "writable": true, "notification": 2.0, "updatedAt": at},
	}
	if diff := cmp.Diff(want, as[map[string]any](a)["items"]); diff != "" {
		t.Error(diff)
	}
	var paths []string
	token := ""
	for {
		page := as[api.Page[api.Parameter]](h.do(http.MethodGet, path+"?pageSize=2&pageToken="+token, h.viewer, "").want(http.StatusOK))
		if *page.TotalSize != len(observed) {
			t.Errorf("total %d", *page.TotalSize)
		}
		for _, p := range page.Items {
			paths = append(paths, p.Path)
		}
		if token = page.NextPageToken; token == "" {
			break
		}
	}
	if len(paths) != len(observed) {
		t.Errorf("paged through %v", paths)
	}
	h.do(http.MethodGet, path+"?path=a..b", h.viewer, "").invalid("query.path")
	h.do(http.MethodGet, path+"?pageToken=x", h.viewer, "").invalid("query.pageToken")
}

func TestACallSaysWhetherTheDeviceWasReached(t *testing.T) {
	h := newHouse(t)
	path := "/api/v1/devices/" + string(h.phone("1", "")) + "/connectionRequest"
	for _, result := range []api.WakeResult{{Reached: true, Method: "http"}, {Method: "http", Detail: "connection refused"}} {
		h.waker.result = result
		call := as[api.Call](h.do(http.MethodPost, path, h.operator, "").want(http.StatusOK))
		if call.Reached != result.Reached || call.Method != result.Method || call.Detail != result.Detail {
			t.Errorf("told %+v of %+v", call, result)
		}
	}
	h.waker.err = errBroken
	p := h.do(http.MethodPost, path, h.operator, "").problem(http.StatusInternalServerError, "internal")
	if raw, _ := json.Marshal(p); strings.Contains(string(raw), "fire") || !strings.Contains(h.log.String(), "disk on fire") {
		t.Error("the client is told what the log should be, or the log is not")
	}
}
