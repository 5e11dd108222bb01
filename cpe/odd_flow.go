package cpe

import (
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// slowPause is how long a slow device thinks before every request.
const slowPause = time.Second

// flowOddities are about the order of things in a session.
var flowOddities = []Oddity{
	{Name: "connection-per-request", Manner: "opens a TCP connection for every request", config: quirk(func(q *Quirks) { q.ConnectionPerRequest = true })},
	{Name: "connections-left-open", Manner: "opens a TCP connection for every request and closes the one before only later", config: quirk(func(q *Quirks) { q.ConnectionPerRequest, q.LeaveConnections = true, true })},
	{Name: "connection-after-inform", Manner: "opens another TCP connection once the Inform is answered", config: quirk(func(q *Quirks) { q.ConnectionAfterInform = true })},
	{Name: "connection-after-401", Manner: "opens another TCP connection after the 401 of the ACS", config: quirk(func(q *Quirks) { q.ConnectionAfterChallenge = true })},
	{Name: "drops-session", Manner: "breaks its first session off, without an end, with an RPC unanswered", config: quirk(func(q *Quirks) { q.DropSession = true })},
	{Name: "informs-again", Manner: "informs once more in the middle of its first session, on the same connection", config: quirk(func(q *Quirks) { q.InformAgain = InformAgainSameConnection })},
	{Name: "informs-again-elsewhere", Manner: "informs once more in the middle of its first session, on another connection, while the first stays open", config: quirk(func(q *Quirks) { q.InformAgain = InformAgainNewConnection })},
	{Name: "repeats-inform", Manner: "sends every Inform twice, as if its answer had been lost", config: quirk(func(q *Quirks) { q.RepeatInform = true })},
	{Name: "final-empty-post", Manner: "sends a last empty POST after the 204", config: quirk(func(q *Quirks) { q.FinalEmptyPost = true })},
	{Name: "slow", Manner: "takes a second before every request", config: quirk(func(q *Quirks) { q.Pause = slowPause })},
	{Name: "empty-body", Manner: "sends an envelope with an empty Body where an empty POST belongs", text: emptyPost(
		`<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body></soap:Body></soap:Envelope>`)},
	{Name: "blank-body", Manner: "sends a line feed where an empty POST belongs", text: emptyPost("\r\n")},
	{Name: "goes-after-transfer", Manner: "is gone once TransferComplete is answered, without ending the session", config: quirk(func(q *Quirks) { q.GoAfterTransferComplete = true })},
	{Name: "fault-to-fault", Manner: "answers a fault of the ACS with fault 9000", config: quirk(func(q *Quirks) { q.FaultToFault = true })},
	{Name: "asks-methods", Manner: "calls GetRPCMethods in every session", own: says(&cwmp.GetRPCMethods{})},
	{Name: "requests-download", Manner: "calls RequestDownload in every session", own: says(&cwmp.RequestDownload{FileType: "3 Vendor Configuration File"})},
	{Name: "calls-unknown", Manner: "calls a method that no ACS has in every session", own: says(&cwmp.Unknown{Name: "X_000E08_Dance", Namespace: cwmp.NamespaceV1_2})},
}

func says(messages ...cwmp.Message) func() []cwmp.Message {
	return func() []cwmp.Message { return messages }
}

// emptyPost is what is sent in place of nothing.
func emptyPost(body string) func(cwmp.Message, string) string {
	return func(message cwmp.Message, text string) string {
		if message == nil {
			return body
		}
		return text
	}
}
