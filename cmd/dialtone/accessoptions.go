package main

import (
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/access"
	"github.com/dialtone-acs/dialtone/internal/digest"
)

// accessOptions say how devices prove who they are, beside --cwmp-auth.
type accessOptions struct {
	CwmpBasicWithoutTLS  bool     `name:"cwmp-basic-without-tls" help:"Take passwords that devices send in clear: HTTP Basic without TLS."`
	CwmpDigestAlgorithms []string `name:"cwmp-digest-algorithms" default:"MD5,SHA-256" help:"Algorithms that HTTP Digest offers, in this order: old devices take the first." placeholder:"ALGORITHM,..."`
	CwmpDigestWithoutQop bool     `name:"cwmp-digest-without-qop" help:"Take answers of HTTP Digest without qop, as devices of RFC 2069 send them."`

	CwmpClientCertHeader string `name:"cwmp-client-cert-header" help:"Header by which --trusted-proxies pass on the client certificates that they verified: URL-encoded PEM (nginx) or X-Forwarded-Client-Cert (Envoy)." placeholder:"NAME"`
	CwmpClientCertCA     string `name:"cwmp-client-cert-ca" help:"CA certificates (PEM) that those certificates must be of. Default: the proxy is believed." placeholder:"FILE"`

	AmbiguousSerials []string `name:"ambiguous-serial" help:"Serial numbers, beside the usual ones, that makers leave in many devices: such devices are kept apart and put into quarantine." placeholder:"SERIAL,..."`
}

func (o *serveOptions) checkAccess() error {
	for _, name := range o.CwmpDigestAlgorithms {
		if a := digest.Algorithm(name); a != digest.MD5 && a != digest.SHA256 {
			return fmt.Errorf("--cwmp-digest-algorithms: %q is none, expected MD5 and SHA-256", name)
		}
	}
	if len(o.CwmpDigestAlgorithms) == 0 {
		return errors.New("--cwmp-digest-algorithms: must name at least one")
	}
	if o.CwmpClientCertHeader != "" && len(o.TrustedProxies) == 0 {
		return errors.New("--cwmp-client-cert-header needs --trusted-proxies: else whoever sends it would be believed")
	}
	if o.CwmpClientCertCA != "" && o.CwmpClientCertHeader == "" {
		return errors.New("--cwmp-client-cert-ca needs --cwmp-client-cert-header")
	}
	return nil
}

func (o *serveOptions) ambiguousSerials() access.Serials {
	return append(access.DefaultSerials(), o.AmbiguousSerials...)
}

// fallbackRule is the rule for devices that no document fits.
func (o *serveOptions) fallbackRule() access.Rule {
	r := access.Rule{Name: "options of the server", Enabled: true, Methods: []access.Method{access.Method(o.CwmpAuth)}, BasicWithoutTLS: o.CwmpBasicWithoutTLS, Unknown: access.Refuse, Rebootstrap: access.Quarantine}
	if o.AcceptUnknown {
		r.Unknown = access.Accept
	}
	return r
}

// basicWarning is what the operator must know of --cwmp-auth basic without TLS.
func (o *serveOptions) basicWarning() string {
	if o.CwmpBasicWithoutTLS {
		return "devices send their passwords in clear: --cwmp-auth basic without TLS"
	}
	return "devices cannot authenticate but through a trusted proxy with TLS: --cwmp-auth basic needs TLS, or --cwmp-basic-without-tls"
}
