//go:build e2e

package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// TestPhonesOverHTTPSAreToldToComeBackThere has phones fetch over TLS, and looks where
// their files lead them.
func TestPhonesOverHTTPSAreToldToComeBackThere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.Certificates = newCertificates(t)
	s.Start()
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		mac := macOf(v, 0x800001)
		added := operator.addFilePhone(v, mac)
		transport := &http.Transport{TLSClientConfig: s.Certificates.Client()}
		t.Cleanup(transport.CloseIdleConnections)
		phone, err := filephone.New(filephone.Config{Vendor: v, MAC: mac, Files: s.FilesURL(), Client: &http.Client{Transport: transport}})
		if err != nil {
			t.Fatal(err)
		}
		outcome := fetch(t, phone)
		for _, r := range outcome.Requests {
			if !strings.HasPrefix(r.URL, s.FilesURL()) {
				t.Errorf("%s was led to %s", v, r.URL)
			}
		}
		checkHeld(t, phone, wantedAccounts("old.example.net", "old.example.net"))
		if url := phone.Held().ProvisioningURL; url != "" && !strings.HasPrefix(url+"/", s.FilesURL()) {
			t.Errorf("%s will look for its files at %s", v, url)
		}
		operator.converge(added.ID)
		fetches := listAll[fetchRecord](operator, "devices/"+added.ID+"/fetches")
		if !slices.ContainsFunc(fetches, func(f fetchRecord) bool { return f.Protocol == "https" && f.Status == http.StatusOK }) {
			t.Errorf("%s: its requests are %+v", v, fetches)
		}
	}
}

// TestSimStartsAFleetOfFilePhones runs the program's own phones against it.
func TestSimStartsAFleetOfFilePhones(t *testing.T) {
	t.Parallel()
	s := serve(t)
	operator := s.Client("admin")
	operator.makeCustomer()
	ids := map[string]string{}
	for n := range 5 {
		mac := macOf(filephone.Snom, 0x900000+n)
		ids[mac] = operator.addFilePhone(filephone.Snom, mac).ID
	}
	run := runDialtone(t, "sim", "--files", s.FilesURL(), "--vendor", "snom", "--mac", macOf(filephone.Snom, 0x900000), "--count", "5", "--starts", "2", "--conditional", "--json")
	if run.Code != 0 || strings.Contains(run.Stdout, "first=secret") {
		t.Fatalf("exit code %d: %s\n%s", run.Code, run.Stderr, run.Stdout)
	}
	lines := strings.Split(strings.TrimSpace(run.Stdout), "\n")
	var last struct{ Summary filephone.Summary }
	if err := json.Unmarshal([]byte(lines[len(lines)-1]), &last); err != nil {
		t.Fatal(err)
	}
	if last.Summary.Phones != 5 || last.Summary.Failed != 0 || last.Summary.Unchanged != 15 || len(lines) != 6 {
		t.Errorf("%d lines, summary %+v", len(lines), last.Summary)
	}
	for _, id := range ids {
		operator.converge(id)
	}
}
