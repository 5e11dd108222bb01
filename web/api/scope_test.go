package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/trace"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

// Whatever is in another group has "north" in it: wherever an answer to who is
// limited to the south shows the word, something leaks.
func TestNothingThatIsReadTellsOfAnotherGroup(t *testing.T) {
	h := newHouse(t)
	h.group("acme/north")
	h.group("acme/south")
	id := h.acmePhone("0a:0b:0c:00:00:01", "A1", "acme/north")
	h.do(http.MethodPatch, "/api/v1/groups/acme%2Fnorth/settings", h.operator, `{"set":[{"path":"account.1.displayName","value":"north"}]}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/lines", h.operator, `{"group":"acme/north","number":"1","displayName":"north"}`).want(http.StatusCreated)
	h.do(http.MethodPatch, "/api/v1/settings/global", h.operator, `{"set":[{"path":"syslog.server","value":"north.example"}]}`).want(http.StatusOK)
	check(t, h.store.Fetches().AppendFetches(t.Context(), []provisioners.Fetch{
		{ID: "aaaaaaaaaaaaaaaaaaaaaaaaaa", Device: id, At: h.clock.Now(), Protocol: "http", Method: "GET", Path: "north", Status: 200},
		{ID: "baaaaaaaaaaaaaaaaaaaaaaaaa", At: h.clock.Now(), Protocol: "http", Method: "GET", Path: "north", Status: 404},
	}))
	check(t, h.store.Fetches().NoteStranger(t.Context(), provisioners.Stranger{ID: "mac-north", First: h.clock.Now(), Last: h.clock.Now(), Protocol: "http", Requests: 1}))
	h.do(http.MethodPatch, "/api/v1/devices/"+string(id), h.operator, `{"tags":["north"]}`).want(http.StatusOK)
	h.do(http.MethodPost, "/api/v1/devices/"+string(id)+"/tasks", h.operator, `{"kind":"reboot","uniqueKey":"north"}`).want(http.StatusAccepted)
	h.do(http.MethodPost, "/api/v1/tasks/bulk", h.operator, `{"filter":"group = \"acme/north\"","kind":"reboot"}`).want(http.StatusAccepted)
	h.user("north-user", users.Viewer, "acme/north")
	h.signIn("north-user")
	h.do(http.MethodPost, "/api/v1/tokens", h.admin, `{"name":"north","role":"viewer","scope":"acme/north"}`).want(http.StatusCreated)
	h.do(http.MethodPost, "/api/v1/traceOrders", h.admin, `{"device":"`+string(id)+`","minutes":5,"reason":"north"}`).want(http.StatusCreated)
	check(t, h.store.Traces().AppendTrace(t.Context(), []trace.Entry{{ID: "1", Device: id, At: h.clock.Now(), Direction: trace.FromDevice, Body: "north"}}))
	asked := 0
	for route, op := range described(h) {
		if op.Method != http.MethodGet || op.OperationID == "streamEvents" || op.Extensions["x-permission"] == "public" {
			continue
		}
		path := strings.NewReplacer("{path}", "acme%2Fsouth", "{name}", "north-user", "{line}", "acme%2Fnorth:1").Replace(op.Path)
		if op.OperationID == "getDeviceFile" {
			path = strings.Replace(path, "north-user", "acme.cfg", 1)
		}
		path = strings.ReplaceAll(path, "{id}", string(id))
		a := h.do(http.MethodGet, path, h.southAdmin, "")
		if a.status == http.StatusOK {
			asked++
		}
		// The path itself may be repeated.
		if strings.Contains(strings.ReplaceAll(string(a.body), path, ""), "north") || strings.Contains(string(a.body), string(id)) && a.status == http.StatusOK {
			t.Errorf("%s tells %d: %s", route, a.status, a.body)
		}
		// Whoever may see it, does: the test looks in the right place.
		if strings.Contains(op.Path, "{id}") && strings.HasPrefix(op.Path, "/api/v1/devices/") {
			h.do(http.MethodGet, path, h.admin, "").want(http.StatusOK)
		}
	}
	if asked < 10 {
		t.Errorf("only %d calls answered", asked)
	}
}

func TestABrowserFollowsTheEventsOfItsScopeUntilItSignsOut(t *testing.T) {
	h := newHouse(t)
	cookie := h.person("anna", users.Viewer, "acme/south")
	s := h.follow("?kinds=device", "", "Cookie", cookie)
	for _, group := range []string{"acme/north", "acme/southern", "acme/south/x"} {
		d, err := h.store.Devices().Get(t.Context(), h.phone(group, group))
		check(t, err)
		h.hub.DeviceChanged(d)
	}
	s.want("device", `"group":"acme/south/x"`)
}

func TestAStreamOfEventsEndsWithWhatItCameWith(t *testing.T) {
	for name, end := range map[string]func(h *house, cookie string){
		"signing out": func(h *house, cookie string) {
			h.as(cookie, http.MethodPost, "/api/v1/signOut", "").want(http.StatusNoContent)
		},
		"disabling the user": func(h *house, _ string) {
			h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"disabled":true}`).want(http.StatusOK)
		},
		"another scope": func(h *house, _ string) {
			h.do(http.MethodPatch, "/api/v1/users/anna", h.admin, `{"scope":"acme/north"}`).want(http.StatusOK)
		},
	} {
		h := newHouse(t)
		api.SetHeartbeat(h.api, 10*time.Millisecond)
		cookie := h.person("anna", users.Viewer, "acme/south")
		s := h.follow("", "", "Cookie", cookie)
		end(h, cookie)
		ended := make(chan bool, 1)
		go func() {
			_, more := s.next()
			ended <- !more
		}()
		select {
		case ok := <-ended:
			if !ok {
				t.Errorf("%s: the stream goes on", name)
			}
		case <-time.After(20 * time.Second):
			t.Errorf("%s: the stream goes on", name)
		}
	}
}
