package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/ciscophone"
)

// profileServer is a server of one profile for every phone, which sends it to an ACS.
func profileServer(t *testing.T, acs string) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `<flat-profile><Line_Enable_1_>Yes</Line_Enable_1_><User_ID_1_>200</User_ID_1_><Password_1_>told-to-nobody</Password_1_>
			<Proxy_1_>sip.example</Proxy_1_><ACS_URL>`+acs+`</ACS_URL><Enable_TR-069>Yes</Enable_TR-069></flat-profile>`)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestSimLetsCiscoPhonesGoBothRoads(t *testing.T) {
	args := []string{
		"sim", "--dhcp-66", profileServer(t, answeringACS(t)), "--devices", "2", "--duration", "400ms", "--held", "--json",
		"--change", "Display_Name_1_=Ada = 1", "--change-after", "100ms",
	}
	var out, errors bytes.Buffer
	if code := run(context.Background(), args, &out, &errors); code != 0 {
		t.Fatalf("exit code %d: %s", code, errors.String())
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 3 || strings.Contains(out.String(), "told-to-nobody") || !strings.Contains(lines[1], `"displayName":"Ada = 1"`) {
		t.Fatalf("wrote %s", out.String())
	}
	var summary map[string]ciscophone.Report
	if err := json.Unmarshal([]byte(lines[2]), &summary); err != nil {
		t.Fatal(err)
	}
	if r := summary["summary"]; r.Provisioned != 2 || r.Managed != 2 || r.SessionsCompleted < 2 {
		t.Errorf("report %+v", r)
	}
}

func TestSimSaysInWordsWhatCiscoPhonesHold(t *testing.T) {
	args := []string{"sim", "--dhcp-66", profileServer(t, answeringACS(t)), "--devices", "1", "--duration", "200ms", "--held", "--mac", "d0:ec:35:aa:bb:cc", "--passwords"}
	var out, errors bytes.Buffer
	if code := run(context.Background(), args, &out, &errors); code != 0 {
		t.Fatalf("exit code %d: %s", code, errors.String())
	}
	for _, want := range []string{"cisco d0ec35aabbcc", "told-to-nobody", "1 have a profile and 1 spoke CWMP"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in %s", want, out.String())
		}
	}
}

func TestSimFailsIfCiscoPhonesFindNoProfile(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	var out, errors bytes.Buffer
	if code := run(context.Background(), []string{"sim", "--dhcp-66", server.URL, "--devices", "1", "--duration", "100ms"}, &out, &errors); code != 1 {
		t.Errorf("exit code %d: %s", code, errors.String())
	}
}

func TestSimArrangesTelephonyAndChangesPhones(t *testing.T) {
	c := simCommand("http://acs.example/")
	c.Voice, c.Changes = "issue2", simChanges{Change: map[string]string{"Device.Time.NTPServer1": "a"}, ChangeAfter: time.Second}
	f := c.fleet()
	if f.Device.Voice != cpe.VoiceIssue2 || f.ChangeAfter != time.Second || !slices.Equal(f.Changes, []cpe.LocalChange{{Path: "Device.Time.NTPServer1", Value: "a"}}) {
		t.Errorf("fleet %+v", f)
	}
}

func TestSimTakesOneRoadOnly(t *testing.T) {
	for _, args := range [][]string{
		{"sim"}, {"sim", "--acs", "http://a.example/", "--dhcp-66", "http://a.example/"}, {"sim", "--acs", "http://a.example/", "--voice", "third"},
		{"sim", "--dhcp-66", "http://a.example/", "--voice", "issue2", "--duration", "1ms"},
	} {
		var out, errors bytes.Buffer
		if code := run(context.Background(), args, &out, &errors); code == 0 {
			t.Errorf("%v: exit code 0", args)
		}
	}
}
