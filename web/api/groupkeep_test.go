package api_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// racedGroups calls before in the middle of a DeleteGroup.
type racedGroups struct {
	groupStore
	before func()
}

// groupStore is api.Groups, which has a method of its own name.
type groupStore interface{ api.Groups }

func (g *racedGroups) DeleteGroup(ctx context.Context, path string) error {
	g.before()
	return g.groupStore.DeleteGroup(ctx, path)
}

func TestAGroupIntoWhichSomethingIsPutAsItIsDeletedStays(t *testing.T) {
	groups := &racedGroups{}
	h := newHouse(t, func(o *api.Options) {
		groups.groupStore = o.Groups
		o.Groups = groups
	})
	for has, put := range map[string]func(group string){
		"devices": func(group string) { h.phone("1", group) },
		"groups": func(group string) {
			check(t, h.store.Groups().PutGroup(t.Context(), device.Group{Path: group + "/floor"}))
		},
		"users":  func(group string) { h.user("anna", users.Viewer, group) },
		"tokens": func(group string) { h.token(users.Viewer, group) },
	} {
		group := "acme/with-" + has
		h.do(http.MethodPost, "/api/v1/groups", h.operator, `{"path":"`+group+`","title":"Site"}`).want(http.StatusCreated)
		groups.before = func() { put(group) }
		p := h.do(http.MethodDelete, groupPath(group), h.operator, "").problem(http.StatusConflict, "state")
		if !strings.Contains(p.Detail, has+" at the same moment") {
			t.Errorf("%s: the problem is %q", has, p.Detail)
		}
		if g, err := h.store.Groups().Group(t.Context(), group); err != nil || g.Title != "Site" {
			t.Errorf("%s: the group is %+v: %v", has, g, err)
		}
	}
}

// deleting deletes a group in the middle of a write that puts something into it: it
// looked empty before, and is gone by the time that the write is done.
type deleting struct {
	api.Devices
	api.Directory
	group func()
}

func (d deleting) Create(ctx context.Context, record device.Device, limit int) error {
	d.group()
	return d.Devices.Create(ctx, record, limit)
}

func (d deleting) Edit(ctx context.Context, id device.ID, e device.Edit) (device.Device, error) {
	d.group()
	return d.Devices.Edit(ctx, id, e)
}

func (d deleting) NewUser(ctx context.Context, n users.NewUser) (users.User, string, error) {
	d.group()
	return d.Directory.NewUser(ctx, n)
}

func (d deleting) EditUser(ctx context.Context, name string, e users.UserEdit) (users.User, error) {
	d.group()
	return d.Directory.EditUser(ctx, name, e)
}

func (d deleting) CreateToken(ctx context.Context, n users.NewToken) (string, users.Token, error) {
	d.group()
	return d.Directory.CreateToken(ctx, n)
}

func TestAGroupThatIsDeletedAsSomethingIsPutIntoItIsMadeAgain(t *testing.T) {
	var h *house
	gone := func() { check(t, h.store.Groups().DeleteGroup(t.Context(), "acme/site")) }
	h = newHouse(t, func(o *api.Options) {
		d := deleting{Devices: o.Devices, Directory: o.Directory, group: gone}
		o.Devices, o.Directory = d, d
	})
	phone := string(h.phone("1", ""))
	h.user("bert", users.Viewer, "acme")
	for _, c := range [][3]string{
		{http.MethodPost, "/api/v1/devices", `{"mac":"001565aabb01","group":"acme/site"}`},
		{http.MethodPatch, "/api/v1/devices/" + phone, `{"group":"acme/site"}`},
		{http.MethodPost, "/api/v1/users", `{"name":"anna","role":"viewer","scope":"acme/site"}`},
		{http.MethodPatch, "/api/v1/users/bert", `{"scope":"acme/site"}`},
		{http.MethodPost, "/api/v1/tokens", `{"name":"x","role":"viewer","scope":"acme/site"}`},
	} {
		check(t, device.KeepGroup(t.Context(), h.store.Groups(), "acme/site", h.clock.Now()))
		if a := h.do(c[0], c[1], h.admin, c[2]); a.status/100 != 2 {
			t.Fatalf("%s %s: %s", c[0], c[1], a.body)
		}
		if _, err := h.store.Groups().Group(t.Context(), "acme/site"); err != nil {
			t.Errorf("%s %s: %v", c[0], c[1], err)
		}
	}
}

func TestAMissingGroupWithSomethingInItIsMadeAgainWhereItIsAskedFor(t *testing.T) {
	h := newHouse(t)
	h.phone("1", "acme/site")
	check(t, h.store.Groups().PutGroup(t.Context(), device.Group{Path: "zeta/floor"}))
	for _, group := range []string{"acme/site", "zeta"} {
		h.do(http.MethodGet, groupPath(group), h.viewer, "").want(http.StatusOK)
		if _, err := h.store.Groups().Group(t.Context(), group); err != nil {
			t.Errorf("%s: %v", group, err)
		}
	}
	h.user("anna", users.Viewer, "omega") // A scope makes no group.
	h.do(http.MethodGet, groupPath("omega"), h.viewer, "").problem(http.StatusNotFound, "not-found")
	if _, err := h.store.Groups().Group(t.Context(), "omega"); !errors.Is(err, device.ErrNotFound) {
		t.Error("the scope of a user made a group")
	}
}
