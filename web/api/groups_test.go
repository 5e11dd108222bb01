package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// group makes a group.
func (h *house) group(path string) {
	h.t.Helper()
	h.do(http.MethodPost, "/api/v1/groups", h.operator, `{"path":"`+path+`"}`).want(http.StatusCreated)
}

func groupPath(path string) string { return "/api/v1/groups/" + url.PathEscape(path) }

func TestAGroupIsMadeWithThoseAboveIt(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/api/v1/groups", h.operator, `{"path":"acme/south/site 1","title":"Site","description":"One\nTwo"}`).want(http.StatusCreated)
	g := as[api.Group](a)
	if g.Path != "acme/south/site 1" || g.Name != "site 1" || g.Title != "Site" || g.Description != "One\nTwo" || g.HasChildren {
		t.Errorf("made %+v", g)
	}
	if location := a.header.Get("Location"); location != "/api/v1/groups/acme%2Fsouth%2Fsite%201" || as[api.Group](h.do(http.MethodGet, location, h.viewer, "").want(http.StatusOK)) != g {
		t.Errorf("it is at %s", location)
	}
	if e := h.newest(); e.Target != "group/acme/south/site 1" || string(e.After) != `{"description":"One\nTwo","title":"Site"}` {
		t.Errorf("the entry is %+v", e)
	}
	if got := names(h.do(http.MethodGet, "/api/v1/groups", h.viewer, "")); !slices.Equal(got, []string{"acmeacme", "southacme/south", "site 1acme/south/site 1"}) {
		t.Errorf("there are %q", got)
	}
	h.do(http.MethodPost, "/api/v1/groups", h.operator, `{"path":"acme/south"}`).problem(http.StatusConflict, "duplicate")
	for body, location := range map[string]string{
		`{"path":""}`: "body.path", `{"path":"a//b"}`: "body.path", `{"path":"/a"}`: "body.path", `{"path":"a","title":" x"}`: "body.title",
		`{"path":"a","description":"\u0007"}`: "body.description", `{"path":"` + strings.Repeat("a/", 16) + `a"}`: "body.path",
	} {
		h.do(http.MethodPost, "/api/v1/groups", h.operator, body).invalid(location)
	}
	h.do(http.MethodPost, "/api/v1/groups", h.viewer, `{"path":"b"}`).problem(http.StatusForbidden, "forbidden")
}

func TestGroupsAreListedByParentBySearchAndInPages(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"acme/south/a", "acme/south/b", "acme/north", "acme-x", "zeta"} {
		h.group(path)
	}
	paths := func(query, token string) (list []string) {
		for _, g := range as[api.Page[api.Group]](h.do(http.MethodGet, "/api/v1/groups"+query, token, "").want(http.StatusOK)).Items {
			list = append(list, g.Path)
		}
		return list
	}
	for _, c := range []struct {
		query, token string
		want         []string
	}{
		{"", h.admin, []string{"acme", "acme-x", "acme/north", "acme/south", "acme/south/a", "acme/south/b", "zeta"}},
		{"?parent=", h.admin, []string{"acme", "acme-x", "zeta"}},
		{"?parent=acme", h.admin, []string{"acme/north", "acme/south"}},
		{"?parent=acme/south&search=B", h.admin, []string{"acme/south/b"}},
		{"?search=south", h.admin, []string{"acme/south", "acme/south/a", "acme/south/b"}},
		{"?parent=nothing", h.admin, nil},
		// To who is limited, their group is what lies below the root.
		{"", h.south, []string{"acme/south", "acme/south/a", "acme/south/b"}},
		{"?parent=", h.south, []string{"acme/south"}},
		{"?parent=acme", h.south, []string{"acme/south"}},
		{"?parent=acme/south", h.south, []string{"acme/south/a", "acme/south/b"}},
		{"?search=north", h.south, nil},
	} {
		if got := paths(c.query, c.token); !slices.Equal(got, c.want) {
			t.Errorf("%q lists %q, want %q", c.query, got, c.want)
		}
	}
	first := as[api.Page[api.Group]](h.do(http.MethodGet, "/api/v1/groups?parent=&pageSize=2", h.admin, "").want(http.StatusOK))
	if !first.Items[0].HasChildren || first.Items[1].HasChildren || first.NextPageToken == "" {
		t.Errorf("the first page is %+v", first)
	}
	if got := paths("?parent=&pageSize=2&pageToken="+first.NextPageToken, h.admin); !slices.Equal(got, []string{"zeta"}) {
		t.Errorf("the second page is %q", got)
	}
	h.do(http.MethodGet, "/api/v1/groups?pageSize=2&pageToken="+first.NextPageToken, h.admin, "").invalid("query.pageToken")
}

func TestAGroupShowsHowItsDevicesAre(t *testing.T) {
	h := newHouse(t)
	h.group("acme/south")
	h.phone("1", "acme")
	h.phone("2", "acme/south")
	h.phone("3", "acme-x")
	h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01","group":"acme"}`).want(http.StatusCreated)
	g := as[api.GroupDetail](h.do(http.MethodGet, groupPath("acme"), h.viewer, "").want(http.StatusOK))
	if g.Devices != 3 || g.States[device.StateOnline] != 2 || g.States[device.StateNever] != 1 || g.States[device.StateLate]+g.States[device.StateOffline] != 0 || !g.HasChildren {
		t.Errorf("the group is %+v", g)
	}
}

func TestAGroupIsDeletedOnceNothingIsInIt(t *testing.T) {
	h := newHouse(t)
	h.group("acme/west/site")
	refused := func(path, has string) {
		t.Helper()
		if p := h.do(http.MethodDelete, groupPath(path), h.operator, "").problem(http.StatusConflict, "state"); !strings.Contains(p.Detail, has) {
			t.Errorf("%s: %s", path, p.Detail)
		}
	}
	refused("acme/west", "groups")
	phone := string(h.phone("1", "acme/west/site"))
	refused("acme/west/site", "devices")
	h.do(http.MethodDelete, "/api/v1/devices/"+phone, h.operator, "").want(http.StatusNoContent)
	h.user("anna", users.Viewer, "acme/west/site")
	refused("acme/west/site", "users")
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"scope":""}`).want(http.StatusOK)
	token := as[api.CreatedToken](h.do(http.MethodPost, "/api/v1/tokens", h.admin, `{"name":"x","role":"viewer","scope":"acme/west/site"}`).want(http.StatusCreated)).Token
	refused("acme/west/site", "tokens")
	h.do(http.MethodDelete, "/api/v1/tokens/"+token.ID, h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodPatch, groupPath("acme/west/site"), h.operator, `{"title":"The site"}`).want(http.StatusOK)
	if e := h.newest(); string(e.Before) != `{"title":""}` || string(e.After) != `{"title":"The site"}` {
		t.Errorf("the entry is %+v", e)
	}
	h.do(http.MethodDelete, groupPath("acme/west/site"), h.operator, "").want(http.StatusNoContent)
	if e := h.newest(); string(e.Before) != `{"description":"","title":"The site"}` || len(e.After) != 0 {
		t.Errorf("the entry is %+v", e)
	}
	h.do(http.MethodDelete, groupPath("acme/west/site"), h.operator, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodDelete, groupPath("acme/west"), h.operator, "").want(http.StatusNoContent)
}

func TestAGroupOutsideOfTheScopeDoesNotExist(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{"acme/south/a", "acme/southern", "acme/north"} {
		h.group(path)
	}
	for _, path := range []string{"acme", "acme/southern", "acme/north", "nothing"} {
		h.do(http.MethodGet, groupPath(path), h.south, "").problem(http.StatusNotFound, "not-found")
		h.do(http.MethodPatch, groupPath(path), h.south, `{"title":"x"}`).problem(http.StatusNotFound, "not-found")
		h.do(http.MethodDelete, groupPath(path), h.south, "").problem(http.StatusNotFound, "not-found")
		h.do(http.MethodPost, "/api/v1/groups", h.south, `{"path":"`+path+`"}`).invalid("body.path")
	}
	h.do(http.MethodPatch, groupPath("acme/south"), h.south, `{"title":"Mine"}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/groups", h.south, `{"path":"acme/south/b"}`).want(http.StatusCreated)
	h.do(http.MethodDelete, groupPath("acme/south/b"), h.south, "").want(http.StatusNoContent)
}

func TestTheGroupThatADeviceIsGivenIsMade(t *testing.T) {
	h := newHouse(t)
	h.role("installer", users.ReadDevices, users.WriteDevices)
	installer := h.token("installer", "")
	h.do(http.MethodPost, "/api/v1/devices", installer, `{"mac":"001565aabb01","group":"acme/site"}`).invalid("body.group")
	id := as[api.Device](h.do(http.MethodPost, "/api/v1/devices", h.operator, `{"mac":"001565aabb01","group":"acme/site"}`).want(http.StatusCreated)).ID
	for _, path := range []string{"acme", "acme/site"} {
		h.do(http.MethodGet, groupPath(path), h.viewer, "").want(http.StatusOK)
	}
	h.do(http.MethodPost, "/api/v1/devices", installer, `{"mac":"001565aabb02","group":"acme/site"}`).want(http.StatusCreated)
	h.do(http.MethodPost, "/api/v1/devices", installer, `{"mac":"001565aabb03"}`).want(http.StatusCreated)
	h.do(http.MethodPatch, "/api/v1/devices/"+id, installer, `{"group":"acme/new"}`).invalid("body.group")
	h.do(http.MethodPatch, "/api/v1/devices/"+id, installer, `{"group":null}`).want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+id, h.operator, `{"group":"acme/new"}`).want(http.StatusOK)
	h.do(http.MethodGet, groupPath("acme/new"), h.viewer, "").want(http.StatusOK)
	// A device that came with a group which nobody made can be changed all the same.
	stray := string(h.phone("1", "stray"))
	h.do(http.MethodPatch, "/api/v1/devices/"+stray, installer, `{"tags":["x"],"group":"stray"}`).want(http.StatusOK)
	// The group to which somebody is limited is theirs to have.
	limited := h.token("installer", "acme/limited")
	h.do(http.MethodPost, "/api/v1/devices", limited, `{"mac":"001565aabb04"}`).want(http.StatusCreated)
	h.do(http.MethodGet, groupPath("acme/limited"), h.viewer, "").want(http.StatusOK)
}
