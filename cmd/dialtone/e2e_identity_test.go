//go:build e2e

package main

import (
	"encoding/xml"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// profileOf is what the XML profile of a Cisco phone says of CWMP.
type profileOf struct {
	URL      string `xml:"ACS_URL"`
	Username string `xml:"ACS_Username"`
	Password string `xml:"ACS_Password"`
	Enabled  string `xml:"Enable_TR-069"`
}

// fetchProfile fetches a phone's file as the phone does.
func (s *server) fetchProfile(mac, agent string) profileOf {
	s.tb.Helper()
	request, err := http.NewRequest(http.MethodGet, s.FilesURL()+mac+".xml", nil)
	if err != nil {
		s.tb.Fatal(err)
	}
	request.Header.Set("User-Agent", agent)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	var p profileOf
	if err != nil || response.StatusCode != http.StatusOK || xml.Unmarshal(content, &p) != nil {
		s.tb.Fatalf("the profile of %s: status %d, %v: %s", mac, response.StatusCode, err, tail(string(content), 500))
	}
	return p
}

func TestAPhoneThatWasAddedByItsMACIsKnownByTheCredentialInItsFile(t *testing.T) {
	t.Parallel()
	const mac, agent = "00562b112233", "Cisco-CP-8851-3PCC/11.3.7 (00562b112233)"
	s := serve(t, "--cwmp-auth", "digest", "--no-accept-unknown")
	c := s.Client("admin")
	var added deviceRecord
	c.Post("devices", object{"mac": mac, "model": "8851"}).Want(http.StatusCreated).Decode(&added)

	told := s.fetchProfile(mac, agent)
	if told.URL != s.CWMPURL() && told.URL != s.CWMPURL()+"/" || told.Enabled != "Yes" || !strings.HasPrefix(told.Username, added.ID+"-") || told.Password == "" {
		t.Fatalf("the phone is told %q, %q, as %q with a password of %d characters", told.URL, told.Enabled, told.Username, len(told.Password))
	}
	if again := s.fetchProfile(mac, agent); again != told {
		t.Errorf("asked again, the phone is told something else: as %q, then %q", told.Username, again.Username)
	}

	// The simulated phone has another MAC address: only the credential tells who it is.
	identity := func(config *cpe.Config) {
		config.Identity.OUI, config.Identity.ProductClass = "00562B", "CP-8851-3PCC"
	}
	failsBy(t, s.startPhone(t, "FCH11223344", func(config *cpe.Config) { identity(config); login(told.Username, "guessed")(config) }), cpe.ReasonAuthentication, 0)
	phone := s.startPhone(t, "FCH11223344", func(config *cpe.Config) {
		identity(config)
		config.ACSURL = told.URL
		config.Username, config.Password = told.Username, told.Password
	})
	record := c.arrive(phone)
	if record.ID != added.ID || record.MAC != added.MAC || record.OUI != "00562B" || record.SerialNumber != "FCH11223344" || record.LastInform == "" {
		t.Errorf("the phone has the record %+v, want that which was made before, %s", record, added.ID)
	}
	if all := listAll[deviceRecord](c, "devices"); len(all) != 1 {
		t.Errorf("%d devices are listed, want the one that was added", len(all))
	}
	c.Succeed(added.ID, object{"kind": "download", "file": "@profile"}, nil)
	if taken := phone.Files(); len(taken) == 0 || taken[0].FileType != "3 Vendor Configuration File" || taken[0].Name != mac+".xml" || taken[0].Size == 0 {
		t.Errorf("by a download the phone took %+v", taken)
	}
	if strings.Contains(s.Log.String(), told.Password) || strings.Contains(s.Answers.String(), told.Password) {
		t.Error("the log or an answer of the API shows the phone's password")
	}
	if later := s.fetchProfile(mac, agent); later.Username != told.Username {
		t.Errorf("after its first session the phone is told to be %q, not %q", later.Username, told.Username)
	}
}
