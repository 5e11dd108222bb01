package packs_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// goldenFiles answers requests with the golden files of a case.
type goldenFiles struct{ folder string }

// RoundTrip implements http.RoundTripper.
func (g goldenFiles) RoundTrip(r *http.Request) (*http.Response, error) {
	answer := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: http.NoBody, Request: r}
	content, err := os.ReadFile(filepath.Join(g.folder, filepath.Base(r.URL.Path)))
	if err != nil {
		answer.StatusCode = http.StatusNotFound
		return answer, nil
	}
	answer.Body = io.NopCloser(bytes.NewReader(content))
	return answer, nil
}

// goldenPhone is a simulated phone, and where its golden files are.
type goldenPhone struct {
	vendor        filephone.Vendor
	folder, model string
	mac           string
	// priority says that the phone can be told the priority of its VLAN.
	priority bool
}

func goldenPhones() []goldenPhone {
	return []goldenPhone{
		{filephone.Yealink, "yealink", "SIP-T46S", "001565112233", true},
		{filephone.Poly, "poly", "VVX 410", "0004f2112233", false},
		{filephone.Snom, "snom", "D785", "000413112233", true},
		{filephone.Grandstream, "grandstream", "GRP2614", "000b82112233", true},
		{filephone.Cisco, "cisco", "8851", "d0ec35112233", false},
	}
}

// held has a phone take the golden files of a case. White space in texts is taken as
// one space: some formats have no line ends in a value.
func (g goldenPhone) held(t *testing.T, name string) filephone.Held {
	t.Helper()
	phone, err := filephone.New(filephone.Config{
		Vendor: g.vendor, MAC: g.mac, Files: "http://dialtone.example.com:8080/p/",
		Client: &http.Client{Transport: goldenFiles{filepath.Join(g.folder, "testdata", "golden", g.model, name)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if outcome, err := phone.Start(t.Context()); err != nil {
		t.Fatalf("%s refuses %s: %v after %+v", g.vendor, name, err, outcome.Requests)
	}
	held := phone.Held()
	for i := range held.Accounts {
		held.Accounts[i].DisplayName, held.Accounts[i].Label = oneSpace(held.Accounts[i].DisplayName), oneSpace(held.Accounts[i].Label)
	}
	for i := range held.Keys {
		// The account of a key that is no line is not something that all know of.
		held.Keys[i].Label = oneSpace(held.Keys[i].Label)
		if held.Keys[i].Type != "line" {
			held.Keys[i].Account = 0
		}
	}
	return held
}

func oneSpace(text string) string { return strings.Join(strings.Fields(text), " ") }

// only returns the keys of some functions.
func only(keys []filephone.Key, functions string) []filephone.Key {
	var found []filephone.Key
	for _, k := range keys {
		if strings.Contains(functions, k.Type) {
			found = append(found, k)
		}
	}
	return found
}

// european is the daylight rule of Berlin.
func european() *filephone.Daylight {
	return &filephone.Daylight{Start: filephone.Change{Month: 3, Week: 5, Hour: 2}, End: filephone.Change{Month: 10, Week: 5, Hour: 3}, Save: 60}
}

// american is the one of St. John's.
func american() *filephone.Daylight {
	return &filephone.Daylight{Start: filephone.Change{Month: 3, Week: 2, Hour: 2}, End: filephone.Change{Month: 11, Week: 1, Hour: 2}, Save: 60}
}

func TestSimulatedPhonesReadTheFullCaseAlikeFromTheirGoldenFiles(t *testing.T) {
	for _, g := range goldenPhones() {
		held := g.held(t, "full")
		accounts := []filephone.Account{
			{
				N: 1, User: "200", AuthUser: "ph200", Password: "s3cret-200", DisplayName: "Ada Lovelace", Label: "Ada", Registrar: "sip.example.com", Port: 5061,
				OutboundProxy: "proxy.example.com:5062", Transport: "tls", Expires: 600,
			},
			{
				N: 2, User: "201", AuthUser: "201", Password: "s3cret-201", DisplayName: "Reception", Label: "Front desk", Registrar: "sip2.example.com", Port: 5060,
				Transport: "udp", Expires: 3600,
			},
		}
		if !reflect.DeepEqual(held.Accounts, accounts) {
			t.Errorf("%s holds the accounts\n%+v\nwant\n%+v", g.vendor, held.Accounts, accounts)
		}
		keys := []filephone.Key{
			{N: 1, Type: "line", Label: "Ada", Account: 1}, {N: 2, Type: "blf", Value: "202", Label: "Bob"},
			{N: 3, Type: "speedDial", Value: "+4930123456", Label: "Berlin office"}, {N: 4, Type: "blf", Value: "203", Label: "Carol"},
			{N: 7, Type: "line", Label: "Front desk", Account: 2},
		}
		// A Poly watches the orbit, too.
		got := only(held.Keys, "line blf speedDial")
		if g.vendor == filephone.Poly {
			keys = append(keys[:4:4], filephone.Key{N: 6, Type: "blf", Value: "701", Label: "Park 1"}, keys[4])
		}
		if !reflect.DeepEqual(got, keys) {
			t.Errorf("%s holds the keys\n%+v\nwant\n%+v", g.vendor, got, keys)
		}
		if priority := held.VLAN.Priority; held.VLAN.ID != 100 || g.priority && priority != 5 || !g.priority && priority != -1 {
			t.Errorf("%s holds the VLAN %+v", g.vendor, held.VLAN)
		}
		if want := (filephone.Clock{Known: true, Offset: 3600, Daylight: european(), NTP: "ntp.example.com"}); !reflect.DeepEqual(held.Clock, want) {
			t.Errorf("%s holds the clock %+v (%+v)", g.vendor, held.Clock, held.Clock.Daylight)
		}
		if held.AdminPassword != "adm1n-pass" {
			t.Errorf("%s holds the administrator's password %q", g.vendor, held.AdminPassword)
		}
	}
}

func TestSimulatedPhonesReadAZoneWithHalfAnHourFromTheirGoldenFiles(t *testing.T) {
	for _, g := range goldenPhones() {
		held := g.held(t, "winter")
		if want := (filephone.Clock{Known: true, Offset: -12600, Daylight: american(), NTP: "ntp.example.com"}); !reflect.DeepEqual(held.Clock, want) {
			t.Errorf("%s holds the clock %+v (%+v), want %+v", g.vendor, held.Clock, held.Clock.Daylight, want)
		}
		if len(held.Accounts) != 1 || held.Accounts[0].Registrar != "sip.example.com" {
			t.Errorf("%s holds the accounts %+v", g.vendor, held.Accounts)
		}
	}
}

func TestSimulatedPhonesReadHostileTextsAsTextsFromTheirGoldenFiles(t *testing.T) {
	for _, g := range goldenPhones() {
		held := g.held(t, "hostile")
		accounts := []filephone.Account{
			{
				N: 1, User: "200", AuthUser: "200", Password: `pa"ss<word>&;#=%'`,
				DisplayName: `O'Brien "Bob" <b a='c'> & #1; 100% \ ]]> --> admin.password = x <x/>`, Label: "Zoë # 中文; {{.x}} = :", Registrar: "sip.example.com",
			},
			{N: 2, User: "201", AuthUser: "201", DisplayName: "# begins like a comment", Label: "; and this one too", Registrar: "sip.example.com"},
		}
		for i := range held.Accounts {
			// What is said of transport and port without being asked for is the pack's.
			held.Accounts[i].Port, held.Accounts[i].Transport, held.Accounts[i].Expires = 0, "", 0
		}
		if g.vendor == filephone.Cisco {
			// It has its label at the key of a line, and these keys are no lines.
			accounts[0].Label, accounts[1].Label = held.Accounts[0].Label, held.Accounts[1].Label
		}
		if !reflect.DeepEqual(held.Accounts, accounts) {
			t.Errorf("%s holds the accounts\n%+v\nwant\n%+v", g.vendor, held.Accounts, accounts)
		}
		keys := []filephone.Key{
			{N: 1, Type: "blf", Value: "202", Label: `"quoted" key.1.value = 999`}, {N: 2, Type: "speedDial", Value: "203", Label: "</fkey><fkey>"},
		}
		if !reflect.DeepEqual(held.Keys, keys) {
			t.Errorf("%s holds the keys\n%+v\nwant\n%+v", g.vendor, held.Keys, keys)
		}
		if held.AdminPassword != "" || held.VLAN.ID != 0 {
			t.Errorf("%s holds the password %q and VLAN %d of a text", g.vendor, held.AdminPassword, held.VLAN.ID)
		}
	}
}

func TestSimulatedPhonesReadAnAccountWithNothingButItsUserFromTheirGoldenFiles(t *testing.T) {
	for _, g := range goldenPhones() {
		held := g.held(t, "empty")
		if len(held.Accounts) != 1 || held.Accounts[0].User != "200" || held.Accounts[0].Password != "" || held.AdminPassword != "" || held.VLAN.ID != 0 || held.Clock.Known {
			t.Errorf("%s holds %+v", g.vendor, held)
		}
	}
}
