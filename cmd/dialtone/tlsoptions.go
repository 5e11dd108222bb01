package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"slices"

	"github.com/dialtone-acs/dialtone/internal/reload"
)

// tlsOptions are the certificate of one listener.
type tlsOptions struct {
	TLSCert  string `name:"tls-cert" help:"Certificate chain (PEM): turns TLS on. It is read again when it changes." placeholder:"FILE"`
	TLSKey   string `name:"tls-key" help:"Private key (PEM)." placeholder:"FILE"`
	ClientCA string `name:"client-ca" help:"CA certificates (PEM): clients must present a certificate of theirs." placeholder:"FILE"`

	ClientAuth string `name:"client-auth" enum:",none,request,require" default:"" help:"Whether clients must present a certificate: require (default with a client CA), request (what is presented must be good), none." placeholder:"none|request|require"`
}

func (o tlsOptions) files() reload.Files {
	f := reload.Files{Certificate: o.TLSCert, Key: o.TLSKey, ClientCA: o.ClientCA}
	if o.clientAuth() == tls.NoClientCert {
		f.ClientCA = ""
	}
	return f
}

// check refuses options that cannot be; name is that of the listener's flags.
func (o tlsOptions) check(name string) error {
	if (o.TLSCert == "") != (o.TLSKey == "") {
		return fmt.Errorf("--%s-tls-cert and --%s-tls-key go together", name, name)
	}
	if o.ClientCA != "" && o.TLSCert == "" {
		return fmt.Errorf("--%s-client-ca needs --%s-tls-cert", name, name)
	}
	if o.ClientAuth != "" && o.ClientCA == "" {
		return fmt.Errorf("--%s-client-auth needs --%s-client-ca", name, name)
	}
	return nil
}

// legacyOptions are those of the listener for devices that know no TLS of today.
type legacyOptions struct {
	CwmpLegacyTLSAddr string     `name:"cwmp-legacy-tls-addr" help:"Address of one more CWMP listener, with TLS 1.0 to 1.2 and suites that are broken or weak, for devices that know no others. Off unless given." placeholder:"ADDR"`
	CwmpLegacyTLS     tlsOptions `embed:"" prefix:"cwmp-legacy-"`
}

func (o *serveOptions) checkLegacy() error {
	if err := o.CwmpLegacyTLS.check("cwmp-legacy"); err != nil {
		return err
	}
	if o.CwmpLegacyTLSAddr == "" {
		if o.CwmpLegacyTLS != (tlsOptions{}) {
			return errors.New("--cwmp-legacy-tls-cert, --cwmp-legacy-tls-key and --cwmp-legacy-client-ca need --cwmp-legacy-tls-addr")
		}
		return nil
	}
	if o.legacyTLS().TLSCert == "" {
		return errors.New("--cwmp-legacy-tls-addr needs --cwmp-legacy-tls-cert or --cwmp-tls-cert")
	}
	return nil
}

// legacyTLS returns the certificate of the legacy listener: its own, or that of the
// CWMP listener.
func (o *serveOptions) legacyTLS() tlsOptions {
	if o.CwmpLegacyTLS.TLSCert != "" {
		return o.CwmpLegacyTLS
	}
	return o.CWMPTLS
}

// modernTLS speaks what is safe: TLS 1.2 and 1.3 with the suites that Go has by
// default. HTTP/2 would only be another way in.
func modernTLS() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
}

// legacyTLS speaks what devices of before know, too: TLS 1.0, RSA key exchange,
// CBC, 3DES. RC4 stays out: what it carries can be read.
func legacyTLS() *tls.Config {
	config := &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}}
	for _, suite := range slices.Concat(tls.CipherSuites(), tls.InsecureCipherSuites()) {
		if !slices.Contains(suite.SupportedVersions, tls.VersionTLS12) || slices.Contains(rc4Suites(), suite.ID) {
			continue
		}
		config.CipherSuites = append(config.CipherSuites, suite.ID)
	}
	return config
}

func rc4Suites() []uint16 {
	return []uint16{tls.TLS_RSA_WITH_RC4_128_SHA, tls.TLS_ECDHE_RSA_WITH_RC4_128_SHA, tls.TLS_ECDHE_ECDSA_WITH_RC4_128_SHA}
}
