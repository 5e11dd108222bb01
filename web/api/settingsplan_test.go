package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestAPlanSaysWhatAChangeWouldDoAndStoresNothing(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	h.group("acme/north")
	var ids []device.ID
	for i := range 5 {
		ids = append(ids, h.acmePhone(fmt.Sprintf("0a:0b:0c:00:00:%02x", i+1), "A1", []string{"acme/south", "acme/north"}[i%2]))
	}
	h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"account.1.user","value":"100"},{"path":"network.vlan.voice.id","value":7,"locked":true}]}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+string(ids[0])+"/settings", h.operator, `{"set":[{"path":"account.1.registrar","value":"own.example"}]}`).want(http.StatusOK)
	change := `"set":[{"path":"account.1.registrar","value":"new.example"},{"path":"network.vlan.voice.id","value":9},{"path":"account.1.password","value":"sesame open"}]`
	p := as[api.SettingsPlan](h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, `{"level":{"kind":"group","id":"acme/south"},`+change+`,"names":2}`).want(http.StatusOK))
	if p.Devices != 3 || p.Changed != 3 || len(p.Names) != 2 || !p.Truncated || len(p.ByGroup) != 1 || p.ByGroup[0].Name != "acme/south" {
		t.Errorf("the plan is %+v", p)
	}
	if p.Unreached.Overridden != 1 || p.Unreached.Refused != 3 || len(p.Unreached.Places) != 2 || !p.Unreached.Truncated {
		t.Errorf("unreached is %+v", p.Unreached)
	}
	if l := as[api.SettingsLevel](h.do(http.MethodGet, "/api/v1/groups/acme%2Fsouth/settings", h.operator, "")); l.Revision != 0 {
		t.Errorf("the plan stored %+v", l)
	}
	if p := as[api.SettingsPlan](h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, `{"level":{"kind":"global"},`+change+`}`).want(http.StatusOK)); p.Devices != 5 || p.Changed != 5 {
		t.Errorf("the plan of all is %+v", p)
	}
	a := h.do(http.MethodPost, "/api/v1/devices/"+string(ids[2])+"/settings/plan", h.operator, `{"level":{"kind":"group","id":"acme/south"},`+change+`}`).want(http.StatusOK)
	d := as[api.DevicePlan](a)
	if len(d.Files) != 1 || d.Files[0].Name != "0a0b0c000003.cfg" || !strings.Contains(d.Files[0].Difference, "+account.1.registrar = new.example\n") || d.Files[0].Problem != "" {
		t.Errorf("the differences are %s", a.body)
	}
	if strings.Contains(string(a.body), "sesame") || !strings.Contains(d.Files[0].Difference, "+account.1.password = ********\n") {
		t.Errorf("the differences are %s", a.body)
	}
	// A group that the device is not in, and its own level.
	if d := as[api.DevicePlan](h.do(http.MethodPost, "/api/v1/devices/"+string(ids[1])+"/settings/plan", h.operator, `{"level":{"kind":"group","id":"acme/south"},`+change+`}`).want(http.StatusOK)); len(d.Files) != 0 {
		t.Errorf("another group changes %+v", d.Files)
	}
	if d := as[api.DevicePlan](h.do(http.MethodPost, "/api/v1/devices/"+string(ids[1])+"/settings/plan", h.operator, `{`+change+`}`).want(http.StatusOK)); len(d.Files) != 1 {
		t.Errorf("its own level changes %+v", d.Files)
	}
}

func TestAPlanOfADeviceThatMoves(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	h.do(http.MethodPatch, "/api/v1/groups/acme%2Fsouth/settings", h.operator, `{"set":[{"path":"account.1.user","value":"200"}]}`).want(http.StatusOK)
	move := `{"device":{"id":"` + string(id) + `","group":"acme/south"}}`
	if p := as[api.SettingsPlan](h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, move).want(http.StatusOK)); p.Devices != 1 || p.Changed != 1 {
		t.Errorf("the plan is %+v", p)
	}
	d := as[api.DevicePlan](h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/settings/plan", h.operator, move).want(http.StatusOK))
	if len(d.Files) != 1 || !strings.Contains(d.Files[0].Difference, "+account.1.user = 200\n") {
		t.Errorf("the differences are %+v", d.Files)
	}
	// A secret that is yet to be made is not made for a plan.
	h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, `{"level":{"kind":"device","id":"`+string(id)+`"},"set":[{"path":"admin.password","value":"auto"}]}`).want(http.StatusOK)
	levels, err := h.store.Levels().Levels(t.Context(), []provisioners.LevelKey{{Kind: provisioners.GeneratedLevel, ID: string(id)}})
	if err != nil || len(levels) != 0 {
		t.Errorf("a plan made %v (%v)", levels, err)
	}
}

func TestAPlanThatCannotBeIsRefused(t *testing.T) {
	h := newHouse(t)
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "")
	for body, location := range map[string]string{
		`{}`: "body",
		`{"level":{"kind":"global"},"pack":{"name":"acme","version":"builtIn"}}`:    "body",
		`{"level":{"kind":"pack","id":"acme"}}`:                                     "body.level.kind",
		`{"level":{"kind":"global"},"set":[{"path":"account.1.port","value":"x"}]}`: "body.set[account.1.port].value",
		`{"device":{"id":"` + string(id) + `","group":"/"}}`:                        "body.group",
	} {
		h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, body).invalid(location)
	}
	other := h.acmePhone("0a:0b:0c:00:00:02", "A1", "")
	h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/settings/plan", h.operator, `{"level":{"kind":"device","id":"`+string(other)+`"}}`).invalid("body")
	h.do(http.MethodPost, "/api/v1/settings/plan", h.operator, `{"pack":{"name":"acme","version":"000000000000"}}`).problem(http.StatusNotFound, "not-found")
	// Who may only read could try secrets out.
	h.do(http.MethodPost, "/api/v1/settings/plan", h.viewer, `{"level":{"kind":"global"}}`).problem(http.StatusForbidden, "forbidden")
}
