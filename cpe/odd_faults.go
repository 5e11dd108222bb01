package cpe

import (
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// faultOddities are about faults, and about answers that are none.
var faultOddities = []Oddity{
	{Name: "fault-without-detail", Manner: "sends faults without a detail", text: without("detail", "Fault")},
	{Name: "fault-without-faultcode", Manner: "sends faults without faultcode and faultstring", text: changed(func(text string) string {
		return cutElement(cutElement(text, "faultcode", ""), "faultstring", "")
	}, "Fault")},
	{Name: "fault-without-string", Manner: "sends faults without a FaultString", text: without("FaultString", "Fault")},
	{Name: "fault-without-code", Manner: "sends faults without a FaultCode", text: without("FaultCode", "Fault")},
	{Name: "faults-everything", Manner: "answers every RPC with fault 9002", answer: func(*Device, cwmp.Message) cwmp.Message {
		return cwmp.NewFault(cwmp.FaultInternalError, "")
	}},
	{Name: "wrong-id", Manner: "answers with an ID of its own", envelope: func(request cwmp.Message, envelope *cwmp.Envelope) {
		if request != nil {
			envelope.ID, envelope.HasID = "4711", true
		}
	}},
	{Name: "wrong-answer", Manner: "answers GetParameterValues as if it were SetParameterValues", envelope: func(request cwmp.Message, envelope *cwmp.Envelope) {
		if _, ok := request.(*cwmp.GetParameterValues); ok {
			envelope.Message = &cwmp.SetParameterValuesResponse{}
		}
	}},
}

// transferOddities are about what a device says of transfers.
var transferOddities = []Oddity{
	{Name: "transfer-unknown", Manner: "reports a transfer in every session that nobody asked for", own: says(finished("no such key"))},
	{Name: "transfer-without-key", Manner: "reports a transfer without a CommandKey in every session", own: says(finished(""))},
	{Name: "transfer-bare", Manner: "leaves fault and times out of TransferComplete", text: changed(func(text string) string {
		for _, element := range []string{"FaultStruct", "StartTime", "CompleteTime"} {
			text = cutElement(text, element, "")
		}
		return text
	}, "TransferComplete")},
	{Name: "transfer-twice", Manner: "sends every TransferComplete twice", config: quirk(func(q *Quirks) { q.RepeatTransferComplete = true })},
	{Name: "transfer-autonomous", Manner: "reports in every session that it fetched a file by itself", own: says(&cwmp.AutonomousTransferComplete{
		TransferURL: "http://files.example/phone.cfg", IsDownload: true, FileType: cwmp.FileTypeConfiguration, FileSize: 4096,
		StartTime: cwmp.NewDateTime(time.Unix(1, 0)), CompleteTime: cwmp.NewDateTime(time.Unix(2, 0)),
	})},
}

func finished(key string) *cwmp.TransferComplete {
	return &cwmp.TransferComplete{CommandKey: key, StartTime: cwmp.NewDateTime(time.Unix(1, 0)), CompleteTime: cwmp.NewDateTime(time.Unix(2, 0))}
}
