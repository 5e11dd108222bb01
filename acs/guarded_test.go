package acs

import (
	"bytes"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/digest"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// guarded is a fixture whose server asks devices who they are.
type guarded struct {
	*fixture
	set            *access.Set
	authentication *Authentication
	// secure says that requests count as having come by TLS.
	secure bool
	// certificate is that of the next requests, as a proxy would pass it on.
	certificate *x509.Certificate
}

// newGuarded starts a server with one rule for all, and others before it.
func newGuarded(t *testing.T, fallback access.Rule, others ...access.Rule) *guarded {
	t.Helper()
	g := &guarded{}
	fallback.Enabled = true
	var err error
	g.set, err = access.NewSet(others, nil, fallback)
	must(t, err)
	g.fixture = newFixture(t, func(o *Options) {
		o.ClientAddress = func(r *http.Request) netip.Addr {
			if from := r.Header.Get("X-Test-From"); from != "" {
				return netip.MustParseAddr(from)
			}
			return netip.MustParseAddrPort(r.RemoteAddr).Addr()
		}
		o.Rules = func() *access.Set { return g.set }
	})
	challenger, err := digest.NewChallenger(digest.Options{Key: bytes.Repeat([]byte{1}, 32), Realm: "dialtone", Lifetime: 5 * time.Minute, Clock: g.clock.now})
	must(t, err)
	g.authentication, err = NewAuthentication(AuthenticationOptions{
		Rules: func() *access.Set { return g.set }, Challenger: challenger, Credentials: g.store.Credentials(), Keeper: g.keeper, Now: g.clock.now,
		ClientAddress: g.server.options.ClientAddress, Secure: func(*http.Request) bool { return g.secure },
		ProxyCertificate: func(*http.Request) *x509.Certificate { return g.certificate },
	})
	must(t, err)
	g.guard()
	return g
}

// guard puts the authenticator where New would have put it: it needs the fixture's
// store, which is made with the server.
func (g *guarded) guard() {
	g.server.options.Authenticator, g.server.options.Credentials = g.authentication, g.store.Credentials()
	raised := newAlarms(g.store.Sessions(), g.clock.now, g.server.logger)
	g.server.engine.identification = newIdentification(g.server.options, raised)
	g.server.engine.rotation = newRotation(g.server.options, raised)
}

// rules replaces the rules and shared credentials.
func (g *guarded) rules(fallback access.Rule, shared []access.SharedCredential, others ...access.Rule) {
	g.t.Helper()
	var err error
	fallback.Enabled = true
	g.set, err = access.NewSet(others, shared, fallback)
	must(g.t, err)
}

// sharing returns a shared credential.
func (g *guarded) sharing(id, username, password string) access.SharedCredential {
	g.t.Helper()
	sealed, err := g.keeper.Seal(secret.NewText(password), access.SharedCredentialOwner(id))
	must(g.t, err)
	return access.SharedCredential{ID: id, Username: username, Password: sealed, Enabled: true}
}

// caller is a phone that authenticates as HTTP clients do: without credentials at
// first, then as it is asked.
type caller struct {
	*phone
	username, password string
	// rounds counts the answers 401 to the last Inform.
	rounds int
}

func (g *guarded) caller(serial, username, password string) *caller {
	return &caller{phone: g.newPhone(serial), username: username, password: password}
}

// opens sends an Inform, with credentials once it is asked for them, and returns the
// status and what was answered: "InformResponse", a fault's code, or "".
func (c *caller) opens(events ...string) (status int, answer string) {
	return c.sends(c.inform(events...))
}

func (c *caller) sends(m *cwmp.Inform) (status int, answer string) {
	c.f.t.Helper()
	body, err := cwmp.Encode(&cwmp.Envelope{ID: "1", HasID: true, Namespace: c.namespace, Message: m})
	must(c.f.t, err)
	c.rounds = 0
	c.header.Del("Authorization")
	for {
		response, raw := c.post(body)
		if response.StatusCode == http.StatusUnauthorized && c.username != "" && c.rounds < 2 {
			c.rounds++
			c.authorize(response)
			continue
		}
		return response.StatusCode, answered(raw)
	}
}

func (c *caller) authorize(response *http.Response) {
	c.f.t.Helper()
	challenges := response.Header.Values("WWW-Authenticate")
	if len(challenges) == 0 {
		c.f.t.Fatal("401 without a challenge")
	}
	if strings.HasPrefix(challenges[0], "Basic") {
		r, _ := http.NewRequest(http.MethodPost, "/", nil)
		r.SetBasicAuth(c.username, c.password)
		c.header.Set("Authorization", r.Header.Get("Authorization"))
		return
	}
	header, err := digest.Authorize(challenges, digest.Request{Method: "POST", URI: "/", Username: c.username, Password: c.password})
	must(c.f.t, err)
	c.header.Set("Authorization", header)
}

func answered(raw []byte) string {
	got, err := cwmp.Decode(raw, cwmp.DefaultLimits())
	if err != nil {
		return ""
	}
	if f, ok := got.Message.(*cwmp.Fault); ok {
		return fmt.Sprintf("fault %d", f.Code)
	}
	return got.Message.Method()
}

// accepted fails the test unless the phone opens a session, and ends it.
func (c *caller) accepted(events ...string) device.Device {
	c.f.t.Helper()
	if status, answer := c.opens(events...); status != http.StatusOK || answer != "InformResponse" {
		c.f.t.Fatalf("%s: Inform was answered with %d %s", c.serial, status, answer)
	}
	return c.record()
}

// rejected fails the test unless the phone is refused with fault 8001.
func (c *caller) rejected(events ...string) {
	c.f.t.Helper()
	if status, answer := c.opens(events...); status != http.StatusOK || answer != "fault 8001" {
		c.f.t.Fatalf("%s: Inform was answered with %d %s, want fault 8001", c.serial, status, answer)
	}
}

// unauthorized fails the test unless the phone gets 401 whatever it does.
func (c *caller) unauthorized(events ...string) {
	c.f.t.Helper()
	if status, _ := c.opens(events...); status != http.StatusUnauthorized {
		c.f.t.Fatalf("%s: Inform was answered with %d, want 401", c.serial, status)
	}
}

// ends ends an open session that has nothing to do.
func (c *caller) ends() {
	c.f.t.Helper()
	if m := c.send(nil, nil); m != nil {
		c.f.t.Fatalf("the session goes on with %s", m.Message.Method())
	}
}

// alarmed fails the test unless the device has these alarms.
func (f *fixture) alarmed(id device.ID, want ...device.AlarmKind) {
	f.t.Helper()
	d, err := f.store.Devices().Get(f.t.Context(), id)
	must(f.t, err)
	var got []device.AlarmKind
	for _, a := range d.Alarms {
		got = append(got, a.Kind)
	}
	if len(got) != len(want) {
		f.t.Fatalf("device has alarms %v, want %v", d.Alarms, want)
	}
	for i := range want {
		if got[i] != want[i] {
			f.t.Fatalf("device has alarms %v, want %v", d.Alarms, want)
		}
	}
}

// announced adds a device with a credential of its own, as an operator does.
func (f *fixture) announced(serial, username, password string) device.Device {
	f.t.Helper()
	d := device.Device{ID: device.NewID(), CWMPIdentity: device.CWMPIdentity{OUI: "00562B", ProductClass: "CP-8851-3PCC", SerialNumber: serial}, Origin: device.OriginOperator, Revision: 1}
	must(f.t, f.store.Devices().Create(f.t.Context(), d, 0))
	if username != "" {
		f.credential(d.ID, username, password)
	}
	return d
}

func digestRule() access.Rule {
	return access.Rule{Name: "digest", Enabled: true, Methods: []access.Method{access.Digest}, Unknown: access.Accept, Rebootstrap: access.Accept}
}
