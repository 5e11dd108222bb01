//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// arrive brings a phone with a login of its own.
func (m *marked) arrive() {
	password := m.plant("CWMP password of the phone")
	m.id = m.admin.provision("MARKED01", "marked-user", password).ID
	m.phone = m.server.startPhone(m.t, "MARKED01", func(config *cpe.Config) {
		login("marked-user", password)(config)
		config.Hooks.BeforeRPC = func(request cwmp.Message) error {
			if download, ok := request.(*cwmp.Download); ok {
				m.link.Store(download.URL)
			}
			return nil
		}
		config.Hooks.Fault = m.telltaleFault
	})
	m.admin.arrive(m.phone)
	generated, _ := m.phone.Parameter("Device.ManagementServer.ConnectionRequestPassword")
	m.add(m.t, "connection-request password that onboarding made", generated)
}

// telltaleFault refuses a password, and tells it in its text, as a careless device does.
func (m *marked) telltaleFault(request cwmp.Message) *cwmp.Fault {
	set, ok := request.(*cwmp.SetParameterValues)
	if !ok {
		return nil
	}
	for _, p := range set.ParameterList {
		if p.Name == line+"2.SIP.AuthPassword" {
			text := "cannot set " + p.Name + " to " + p.Value
			fault := cwmp.NewFault(9003, text)
			fault.ParameterFaults = []cwmp.SetParameterValuesFault{{ParameterName: p.Name, Code: 9007, String: text}}
			return fault
		}
	}
	return nil
}

func (m *marked) tasksThatSucceed() {
	password := line + "1.SIP.AuthPassword"
	mark := m.plant("password of a line, set by a task")
	m.admin.Succeed(m.id, object{"kind": "setParameterValues", "parameters": []object{
		setting(password, mark), setting("Device.ManagementServer.ConnectionRequestPassword", m.plant("connection-request password, set by a task")),
	}}, nil)
	holds(m.t, m.phone, password, mark)
	m.admin.Succeed(m.id, object{"kind": "getParameterValues", "paths": []string{password, line + "1.SIP."}}, nil)
	m.admin.Succeed(m.id, object{"kind": "setParameterAttributes", "parameters": []object{{"path": password, "notification": 2}}}, nil)
	before := m.phone.Sessions()
	if err := m.phone.SetLocal(password, m.plant("password of a line, told in an Inform")); err != nil {
		m.t.Fatal(err)
	}
	waitPhone(m.t, m.phone, "tells the password that was changed on it", func() bool { return m.phone.Sessions() > before })
	if err := m.phone.SetLocal(line+"2.SIP.AuthPassword", m.plant("password of a line, read from the phone")); err != nil {
		m.t.Fatal(err)
	}
	m.admin.Succeed(m.id, object{"kind": "refresh", "path": "Device."}, nil)
	var begun struct{ ID string }
	m.admin.Post("tasks/bulk", object{"filter": `serialNumber = "MARKED01"`, "kind": "setParameterValues", "parameters": []object{setting(password, m.plant("password of a line, set in bulk"))}}).
		Want(http.StatusAccepted).Decode(&begun)
	m.bulk = begun.ID
	m.shown.Post("devices/"+m.id+"/parameters/reveal", object{"path": password}).Want(http.StatusOK)
}

func (m *marked) tasksThatFail() {
	path := "devices/" + m.id + "/tasks"
	failed := m.admin.Run(m.id, object{"kind": "setParameterValues", "parameters": []object{setting(line+"1.SIP.AuthPassword", m.plant("password of a task that failed")), setting(model, "x")}})
	told := m.admin.Run(m.id, object{"kind": "setParameterValues", "parameters": []object{setting(line+"2.SIP.AuthPassword", m.plant("password that the phone's fault tells"))}})
	if failed.State != "failed" || told.State != "failed" {
		m.t.Errorf("the tasks are %s and %s, want both failed", failed.State, told.State)
	}
	for i, task := range []object{
		{"kind": "setParameterValues", "parameters": []object{{"path": "Device.X.Password", "value": []string{m.plant("password of another JSON type")}}}},
		{"kind": "setParameterValues", "parameters": []object{{"path": "Device..Password", "value": m.plant("password at a wrong path")}}},
		{"kind": "setParameterValues", "parameters": []object{{"path": "Device.X.Password", "value": m.plant("password of a wrong type"), "type": "xsd:int"}}},
		{"kind": "download", "fileType": "none", "url": "nonsense", "username": "u", "password": m.plant("password of a wrong download")},
		{"kind": m.plant("kind of a task"), "password": m.plant("password of no task")},
	} {
		answer := m.admin.Post(path, task)
		if i == 4 {
			delete(m.places, "kind of a task") // Who sends what is no secret is told what it was.
		}
		if answer.Status < 400 {
			m.admin.WaitTask(answerID(answer), "failed", "succeeded", "queued")
		}
	}
	m.admin.Post(path, object{"kind": "upload", "fileType": "1 Vendor Configuration File", "url": "http://127.0.0.1:9/", "username": "u", "password": m.plant("password of an upload")})
}

func answerID(a answer) string {
	var made struct{ ID string }
	a.Decode(&made)
	return made.ID
}

func (m *marked) downloads() {
	password := m.plant("password of a download")
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, given, _ := r.BasicAuth(); given != password {
			w.Header().Set("WWW-Authenticate", `Basic realm="files"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte("configuration"))
	}))
	m.t.Cleanup(elsewhere.Close)
	m.admin.Succeed(m.id, object{"kind": "download", "fileType": configurationType, "url": elsewhere.URL + "/phone.cfg", "username": "u", "password": password}, nil)
	m.admin.Run(m.id, object{"kind": "download", "fileType": configurationType, "url": elsewhere.URL + "/phone.cfg", "username": "u", "password": m.plant("wrong password of a download")})
	m.admin.Post("devices/"+m.id+"/tasks", object{"kind": "download", "fileType": configurationType, "url": "http://u:" + m.plant("password in a URL") + "@127.0.0.1:9/phone.cfg"})

	m.admin.upload("marked.cfg", configurationType, noise(4, 1000))
	m.admin.Succeed(m.id, object{"kind": "download", "file": "marked.cfg"}, nil)
	link, _ := m.link.Load().(string)
	parts := strings.Split(link, "/")
	if len(parts) < 3 || !strings.HasSuffix(link, "/marked.cfg") {
		m.t.Fatalf("the phone was sent to %q for its file", link)
	}
	m.add(m.t, "what opens the link to a file", parts[len(parts)-2])
	other := m.server.ClientWith("")
	other.base = strings.TrimSuffix(link, "/marked.cfg")
	other.Get("/another.cfg").Want(http.StatusNotFound)
}

// strangers are phones whose credentials are wrong.
func (m *marked) strangers() {
	for i, as := range []func(*cpe.Config){
		login("marked-user", m.plant("wrong CWMP password")), login("nobody", m.plant("CWMP password of a name that there is not")),
	} {
		failsBy(m.t, m.server.startPhone(m.t, fmt.Sprintf("STRANGE%02d", i), as), cpe.ReasonAuthentication, 0)
	}
	m.admin.Do(http.MethodPatch, "devices/"+m.id, object{"cwmpUsername": "marked-user", "cwmpPassword": m.plant("CWMP password that was set anew")}, "Content-Type", "application/merge-patch+json").Want(http.StatusOK)
	m.admin.Do(http.MethodPatch, "devices/"+m.id, object{"cwmpUsername": "marked-user", "cwmpPassword": m.places["CWMP password of the phone"]}, "Content-Type", "application/merge-patch+json").Want(http.StatusOK)
}

// badMessages sends secrets to the CWMP listener in all that it refuses.
func (m *marked) badMessages() {
	value := func(mark string) string {
		return strings.Replace(informOf("BAD01"), "Device.DeviceInfo.SoftwareVersion</Name><Value xsi:type=\"xsd:string\">1", line+"1.SIP.AuthPassword</Name><Value xsi:type=\"xsd:string\">"+mark, 1)
	}
	basic := func(password string) string {
		r, _ := http.NewRequest(http.MethodPost, "/", nil)
		r.SetBasicAuth("marked-user", password)
		return r.Header.Get("Authorization")
	}
	cut := value(m.plant("password in a message without its end"))
	for _, bad := range []struct {
		body    string
		headers []string
	}{
		{value(m.plant("password in an Inform without credentials")), nil},
		{cut[:strings.Index(cut, "-end")+4], []string{"Authorization", basic(m.places["CWMP password of the phone"])}},
		{value(m.plant("password in an Inform of another device")), []string{"Authorization", basic(m.places["CWMP password of the phone"])}},
		{"<Password>" + m.plant("password that is no SOAP") + "</Password>", []string{"Authorization", basic(m.places["CWMP password of the phone"])}},
		{informOf("BAD02"), []string{"Authorization", basic(m.plant("wrong password of Basic"))}},
		{informOf("BAD02"), []string{"Authorization", "Basic " + m.plant("what is no base64")}},
		{informOf("BAD02"), []string{"Authorization", "Digest " + m.plant("what is no Digest")}},
		{informOf("BAD02"), []string{"Authorization", `Digest username="marked-user", realm="x", nonce="` + m.plant("nonce of Digest") + `", uri="/", response="` + m.plant("response of Digest") + `"`}},
		{informOf("BAD02"), []string{"Authorization", "Bearer " + m.plant("Bearer to the CWMP listener")}},
		{"", []string{"Cookie", "session=" + m.plant("cookie of no session")}},
		{informOf("BAD02"), []string{"Content-Encoding", "gzip", "X-Password", m.plant("password in a header")}},
		{informOf("BAD02"), []string{"SOAPAction", "x", "Proxy-Authorization", "Basic " + m.plant("credentials for a proxy")}},
	} {
		m.server.rawDevice(m.t).post(bad.body, bad.headers...)
	}
	for _, address := range []string{m.server.CWMP, m.server.Web, m.server.Files} {
		exchangeBytes(m.t, address, "POST / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer "+m.plant("header of HTTP that is refused at "+address)+"\r\nX : y\r\n\r\n")
		exchangeBytes(m.t, address, "PASSWORD "+m.plant("line of no HTTP at "+address)+"\r\n\r\n")
	}
}

// connectionRequests calls the phone with a password that it does not take.
func (m *marked) connectionRequests() {
	m.admin.Post("devices/"+m.id+"/connectionRequest", nil).Want(http.StatusOK)
	if err := m.phone.SetLocal("Device.ManagementServer.ConnectionRequestPassword", m.plant("connection-request password that the server does not know")); err != nil {
		m.t.Fatal(err)
	}
	var call struct{ Reached bool }
	m.admin.Post("devices/"+m.id+"/connectionRequest", nil).Want(http.StatusOK).Decode(&call)
	if call.Reached {
		m.t.Error("the phone was reached with a password that is not its own")
	}
}
