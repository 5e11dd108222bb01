package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/tasks"
	"github.com/dialtone-acs/dialtone/users"
	"github.com/dialtone-acs/dialtone/web/api"
)

func TestABulkTaskReachesEveryDeviceThatMatches(t *testing.T) {
	h := newHouse(t)
	for _, serial := range []string{"1", "2", "3"} {
		h.phone(serial, "acme/south")
	}
	h.phone("4", "acme/north")
	dry := as[api.DryRun](h.do(http.MethodPost, "/api/v1/tasks/bulk", h.south, `{"filter":"*","kind":"reboot","dryRun":true}`).want(http.StatusOK))
	if dry.Matched != 3 || len(dry.Sample) != 3 {
		t.Errorf("dry run %+v", dry)
	}
	a := h.do(http.MethodPost, "/api/v1/tasks/bulk", h.south, `{"filter":"serialNumber != \"2\"","kind":"setParameterValues","parameters":[{"path":"A.Password","value":"hunter2"}],"priority":3}`).want(http.StatusAccepted)
	bulk := as[api.Bulk](a)
	if bulk.State != "running" || a.header.Get("Location") != "/api/v1/tasks/bulk/"+bulk.ID || bulk.Scope != "acme/south" || strings.Contains(string(a.body), "hunter2") {
		t.Errorf("begun as %s", a.body)
	}
	check(t, h.bulks.RunOnce(t.Context()))
	for token, status := range map[string]int{h.south: http.StatusOK, h.operator: http.StatusOK} {
		bulk = as[api.Bulk](h.do(http.MethodGet, a.header.Get("Location"), token, "").want(status))
	}
	if bulk.State != "finished" || bulk.Queued != 2 || bulk.Refused != 0 || bulk.FinishedAt == nil {
		t.Errorf("ended as %+v", bulk)
	}
	page := as[api.Page[api.Task]](h.do(http.MethodGet, "/api/v1/tasks", h.operator, ""))
	if len(page.Items) != 2 || page.Items[0].UniqueKey != bulk.UniqueKey || page.Items[0].Priority != 3 {
		t.Errorf("queued %+v", page.Items)
	}
	h.do(http.MethodPost, a.header.Get("Location")+"/cancel", h.south, "").problem(http.StatusConflict, "state")
}

func TestABulkTaskOfOthersDoesNotExist(t *testing.T) {
	h := newHouse(t)
	a := h.do(http.MethodPost, "/api/v1/tasks/bulk", h.operator, `{"filter":"*","kind":"reboot"}`).want(http.StatusAccepted)
	h.do(http.MethodGet, a.header.Get("Location"), h.south, "").problem(http.StatusNotFound, "not-found")
	h.do(http.MethodPost, a.header.Get("Location")+"/cancel", h.south, "").problem(http.StatusNotFound, "not-found")
	stopped := as[api.Bulk](h.do(http.MethodPost, a.header.Get("Location")+"/cancel", h.operator, "").want(http.StatusOK))
	if stopped.State != "cancelled" {
		t.Errorf("stopped as %+v", stopped)
	}
}

func TestBadBulkTasksNameTheField(t *testing.T) {
	h := newHouse(t)
	for body, location := range map[string]string{
		`{"kind":"reboot"}`:                                                 "body.filter",
		`{"kind":"reboot","filter":" "}`:                                    "body.filter",
		`{"filter":"*"}`:                                                    "body.kind",
		`{"filter":"colour=red","kind":"reboot"}`:                           "body.filter",
		`{"filter":"*","kind":"reboot","dryRun":"yes"}`:                     "body.dryRun",
		`{"filter":"*","kind":"reboot","notBefore":"2031-01-01T00:00:00Z"}`: "body.notBefore",
		`{"filter":"*","kind":"reboot","expires":"2029-01-01T00:00:00Z"}`:   "body.expires",
		`{"filter":"*","kind":"refresh","path":"a..b"}`:                     "body.path",
		`{"filter":"*","kind":"reboot","priority":-1001}`:                   "body.priority",
	} {
		h.do(http.MethodPost, "/api/v1/tasks/bulk", h.operator, body).invalid(location)
	}
	if open, err := h.store.Bulks().OpenBulks(t.Context(), 10); err != nil || len(open) != 0 {
		t.Errorf("%d bulk tasks were begun all the same (%v)", len(open), err)
	}
	h.do(http.MethodGet, "/api/v1/tasks/bulk/"+string(tasks.NewID(h.clock.Now())), h.viewer, "").problem(http.StatusNotFound, "not-found")
}

func TestADryRunShowsNothingToWhoMayNotRead(t *testing.T) {
	h := newHouse(t)
	phone := h.phone("1", "")
	h.failWith(phone, tasks.Reboot, tasks.Fault{Code: 9003})
	writer := h.token(h.role("writer", users.WriteTasks, users.WriteDevices), "")
	for path, body := range map[string]string{
		"/api/v1/tasks/bulk":   `{"kind":"reboot","filter":"*","dryRun":true}`,
		"/api/v1/devices/bulk": `{"addTags":["x"],"filter":"*","dryRun":true}`,
		"/api/v1/tasks/retry":  `{"filter":"*","dryRun":true}`,
	} {
		h.do(http.MethodPost, path, writer, body).problem(http.StatusForbidden, "forbidden")
	}
	got := as[api.Retries](h.do(http.MethodPost, "/api/v1/tasks/retry", writer, `{"filter":"*"}`).want(http.StatusOK))
	if got.Retried != 1 || len(got.Sample) != 0 {
		t.Errorf("retried %+v", got)
	}
}
