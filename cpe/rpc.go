package cpe

import (
	"slices"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// methods returns the RPCs that the device answers, as GetRPCMethods lists them.
func (d *Device) methods() []string {
	all := []string{
		"GetRPCMethods", "SetParameterValues", "GetParameterValues", "GetParameterNames",
		"SetParameterAttributes", "GetParameterAttributes", "AddObject", "DeleteObject",
		"Reboot", "FactoryReset", "Download", "Upload", "ScheduleInform", "ScheduleDownload",
		"CancelTransfer", "GetQueuedTransfers", "GetAllQueuedTransfers", "ChangeDUState",
		"SetVouchers", "GetOptions", EchoMethod,
	}
	return slices.DeleteFunc(all, func(m string) bool { return !d.supports(m) })
}

// execute answers an RPC with a response or a fault, and counts it.
func (d *Device) execute(request cwmp.Message) cwmp.Message {
	var injected *cwmp.Fault
	if d.config.Hooks.Fault != nil {
		injected = d.config.Hooks.Fault(request)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	var response cwmp.Message
	switch {
	case injected != nil:
		response = injected
	case !d.supports(request.Method()):
		response = cwmp.NewFault(cwmp.FaultMethodNotSupported, "")
	default:
		if response = d.config.manner.answer(d, request); response == nil {
			response = d.answer(request)
		}
	}
	d.record(request, response)
	d.announce()
	return response
}

// answer executes an RPC. Every RPC that package cwmp lets an ACS send has its
// case.
func (d *Device) answer(request cwmp.Message) cwmp.Message {
	switch m := request.(type) {
	case *cwmp.GetRPCMethods:
		return &cwmp.GetRPCMethodsResponse{MethodList: d.methods()}
	case *cwmp.GetParameterValues:
		return d.getParameterValues(m)
	case *cwmp.SetParameterValues:
		return d.setParameterValues(m)
	case *cwmp.GetParameterNames:
		return d.getParameterNames(m)
	case *cwmp.GetParameterAttributes:
		return d.getParameterAttributes(m)
	case *cwmp.SetParameterAttributes:
		return d.setParameterAttributes(m)
	case *cwmp.AddObject:
		return d.addObject(m)
	case *cwmp.DeleteObject:
		return d.deleteObject(m)
	case *cwmp.Reboot:
		return d.acceptReboot(m)
	case *cwmp.FactoryReset:
		return d.acceptFactoryReset()
	case *cwmp.Download:
		return d.acceptDownload(m)
	}
	return d.answerOptional(request)
}

// answerOptional executes the RPCs that a device need not have (TR-069 A.4.1).
func (d *Device) answerOptional(request cwmp.Message) cwmp.Message {
	switch m := request.(type) {
	case *cwmp.Upload:
		return d.acceptUpload(m)
	case *cwmp.ScheduleInform:
		return d.acceptScheduleInform(m)
	case *cwmp.ScheduleDownload:
		return d.acceptScheduleDownload(m)
	case *cwmp.CancelTransfer:
		return d.cancelTransfer(m)
	case *cwmp.GetQueuedTransfers:
		return d.queuedTransfers()
	case *cwmp.GetAllQueuedTransfers:
		return d.allQueuedTransfers()
	case *cwmp.ChangeDUState:
		return d.acceptChangeDUState(m)
	case *cwmp.SetVouchers:
		return d.setVouchers(m)
	case *cwmp.GetOptions:
		return d.getOptions(m)
	case *cwmp.Unknown:
		if m.Name == EchoMethod {
			return echo(m)
		}
	}
	return cwmp.NewFault(cwmp.FaultMethodNotSupported, "")
}

func (d *Device) record(request, response cwmp.Message) {
	entry := JournalEntry{Execution: executionOf(request), Session: d.session, Time: d.config.Clock.Now()}
	switch r := response.(type) {
	case *cwmp.Fault:
		entry.FaultCode = r.Code
	case *cwmp.AddObjectResponse:
		entry.InstanceNumber = r.InstanceNumber
	}
	d.ledger.record(entry)
}

// maxCommandKey is the length of a CommandKey or ParameterKey (TR-069 A.3).
const maxCommandKey = 32

func keyFault(name, key string) *cwmp.Fault {
	if len([]rune(key)) <= maxCommandKey {
		return nil
	}
	return cwmp.NewFault(cwmp.FaultInvalidArguments, name+" is longer than 32 characters")
}

func (d *Device) acceptReboot(m *cwmp.Reboot) cwmp.Message {
	if fault := keyFault("CommandKey", m.CommandKey); fault != nil {
		return fault
	}
	d.restart()
	d.reboot.commandKeys = append(d.reboot.commandKeys, m.CommandKey)
	return &cwmp.RebootResponse{}
}

func (d *Device) acceptFactoryReset() cwmp.Message {
	d.restart()
	d.reboot.factory = true
	return &cwmp.FactoryResetResponse{}
}
