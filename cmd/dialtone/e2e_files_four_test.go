//go:build e2e

package main

import (
	"reflect"
	"slices"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// wantedAccounts are the customer's two accounts with a registrar each.
func wantedAccounts(first, second string) []filephone.Account {
	return []filephone.Account{
		{
			N: 1, User: "200", AuthUser: "200", Password: "first=secret;#1", DisplayName: "Front desk <1>", Label: "Desk", Registrar: first, Port: 5061,
			Transport: "tls", Expires: 600,
		},
		{
			N: 2, User: "201", AuthUser: "door201", Password: "second-secret", DisplayName: "Door", Label: "Door", Registrar: second, Port: 5061,
			Transport: "tls", Expires: 600,
		},
	}
}

// checkHeld compares what a phone holds with what the customer's settings say.
func checkHeld(t *testing.T, phone *filephone.Phone, accounts []filephone.Account) {
	t.Helper()
	held := phone.Held()
	if phone.Vendor() == filephone.Cisco {
		// Its label is that of the line's key, and the second line has none.
		accounts[1].Label = ""
	}
	if !reflect.DeepEqual(held.Accounts, accounts) {
		t.Errorf("%s %s holds the accounts\n%+v\nwant\n%+v", phone.Vendor(), phone.MAC(), held.Accounts, accounts)
	}
	if held.VLAN.ID != 120 {
		t.Errorf("%s %s holds VLAN %d, want 120", phone.Vendor(), phone.MAC(), held.VLAN.ID)
	}
	// Two vendors cannot be given the priority.
	if none := phone.Vendor() == filephone.Poly || phone.Vendor() == filephone.Cisco; !none && held.VLAN.Priority != 5 {
		t.Errorf("%s %s holds the priority %d, want 5", phone.Vendor(), phone.MAC(), held.VLAN.Priority)
	}
	clock := filephone.Clock{
		Known: true, Offset: 3600, NTP: "ntp.example.net",
		Daylight: &filephone.Daylight{
			Start: filephone.Change{Month: 3, Week: 5, Hour: 2}, End: filephone.Change{Month: 10, Week: 5, Hour: 3}, Save: 60,
		},
	}
	if !reflect.DeepEqual(held.Clock, clock) {
		t.Errorf("%s %s holds the clock %+v (%+v), want that of Berlin", phone.Vendor(), phone.MAC(), held.Clock, held.Clock.Daylight)
	}
	if held.Interval != 7200 {
		t.Errorf("%s %s asks again after %d s, want 7200", phone.Vendor(), phone.MAC(), held.Interval)
	}
	checkKeys(t, phone, held.Keys)
}

// checkKeys compares the customer's keys; the account of a key is not something that
// every vendor knows of.
func checkKeys(t *testing.T, phone *filephone.Phone, keys []filephone.Key) {
	t.Helper()
	keys = slices.Clone(keys)
	for i := range keys {
		if keys[i].Type != "line" {
			keys[i].Account = 0
		}
	}
	want := []filephone.Key{
		{N: 1, Type: "line", Label: "Desk", Account: 1},
		{N: 2, Type: "blf", Value: "202", Label: "Bob & \"Sons\""},
		{N: 3, Type: "blf", Value: "203", Label: "Carol"},
		{N: 4, Type: "speedDial", Value: "0305550100", Label: "Berlin"},
	}
	if !reflect.DeepEqual(keys, want) {
		t.Errorf("%s %s holds the keys\n%+v\nwant\n%+v", phone.Vendor(), phone.MAC(), keys, want)
	}
}

// TestPhonesOfFourVendorsEndUpWithTheSame is the first thing that the file road must
// show: settings declared once, at the levels where they belong, in the files of four
// vendors. A Cisco phone with a file joins them.
func TestPhonesOfFourVendorsEndUpWithTheSame(t *testing.T) {
	t.Parallel()
	s := serve(t)
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		t.Run(string(v), func(t *testing.T) {
			mac := macOf(v, 0x112233)
			added := operator.addFilePhone(v, mac)
			operator.Eventually("the new device is pending", func() bool { return operator.fileDevice(added.ID).Provisioning.State == "pending" })
			phone := filePhone(t, v, mac, s.FilesURL(), false)
			fetch(t, phone)
			checkHeld(t, phone, wantedAccounts("old.example.net", "old.example.net"))
			d := operator.converge(added.ID)
			if plainAddress(d.MAC) != mac || d.Pack == "" || d.Provisioning.UserAgent == "" || !d.Provisioning.HeldCurrent {
				t.Errorf("the device is %+v", d)
			}
			fetches := listAll[fetchRecord](operator, "devices/"+added.ID+"/fetches")
			if !slices.ContainsFunc(fetches, func(f fetchRecord) bool {
				return f.Status == 200 && f.Complete && f.Protocol == "http" && f.Address == "127.0.0.1"
			}) {
				t.Errorf("its requests are %+v", fetches)
			}
		})
	}
}

// fetchRecord is a request for a file.
type fetchRecord struct {
	Device    string
	Protocol  string
	Method    string
	Path      string
	Address   string
	UserAgent string
	Status    int
	Bytes     int
	Complete  bool
	Detail    string
}
