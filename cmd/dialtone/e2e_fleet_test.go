//go:build e2e

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

func TestASimulatedFleetOf50IsServedWithoutFailureAndListed(t *testing.T) {
	t.Parallel()
	s := serve(t)
	c := s.Client("viewer")
	sim := runDialtone(t, "sim", "--acs", s.CWMPURL(), "--devices", "50", "--interval", "1s", "--hold-interval", "--ramp", "1s", "--duration", "4s", "--json")
	if sim.Code != 0 {
		t.Fatalf("sim: exit code %d: %s\n%s", sim.Code, sim.Stderr, sim.Stdout)
	}
	var report cpe.Report
	if err := json.Unmarshal([]byte(sim.Stdout), &report); err != nil {
		t.Fatalf("the report is no JSON: %v in %s", err, sim.Stdout)
	}
	if report.SessionsFailed != 0 || report.DevicesSeen != 50 || report.SessionsCompleted < 100 || len(report.RPCFaults) != 0 {
		t.Errorf("report %+v, want no failure, 50 devices and 100 sessions or more", report)
	}
	t.Logf("%.0f sessions a second, 99 of 100 sessions within %.1f ms", report.SessionsPerSecond, report.Session.P99)

	all := listAll[deviceRecord](c, "devices")
	if len(all) != 50 {
		t.Fatalf("%d devices are listed, want 50", len(all))
	}
	for _, d := range all {
		if d.Model != "CP-8841-3PCC" || d.SoftwareVersion == "" || d.LastInform == "" || d.Address != "127.0.0.1" || d.HardwareVersion == "" || d.MAC == "" || !d.Online || len(d.ID) != 26 {
			t.Errorf("device %+v lacks something", d)
		}
	}
	filters(t, c, all)
	ordersAndPages(t, c)
}

func filters(t *testing.T, c *client, all []deviceRecord) {
	t.Helper()
	one := all[17]
	for filter, want := range map[string]int{
		`productClass = "CP-8841-3PCC"`:                                                    50,
		`model = "CP-8841-3PCC" AND online = true`:                                         50,
		fmt.Sprintf("serialNumber = %q", one.SerialNumber):                                 1,
		fmt.Sprintf("mac = %q", one.MAC):                                                   1,
		fmt.Sprintf("NOT serialNumber = %q", one.SerialNumber):                             49,
		`oui = "FFFFFF" OR softwareVersion = "none"`:                                       0,
		`lastInform > "2020-01-01T00:00:00Z"`:                                              50,
		fmt.Sprintf("serialNumber = %q OR mac = %q", all[1].SerialNumber, all[2].MAC):      2,
		fmt.Sprintf("softwareVersion = %q AND address = %q", one.SoftwareVersion, "127.*"): 50,
	} {
		var page listed[deviceRecord]
		c.Get("devices?pageSize=1000&filter=" + url.QueryEscape(filter)).Want(http.StatusOK).Decode(&page)
		if len(page.Items) != want || page.TotalSize != want {
			t.Errorf("%s matches %d of %d, want %d", filter, len(page.Items), page.TotalSize, want)
		}
	}
	wrong := c.Get("devices?filter="+url.QueryEscape("colour = red")).Problem(http.StatusUnprocessableEntity, "invalid")
	if len(wrong.Errors) == 0 || wrong.Errors[0].Location != "query.filter" {
		t.Errorf("errors %+v, want one at query.filter", wrong.Errors)
	}
}

func ordersAndPages(t *testing.T, c *client) {
	t.Helper()
	var serials []string
	query := url.Values{"pageSize": {"7"}, "orderBy": {"serialNumber desc"}}
	pages := 0
	for {
		var page listed[deviceRecord]
		c.Get("devices?" + query.Encode()).Want(http.StatusOK).Decode(&page)
		pages++
		for _, d := range page.Items {
			serials = append(serials, d.SerialNumber)
		}
		if page.TotalSize != 50 {
			t.Errorf("totalSize is %d on page %d, want 50", page.TotalSize, pages)
		}
		if page.NextPageToken == "" {
			break
		}
		query.Set("pageToken", page.NextPageToken)
	}
	backward := func(a, b string) int { return strings.Compare(b, a) }
	if pages != 8 || len(serials) != 50 || !slices.IsSortedFunc(serials, backward) || len(slices.Compact(serials)) != 50 {
		t.Errorf("%d pages with %d devices in order %t, want 8 pages with 50, each once, the last serial number first", pages, len(serials), slices.IsSortedFunc(serials, backward))
	}
	c.Get("devices?pageSize=1001").Problem(http.StatusUnprocessableEntity, "invalid")
	c.Get("devices?pageToken=garbage").Problem(http.StatusUnprocessableEntity, "invalid")
}

func TestASimulationThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	nobody := newServer(t)
	sim := runDialtone(t, "sim", "--acs", nobody.CWMPURL(), "--devices", "2", "--duration", "500ms", "--json")
	var report cpe.Report
	if err := json.Unmarshal([]byte(sim.Stdout), &report); err != nil {
		t.Fatalf("the report is no JSON: %v in %s", err, sim.Stdout)
	}
	if sim.Code != 1 || report.SessionsFailed == 0 || report.FailedByReason[cpe.ReasonConnect] == 0 || !strings.Contains(sim.Stderr, "failed") {
		t.Errorf("exit code %d, report %+v, standard error %q; want 1, failed sessions by their reason, and a line that says so", sim.Code, report, sim.Stderr)
	}
}
