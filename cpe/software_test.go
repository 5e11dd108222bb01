package cpe

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	unitOne = "00000000-0000-5000-8000-00000000000a"
	unitTwo = "00000000-0000-5000-8000-00000000000b"
)

// unitServer has a deployment unit at /VERSION, and one that asks for a password at
// /secret/VERSION.
func unitServer(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		version, secret := strings.CutPrefix(r.URL.Path, "/secret/")
		if username, password, _ := r.BasicAuth(); secret && (username != "phone" || password != "secret") {
			w.Header().Set("WWW-Authenticate", `Basic realm="files"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		if strings.Contains(version, "none") {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintf(w, "version: %s\n", strings.Trim(version, "/"))
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

// outcome writes results in short.
func outcome(results []cwmp.OpResultStruct) []string {
	var list []string
	for _, r := range results {
		s := r.CurrentState
		if r.Version != "" {
			s += " " + r.Version
		}
		if r.Fault.FaultCode != 0 {
			s += fmt.Sprintf(" fault %d", r.Fault.FaultCode)
		}
		list = append(list, s)
	}
	return list
}

func TestOperationsOnDeploymentUnitsAreDoneInOrder(t *testing.T) {
	url := unitServer(t)
	one := cwmp.InstallOpStruct{URL: url + "1.9", UUID: unitOne}
	for name, test := range map[string]struct {
		operations []cwmp.OperationStruct
		want       []string
		units      string
	}{
		"install":                               {[]cwmp.OperationStruct{one}, []string{"Installed 1.9"}, "1"},
		"install without a UUID":                {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1.9"}}, []string{"Installed 1.9"}, "1"},
		"install with a password":               {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "secret/2", Username: "phone", Password: "secret"}}, []string{"Installed 2"}, "1"},
		"install with a wrong password":         {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "secret/2", Username: "phone", Password: "wrong"}}, []string{"Failed fault 9012"}, "0"},
		"install in an environment":             {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1", ExecutionEnvRef: "Device.SoftwareModules.ExecEnv.1."}}, []string{"Installed 1"}, "1"},
		"install in a relative environment":     {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1", ExecutionEnvRef: ".SoftwareModules.ExecEnv.1"}}, []string{"Installed 1"}, "1"},
		"install in an unknown environment":     {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1", ExecutionEnvRef: "Device.SoftwareModules.ExecEnv.2."}}, []string{"Failed fault 9023"}, "0"},
		"install in what is no environment":     {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1", ExecutionEnvRef: "Device.Time."}}, []string{"Failed fault 9023"}, "0"},
		"install with a malformed UUID":         {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1", UUID: "1234"}}, []string{"Failed fault 9022"}, "0"},
		"install by ftp":                        {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: "ftp://files.example/a"}}, []string{"Failed fault 9013"}, "0"},
		"install what is not there":             {[]cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "none"}}, []string{"Failed fault 9016"}, "0"},
		"install twice":                         {[]cwmp.OperationStruct{one, one}, []string{"Installed 1.9", "Failed fault 9026"}, "1"},
		"install two versions":                  {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2.0", UUID: unitOne}}, []string{"Installed 1.9", "Installed 2.0"}, "2"},
		"update":                                {[]cwmp.OperationStruct{one, cwmp.UpdateOpStruct{UUID: unitOne, URL: url + "1.10"}}, []string{"Installed 1.9", "Installed 1.10"}, "1"},
		"update by the URL":                     {[]cwmp.OperationStruct{one, cwmp.UpdateOpStruct{URL: url + "1.9"}}, []string{"Installed 1.9", "Installed 1.9 fault 9032"}, "1"},
		"update by an unknown URL":              {[]cwmp.OperationStruct{one, cwmp.UpdateOpStruct{URL: url + "2"}}, []string{"Installed 1.9", "Failed fault 9028"}, "1"},
		"update to a lower version":             {[]cwmp.OperationStruct{one, cwmp.UpdateOpStruct{UUID: unitOne, URL: url + "1.8"}}, []string{"Installed 1.9", "Installed 1.9 fault 9030"}, "1"},
		"update of an unknown unit":             {[]cwmp.OperationStruct{cwmp.UpdateOpStruct{UUID: unitOne, URL: url + "1"}}, []string{"Failed fault 9028"}, "0"},
		"update with a malformed UUID":          {[]cwmp.OperationStruct{cwmp.UpdateOpStruct{UUID: strings.ReplaceAll(unitOne, "a", "g")}}, []string{"Failed fault 9022"}, "0"},
		"update of one of two without version":  {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2", UUID: unitOne}, cwmp.UpdateOpStruct{UUID: unitOne, URL: url + "3"}}, []string{"Installed 1.9", "Installed 2", "Failed fault 9031"}, "2"},
		"update of one of two":                  {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2", UUID: unitOne}, cwmp.UpdateOpStruct{UUID: unitOne, Version: "1.9", URL: url + "3"}}, []string{"Installed 1.9", "Installed 2", "Installed 3"}, "2"},
		"update of all":                         {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2", UUID: unitTwo}, cwmp.UpdateOpStruct{}}, []string{"Installed 1.9", "Installed 2", "Installed 1.9 fault 9032", "Installed 2 fault 9032"}, "2"},
		"uninstall":                             {[]cwmp.OperationStruct{one, cwmp.UninstallOpStruct{UUID: unitOne}}, []string{"Installed 1.9", "Uninstalled 1.9"}, "0"},
		"uninstall one of two":                  {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2", UUID: unitOne}, cwmp.UninstallOpStruct{UUID: unitOne, Version: "2"}}, []string{"Installed 1.9", "Installed 2", "Uninstalled 2"}, "1"},
		"uninstall both":                        {[]cwmp.OperationStruct{one, cwmp.InstallOpStruct{URL: url + "2", UUID: unitOne}, cwmp.UninstallOpStruct{UUID: unitOne}}, []string{"Installed 1.9", "Installed 2", "Uninstalled 1.9", "Uninstalled 2"}, "0"},
		"uninstall an unknown unit":             {[]cwmp.OperationStruct{cwmp.UninstallOpStruct{UUID: unitOne}}, []string{"Failed fault 9028"}, "0"},
		"uninstall without a UUID":              {[]cwmp.OperationStruct{cwmp.UninstallOpStruct{}}, []string{"Failed fault 9022"}, "0"},
		"uninstall from an unknown environment": {[]cwmp.OperationStruct{one, cwmp.UninstallOpStruct{UUID: unitOne, ExecutionEnvRef: "Device.SoftwareModules.ExecEnv.9."}}, []string{"Installed 1.9", "Failed fault 9023"}, "1"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newTestACS(t)
			d := start(t, testConfig(a))
			a.ask(&cwmp.ChangeDUState{Operations: test.operations, CommandKey: "key"})
			inform(t, d, cwmp.EventPeriodic)
			r := waitEvent(t, d, cwmp.EventDUStateChangeComplete)
			if diff := cmp.Diff([]string{"11 DU STATE CHANGE COMPLETE", "M ChangeDUState (key)"}, eventCodes(r.Events)); diff != "" {
				t.Error(diff)
			}
			complete := a.own[0].(*cwmp.DUStateChangeComplete)
			if diff := cmp.Diff(test.want, outcome(complete.Results)); diff != "" || complete.CommandKey != "key" {
				t.Errorf("%q\n%s", complete.CommandKey, diff)
			}
			for _, table := range []string{"DeploymentUnit", "ExecutionUnit"} {
				if got, _ := d.Parameter("Device.SoftwareModules." + table + "NumberOfEntries"); got != test.units {
					t.Errorf("%s of %s, want %s", got, table, test.units)
				}
			}
			if r := inform(t, d, cwmp.EventPeriodic); len(r.Events) != 1 || len(a.own) != 1 {
				t.Errorf("reported again: %v", eventCodes(r.Events))
			}
		})
	}
}

func TestADeploymentUnitIsInTheDataModelAndSurvivesAReboot(t *testing.T) {
	url := unitServer(t)
	a := newTestACS(t)
	d := start(t, testConfig(a))
	a.ask(&cwmp.ChangeDUState{Operations: []cwmp.OperationStruct{cwmp.InstallOpStruct{URL: url + "1"}}})
	inform(t, d, cwmp.EventPeriodic)
	waitEvent(t, d, cwmp.EventDUStateChangeComplete)
	r := a.own[0].(*cwmp.DUStateChangeComplete).Results[0]
	if !isUUID(r.UUID) || r.UUID[14] != '5' || !r.Resolved || r.DeploymentUnitRef != "Device.SoftwareModules.DeploymentUnit.1" ||
		r.ExecutionUnitRefList != "Device.SoftwareModules.ExecutionUnit.1" || !r.StartTime.Known() || !r.CompleteTime.Known() {
		t.Errorf("%+v", r)
	}
	a.ask(&cwmp.Reboot{CommandKey: "r"})
	inform(t, d, cwmp.EventPeriodic)
	waitEvent(t, d, cwmp.EventMReboot)
	for name, want := range map[string]string{"UUID": r.UUID, "Version": "1", "URL": url + "1", "Status": "Installed", "ExecutionEnvRef": "Device.SoftwareModules.ExecEnv.1"} {
		if got, _ := d.Parameter("Device.SoftwareModules.DeploymentUnit.1." + name); got != want {
			t.Errorf("%s holds %q, want %q", name, got, want)
		}
	}
	if got := summary(d.execute(&cwmp.DeleteObject{ObjectName: "Device.SoftwareModules.DeploymentUnit.1."})); got != "fault 9005" {
		t.Errorf("DeleteObject: %s", got)
	}
	if got := summary(d.execute(&cwmp.AddObject{ObjectName: "Device.SoftwareModules.DeploymentUnit."})); got != "fault 9005" {
		t.Errorf("AddObject: %s", got)
	}
	a.ask(&cwmp.FactoryReset{})
	inform(t, d, cwmp.EventPeriodic)
	waitEvent(t, d, cwmp.EventBootstrap)
	if got, _ := d.Parameter("Device.SoftwareModules.DeploymentUnitNumberOfEntries"); got != "0" {
		t.Errorf("%s units after a factory reset", got)
	}
}

func TestADisabledEnvironmentTakesNothing(t *testing.T) {
	url := unitServer(t)
	d := newTestDevice(t, testConfig(nil))
	d.execute(set(typed("Device.SoftwareModules.ExecEnv.1.Enable", "0", cwmp.TypeBoolean)))
	if r := d.installUnit(t.Context(), cwmp.InstallOpStruct{URL: url + "1"}); r.Fault.FaultCode != cwmp.FaultDisabledExecutionEnvironment {
		t.Errorf("%+v", r)
	}
}

func TestADeviceBearsSoManyDeploymentUnits(t *testing.T) {
	url := unitServer(t)
	d := newTestDevice(t, testConfig(nil))
	for i := range maxUnits + 1 {
		r := d.installUnit(t.Context(), cwmp.InstallOpStruct{URL: fmt.Sprintf("%s%d", url, i)})
		if full := r.Fault.FaultCode == cwmp.FaultSystemResourcesExceeded; full != (i == maxUnits) {
			t.Errorf("number %d: %+v", i, r.Fault)
		}
	}
}

func TestARequestWithoutSoundOperationsIsRefused(t *testing.T) {
	install := cwmp.OperationStruct(cwmp.InstallOpStruct{URL: "http://files.example/a"})
	for name, test := range map[string]struct {
		request *cwmp.ChangeDUState
		want    string
	}{
		"none":                   {&cwmp.ChangeDUState{}, "fault 9003"},
		"one of an unknown type": {&cwmp.ChangeDUState{Operations: []cwmp.OperationStruct{install, cwmp.UnknownOpStruct{Type: "x"}}}, "fault 9003"},
		"a long key":             {&cwmp.ChangeDUState{Operations: []cwmp.OperationStruct{install}, CommandKey: strings.Repeat("k", 33)}, "fault 9003"},
		"too many":               {&cwmp.ChangeDUState{Operations: make([]cwmp.OperationStruct, maxOperations+1)}, "fault 9004"},
	} {
		d := newTestDevice(t, testConfig(nil))
		if got := summary(d.execute(test.request)); got != test.want {
			t.Errorf("%s: %s, want %s", name, got, test.want)
		}
	}
}

func TestVersionsAreComparedByTheirNumbers(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"1.9", "1.10", -1}, {"1.10", "1.9", 1}, {"1.0", "1.0", 0}, {"app-2", "app-1.5", 1}, {"1", "1.0", -1}, {"a", "b", -1}} {
		if got := compareVersions(c.a, c.b); got != c.want {
			t.Errorf("%s and %s: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
