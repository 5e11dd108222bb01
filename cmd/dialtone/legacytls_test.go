package main

import (
	"crypto/tls"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/acs"
)

// securedListener opens a listener as serve does; its server answers with the
// listener's name.
func securedListener(t *testing.T, name string, suites *tls.Config) (address string) {
	t.Helper()
	h := &house{options: &serveOptions{}}
	server := h.cwmpServerOf(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte(acs.ListenerName(r.Context())))
	}), name, nil)
	l := &listener{name: name, address: "127.0.0.1:0", tls: testCertificate(t), suites: suites, reports: silentReports(), server: server}
	return serveListener(t, l)
}

// serveListener serves until the end of the test.
func serveListener(t *testing.T, l *listener) (address string) {
	t.Helper()
	if err := l.listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- l.serve() }()
	t.Cleanup(func() {
		_ = l.server.Close()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return l.open.Addr().String()
}

func TestOldDevicesReachTheLegacyListenerAndNoOther(t *testing.T) {
	modern, legacy := securedListener(t, cwmpListener, nil), securedListener(t, legacyListener, legacyTLS())
	for _, c := range []struct {
		name           string
		version        uint16
		suite          uint16
		modern, legacy bool
	}{
		{"TLS 1.0 with RSA key exchange and CBC", tls.VersionTLS10, tls.TLS_RSA_WITH_AES_128_CBC_SHA, false, true},
		{"TLS 1.0 with 3DES", tls.VersionTLS10, tls.TLS_RSA_WITH_3DES_EDE_CBC_SHA, false, true},
		{"TLS 1.1 with RSA key exchange and CBC", tls.VersionTLS11, tls.TLS_RSA_WITH_AES_256_CBC_SHA, false, true},
		{"TLS 1.2 with RSA key exchange", tls.VersionTLS12, tls.TLS_RSA_WITH_AES_128_GCM_SHA256, false, true},
		{"TLS 1.2 with RC4", tls.VersionTLS12, tls.TLS_RSA_WITH_RC4_128_SHA, false, false},
		{"TLS 1.0 with RC4", tls.VersionTLS10, tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, false, false},
		{"TLS 1.2 with ECDHE", tls.VersionTLS12, tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, true, true},
		{"TLS 1.3", tls.VersionTLS13, 0, true, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for address, want := range map[string]bool{modern: c.modern, legacy: c.legacy} {
				config := &tls.Config{InsecureSkipVerify: true, MinVersion: c.version, MaxVersion: c.version}
				if c.suite != 0 {
					config.CipherSuites = []uint16{c.suite}
				}
				connection, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, config)
				if (err == nil) != want {
					t.Errorf("listener %s: %v, want it to be let in: %v", map[string]string{modern: "cwmp", legacy: "cwmp-legacy"}[address], err, want)
				}
				if err != nil {
					continue
				}
				name := map[string]string{modern: "cwmp", legacy: "cwmp-legacy"}[address]
				if got := ask(t, connection, anyRequest+"\r\n"); got != name {
					t.Errorf("the listener is %q for policies, want %q", got, name)
				}
				_ = connection.Close()
			}
		})
	}
}

func TestTheLegacyListenerTakesItsOwnCertificateOrThatOfCWMP(t *testing.T) {
	own, shared := tlsOptions{TLSCert: "own.pem", TLSKey: "own.key"}, tlsOptions{TLSCert: "cwmp.pem", TLSKey: "cwmp.key"}
	o := &serveOptions{CWMPTLS: shared}
	if got := o.legacyTLS(); got != shared {
		t.Errorf("without its own: %+v", got)
	}
	o.CwmpLegacyTLS = own
	if got := o.legacyTLS(); got != own {
		t.Errorf("with its own: %+v", got)
	}
}
