//go:build e2e

package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// curlDevice is a device whose HTTP is curl's: requests, authentication, cookies and
// the connection. Clients for routers are built on its library. What it says is
// this test's.
type curlDevice struct {
	tb       testing.TB
	url      string
	folder   string
	flags    []string
	values   map[string]string
	received []string
}

// curlBinary returns where curl is, or skips the test: it fails where everything must
// hold.
func curlBinary(tb testing.TB) string {
	tb.Helper()
	path, err := exec.LookPath("curl")
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		tb.Fatal("curl is needed")
	}
	tb.Skip("there is no curl on this machine")
	return ""
}

// post lets curl send a body, and returns the status and the body of the answer.
func (d *curlDevice) post(body []byte, flags ...string) (status int, answer []byte) {
	d.tb.Helper()
	in, out := filepath.Join(d.folder, "request.xml"), filepath.Join(d.folder, "answer.xml")
	if err := os.WriteFile(in, body, 0o600); err != nil {
		d.tb.Fatal(err)
	}
	_ = os.Remove(out)
	ctx, cancel := context.WithTimeout(d.tb.Context(), 30*time.Second)
	defer cancel()
	jar := filepath.Join(d.folder, "cookies")
	args := append([]string{"--silent", "--show-error", "--cookie", jar, "--cookie-jar", jar, "--header", "Content-Type: text/xml", "--header", `SOAPAction: ""`,
		"--data-binary", "@" + in, "--output", out, "--write-out", "%{http_code}"}, flags...)
	written, err := exec.CommandContext(ctx, curlBinary(d.tb), append(args, d.url)...).Output()
	if err != nil {
		d.tb.Fatalf("curl: %v", err)
	}
	if _, err := fmt.Sscan(string(written), &status); err != nil {
		d.tb.Fatalf("curl wrote %q: %v", written, err)
	}
	answer, _ = os.ReadFile(out) // There is none for an answer without a body.
	return status, answer
}

// session informs, and does what it is asked until nothing is asked any more.
func (d *curlDevice) session(inform string) {
	d.tb.Helper()
	_ = os.Remove(filepath.Join(d.folder, "cookies")) // A session begins without one.
	status, answer := d.post([]byte(inform), d.flags...)
	if status != http.StatusOK || !strings.Contains(string(answer), "InformResponse") {
		d.tb.Fatalf("Inform: status %d: %s", status, answer)
	}
	const most = 50
	var reply []byte
	for range most {
		if status, answer = d.post(reply); status == http.StatusNoContent {
			return
		}
		asked, err := cwmp.Decode(answer, cwmp.DefaultLimits())
		if status != http.StatusOK || err != nil {
			d.tb.Fatalf("status %d, %v: %s", status, err, answer)
		}
		d.received = append(d.received, asked.Message.Method())
		reply = []byte(envelope(asked.ID, d.reply(asked.Message)))
	}
	d.tb.Fatalf("the session does not end: %v", d.received)
}

func (d *curlDevice) reply(m cwmp.Message) string {
	switch m := m.(type) {
	case *cwmp.GetParameterValues:
		return d.read(m.ParameterNames)
	case *cwmp.SetParameterValues:
		for _, p := range m.ParameterList {
			d.values[p.Name] = p.Value
		}
		return "<cwmp:SetParameterValuesResponse><Status>0</Status></cwmp:SetParameterValuesResponse>"
	default:
		return curlFault(9000)
	}
}

func (d *curlDevice) read(names []string) string {
	var list strings.Builder
	count := 0
	for _, name := range names {
		for path, value := range d.values {
			if path == name || strings.HasSuffix(name, ".") && strings.HasPrefix(path, name) {
				fmt.Fprintf(&list, `<ParameterValueStruct><Name>%s</Name><Value xsi:type="xsd:string">%s</Value></ParameterValueStruct>`, path, value)
				count++
			}
		}
	}
	if count == 0 {
		return curlFault(9005)
	}
	return fmt.Sprintf(`<cwmp:GetParameterValuesResponse><ParameterList enc:arrayType="cwmp:ParameterValueStruct[%d]">%s</ParameterList></cwmp:GetParameterValuesResponse>`, count, &list)
}

func curlFault(code int) string {
	return fmt.Sprintf(`<soap:Fault><faultcode>Client</faultcode><faultstring>CWMP fault</faultstring><detail><cwmp:Fault><FaultCode>%d</FaultCode>`+
		`<FaultString>no</FaultString></cwmp:Fault></detail></soap:Fault>`, code)
}

// TestCurlAuthenticatesAndCompletesTasks authenticates with the Inform; the session's
// cookie does for the rest, as each POST is a curl of its own. A curl that is told to
// use Digest sends an empty POST before its first, to be asked for credentials.
func TestCurlAuthenticatesAndCompletesTasks(t *testing.T) {
	t.Parallel()
	curlBinary(t)
	for _, c := range []struct {
		name, auth string
		flags      []string
	}{
		{"without authentication", "none", nil},
		{"Basic", "basic", []string{"--basic", "--user", "curl-user:pass:wörd"}},
		{"Digest", "digest", []string{"--digest", "--user", "curl-user:pass:wörd"}},
		{"whatever is asked for: Basic", "basic", []string{"--anyauth", "--user", "curl-user:pass:wörd"}},
		{"whatever is asked for: Digest", "digest", []string{"--anyauth", "--user", "curl-user:pass:wörd"}},
		{"waiting for 100 Continue", "basic", []string{"--basic", "--user", "curl-user:pass:wörd", "--header", "Expect: 100-continue"}},
		{"HTTP 1.0", "digest", []string{"--digest", "--user", "curl-user:pass:wörd", "--http1.0"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--cwmp-auth", c.auth, "--cwmp-basic-without-tls")
			operator := s.Client("operator")
			var added deviceRecord
			operator.Post("devices", object{"oui": "00AABB", "productClass": "Raw", "serialNumber": "CURL01", "cwmpUsername": "curl-user", "cwmpPassword": "pass:wörd"}).Want(http.StatusCreated).Decode(&added)
			d := &curlDevice{tb: t, url: s.CWMPURL(), folder: t.TempDir(), flags: c.flags, values: map[string]string{ntp: "old.example.net", "Device.DeviceInfo.ModelName": "by hand"}}
			get := operator.Queue(added.ID, object{"kind": "getParameterValues", "paths": []string{ntp}})
			set := operator.Queue(added.ID, object{"kind": "setParameterValues", "parameters": []object{setting(ntp, "new.example.net")}})
			d.session(informOf("CURL01"))
			d.session(informOf("CURL01"))
			for _, task := range []taskRecord{get, set} {
				if ended := operator.Task(task.ID); ended.State != "succeeded" {
					t.Errorf("%s is %s, fault %+v; the device was asked %v", task.Kind, ended.State, ended.Fault, d.received)
				}
			}
			if result := string(operator.Task(get.ID).Result); d.values[ntp] != "new.example.net" || !strings.Contains(result, "old.example.net") {
				t.Errorf("the device holds %v, the result of reading was %s", d.values, result)
			}
			if name := d.values["Device.ManagementServer.ConnectionRequestUsername"]; name != added.ID {
				t.Errorf("onboarding left the connection-request name %q, want %q; the device was asked %v", name, added.ID, d.received)
			}
		})
	}
}
