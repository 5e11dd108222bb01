//go:build e2e

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certificates are those of a server on the loopback address, signed by a CA
// made for one test.
type certificates struct {
	CertFile, KeyFile string
	pool              *x509.CertPool
}

// newCertificates makes a CA and a certificate for 127.0.0.1.
func newCertificates(tb testing.TB) *certificates {
	tb.Helper()
	now := time.Now()
	ca := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "end-to-end test CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: ca.NotBefore, NotAfter: ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	caKey, leafKey := newKey(tb), newKey(tb)
	caRaw, err := x509.CreateCertificate(rand.Reader, ca, ca, caKey.Public(), caKey)
	if err != nil {
		tb.Fatal(err)
	}
	leafRaw, err := x509.CreateCertificate(rand.Reader, leaf, ca, leafKey.Public(), caKey)
	if err != nil {
		tb.Fatal(err)
	}
	keyRaw, err := x509.MarshalPKCS8PrivateKey(leafKey)
	if err != nil {
		tb.Fatal(err)
	}
	folder := tb.TempDir()
	made := &certificates{CertFile: filepath.Join(folder, "server.pem"), KeyFile: filepath.Join(folder, "server.key"), pool: x509.NewCertPool()}
	writePEM(tb, made.CertFile, "CERTIFICATE", leafRaw)
	writePEM(tb, made.KeyFile, "PRIVATE KEY", keyRaw)
	root, err := x509.ParseCertificate(caRaw)
	if err != nil {
		tb.Fatal(err)
	}
	made.pool.AddCert(root)
	return made
}

// Client trusts the CA and nothing else.
func (c *certificates) Client() *tls.Config {
	return &tls.Config{RootCAs: c.pool, MinVersion: tls.VersionTLS12}
}

func newKey(tb testing.TB) *ecdsa.PrivateKey {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}

func writePEM(tb testing.TB, path, kind string, raw []byte) {
	tb.Helper()
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: raw}), 0o600); err != nil {
		tb.Fatal(err)
	}
}
