//go:build e2e

package main

import (
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// TestPhonesOverTFTPEndUpWithTheSame has phones of every vendor fetch over TFTP, which
// says nothing of them but the names that they ask for.
func TestPhonesOverTFTPEndUpWithTheSame(t *testing.T) {
	t.Parallel()
	s := serve(t, "--tftp-addr", "127.0.0.1:0")
	address := s.TFTP
	operator := s.Client("admin")
	operator.makeCustomer()
	for _, v := range filephone.Vendors() {
		t.Run(string(v), func(t *testing.T) {
			mac := macOf(v, 0x700001)
			added := operator.addFilePhone(v, mac)
			phone := filePhone(t, v, mac, "tftp://"+address, false)
			outcome := fetch(t, phone)
			checkHeld(t, phone, wantedAccounts("old.example.net", "old.example.net"))
			for _, r := range outcome.Requests {
				if !strings.HasPrefix(r.URL, "tftp://"+address+"/") {
					t.Errorf("it was led to %s", r.URL)
				}
			}
			operator.converge(added.ID)
			fetches := listAll[fetchRecord](operator, "devices/"+added.ID+"/fetches")
			if len(fetches) == 0 || fetches[0].Protocol != "tftp" {
				t.Errorf("its requests are %+v", fetches)
			}
		})
	}
}
