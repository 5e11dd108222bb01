package cpe

import "github.com/dialtone-acs/dialtone/cwmp"

// EchoMethod is the vendor's RPC of simulated devices: it is answered with its own
// content.
const EchoMethod = "X_DIALTONE_Echo"

func echo(m *cwmp.Unknown) cwmp.Message {
	if m.ContentDropped {
		return cwmp.NewFault(cwmp.FaultResourcesExceeded, "")
	}
	return &cwmp.Unknown{Name: m.Name + "Response", Namespace: m.Namespace, Content: m.Content}
}
