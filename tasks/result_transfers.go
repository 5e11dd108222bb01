package tasks

// UploadResult is the result of Upload.
type UploadResult struct {
	// File names the file that this server received; empty where the device sent
	// it elsewhere.
	File string `json:"file,omitempty"`
	// Size is that of File, in bytes.
	Size int64 `json:"size,omitempty"`
	// StartTime and CompleteTime are the device's, in RFC 3339, empty where it
	// does not know.
	StartTime    string `json:"startTime,omitempty"`
	CompleteTime string `json:"completeTime,omitempty"`
	// Evidence says what showed that the transfer ended.
	Evidence string `json:"evidence"`
}

// CancelTransferResult is the result of CancelTransfer.
type CancelTransferResult struct {
	CommandKey string `json:"commandKey"`
	// Cancelled names the task whose transfer it was, if it still waited for it.
	Cancelled ID `json:"cancelled,omitempty"`
}

// QueuedTransfersResult is the result of GetQueuedTransfers and
// GetAllQueuedTransfers.
type QueuedTransfersResult struct {
	Transfers []QueuedTransfer `json:"transfers"`
}

// QueuedTransfer is a transfer that a device has queued, carries out, or has not
// reported yet.
type QueuedTransfer struct {
	// CommandKey is empty for a transfer that nobody asked for by CWMP.
	CommandKey string `json:"commandKey"`
	// Task is the task that asked for it, where the CommandKey is one of ours.
	Task ID `json:"task,omitempty"`
	// State is notStarted, inProgress or completed; the number that the device
	// sent if it is another.
	State string `json:"state"`
	// What follows is of GetAllQueuedTransfers: Direction is download or upload,
	// Size is in bytes, 0 where the device does not know.
	Direction      string `json:"direction,omitempty"`
	FileType       string `json:"fileType,omitempty"`
	Size           int64  `json:"size,omitempty"`
	TargetFileName string `json:"targetFileName,omitempty"`
}

// MaxQueuedTransfers bounds QueuedTransfersResult.Transfers; TR-069 allows 16.
const MaxQueuedTransfers = 64

// ChangeDUStateResult is the result of ChangeDUState.
type ChangeDUStateResult struct {
	Operations []ModuleResult `json:"operations"`
}

// ModuleResult is what came of one operation on a software module.
type ModuleResult struct {
	UUID string `json:"uuid"`
	// Module is the path of the module in the data model.
	Module  string `json:"module,omitempty"`
	Version string `json:"version,omitempty"`
	// State is Installed, Uninstalled or Failed.
	State string `json:"state"`
	// Resolved says that nothing is missing that the module needs.
	Resolved bool `json:"resolved"`
	// ExecutionUnits are paths in the data model.
	ExecutionUnits []string `json:"executionUnits,omitempty"`
	// StartTime and CompleteTime are the device's, in RFC 3339, empty where it
	// does not know.
	StartTime    string `json:"startTime,omitempty"`
	CompleteTime string `json:"completeTime,omitempty"`
}

// GetOptionsResult is the result of GetOptions.
type GetOptionsResult struct {
	Options []DeviceOption `json:"options"`
}

// DeviceOption is an option that a voucher enabled or disabled (TR-069 A.4.1.4).
type DeviceOption struct {
	Name          string `json:"name"`
	VoucherSerial int64  `json:"voucherSerial"`
	// State is 0 disabled, 1 enabled, 2 disabled and set up, 3 enabled and set up.
	State int `json:"state"`
	// Mode is 0 disabled, 1 enabled until ExpirationDate, 2 enabled for good.
	Mode           int    `json:"mode"`
	StartDate      string `json:"startDate,omitempty"`
	ExpirationDate string `json:"expirationDate,omitempty"`
	Transferable   bool   `json:"transferable"`
}

// MaxOptions bounds GetOptionsResult.Options.
const MaxOptions = 1000

// VendorRPCResult is the result of VendorRPC.
type VendorRPCResult struct {
	// Name is that of the answer.
	Name string `json:"name"`
	// Body is the XML inside the answer.
	Body string `json:"body"`
	// Dropped says that Body is empty because the answer was too large or could
	// not be kept.
	Dropped bool `json:"dropped,omitempty"`
}
