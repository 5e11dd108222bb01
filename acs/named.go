package acs

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// longestName bounds each field of a DeviceId, in characters. TR-069 A.3.3.1 has 64
// for the longest; a serial number that is somewhat longer is no reason to turn a
// device away, one of a megabyte is.
const longestName = 256

// named opens the session of a device whose DeviceId can be kept, and refuses
// another.
func (e *engine) named(ctx context.Context, s *Session, env *cwmp.Envelope, m *cwmp.Inform) (*cwmp.Envelope, error) {
	id := m.DeviceID
	for _, field := range []struct{ name, text string }{
		{"Manufacturer", id.Manufacturer}, {"OUI", id.OUI}, {"ProductClass", id.ProductClass}, {"SerialNumber", id.SerialNumber},
	} {
		if len(field.text) > longestName && utf8.RuneCountInString(field.text) > longestName {
			s.Namespace = env.Namespace
			return s.reply(env, cwmp.NewFault(cwmp.FaultACSInvalidArguments, fmt.Sprintf("%s must have at most %d characters", field.name, longestName))), nil
		}
	}
	return e.inform(ctx, s, env, m)
}
