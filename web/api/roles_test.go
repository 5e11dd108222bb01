package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestARoleIsMadeChangedAndDeleted(t *testing.T) {
	h := newHouse(t)
	created := as[api.RoleInfo](h.do(http.MethodPost, "/api/v1/roles", h.admin, `{"name":"clerk","description":"Reads.","permissions":["users.read","devices.read"]}`).want(http.StatusCreated))
	if created.BuiltIn || created.CreatedAt == nil || !slices.Equal(created.Permissions, []users.Permission{users.ReadDevices, users.ReadUsers}) {
		t.Errorf("created %+v", created)
	}
	if e := h.newest(); e.Target != "role/clerk" || string(e.After) != `{"description":"Reads.","permissions":["devices.read","users.read"]}` {
		t.Errorf("the entry is %+v", e)
	}
	token := h.token("clerk", "")
	h.do(http.MethodGet, "/api/v1/tokens", token, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPatch, "/api/v1/roles/clerk", h.admin, `{"permissions":["devices.read","tokens.read"]}`).want(http.StatusOK)
	if e := h.newest(); string(e.Before) != `{"permissions":["devices.read","users.read"]}` || string(e.After) != `{"permissions":["devices.read","tokens.read"]}` {
		t.Errorf("the entry is %+v", e)
	}
	h.do(http.MethodGet, "/api/v1/tokens", token, "").want(http.StatusOK) // Who has it may do so at once.
	h.do(http.MethodGet, "/api/v1/users", token, "").problem(http.StatusForbidden, "forbidden")

	h.do(http.MethodPost, "/api/v1/roles", h.admin, `{"name":"clerk","permissions":[]}`).problem(http.StatusConflict, "duplicate")
	h.do(http.MethodPost, "/api/v1/roles", h.admin, `{"name":"admin","permissions":[]}`).problem(http.StatusConflict, "duplicate")
	h.do(http.MethodPost, "/api/v1/roles", h.admin, `{"name":"No Name","permissions":[]}`).invalid("body.name")
	h.do(http.MethodPost, "/api/v1/roles", h.admin, `{"name":"x","permissions":["devices.read","devices.eat"]}`).invalid("body.permissions[1]")
	h.do(http.MethodPatch, "/api/v1/roles/admin", h.admin, `{"permissions":[]}`).problem(http.StatusConflict, "state")
	h.do(http.MethodDelete, "/api/v1/roles/viewer", h.admin, "").problem(http.StatusConflict, "state")
	h.do(http.MethodDelete, "/api/v1/roles/clerk", h.admin, "").problem(http.StatusConflict, "state") // A token has it.
	for _, item := range as[api.Page[api.Token]](h.do(http.MethodGet, "/api/v1/tokens", h.admin, "")).Items {
		if item.Role == "clerk" {
			h.do(http.MethodDelete, "/api/v1/tokens/"+item.ID, h.admin, "").want(http.StatusNoContent)
		}
	}
	h.do(http.MethodDelete, "/api/v1/roles/clerk", h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodDelete, "/api/v1/roles/clerk", h.admin, "").problem(http.StatusNotFound, "not-found")
	if got := names(h.do(http.MethodGet, "/api/v1/roles", h.helpdesk, "")); !slices.Equal(got, []string{"admin", "operator", "support", "viewer", "helpdesk"}) {
		t.Errorf("the roles are %v", got)
	}
}

func TestEveryPermissionIsExplained(t *testing.T) {
	h := newHouse(t)
	list := as[api.Page[api.PermissionInfo]](h.do(http.MethodGet, "/api/v1/permissions", h.admin, "").want(http.StatusOK)).Items
	if len(list) != len(users.AllPermissions()) {
		t.Errorf("lists %d permissions", len(list))
	}
	for _, p := range list {
		if !strings.HasSuffix(p.Description, ".") {
			t.Errorf("%s is explained as %q", p.Name, p.Description)
		}
	}
}

func TestATokenThatIsMadeAndDeletedIsInTheAuditLogWithoutItsText(t *testing.T) {
	h := newHouse(t)
	created := as[api.CreatedToken](h.do(http.MethodPost, "/api/v1/tokens", h.admin, `{"name":"crm","role":"helpdesk","scope":"acme","expires":"2030-02-01T00:00:00Z"}`).want(http.StatusCreated))
	want := map[string]any{"name": "crm", "role": "helpdesk", "scope": "acme", "expires": time.Date(2030, 2, 1, 0, 0, 0, 0, time.UTC).Format(time.RFC3339)}
	got := map[string]any{}
	check(t, json.Unmarshal(h.newest().After, &got))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	h.do(http.MethodDelete, "/api/v1/tokens/"+created.Token.ID, h.admin, "").want(http.StatusNoContent)
	if e := h.newest(); !strings.Contains(string(e.Before), `"crm"`) || len(e.After) != 0 {
		t.Errorf("the entry is %+v", e)
	}
	if strings.Contains(h.trail()+h.log.String(), created.Secret) {
		t.Error("the token is in the audit log or the log")
	}
}
