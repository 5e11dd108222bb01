package tasks

import "time"

// The kinds. All but Refresh and the diagnostics are named after the RPC that
// they send.
const (
	GetParameterValues     Kind = "getParameterValues"
	SetParameterValues     Kind = "setParameterValues"
	GetParameterNames      Kind = "getParameterNames"
	GetParameterAttributes Kind = "getParameterAttributes"
	SetParameterAttributes Kind = "setParameterAttributes"
	AddObject              Kind = "addObject"
	DeleteObject           Kind = "deleteObject"
	Refresh                Kind = "refresh"
	Download               Kind = "download"
	Upload                 Kind = "upload"
	ScheduleDownload       Kind = "scheduleDownload"
	ScheduleInform         Kind = "scheduleInform"
	CancelTransfer         Kind = "cancelTransfer"
	GetQueuedTransfers     Kind = "getQueuedTransfers"
	GetAllQueuedTransfers  Kind = "getAllQueuedTransfers"
	ChangeDUState          Kind = "changeDUState"
	SetVouchers            Kind = "setVouchers"
	GetOptions             Kind = "getOptions"
	VendorRPC              Kind = "vendorRPC"
	Reboot                 Kind = "reboot"
	FactoryReset           Kind = "factoryReset"
	GetRPCMethods          Kind = "getRPCMethods"
	IPPing                 Kind = "ipPing"
	TraceRoute             Kind = "traceRoute"
	DownloadDiagnostics    Kind = "downloadDiagnostics"
	UploadDiagnostics      Kind = "uploadDiagnostics"
	NSLookup               Kind = "nsLookup"
)

// firstAsk is KindInfo.Ask of diagnostics.
const firstAsk = 5 * time.Second

// Kinds returns every kind there is.
func Kinds() []KindInfo {
	return []KindInfo{
		{Kind: GetParameterValues, Title: "Read parameter values", NewArgs: func() Args { return &GetParameterValuesArgs{} }},
		{Kind: SetParameterValues, Title: "Set parameter values", NewArgs: func() Args { return &SetParameterValuesArgs{} }},
		{Kind: GetParameterNames, Title: "List parameter names", NewArgs: func() Args { return &GetParameterNamesArgs{} }},
		{Kind: GetParameterAttributes, Title: "Read notification and access of parameters", NewArgs: func() Args { return &GetParameterAttributesArgs{} }},
		{Kind: SetParameterAttributes, Title: "Set notification and access of parameters", NewArgs: func() Args { return &SetParameterAttributesArgs{} }},
		{Kind: AddObject, Title: "Add an instance to an object", NewArgs: func() Args { return &AddObjectArgs{} }},
		{Kind: DeleteObject, Title: "Delete an instance of an object", NewArgs: func() Args { return &DeleteObjectArgs{} }},
		{Kind: Refresh, Title: "Read a branch of the parameter tree", NewArgs: func() Args { return &RefreshArgs{} }},
		{Kind: Download, Title: "Have the device fetch a file", NewArgs: func() Args { return &DownloadArgs{} }, Outcome: time.Hour},
		{Kind: Upload, Title: "Have the device send a file", NewArgs: func() Args { return &UploadArgs{} }, Outcome: time.Hour},
		{Kind: ScheduleDownload, Title: "Have the device fetch a file within windows of time", NewArgs: func() Args { return &ScheduleDownloadArgs{} }, Outcome: time.Hour},
		{Kind: ScheduleInform, Title: "Have the device open a session later", NewArgs: func() Args { return &ScheduleInformArgs{} }, Outcome: 30 * time.Minute},
		{Kind: CancelTransfer, Title: "Cancel a transfer that the device has queued", NewArgs: func() Args { return &CancelTransferArgs{} }},
		{Kind: GetQueuedTransfers, Title: "List the transfers that the ACS asked for and the device has queued", NewArgs: func() Args { return &NoArgs{} }},
		{Kind: GetAllQueuedTransfers, Title: "List all transfers that the device has queued", NewArgs: func() Args { return &NoArgs{} }},
		{Kind: ChangeDUState, Title: "Install, update or uninstall software modules", NewArgs: func() Args { return &ChangeDUStateArgs{} }, Outcome: 24 * time.Hour},
		{Kind: SetVouchers, Title: "Give the device vouchers for options", NewArgs: func() Args { return &SetVouchersArgs{} }},
		{Kind: GetOptions, Title: "List the options that vouchers enabled", NewArgs: func() Args { return &GetOptionsArgs{} }},
		{Kind: VendorRPC, Title: "Send an RPC of the vendor", NewArgs: func() Args { return &VendorRPCArgs{} }},
		{Kind: Reboot, Title: "Reboot the device", NewArgs: func() Args { return &NoArgs{} }, Outcome: 15 * time.Minute},
		{Kind: FactoryReset, Title: "Reset the device to factory settings", NewArgs: func() Args { return &NoArgs{} }, Outcome: 30 * time.Minute},
		{Kind: GetRPCMethods, Title: "Ask which RPCs the device knows", NewArgs: func() Args { return &NoArgs{} }},
		{Kind: IPPing, Title: "Have the device ping a host", NewArgs: func() Args { return &IPPingArgs{} }, Outcome: 15 * time.Minute, Ask: firstAsk},
		{Kind: TraceRoute, Title: "Have the device trace the route to a host", NewArgs: func() Args { return &TraceRouteArgs{} }, Outcome: 15 * time.Minute, Ask: firstAsk},
		{Kind: DownloadDiagnostics, Title: "Have the device measure a download", NewArgs: func() Args { return &DownloadDiagnosticsArgs{} }, Outcome: 30 * time.Minute, Ask: firstAsk},
		{Kind: UploadDiagnostics, Title: "Have the device measure an upload", NewArgs: func() Args { return &UploadDiagnosticsArgs{} }, Outcome: 30 * time.Minute, Ask: firstAsk},
		{Kind: NSLookup, Title: "Have the device look a name up", NewArgs: func() Args { return &NSLookupArgs{} }, Outcome: 15 * time.Minute, Ask: firstAsk},
	}
}
