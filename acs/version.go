package acs

import (
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// informResponse answers the Inform of the session. Only a device that asked to
// negotiate the version is told it: an older one would refuse the header (TR-069
// 3.7.4).
func (s *Session) informResponse(to *cwmp.Envelope) *cwmp.Envelope {
	out := s.reply(to, &cwmp.InformResponse{MaxEnvelopes: 1})
	if s.VersionNegotiated {
		out.UseCWMPVersion = s.Version
	}
	return out
}

// outOfPlace reports, by its name, a header that the device must not send, and
// counts it. A server that is not strict takes no harm of it.
func (e *engine) outOfPlace(in *cwmp.Envelope) string {
	header := in.HeaderOutOfPlace()
	if header != "" {
		e.metrics.outOfPlace.WithLabelValues(header).Inc()
	}
	return header
}

// settleVersion negotiates the version of the session, and what the device asks of
// its silence (TR-069 3.7.4, 3.5 SessionTimeout).
func (e *engine) settleVersion(s *Session, in *cwmp.Envelope) error {
	version, use, err := cwmp.Negotiate(in.Namespace, in.SupportedCWMPVersions, in.SessionTimeout > 0)
	if err != nil {
		return err
	}
	s.Version, s.VersionNegotiated = version, use
	if use {
		s.Namespace = cwmp.NamespaceOf(version)
	}
	if asked := seconds(in.SessionTimeout); asked > e.options.SessionTimeout {
		s.Timeout = min(asked, e.options.MaxSessionTimeout)
	}
	return nil
}

// seconds returns a duration, an hour at most.
func seconds(n int) time.Duration { return time.Duration(min(max(n, 0), 3600)) * time.Second }
