//go:build e2e

package main

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe"
	"github.com/dialtone-acs/dialtone/cpe/ciscophone"
	"github.com/dialtone-acs/dialtone/cpe/filephone"
	"github.com/dialtone-acs/dialtone/cwmp"
)

// convergence is what the API says of the way of a device to its settings.
type convergence struct {
	State   string
	Problem string
	NextTry *time.Time
	Roads   struct {
		CA *struct{ State, Problem string }
	}
	Differences []struct {
		Path, Setting, Kind, Reason string
		Wanted, Has                 *string
		Secret                      bool
	}
	Unmapped []struct{ Setting, Reason string }
}

// convergence reads that of a device.
func (c *client) convergence(id string) convergence {
	c.tb.Helper()
	var found convergence
	c.Get("devices/" + id + "/convergence").Want(http.StatusOK).Decode(&found)
	return found
}

// ciscoSettings are what the phone of the tests is added with, beside MAC and model.
func ciscoSettings() []object {
	return []object{
		declare("account.*.registrar", "old.example.net"), declare("account.*.port", 5060),
		declare("account.1.user", "200"), declare("account.1.password", "first=secret;#1"), declare("account.1.displayName", "Front desk <1>"), declare("account.1.label", "Desk"),
		declare("account.2.user", "201"), declare("account.2.authUser", "door201"), declare("account.2.password", "second-secret"), declare("account.2.label", "Door"),
		declare("network.vlan.voice.id", 120), declare("time.zone", "Europe/Berlin"), declare("admin.password", "admin-secret"),
		declare("key.3.type", "blf"), declare("key.3.value", "202"), declare("key.3.label", "Bob"),
		declare("key.4.type", "blf"), declare("key.4.value", "203"), declare("key.4.label", "Carol"),
	}
}

// TestACiscoPhoneIsBroughtToItsSettingsByBothRoads adds a Cisco 8851 by MAC and model, and
// plugs it in: it finds its file by DHCP option 66, speaks CWMP from then on, and is kept at
// its settings by both roads.
func TestACiscoPhoneIsBroughtToItsSettingsByBothRoads(t *testing.T) {
	s := serve(t, "--cwmp-auth", "digest", "--inform-interval", "0")
	operator := s.Client("operator")
	var added fileDevice
	operator.Post("devices", object{"mac": "d0:ec:35:00:00:01", "model": "8851", "settings": ciscoSettings()}).Want(http.StatusCreated).Decode(&added)
	phone := startCisco(t, "d0ec35000001", ciscophone.Answer{66: []byte(s.FilesURL() + "$PSN.xml")})

	d := operator.converge(added.ID)
	if d.MAC != "d0:ec:35:00:00:01" {
		t.Errorf("the device is %+v", d)
	}
	held := phone.Held()
	if len(held.Accounts) != 2 || held.Accounts[0].Password != "first=secret;#1" || held.Accounts[1].AuthUser != "door201" || held.Accounts[1].Registrar != "old.example.net" {
		t.Errorf("the phone has the accounts %+v", held.Accounts)
	}
	if held.VLAN.ID != 120 || !held.Clock.Known || held.Clock.Offset != 3600 || held.AdminPassword != "admin-secret" {
		t.Errorf("the phone holds %+v", held)
	}
	if !hasKey(held, 3, "202") || !hasKey(held, 4, "203") {
		t.Errorf("the phone has the keys %+v", held.Keys)
	}
	if all := listAll[fileDevice](operator, "devices"); len(all) != 1 {
		t.Errorf("there are %d devices, want the one that was added", len(all))
	}

	operator.Eventually("the phone has informed, and nothing is under way any more", func() bool {
		return phone.Counts().Sessions > 0 && phone.Device().Up() && operator.convergence(added.ID).State == "converged"
	})
	t.Run("a change of the SIP domain is set over CWMP within one wake", func(t *testing.T) {
		before := phone.Counts()
		operator.put("devices/"+added.ID, declare("account.*.registrar", "new.example.net"))
		operator.Eventually("the phone has the new registrar", func() bool {
			h := phone.Held()
			return len(h.Accounts) == 2 && h.Accounts[0].Registrar == "new.example.net" && h.Accounts[1].Registrar == "new.example.net"
		})
		operator.converge(added.ID)
		after := phone.Counts()
		if n := after.RPCs["SetParameterValues"] - before.RPCs["SetParameterValues"]; n != 1 {
			t.Errorf("%d SetParameterValues, want 1", n)
		}
		if after.Sessions-before.Sessions != 1 || after.RPCs["Download"] != before.RPCs["Download"] || after.Boots != before.Boots {
			t.Errorf("from %+v to %+v, want one session, no download and no restart", before, after)
		}
	})
	t.Run("a change of a BLF key is one download", func(t *testing.T) {
		before := phone.Counts()
		operator.put("devices/"+added.ID, declare("key.4.value", "204"))
		operator.Eventually("the phone has the new key", func() bool { return hasKey(phone.Held(), 4, "204") })
		operator.converge(added.ID)
		after := phone.Counts()
		if n := after.RPCs["Download"] - before.RPCs["Download"]; n != 1 {
			t.Errorf("%d downloads, want 1", n)
		}
		if n := after.RPCs["SetParameterValues"] - before.RPCs["SetParameterValues"]; n != 0 {
			t.Errorf("%d SetParameterValues, want none", n)
		}
	})
	t.Run("nothing is sent while nothing changes", func(t *testing.T) {
		before := phone.Counts()
		for range 20 {
			sessions := phone.Counts().Sessions
			phone.Device().Inform(cwmp.EventStruct{EventCode: cwmp.EventPeriodic})
			operator.Eventually("a session has ended", func() bool { return phone.Counts().Sessions > sessions })
		}
		after := phone.Counts()
		for method, n := range after.RPCs {
			if n != before.RPCs[method] {
				t.Errorf("%d %s in 20 periodic sessions, want none", n-before.RPCs[method], method)
			}
		}
	})
	t.Run("a factory reset takes TR-069 away, and the file brings it back", func(t *testing.T) {
		operator.Post("devices/"+added.ID+"/tasks?connectionRequest=true", object{"kind": "factoryReset"}).Want(http.StatusAccepted)
		operator.Eventually("the phone was reset and has it all again", func() bool {
			h := phone.Held()
			return phone.Counts().Boots > 2 && len(h.Accounts) == 2 && h.Accounts[0].Password == "first=secret;#1" && hasKey(h, 4, "204") && !phone.Silent()
		})
		operator.converge(added.ID)
	})
}

func hasKey(h filephone.Held, n int, value string) bool {
	return slices.ContainsFunc(h.Keys, func(k filephone.Key) bool { return k.N == n && k.Value == value })
}

// startCisco starts a phone that the test's end stops, and that takes files of more types
// than the standard's.
func startCisco(t *testing.T, mac string, dhcp ciscophone.Answer, fileTypes ...string) *ciscophone.Phone {
	t.Helper()
	phone, err := ciscophone.New(ciscophone.Config{MAC: mac, DHCP: dhcp, ErrorRetry: time.Second, CWMP: cpe.Config{ConnectionRequestListen: "127.0.0.1:0", FileTypes: fileTypes}})
	if err != nil {
		t.Fatal(err)
	}
	stop := phone.Start()
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Errorf("phone: %v", err)
		}
	})
	return phone
}
