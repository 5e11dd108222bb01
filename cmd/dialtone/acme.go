package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"
	"golang.org/x/time/rate"

	"github.com/dialtone-acs/dialtone/internal/logkeys"
)

// acmeOptions say which listeners get their certificate from an ACME server (RFC
// 8555), and which certificate.
type acmeOptions struct {
	ACMEHosts       []string `name:"acme-host" help:"Host names for which a certificate is fetched by ACME, and the terms of its issuer accepted: turns TLS on for --acme-listeners." placeholder:"HOST,..."`
	ACMEListeners   []string `name:"acme-listeners" default:"web" enum:"web,cwmp,files" help:"Listeners that use it, unless they have a certificate of their own: ${enum}." placeholder:"LISTENER,..."`
	ACMEEmail       string   `name:"acme-email" help:"Where the issuer writes to." placeholder:"ADDRESS"`
	ACMEDirectory   string   `name:"acme-directory" default:"https://acme-v02.api.letsencrypt.org/directory" help:"The issuer's ACME directory." placeholder:"URL"`
	ACMEDirectoryCA string   `name:"acme-directory-ca" help:"CA certificates (PEM) of the issuer's own server, where the system does not know them." placeholder:"FILE"`
	ACMEHTTPAddr    string   `name:"acme-http-addr" help:"Address at which HTTP-01 challenges are answered; the issuer comes to port 80. Without it, only TLS-ALPN-01 is, at the listeners; the issuer comes to port 443." placeholder:"ADDR"`
}

func (o acmeOptions) check() error {
	if len(o.ACMEHosts) == 0 {
		if o.ACMEHTTPAddr != "" {
			return errors.New("--acme-http-addr needs --acme-host")
		}
		return nil
	}
	u, err := url.Parse(o.ACMEDirectory)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return errors.New("--acme-directory: must be an absolute https URL without credentials")
	}
	if slices.Contains(o.ACMEHosts, "") || len(o.ACMEListeners) == 0 {
		return errors.New("--acme-host and --acme-listeners must name hosts and listeners")
	}
	return nil
}

// serves reports whether a listener that has these options gets its certificate
// by ACME.
func (o acmeOptions) serves(listener string, own tlsOptions) bool {
	return own.TLSCert == "" && len(o.ACMEHosts) > 0 && slices.Contains(o.ACMEListeners, listener)
}

// secured reports whether a listener speaks TLS.
func (o *serveOptions) secured(listener string, own tlsOptions) bool {
	return own.TLSCert != "" || o.serves(listener, own)
}

// certifier fetches certificates by ACME, when the first client comes, and anew
// before they expire.
type certifier struct {
	manager *autocert.Manager
	// fallback is the host for clients that name none: simple devices do not.
	fallback string
	expires  func(listener string) func(time.Time)
	logger   *slog.Logger
	// failures keeps clients that come again and again from flooding the log.
	failures rate.Sometimes
}

// newCertifier returns a certifier that keeps what it has in a folder of the data
// folder; nil without hosts.
func newCertifier(o acmeOptions, dataDir string, expires func(listener string) func(time.Time), logger *slog.Logger) (*certifier, error) {
	if len(o.ACMEHosts) == 0 {
		return nil, nil
	}
	client := &acme.Client{DirectoryURL: o.ACMEDirectory, UserAgent: "dialtone"}
	if o.ACMEDirectoryCA != "" {
		raw, err := os.ReadFile(o.ACMEDirectoryCA)
		if err != nil {
			return nil, fmt.Errorf("--acme-directory-ca: %w", err)
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(raw) {
			return nil, fmt.Errorf("--acme-directory-ca: %s has no certificate", o.ACMEDirectoryCA)
		}
		transport := http.DefaultTransport.(*http.Transport).Clone()
		transport.TLSClientConfig = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
		client.HTTPClient = &http.Client{Transport: transport}
	}
	return &certifier{fallback: o.ACMEHosts[0], expires: expires, logger: logger, failures: rate.Sometimes{First: 3, Interval: time.Minute}, manager: &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(filepath.Join(dataDir, "acme")), HostPolicy: autocert.HostWhitelist(o.ACMEHosts...),
		Email: o.ACMEEmail, Client: client,
	}}, nil
}

// config returns the TLS of one listener.
func (c *certifier) config(listener string) *tls.Config {
	config, expires := modernTLS(), c.expires(listener)
	config.NextProtos = append(config.NextProtos, acme.ALPNProto)
	config.GetCertificate = func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if hello.ServerName == "" {
			named := *hello
			named.ServerName = c.fallback
			hello = &named
		}
		if err := c.manager.HostPolicy(hello.Context(), hello.ServerName); err != nil {
			return nil, err
		}
		found, err := c.manager.GetCertificate(hello)
		if err != nil {
			c.failures.Do(func() {
				c.logger.Error("cannot get a certificate by ACME", logkeys.Listener, listener, logkeys.Name, hello.ServerName, logkeys.Error, err)
			})
			return nil, err
		}
		if found.Leaf != nil && !slices.Contains(hello.SupportedProtos, acme.ALPNProto) {
			expires(found.Leaf.NotAfter)
		}
		return found, nil
	}
	return config
}

// challenges answers HTTP-01 challenges, and nothing else.
func (c *certifier) challenges() http.Handler {
	return c.manager.HTTPHandler(http.NotFoundHandler())
}
