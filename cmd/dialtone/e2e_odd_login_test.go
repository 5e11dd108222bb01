//go:build e2e

package main

import (
	"fmt"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// oddLogins are run on a server that asks for Digest, those with basic- also on one
// that asks for Basic.
var oddLogins = []oddCase{
	{row: "H38", name: "an Authorization header of no scheme", odd: []string{"authorization-invalid"}},
	{row: "N2", name: "another connection after the 401", odd: []string{"connection-after-401"}},
	{row: "N2", name: "another connection for every request", odd: []string{"connection-per-request"}},
	{row: "C RDK", name: "the same Authorization header with every request", odd: []string{"digest-verbatim"}},
	{row: "C cwmp-sim", name: "a count that stays one", odd: []string{"digest-count-fixed"}},
	{row: "C cwmp-sim", name: "Basic first, then Digest, and no cookies with it", odd: []string{"basic-first", "cookies-without-login"}},
	{row: "C old", name: "parameters in quotes", odd: []string{"digest-unquoted"}},
	{row: "C icwmp", name: "icwmp", odd: []string{"icwmp"}},
	{row: "C RDK", name: "the agent of RDK", odd: []string{"rdk"}},
	{row: "C catawampus", name: "catawampus", odd: []string{"catawampus"}},
	{row: "N2", name: "a router of AVM", odd: []string{"avm"}},
	{row: "C netcwmp", name: "a nonce of 32 bytes at most", odd: []string{"small-buffers"}},
	{row: "S93", name: "Digest without qop is refused", odd: []string{"digest-without-qop"}, work: mayNotLogIn},
}

// mayNotLogIn says that the server takes no credentials of this kind.
func mayNotLogIn(p *oddPhone) { failsBy(p.T, p.phone, cpe.ReasonAuthentication, 0) }

var oddBasicLogins = []oddCase{
	{row: "F1", name: "Basic before it is asked", odd: []string{"basic-first"}},
	{row: "F1", name: "a gateway of Thomson", odd: []string{"thomson"}},
	{row: "C genieacs-sim", name: "genieacs-sim", odd: []string{"genieacs-sim"}},
	{row: "H38", name: "an Authorization header of no scheme", odd: []string{"authorization-invalid"}},
	{row: "N2", name: "another connection after the 401", odd: []string{"connection-after-401"}},
}

func TestOddDevicesAuthenticate(t *testing.T) {
	t.Parallel()
	for scheme, cases := range map[string][]oddCase{"digest": oddLogins, "basic": oddBasicLogins} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--cwmp-auth", scheme, "--cwmp-basic-without-tls")
			c := s.Client("admin")
			runOdd(t, s, c, "AUTH", withLogins(c, cases))
		})
	}
}

// withLogins makes a login of its own for each case.
func withLogins(c *client, cases []oddCase) []oddCase {
	own := make([]oddCase, len(cases))
	for i, test := range cases {
		username := fmt.Sprintf("odd-%d", i)
		test.adjust = func(config *cpe.Config) {
			// Who it is depends on what is odd, so that the device is made twice.
			config.Username, config.Password = username, "pass-wörd"
			phone, err := cpe.New(*config)
			if err != nil {
				c.tb.Fatal(err)
			}
			id := phone.Identity()
			c.Post("devices", object{
				"oui": id.OUI, "productClass": id.ProductClass, "serialNumber": id.SerialNumber, "cwmpUsername": username, "cwmpPassword": "pass-wörd",
			})
		}
		own[i] = test
	}
	return own
}
