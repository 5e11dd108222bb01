package acs

import (
	"context"
	"maps"

	"github.com/dialtone-acs/dialtone/device"
)

// noteReported notes on the record what was read or set of what it keeps, if anything of
// it is new.
func noteReported(ctx context.Context, sessions device.SessionStore, s *Session, r device.Reported) error {
	after := s.Device.Note(r)
	if after.Model == s.Device.Model && after.HardwareVersion == s.Device.HardwareVersion && after.SoftwareVersion == s.Device.SoftwareVersion &&
		after.ConnectionRequest.URL == s.Device.ConnectionRequest.URL && after.InformInterval == s.Device.InformInterval && after.ParameterKey == s.Device.ParameterKey &&
		maps.Equal(after.Indexed, s.Device.Indexed) {
		return nil
	}
	s.Device = after
	return ignoreLost(sessions.Learn(ctx, s.Device.ID, s.Device.Session.Generation, device.Learned{Reported: r}))
}
