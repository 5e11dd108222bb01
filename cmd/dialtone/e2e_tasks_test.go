//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cpe"
)

// Places in the data model of the simulated phone.
const (
	profile = "Device.Services.VoiceService.1.VoiceProfile.1."
	line    = profile + "Line."
	ntp     = "Device.Time.NTPServer1"
	zone    = "Device.Time.LocalTimeZone"
	model   = "Device.DeviceInfo.ModelName"
)

// valueRecord is a value as results and parameter lists show it.
type valueRecord struct {
	Path   string  `json:"path"`
	Value  *string `json:"value"`
	Type   string  `json:"type"`
	Secret bool    `json:"secret"`
}

type valuesResult struct {
	Values []valueRecord `json:"values"`
	Faults []struct {
		Path string `json:"path"`
		Code int    `json:"code"`
	} `json:"faults"`
}

func setting(path, value string) object { return object{"path": path, "value": value} }

func holds(t *testing.T, phone *cpe.Device, path, want string) {
	t.Helper()
	if got, ok := phone.Parameter(path); !ok || got != want {
		t.Errorf("the phone holds %s = %q (%t), want %q", path, got, ok, want)
	}
}

// TestEveryKindOfTaskSucceedsAndItsResultIsWhatThePhoneHolds goes on with one
// phone: its parts build on each other.
func TestEveryKindOfTaskSucceedsAndItsResultIsWhatThePhoneHolds(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone := s.startPhone(t, "KINDS01", nil)
	id := c.arrive(phone).ID

	t.Run("getParameterValues", func(t *testing.T) { readsValues(t, c, phone, id) })
	t.Run("setParameterValues", func(t *testing.T) { setsValues(t, c, phone, id) })
	t.Run("getParameterNames", func(t *testing.T) { readsNames(t, c, phone, id) })
	t.Run("attributes", func(t *testing.T) { readsAndSetsAttributes(t, c, id) })
	t.Run("addObject and deleteObject", func(t *testing.T) { addsAndDeletesAnObject(t, c, phone, id) })
	t.Run("refresh", func(t *testing.T) { refreshes(t, c, phone, id) })
	t.Run("getRPCMethods", func(t *testing.T) {
		var result struct{ Methods []string }
		c.Succeed(id, object{"kind": "getRPCMethods"}, &result)
		for _, method := range []string{"GetRPCMethods", "SetParameterValues", "Download", "FactoryReset"} {
			if !slices.Contains(result.Methods, method) {
				t.Errorf("methods %v lack %s", result.Methods, method)
			}
		}
	})
	t.Run("reboot", func(t *testing.T) {
		task := c.Succeed(id, object{"kind": "reboot"}, nil)
		wentThrough(t, task, "queued", "running", "waiting", "succeeded")
		if n := phone.Counters()["Reboot"]; n != 1 {
			t.Errorf("the phone rebooted %d times, want once", n)
		}
		waitPhone(t, phone, "ends the session with M Reboot", func() bool { return phone.LastSession().HasEvent("M Reboot") })
	})
	t.Run("factoryReset", func(t *testing.T) {
		task := c.Succeed(id, object{"kind": "factoryReset"}, nil)
		wentThrough(t, task, "queued", "running", "waiting", "succeeded")
		holds(t, phone, ntp, "0.pool.ntp.org")
		if n := phone.Counters()["FactoryReset"]; n != 1 {
			t.Errorf("the phone was reset %d times, want once", n)
		}
		// It has lost what the server gave it, and is given it anew.
		var result valuesResult
		c.Succeed(id, object{"kind": "getParameterValues", "paths": []string{ntp}}, &result)
		if name, _ := phone.Parameter("Device.ManagementServer.ConnectionRequestUsername"); name != id {
			t.Errorf("after the reset the phone's connection request user name is %q, want the device's id", name)
		}
	})
}

// wentThrough checks the states of a task and that their times go forward.
func wentThrough(t *testing.T, task taskRecord, states ...string) {
	t.Helper()
	if diff := cmp.Diff(states, task.states()); diff != "" {
		t.Errorf("states of %s (-want +got):\n%s", task.Kind, diff)
	}
	last := task.CreatedAt
	for _, step := range task.Timeline {
		if step.At.Before(last) {
			t.Errorf("%s became %s at %s, before what came before it", task.Kind, step.State, step.At)
		}
		last = step.At
	}
	if task.FinishedAt == nil || !task.FinishedAt.Equal(last) {
		t.Errorf("%s finished at %v, its last state is from %s", task.Kind, task.FinishedAt, last)
	}
}

func readsValues(t *testing.T, c *client, phone *cpe.Device, id string) {
	var result valuesResult
	paths := []string{model, ntp, "Device.DeviceInfo.SoftwareVersion", "Device.Time."}
	c.Succeed(id, object{"kind": "getParameterValues", "paths": paths}, &result)
	if len(result.Faults) != 0 || len(result.Values) < 10 {
		t.Fatalf("%d values, faults %v; want the 10 of Device.Time. and more, without faults", len(result.Values), result.Faults)
	}
	for _, v := range result.Values {
		if strings.HasSuffix(v.Path, "CurrentLocalTime") {
			continue
		}
		if want, ok := phone.Parameter(v.Path); !ok || v.Value == nil || *v.Value != want || !strings.HasPrefix(v.Type, "xsd:") {
			t.Errorf("result has %+v, the phone holds %q", v, want)
		}
	}
}

func setsValues(t *testing.T, c *client, phone *cpe.Device, id string) {
	before := phone.Counters()["SetParameterValues"]
	var result struct{ Status *int }
	task := object{"kind": "setParameterValues", "parameterKey": "key-1", "parameters": []object{
		setting(ntp, "ntp.example.net"), {"path": line + "1.DirectoryNumber", "value": 4711}, {"path": "Device.UserInterface.PasswordRequired", "value": true, "type": "xsd:boolean"},
		setting(line+"1.SIP.URI", "sip:ä&<>\"'ß@example.net"),
	}}
	c.Succeed(id, task, &result)
	if result.Status == nil || *result.Status != 0 {
		t.Errorf("status %v, want 0", result.Status)
	}
	holds(t, phone, ntp, "ntp.example.net")
	holds(t, phone, line+"1.DirectoryNumber", "4711")
	holds(t, phone, "Device.UserInterface.PasswordRequired", "1")
	holds(t, phone, line+"1.SIP.URI", "sip:ä&<>\"'ß@example.net")
	holds(t, phone, "Device.ManagementServer.ParameterKey", "key-1")
	c.Succeed(id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "ntp.example.net")}}, nil)
	if n := phone.Counters()["SetParameterValues"] - before; n != 2 {
		t.Errorf("the RPC was sent %d times, want 2: a value that is so already is sent all the same", n)
	}
	var unchanged struct{ Unchanged bool }
	c.Succeed(id, object{"kind": "setParameterValues", "onlyIfDifferent": true, "parameters": []object{setting(ntp, "ntp.example.net")}}, &unchanged)
	if n := phone.Counters()["SetParameterValues"] - before; n != 2 || !unchanged.Unchanged {
		t.Errorf("onlyIfDifferent: the RPC was sent %d times, want no third; result %+v", n, unchanged)
	}
}

func readsNames(t *testing.T, c *client, phone *cpe.Device, id string) {
	var children, all struct {
		Names []struct {
			Path     string
			Writable bool
		}
	}
	c.Succeed(id, object{"kind": "getParameterNames", "path": "Device.", "nextLevel": true}, &children)
	c.Succeed(id, object{"kind": "getParameterNames", "path": "Device.DeviceInfo."}, &all)
	if len(children.Names) < 5 || len(children.Names) > 12 {
		t.Errorf("the next level below Device. has %d names", len(children.Names))
	}
	held := 0
	for _, p := range phone.Parameters() {
		if strings.HasPrefix(p.Name, "Device.DeviceInfo.") {
			held++
		}
	}
	parameters := 0
	for _, name := range all.Names {
		if strings.HasSuffix(name.Path, ".") {
			continue
		}
		parameters++
		if want := strings.HasSuffix(name.Path, "ProvisioningCode"); name.Writable != want {
			t.Errorf("%s: writable %t, want %t", name.Path, name.Writable, want)
		}
	}
	if parameters != held {
		t.Errorf("%d names below DeviceInfo, the phone has %d", parameters, held)
	}
}

func readsAndSetsAttributes(t *testing.T, c *client, id string) {
	c.Succeed(id, object{"kind": "setParameterAttributes", "parameters": []object{
		{"path": zone, "accessList": []string{"Subscriber"}}, {"path": ntp, "notification": 1, "accessList": []string{"Subscriber"}},
	}}, nil)
	c.Succeed(id, object{"kind": "setParameterAttributes", "parameters": []object{
		{"path": zone, "notification": 2}, {"path": ntp, "accessList": []string{}},
	}}, nil)
	var result struct {
		Attributes []struct {
			Path         string
			Notification int
			AccessList   []string
		}
	}
	c.Succeed(id, object{"kind": "getParameterAttributes", "paths": []string{zone, ntp}}, &result)
	notification, list := map[string]int{}, map[string]int{}
	for _, a := range result.Attributes {
		notification[a.Path], list[a.Path] = a.Notification, len(a.AccessList)
	}
	if diff := cmp.Diff(map[string]int{zone: 2, ntp: 1}, notification); diff != "" {
		t.Errorf("notification (-want +got):\n%s", diff)
	}
	if list[zone] != 1 || list[ntp] != 0 {
		t.Errorf("access lists %v: what was not given must be unchanged, an empty list must be set", list)
	}
}

func addsAndDeletesAnObject(t *testing.T, c *client, phone *cpe.Device, id string) {
	var added struct {
		InstanceNumber int
		Status         *int
	}
	task := c.Succeed(id, object{"kind": "addObject", "objectName": line, "parameters": []object{
		setting("DirectoryNumber", "200"), setting("SIP.AuthUserName", "user-200"), setting("Enable", "Enabled"),
	}}, &added)
	instance := fmt.Sprintf("%s%d.", line, added.InstanceNumber)
	if added.InstanceNumber != 3 || added.Status == nil || *added.Status != 0 {
		t.Errorf("result %s, want instance 3 with status 0", task.Result)
	}
	holds(t, phone, instance+"DirectoryNumber", "200")
	holds(t, phone, instance+"SIP.AuthUserName", "user-200")
	holds(t, phone, profile+"NumberOfLines", "3")
	if shown := parametersBelow(c, id, instance); len(shown) == 0 {
		t.Errorf("the server knows nothing below %s", instance)
	}

	var deleted struct{ Status *int }
	c.Succeed(id, object{"kind": "deleteObject", "objectName": instance}, &deleted)
	if deleted.Status == nil || *deleted.Status != 0 {
		t.Errorf("status of deleteObject %v, want 0", deleted.Status)
	}
	if _, ok := phone.Parameter(instance + "DirectoryNumber"); ok {
		t.Errorf("the phone still has %s", instance)
	}
	if shown := parametersBelow(c, id, instance); len(shown) != 0 {
		t.Errorf("the server still shows %d parameters below %s", len(shown), instance)
	}
	for _, execution := range []string{"AddObject", "DeleteObject"} {
		if n := phone.Counters()[execution]; n != 1 {
			t.Errorf("%s was executed %d times, want once", execution, n)
		}
	}
}

func parametersBelow(c *client, id, path string) []valueRecord {
	c.tb.Helper()
	return listAll[valueRecord](c, "devices/"+id+"/parameters", "path", path)
}

func refreshes(t *testing.T, c *client, phone *cpe.Device, id string) {
	var result struct {
		Names, Values int
		Faults        []any
	}
	c.Succeed(id, object{"kind": "refresh", "path": ""}, &result)
	if result.Values != len(phone.Parameters()) || result.Names < result.Values || len(result.Faults) != 0 {
		t.Errorf("refresh read %d names and %d values with %d faults, the phone has %d parameters", result.Names, result.Values, len(result.Faults), len(phone.Parameters()))
	}
	shown := map[string]valueRecord{}
	for _, p := range parametersBelow(c, id, "") {
		shown[p.Path] = p
	}
	for _, p := range phone.Parameters() {
		got, ok := shown[p.Name]
		changing := strings.Contains(p.Name, "Time") || strings.Contains(p.Name, "UpTime")
		if !ok || !got.Secret && !changing && (got.Value == nil || *got.Value != p.Value) {
			t.Errorf("the list shows %+v (%t), the phone holds %s = %q", got, ok, p.Name, p.Value)
		}
	}
}

func TestARequestThatThePhoneRefusesEndsWithItsFaults(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	phone := s.startPhone(t, "REFUSE01", nil)
	id := c.arrive(phone).ID

	task := c.Run(id, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "changed.example.net"), setting(model, "mine")}})
	if task.State != "failed" || task.Fault == nil || task.Fault.Code != 9003 {
		t.Fatalf("%s with fault %+v, want failed with 9003", task.State, task.Fault)
	}
	if len(task.Fault.Parameters) != 1 || task.Fault.Parameters[0].Path != model || task.Fault.Parameters[0].Code != 9008 {
		t.Errorf("faults of parameters %+v, want 9008 for %s", task.Fault.Parameters, model)
	}
	holds(t, phone, ntp, "0.pool.ntp.org")

	paths := []string{"Device.DeviceInfo.NoSuchThing"}
	for _, p := range phone.Parameters()[:19] {
		paths = append(paths, p.Name)
	}
	var result valuesResult
	c.Succeed(id, object{"kind": "getParameterValues", "paths": paths}, &result)
	if len(result.Values) != 19 || len(result.Faults) != 1 || result.Faults[0].Path != paths[0] || result.Faults[0].Code != 9005 {
		t.Errorf("%d values and faults %+v, want 19 values and 9005 for %s", len(result.Values), result.Faults, paths[0])
	}
	if none := c.Run(id, object{"kind": "getParameterValues", "paths": paths[:1]}); none.State != "failed" || none.Fault.Code != 9005 {
		t.Errorf("with no good name: %s with fault %+v, want failed with 9005", none.State, none.Fault)
	}
	if wrong := c.Run(id, object{"kind": "addObject", "objectName": "Device.Nothing."}); wrong.State != "failed" || wrong.Fault.Code != 9005 {
		t.Errorf("addObject to what is not there: %s with fault %+v, want failed with 9005", wrong.State, wrong.Fault)
	}
}

func TestABodyThatIsNoTaskIsRefusedWithItsPlace(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("operator")
	id := c.arrive(s.startPhone(t, "BODY01", nil)).ID
	for name, test := range map[string]struct {
		body     object
		location string
	}{
		"no kind":                     {object{}, "body.kind"},
		"a kind that is none":         {object{"kind": "selfDestruct"}, "body.kind"},
		"no paths":                    {object{"kind": "getParameterValues"}, "body.paths"},
		"a path of the wrong type":    {object{"kind": "getParameterValues", "paths": "x"}, "body.paths"},
		"a parameter without a path":  {object{"kind": "setParameterValues", "parameters": []object{{"value": "1"}}}, "body.parameters[0].path"},
		"an object without its dot":   {object{"kind": "addObject", "objectName": "Device.X"}, "body.objectName"},
		"both file and url":           {object{"kind": "download", "file": "a", "url": "http://x/"}, "body"},
		"an argument of another kind": {object{"kind": "reboot", "paths": []string{"x"}}, "body.paths"},
		"an end in the past":          {object{"kind": "reboot", "expires": "2001-01-01T00:00:00Z"}, "body.expires"},
	} {
		t.Run(name, func(t *testing.T) {
			p := c.Post("devices/"+id+"/tasks", test.body).Problem(http.StatusUnprocessableEntity, "invalid")
			if len(p.Errors) == 0 || !strings.HasPrefix(p.Errors[0].Location, test.location) {
				t.Errorf("errors %+v, want one at %s", p.Errors, test.location)
			}
		})
	}
	c.Post("devices/"+url.PathEscape("NO-SUCH-DEVICE")+"/tasks", object{"kind": "reboot"}).Problem(http.StatusNotFound, "not-found")
}
