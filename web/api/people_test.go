package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// helpdeskPermissions are those of a role that an operator might make: it manages
// people, and may do less than most of them.
func helpdeskPermissions() []users.Permission {
	return []users.Permission{users.ReadDevices, users.ReadUsers, users.WriteUsers, users.ReadTokens, users.WriteTokens, users.ReadGroups}
}

// newDirectory returns a directory that knows nothing of what h.directory keeps in
// memory, as in another process.
func (h *house) newDirectory() *users.Directory {
	return users.NewDirectory(users.Options{
		Users: h.store.Users(), Roles: h.store.Roles(), Tokens: h.store.Tokens(), BrowserSessions: h.store.BrowserSessions(),
		Keeper: h.keeper, Now: h.clock.Now, Cost: users.PasswordCost{Memory: 64, Passes: 1},
	})
}

// role makes a role.
func (h *house) role(name users.Role, permissions ...users.Permission) users.Role {
	h.t.Helper()
	set, err := users.NewPermissions(permissions...)
	check(h.t, err)
	_, err = h.directory.PutRole(h.t.Context(), users.RoleDefinition{Name: name, Permissions: set})
	check(h.t, err)
	return name
}

// password is that of every user of the tests.
const password = "correct horse battery staple"

// user makes a user who has the password and need not change it.
func (h *house) user(name string, role users.Role, group string) {
	h.t.Helper()
	_, _, err := h.directory.NewUser(h.t.Context(), users.NewUser{Name: name, Role: role, Scope: device.Scope{Group: group}, Password: password})
	check(h.t, err)
}

// signIn signs a user in and returns the Cookie header of their browser.
func (h *house) signIn(name string) string {
	h.t.Helper()
	a := h.attempt(name, password, "").want(http.StatusOK)
	cookies := cookiesOf(a)
	if len(cookies) != 1 {
		h.t.Fatalf("signing in sets the cookies %v", cookies)
	}
	return cookies[0].Name + "=" + cookies[0].Value
}

// attempt tries to sign in.
func (h *house) attempt(name, password, code string, headers ...string) answer {
	h.t.Helper()
	body, err := json.Marshal(api.SignIn{Name: name, Password: password, Code: code})
	check(h.t, err)
	return h.do(http.MethodPost, "/api/v1/signIn", "", string(body), headers...)
}

// person makes a user, signs them in, and returns the Cookie header.
func (h *house) person(name string, role users.Role, group string) string {
	h.t.Helper()
	h.user(name, role, group)
	return h.signIn(name)
}

// as does what do does, with the cookie of a browser.
func (h *house) as(cookie, method, path, body string, headers ...string) answer {
	h.t.Helper()
	return h.do(method, path, "", body, append([]string{"Cookie", cookie}, headers...)...)
}

func cookiesOf(a answer) []*http.Cookie {
	return (&http.Response{Header: a.header}).Cookies()
}

// newest returns the newest audit entry, zero if there is none.
func (h *house) newest() api.AuditEntry {
	h.t.Helper()
	page := as[api.Page[api.AuditEntry]](h.do(http.MethodGet, "/api/v1/audit?pageSize=1", h.admin, "").want(http.StatusOK))
	if len(page.Items) == 0 {
		return api.AuditEntry{}
	}
	return page.Items[0]
}

// trail returns the whole audit log as it can be exported.
func (h *house) trail() string {
	h.t.Helper()
	return string(h.do(http.MethodGet, "/api/v1/audit/export?format=jsonl", h.admin, "").want(http.StatusOK).body)
}

// holdLines checks a body that is no JSON as a whole, and reports whether it is
// one.
func (h *house) holdLines(operation, contentType string, schema *huma.Schema, body []byte) bool {
	h.t.Helper()
	switch contentType {
	case "text/csv":
		if !strings.HasSuffix(string(body), "\r\n") {
			h.t.Errorf("%s answered no lines of CSV: %s", operation, body)
		}
		return true
	case "application/jsonl":
		for line := range bytes.Lines(body) {
			var value any
			check(h.t, json.Unmarshal(line, &value))
			h.conforms(operation, schema, value)
		}
		return true
	default:
		return false
	}
}
