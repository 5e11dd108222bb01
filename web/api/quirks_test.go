package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestAnOperatorsQuirkProfileIsInForceAndSaysWhy(t *testing.T) {
	h := newHouse(t)
	id := h.phone("FCH1", "acme/south")
	behaviour := func() api.DeviceBehaviour {
		return as[api.DeviceBehaviour](h.do(http.MethodGet, "/api/v1/devices/"+string(id)+"/behaviour", h.viewer, "").want(http.StatusOK))
	}
	if b := behaviour(); !b.Behaviour.NoDiagnosticsEvent || len(b.Profiles) != 2 || !b.Profiles[0].BuiltIn {
		t.Errorf("built in: %+v", b)
	}
	const own = `{"name":"Few names","devices":{"productClass":"CP-8851*"},"behaviour":{"getParameterValuesNames":9,"noDiagnosticsEvent":false}}`
	a := h.do(http.MethodPut, "/api/v1/quirkProfiles/own", h.admin, own).want(http.StatusOK)
	p := as[api.QuirkProfile](a)
	if said := p.Behaviour["noDiagnosticsEvent"]; said != false || p.Revision != 1 || p.BuiltIn || len(p.Behaviour) != 2 {
		t.Errorf("stored %s", a.body)
	}
	if b := behaviour(); b.Behaviour.NoDiagnosticsEvent || b.Behaviour.GetParameterValuesNames != 9 || strings.Join(b.Profiles[2].Decides, " ") != "getParameterValuesNames noDiagnosticsEvent" {
		t.Errorf("with an own one: %+v", b)
	}
	h.do(http.MethodPut, "/api/v1/quirkProfiles/own", h.admin, own, "If-Match", `"r7"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	h.do(http.MethodPut, "/api/v1/quirkProfiles/own", h.admin, own, "If-Match", a.header.Get("ETag")).want(http.StatusOK)
	h.do(http.MethodDelete, "/api/v1/quirkProfiles/own", h.admin, "").want(http.StatusNoContent)
	if b := behaviour(); !b.Behaviour.NoDiagnosticsEvent {
		t.Errorf("after it is deleted: %+v", b)
	}
}

func TestABuiltInQuirkProfileIsReplacedAndNotDeleted(t *testing.T) {
	h := newHouse(t)
	h.do(http.MethodDelete, "/api/v1/quirkProfiles/cisco-mpp-transfers", h.admin, "").problem(http.StatusConflict, "state")
	h.do(http.MethodPut, "/api/v1/quirkProfiles/cisco-mpp-transfers", h.admin, `{"name":"Off","disabled":true,"devices":{"oui":"*"},"behaviour":{}}`).want(http.StatusOK)
	p := as[api.QuirkProfile](h.do(http.MethodGet, "/api/v1/quirkProfiles/cisco-mpp-transfers", h.admin, ""))
	if !p.Replaces || p.BuiltIn || !p.Disabled {
		t.Errorf("shown as %+v", p)
	}
	h.do(http.MethodDelete, "/api/v1/quirkProfiles/cisco-mpp-transfers", h.admin, "").want(http.StatusNoContent)
	if p := as[api.QuirkProfile](h.do(http.MethodGet, "/api/v1/quirkProfiles/cisco-mpp-transfers", h.admin, "")); !p.BuiltIn {
		t.Errorf("shown as %+v", p)
	}
}

func TestAQuirkProfileThatCannotBeIsRefusedByItsField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"name":"x","devices":{},"behaviour":{}}`:                                              "body.devices",
		`{"name":"x","devices":{"oui":"*"},"behaviour":{"busyFaults":[1]}}`:                     "body.behaviour.busyFaults[0]",
		`{"name":"x","devices":{"oui":"*"},"behaviour":{"types":{"*":"int"}}}`:                  "body.behaviour.types.*",
		`{"name":"x","devices":{"oui":"*"},"behaviour":{"getParameterValuesNames":1000000000}}`: "body.behaviour.getParameterValuesNames",
	} {
		a := h.do(http.MethodPut, "/api/v1/quirkProfiles/own", h.admin, body)
		a.problem(http.StatusUnprocessableEntity, "invalid")
		if !strings.Contains(string(a.body), `"location":"`+location+`"`) {
			t.Errorf("%s: %s", body, a.body)
		}
	}
	h.do(http.MethodPut, "/api/v1/quirkProfiles/Own", h.admin, `{"name":"x","devices":{"oui":"*"},"behaviour":{}}`).problem(http.StatusUnprocessableEntity, "invalid")
}

func TestAnOperatorApprovesADeviceAndClearsItsAlarms(t *testing.T) {
	h := newHouse(t)
	id := h.phone("FCH1", "acme/south")
	check(t, h.store.Sessions().RaiseAlarm(t.Context(), id, device.RaisedAlarm{Kind: device.AlarmIdentityClash, Detail: "somebody else"}, h.clock.Now()))
	path := "/api/v1/devices/" + string(id)
	h.do(http.MethodPatch, path, h.operator, `{"quarantined":true}`).want(http.StatusOK)
	list := h.do(http.MethodGet, "/api/v1/devices?filter=quarantined%20alarms%3AidentityClash", h.viewer, "").want(http.StatusOK)
	if !strings.Contains(string(list.body), string(id)) {
		t.Errorf("not listed: %s", list.body)
	}
	h.do(http.MethodPatch, path, h.operator, `{"clearAlarms":["fire"]}`).problem(http.StatusUnprocessableEntity, "invalid")
	d := as[api.Device](h.do(http.MethodPatch, path, h.operator, `{"quarantined":false,"clearAlarms":["identityClash"]}`).want(http.StatusOK))
	if d.Quarantined || len(d.Alarms) != 0 {
		t.Errorf("still %+v", d)
	}
	h.do(http.MethodPatch, path, h.viewer, `{"quarantined":true}`).problem(http.StatusForbidden, "forbidden")
}
