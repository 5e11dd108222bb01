package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"time"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/acs"
	"github.com/dialtone-acs/dialtone/internal/digest"
)

// nonceLifetime is how long a device may use one Digest nonce.
const nonceLifetime = 5 * time.Minute

// makeAccess reads the rules of who may speak.
func (h *house) makeAccess(ctx context.Context) (err error) {
	h.access, err = access.NewPolicy(ctx, h.store.Declared(), h.options.fallbackRule(), h.logger)
	return err
}

func (h *house) authenticator() (acs.Authenticator, error) {
	key, otherKeys, err := h.derive("cwmp-digest-nonce")
	if err != nil {
		return nil, fmt.Errorf("derive nonce key: %w", err)
	}
	challenger, err := digest.NewChallenger(digest.Options{
		Key: key, OtherKeys: otherKeys, Realm: "dialtone", Lifetime: nonceLifetime, Clock: h.now, AllowLegacy: h.options.CwmpDigestWithoutQop,
	})
	if err != nil {
		return nil, err
	}
	var algorithms []digest.Algorithm
	for _, name := range h.options.CwmpDigestAlgorithms {
		algorithms = append(algorithms, digest.Algorithm(name))
	}
	passed, err := passedCertificates(h.options, h.now)
	if err != nil {
		return nil, err
	}
	return acs.NewAuthentication(acs.AuthenticationOptions{
		Rules: h.access.Current, Challenger: challenger, Algorithms: algorithms, Credentials: h.store.Credentials(), Keeper: h.keeper, Now: h.now,
		ClientAddress: clientAddress(h.options.TrustedProxies), Secure: trustedProxies(h.options.TrustedProxies).secure, ProxyCertificate: passed,
	})
}

// passedCertificates returns how to find the client certificate that a trusted proxy
// passes on with a request, nil if none does.
func passedCertificates(o *serveOptions, now func() time.Time) (func(*http.Request) *x509.Certificate, error) {
	if o.CwmpClientCertHeader == "" {
		return nil, nil
	}
	var roots *x509.CertPool
	if o.CwmpClientCertCA != "" {
		pem, err := os.ReadFile(o.CwmpClientCertCA)
		if err != nil {
			return nil, fmt.Errorf("read --cwmp-client-cert-ca: %w", err)
		}
		roots = x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("--cwmp-client-cert-ca: %s has no certificate", o.CwmpClientCertCA)
		}
	}
	proxies := trustedProxies(o.TrustedProxies)
	return func(r *http.Request) *x509.Certificate {
		values := r.Header.Values(o.CwmpClientCertHeader)
		if len(values) != 1 || !proxies.sent(r) {
			return nil // Two of them: the client sent one, and the proxy did not remove it.
		}
		certificate, err := access.ParseCertificateHeader(values[0])
		if err != nil || !inForce(certificate, roots, now()) {
			return nil
		}
		return certificate
	}, nil
}

// inForce reports whether a certificate is of one of the roots; without roots, only
// whether it is in force.
func inForce(c *x509.Certificate, roots *x509.CertPool, at time.Time) bool {
	if roots == nil {
		return !at.Before(c.NotBefore) && !at.After(c.NotAfter)
	}
	_, err := c.Verify(x509.VerifyOptions{Roots: roots, CurrentTime: at, KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	return err == nil
}

// sent reports whether a request came from one of the proxies.
func (t trustedProxies) sent(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	return err == nil && t.contain(peer.Addr().Unmap())
}

// clientAuth is what a listener with a client CA asks of clients.
func (o tlsOptions) clientAuth() tls.ClientAuthType {
	switch o.ClientAuth {
	case "none":
		return tls.NoClientCert
	case "request":
		return tls.VerifyClientCertIfGiven
	default:
		return tls.RequireAndVerifyClientCert
	}
}

// maxChain is how many certificates a client may present.
const maxChain = 8

// checkChain refuses clients that present more certificates than anybody needs.
func checkChain(s tls.ConnectionState) error {
	if len(s.PeerCertificates) > maxChain {
		return errors.New("client presents too many certificates")
	}
	return nil
}
