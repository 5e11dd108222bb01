package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

func now() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// rule parses a rule and names it.
func rule(t *testing.T, id, body string) Rule {
	t.Helper()
	r, err := ParseRule(json.RawMessage(body))
	if err != nil {
		t.Fatal(err)
	}
	r.ID = id
	return r
}

func newSet(t *testing.T, rules []Rule, credentials []SharedCredential, fallback Rule) *Set {
	t.Helper()
	s, err := NewSet(rules, credentials, fallback)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func fallback(methods ...Method) Rule {
	return Rule{Name: "default", Methods: methods, BasicWithoutTLS: true, Unknown: Accept, Rebootstrap: Refuse}
}

func phone(id string) device.Device {
	return device.Device{
		ID: device.ID(id), Manufacturer: "Cisco", MAC: "00:0e:08:ab:cd:ef", Address: "192.0.2.7",
		CWMPIdentity: device.CWMPIdentity{OUI: "000E08", ProductClass: "CP-8841-3PCC", SerialNumber: "88012BA01234"},
	}
}

func had(username string, seen bool) device.Credential {
	c := device.Credential{Username: username, Device: "a", CreatedAt: now().Add(-time.Hour), Issued: true}
	if seen {
		c.SeenAt = now().Add(-time.Minute)
	}
	return c
}

func TestTheDecisionTable(t *testing.T) {
	owner := Account{Listener: "cwmp", Username: "u", Method: Digest, Device: "a"}
	former := owner
	former.Superseded = true
	byShared := Account{Listener: "cwmp", Username: "factory", Method: Digest, Shared: []string{"maker"}}
	nobody := Account{Listener: "cwmp"}
	unknown, known := Candidate{Device: phone("")}, Candidate{Device: phone("a")}
	used := Candidate{Device: phone("a"), Credentials: []device.Credential{had("u", true)}}
	given := Candidate{Device: phone("a"), Credentials: []device.Credential{had("u", false)}}
	with := func(c Candidate, change func(*Candidate)) Candidate { change(&c); return c }
	reset := func(c *Candidate) { c.Bootstrap = true }
	asked := func(c *Candidate) { c.Asked = true }
	resetAndAsked := func(c *Candidate) { c.Bootstrap, c.Asked = true, true }
	const (
		careful = `{"name":"r","methods":["digest"],"rotate":true,"unknown":"quarantine","rebootstrap":"quarantine"}`
		lax     = `{"name":"r","methods":["none","digest"],"rotate":true,"unknown":"accept","rebootstrap":"accept"}`
		strict  = `{"name":"r","methods":["digest"],"unknown":"refuse","rebootstrap":"refuse"}`
		bare    = `{"name":"r","methods":["none"],"unknown":"accept","rebootstrap":"refuse"}`
	)
	for name, test := range map[string]struct {
		rule    string
		account Account
		device  Candidate
		want    Verdict
		clash   bool
		issue   bool
	}{
		"nobody is asked and a stranger comes":        {bare, nobody, unknown, Allowed, false, false},
		"nobody is asked and a device comes":          {bare, nobody, used, Allowed, false, false},
		"a device with its own credentials":           {strict, owner, used, Allowed, false, false},
		"the credentials of another device":           {strict, owner, with(used, func(c *Candidate) { c.Device.ID = "b" }), Refused, true, false},
		"the credentials of a device by a stranger":   {strict, owner, unknown, Refused, true, false},
		"nothing shown":                               {strict, nobody, used, Challenged, false, false},
		"nothing shown by a stranger":                 {strict, nobody, unknown, Challenged, false, false},
		"shared ones by a stranger, accepted":         {lax, byShared, unknown, Allowed, false, true},
		"shared ones by a stranger, quarantined":      {careful, byShared, unknown, Quarantined, false, false},
		"shared ones by a stranger, refused":          {strict, byShared, unknown, Refused, false, false},
		"shared ones by a device without its own":     {careful, byShared, known, Allowed, false, true},
		"shared ones while its own are on the way":    {careful, byShared, given, Allowed, false, true},
		"shared ones by a device that has its own":    {lax, byShared, used, Refused, true, false},
		"the same after a reset, accepted":            {lax, byShared, with(used, reset), Allowed, false, true},
		"the same after a reset, quarantined":         {careful, byShared, with(used, reset), Quarantined, false, false},
		"the same after a reset, refused":             {strict, byShared, with(used, reset), Refused, true, false},
		"what it had before it was given its own":     {lax, former, used, Refused, true, false},
		"what it had before, after a reset":           {lax, former, with(used, reset), Allowed, false, true},
		"nothing, by a stranger who may":              {lax, nobody, unknown, Allowed, false, true},
		"nothing, by a device without its own":        {lax, nobody, known, Allowed, false, true},
		"nothing, by a device that has its own":       {lax, nobody, used, Challenged, false, false},
		"nothing, though it was asked":                {lax, nobody, with(used, asked), Challenged, false, false},
		"nothing, after a reset":                      {lax, nobody, with(used, reset), Challenged, false, false},
		"nothing, after a reset and though asked":     {lax, nobody, with(used, resetAndAsked), Allowed, false, true},
		"nothing, with its own on the way":            {lax, nobody, given, Challenged, false, false},
		"nothing, with its own on the way, and asked": {lax, nobody, with(given, asked), Allowed, false, true},
	} {
		set := newSet(t, []Rule{rule(t, "r", test.rule)}, []SharedCredential{{ID: "maker", Username: "factory", Enabled: true}}, fallback(None))
		test.device.Now = now()
		got := set.Decide(test.account, test.device)
		if got.Verdict != test.want || got.Clash != test.clash || got.Issue != test.issue {
			t.Errorf("%s: %s, clash %t, issue %t (%s); want %s, %t, %t", name, got.Verdict, got.Clash, got.Issue, got.Reason, test.want, test.clash, test.issue)
		}
		if (got.Verdict == Refused || got.Verdict == Challenged) != (got.Reason != "") && got.Verdict != Quarantined {
			t.Errorf("%s: the reason is %q", name, got.Reason)
		}
		if brief, ok := set.Brief(test.account, now()); ok && brief.Verdict != got.Verdict && !got.Clash {
			t.Errorf("%s: decided in brief it is %s, in full %s", name, brief.Verdict, got.Verdict)
		}
	}
}

func TestTheRuleOfTheHighestPriorityThatFitsCounts(t *testing.T) {
	rules := []Rule{
		rule(t, "b", `{"name":"b","priority":5,"methods":["digest"],"filter":"productClass = \"CP-*\""}`),
		rule(t, "a", `{"name":"a","priority":5,"methods":["digest"],"filter":"manufacturer = Cisco"}`),
		rule(t, "off", `{"name":"off","priority":100,"enabled":false,"methods":["none"]}`),
		rule(t, "legacy", `{"name":"legacy","priority":50,"methods":["basic"],"basicWithoutTLS":true,"listeners":["cwmp-legacy"]}`),
		rule(t, "lab", `{"name":"lab","priority":10,"methods":["none"],"filter":"address = \"10.9.*\" AND group = lab"}`),
	}
	set := newSet(t, rules, nil, fallback(None))
	for want, test := range map[string]struct {
		listener string
		change   func(*device.Device)
	}{
		"a":      {"cwmp", func(*device.Device) {}},
		"b":      {"cwmp", func(d *device.Device) { d.Manufacturer = "Sipura" }},
		"legacy": {"cwmp-legacy", func(*device.Device) {}},
		"lab":    {"cwmp", func(d *device.Device) { d.Address, d.Group = "10.9.0.1", "lab" }},
		"":       {"cwmp", func(d *device.Device) { d.Manufacturer, d.ProductClass = "Yealink", "T46" }},
	} {
		d := phone("x")
		test.change(&d)
		if got := set.Decide(Account{Listener: test.listener}, Candidate{Device: d, Now: now()}); got.Rule != want {
			t.Errorf("rule %q counts, want %q", got.Rule, want)
		}
	}
}

func TestBasicIsTakenOverTLSOnlyUnlessAllowed(t *testing.T) {
	for _, test := range []struct {
		allowed, secure bool
		want            Verdict
	}{{false, false, Refused}, {false, true, Allowed}, {true, false, Allowed}} {
		set := newSet(t, []Rule{rule(t, "r", fmt.Sprintf(`{"name":"r","methods":["basic"],"basicWithoutTLS":%t}`, test.allowed))}, nil, fallback(None))
		a := Account{Listener: "cwmp", Secure: test.secure, Username: "u", Method: Basic, Device: "a"}
		if got := set.Decide(a, Candidate{Device: phone("a"), Now: now()}); got.Verdict != test.want {
			t.Errorf("%+v: %s", test, got.Verdict)
		}
		methods, must := set.Offer(Account{Listener: "cwmp", Secure: test.secure})
		if offered := len(methods) > 0; offered != (test.want == Allowed) || must != offered {
			t.Errorf("%+v: offers %v, must %t", test, methods, must)
		}
	}
}

func TestAMethodThatTheRuleDoesNotTakeProvesNothing(t *testing.T) {
	set := newSet(t, []Rule{
		rule(t, "digest", `{"name":"d","priority":2,"methods":["digest"],"filter":"manufacturer = Cisco"}`),
		rule(t, "basic", `{"name":"b","priority":1,"methods":["basic"],"basicWithoutTLS":true}`),
	}, nil, fallback(None))
	got := set.Decide(Account{Listener: "cwmp", Username: "u", Method: Basic, Device: "a"}, Candidate{Device: phone("a"), Now: now()})
	if got.Verdict != Challenged || !slices.Equal(got.Methods, []Method{Digest}) {
		t.Errorf("%s by %v, want a challenge by digest", got.Verdict, got.Methods)
	}
}

func TestWhatIsOfferedIsWhatTheRulesOfTheListenerTake(t *testing.T) {
	digest := rule(t, "d", `{"name":"d","priority":3,"methods":["digest"],"listeners":["cwmp"],"filter":"oui = 000E08"}`)
	basic := rule(t, "b", `{"name":"b","priority":2,"methods":["basic","digest"],"listeners":["cwmp"]}`)
	certificate := rule(t, "c", `{"name":"c","priority":9,"methods":["certificate","basic"],"listeners":["mtls"],"identity":{"serialNumber":"{L}"}}`)
	set := newSet(t, []Rule{digest, basic, certificate}, nil, fallback(None))
	shown := &CertificateIdentity{Fingerprint: "x"}
	for _, test := range []struct {
		account Account
		want    []Method
		must    bool
	}{
		{Account{Listener: "cwmp", Secure: true}, []Method{Digest, Basic}, true},
		{Account{Listener: "cwmp"}, []Method{Digest}, true},
		{Account{Listener: "mtls", Secure: true}, []Method{Basic}, true},
		{Account{Listener: "mtls", Secure: true, Certificate: shown}, []Method{Basic}, false},
		{Account{Listener: "other"}, nil, false},
	} {
		methods, must := set.Offer(test.account)
		if !slices.Equal(methods, test.want) || must != test.must {
			t.Errorf("%+v: %v, must %t; want %v, %t", test.account, methods, must, test.want, test.must)
		}
	}
}

func TestSharedCredentialsCountWhereTheirDocumentSaysSo(t *testing.T) {
	parse := func(id, body string) SharedCredential {
		c, err := ParseSharedCredential(json.RawMessage(body))
		if err != nil {
			t.Fatal(err)
		}
		c.ID = id
		return c
	}
	credentials := []SharedCredential{
		parse("any", `{"username":"u","password":"v1.x.y"}`),
		parse("cisco", `{"username":"u","password":"v1.x.y","filter":"manufacturer = Cisco"}`),
		parse("ruled", `{"username":"u","password":"v1.x.y","rule":"other"}`),
		parse("legacy", `{"username":"u","password":"v1.x.y","listeners":["cwmp-legacy"]}`),
		parse("off", `{"username":"u","password":"v1.x.y","enabled":false}`),
	}
	set := newSet(t, []Rule{rule(t, "r", `{"name":"r","methods":["digest"],"unknown":"accept"}`)}, credentials, fallback(None))
	yealink := phone("")
	yealink.Manufacturer = "Yealink"
	for _, test := range []struct {
		id     string
		device device.Device
		want   Verdict
	}{
		{"any", phone(""), Allowed}, {"cisco", phone(""), Allowed}, {"cisco", yealink, Challenged}, {"ruled", phone(""), Challenged}, {"off", phone(""), Challenged}, {"gone", phone(""), Challenged},
	} {
		a := Account{Listener: "cwmp", Username: "u", Method: Digest, Shared: []string{test.id}}
		if got := set.Decide(a, Candidate{Device: test.device, Now: now()}); got.Verdict != test.want {
			t.Errorf("%s by %s: %s, want %s", test.id, test.device.Manufacturer, got.Verdict, test.want)
		}
	}
	if found := set.Named("u", "cwmp"); len(found) != 3 {
		t.Errorf("%d credentials on the listener, want 3", len(found))
	}
	if found := set.Named("u", "cwmp-legacy"); len(found) != 4 {
		t.Errorf("%d credentials on the legacy listener, want 4", len(found))
	}
}

func TestCredentialsThatAreOldEnoughAreRenewed(t *testing.T) {
	set := newSet(t, []Rule{rule(t, "r", `{"name":"r","methods":["digest"],"rotate":true,"rotateAfter":"720h"}`)}, nil, fallback(None))
	for age, want := range map[time.Duration]bool{719 * time.Hour: false, 721 * time.Hour: true} {
		a := Account{Listener: "cwmp", Username: "u", Method: Digest, Device: "a", CreatedAt: now().Add(-age)}
		full := set.Decide(a, Candidate{Device: phone("a"), Now: now()})
		brief, ok := set.Brief(a, now())
		if full.Issue != want || brief.Issue != want || !ok {
			t.Errorf("after %s: %t and %t, want %t", age, full.Issue, brief.Issue, want)
		}
	}
}

func TestTheOtherCredentialsOfADeviceSayWhetherOneStillCounts(t *testing.T) {
	entered := device.Credential{Username: "entered", CreatedAt: now()}
	later := func(name string, issued, seen bool) device.Credential {
		c := device.Credential{Username: name, CreatedAt: now().Add(time.Hour), Issued: issued}
		if seen {
			c.SeenAt = now().Add(2 * time.Hour)
		}
		return c
	}
	for name, test := range map[string]struct {
		others               []device.Credential
		superseded, outdated bool
	}{
		"alone":                  {nil, false, false},
		"a later one on its way": {[]device.Credential{later("n", true, false)}, false, true},
		"a later one in use":     {[]device.Credential{later("n", true, true)}, true, false},
		"a later one entered":    {[]device.Credential{later("n", false, true)}, false, false},
		"an earlier one in use":  {[]device.Credential{{Username: "o", CreatedAt: now().Add(-time.Hour), Issued: true, SeenAt: now()}}, false, false},
	} {
		superseded, outdated := Judge(entered, append(test.others, entered))
		if superseded != test.superseded || outdated != test.outdated {
			t.Errorf("%s: superseded %t, outdated %t", name, superseded, outdated)
		}
	}
}

func TestAFallbackThatCannotBeIsRefused(t *testing.T) {
	_, err := NewSet(nil, nil, Rule{Name: "x"})
	var field *FieldError
	if !errors.As(err, &field) || field.Field != "methods" {
		t.Errorf("%v", err)
	}
}
