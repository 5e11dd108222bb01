package api_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestABulkEditChangesTheDevicesOfItsScope(t *testing.T) {
	h := newHouse(t)
	south, north := h.phone("1", "acme/south"), h.phone("2", "acme/north")
	body := `{"filter":"*","addTags":["vip"],"removeTags":["old"],"group":"acme/south/site"}`
	dry := as[api.DryRun](h.do(http.MethodPost, "/api/v1/devices/bulk", h.south, strings.Replace(body, `{`, `{"dryRun":true,`, 1)).want(http.StatusOK))
	if !dry.DryRun || dry.Matched != 1 || len(dry.Sample) != 1 || dry.Sample[0].ID != string(south) {
		t.Errorf("dry run %+v", dry)
	}
	s := h.follow("?kinds=device", h.viewer)
	a := h.do(http.MethodPost, "/api/v1/devices/bulk", h.south, body).want(http.StatusAccepted)
	begun := as[api.Bulk](a)
	if begun.Kind != "editDevices" || begun.State != "running" || begun.UniqueKey != "" || a.header.Get("Location") != "/api/v1/tasks/bulk/"+begun.ID {
		t.Errorf("begun as %s", a.body)
	}
	args := map[string]any{"addTags": []any{"vip"}, "removeTags": []any{"old"}, "group": "acme/south/site"}
	if diff := cmp.Diff(any(args), begun.Args); diff != "" {
		t.Error(diff)
	}
	check(t, h.bulks.RunOnce(t.Context()))
	s.want("device", `"tags":["vip"]`)
	ended := as[api.Bulk](h.do(http.MethodGet, a.header.Get("Location"), h.south, "").want(http.StatusOK))
	if ended.State != "finished" || ended.Queued != 1 {
		t.Errorf("ended as %+v", ended)
	}
	d := as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(south), h.south, ""))
	if d.Group != "acme/south/site" || !slices.Equal(d.Tags, []string{"vip"}) {
		t.Errorf("the device is %+v", d)
	}
	if d := as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(north), h.viewer, "")); len(d.Tags) != 0 || d.Group != "acme/north" {
		t.Errorf("the device of others is %+v", d)
	}
	h.do(http.MethodPost, "/api/v1/devices/bulk", h.viewer, body).problem(http.StatusForbidden, "forbidden")
}

func TestABulkEditCanBeCancelled(t *testing.T) {
	h := newHouse(t)
	id := h.phone("1", "acme/south")
	a := h.do(http.MethodPost, "/api/v1/devices/bulk", h.operator, `{"filter":"*","group":null}`).want(http.StatusAccepted)
	if got := as[api.Bulk](a).Args; !cmp.Equal(got, any(map[string]any{"group": ""})) {
		t.Errorf("begun with %v", got)
	}
	h.do(http.MethodPost, a.header.Get("Location")+"/cancel", h.south, "").problem(http.StatusNotFound, "not-found")
	if got := as[api.Bulk](h.do(http.MethodPost, a.header.Get("Location")+"/cancel", h.operator, "").want(http.StatusOK)); got.State != "cancelled" || got.Kind != "editDevices" {
		t.Errorf("cancelled as %+v", got)
	}
	check(t, h.bulks.RunOnce(t.Context()))
	if d := as[api.Device](h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.viewer, "")); d.Group != "acme/south" {
		t.Errorf("the device was moved to %q", d.Group)
	}
}

func TestWhoMayMakeABulkMayCancelIt(t *testing.T) {
	h := newHouse(t)
	mover := h.token(h.role("mover", users.ReadDevices, users.WriteDevices), "")
	starter := h.token(h.role("starter", users.ReadDevices, users.WriteTasks), "")
	for path, c := range map[string]struct{ body, may, mayNot, lacks string }{
		"/api/v1/devices/bulk": {`{"filter":"*","addTags":["x"]}`, mover, starter, "devices.write"},
		"/api/v1/tasks/bulk":   {`{"filter":"*","kind":"reboot"}`, starter, mover, "tasks.write"},
	} {
		cancel := h.do(http.MethodPost, path, c.may, c.body).want(http.StatusAccepted).header.Get("Location") + "/cancel"
		if p := h.do(http.MethodPost, cancel, c.mayNot, "").problem(http.StatusForbidden, "forbidden"); !strings.Contains(p.Detail, c.lacks) {
			t.Errorf("%s: the problem is %q", path, p.Detail)
		}
		h.do(http.MethodPost, cancel, h.viewer, "").problem(http.StatusForbidden, "forbidden")
		h.do(http.MethodPost, cancel, c.may, "").want(http.StatusOK)
	}
}

func TestBadBulkEditsNameTheField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"addTags":["a"]}`:                                               "body.filter",
		`{"filter":" ","addTags":["a"]}`:                                  "body.filter",
		`{"filter":"color = red","addTags":["a"]}`:                        "body.filter",
		`{"filter":"*"}`:                                                  "body",
		`{"filter":"*","addTags":[]}`:                                     "body",
		`{"filter":"*","addTags":["a",""]}`:                               "body.addTags[1]",
		`{"filter":"*","removeTags":[" a"]}`:                              "body.removeTags[0]",
		`{"filter":"*","addTags":["a"],"removeTags":["a"]}`:               "body.removeTags[0]",
		`{"filter":"*","addTags":["a"],"removeTags":["a"],"dryRun":true}`: "body.removeTags[0]",
		`{"filter":"*","group":"acme//x"}`:                                "body.group",
		`{"filter":"*","group":"acme/north"}`:                             "body.group",
		`{"filter":"*","group":null}`:                                     "body.group",
		`{"filter":"*","addTags":["a"],"model":"x"}`:                      "body.model",
	} {
		h.do(http.MethodPost, "/api/v1/devices/bulk", h.south, body).invalid(location)
	}
	if open, err := h.store.Bulks().OpenBulks(t.Context(), 10); err != nil || len(open) != 0 {
		t.Errorf("%d were begun all the same (%v)", len(open), err)
	}
}

func TestABulkEditMakesTheGroupForWhoMayMakeGroups(t *testing.T) {
	h := newHouse(t)
	h.phone("1", "acme/south")
	mover := h.token(h.role("mover", users.ReadDevices, users.WriteDevices), "")
	const body = `{"filter":"*","group":"acme/new/site"}`
	h.do(http.MethodPost, "/api/v1/devices/bulk", h.operator, `{"filter":"*","group":"acme/new/site","dryRun":true}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/devices/bulk", mover, body).invalid("body.group")
	if _, err := h.store.Groups().Group(t.Context(), "acme/new/site"); !errors.Is(err, device.ErrNotFound) {
		t.Errorf("the group was made: %v", err)
	}
	h.do(http.MethodPost, "/api/v1/devices/bulk", h.operator, body).want(http.StatusAccepted)
	if _, err := h.store.Groups().Group(t.Context(), "acme/new/site"); err != nil {
		t.Error(err)
	}
	h.do(http.MethodPost, "/api/v1/devices/bulk", mover, body).want(http.StatusAccepted)
}
