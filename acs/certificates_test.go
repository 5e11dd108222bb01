package acs

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/device"
)

// maker is a CA that signs the certificates of phones.
type maker struct {
	t           *testing.T
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newMaker(t *testing.T) *maker {
	t.Helper()
	m := &maker{t: t}
	var err error
	m.key, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "phone maker"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, m.key.Public(), m.key)
	must(t, err)
	m.certificate, err = x509.ParseCertificate(raw)
	must(t, err)
	return m
}

// phone makes the certificate of a phone as Cisco does, after a change.
func (m *maker) phone(serial string, change func(*x509.Certificate)) tls.Certificate {
	m.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(m.t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		Subject: pkix.Name{OrganizationalUnit: []string{"CP-8851-3PCC"}, Locality: []string{serial}, ExtraNames: []pkix.AttributeTypeAndValue{
			{Type: asn1.ObjectIdentifier{2, 5, 4, 4}, Value: "000e08abcdef"}}},
	}
	if change != nil {
		change(template)
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, m.certificate, key.Public(), m.key)
	must(m.t, err)
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

func certificateRule() access.Rule {
	return access.Rule{
		Name: "certificates", Methods: []access.Method{access.Certificate}, Unknown: access.Accept, Rebootstrap: access.Refuse,
		Identity: access.Identity{SerialNumber: "{L}", ProductClass: "{OU}"},
	}
}

// secured starts a TLS listener for the server that takes certificates of a maker.
func (g *guarded) secured(m *maker) *httptest.Server {
	g.t.Helper()
	g.secure = true
	pool := x509.NewCertPool()
	pool.AddCert(m.certificate)
	s := httptest.NewUnstartedServer(g.http.Config.Handler)
	s.Config.ConnContext = g.server.ConnContext
	s.Config.ErrorLog = nil
	s.TLS = &tls.Config{ClientCAs: pool, ClientAuth: tls.VerifyClientCertIfGiven, MinVersion: tls.VersionTLS12}
	s.StartTLS()
	g.t.Cleanup(s.Close)
	return s
}

// present has a phone come over TLS with these certificates.
func (c *caller) present(s *httptest.Server, certificates ...tls.Certificate) {
	c.f.t.Helper()
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	transport := &http.Transport{MaxConnsPerHost: 1, TLSClientConfig: &tls.Config{RootCAs: trusted, MinVersion: tls.VersionTLS12,
		// Without this the client keeps back what the server does not ask for.
		GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			if len(certificates) == 0 {
				return &tls.Certificate{}, nil
			}
			return &certificates[0], nil
		}}}
	c.f.t.Cleanup(transport.CloseIdleConnections)
	c.client.Transport = transport
	c.url = func() string { return s.URL }
}

func TestC47ADeviceIsWhomItsCertificateNames(t *testing.T) {
	g, m := newGuarded(t, certificateRule()), newMaker(t)
	s := g.secured(m)
	own := g.caller("88012BA01234", "", "")
	own.present(s, m.phone("88012BA01234", nil))
	d := own.accepted("0 BOOTSTRAP")
	if own.rounds != 0 {
		t.Error("a device with a certificate is asked for a password")
	}
	posing := g.caller("88012BA01234", "", "")
	posing.present(s, m.phone("88012BA09999", nil))
	posing.rejected("1 BOOT")
	without := g.caller("88012BA01234", "", "")
	without.present(s)
	without.rejected("1 BOOT")
	if now := own.record(); now.Session != d.Session {
		t.Error("the session of the owner was touched")
	}
	g.alarmed(d.ID, device.AlarmIdentityClash)
	own.ends()
}

func TestS69CertificatesThatMustNotBeTakenEndTheHandshake(t *testing.T) {
	g, m := newGuarded(t, certificateRule()), newMaker(t)
	s := g.secured(m)
	stranger := newMaker(t)
	for name, certificate := range map[string]tls.Certificate{
		"one of another maker": stranger.phone("S1", nil),
		"one that is over":     m.phone("S1", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }),
		"one of a server":      m.phone("S1", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }),
	} {
		c := g.caller("S1", "", "")
		c.present(s, certificate)
		response, err := c.client.Post(s.URL, "text/xml", nil)
		if err == nil {
			_ = response.Body.Close()
			t.Errorf("%s is taken", name)
		}
	}
}

func TestS26ARequestOfASessionWithAnotherCertificateIsNotAnswered(t *testing.T) {
	g, m := newGuarded(t, certificateRule()), newMaker(t)
	s := g.secured(m)
	own := g.caller("S1", "", "")
	own.present(s, m.phone("S1", nil))
	d := own.accepted("0 BOOTSTRAP")
	thief := g.caller("S1", "", "")
	thief.present(s, m.phone("S2", nil))
	jar, err := cookiejar.New(nil)
	must(t, err)
	thief.client.Jar = jar
	request, err := http.NewRequest(http.MethodPost, s.URL, nil)
	must(t, err)
	jar.SetCookies(request.URL, own.client.Jar.Cookies(request.URL))
	if len(jar.Cookies(request.URL)) != 1 {
		t.Fatal("there is no cookie to steal")
	}
	if response, _ := thief.post(nil); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the thief of a cookie: %d", response.StatusCode)
	}
	g.alarmed(d.ID, device.AlarmIdentityClash)
	own.ends()
}

func TestC48ACertificateOfTheModelIsNoProofOfTheDevice(t *testing.T) {
	rule := certificateRule()
	rule.Methods = append(rule.Methods, access.Digest)
	rule.Identity = access.Identity{ProductClass: "{OU}"}
	g, m := newGuarded(t, rule), newMaker(t)
	s := g.secured(m)
	d := g.announced("S1", "u1", "p1")
	own := g.caller("S1", "u1", "p1")
	own.present(s, m.phone("generic", nil))
	own.accepted("1 BOOT")
	if own.rounds != 1 {
		t.Errorf("asked %d times, want once", own.rounds)
	}
	own.ends()
	other := g.caller("S1", "", "")
	other.present(s, m.phone("generic", nil))
	other.unauthorized("1 BOOT")
	g.alarmed(d.ID)
}

func TestC49ACertificateThatAProxyPassesOnCountsWhereTheRuleSaysSo(t *testing.T) {
	m := newMaker(t)
	certificate := m.phone("S1", nil)
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	must(t, err)
	for _, method := range []access.Method{access.Proxy, access.Certificate} {
		rule := certificateRule()
		rule.Methods = []access.Method{method}
		g := newGuarded(t, rule)
		g.certificate = leaf
		c := g.caller("S1", "", "")
		if method == access.Certificate {
			c.rejected("1 BOOT")
			continue
		}
		c.accepted("1 BOOT")
		c.ends()
		g.caller("S2", "", "").rejected("1 BOOT")
	}
}
