//go:build e2e

package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cpe"
)

// offlinePhone returns a phone that the server knows and that is switched off,
// and the id of its record.
func offlinePhone(t *testing.T, s *server, c *client, serial string) (*cpe.Device, string) {
	t.Helper()
	phone := s.newPhone(t, serial, nil)
	stop := phone.Start()
	id := c.arrive(phone).ID
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	return phone, id
}

// switchOn starts a phone until the end of the test.
func switchOn(t *testing.T, phone *cpe.Device) {
	t.Helper()
	stop := phone.Start()
	t.Cleanup(func() { _ = stop() })
}

func TestATaskForAPhoneThatIsOffStaysQueuedAndRunsWhenItComes(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone, id := offlinePhone(t, s, c, "OFFLINE01")

	begun := time.Now()
	posted := c.Post("devices/"+id+"/tasks?connectionRequest=true", object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "later.example.net")}}, "Prefer", "wait=1").
		Want(http.StatusAccepted)
	if waited := time.Since(begun); waited < 900*time.Millisecond || waited > 10*time.Second {
		t.Errorf("the answer came after %s, want about the 1 s of Prefer: wait=1", waited)
	}
	var task taskRecord
	posted.Decode(&task)
	if task.State != "queued" || posted.Header.Get("Location") != "/api/v1/tasks/"+task.ID {
		t.Errorf("state %s at %q, want queued at the path of the task", task.State, posted.Header.Get("Location"))
	}
	var called struct {
		Reached bool
		Detail  string
	}
	c.Post("devices/"+id+"/connectionRequest", nil).Decode(&called)
	if called.Reached || called.Detail == "" {
		t.Errorf("the call of a phone that is off: %+v, want not reached, and why", called)
	}

	switchOn(t, phone)
	ended := c.WaitTask(task.ID, "succeeded", "failed")
	wentThrough(t, ended, "queued", "running", "succeeded")
	holds(t, phone, ntp, "later.example.net")
}

func TestTasksRunAfterThoseTheyNameByPriorityAndNotBeforeTheirTime(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone, id := offlinePhone(t, s, c, "ORDER01")

	set := func(value string, more object) object {
		task := object{"kind": "setParameterValues", "parameters": []object{setting(ntp, value)}}
		for key, v := range more {
			task[key] = v
		}
		return task
	}
	bad := c.Queue(id, object{"kind": "setParameterValues", "parameters": []object{setting(model, "x")}})
	never := c.Queue(id, set("never.example.net", object{"after": []string{bad.ID}}))
	first := c.Queue(id, set("first.example.net", nil))
	second := c.Queue(id, set("second.example.net", object{"after": []string{first.ID}, "priority": 900}))
	urgent := c.Queue(id, set("urgent.example.net", object{"priority": 500}))
	later := c.Queue(id, set("later.example.net", object{"notBefore": time.Now().Add(time.Hour)}))
	gone := c.Queue(id, set("gone.example.net", object{"expires": time.Now().Add(300 * time.Millisecond)}))

	if expired := c.WaitTask(gone.ID, "expired"); len(expired.Attempts) != 0 {
		t.Errorf("the task that expired has %d attempts", len(expired.Attempts))
	}
	switchOn(t, phone)
	c.WaitTask(second.ID, "succeeded")
	begin := map[string]time.Time{}
	for name, task := range map[string]taskRecord{"urgent": urgent, "first": first, "second": second} {
		ended := c.WaitTask(task.ID, "succeeded")
		begin[name] = ended.Attempts[0].StartedAt
	}
	if begin["urgent"].After(begin["first"]) || begin["first"].After(begin["second"]) {
		t.Errorf("begun at %v, want urgent, first, second", begin)
	}
	holds(t, phone, ntp, "second.example.net")
	if c.WaitTask(bad.ID, "failed").Fault.Code != 9003 {
		t.Error("the task with a read-only parameter did not fail with 9003")
	}
	if ended := c.WaitTask(never.ID, "failed", "cancelled"); len(ended.Attempts) != 0 || ended.Fault == nil {
		t.Errorf("the task after one that failed: %s, %d attempts, fault %+v; want it to end unbegun with a reason", ended.State, len(ended.Attempts), ended.Fault)
	}
	if task := c.Task(later.ID); task.State != "queued" {
		t.Errorf("the task for later is %s, want queued", task.State)
	}
}

func TestTasksAreCancelledRetriedAndUnique(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone, id := offlinePhone(t, s, c, "CANCEL01")
	body := object{"kind": "setParameterValues", "uniqueKey": "clock", "parameters": []object{setting(ntp, "unique.example.net")}}

	task := c.Queue(id, body)
	duplicate := c.Post("devices/"+id+"/tasks", body).Problem(http.StatusConflict, "duplicate")
	if duplicate.Existing != task.ID {
		t.Errorf("the duplicate names %q as existing, want %s", duplicate.Existing, task.ID)
	}
	c.Post("tasks/"+task.ID+"/retry", nil).Problem(http.StatusConflict, "state")
	c.Post("tasks/"+task.ID+"/cancel", nil).Want(http.StatusOK)
	c.Post("tasks/"+task.ID+"/cancel", nil).Problem(http.StatusConflict, "state")
	wentThrough(t, c.Task(task.ID), "queued", "cancelled")

	var retried taskRecord
	c.Post("tasks/"+task.ID+"/retry", nil).Want(http.StatusAccepted).Decode(&retried)
	if retried.RetryOf != task.ID || retried.ID == task.ID || retried.State != "queued" {
		t.Errorf("retried as %+v, want a new queued task that names the old one", retried)
	}
	switchOn(t, phone)
	c.WaitTask(retried.ID, "succeeded")
	holds(t, phone, ntp, "unique.example.net")
	if n := phone.Executions()[cpe.Execution{Method: "SetParameterValues"}]; n == 0 {
		t.Errorf("executions %v lack SetParameterValues", phone.Executions())
	}
	var states []string
	for _, listed := range listAll[taskRecord](c, "devices/"+id+"/tasks", "filter", `kind = "setParameterValues" AND createdBy != "onboarding"`) {
		states = append(states, listed.State)
	}
	if diff := cmp.Diff([]string{"succeeded", "cancelled"}, states); diff != "" {
		t.Errorf("tasks of the device, the newest first (-want +got):\n%s", diff)
	}
}

func TestABulkTaskIsCountedFirstAndThenReachesEveryPhone(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	fleet := startFleet(t, s, 20)
	// The model is read in the first session, after the Inform that made the record.
	c.Eventually("20 devices are there, their models known", func() bool {
		devices := listAll[deviceRecord](c, "devices")
		unknown := func(d deviceRecord) bool { return d.Model == "" }
		return len(devices) == len(fleet) && !slices.ContainsFunc(devices, unknown)
	})

	body := object{"filter": `productClass = "CP-8841-3PCC"`, "kind": "setParameterValues", "connectionRequest": true,
		"parameters": []object{setting(ntp, "bulk.example.net")}, "dryRun": true}
	var dry struct {
		Matched int
		Sample  []deviceRecord
	}
	c.Post("tasks/bulk", body).Want(http.StatusOK).Decode(&dry)
	if dry.Matched != 20 || len(dry.Sample) == 0 || dry.Sample[0].Model == "" {
		t.Errorf("the dry run matches %d and shows %d, want 20 and some of them", dry.Matched, len(dry.Sample))
	}
	if made := listAll[taskRecord](c, "tasks", "filter", `createdBy != "onboarding"`); len(made) != 0 {
		t.Errorf("the dry run made %d tasks", len(made))
	}

	body["dryRun"] = false
	var bulk struct {
		State           string
		Queued, Refused int
	}
	posted := c.Post("tasks/bulk", body).Want(http.StatusAccepted)
	c.Eventually("the bulk is finished", func() bool {
		c.Get(posted.Header.Get("Location")).Want(http.StatusOK).Decode(&bulk)
		return bulk.State == "finished"
	})
	if bulk.Queued != 20 || bulk.Refused != 0 {
		t.Errorf("the bulk queued %d and was refused %d, want 20 and 0", bulk.Queued, bulk.Refused)
	}
	c.Eventually("all tasks of the bulk succeeded", func() bool {
		return len(listAll[taskRecord](c, "tasks", "filter", `createdBy != "onboarding" AND state = "succeeded"`)) == 20
	})
	for _, phone := range fleet {
		holds(t, phone, ntp, "bulk.example.net")
	}
	wrong := c.Post("tasks/bulk", object{"filter": "productClass ==", "kind": "reboot"}).Problem(http.StatusUnprocessableEntity, "invalid")
	if len(wrong.Errors) == 0 || !strings.HasPrefix(wrong.Errors[0].Location, "body.filter") {
		t.Errorf("errors %+v, want one at body.filter", wrong.Errors)
	}
}
