package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

const revealedPassword = "correct-horse-battery"

// secretPhone stores a device with a parameter that is secret, one that is not,
// and one of which no value is known.
func (h *house) secretPhone(group string) (id device.ID, path string) {
	h.t.Helper()
	id, path = h.phone("secret", group), "Device.ManagementServer.Password"
	sealed, err := h.keeper.Seal(secretText(revealedPassword), device.ParameterOwner(id, path))
	check(h.t, err)
	yes := true
	check(h.t, h.store.Parameters().Observe(h.t.Context(), id, h.clock.Now(), []device.Observation{
		{Path: path, Value: &device.Value{Sealed: sealed, Type: "xsd:string"}},
		{Path: "Device.Time.NTPServer1", Value: &device.Value{Text: "pool.ntp.org"}},
		{Path: "Device.ManagementServer.ConnectionRequestPassword", Writable: &yes},
	}))
	return id, path
}

func TestASecretIsRevealedToWhoMayAndTheAuditLogSaysSo(t *testing.T) {
	h := newHouse(t)
	id, path := h.secretPhone("acme/south")
	url := "/api/v1/devices/" + string(id) + "/parameters/reveal"
	for token, who := range map[string]string{h.admin: "admin", h.southAdmin: "admin of the group"} {
		a := h.do(http.MethodPost, url, token, `{"path":"`+path+`"}`).want(http.StatusOK)
		if got := as[api.PlainParameter](a); got != (api.PlainParameter{Path: path, Value: revealedPassword}) || a.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s is answered %s", who, a.body)
		}
	}
	entries, err := h.store.Audit().Audit(t.Context(), users.AuditList{Limit: 10})
	check(t, err)
	if len(entries) != 2 {
		t.Fatalf("%d entries", len(entries))
	}
	for _, e := range entries {
		if e.Action != "revealParameter" || e.Target != "device/"+string(id) || e.Outcome != http.StatusOK || e.Detail != path {
			t.Errorf("entry %+v", e)
		}
		if strings.Contains(e.Detail+e.Before+e.After+e.Target, revealedPassword) {
			t.Errorf("the value is in the entry %+v", e)
		}
	}
	if strings.Contains(h.log.String(), revealedPassword) {
		t.Error("the value is in the log")
	}
	if got := as[api.PlainParameter](h.do(http.MethodPost, url, h.admin, `{"path":"Device.Time.NTPServer1"}`).want(http.StatusOK)); got.Value != "pool.ntp.org" {
		t.Errorf("revealed %+v", got)
	}
}

func TestASecretIsNotRevealedToOthers(t *testing.T) {
	h := newHouse(t)
	id, path := h.secretPhone("acme/north")
	url, body := "/api/v1/devices/"+string(id)+"/parameters/reveal", `{"path":"`+path+`"}`
	var all strings.Builder
	for _, token := range []string{h.viewer, h.operator, h.south} {
		a := h.do(http.MethodPost, url, token, body)
		a.problem(http.StatusForbidden, "forbidden")
		all.Write(a.body)
	}
	a := h.do(http.MethodPost, url, h.southAdmin, body)
	a.problem(http.StatusNotFound, "not-found")
	all.Write(a.body)
	if strings.Contains(all.String()+h.log.String(), revealedPassword) {
		t.Error("the value is told")
	}
	if entries, err := h.store.Audit().Audit(t.Context(), users.AuditList{Limit: 10}); err != nil || len(entries) != 4 {
		t.Errorf("%d entries of 4 attempts (%v)", len(entries), err)
	}
}

func TestWhatIsNotKnownIsNotRevealed(t *testing.T) {
	h := newHouse(t)
	id, path := h.secretPhone("")
	url := "/api/v1/devices/" + string(id) + "/parameters/reveal"
	for _, unknown := range []string{"Device.ManagementServer.ConnectionRequestPassword", "Device.Nothing", "Device.ManagementServer.Pass"} {
		h.do(http.MethodPost, url, h.admin, `{"path":"`+unknown+`"}`).problem(http.StatusNotFound, "not-found")
	}
	for _, bad := range []string{"Device.ManagementServer.", "Device..X", "a b"} {
		h.do(http.MethodPost, url, h.admin, `{"path":"`+bad+`"}`).invalid("body.path")
	}
	// What another key or another device sealed cannot be opened; why is not told.
	sealed, err := h.keeper.Seal(secretText(revealedPassword), "somebody else")
	check(t, err)
	check(t, h.store.Parameters().Observe(t.Context(), id, h.clock.Now(), []device.Observation{{Path: path, Value: &device.Value{Sealed: sealed}}}))
	a := h.do(http.MethodPost, url, h.admin, `{"path":"`+path+`"}`)
	a.problem(http.StatusInternalServerError, "internal")
	if strings.Contains(string(a.body), path) || strings.Contains(h.log.String(), revealedPassword) {
		t.Errorf("answered %s", a.body)
	}
}

// fullAudit is an audit log that takes nothing.
type fullAudit struct{ api.Audit }

func (fullAudit) Append(context.Context, users.AuditEntry) error { return errBroken }

func TestNoSecretIsRevealedThatTheAuditLogDoesNotKnowOf(t *testing.T) {
	h := newHouse(t, func(o *api.Options) { o.Audit = fullAudit{o.Audit} })
	id, path := h.secretPhone("")
	a := h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/parameters/reveal", h.admin, `{"path":"`+path+`"}`)
	a.problem(http.StatusServiceUnavailable, "unavailable")
	if strings.Contains(string(a.body), revealedPassword) {
		t.Errorf("answered %s", a.body)
	}
}
