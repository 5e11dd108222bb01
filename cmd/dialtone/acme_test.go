package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/acme"
)

// certified opens a listener whose certificate comes from an issuer.
func certified(t *testing.T, o acmeOptions, dataDir string, expires *atomic.Int64) (address string, c *certifier) {
	t.Helper()
	c, err := newCertifier(o, dataDir, func(string) func(time.Time) { return func(at time.Time) { expires.Store(at.Unix()) } }, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	l := &listener{name: "web", address: "127.0.0.1:0", certifier: c, server: &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("hello")) })}}
	return serveListener(t, l), c
}

// greets makes a handshake by a host name, "" for none, and a request.
func greets(t *testing.T, i *issuer, address, host string) error {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(i.root)
	config := &tls.Config{RootCAs: roots, ServerName: host}
	if host == "" {
		config.InsecureSkipVerify = true
	}
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 30 * time.Second}, "tcp", address, config)
	if err != nil {
		return err
	}
	defer c.Close()
	if got := ask(t, c, anyRequest+"\r\n"); got != "hello" {
		t.Errorf("answer %q", got)
	}
	return nil
}

func TestACertificateIsFetchedByACMEAndKept(t *testing.T) {
	for _, challenge := range []string{"tls-alpn-01", "http-01"} {
		t.Run(challenge, func(t *testing.T) {
			i, dataDir := newIssuer(t, challenge), t.TempDir()
			o := acmeOptions{
				ACMEHosts: []string{"dialtone.example.net", "acs.example.net"}, ACMEListeners: []string{"web"}, ACMEEmail: "noc@example.net",
				ACMEDirectory: i.url("/directory"), ACMEDirectoryCA: i.CA,
			}
			var expires atomic.Int64
			address, c := certified(t, o, dataDir, &expires)
			if challenge == "http-01" {
				i.prove = overHTTP(serveListener(t, &listener{name: "acme", address: "127.0.0.1:0", server: &http.Server{Handler: c.challenges()}}))
			} else {
				i.prove = overTLS(address)
			}
			if err := greets(t, i, address, "stranger.example.net"); err == nil || i.Issued() != 0 {
				t.Errorf("a host that is not ours: %v, %d issued", err, i.Issued())
			}
			for range 2 {
				if err := greets(t, i, address, "dialtone.example.net"); err != nil {
					t.Fatal(err)
				}
			}
			if err := greets(t, i, address, ""); err != nil { // A device that names no host gets that of the first.
				t.Error(err)
			}
			if n := i.Issued(); n != 1 {
				t.Errorf("%d certificates were issued, want 1", n)
			}
			if left := time.Until(time.Unix(expires.Load(), 0)); left < 89*24*time.Hour || left > 90*24*time.Hour {
				t.Errorf("it is said to expire in %s", left)
			}
			again, _ := certified(t, o, dataDir, &expires)
			if err := greets(t, i, again, "dialtone.example.net"); err != nil || i.Issued() != 1 {
				t.Errorf("after a restart: %v, %d issued, want what is in the data folder", err, i.Issued())
			}
		})
	}
}

// overTLS meets TLS-ALPN-01 (RFC 8737) at an address.
func overTLS(address string) func(host, token, keyAuthorization string) error {
	return func(host, _, keyAuthorization string) error {
		c, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, &tls.Config{ServerName: host, NextProtos: []string{acme.ALPNProto}, InsecureSkipVerify: true})
		if err != nil {
			return err
		}
		defer c.Close()
		digest := acmeDigest(keyAuthorization)
		want, err := asn1.Marshal(digest[:])
		if err != nil {
			return err
		}
		for _, extension := range c.ConnectionState().PeerCertificates[0].Extensions {
			if extension.Id.Equal(asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 1, 31}) && extension.Critical && bytes.Equal(extension.Value, want) {
				return nil
			}
		}
		return errors.New("the certificate has not the digest of the key authorization")
	}
}

func TestACMEServesTheListenersThatAreNamedAndHaveNoCertificate(t *testing.T) {
	own := tlsOptions{TLSCert: "x.pem", TLSKey: "x.key"}
	o := &serveOptions{acmeOptions: acmeOptions{ACMEHosts: []string{"h.example"}, ACMEListeners: []string{"web", "cwmp"}}}
	for _, c := range []struct {
		listener     string
		own          tlsOptions
		acme, secure bool
	}{
		{"web", tlsOptions{}, true, true}, {"cwmp", tlsOptions{}, true, true}, {"files", tlsOptions{}, false, false}, {"web", own, false, true}, {"files", own, false, true},
	} {
		if got := o.serves(c.listener, c.own); got != c.acme {
			t.Errorf("%s with %+v: by ACME %v", c.listener, c.own, got)
		}
		if got := o.secured(c.listener, c.own); got != c.secure {
			t.Errorf("%s with %+v: over TLS %v", c.listener, c.own, got)
		}
	}
	o.ACMEHosts = nil
	if o.serves("web", tlsOptions{}) {
		t.Error("ACME without a host")
	}
}
