package cpe

import (
	"slices"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// supports reports whether the device has an RPC, in the version of CWMP that it
// speaks. The caller holds mu.
func (d *Device) supports(method string) bool {
	if slices.Contains(d.config.Quirks.Unsupported, method) {
		return false
	}
	// 1.2 was the last version that brought RPCs.
	if d.version == "" || cwmp.AtLeast(d.version, cwmp.Version1_2) {
		return true
	}
	for _, m := range cwmp.Methods() {
		if m.Name == method {
			return cwmp.AtLeast(d.version, m.Since)
		}
	}
	return true
}

// offersVersions reports whether the device lets the ACS choose (TR-069 3.7.4).
func (d *Device) offersVersions() bool {
	return cwmp.AtLeast(d.config.CWMPVersion, cwmp.Version1_4)
}

// offerVersions adds the headers that go with an Inform.
func (s *session) offerVersions(envelope *cwmp.Envelope) {
	c := &s.device.config
	envelope.SessionTimeout = int(c.SessionTimeout / time.Second)
	if s.device.offersVersions() {
		envelope.SupportedCWMPVersions = cwmp.Versions()
	}
}

// useVersion goes by what the ACS chose, for the rest of the session.
func (s *session) useVersion(answer *cwmp.Envelope) error {
	version := answer.UseCWMPVersion
	if version == "" {
		return nil
	}
	if _, ok := answer.Message.(*cwmp.InformResponse); !ok || !s.device.offersVersions() {
		return protocolError("a UseCWMPVersion header that nothing asked for")
	}
	if !slices.Contains(cwmp.Versions(), version) {
		return protocolError("UseCWMPVersion: a version that was not offered")
	}
	s.namespace = cwmp.NamespaceOf(version)
	s.device.mu.Lock()
	defer s.device.mu.Unlock()
	s.device.version = version
	return nil
}
