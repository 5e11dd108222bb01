package acs

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
)

// The numbers are rows of the checklist: C for conformance, S for security.

// challenge returns the WWW-Authenticate headers of a phone's first Inform.
func (c *caller) challenge() (*http.Response, []string) {
	c.f.t.Helper()
	body := c.encoded("1 BOOT")
	c.header.Del("Authorization")
	response, _ := c.post(body)
	return response, response.Header.Values("WWW-Authenticate")
}

func (c *caller) encoded(events ...string) []byte {
	c.f.t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Namespace: c.namespace, Message: c.inform(events...)})
	must(c.f.t, err)
	return body
}

func TestC33C35C39C41AChallengeSuitsTheSimplestClients(t *testing.T) {
	rule := digestRule()
	rule.Methods, rule.BasicWithoutTLS = []access.Method{access.Basic, access.Digest}, true
	g := newGuarded(t, rule)
	response, lines := g.caller("S1", "", "").challenge()
	if response.StatusCode != 401 || response.ContentLength != 0 || response.Close {
		t.Errorf("status %d, length %d, close %t: want an empty 401 on a connection that stays open", response.StatusCode, response.ContentLength, response.Close)
	}
	if len(lines) != 3 || !strings.Contains(lines[0], "algorithm=MD5") || !strings.Contains(lines[1], "algorithm=SHA-256") || !strings.HasPrefix(lines[2], "Basic ") {
		t.Fatalf("challenges %q: want MD5, SHA-256, Basic, each in a line", lines)
	}
	for _, line := range lines[:2] {
		parsed, err := digest.ParseChallenges([]string{line})
		must(t, err)
		if !strings.Contains(line, `qop="auth"`) || strings.Contains(line, "auth-int") || len(parsed[0].Nonce) > 32 || len(parsed[0].Realm) > 127 ||
			strings.Trim(parsed[0].Nonce, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			t.Errorf("challenge %s", line)
		}
	}
}

func TestC40AClientWithTheRightCredentialsIsAskedOnce(t *testing.T) {
	for _, method := range []access.Method{access.Basic, access.Digest} {
		rule := digestRule()
		rule.Methods, rule.BasicWithoutTLS = []access.Method{method}, true
		g := newGuarded(t, rule)
		g.announced("S1", "u", "p")
		c := g.caller("S1", "u", "p")
		for range 3 {
			c.accepted("2 PERIODIC")
			if c.rounds != 1 {
				t.Errorf("%s: asked %d times", method, c.rounds)
			}
			c.ends()
		}
	}
}

func TestC33EveryAlgorithmOfADeviceIsTakenAndOthersAreRefusedCleanly(t *testing.T) {
	g := newGuarded(t, digestRule())
	g.announced("S1", "u", "p")
	for name, test := range map[string]struct {
		edit func(challenge string) string
		late func(header string) string
		want int
	}{
		"MD5":          {nil, nil, 200},
		"MD5-sess":     {func(c string) string { return strings.Replace(c, "algorithm=MD5", "algorithm=MD5-sess", 1) }, nil, 200},
		"SHA-256":      {func(c string) string { return strings.Replace(c, "algorithm=MD5", "algorithm=SHA-256", 1) }, nil, 200},
		"SHA-256-sess": {func(c string) string { return strings.Replace(c, "algorithm=MD5", "algorithm=SHA-256-sess", 1) }, nil, 200},
		"S35 auth-int": {nil, func(h string) string { return strings.Replace(h, "qop=auth", "qop=auth-int", 1) }, 401},
		"S35 unknown":  {nil, func(h string) string { return strings.Replace(h, "algorithm=MD5", "algorithm=SHA-512-256", 1) }, 401},
		"C34 RFC 2069": {func(c string) string { return strings.Replace(c, `, qop="auth"`, "", 1) }, nil, 401},
	} {
		c := g.caller("S1", "u", "p")
		_, lines := c.challenge()
		challenge := lines[0]
		if test.edit != nil {
			challenge = test.edit(challenge)
		}
		header, err := digest.Authorize([]string{challenge}, digest.Request{Method: "POST", URI: "/", Username: "u", Password: "p"})
		must(t, err)
		if test.late != nil {
			header = test.late(header)
		}
		c.header.Set("Authorization", header)
		if response, _ := c.post(c.encoded("1 BOOT")); response.StatusCode != test.want {
			t.Errorf("%s: %d, want %d", name, response.StatusCode, test.want)
		}
	}
}

func TestC36ANonceThatIsOverIsChallengedAsStale(t *testing.T) {
	g := newGuarded(t, digestRule())
	g.announced("S1", "u", "p")
	c := g.caller("S1", "u", "p")
	c.accepted("1 BOOT")
	c.ends()
	g.clock.advance(6 * time.Minute)
	response, _ := c.post(c.encoded("2 PERIODIC"))
	lines := response.Header.Values("WWW-Authenticate")
	if response.StatusCode != 401 || len(lines) == 0 || !strings.Contains(lines[0], "stale=true") {
		t.Fatalf("%d %q, want 401 with stale", response.StatusCode, lines)
	}
	c.authorize(response)
	if response, _ := c.post(c.encoded("2 PERIODIC")); response.StatusCode != 200 {
		t.Errorf("with the new nonce: %d", response.StatusCode)
	}
}

func TestC37S33AHeaderIsGoodAgainOnItsConnectionAndNowhereElse(t *testing.T) {
	g := newGuarded(t, digestRule())
	g.announced("S1", "u", "p")
	c := g.caller("S1", "u", "p")
	c.accepted("1 BOOT")
	if m := c.send(nil, nil); m != nil {
		t.Fatal("the header is refused within the session")
	}
	if response, _ := c.post(c.encoded("2 PERIODIC")); response.StatusCode != 200 {
		t.Errorf("the same header on the same connection: %d", response.StatusCode)
	}
	c.ends()
	thief := g.caller("S1", "", "")
	thief.header.Set("Authorization", c.header.Get("Authorization"))
	response, _ := thief.post(thief.encoded("2 PERIODIC"))
	if lines := response.Header.Values("WWW-Authenticate"); response.StatusCode != 401 || !strings.Contains(strings.Join(lines, ""), "stale=true") {
		t.Errorf("the same header on another connection: %d %q, want 401 with stale", response.StatusCode, lines)
	}
	if c.record().Session.ID != "" {
		t.Error("the replay began a session")
	}
}

func TestC42C43NamesAndPasswordsOfAnyFormPass(t *testing.T) {
	for _, method := range []access.Method{access.Basic, access.Digest} {
		rule := digestRule()
		rule.Methods, rule.BasicWithoutTLS = []access.Method{method}, true
		g := newGuarded(t, rule)
		for i, username := range []string{"00562B-CP%2D8851-S1", "00562B-S1", strings.Repeat("漢", 256), "any thing@else"} {
			serial, password := fmt.Sprint("N", i), "pa:ss "+strings.Repeat("ö", 200)
			g.announced(serial, username, password)
			g.caller(serial, username, password).accepted("1 BOOT")
		}
	}
}

func TestC32S34BasicWithoutTLSIsNeitherOfferedNorTaken(t *testing.T) {
	rule := digestRule()
	rule.Methods = []access.Method{access.Basic, access.Digest}
	g := newGuarded(t, rule)
	g.announced("S1", "u", "p")
	c := g.caller("S1", "u", "p")
	preemptive := func() int {
		r, _ := http.NewRequest(http.MethodPost, "/", nil)
		r.SetBasicAuth("u", "p")
		c.header.Set("Authorization", r.Header.Get("Authorization"))
		before := g.storeOperations()
		response, _ := c.post(c.encoded("1 BOOT"))
		if response.StatusCode == 401 {
			if strings.Contains(strings.Join(response.Header.Values("WWW-Authenticate"), " "), "Basic") {
				t.Error("Basic is offered without TLS")
			}
			if g.storeOperations() != before {
				t.Error("a password that does not count is looked up")
			}
		}
		return response.StatusCode
	}
	if status := preemptive(); status != 401 {
		t.Errorf("Basic without TLS: %d", status)
	}
	g.secure = true
	if status := preemptive(); status != 200 {
		t.Errorf("Basic over TLS: %d", status)
	}
}

func TestC44S28NobodySpeaksForAnotherNorEndsItsSession(t *testing.T) {
	g := newGuarded(t, digestRule())
	owner, thief := g.announced("S1", "u1", "p1"), g.announced("S2", "u2", "p2")
	own := g.caller("S1", "u1", "p1")
	open := own.accepted("1 BOOT").Session
	posing := g.caller("S1", "u2", "p2")
	posing.rejected("1 BOOT")
	if now := own.record(); now.Session != open || now.LastInform != now.FirstSeen {
		t.Errorf("the session of the owner is %+v, want %+v", now.Session, open)
	}
	own.ends()
	g.alarmed(owner.ID, device.AlarmIdentityClash)
	g.alarmed(thief.ID)
	if d, err := g.store.Devices().Get(t.Context(), owner.ID); err != nil || !strings.Contains(d.Alarms[0].Detail, "u2") || strings.Contains(d.Alarms[0].Detail, "p2") {
		t.Errorf("alarm %+v, %v: want it to name the user and no password", d.Alarms, err)
	}
	for range 20 {
		posing.rejected("1 BOOT")
	}
	if d := own.record(); d.Alarms[0].Count != 1 {
		t.Errorf("the alarm was raised %d times within a minute", d.Alarms[0].Count)
	}
	g.clock.advance(2 * time.Minute)
	posing.rejected("1 BOOT")
	if d := own.record(); d.Alarms[0].Count != 2 {
		t.Errorf("the alarm was raised %d times, want once more after a minute", d.Alarms[0].Count)
	}
}

func TestS28CredentialsOfADeviceInTheNameOfAStrangerAlarmTheirOwner(t *testing.T) {
	g := newGuarded(t, digestRule())
	owner := g.announced("S1", "u1", "p1")
	g.caller("S1", "u1", "p1").accepted("1 BOOT")
	g.caller("S9", "u1", "p1").rejected("1 BOOT")
	g.alarmed(owner.ID, device.AlarmIdentityClash)
}

func TestS26ARequestOfASessionWithTheCredentialsOfAnotherIsNotAnswered(t *testing.T) {
	g := newGuarded(t, digestRule())
	owner := g.announced("S1", "u1", "p1")
	g.announced("S2", "u2", "p2")
	own := g.caller("S1", "u1", "p1")
	own.accepted("1 BOOT")
	header := own.header.Get("Authorization")
	own.header.Set("Authorization", strings.Replace(header, `"u1"`, `"u2"`, 1))
	if response, _ := own.post(nil); response.StatusCode != 401 || response.Header.Get("WWW-Authenticate") == "" {
		t.Errorf("a request in the name of u2: %d", response.StatusCode)
	}
	g.alarmed(owner.ID, device.AlarmIdentityClash)
	own.header.Set("Authorization", header)
	own.ends()
	if d := own.record(); d.Session.ID != "" {
		t.Error("the session of the owner did not end in order")
	}
}

func TestASessionGoesOnWithoutCredentialsOrWithOthersOfItsDevice(t *testing.T) {
	g := newGuarded(t, digestRule())
	d := g.announced("S1", "u1", "p1")
	g.credential(d.ID, "u1-new", "p1-new")
	for _, edit := range []func(string) string{
		func(string) string { return "" },
		func(h string) string { return strings.Replace(h, `"u1"`, `"u1-new"`, 1) },
	} {
		c := g.caller("S1", "u1", "p1")
		c.accepted("1 BOOT")
		c.header.Set("Authorization", edit(c.header.Get("Authorization")))
		c.ends()
	}
	g.alarmed(d.ID)
}

func TestACookieFromAnotherAddressIsServedAndCounted(t *testing.T) {
	g := newGuarded(t, digestRule())
	d := g.announced("S1", "u1", "p1")
	c := g.caller("S1", "u1", "p1")
	c.header.Set("X-Test-From", "192.0.2.1")
	c.accepted("1 BOOT")
	c.header.Set("X-Test-From", "192.0.2.2")
	c.ends()
	if got := g.metric("dialtone_sessions_moved_total"); got != 1 {
		t.Errorf("%v sessions moved, want 1", got)
	}
	g.alarmed(d.ID)
}

func TestC94ASessionFromElsewhereWhileOneIsOpenIsAnAlarm(t *testing.T) {
	g := newGuarded(t, access.Rule{Name: "open", Methods: []access.Method{access.None}, Unknown: access.Accept, Rebootstrap: access.Accept})
	first := g.caller("S1", "", "")
	first.header.Set("X-Test-From", "192.0.2.1")
	d := first.accepted("1 BOOT")
	second := g.caller("S1", "", "")
	second.header.Set("X-Test-From", "198.51.100.1")
	second.accepted("1 BOOT")
	g.alarmed(d.ID, device.AlarmIdentityClash)
}

func TestS29S31UnknownDevicesAreQuarantinedRefusedOrAcceptedByPolicy(t *testing.T) {
	for reaction, want := range map[access.Reaction]string{access.Accept: "InformResponse", access.Quarantine: "InformResponse", access.Refuse: "fault 8001"} {
		rule := digestRule()
		rule.Unknown = reaction
		g := newGuarded(t, rule)
		g.server.engine.options.MaxUnknown = 2
		g.rules(rule, []access.SharedCredential{g.sharing("maker", "factory", "secret")})
		for i, answer := range []string{want, want, "fault 8001"} {
			c := g.caller(fmt.Sprint("S", i), "factory", "secret")
			if _, got := c.opens("0 BOOTSTRAP"); got != answer {
				t.Errorf("%s: device %d was answered %s, want %s", reaction, i, got, answer)
			}
			if answer == "InformResponse" && c.record().Quarantined != (reaction == access.Quarantine) {
				t.Errorf("%s: quarantined is %t", reaction, c.record().Quarantined)
			}
		}
	}
}

func TestC104DevicesWithASerialNumberThatSaysNothingAreKeptApart(t *testing.T) {
	for _, serial := range []string{"", "000000000000", "1234567890"} {
		g := newGuarded(t, access.Rule{Name: "open", Methods: []access.Method{access.None}, Unknown: access.Accept, Rebootstrap: access.Accept})
		informs := func(mac, from string) {
			c := g.caller(serial, "", "")
			m := c.inform("0 BOOTSTRAP")
			if mac != "" {
				m.ParameterList = append(m.ParameterList, cwmp.ParameterValueStruct{Name: "Device.LAN.MACAddress", Value: mac, Type: cwmp.TypeString})
			}
			c.header.Set("X-Test-From", from)
			if status, answer := c.sends(m); status != 200 || answer != "InformResponse" {
				t.Fatalf("%q: %d %s", serial, status, answer)
			}
			c.ends()
		}
		informs("00:0e:08:00:00:01", "192.0.2.1")
		informs("00:0e:08:00:00:02", "192.0.2.1")
		informs("00:0e:08:00:00:01", "192.0.2.9")
		informs("", "192.0.2.3")
		page, err := g.store.Devices().List(t.Context(), device.List{PageSize: 10, Now: g.clock.now()})
		must(t, err)
		if len(page.Devices) != 3 {
			t.Fatalf("%q: %d records, want 3", serial, len(page.Devices))
		}
		for _, d := range page.Devices {
			if !d.Quarantined || !strings.HasPrefix(d.SerialNumber, serial+"@") {
				t.Errorf("%q: record %q, quarantined %t", serial, d.SerialNumber, d.Quarantined)
			}
		}
	}
}

func TestS36S37WhoTriesPasswordsIsHeldBackAndTheDeviceIsNot(t *testing.T) {
	g := newGuarded(t, digestRule())
	g.announced("S1", "u1", "p1")
	g.announced("S2", "u2", "p2")
	from := func(c *caller, address string) *caller { c.header.Set("X-Test-From", address); return c }
	from(g.caller("S1", "u1", "p1"), "192.0.2.1").accepted("1 BOOT")
	attacker := from(g.caller("S1", "u1", "guess"), "192.0.2.66")
	for range 15 {
		attacker.unauthorized("1 BOOT") // Two attempts each.
	}
	before := g.operations("getCredential")
	attacker.unauthorized("1 BOOT")
	if g.operations("getCredential") != before {
		t.Error("an attempt beyond the limit is looked up")
	}
	attacker.password = "p1"
	attacker.unauthorized("1 BOOT")
	from(g.caller("S1", "u1", "p1"), "192.0.2.1").accepted("1 BOOT")
	from(g.caller("S2", "u2", "p2"), "192.0.2.2").accepted("1 BOOT")
	g.clock.advance(time.Minute)
	from(g.caller("S1", "u1", "p1"), "192.0.2.66").accepted("1 BOOT")
	for i := range 60 {
		from(g.caller("S1", "u1", "guess"), fmt.Sprintf("198.51.100.%d", i)).unauthorized("1 BOOT")
	}
	before = g.operations("getCredential")
	from(g.caller("S1", "u1", "guess"), "198.51.100.200").unauthorized("1 BOOT")
	if g.operations("getCredential") != before {
		t.Error("a name that is tried from everywhere is looked up")
	}
	from(g.caller("S1", "u1", "p1"), "192.0.2.1").accepted("1 BOOT")
}

// metric returns the value of a counter without labels.
func (f *fixture) metric(name string) float64 {
	f.t.Helper()
	families, err := f.registry.Gather()
	must(f.t, err)
	for _, family := range families {
		if family.GetName() == name {
			return family.GetMetric()[0].GetCounter().GetValue()
		}
	}
	f.t.Fatalf("there is no metric %s", name)
	return 0
}

func TestAnIdleSessionCostsTwoStoreOperationsUnderRulesWithoutAFilter(t *testing.T) {
	open := access.Rule{Name: "open", Methods: []access.Method{access.None}, Unknown: access.Accept, Rebootstrap: access.Accept}
	for name, rule := range map[string]access.Rule{"none": open, "digest, remembered": digestRule()} {
		g := newGuarded(t, rule)
		g.announced("S1", "u", "p")
		c := g.caller("S1", "u", "p")
		for range 2 {
			c.accepted("1 BOOT")
			c.ends()
		}
		body := c.encoded("2 PERIODIC")
		before := g.storeOperations()
		c.post(body)
		c.post(nil)
		if n := g.storeOperations() - before; n != 2 {
			t.Errorf("%s: %v store operations, want 2", name, n)
		}
	}
}

func TestARuleWithAFilterGoesByTheRecordAndNotByTheInform(t *testing.T) {
	g := newGuarded(t, digestRule())
	lax, err := access.ParseRule([]byte(`{"name":"old phones","priority":5,"methods":["none"],"unknown":"accept","filter":"manufacturer = Legacy"}`))
	must(t, err)
	g.rules(digestRule(), nil, lax)
	d := g.announced("S1", "u", "p")
	c := g.caller("S1", "u", "p")
	c.accepted("1 BOOT")
	c.ends()
	if c.record().Manufacturer != "Cisco" {
		t.Fatal("the record does not have the manufacturer")
	}
	posing := g.caller("S1", "", "")
	m := posing.inform("1 BOOT")
	m.DeviceID.Manufacturer = "Legacy"
	if status, _ := posing.sends(m); status != http.StatusUnauthorized {
		t.Errorf("a device that claims another manufacturer: %d, want 401", status)
	}
	stranger := g.caller("S9", "", "")
	m = stranger.inform("1 BOOT")
	m.DeviceID.Manufacturer = "Legacy"
	if status, answer := stranger.sends(m); status != 200 || answer != "InformResponse" {
		t.Errorf("a stranger of that manufacturer: %d %s", status, answer)
	}
	g.alarmed(d.ID)
}

func TestOfADeviceThatWasOnlyAnnouncedTheInformSaysWhatItIs(t *testing.T) {
	g := newGuarded(t, digestRule())
	lax, err := access.ParseRule([]byte(`{"name":"Cisco","priority":5,"methods":["none"],"filter":"manufacturer = Cisco"}`))
	must(t, err)
	g.rules(digestRule(), nil, lax)
	g.announced("S1", "", "")
	g.caller("S1", "", "").accepted("1 BOOT")
	g.announced("S2", "u", "p")
	g.caller("S2", "", "").unauthorized("1 BOOT")
	g.caller("S2", "u", "p").accepted("1 BOOT")
}
