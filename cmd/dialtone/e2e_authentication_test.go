//go:build e2e

package main

import (
	"net/http"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// provision adds a phone with a login before it arrives.
func (c *client) provision(serial, username, password string) deviceRecord {
	c.tb.Helper()
	var d deviceRecord
	c.Post("devices", object{
		"oui": "000E08", "productClass": "CP-8841-3PCC", "serialNumber": serial, "cwmpUsername": username, "cwmpPassword": password,
	}).Want(http.StatusCreated).Decode(&d)
	return d
}

func TestPhonesAuthenticateWithTheirOwnCredentials(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"digest", "basic"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			s := serve(t, "--cwmp-auth", scheme, "--cwmp-basic-without-tls")
			c := s.Client("admin")
			first := c.provision("AUTH01", "user-1", "pass wörd-1")
			c.provision("AUTH02", "user-2", "password-2")

			good := s.startPhone(t, "AUTH01", login("user-1", "pass wörd-1"))
			if record := c.arrive(good); record.ID != first.ID || record.Model == "" {
				t.Errorf("the phone has the record %+v, want that which was made before, %s", record, first.ID)
			}
			c.Succeed(first.ID, object{"kind": "getParameterValues", "paths": []string{ntp}}, nil)

			failsBy(t, s.startPhone(t, "AUTH02", login("user-2", "password-1")), cpe.ReasonAuthentication, 0)
			failsBy(t, s.startPhone(t, "AUTH02", login("nobody", "password-2")), cpe.ReasonAuthentication, 0)
			failsBy(t, s.startPhone(t, "AUTH02", login("", "")), cpe.ReasonAuthentication, 0)
			failsBy(t, s.startPhone(t, "AUTH02", login("user-1", "pass wörd-1")), cpe.ReasonFault, 8001)
			failsBy(t, s.startPhone(t, "AUTH03", login("user-2", "password-2")), cpe.ReasonFault, 8001)
			for _, d := range listAll[deviceRecord](c, "devices", "filter", `serialNumber != "AUTH01"`) {
				if d.LastInform != "" {
					t.Errorf("device %s informed with credentials that are not its own", d.SerialNumber)
				}
			}

			c.Do(http.MethodPatch, "devices/"+first.ID, readerOf(`{"cwmpUsername":"user-1","cwmpPassword":"changed"}`), "Content-Type", "application/merge-patch+json").Want(http.StatusOK)
			c.arrive(s.startPhone(t, "AUTH01", login("user-1", "changed")))
		})
	}
}

func login(username, password string) func(*cpe.Config) {
	return func(config *cpe.Config) {
		config.Username, config.Password = username, password
		config.RetryScale = 1 // One session is enough to see that it fails.
	}
}

// failsBy checks why the first session of a phone failed.
func failsBy(t *testing.T, phone *cpe.Device, reason cpe.Reason, code int) {
	t.Helper()
	waitPhone(t, phone, "ends a session", func() bool { return phone.Sessions() > 0 })
	result := phone.LastSession()
	failure, ok := result.Err.(*cpe.SessionError)
	if !ok || failure.Reason != reason || failure.FaultCode != code {
		t.Errorf("phone %s ended its session with %v, want %s %d", phone.Identity().SerialNumber, result.Err, reason, code)
	}
}

func TestUnknownPhonesAreRefusedIfTheServerIsToldSo(t *testing.T) {
	t.Parallel()
	s := serve(t, "--no-accept-unknown")
	c := s.Client("admin")
	failsBy(t, s.startPhone(t, "STRANGER01", login("", "")), cpe.ReasonFault, 8001)
	var added deviceRecord
	phone := s.newPhone(t, "KNOWN01", nil)
	c.Post("devices", object{"mac": phone.Identity().MAC, "tags": []string{"lobby"}}).Want(http.StatusCreated).Decode(&added)
	switchOn(t, phone)
	if record := c.arrive(phone); record.ID != added.ID || len(record.Tags) != 1 {
		t.Errorf("the phone that was added by its MAC address has the record %+v, want %s", record, added.ID)
	}
	if all := listAll[deviceRecord](c, "devices"); len(all) != 1 {
		t.Errorf("%d devices are listed, want the one that was added", len(all))
	}
}

func TestEveryListenerServesTLS(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.Certificates = newCertificates(t)
	s.Start()
	c := s.Client("admin")
	phone := s.startPhone(t, "TLS01", nil)
	id := c.arrive(phone).ID
	sum := c.upload("tls.cfg", configurationType, noise(4, 300_000))
	c.Succeed(id, object{"kind": "download", "file": "tls.cfg"}, nil)
	if got := phone.Files(); len(got) != 1 || got[0].SHA256 != sum {
		t.Errorf("the phone took %+v over TLS, want SHA-256 %s", got, sum)
	}
	if _, err := http.Get(s.WebURL() + "/healthz"); err == nil {
		t.Error("a client that does not trust the CA is served")
	}
	failsBy(t, s.startPhone(t, "TLS02", func(config *cpe.Config) { config.TLS, config.RetryScale = nil, 1 }), cpe.ReasonConnect, 0)
	s.Stop()
}
