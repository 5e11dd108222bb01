//go:build e2e

package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cpe/filephone"
)

// The phones of the customer: of each vendor, and in all.
const (
	phonesOfVendor = 50
	phonesInAll    = 4 * phonesOfVendor
)

// plannedDevice is a device that a plan names.
type plannedDevice struct{ ID, MAC, Model, Group string }

// settingsPlan is the answer of a plan.
type settingsPlan struct {
	Devices, Changed, Unserved, Failing int
	ByModel                             []struct {
		Name  string
		Count int
	}
	Names     []plannedDevice
	Truncated bool
	Unreached struct {
		Overridden, Refused, Unused int
		Places                      []struct {
			Device plannedDevice
			Path   string
			Why    string
			By     struct{ Kind, ID string }
		}
	}
}

// fleetPhone is a phone and its device.
type fleetPhone struct {
	phone  *filephone.Phone
	device fileDevice
}

// TestAChangeForTwoHundredPhonesIsPlannedAndConverges is the second thing that the file
// road must show.
func TestAChangeForTwoHundredPhonesIsPlannedAndConverges(t *testing.T) {
	t.Parallel()
	s := serve(t)
	operator := s.Client("admin")
	operator.makeCustomer()
	fleet := makeFleet(t, s, operator)
	overridden, locked := fleet[3], fleet[phonesOfVendor+3]
	operator.put("devices/"+overridden.device.ID, declare("account.1.registrar", "own.example.net"))
	lock := declare("account.1.registrar", "held.example.net")
	lock["locked"], lock["filter"] = true, `mac = "`+locked.device.MAC+`"`
	operator.put("groups/"+parentOf(customer), lock)
	fetchFleet(t, fleet)
	operator.allConverged(fleet)

	change := object{"level": object{"kind": "group", "id": customer}, "set": []object{declare("account.*.registrar", "new.example.net")}, "names": 1000}
	checkPlan(t, operator, change, fleet, overridden, locked)
	operator.noneChanged(fleet)

	operator.put("groups/"+customer, declare("account.*.registrar", "new.example.net"))
	operator.Within(time.Minute, "all are pending", func() bool { return operator.countFleet("pending") == phonesInAll })
	fetchFleet(t, fleet)
	operator.allConverged(fleet)
	for _, f := range fleet {
		first := "new.example.net"
		switch f.device.ID {
		case overridden.device.ID:
			first = "own.example.net"
		case locked.device.ID:
			first = "held.example.net"
		}
		checkHeld(t, f.phone, wantedAccounts(first, "new.example.net"))
	}
	checkEffective(t, operator, overridden.device.ID, locked.device.ID)
}

func parentOf(group string) string { return group[:strings.LastIndex(group, "/")] }

// makeFleet adds the phones of four vendors.
func makeFleet(t *testing.T, s *server, c *client) []fleetPhone {
	t.Helper()
	var fleet []fleetPhone
	for _, v := range fourVendors() {
		for n := range phonesOfVendor {
			mac := macOf(v, 0x200000+n)
			added := c.addFilePhone(v, mac)
			fleet = append(fleet, fleetPhone{phone: filePhone(t, v, mac, s.FilesURL(), false), device: c.fileDevice(added.ID)})
		}
	}
	return fleet
}

func fetchFleet(t *testing.T, fleet []fleetPhone) {
	t.Helper()
	phones := make([]*filephone.Phone, 0, len(fleet))
	for _, f := range fleet {
		phones = append(phones, f.phone)
	}
	fetchAll(t, phones)
}

// countFleet counts the customer's devices in a state.
func (c *client) countFleet(state string) int {
	c.tb.Helper()
	count := 0
	for _, d := range listAll[fileDevice](c, "devices") {
		if d.Group == customer && d.Provisioning.State == state {
			count++
		}
	}
	return count
}

func (c *client) allConverged(fleet []fleetPhone) {
	c.tb.Helper()
	c.Within(time.Minute, "all are converged", func() bool { return c.countFleet("converged") == len(fleet) })
}

// noneChanged checks that a plan left the devices as they were.
func (c *client) noneChanged(fleet []fleetPhone) {
	c.tb.Helper()
	if n := c.countFleet("converged"); n != len(fleet) {
		c.tb.Errorf("%d are converged after the plan, want %d", n, len(fleet))
	}
}

// checkPlan asks for the plan, and for the differences of each device that it names.
func checkPlan(t *testing.T, c *client, change object, fleet []fleetPhone, overridden, locked fleetPhone) {
	t.Helper()
	var plan settingsPlan
	began := time.Now()
	c.Post("settings/plan", change).Want(http.StatusOK).Decode(&plan)
	t.Logf("the plan for %d devices took %s", plan.Devices, time.Since(began).Round(time.Millisecond))
	if plan.Devices != phonesInAll || plan.Changed != phonesInAll || len(plan.Names) != phonesInAll || plan.Truncated || plan.Unserved != 0 || plan.Failing != 0 {
		t.Fatalf("the plan has %d devices, %d of them changed, %d named, %d unserved, %d failing; want %d", plan.Devices, plan.Changed, len(plan.Names), plan.Unserved, plan.Failing, phonesInAll)
	}
	if len(plan.ByModel) != len(fourVendors()) || plan.ByModel[0].Count != phonesOfVendor {
		t.Errorf("by model: %+v", plan.ByModel)
	}
	named := map[string]bool{}
	for _, d := range plan.Names {
		named[d.ID] = true
	}
	for _, f := range fleet {
		if !named[f.device.ID] {
			t.Errorf("the plan does not name %s", f.device.MAC)
		}
		checkDifference(t, c, f, change)
	}
	wantPlace(t, plan, overridden.device.ID, "overridden", "device", overridden.device.ID)
	wantPlace(t, plan, locked.device.ID, "refused", "group", parentOf(customer))
	if plan.Unreached.Overridden != 1 || plan.Unreached.Refused != 1 {
		t.Errorf("unreached: %+v", plan.Unreached)
	}
}

// wantPlace checks that the plan tells of the setting that a device would not take.
func wantPlace(t *testing.T, plan settingsPlan, device, why, kind, id string) {
	t.Helper()
	for _, p := range plan.Unreached.Places {
		if p.Device.ID == device && p.Path == "account.1.registrar" && p.Why == why && p.By.Kind == kind && p.By.ID == id {
			return
		}
	}
	t.Errorf("the plan does not say that %s is %s by the %s %s: %+v", device, why, kind, id, plan.Unreached.Places)
}

// checkDifference checks that the difference of a device's files is the one of the
// registrar, and shows no secret.
func checkDifference(t *testing.T, c *client, f fleetPhone, change object) {
	t.Helper()
	change = object{"level": change["level"], "set": change["set"]}
	var plan struct {
		Files []struct {
			Name, Difference, Problem string
			Added, Removed            int
		}
	}
	c.Post("devices/"+f.device.ID+"/settings/plan", change).Want(http.StatusOK).Decode(&plan)
	var all strings.Builder
	for _, file := range plan.Files {
		if file.Problem != "" {
			t.Errorf("%s of %s: %s", file.Name, f.device.MAC, file.Problem)
		}
		all.WriteString(file.Difference)
	}
	text := all.String()
	if !slices.ContainsFunc(strings.Split(text, "\n"), func(line string) bool {
		return strings.HasPrefix(line, "+") && strings.Contains(line, "new.example.net")
	}) || !strings.Contains(text, "old.example.net") {
		t.Errorf("the difference of %s %s does not change the registrar:\n%s", f.phone.Vendor(), f.device.MAC, text)
	}
	for _, secret := range []string{"first=secret", "second-secret"} {
		if strings.Contains(text, secret) {
			t.Errorf("the difference of %s shows a password:\n%s", f.device.MAC, text)
		}
	}
}

// checkEffective checks where the two phones' own registrars come from.
func checkEffective(t *testing.T, c *client, overridden, locked string) {
	t.Helper()
	type level struct{ Kind, ID string }
	type setting struct {
		Path     string
		Value    any
		Origin   level
		LockedBy *level
		Overrode []struct {
			Level   level
			Value   any
			Refused bool
		}
	}
	read := func(id string) setting {
		var effective struct{ Settings []setting }
		c.Get("devices/" + id + "/settings/effective").Want(http.StatusOK).Decode(&effective)
		i := slices.IndexFunc(effective.Settings, func(s setting) bool { return s.Path == "account.1.registrar" })
		if i < 0 {
			t.Fatalf("device %s has no registrar", id)
		}
		return effective.Settings[i]
	}
	if own := read(overridden); own.Value != "own.example.net" || own.Origin.Kind != "device" || len(own.Overrode) != 1 || own.Overrode[0].Value != "new.example.net" || own.Overrode[0].Refused {
		t.Errorf("the overridden registrar is %+v", own)
	}
	held := read(locked)
	if held.Value != "held.example.net" || held.LockedBy == nil || held.LockedBy.ID != parentOf(customer) {
		t.Errorf("the locked registrar is %+v", held)
	}
	if len(held.Overrode) != 1 || held.Overrode[0].Value != "new.example.net" || !held.Overrode[0].Refused {
		t.Errorf("the locked registrar is not said to have refused the group's: %+v", held)
	}
}
