package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// names returns the names of the items of a list.
func names(a answer) []string {
	a.t.Helper()
	var list []string
	for _, item := range as[api.Page[struct{ Name, Path string }]](a.want(http.StatusOK)).Items {
		list = append(list, item.Name+item.Path)
	}
	return list
}

func TestAUserIsMadeChangedAndDeleted(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/api/v1/users", h.admin, `{"name":"anna","displayName":"Anna A.","role":"operator","scope":"acme","password":"`+password+`","mustChangePassword":false}`).want(http.StatusCreated)
	created := as[api.CreatedUser](a)
	want := api.User{Name: "anna", DisplayName: "Anna A.", Role: users.Operator, Scope: "acme", HasPassword: true, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now()}
	if diff := cmp.Diff(want, created.User); diff != "" || created.Password != "" || a.header.Get("Location") != "/api/v1/users/anna" {
		t.Errorf("created %q, at %s:\n%s", created.Password, a.header.Get("Location"), diff)
	}
	if e := h.newest(); e.Target != "user/anna" || len(e.Before) != 0 || !strings.Contains(string(e.After), `"role":"operator"`) {
		t.Errorf("the entry is %+v", e)
	}
	cookie := h.signIn("anna")
	got := h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").want(http.StatusOK)
	if as[api.User](got).LastSignIn == nil {
		t.Error("the last sign-in is not shown")
	}
	tag := got.header.Get("ETag")
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"displayName":null}`, "If-Match", `"r0"`).problem(http.StatusPreconditionFailed, "precondition-failed")
	changed := h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"role":"viewer","scope":"acme/south"}`, "If-Match", tag).want(http.StatusOK)
	if u := as[api.User](changed); u.Role != users.Viewer || u.Scope != "acme/south" || u.DisplayName != "Anna A." || changed.header.Get("ETag") == tag {
		t.Errorf("changed to %+v", u)
	}
	if e := h.newest(); string(e.Before) != `{"role":"operator","scope":"acme"}` || string(e.After) != `{"role":"viewer","scope":"acme/south"}` || e.Detail != "role, scope" {
		t.Errorf("the entry is %+v", e)
	}
	// What is open follows.
	if me := as[api.Me](h.as(cookie, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)); me.Role != users.Viewer || me.Scope != "acme/south" {
		t.Errorf("their browser is %+v", me)
	}
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"password":"another good password"}`).want(http.StatusOK)
	if e := h.newest(); strings.Contains(string(e.After), "another") || !strings.Contains(string(e.After), `"password":"•••"`) || !strings.Contains(string(e.After), `"mustChangePassword":true`) {
		t.Errorf("the entry is %+v", e)
	}
	h.as(cookie, http.MethodGet, "/api/v1/me", "").problem(http.StatusUnauthorized, "unauthenticated")
	h.do(http.MethodDelete, "/api/v1/users/anna", h.admin, "").want(http.StatusNoContent)
	if e := h.newest(); len(e.After) != 0 || !strings.Contains(string(e.Before), `"role":"viewer"`) {
		t.Errorf("the entry is %+v", e)
	}
	h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").problem(http.StatusNotFound, "not-found")
}

func TestTheTagOfAUserChangesWithWhatOperatorsEditOnly(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "")
	tag := func() string {
		return h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").want(http.StatusOK).header.Get("ETag")
	}
	before := tag()
	h.clock.advance(time.Minute)
	h.signIn("anna")
	h.as(cookie, http.MethodPut, "/api/v1/me/preferences", `{"theme":"dark"}`).want(http.StatusNoContent)
	if after := tag(); after != before {
		t.Errorf("signing in and preferences change it from %s to %s", before, after)
	}
	for _, body := range []string{`{"displayName":"Anna"}`, `{"role":"operator"}`, `{"scope":"acme"}`, `{"disabled":true}`, `{"password":"another good password"}`} {
		h.clock.advance(time.Millisecond)
		h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, body, "If-Match", before).want(http.StatusOK)
		h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, body, "If-Match", before).problem(http.StatusPreconditionFailed, "precondition-failed")
		after := tag()
		if after == before {
			t.Errorf("%s leaves it as it was", body)
		}
		before = after
	}
}

// signingIn has a user change in the middle of an edit.
type signingIn struct {
	api.Directory
	meanwhile func()
}

func (d *signingIn) EditUser(ctx context.Context, name string, e users.UserEdit) (users.User, error) {
	if d.meanwhile != nil {
		once := d.meanwhile
		d.meanwhile = nil
		once()
	}
	return d.Directory.EditUser(ctx, name, e)
}

func TestASignInDuringTheEditOfAUserIsNoConflict(t *testing.T) {
	raced := &signingIn{}
	h := newHouse(t, func(o *api.Options) {
		raced.Directory = o.Directory
		o.Directory = raced
	})
	h.user("anna", users.Viewer, "")
	tag := h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").want(http.StatusOK).header.Get("ETag")
	raced.meanwhile = func() { h.signIn("anna") }
	changed := as[api.User](h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"displayName":"Anna"}`, "If-Match", tag).want(http.StatusOK))
	if changed.DisplayName != "Anna" || changed.LastSignIn == nil {
		t.Errorf("changed to %+v", changed)
	}
	tag = h.do(http.MethodGet, "/api/v1/users/anna", h.admin, "").want(http.StatusOK).header.Get("ETag")
	raced.meanwhile = func() {
		h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"role":"operator"}`).want(http.StatusOK)
	}
	h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"displayName":"A."}`, "If-Match", tag).problem(http.StatusPreconditionFailed, "precondition-failed")
}

func TestAUserThatCannotBeIsRefusedByItsField(t *testing.T) {
	h := newHouse(t)
	h.user("anna", users.Viewer, "")
	for body, location := range map[string]string{
		`{"name":"Anna","role":"viewer"}`:                                            "body.name",
		`{"name":"x","role":"king"}`:                                                 "body.role",
		`{"name":"x","role":"support"}`:                                              "body.scope",
		`{"name":"x","role":"viewer","scope":"a//b"}`:                                "body.scope",
		`{"name":"x","role":"viewer","password":"short"}`:                            "body.password",
		`{"name":"x","role":"viewer","displayName":" x"}`:                            "body.displayName",
		`{"name":"x","role":"viewer","colour":"red"}`:                                "body.colour",
		`{"name":"x","role":"viewer","password":"` + strings.Repeat("x", 300) + `"}`: "body.password",
	} {
		h.do(http.MethodPost, "/api/v1/users", h.admin, body).invalid(location)
	}
	h.do(http.MethodPost, "/api/v1/users", h.admin, `{"name":"anna","role":"viewer"}`).problem(http.StatusConflict, "duplicate")
	for body, location := range map[string]string{
		`{"role":"king"}`: "body.role", `{"role":null}`: "body.role", `{"role":"support"}`: "body.scope", `{"password":null}`: "body.password",
		`{"password":"short"}`: "body.password", `{"displayName":"\u0007"}`: "body.displayName",
	} {
		h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, body).invalid(location)
	}
}

func TestOneAdministratorOfTheWholeFleetRemains(t *testing.T) {
	h := newHouse(t)
	h.user("root", users.Admin, "")
	h.user("other", users.Admin, "acme")
	h.do(http.MethodDelete, "/api/v1/users/root", h.admin, "").problem(http.StatusConflict, "state")
	for _, body := range []string{`{"disabled":true}`, `{"role":"viewer"}`, `{"scope":"acme"}`} {
		h.do(http.MethodPatch, "/api/v1/users/root", h.admin, body).problem(http.StatusConflict, "state")
	}
	h.do(http.MethodDelete, "/api/v1/users/other", h.admin, "").want(http.StatusNoContent)
}

func TestNobodyGrantsWhatTheyLack(t *testing.T) {
	h := newHouse(t)
	h.user("root", users.Admin, "")
	h.user("root2", users.Admin, "")
	h.user("south", users.Viewer, "acme/south")
	h.role("clerk", users.ReadDevices, users.ReadUsers)
	h.role("spy", users.RevealSecrets)
	h.user("clerk", "clerk", "")
	for _, c := range []struct{ method, path, body, lacks string }{
		{http.MethodPost, "/users", `{"name":"x","role":"admin"}`, "secrets.reveal"},
		{http.MethodPost, "/users", `{"name":"x","role":"viewer"}`, "tasks.read"},
		{http.MethodPatch, "/users/clerk", `{"role":"operator"}`, "tasks.write"},
		{http.MethodPatch, "/users/south", `{"displayName":"x"}`, "more than"},
		{http.MethodPost, "/tokens", `{"name":"x","role":"admin"}`, "secrets.reveal"},
		{http.MethodPost, "/roles", `{"name":"mine","permissions":["devices.read","secrets.reveal"]}`, "secrets.reveal"},
		{http.MethodPatch, "/roles/clerk", `{"permissions":["tasks.write"]}`, "tasks.write"},
		// Nor take over or take away who may do more.
		{http.MethodPatch, "/users/root", `{"password":"another good password"}`, "more than"},
		{http.MethodPatch, "/users/root", `{"secondFactor":null}`, "more than"},
		{http.MethodPatch, "/users/root", `{"disabled":true}`, "more than"},
		{http.MethodDelete, "/users/root", "", "more than"},
		{http.MethodDelete, "/users/root/sessions", "", "more than"},
		{http.MethodPatch, "/roles/spy", `{"permissions":[]}`, "secrets.reveal"},
		{http.MethodDelete, "/roles/spy", "", "secrets.reveal"},
	} {
		p := h.do(c.method, "/api/v1"+c.path, h.helpdesk, c.body).problem(http.StatusForbidden, "forbidden")
		if !strings.Contains(p.Detail, c.lacks) {
			t.Errorf("%s %s %s: %s", c.method, c.path, c.body, p.Detail)
		}
	}
	// What they have, they grant.
	h.do(http.MethodPost, "/api/v1/roles", h.helpdesk, `{"name":"mine","permissions":["devices.read"]}`).want(http.StatusCreated)
	h.do(http.MethodPatch, "/api/v1/roles/clerk", h.helpdesk, `{"permissions":["devices.read"]}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/users", h.helpdesk, `{"name":"x","role":"clerk"}`).want(http.StatusCreated)
	h.do(http.MethodPatch, "/api/v1/users/x", h.helpdesk, `{"role":"mine","password":"another good password"}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/tokens", h.helpdesk, `{"name":"x","role":"helpdesk"}`).want(http.StatusCreated)
}

func TestNobodyGrantsBeyondTheirGroup(t *testing.T) {
	h := newHouse(t)
	h.user("root", users.Admin, "")
	h.user("south", users.Viewer, "acme/south")
	h.user("north", users.Viewer, "acme/north")
	h.user("southern", users.Viewer, "acme/southern")
	for _, scope := range []string{"acme", "acme/north", "acme/southern"} {
		for _, path := range []string{"/users", "/tokens"} {
			p := h.do(http.MethodPost, "/api/v1"+path, h.southAdmin, `{"name":"x","role":"viewer","scope":"`+scope+`"}`).problem(http.StatusForbidden, "forbidden")
			if !strings.Contains(p.Detail, "group") {
				t.Errorf("%s for %s: %s", path, scope, p.Detail)
			}
		}
		h.do(http.MethodPatch, "/api/v1/users/south", h.southAdmin, `{"scope":"`+scope+`"}`).problem(http.StatusForbidden, "forbidden")
	}
	if u := as[api.User](h.do(http.MethodPatch, "/api/v1/users/south", h.southAdmin, `{"scope":null}`).want(http.StatusOK)); u.Scope != "acme/south" {
		t.Errorf("the scope became %q", u.Scope)
	}
	if u := as[api.CreatedUser](h.do(http.MethodPost, "/api/v1/users", h.southAdmin, `{"name":"x","role":"viewer"}`).want(http.StatusCreated)).User; u.Scope != "acme/south" {
		t.Errorf("the new user has the scope %q", u.Scope)
	}
	if got := names(h.do(http.MethodGet, "/api/v1/users", h.southAdmin, "")); !slices.Equal(got, []string{"south", "x"}) {
		t.Errorf("sees %v", got)
	}
	for _, name := range []string{"root", "north", "southern", "nobody"} {
		for _, c := range [][3]string{
			{http.MethodGet, "", ""}, {http.MethodPatch, "", `{"disabled":true}`}, {http.MethodDelete, "", ""}, {http.MethodGet, "/sessions", ""}, {http.MethodDelete, "/sessions", ""},
		} {
			h.do(c[0], "/api/v1/users/"+name+c[1], h.southAdmin, c[2]).problem(http.StatusNotFound, "not-found")
		}
	}
	for _, c := range [][3]string{
		{http.MethodPost, "/roles", `{"name":"x","permissions":[]}`}, {http.MethodPatch, "/roles/helpdesk", `{"description":"x"}`}, {http.MethodDelete, "/roles/helpdesk", ""},
	} {
		h.do(c[0], "/api/v1"+c[1], h.southAdmin, c[2]).problem(http.StatusForbidden, "forbidden")
	}
}

func TestOnesOwnSecretsTakeThePassword(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Admin, "")
	for _, body := range []string{`{"password":"another good password"}`, `{"secondFactor":null}`} {
		h.as(cookie, http.MethodPatch, "/api/v1/users/anna", body).problem(http.StatusForbidden, "forbidden")
	}
	h.as(cookie, http.MethodPatch, "/api/v1/users/anna", `{"displayName":"A."}`).want(http.StatusOK)
}

func TestUsersAreListedInPages(t *testing.T) {
	h := newHouse(t)
	for _, name := range []string{"carl", "anna", "bert"} {
		h.user(name, users.Viewer, "")
	}
	first := h.do(http.MethodGet, "/api/v1/users?pageSize=2", h.admin, "")
	page := as[api.Page[api.User]](first.want(http.StatusOK))
	second := h.do(http.MethodGet, "/api/v1/users?pageSize=2&pageToken="+page.NextPageToken, h.admin, "")
	if got := append(names(first), names(second)...); !slices.Equal(got, []string{"anna", "bert", "carl"}) || *page.TotalSize != 3 {
		t.Errorf("lists %v of %d", got, *page.TotalSize)
	}
	h.do(http.MethodGet, "/api/v1/users?pageToken=x!", h.admin, "").invalid("query.pageToken")
}
