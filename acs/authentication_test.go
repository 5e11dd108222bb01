package acs

import (
	"net/http"
	"testing"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// credential gives a device a credential.
func (f *fixture) credential(id device.ID, username, password string) {
	f.t.Helper()
	sealed, err := f.keeper.Seal(secret.NewText(password), device.CredentialOwner(username))
	must(f.t, err)
	must(f.t, f.store.Credentials().PutCredential(f.t.Context(), device.Credential{Username: username, Device: id, Password: sealed, CreatedAt: f.clock.now()}))
}

func TestDevicesAuthenticateByBasicOrDigest(t *testing.T) {
	for name, basic := range map[string]bool{"basic": true, "digest": false} {
		t.Run(name, func(t *testing.T) {
			rule := access.Rule{Name: "all", Methods: []access.Method{access.Digest}, Unknown: access.Accept, Rebootstrap: access.Refuse}
			if basic {
				rule.Methods, rule.BasicWithoutTLS = []access.Method{access.Basic}, true
			}
			f := newGuarded(t, rule).fixture
			own := device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "00562B", ProductClass: "CP-8851-3PCC", SerialNumber: "S1"}, Origin: device.OriginOperator, Revision: 1}
			must(t, f.store.Devices().Create(t.Context(), own, 0))
			f.credential(own.ID, "00562B-S1", "pa:ss")
			p := f.newPhone("S1")
			body, err := cwmp.Encode(&cwmp.Envelope{Message: p.inform("1 BOOT")})
			must(t, err)
			authorize := func(username, password string) {
				before := f.storeOperations()
				response, _ := p.post(body)
				if response.StatusCode != 401 {
					t.Fatalf("without credentials: %d", response.StatusCode)
				}
				if n := f.storeOperations() - before; n != 0 {
					t.Errorf("a request without credentials costs %v store operations", n)
				}
				r, _ := http.NewRequest("POST", "/", nil)
				r.SetBasicAuth(username, password)
				if !basic {
					header, err := digest.Authorize(response.Header.Values("WWW-Authenticate"), digest.Request{Method: "POST", URI: "/", Username: username, Password: password})
					must(t, err)
					r.Header.Set("Authorization", header)
				}
				p.header.Set("Authorization", r.Header.Get("Authorization"))
			}
			authorize("00562B-S1", "wrong")
			if response, _ := p.post(body); response.StatusCode != 401 {
				t.Errorf("a wrong password: %d", response.StatusCode)
			}
			p.header.Del("Authorization")
			authorize("nobody", "pa:ss")
			if response, _ := p.post(body); response.StatusCode != 401 {
				t.Errorf("an unknown user name: %d", response.StatusCode)
			}
			p.header.Del("Authorization")
			authorize("00562B-S1", "pa:ss")
			if response, _ := p.post(body); response.StatusCode != 200 {
				t.Errorf("the right password: %d", response.StatusCode)
			}
			if response, _ := p.post(nil); response.StatusCode != 204 {
				t.Errorf("the session goes on with %d", response.StatusCode)
			}
			p.serial = "S2"
			other, err := cwmp.Encode(&cwmp.Envelope{Message: p.inform("1 BOOT")})
			must(t, err)
			_, answer := p.post(other)
			if got, err := cwmp.Decode(answer, cwmp.DefaultLimits()); err != nil || got.Message.Method() != "Fault" {
				t.Errorf("a device that speaks for another got %v, %v", got, err)
			}
		})
	}
}

func TestAnEmptyPostWithoutASessionIsHowClientsAskForTheChallenge(t *testing.T) {
	f := newFixture(t)
	p := f.newPhone("S1")
	if response, _ := p.post(nil); response.StatusCode != http.StatusNoContent {
		t.Errorf("without authentication: %d, want 204", response.StatusCode)
	}
	f = newGuarded(t, access.Rule{Name: "all", Methods: []access.Method{access.Digest}, Unknown: access.Accept, Rebootstrap: access.Refuse}).fixture
	p = f.newPhone("S1")
	response, _ := p.post(nil)
	if response.StatusCode != http.StatusUnauthorized || response.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("with Digest: %d, want 401 with a challenge", response.StatusCode)
	}
	p.header.Set("Authorization", "Digest of something")
	if response, _ := p.post(nil); response.StatusCode != http.StatusNoContent {
		t.Errorf("the tail of a session that ended, with credentials: %d, want 204", response.StatusCode)
	}
}
