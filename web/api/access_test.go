package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// example returns the path of an operation with values in place of its
// parameters that name nothing.
func example(path string) string {
	path = strings.ReplaceAll(path, "{name}", "nothing.bin")
	path = strings.ReplaceAll(path, "{path}", "nothing%2Fthere")
	path = strings.NewReplacer("{line}", "nothing%2Fthere:1", "{version}", "0123456789ab").Replace(path)
	return strings.ReplaceAll(path, "{id}", string(tasks.NewID(time.Unix(0, 0))))
}

func TestADeviceOutsideOfTheScopeDoesNotExist(t *testing.T) {
	h := newHouse(t)
	north := h.phone("N1", "acme/north")
	near := h.phone("S0", "acme/southern") // The same text at its beginning is not the same subtree.
	inside := h.phone("S1", "acme/south")
	below := h.phone("S2", "acme/south/site")
	reboot := `{"kind":"reboot"}`
	for _, id := range []device.ID{north, near} {
		task := as[api.Task](h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, reboot).want(http.StatusAccepted))
		for _, call := range [][3]string{
			{http.MethodGet, "/devices/" + string(id), ""}, {http.MethodPatch, "/devices/" + string(id), `{"tags":["x"]}`},
			{http.MethodDelete, "/devices/" + string(id), ""}, {http.MethodGet, "/devices/" + string(id) + "/parameters", ""},
			{http.MethodPost, "/devices/" + string(id) + "/tasks", reboot}, {http.MethodGet, "/devices/" + string(id) + "/tasks", ""},
			{http.MethodPost, "/devices/" + string(id) + "/connectionRequest", ""}, {http.MethodGet, "/tasks/" + task.ID, ""},
			{http.MethodPost, "/tasks/" + task.ID + "/cancel", ""}, {http.MethodPost, "/tasks/" + task.ID + "/retry", ""},
		} {
			h.do(call[0], "/api/v1"+call[1], h.south, call[2]).problem(http.StatusNotFound, "not-found")
		}
	}
	for _, id := range []device.ID{inside, below} {
		h.do(http.MethodGet, "/api/v1/devices/"+string(id), h.south, "").want(http.StatusOK)
		h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.south, reboot).want(http.StatusAccepted)
	}
	devices := as[api.Page[api.Device]](h.do(http.MethodGet, "/api/v1/devices", h.south, "").want(http.StatusOK))
	if len(devices.Items) != 2 || *devices.TotalSize != 2 {
		t.Errorf("lists %d devices of %d", len(devices.Items), *devices.TotalSize)
	}
	listed := as[api.Page[api.Task]](h.do(http.MethodGet, "/api/v1/tasks", h.south, "").want(http.StatusOK))
	if len(listed.Items) != 2 {
		t.Errorf("lists %d tasks", len(listed.Items))
	}
}

func TestWhoIsLimitedToAGroupCannotReachBeyondIt(t *testing.T) {
	h := newHouse(t)
	id := string(h.phone("S1", "acme/south"))
	h.do(http.MethodPatch, "/api/v1/devices/"+id, h.south, `{"group":"acme/north"}`).invalid("body.group")
	h.do(http.MethodPatch, "/api/v1/devices/"+id, h.south, `{"group":null}`).invalid("body.group")
	h.do(http.MethodPost, "/api/v1/devices", h.south, `{"mac":"001565aabb01","group":"acme"}`).invalid("body.group")
	created := as[api.Device](h.do(http.MethodPost, "/api/v1/devices", h.south, `{"mac":"001565aabb01"}`).want(http.StatusCreated))
	if created.Group != "acme/south" {
		t.Errorf("the new device is in %q", created.Group)
	}
	h.do(http.MethodPost, "/api/v1/tokens", h.southAdmin, `{"name":"x","role":"admin","scope":"acme"}`).problem(http.StatusForbidden, "forbidden")
	token := as[api.CreatedToken](h.do(http.MethodPost, "/api/v1/tokens", h.southAdmin, `{"name":"x","role":"admin"}`).want(http.StatusCreated))
	if token.Token.Scope != "acme/south" {
		t.Errorf("the new token has the scope %q", token.Token.Scope)
	}
	tokens := as[api.Page[api.Token]](h.do(http.MethodGet, "/api/v1/tokens", h.southAdmin, ""))
	if len(tokens.Items) != 4 {
		t.Errorf("sees %d tokens, want its own, the operator's, the support's and the new one", len(tokens.Items))
	}
	all := as[api.Page[api.Token]](h.do(http.MethodGet, "/api/v1/tokens", h.admin, ""))
	for _, token := range all.Items {
		if token.Scope == "" {
			h.do(http.MethodDelete, "/api/v1/tokens/"+token.ID, h.southAdmin, "").problem(http.StatusNotFound, "not-found")
		}
	}
	h.do(http.MethodGet, "/api/v1/audit", h.southAdmin, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodDelete, "/api/v1/files/x.bin", h.south, "").problem(http.StatusForbidden, "forbidden")
	h.do(http.MethodPost, "/api/v1/files", h.south, "").problem(http.StatusForbidden, "forbidden")
}

func TestATokenCountsAtOnceAndNoLonger(t *testing.T) {
	h := newHouse(t)
	// Another process makes and deletes it: this one's cache knows nothing.
	beside := h.newDirectory()
	plain, token, err := beside.CreateToken(t.Context(), users.NewToken{Name: "beside", Role: users.Viewer})
	check(t, err)
	me := as[api.Me](h.do(http.MethodGet, "/api/v1/me", plain, "").want(http.StatusOK))
	if me.Role != users.Viewer || me.Actor != "token:"+token.ID+" beside" || len(me.Permissions) != 6 {
		t.Errorf("me is %+v", me)
	}
	check(t, beside.DeleteToken(t.Context(), token.ID))
	h.clock.advance(2 * time.Second)
	h.do(http.MethodGet, "/api/v1/me", plain, "").problem(http.StatusUnauthorized, "unauthenticated")
}

func TestATokenMadeHereIsShownOnceAndVoidWhenDeleted(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/api/v1/tokens", h.admin, `{"name":"crm","role":"operator","expires":"2030-02-01T00:00:00Z"}`).want(http.StatusCreated)
	created := as[api.CreatedToken](a)
	h.do(http.MethodGet, "/api/v1/devices", created.Secret, "").want(http.StatusOK)
	list := h.do(http.MethodGet, "/api/v1/tokens", h.admin, "").want(http.StatusOK)
	if strings.Contains(string(list.body), created.Secret) || strings.Contains(h.log.String(), created.Secret) {
		t.Error("the token is shown a second time")
	}
	h.do(http.MethodDelete, "/api/v1/tokens/"+created.Token.ID, h.admin, "").want(http.StatusNoContent)
	h.do(http.MethodGet, "/api/v1/devices", created.Secret, "").problem(http.StatusUnauthorized, "unauthenticated")
	h.do(http.MethodDelete, "/api/v1/tokens/"+created.Token.ID, h.admin, "").problem(http.StatusNotFound, "not-found")
}

func TestBadTokensNameTheField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"role":"viewer"}`: "body.name", `{"name":"x"}`: "body.role", `{"name":"x","role":"root"}`: "body.role",
		`{"name":" x","role":"viewer"}`: "body.name", `{"name":"x","role":"viewer","expires":"2029-01-01T00:00:00Z"}`: "body.expires",
		`{"name":"x","role":"viewer","expires":"soon"}`: "body.expires", `{"name":"x","role":"viewer","scope":"/a"}`: "body.scope",
		`{"name":"x","role":"viewer","colour":"red"}`: "body.colour",
	} {
		h.do(http.MethodPost, "/api/v1/tokens", h.admin, body).invalid(location)
	}
}

func TestEveryWriteLeavesAnAuditEntryWhateverCameOfIt(t *testing.T) {
	h := newHouse(t)
	id := string(h.phone("1", ""))
	h.do(http.MethodGet, "/api/v1/devices/"+id, h.operator, "").want(http.StatusOK)
	h.do(http.MethodPatch, "/api/v1/devices/"+id, h.operator, `{"tags":["vip"],"cwmpUsername":"u","cwmpPassword":"hunter2hunter2"}`).want(http.StatusOK)
	h.clock.advance(time.Second)
	h.do(http.MethodPatch, "/api/v1/devices/"+id, h.operator, `{"tags":[""]}`).want(http.StatusUnprocessableEntity)
	h.clock.advance(time.Second)
	h.do(http.MethodDelete, "/api/v1/devices/"+id, h.viewer, "").want(http.StatusForbidden)
	h.clock.advance(time.Second)
	h.do(http.MethodPost, "/api/v1/devices/"+id+"/tasks", h.operator, `{"kind":"reboot"}`).want(http.StatusAccepted)
	a := h.do(http.MethodGet, "/api/v1/audit", h.admin, "").want(http.StatusOK)
	page := as[api.Page[api.AuditEntry]](a)
	type line struct {
		action, target, detail string
		outcome                int
	}
	want := []line{
		{"createTask", page.Items[0].Target, "reboot for device " + id, 202}, {"deleteDevice", "devices/" + id, "", 403},
		{"updateDevice", "device/" + id, "tags", 422}, {"updateDevice", "device/" + id, "tags, cwmpUsername, cwmpPassword", 200},
	}
	if len(page.Items) != len(want) {
		t.Fatalf("%d entries: %s", len(page.Items), a.body)
	}
	for i, e := range page.Items {
		if (line{e.Action, e.Target, e.Detail, e.Outcome}) != want[i] || e.Address != "127.0.0.1" || !strings.HasPrefix(e.Actor, "token:") {
			t.Errorf("entry %d is %+v, want %+v", i, e, want[i])
		}
	}
	if !strings.HasPrefix(page.Items[0].Target, "task/") || strings.Contains(string(a.body), "hunter2") || strings.Contains(h.log.String(), "hunter2") {
		t.Error("the log does not name the task, or tells the password")
	}
	first := as[api.Page[api.AuditEntry]](h.do(http.MethodGet, "/api/v1/audit?pageSize=3", h.admin, ""))
	second := as[api.Page[api.AuditEntry]](h.do(http.MethodGet, "/api/v1/audit?pageSize=3&pageToken="+first.NextPageToken, h.admin, ""))
	if len(first.Items) != 3 || len(second.Items) != 1 || second.NextPageToken != "" {
		t.Errorf("pages of %d and %d", len(first.Items), len(second.Items))
	}
}
