//go:build e2e

package main

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// certificateIn tells the first certificate in a file from others.
func certificateIn(tb testing.TB, path string) string {
	tb.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	block, _ := pem.Decode(raw)
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		tb.Fatal(err)
	}
	return fmt.Sprintf("%x", certificate.Signature)
}

// servedBy returns the same of the certificate that an address serves.
func servedBy(tb testing.TB, address string) string {
	tb.Helper()
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", address, &tls.Config{InsecureSkipVerify: true})
	if err != nil {
		tb.Fatal(err)
	}
	defer c.Close()
	return fmt.Sprintf("%x", c.ConnectionState().PeerCertificates[0].Signature)
}

// comesTrue waits for what the server does by itself within some seconds.
func comesTrue(tb testing.TB, what string, condition func() bool) {
	tb.Helper()
	for begun := time.Now(); !condition(); time.Sleep(100 * time.Millisecond) {
		if time.Since(begun) > 60*time.Second {
			tb.Fatalf("it did not happen: %s", what)
		}
	}
}

func TestANewCertificateIsServedWithoutARestartAndABrokenOneIsNot(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.Certificates = newCertificates(t)
	s.Start()
	first := certificateIn(t, s.Certificates.CertFile)

	transport := &http.Transport{TLSClientConfig: s.Certificates.Client(), MaxConnsPerHost: 1}
	defer transport.CloseIdleConnections()
	open := &http.Client{Transport: transport}
	ready := func() string {
		t.Helper()
		answer, err := open.Get(s.WebURL() + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		_, _ = io.Copy(io.Discard, answer.Body)
		return fmt.Sprintf("%x", answer.TLS.PeerCertificates[0].Signature)
	}
	before := ready()

	// Broken: the old one stays, and the log names the file.
	writeFile(t, s.Certificates.CertFile, "-----BEGIN CERTIFICATE-----\nbroken")
	comesTrue(t, "the complaint about the broken file", func() bool {
		return strings.Contains(s.Log.String(), "the one before stays") && strings.Contains(s.Log.String(), s.Certificates.CertFile)
	})
	for _, address := range []string{s.CWMP, s.Files, s.Web} {
		if got := servedBy(t, address); got != first {
			t.Errorf("%s serves %s beside a broken file, want %s", address, got, first)
		}
	}

	// Another one: all listeners serve it, and the open connection goes on.
	other := newCertificates(t)
	for from, to := range map[string]string{other.CertFile: s.Certificates.CertFile, other.KeyFile: s.Certificates.KeyFile} {
		raw, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	second := certificateIn(t, s.Certificates.CertFile)
	for _, address := range []string{s.CWMP, s.Files, s.Web} {
		comesTrue(t, "the new certificate at "+address, func() bool { return servedBy(t, address) == second })
	}
	if after := ready(); after != before {
		t.Error("the open connection was cut off")
	}
	s.Certificates = other
	metrics := string(s.Client("admin").Get("/metrics").Want(http.StatusOK).Body)
	for _, listener := range []string{"cwmp", "files", "web"} {
		if !strings.Contains(metrics, `dialtone_certificate_expiry_seconds{listener="`+listener+`"} 1.`) {
			t.Errorf("no metric tells when the certificate of %s expires", listener)
		}
	}
	if !strings.Contains(s.Log.String(), "certificate expires soon") {
		t.Error("a certificate that expires within the hour is not warned of")
	}
}

func TestALegacyListenerIsThereOnlyIfItIsAskedFor(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.Certificates = newCertificates(t)
	spare, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	legacy := spare.Addr().String()
	_ = spare.Close()
	own := testCertificate(t) // Of RSA, for RSA key exchange.
	s.Flags = []string{"--cwmp-legacy-tls-addr", legacy, "--cwmp-legacy-tls-cert", own.TLSCert, "--cwmp-legacy-tls-key", own.TLSKey}
	s.Start()
	if !strings.Contains(s.Log.String(), "suites that are broken or weak") {
		t.Error("the danger is not named at the start")
	}
	old := &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10, CipherSuites: []uint16{tls.TLS_RSA_WITH_AES_128_CBC_SHA}}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: old}, Timeout: 20 * time.Second}
	answer, err := client.Post("https://"+legacy+"/", "text/xml", bytes.NewReader([]byte(informOf("OLD"))))
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if answer.StatusCode != http.StatusOK || answer.TLS.Version != tls.VersionTLS10 {
		t.Errorf("%s over %s", answer.Status, tls.VersionName(answer.TLS.Version))
	}
	if _, err := client.Post("https://"+s.CWMP+"/", "text/xml", bytes.NewReader([]byte(informOf("OLD")))); err == nil {
		t.Error("the CWMP listener speaks TLS 1.0")
	}
}
