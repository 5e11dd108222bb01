//go:build e2e

package main

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// strangerRecord is a phone that is not known.
type strangerRecord struct {
	ID, MAC, Pack, Model, UserAgent, Address, Path, Protocol string
	Requests                                                 int
}

// strangerOf finds the phone of a MAC address among those that are not known.
func (c *client) strangerOf(mac string) (strangerRecord, bool) {
	c.tb.Helper()
	for _, s := range listAll[strangerRecord](c, "strangers") {
		if plainAddress(s.MAC) == mac {
			return s, true
		}
	}
	return strangerRecord{}, false
}

// TestAnUnknownPhoneIsListedAdoptedAndGivenItsFile takes phones of every vendor from
// their first request on.
func TestAnUnknownPhoneIsListedAdoptedAndGivenItsFile(t *testing.T) {
	t.Parallel()
	s := serve(t)
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		t.Run(string(v), func(t *testing.T) {
			mac := macOf(v, 0x300001)
			phone := filePhone(t, v, mac, s.FilesURL(), false)
			// What a stranger is given depends on the vendor: perhaps nothing.
			if _, err := phone.Start(t.Context()); err != nil && !notForStrangers(err) {
				t.Fatalf("the stranger: %v", err)
			}
			if held := phone.Held(); len(held.Accounts) != 0 || held.AdminPassword != "" {
				t.Fatalf("a stranger holds %+v", held)
			}
			var known strangerRecord
			operator.Eventually("the phone is listed as a stranger", func() bool {
				found, ok := operator.strangerOf(mac)
				known = found
				return ok
			})
			if known.Model != fileModels()[v] || known.Pack == "" || known.Address != "127.0.0.1" || known.Requests < 1 || known.UserAgent == "" {
				t.Errorf("the stranger is %+v", known)
			}
			var adopted fileDevice
			operator.Post("strangers/"+url.PathEscape(known.ID)+"/adopt", object{"group": customer, "line": "200", "settings": []object{declare("account.2.line", "201")}}).
				Want(http.StatusCreated).Decode(&adopted)
			fetch(t, phone)
			checkHeld(t, phone, wantedAccounts("old.example.net", "old.example.net"))
			operator.converge(adopted.ID)
			if left, ok := operator.strangerOf(mac); ok {
				t.Errorf("it is a stranger still: %+v", left)
			}
		})
	}
}

// notForStrangers reports whether a phone was told that there is nothing for it, or that
// it may not have it.
func notForStrangers(err error) bool {
	var status *filephone.StatusError
	var refused *filephone.RefusedError
	return errors.Is(err, filephone.ErrNoFile) || errors.As(err, &status) && status.Status == http.StatusForbidden ||
		errors.As(err, &refused) && strings.Contains(refused.Reason, "not there")
}
