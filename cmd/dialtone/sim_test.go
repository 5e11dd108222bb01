package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// answeringACS answers every Inform and asks for nothing.
func answeringACS(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || len(body) == 0 {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		request, err := cwmp.Decode(body, cwmp.DefaultLimits())
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		request.Message = &cwmp.InformResponse{}
		answer, err := cwmp.Encode(request)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/xml")
		_, _ = w.Write(answer)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func simCommand(acs string) SimCommand {
	return SimCommand{
		ACS: acs, Devices: 5, Interval: 50 * time.Millisecond, Duration: 300 * time.Millisecond,
		Root: cpe.RootDevice, OUI: "000E08", ProductClass: "CP-8841-3PCC", Lines: 1, Seed: 1,
		ConnectionRequestAddr: "127.0.0.1:0", RebootDuration: time.Millisecond, RetryScale: 1,
	}
}

func TestSimReportsInJSON(t *testing.T) {
	c := simCommand(answeringACS(t))
	c.JSON = true
	var out, progress bytes.Buffer
	if err := c.Run(context.Background(), &streams{out: &out, err: &progress}); err != nil {
		t.Fatal(err)
	}
	var report cpe.Report
	if err := json.Unmarshal(out.Bytes(), &report); err != nil {
		t.Fatal(err)
	}
	if report.DevicesSeen != 5 || report.SessionsFailed != 0 || report.SessionsCompleted < 5 {
		t.Errorf("report %+v", report)
	}
}

func TestSimReportsInWordsAndFailsIfASessionFailed(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	c := simCommand(server.URL)
	var out bytes.Buffer
	err := c.Run(context.Background(), &streams{out: &out, err: io.Discard})
	var failure *cpe.FailedError
	if !errors.As(err, &failure) || failure.Silent != 5 {
		t.Errorf("error %v", err)
	}
	if !strings.Contains(out.String(), "sessions failed") {
		t.Errorf("report %q", out.String())
	}
}

func TestSimRefusesWhatCannotBe(t *testing.T) {
	c := simCommand("not a URL")
	if err := c.Run(context.Background(), &streams{out: io.Discard, err: io.Discard}); err == nil || !strings.Contains(err.Error(), "ACSURL") {
		t.Errorf("error %v", err)
	}
}

func TestSimTakesOddNamesAndRefusesOthers(t *testing.T) {
	for names, want := range map[string]int{"": 0, "cookies-quoted,cwmp-sim": 0, "gzip,nonsense": 2} {
		var out, errors bytes.Buffer
		args := []string{"sim", "--acs", answeringACS(t), "--devices", "1", "--duration", "200ms", "--json"}
		if names != "" {
			args = append(args, "--odd", names)
		}
		if code := run(context.Background(), args, &out, &errors); code != want {
			t.Errorf("--odd %s: exit code %d, want %d: %s", names, code, want, errors.String())
		}
		if named := strings.Contains(errors.String(), "nonsense"); named != (want == 2) {
			t.Errorf("--odd %s: %s", names, errors.String())
		}
	}
}

func TestSimHelpListsEveryOddName(t *testing.T) {
	var out bytes.Buffer
	if code := run(context.Background(), []string{"sim", "--help"}, &out, io.Discard); code != 0 {
		t.Fatalf("exit code %d", code)
	}
	for _, o := range cpe.Oddities() {
		if !strings.Contains(out.String(), " "+o.Name+": ") {
			t.Errorf("the help does not list %s", o.Name)
		}
	}
	for _, name := range cpe.Presets() {
		if !strings.Contains(out.String(), " "+name+": ") {
			t.Errorf("the help does not list %s", name)
		}
	}
}

func TestSimProgressCountsSinceTheLastLine(t *testing.T) {
	got := simLine(
		cpe.Progress{Elapsed: 3 * time.Second, Active: 4, Devices: 5, SessionsCompleted: 30, SessionsFailed: 1, Seen: 4},
		cpe.Progress{Elapsed: time.Second, SessionsCompleted: 10})
	if want := "3s: 4 of 5 phones, 30 sessions completed (10 a second) by 4 phones, 1 failed"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
