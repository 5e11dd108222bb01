package cpe_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// then writes the envelope of a recorded message.
func then(t *testing.T, id string, m cwmp.Message) string {
	t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: id, HasID: true, Message: m})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// recorded is a session of a device that is asked for a value and to reboot.
func recorded(t *testing.T) []cpe.Recorded {
	t.Helper()
	message := func(direction, method, start, body string) cpe.Recorded {
		return cpe.Recorded{Session: "s", Direction: direction, Method: method, Start: start, Headers: []string{"Content-Type: text/xml"}, Body: body}
	}
	return []cpe.Recorded{
		message("fromDevice", "Inform", "POST / HTTP/1.1", then(t, "d1", &cwmp.Inform{DeviceID: cwmp.DeviceIDStruct{SerialNumber: "S1"}, Events: []cwmp.EventStruct{{EventCode: "1 BOOT"}}})),
		message("toDevice", "InformResponse", "HTTP/1.1 200 OK", then(t, "d1", &cwmp.InformResponse{MaxEnvelopes: 1})),
		message("fromDevice", "", "POST / HTTP/1.1", ""),
		message("toDevice", "GetParameterValues", "HTTP/1.1 200 OK", then(t, "old1", &cwmp.GetParameterValues{ParameterNames: []string{"Device.A"}})),
		message("fromDevice", "GetParameterValuesResponse", "POST / HTTP/1.1", then(t, "old1", &cwmp.GetParameterValuesResponse{ParameterList: []cwmp.ParameterValueStruct{{Name: "Device.A", Value: "old1"}}})),
		message("toDevice", "Reboot", "HTTP/1.1 200 OK", then(t, "old2", &cwmp.Reboot{})),
		message("fromDevice", "RebootResponse", "POST / HTTP/1.1", then(t, "old2", &cwmp.RebootResponse{})),
		message("toDevice", "", "HTTP/1.1 204 No Content", ""),
	}
}

// acsOf answers the requests of a device one after another, an empty text by 204,
// and keeps what came.
func acsOf(t *testing.T, answers ...string) (url string, got *[]string) {
	t.Helper()
	got = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		*got = append(*got, string(body))
		if n := len(*got); n > len(answers) || answers[n-1] == "" {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_, _ = io.WriteString(w, answers[len(*got)-1])
	}))
	t.Cleanup(server.Close)
	return server.URL, got
}

func replay(t *testing.T, url string) (cpe.ReplayReport, []string) {
	t.Helper()
	var steps []string
	report, err := cpe.Replay(t.Context(), cpe.ReplayConfig{ACSURL: url, Messages: recorded(t), Step: func(s cpe.ReplayStep) {
		steps = append(steps, fmt.Sprintf("%s: %s %v", s.Sent, s.Got, s.Different))
	}})
	if err != nil {
		t.Fatal(err)
	}
	return report, steps
}

func TestAReplayAnswersWithTheIDsOfNow(t *testing.T) {
	url, got := acsOf(t, then(t, "d1", &cwmp.InformResponse{MaxEnvelopes: 1}), then(t, "new1", &cwmp.GetParameterValues{ParameterNames: []string{"Device.A"}}), then(t, "new2", &cwmp.Reboot{}), "")
	report, steps := replay(t, url)
	if report != (cpe.ReplayReport{Sessions: 1, Requests: 4}) {
		t.Errorf("report %+v, steps %v", report, steps)
	}
	for i, id := range map[int]string{2: ">new1<", 3: ">new2<"} {
		if !strings.Contains((*got)[i], id) {
			t.Errorf("request %d: %s", i, (*got)[i])
		}
	}
	if !strings.Contains((*got)[2], "old1</Value>") {
		t.Error("a value that looks like the ID was changed")
	}
}

func TestAReplaySaysWhereTheACSDoesSomethingElse(t *testing.T) {
	url, got := acsOf(t, then(t, "d1", &cwmp.InformResponse{MaxEnvelopes: 1}), then(t, "a", &cwmp.Reboot{}), then(t, "b", &cwmp.FactoryReset{}), "")
	report, steps := replay(t, url)
	if want := "Inform: InformResponse false|empty POST: Reboot true|RebootResponse: FactoryReset true|Fault: 204 false"; report.Different != 2 || strings.Join(steps, "|") != want {
		t.Errorf("report %+v, steps %q", report, strings.Join(steps, "|"))
	}
	if !strings.Contains((*got)[3], "9002") {
		t.Errorf("FactoryReset, to which nothing is recorded, was answered with %s", (*got)[3])
	}
}

func TestAFileThatIsNoTraceIsRefused(t *testing.T) {
	for name, text := range map[string]string{"no JSON": "x", "no direction": `{"session":"s"}`} {
		if _, err := cpe.ReadRecorded(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
	if _, err := cpe.Replay(t.Context(), cpe.ReplayConfig{ACSURL: "http://127.0.0.1:1"}); err == nil {
		t.Error("nothing was played")
	}
}
