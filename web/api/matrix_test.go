package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// caller is one way to ask, and what is known of it.
type caller struct {
	name        string
	headers     []string
	known       bool // It proves who asks.
	person      bool // It is a browser session.
	foreign     bool // A page of another origin asks.
	mustChange  bool
	limited     bool
	permissions users.Permissions
}

// wholeFleetOnly are the operations that who is limited to a group may not call,
// whatever the role.
func wholeFleetOnly() []string {
	return []string{
		"createFile", "deleteFile", "listAuditEntries", "exportAudit", "verifyAudit", "createRole", "updateRole", "deleteRole",
		"getStatistics", "putQuirkProfile", "deleteQuirkProfile",
		"putAccessRule", "deleteAccessRule", "putSharedCredential", "deleteSharedCredential",
		"getGlobalSettings", "updateGlobalSettings", "listStrangers", "adoptStranger", "deleteStranger",
		"uploadPack", "editPack", "activatePack", "deletePackVersion",
		"previewPBX", "applyPBX", "listDataModels", "getDataModel", "deleteDataModel",
	}
}

// peopleOnly are the operations that tokens may not call.
func peopleOnly() []string {
	return []string{
		"changeOwnPassword", "getPreferences", "putPreferences", "beginSecondFactor", "confirmSecondFactor", "removeSecondFactor",
		"listOwnSessions", "deleteOwnSession", "endOtherSessions",
	}
}

// bodies are those of operations that look at their body before they look at who
// asks. None of them changes anything that another call depends on.
func bodies() map[string]string {
	return map[string]string{
		"updateGlobalSettings": `{}`,
		"adoptStranger":        `{}`,
		"editPack":             `{"files":{}}`,
		"activatePack":         `{"version":"builtIn"}`,
		"putAccessRule":        `{"name":"x","enabled":false,"methods":["digest"]}`,
		"putSharedCredential":  `{"username":"x","password":"x","enabled":false}`,
		"putQuirkProfile":      `{"name":"x","devices":{"oui":"000000"},"behaviour":{}}`,
		"createRole":           `{"name":"admin","permissions":[]}`,
		"updateRole":           `{"description":"x"}`,
		"changeOwnPassword":    `{"current":"wrong","new":"another good password"}`,
		"putPreferences":       `{"theme":"dark"}`,
		"getDhcpConfiguration": `{"server":"dnsmasq"}`,
		"confirmSecondFactor":  `{"code":"000000"}`,
		"beginSecondFactor":    `{"password":"wrong"}`,
		"removeSecondFactor":   `{"password":"wrong"}`,
	}
}

// expect returns the status that the caller must get, or 0 if it must be none that
// refuses who asks.
func (c *caller) expect(op *huma.Operation) int {
	permission, _ := op.Extensions["x-permission"].(string)
	writes := op.Method != http.MethodGet
	switch {
	case permission == "public":
		if c.foreign && writes {
			return http.StatusForbidden
		}
		return 0
	case !c.known:
		return http.StatusUnauthorized
	case c.person && c.foreign && writes:
		return http.StatusForbidden
	case permission == "none":
		if slices.Contains(peopleOnly(), op.OperationID) && !c.person {
			return http.StatusForbidden
		}
		return 0
	case c.mustChange, !c.permissions.Has(users.Permission(permission)), c.limited && slices.Contains(wholeFleetOnly(), op.OperationID):
		return http.StatusForbidden
	default:
		return 0
	}
}

// Whatever is served is in the description, and whatever is in the description is
// tried here: a route that nobody thought of is refused by its permission, or the
// test fails.
func TestEveryOperationAsksWhoAsks(t *testing.T) {
	h := newHouse(t)
	callers := h.callers()
	for route, op := range described(h) {
		for i := range callers {
			c := &callers[i]
			status, kind := h.try(op, c)
			switch want := c.expect(op); {
			case want == 0 && (status == http.StatusUnauthorized && kind != "" && !isSignIn(op) || status == http.StatusForbidden):
				t.Errorf("%s as %s: refused with %d %s", route, c.name, status, kind)
			case want != 0 && status != want:
				t.Errorf("%s as %s: status %d %s, want %d", route, c.name, status, kind, want)
			case want == http.StatusUnauthorized && kind != "unauthenticated":
				t.Errorf("%s as %s: a problem of the kind %s", route, c.name, kind)
			case want == http.StatusForbidden && c.mustChange && !c.foreign && kind != "password-change-required":
				t.Errorf("%s as %s: a problem of the kind %s", route, c.name, kind)
			case want == http.StatusForbidden && !c.mustChange && kind != "forbidden":
				t.Errorf("%s as %s: a problem of the kind %s", route, c.name, kind)
			}
			if op.OperationID == "signOut" && c.person && status == http.StatusNoContent {
				c.headers[1] = h.signIn(strings.TrimPrefix(c.name, "browser of "))
			}
		}
	}
}

func isSignIn(op *huma.Operation) bool { return op.OperationID == "signIn" }

// callers returns every way to ask: nobody, tokens that are not valid, a token and
// a browser of each role, limited and not, and pages of other origins.
func (h *house) callers() []caller {
	expired, _, err := h.directory.CreateToken(h.t.Context(), users.NewToken{Name: "short", Role: users.Admin, Expires: h.clock.Now().Add(time.Minute)})
	check(h.t, err)
	h.clock.advance(time.Minute)
	all := []caller{
		{name: "nobody"},
		{name: "a foreign page of nobody", foreign: true},
		{name: "an expired token", headers: bearer(expired)},
		{name: "an unknown token", headers: bearer("dt_" + strings.Repeat("A", 43))},
		{name: "a malformed token", headers: bearer("secret")},
		{name: "an unknown cookie", headers: []string{"Cookie", "dialtone=" + strings.Repeat("A", 43)}},
		{name: "the cookie of HTTPS over HTTP", headers: []string{"Cookie", "__Host-" + h.person("crossed", users.Admin, "")}},
	}
	for _, r := range []struct {
		role  users.Role
		group string
	}{{users.Admin, ""}, {users.Operator, ""}, {users.Viewer, ""}, {users.Support, "acme/south"}, {"helpdesk", ""}, {users.Operator, "acme/south"}, {users.Admin, "acme/south"}} {
		definition, err := h.directory.Role(h.t.Context(), r.role)
		check(h.t, err)
		c := caller{known: true, limited: r.group != "", permissions: definition.Permissions}
		name := string(r.role)
		if c.limited {
			name = "limited-" + name
		}
		token, browser, foreign := c, c, c
		token.name, token.headers = "token of "+name, bearer(h.token(r.role, r.group))
		browser.name, browser.headers, browser.person = "browser of "+name+"-user", []string{"Cookie", h.person(name+"-user", r.role, r.group)}, true
		foreign.name, foreign.headers, foreign.person, foreign.foreign = "foreign page of "+name, []string{"Cookie", h.person(name+"-page", r.role, r.group)}, true, true
		all = append(all, token, browser, foreign)
	}
	for i := range all {
		if all[i].foreign {
			all[i].headers = append(all[i].headers, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
		}
	}
	_, _, err = h.directory.NewUser(h.t.Context(), users.NewUser{Name: "newcomer", Role: users.Admin, Password: password, MustChange: true})
	check(h.t, err)
	return append(all, caller{name: "browser of newcomer", headers: []string{"Cookie", h.signIn("newcomer")}, known: true, person: true, mustChange: true})
}

func bearer(token string) []string { return []string{"Authorization", "Bearer " + token} }

// try calls an operation on what does not exist, and returns the status and the
// kind of problem.
func (h *house) try(op *huma.Operation, c *caller) (status int, kind string) {
	h.t.Helper()
	if op.OperationID == "streamEvents" {
		return h.peek(op, c)
	}
	a := h.do(op.Method, example(op.Path), "", bodies()[op.OperationID], c.headers...)
	if !strings.HasPrefix(a.header.Get("Content-Type"), "application/problem+json") {
		return a.status, ""
	}
	if a.status == http.StatusUnauthorized && !strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
		h.t.Errorf("%s as %s: no challenge", op.OperationID, c.name)
	}
	p := as[struct{ Type string }](a)
	return a.status, strings.TrimPrefix(p.Type, "urn:dialtone:problem:")
}

// peek calls an operation whose answer does not end by itself.
func (h *house) peek(op *huma.Operation, c *caller) (status int, kind string) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, op.Method, h.server.URL+op.Path, nil)
	check(h.t, err)
	for i := 0; i < len(c.headers); i += 2 {
		request.Header.Set(c.headers[i], c.headers[i+1])
	}
	response, err := h.server.Client().Do(request)
	check(h.t, err)
	defer response.Body.Close()
	if response.StatusCode == http.StatusOK {
		return response.StatusCode, ""
	}
	cancel()
	withBody := h.do(op.Method, op.Path, "", "", c.headers...)
	return withBody.status, strings.TrimPrefix(as[struct{ Type string }](withBody).Type, "urn:dialtone:problem:")
}

func TestTheExceptionsOfTheMatrixExist(t *testing.T) {
	h := newHouse(t)
	var ids []string
	for _, op := range described(h) {
		ids = append(ids, op.OperationID)
	}
	named := append(wholeFleetOnly(), peopleOnly()...)
	for id := range bodies() {
		named = append(named, id)
	}
	for _, id := range named {
		if !slices.Contains(ids, id) {
			t.Errorf("there is no operation %s", id)
		}
	}
}

func TestAnInvalidTokenIsNotMadeUpForByACookie(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Admin, "")
	h.as(cookie, http.MethodGet, "/api/v1/me", "").want(http.StatusOK)
	h.do(http.MethodGet, "/api/v1/me", "dt_"+strings.Repeat("A", 43), "", "Cookie", cookie).problem(http.StatusUnauthorized, "unauthenticated")
	// A request that proves nothing leaves no entry, and so cannot fill the log.
	before := h.newest().Sequence
	h.do(http.MethodDelete, "/api/v1/devices/"+string(device.NewID()), "", "").problem(http.StatusUnauthorized, "unauthenticated")
	if after := h.newest().Sequence; after != before {
		t.Errorf("%d entries of nobody", after-before)
	}
}
