//go:build e2e

package main

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/dialtone-acs/dialtone/cpe"
)

// TestCoursesThatAreCarriedBetweenNodesConverge has each request of a session come to
// another node than the one before: what one was told, the next goes on with.
func TestCoursesThatAreCarriedBetweenNodesConverge(t *testing.T) {
	c := newCluster(t, 2, balanceHTTP, "--cwmp-auth", "digest", "--inform-interval", "0", "--log-level", "warn")
	api := c.Anywhere()
	voices := cpe.Voices()
	added := map[string]string{}
	for i := range 3 * len(voices) {
		serial := fmt.Sprintf("NODES%05d", i)
		var d fileDevice
		api.Post("devices", object{
			"oui": "0A0B0C", "productClass": "AV-" + string(voices[i%len(voices)]), "serialNumber": serial, "settings": accountSettings(),
			"cwmpUsername": "user-" + serial, "cwmpPassword": "pass-" + serial,
		}).Want(http.StatusCreated).Decode(&d)
		added[serial] = d.ID
	}
	phones := c.startPhones(len(added), func(i int, config *cpe.Config) {
		id := &config.Identity
		id.OUI, id.Manufacturer, id.ProductClass = "0A0B0C", "Acme Voice", "AV-"+string(voices[i%len(voices)])
		config.Username, config.Password = "user-"+id.SerialNumber, "pass-"+id.SerialNumber
		config.Model, config.Voice, config.Lines = nil, voices[i%len(voices)], 1
	})
	managed := make([]*managedPhone, len(phones))
	for i, phone := range phones {
		managed[i] = &managedPhone{client: api, phone: phone, id: added[phone.Identity().SerialNumber]}
	}
	holdAll := func() {
		t.Helper()
		for i, p := range managed {
			p.reaches("converged")
			for path, want := range heldBy(cpe.RootDevice, voices[i%len(voices)]) {
				if got, _ := p.phone.Parameter(path); got != want {
					t.Errorf("phone %d has %q at %s, want %q", i, got, path, want)
				}
			}
		}
	}
	holdAll()
	for _, p := range managed {
		p.bounded(nil, settled(map[string]int{"AddObject": 10, "GetParameterNames": 12}))
		p.quiet(2)
	}
	if carried := c.sum("dialtone_sessions_carried_total", `step="taken"`); carried == 0 {
		t.Error("no session was carried between the nodes")
	}
	t.Run("and drift is seen and restored", func(t *testing.T) {
		p := managed[0]
		if err := p.phone.SetLocal(registrarPath, "evil.example.org"); err != nil {
			t.Fatal(err)
		}
		p.drifted(registrarPath, "sip.example.net", "evil.example.org")
		p.Post("devices/"+p.id+"/convergence/restore", object{}).Want(http.StatusOK)
		p.has(registrarPath, "sip.example.net")
		p.reaches("converged")
		p.quiet(2)
	})
}
