//go:build e2e

package main

import (
	"net/http"
	"slices"
	"strings"
)

var oddFlows = []oddCase{
	{row: "H6", name: "a session that is broken off", odd: []string{"drops-session"}},
	{row: "H41", name: "a second before every request", odd: []string{"slow"}},
	{row: "H43", name: "an Inform that is sent twice", odd: []string{"repeats-inform"}},
	{row: "N4", name: "another Inform on the same connection", odd: []string{"informs-again"}},
	{row: "N5", name: "another Inform while the session is open", odd: []string{"informs-again-elsewhere"}},
	{row: "N6", name: "an empty Body where an empty POST belongs", odd: []string{"empty-body"}},
	{row: "N6", name: "white space where an empty POST belongs", odd: []string{"blank-body"}},
	{row: "N16", name: "RequestDownload", odd: []string{"requests-download"}},
	{row: "H33", name: "a method that there is not", odd: []string{"calls-unknown"}},
	{row: "H33", name: "GetRPCMethods", odd: []string{"asks-methods"}},
	{row: "C RDK", name: "an empty POST after the end", odd: []string{"final-empty-post"}},
	{row: "C catawampus", name: "a fault to a fault", odd: []string{"fault-to-fault", "calls-unknown"}},
	{row: "C catawampus", name: "one ID for all", odd: []string{"constant-id"}},
	{row: "F2", name: "NoMoreRequests", odd: []string{"no-more-requests"}},
	{row: "S78", name: "a fault to everything", odd: []string{"faults-everything"}, work: failsThenCompletes("", object{"kind": "getParameterValues", "paths": []string{ntp}})},
	{row: "H6", name: "events that are sent again", odd: []string{"keeps-events", "drops-session"}},
	{row: "H5", name: "another connection after the Inform", odd: []string{"connection-after-inform"}},
}

var oddTransfers = []oddCase{
	{row: "H29", name: "a transfer that nobody asked for", odd: []string{"transfer-unknown"}},
	{row: "H29", name: "a transfer without its key", odd: []string{"transfer-without-key"}},
	{row: "H29", name: "neither fault nor times", odd: []string{"transfer-bare"}, work: downloads},
	{row: "H29", name: "the end told twice", odd: []string{"transfer-twice"}, work: downloads},
	{row: "N15", name: "a transfer of its own", odd: []string{"transfer-autonomous"}},
	{row: "N17", name: "gone after TransferCompleteResponse", odd: []string{"mikrotik"}, work: downloads},
	{row: "N17", name: "gone after TransferCompleteResponse, and nobody knows", odd: []string{"goes-after-transfer"}, work: downloads},
	{row: "H28", name: "no end is told", odd: []string{"no-transfer-complete"}},
	{row: "H28", name: "no end of diagnostics is told", odd: []string{"no-diagnostics-event"}},
}

var oddHTTP = []oddCase{
	{row: "C Thomson", name: "chunks", odd: []string{"chunked"}},
	{row: "C Thomson", name: "chunks for nothing", odd: []string{"chunked-empty"}},
	{row: "C old", name: "HTTP/1.0", odd: []string{"http-1.0"}},
	{row: "C old", name: "HTTP/1.0 on one connection", odd: []string{"http-1.0-keep-alive"}},
	{row: "C icwmp", name: "Expect: 100-continue", odd: []string{"expect-continue"}},
	{row: "C icwmp", name: "no SOAPAction", odd: []string{"no-soap-action"}},
	{row: "C easycwmp", name: "an empty SOAPAction", odd: []string{"soap-action-bare"}},
	{row: "C old", name: "the method in SOAPAction", odd: []string{"soap-action-method"}},
	{row: "S22", name: "another method in SOAPAction", odd: []string{"soap-action-wrong"}},
	{row: "C horde", name: "application/xml", odd: []string{"content-type-application"}},
	{row: "C old", name: "application/soap+xml", odd: []string{"content-type-soap"}},
	{row: "C old", name: "a form", odd: []string{"content-type-form"}},
	{row: "C old", name: "no Content-Type", odd: []string{"content-type-none"}},
	{row: "C icwmp", name: "a Content-Type of nothing", odd: []string{"content-type-empty-post"}},
	{row: "C old", name: "the whole URL in the request line", odd: []string{"absolute-url"}},
}

var oddCalls = []oddCase{
	{row: "H36", name: "the connection is dropped after the challenge", odd: []string{"called-drops-connection"}, work: isCalled},
	{row: "H37", name: "a challenge without qop", odd: []string{"called-without-qop"}, work: isCalled},
	{row: "H37", name: "a challenge with a list for qop", odd: []string{"called-with-qop-list"}, work: isCalled},
	{row: "H37", name: "a challenge with an opaque text", odd: []string{"called-with-opaque"}, work: isCalled},
	{row: "H37", name: "busy during a session", odd: []string{"called-busy"}, work: isCalled},
}

var oddClients = []oddCase{
	{row: "C icwmp", name: "icwmp", odd: []string{"icwmp"}, work: downloads},
	{row: "C easycwmp", name: "easycwmp", odd: []string{"easycwmp"}, work: downloads},
	{row: "C RDK", name: "the agent of RDK", odd: []string{"rdk"}, work: (*oddPhone).refreshes},
	{row: "C catawampus", name: "catawampus", odd: []string{"catawampus"}, work: (*oddPhone).refreshes},
	{row: "C netcwmp", name: "netcwmp", odd: []string{"netcwmp"}, work: keepsWhatIsTold},
	{row: "C horde", name: "the CPE horde", odd: []string{"horde"}, work: (*oddPhone).refreshes},
	{row: "C cwmp-sim", name: "cwmp-sim", odd: []string{"cwmp-sim"}},
	{row: "C genieacs-sim", name: "genieacs-sim", odd: []string{"genieacs-sim"}},
	{row: "F1", name: "a gateway of Thomson", odd: []string{"thomson"}, work: isCalledByItsName},
	{row: "F2", name: "a router of ZyXEL", odd: []string{"zyxel"}},
	{row: "F3", name: "a router of MikroTik", odd: []string{"mikrotik"}},
	{row: "F4", name: "a router of TP-Link", odd: []string{"tp-link"}, work: setsOnce},
	{row: "F5", name: "a phone of Grandstream", odd: []string{"grandstream"}, work: (*oddPhone).refreshes},
	{row: "F6", name: "an SPA of Cisco", odd: []string{"cisco-spa"}},
	{row: "F7", name: "a router of Cisco", odd: []string{"cisco-867"}, work: (*oddPhone).refreshes},
	{row: "F8", name: "a gateway of Sagemcom", odd: []string{"sagemcom"}},
	{row: "N2", name: "a router of AVM", odd: []string{"avm"}},
	{row: "N18", name: "a device of Zhone", odd: []string{"is-zhone"}, work: (*oddPhone).refreshes},
}

// keepsWhatIsTold checks that passwords that a device tells are nowhere to be read.
func keepsWhatIsTold(p *oddPhone) {
	p.Helper()
	p.arrives()
	p.readsAndSets()
	p.c.Get("devices/" + p.id + "/parameters").Want(http.StatusOK)
	const told = "told-to-everybody"
	if strings.Contains(p.s.Answers.String(), told) || strings.Contains(p.s.Log.String(), told) {
		p.Error("a password that the device told is in an answer or in the log")
	}
	names := parametersBelow(p.c, p.id, "Device.ManagementServer.")
	if !slices.ContainsFunc(names, func(v valueRecord) bool { return v.Path == "Device.ManagementServer.Password" && v.Secret }) {
		p.Error("the password is not known as a secret")
	}
}
