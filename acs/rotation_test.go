package acs

import (
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func rotatingRule() access.Rule {
	r := digestRule()
	r.Rotate = true
	return r
}

// takes has a phone take what it is set, and returns how often it was set credentials.
func (c *caller) takes() (set int) {
	c.f.t.Helper()
	asked := c.work(func(m cwmp.Message) cwmp.Message {
		request, ok := m.(*cwmp.SetParameterValues)
		if !ok {
			c.f.t.Fatalf("asked %s", m.Method())
		}
		for _, p := range request.ParameterList {
			switch p.Name {
			case "Device.ManagementServer.Username":
				c.username = p.Value
			case "Device.ManagementServer.Password":
				c.password = p.Value
			}
		}
		return &cwmp.SetParameterValuesResponse{}
	})
	return len(asked)
}

// declines has a phone fault what it is set.
func (c *caller) declines() (set int) {
	c.f.t.Helper()
	return len(c.work(func(cwmp.Message) cwmp.Message { return cwmp.NewFault(cwmp.FaultInvalidArguments, "") }))
}

// lists returns the credentials of a device.
func (f *fixture) lists(id device.ID) []device.Credential {
	f.t.Helper()
	all, err := f.store.Credentials().CredentialsOf(f.t.Context(), id)
	must(f.t, err)
	return all
}

// rotating starts a server whose rule gives credentials, with one that is shared.
func rotating(t *testing.T, rule access.Rule) *guarded {
	t.Helper()
	g := newGuarded(t, rule)
	g.rules(rule, []access.SharedCredential{g.sharing("maker", "factory", "secret")})
	return g
}

func TestC51S29ADeviceThatCameBySharedCredentialsIsGivenItsOwn(t *testing.T) {
	g := rotating(t, rotatingRule())
	c := g.caller("S1", "factory", "secret")
	d := c.accepted("0 BOOTSTRAP")
	if n := c.takes(); n != 1 || c.username == "factory" {
		t.Fatalf("%d requests, the phone is now %q", n, c.username)
	}
	given := g.lists(d.ID)
	if len(given) != 1 || !given[0].Issued || !given[0].SeenAt.IsZero() || given[0].Username != c.username {
		t.Fatalf("credentials %+v", given)
	}
	// Until the new one is seen, the old one is good.
	old := g.caller("S1", "factory", "secret")
	g.clock.advance(time.Minute)
	old.accepted("2 PERIODIC")
	old.declines()

	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	c.ends()
	if seen := g.lists(d.ID); len(seen) != 1 || !seen[0].SeenAt.Equal(g.clock.now()) {
		t.Fatalf("credentials %+v, want one that was seen", seen)
	}
	g.alarmed(d.ID)
	g.clock.advance(time.Minute)
	old.rejected("2 PERIODIC")
	g.alarmed(d.ID, device.AlarmIdentityClash)
	writes := g.operations("noteCredentialSeen")
	c.accepted("2 PERIODIC")
	c.ends()
	if g.operations("noteCredentialSeen") != writes {
		t.Error("the use of a credential is stored more than once")
	}
}

func TestC51S30AfterAFactoryResetTheSharedOnesAreGoodByPolicy(t *testing.T) {
	for reaction, want := range map[access.Reaction]string{access.Accept: "InformResponse", access.Quarantine: "InformResponse", access.Refuse: "fault 8001"} {
		t.Run(string(reaction), func(t *testing.T) {
			rule := rotatingRule()
			rule.Rebootstrap = reaction
			g := rotating(t, rule)
			c := g.caller("S1", "factory", "secret")
			d := c.accepted("0 BOOTSTRAP")
			c.takes()
			c.accepted("2 PERIODIC")
			c.ends()
			former := c.username
			g.clock.advance(2 * time.Hour)
			c.username, c.password = "factory", "secret"
			if _, got := c.opens("0 BOOTSTRAP"); got != want {
				t.Fatalf("answered %s, want %s", got, want)
			}
			if reaction == access.Refuse {
				g.alarmed(d.ID, device.AlarmIdentityClash)
				return
			}
			if reaction == access.Quarantine {
				c.ends() // It is given nothing.
				g.alarmed(d.ID, device.AlarmIdentityClash)
				if !c.record().Quarantined {
					t.Fatal("the device is not in quarantine")
				}
				approved := false
				_, err := g.store.Devices().Edit(t.Context(), d.ID, device.Edit{Quarantined: &approved})
				must(t, err)
				g.clock.advance(time.Minute)
				c.accepted("2 PERIODIC")
			}
			if n := c.declines(); n != 1 {
				t.Fatalf("%d requests, want one that sets credentials", n)
			}
			// It has none of its own yet, and says 0 BOOTSTRAP no more.
			g.clock.advance(time.Minute)
			c.accepted("2 PERIODIC")
			c.takes()
			if c.username == former || c.username == "factory" {
				t.Errorf("the phone is %q, want new credentials", c.username)
			}
			g.clock.advance(time.Minute)
			c.accepted("2 PERIODIC")
			c.ends()
			if all := g.lists(d.ID); len(all) != 1 || all[0].Username != c.username {
				t.Errorf("credentials %+v, want the new one alone", all)
			}
			g.caller("S1", "factory", "secret").rejected("2 PERIODIC")
		})
	}
}

func TestADeviceThatKeepsWhatItCameWithIsAnAlarmAfterThreeSessions(t *testing.T) {
	g := rotating(t, rotatingRule())
	c := g.caller("S1", "factory", "secret")
	d := c.accepted("0 BOOTSTRAP")
	total := c.declines()
	for session := 1; session <= 5; session++ {
		g.clock.advance(5 * time.Minute)
		c.accepted("2 PERIODIC")
		total += c.declines()
		if session < 3 {
			g.alarmed(d.ID)
		} else {
			g.alarmed(d.ID, device.AlarmCredentials)
		}
	}
	if total != 3 {
		t.Errorf("credentials were set %d times, want 3", total)
	}
	if all := g.lists(d.ID); len(all) != 1 {
		t.Errorf("%d credentials, want one for all tries", len(all))
	}
	g.clock.advance(25 * time.Hour)
	c.accepted("2 PERIODIC")
	if n := c.takes(); n != 1 {
		t.Errorf("a day later credentials are set %d times, want once", n)
	}
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	c.ends()
}

func TestOnlyOneRotationIsUnderWay(t *testing.T) {
	g := rotating(t, rotatingRule())
	c := g.caller("S1", "factory", "secret")
	d := c.accepted("0 BOOTSTRAP")
	for range 3 {
		g.clock.advance(time.Minute)
		c.accepted("2 PERIODIC") // Each time it breaks off.
	}
	open, err := g.queue.Open(t.Context(), d.ID)
	must(t, err)
	if len(open) != 1 || open[0].UniqueKey != rotationKey || len(g.lists(d.ID)) != 1 {
		t.Errorf("%d tasks are open, and there are %d credentials", len(open), len(g.lists(d.ID)))
	}
}

func TestCredentialsAreRenewedWhenTheyAreOld(t *testing.T) {
	rule := rotatingRule()
	rule.RotateAfter = access.Duration(24 * time.Hour)
	g := rotating(t, rule)
	c := g.caller("S1", "factory", "secret")
	d := c.accepted("0 BOOTSTRAP")
	c.takes()
	first := *c
	for range 2 {
		g.clock.advance(time.Hour)
		c.accepted("2 PERIODIC")
		c.ends()
	}
	g.clock.advance(23 * time.Hour)
	c.accepted("2 PERIODIC")
	if n := c.takes(); n != 1 || c.username == first.username {
		t.Fatalf("%d requests after a day, the phone is %q", n, c.username)
	}
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	c.ends()
	if all := g.lists(d.ID); len(all) != 1 || all[0].Username != c.username {
		t.Errorf("credentials %+v, want the new one alone", all)
	}
	g.clock.advance(time.Minute)
	first.unauthorized("2 PERIODIC")
}

func TestWhatAnOperatorEnteredStaysForTheNextReset(t *testing.T) {
	rule := rotatingRule()
	rule.RotateAfter = access.Duration(24 * time.Hour)
	g := rotating(t, rule)
	d := g.announced("S1", "entered", "pw")
	g.clock.advance(25 * time.Hour)
	c := g.caller("S1", "entered", "pw")
	c.accepted("1 BOOT")
	c.takes()
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	c.ends()
	if all := g.lists(d.ID); len(all) != 2 {
		t.Fatalf("credentials %+v, want that of the operator and the new one", all)
	}
	entered := g.caller("S1", "entered", "pw")
	g.clock.advance(time.Minute)
	entered.rejected("2 PERIODIC")
	g.clock.advance(time.Minute)
	entered.accepted("0 BOOTSTRAP")
}

func TestADeviceThatNobodyAskedIsGivenCredentialsAndThenAsked(t *testing.T) {
	rule := rotatingRule()
	rule.Methods = []access.Method{access.None, access.Digest}
	g := newGuarded(t, rule)
	c := g.caller("S1", "", "")
	c.accepted("0 BOOTSTRAP")
	c.takes()
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	if c.rounds != 1 {
		t.Errorf("asked %d times, want once", c.rounds)
	}
	c.ends()
	thief := g.caller("S1", "", "")
	thief.unauthorized("2 PERIODIC")
	thief.unauthorized("2 PERIODIC")
	g.alarmed(c.record().ID)
	thief.unauthorized("2 PERIODIC")
	thief.unauthorized("2 PERIODIC")
	g.alarmed(c.record().ID, device.AlarmIdentityClash)
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
}

func TestNothingIsWrittenForADeviceThatIsAsked(t *testing.T) {
	rule := rotatingRule()
	rule.Methods = []access.Method{access.None, access.Digest}
	g := newGuarded(t, rule)
	c := g.caller("S1", "", "")
	d := c.accepted("0 BOOTSTRAP")
	c.takes()
	before := c.record()
	g.clock.advance(time.Minute)
	g.caller("S1", "", "").unauthorized("0 BOOTSTRAP")
	if after := c.record(); after.Session != before.Session || !after.LastBootstrap.Equal(before.LastBootstrap) || after.LastInform != d.LastInform {
		t.Errorf("the record was changed from %+v to %+v", before, after)
	}
}

func TestADeviceInQuarantineIsGivenNothingUntilItIsApproved(t *testing.T) {
	rule := access.Rule{Name: "open", Methods: []access.Method{access.None}, Unknown: access.Quarantine, Rebootstrap: access.Accept}
	g := newGuarded(t, rule)
	g.server.engine.onboarding.options.Off = false
	c := g.caller("S1", "", "")
	d := c.accepted("0 BOOTSTRAP")
	c.ends()
	task := g.task(d.ID, tasks.Reboot, `{}`)
	for range 2 {
		g.clock.advance(time.Minute)
		c.accepted("2 PERIODIC")
		c.ends()
	}
	g.want(task, tasks.Queued)
	open, err := g.queue.Open(t.Context(), d.ID)
	must(t, err)
	if len(open) != 1 || !c.record().OnboardingDue {
		t.Errorf("%d tasks are open, onboarding due is %t", len(open), c.record().OnboardingDue)
	}
	approved := false
	_, err = g.store.Devices().Edit(t.Context(), d.ID, device.Edit{Quarantined: &approved})
	must(t, err)
	g.clock.advance(time.Minute)
	c.accepted("2 PERIODIC")
	if first := c.send(nil, nil); first == nil {
		t.Fatal("the device is asked nothing after it was approved")
	}
	if c.record().OnboardingDue {
		t.Error("onboarding is still due")
	}
}

func TestADeviceThatIsResetAgainAndAgainIsAnAlarmUnlessATaskDoesIt(t *testing.T) {
	g := newGuarded(t, access.Rule{Name: "open", Methods: []access.Method{access.None}, Unknown: access.Accept, Rebootstrap: access.Accept})
	c := g.caller("S1", "", "")
	var d device.Device
	for range 2 {
		d = c.accepted("0 BOOTSTRAP")
		c.ends()
		g.clock.advance(10 * time.Minute)
	}
	g.alarmed(d.ID)
	reset := g.task(d.ID, tasks.FactoryReset, `{}`)
	c.accepted("2 PERIODIC")
	c.work(func(m cwmp.Message) cwmp.Message {
		if _, asked := m.(*cwmp.GetRPCMethods); asked {
			return &cwmp.GetRPCMethodsResponse{MethodList: []string{"GetRPCMethods", "SetParameterValues", "FactoryReset"}}
		}
		return &cwmp.FactoryResetResponse{}
	})
	g.want(reset, tasks.Waiting)
	c.accepted("0 BOOTSTRAP")
	c.ends()
	g.want(reset, tasks.Succeeded)
	g.alarmed(d.ID)
	c.accepted("0 BOOTSTRAP")
	c.ends()
	g.alarmed(d.ID, device.AlarmRepeatedBootstrap)

	slow := g.caller("S2", "", "")
	for range 5 {
		d = slow.accepted("0 BOOTSTRAP")
		slow.ends()
		g.clock.advance(40 * time.Minute)
	}
	g.alarmed(d.ID)
}
