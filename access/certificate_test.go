package access

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/pem"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"
)

// issue makes a certificate that signs itself.
func issue(t *testing.T, subject pkix.Name, change func(*x509.Certificate)) *x509.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: subject, NotBefore: now(), NotAfter: now().Add(time.Hour)}
	if change != nil {
		change(template)
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// cisco is the subject of the certificate that Cisco's phones are made with.
func cisco(model, serial, mac string) pkix.Name {
	return pkix.Name{OrganizationalUnit: []string{model}, Locality: []string{serial}, ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 4}, Value: mac}}}
}

func TestTemplatesTakeAttributesOfCertificates(t *testing.T) {
	link, _ := url.Parse("urn:dev:mac:000e08abcdef")
	c := NewCertificateIdentity(issue(t, pkix.Name{
		CommonName: "00562B-CP8841-88012BA01234", Organization: []string{"Cisco"}, OrganizationalUnit: []string{"Phones", "CP-8841-3PCC"}, Locality: []string{"88012BA01234"},
		Province: []string{"000e08abcdef"}, SerialNumber: "PID:CP-8841 SN:FCH123", ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{1, 2, 3}, Value: "odd"}},
	}, func(c *x509.Certificate) {
		c.DNSNames, c.URIs, c.EmailAddresses = []string{"a.example.com", "sep000e08abcdef.example.net"}, []*url.URL{link}, []string{"p@example.net"}
	}))
	for text, want := range map[string]string{
		"{L}":                        "88012BA01234",
		"{l}":                        "88012BA01234",
		"SEP{S}":                     "SEP000e08abcdef",
		"{ST}":                       "000e08abcdef",
		"{O}-{L}":                    "Cisco-88012BA01234",
		"{OU}":                       "Phones",
		"{OU:CP*}":                   "-8841-3PCC",
		"{CN/-/1}":                   "00562B",
		"{CN/-/-1}":                  "88012BA01234",
		"{CN/-CP8841-/2}":            "88012BA01234",
		"{CN:00562B-*}":              "CP8841-88012BA01234",
		"{SERIALNUMBER:* SN:FCH123}": "PID:CP-8841",
		"{SERIALNUMBER/ SN:/2}":      "FCH123",
		"{DNS:sep*.example.net}":     "000e08abcdef",
		"{URI:urn:dev:mac:*}":        "000e08abcdef",
		"{EMAIL/@/1}":                "p",
		"{1.2.3}":                    "odd",
		"{C}":                        "",
		"{CN:SEP*}":                  "",
		"{CN/_/1}":                   "",
		"{CN/-/9}":                   "",
		"{L:88012BA01234*}":          "",
	} {
		parsed, err := parseTemplate(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got, ok := parsed.expand(c); got != want || ok != (want != "") {
			t.Errorf("%s: %q, %t, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"{", "}", "{}", "{L", "L}", "{{L}}", "{XY}", "{CN:}", "{CN:a*b*c}", "{CN//1}", "{CN/-/0}", "{CN/-/x}", "{CN/-}", "plain", "{.1}", strings.Repeat("{L}", 100), "{L}\n"} {
		if _, err := parseTemplate(text); err == nil {
			t.Errorf("%q was taken for a template", text)
		}
	}
}

func TestACertificateProvesTheDeviceItIsOf(t *testing.T) {
	identity := `"identity":{"serialNumber":"{L}","productClass":"{OU}","mac":"{S}","generic":["ciscogeneric"]}`
	r := rule(t, "r", `{"name":"r","methods":["certificate"],"unknown":"accept",`+identity+`}`)
	shown := func(model, serial, mac string) *CertificateIdentity {
		return NewCertificateIdentity(issue(t, cisco(model, serial, mac), nil))
	}
	for name, test := range map[string]struct {
		certificate *CertificateIdentity
		proxied     bool
		want        Verdict
		clash       bool
		own         bool
	}{
		"its own":                        {shown("CP-8841-3PCC", "88012BA01234", "000e08abcdef"), false, Allowed, false, true},
		"its own with the MAC in dots":   {shown("CP-8841-3PCC", "88012BA01234", "000E.08AB.CDEF"), false, Allowed, false, true},
		"that of another serial":         {shown("CP-8841-3PCC", "88012BA09999", "000e08abcdef"), false, Refused, true, false},
		"that of another MAC":            {shown("CP-8841-3PCC", "88012BA01234", "000e08abcd00"), false, Refused, true, false},
		"that of another model":          {shown("CP-7841-3PCC", "88012BA01234", "000e08abcdef"), false, Refused, true, false},
		"a generic one, with its MAC":    {shown("CP-8841-3PCC", "CiscoGeneric", "000e08abcdef"), false, Allowed, false, true},
		"a generic one, with no MAC":     {shown("CP-8841-3PCC", "ciscogeneric", "ciscogeneric"), false, Allowed, false, false},
		"one without a serial number":    {shown("CP-8841-3PCC", "", "000e08abcdef"), false, Refused, false, false},
		"a MAC that is none":             {shown("CP-8841-3PCC", "88012BA01234", "none"), false, Refused, true, false},
		"none":                           {nil, false, Refused, false, false},
		"one that only a proxy has seen": {shown("CP-8841-3PCC", "88012BA01234", "000e08abcdef"), true, Refused, false, false},
	} {
		got := newSet(t, []Rule{r}, nil, fallback(None)).Decide(Account{Listener: "cwmp", Secure: true, Certificate: test.certificate, Proxied: test.proxied}, Candidate{Device: phone("a"), Now: now()})
		if got.Verdict != test.want || got.Clash != test.clash || got.Own != test.own {
			t.Errorf("%s: %s, clash %t, own %t (%s)", name, got.Verdict, got.Clash, got.Own, got.Reason)
		}
	}
}

func TestACertificateOfAModelNeedsAPasswordBeside(t *testing.T) {
	r := rule(t, "r", `{"name":"r","methods":["certificate","digest"],"unknown":"accept","rotate":true,"identity":{"productClass":"{OU}"}}`)
	set := newSet(t, []Rule{r}, nil, fallback(None))
	model := Account{Listener: "cwmp", Secure: true, Certificate: NewCertificateIdentity(issue(t, cisco("CP-8841-3PCC", "x", "y"), nil))}
	if got := set.Decide(model, Candidate{Device: phone(""), Now: now()}); got.Verdict != Allowed || !got.Issue {
		t.Errorf("a stranger of the model: %+v", got)
	}
	bound := Candidate{Device: phone("a"), Now: now()}
	bound.Credentials = append(bound.Credentials, had("u", true))
	if got := set.Decide(model, bound); got.Verdict != Challenged {
		t.Errorf("a device that has credentials of its own: %+v", got)
	}
	model.Username, model.Method, model.Device = "u", Digest, "a"
	if got := set.Decide(model, bound); got.Verdict != Allowed || !got.Own {
		t.Errorf("with its credentials: %+v", got)
	}
}

func TestNamesThatDeceiveAreLeftOut(t *testing.T) {
	c := issue(t, pkix.Name{CommonName: "good\x00.example.net", Locality: []string{"a\r\nb"}, OrganizationalUnit: []string{strings.Repeat("x", 300)}}, nil)
	if got := NewCertificateIdentity(c); len(got.Attributes) != 0 {
		t.Errorf("%q", got.Attributes)
	}
}

func TestTheHeaderOfAProxyHoldsACertificate(t *testing.T) {
	c := issue(t, cisco("CP-8841-3PCC", "88012BA01234", "000e08abcdef"), nil)
	text := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
	escaped := url.PathEscape(text)
	for name, header := range map[string]string{
		"nginx":                     escaped,
		"nginx, plus signs as such": strings.ReplaceAll(escaped, "%2B", "+"),
		"Envoy":                     `By=spiffe://x/acs;Hash=abc;Cert="` + escaped + `";Subject="OU=a,L=\"b;c\"";URI=`,
		"Envoy behind another one":  `Hash=1;Cert="nonsense",By=x;cert="` + escaped + `"`,
	} {
		got, err := ParseCertificateHeader(header)
		if err != nil || !got.Equal(c) {
			t.Errorf("%s: %v", name, err)
		}
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("x")}))
	for _, header := range []string{"", "(null)", escaped[:len(escaped)/2], "%zz", "Hash=1", `Cert="x"`, `Cert="` + escaped + `",Hash=1`, url.PathEscape(key), strings.Repeat("x", 40<<10)} {
		if _, err := ParseCertificateHeader(header); err == nil {
			t.Errorf("%.40q was taken for a certificate", header)
		}
	}
}

func FuzzParseCertificateHeader(f *testing.F) {
	for _, seed := range []string{"", "-----BEGIN%20CERTIFICATE-----", `By=a;Cert="b",Hash=c`, `a="b\"c`, `\`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if c, err := ParseCertificateHeader(header); (c == nil) == (err == nil) {
			t.Errorf("%v, %v", c, err)
		}
	})
}

func FuzzTemplate(f *testing.F) {
	for _, seed := range []string{"{L}", "{CN:a*b}", "{CN/-/2}", "x{1.2.3}y", "{CN/"} {
		f.Add(seed, "a-b-c")
	}
	f.Fuzz(func(t *testing.T, text, value string) {
		parsed, err := parseTemplate(text)
		if err != nil {
			return
		}
		if got, ok := parsed.expand(&CertificateIdentity{Attributes: map[string][]string{"CN": {value}, "L": {value}}}); ok && got == "" {
			t.Errorf("%q made nothing of %q", text, value)
		}
	})
}
