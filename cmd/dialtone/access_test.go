package main

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/declared"
	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
)

// signed makes a certificate, signed by itself or by a CA.
func signed(t *testing.T, subject string, change func(*x509.Certificate), by *x509.Certificate, key *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
	t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: subject}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour)}
	if change != nil {
		change(c)
	}
	if by == nil {
		by, key = c, own
	}
	raw, err := x509.CreateCertificate(rand.Reader, c, by, own.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return parsed, own
}

func pemText(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

func TestAClientCertificateInAHeaderIsBelievedFromTrustedProxiesOnly(t *testing.T) {
	ca, key := signed(t, "CA", func(c *x509.Certificate) {
		c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
	}, nil, nil)
	phone, _ := signed(t, "phone", nil, ca, key)
	over, _ := signed(t, "over", func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }, ca, key)
	server, _ := signed(t, "server", func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth} }, ca, key)
	stranger, _ := signed(t, "stranger", nil, nil, nil)
	bundle := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(bundle, pemText(ca), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		peer    string
		ca      string
		headers []*x509.Certificate
		want    bool
	}{
		"from the proxy":                        {"10.0.0.1:1", bundle, []*x509.Certificate{phone}, true},
		"from the proxy, which is believed":     {"10.0.0.1:1", "", []*x509.Certificate{stranger}, true},
		"from somebody else":                    {"192.0.2.1:1", bundle, []*x509.Certificate{phone}, false},
		"twice":                                 {"10.0.0.1:1", bundle, []*x509.Certificate{phone, phone}, false},
		"none":                                  {"10.0.0.1:1", bundle, nil, false},
		"of another CA":                         {"10.0.0.1:1", bundle, []*x509.Certificate{stranger}, false},
		"one that is over":                      {"10.0.0.1:1", bundle, []*x509.Certificate{over}, false},
		"one that is over, of a believed proxy": {"10.0.0.1:1", "", []*x509.Certificate{over}, false},
		"one of a server":                       {"10.0.0.1:1", bundle, []*x509.Certificate{server}, false},
	} {
		o := &serveOptions{TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}}
		o.CwmpClientCertHeader, o.CwmpClientCertCA = "X-Client-Cert", test.ca
		passed, err := passedCertificates(o, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		r := &http.Request{RemoteAddr: test.peer, Header: http.Header{}}
		for _, c := range test.headers {
			r.Header.Add("X-Client-Cert", url.PathEscape(string(pemText(c))))
		}
		if got := passed(r); (got != nil) != test.want {
			t.Errorf("%s: taken is %t, want %t", name, got != nil, test.want)
		}
	}
}

func TestOptionsOfDeviceAuthenticationThatCannotBeAreRefused(t *testing.T) {
	proxies := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	for name, test := range map[string]struct {
		change func(*serveOptions)
		ok     bool
	}{
		"the usual":                     {func(*serveOptions) {}, true},
		"SHA-256 first":                 {func(o *serveOptions) { o.CwmpDigestAlgorithms = []string{"SHA-256", "MD5"} }, true},
		"no algorithm":                  {func(o *serveOptions) { o.CwmpDigestAlgorithms = nil }, false},
		"an unknown algorithm":          {func(o *serveOptions) { o.CwmpDigestAlgorithms = []string{"SHA-1"} }, false},
		"a header of nobody":            {func(o *serveOptions) { o.CwmpClientCertHeader = "X" }, false},
		"a header of proxies":           {func(o *serveOptions) { o.CwmpClientCertHeader, o.TrustedProxies = "X", proxies }, true},
		"a CA for a header that is not": {func(o *serveOptions) { o.CwmpClientCertCA = "x.pem" }, false},
	} {
		o := &serveOptions{}
		o.CwmpDigestAlgorithms = []string{"MD5", "SHA-256"}
		test.change(o)
		if err := o.checkAccess(); (err == nil) != test.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTheRuleOfTheOptionsCanAlwaysBe(t *testing.T) {
	for _, method := range []string{"none", "basic", "digest"} {
		for _, accept := range []bool{true, false} {
			o := &serveOptions{CwmpAuth: method, AcceptUnknown: accept}
			if _, err := access.NewSet(nil, nil, o.fallbackRule()); err != nil {
				t.Errorf("--cwmp-auth %s: %v", method, err)
			}
		}
	}
}

func TestWhatAListenerAsksOfClients(t *testing.T) {
	for mode, want := range map[string]tls.ClientAuthType{"": tls.RequireAndVerifyClientCert, "require": tls.RequireAndVerifyClientCert, "request": tls.VerifyClientCertIfGiven, "none": tls.NoClientCert} {
		if got := (tlsOptions{ClientAuth: mode}).clientAuth(); got != want {
			t.Errorf("%q: %s, want %s", mode, got, want)
		}
	}
	if checkChain(tls.ConnectionState{PeerCertificates: make([]*x509.Certificate, maxChain+1)}) == nil {
		t.Error("a chain that is too long is taken")
	}
}

func TestThePasswordOfASharedCredentialIsSealedAnew(t *testing.T) {
	oldKey, newKey := bytes.Repeat([]byte{1}, secret.KeySize), bytes.Repeat([]byte{2}, secret.KeySize)
	before, err := secret.NewKeeper(oldKey)
	if err != nil {
		t.Fatal(err)
	}
	after, err := secret.NewKeeper(newKey, oldKey)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := before.Seal(secret.NewText("factory secret"), access.SharedCredentialOwner("maker"))
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"username": "factory", "password": sealed, "listeners": []string{"cwmp"}})
	if err != nil {
		t.Fatal(err)
	}
	r := store.Record{Declared: &declared.Document{Kind: declared.SharedCredential, ID: "maker", Body: body}}
	changed, err := resealer{after}.change(&r)
	if err != nil || !changed {
		t.Fatalf("changed is %t, %v", changed, err)
	}
	c, err := access.ParseSharedCredential(r.Declared.Body)
	if err != nil || !after.Current(c.Password) || len(c.Listeners) != 1 {
		t.Fatalf("%+v, %v", c, err)
	}
	if plain, err := after.Open(c.Password, access.SharedCredentialOwner("maker")); err != nil || plain.Reveal() != "factory secret" {
		t.Errorf("it opens to %v", err)
	}
	rule := store.Record{Declared: &declared.Document{Kind: declared.AccessRule, ID: "r", Body: json.RawMessage(`{"password":"v1.x.y"}`)}}
	if changed, err := (resealer{after}).change(&rule); changed || err != nil {
		t.Errorf("a rule was changed, %v", err)
	}
}
