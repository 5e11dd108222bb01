// Package reload serves TLS with certificates from files, and goes on with
// new ones when the files change.
package reload

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"time"
)

// Files are the PEM files of a listener's certificate.
type Files struct {
	// Certificate is the chain, the listener's own certificate first; Key its
	// private key.
	Certificate, Key string
	// ClientCA holds the certificates of which clients must have one; "" where
	// clients need none.
	ClientCA string
}

// paths returns the files that there are to be.
func (f Files) paths() []string {
	paths := []string{f.Certificate, f.Key}
	if f.ClientCA != "" {
		paths = append(paths, f.ClientCA)
	}
	return paths
}

// loaded is what was in the files.
type loaded struct {
	certificate tls.Certificate
	clientCAs   *x509.CertPool
}

// Check reports whether the files can be used. An error names the file.
func (f Files) Check() error {
	_, err := f.load()
	return err
}

func (f Files) load() (loaded, error) {
	chain, err := os.ReadFile(f.Certificate)
	if err != nil {
		return loaded{}, fmt.Errorf("read certificate: %w", err)
	}
	key, err := os.ReadFile(f.Key)
	if err != nil {
		return loaded{}, fmt.Errorf("read private key: %w", err)
	}
	certificate, err := tls.X509KeyPair(chain, key)
	if err != nil {
		return loaded{}, fmt.Errorf("load certificate %s with key %s: %w", f.Certificate, f.Key, err)
	}
	if certificate.Leaf == nil {
		if certificate.Leaf, err = x509.ParseCertificate(certificate.Certificate[0]); err != nil {
			return loaded{}, fmt.Errorf("load certificate %s: %w", f.Certificate, err)
		}
	}
	l := loaded{certificate: certificate}
	if f.ClientCA != "" {
		l.clientCAs, err = clientCAs(f.ClientCA)
	}
	return l, err
}

func clientCAs(path string) (*x509.CertPool, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read client CA: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(raw) {
		return nil, fmt.Errorf("client CA %s: %w", path, errNoCertificate)
	}
	return pool, nil
}

var errNoCertificate = errors.New("file has no certificate")

// state is what a look at the files shows without reading them.
type state struct {
	files [3]fileState
}

type fileState struct {
	modified int64
	size     int64
	missing  bool
}

// look returns the state of the files. Links are followed, so that one that is
// made to lead elsewhere is a change, too.
func (f Files) look() state {
	var s state
	for i, path := range f.paths() {
		info, err := os.Stat(path)
		if err != nil {
			s.files[i] = fileState{missing: true}
			continue
		}
		s.files[i] = fileState{modified: info.ModTime().UnixNano(), size: info.Size()}
	}
	return s
}

// expires returns when the listener's own certificate does.
func (l loaded) expires() time.Time { return l.certificate.Leaf.NotAfter }
