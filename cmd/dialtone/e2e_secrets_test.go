//go:build e2e

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// The marks are what must be found nowhere.
const (
	markConnectionRequest = "mark-connection-request-7Q"
	markSIP               = "mark-sip-8R"
	markDownload          = "mark-download-9S"
	markCWMP              = "mark-cwmp-1T"
	markMetrics           = "mark-metrics-3V"
)

func TestNoSecretIsInTheLogOrInAnyAnswer(t *testing.T) {
	t.Parallel()
	s := serve(t, "--log-level", "debug", "--cwmp-auth", "basic", "--cwmp-basic-without-tls", "--metrics-token", markMetrics, "--task-attempts", "1")
	c := s.Client("admin")
	id := c.provision("SECRET01", "secret-user", markCWMP).ID
	phone := s.startPhone(t, "SECRET01", login("secret-user", markCWMP))
	c.arrive(phone)
	stranger := s.startPhone(t, "SECRET02", login("secret-user", markCWMP+"x"))
	failsBy(t, stranger, cpe.ReasonAuthentication, 0)

	password := line + "1.SIP.AuthPassword"
	set := c.Succeed(id, object{"kind": "setParameterValues", "parameters": []object{
		setting(password, markSIP), setting("Device.ManagementServer.ConnectionRequestPassword", markConnectionRequest),
		setting(profile+"SIP.InboundAuthPassword", "1"),
	}}, nil)
	holds(t, phone, password, markSIP)
	if !strings.Contains(string(set.Args), `"secret":true`) {
		t.Errorf("the arguments are shown as %s, want the secrets marked", set.Args)
	}
	c.Run(id, object{"kind": "setParameterValues", "parameters": []object{setting(password, markSIP), setting(model, "x")}})
	readsSecrets(t, c, phone, id, password)
	downloadsWithAPassword(t, c, phone, id)
	refusedWithASecret(t, c, id)

	bulk := object{"filter": `serialNumber = "SECRET01"`, "kind": "setParameterValues", "parameters": []object{setting(password, markSIP)}}
	c.Post("tasks/bulk", bulk).Want(http.StatusAccepted)
	metrics := s.ClientWith(markMetrics).Get("/metrics").Want(http.StatusOK)
	if !strings.Contains(string(metrics.Body), "dialtone_") {
		t.Error("the metrics have nothing of dialtone's")
	}
	for _, path := range []string{"tasks", "devices/" + id, "devices/" + id + "/tasks", "audit", "tokens"} {
		c.Get(path).Want(http.StatusOK)
	}
	s.Restart()
	c.Get("tasks").Want(http.StatusOK)
	s.Stop()

	log := strings.ToLower(s.Log.String())
	generated, _ := phone.Parameter("Device.ManagementServer.ConnectionRequestPassword")
	for _, mark := range []string{markConnectionRequest, markSIP, markDownload, markCWMP, markMetrics, c.token, generated} {
		if strings.Contains(log, strings.ToLower(mark)) {
			t.Errorf("the log has the secret %s", mark)
		}
		if strings.Contains(s.Answers.String(), mark) {
			t.Errorf("an answer of the API has the secret %s", mark)
		}
	}
	if !strings.Contains(log, `"level":"debug"`) {
		t.Error("the log has nothing of level debug: nothing was tested")
	}
}

// readsSecrets reads passwords from the phone by every way there is.
func readsSecrets(t *testing.T, c *client, phone *cpe.Device, id, password string) {
	t.Helper()
	var result valuesResult
	c.Succeed(id, object{"kind": "getParameterValues", "paths": []string{password, line + "1.SIP."}}, &result)
	checkSecret(t, "the result", password, result.Values)
	c.Succeed(id, object{"kind": "refresh", "path": "Device.Services."}, nil)
	checkSecret(t, "the list of parameters", password, parametersBelow(c, id, line+"1.SIP."))
}

// checkSecret checks that a parameter is shown as one that is secret.
func checkSecret(t *testing.T, where, path string, values []valueRecord) {
	t.Helper()
	for _, v := range values {
		if v.Path == path {
			if v.Value != nil || !v.Secret {
				t.Errorf("%s shows %+v, want value null and secret true", where, v)
			}
			return
		}
	}
	t.Errorf("%s has no %s", where, path)
}

// downloadsWithAPassword makes the phone log in where it fetches a file.
func downloadsWithAPassword(t *testing.T, c *client, phone *cpe.Device, id string) {
	t.Helper()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); password != markDownload {
			w.Header().Set("WWW-Authenticate", `Basic realm="files"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte("configuration"))
	}))
	defer elsewhere.Close()
	task := c.Succeed(id, object{"kind": "download", "fileType": configurationType, "url": elsewhere.URL + "/phone.cfg", "username": "u", "password": markDownload}, nil)
	if len(phone.Files()) != 1 {
		t.Errorf("the phone took %d files, want 1", len(phone.Files()))
	}
	var args map[string]json.RawMessage
	if err := json.Unmarshal(task.Args, &args); err != nil || string(args["password"]) != "null" {
		t.Errorf("the arguments of the download are %s, want the password null", task.Args)
	}
}

// refusedWithASecret sends secrets in bodies that are refused: the problem must
// not repeat them.
func refusedWithASecret(t *testing.T, c *client, id string) {
	t.Helper()
	c.Post("devices/"+id+"/tasks", object{"kind": "setParameterValues", "parameters": []object{{"path": "Device.X.Password", "value": []string{markSIP}}}}).
		Problem(http.StatusUnprocessableEntity, "invalid")
	c.Post("devices/"+id+"/tasks", object{"kind": "download", "password": []string{markDownload}}).Problem(http.StatusUnprocessableEntity, "invalid")
	c.Post("devices", object{"mac": "nonsense", "cwmpUsername": "u", "cwmpPassword": markCWMP}).Problem(http.StatusUnprocessableEntity, "invalid")
	c.Post("devices", object{"mac": "000e08aaaaaa", "cwmpUsername": "u", "cwmpPassword": object{"x": markCWMP}}).Problem(http.StatusUnprocessableEntity, "invalid")
	c.Do(http.MethodPost, "devices", readerOf(`{"cwmpPassword":"`+markCWMP+`"`), "Content-Type", "application/json")
}
