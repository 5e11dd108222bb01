package tasks

// GetParameterValuesResult is the result of GetParameterValues.
type GetParameterValuesResult struct {
	Values []ParameterValue `json:"values"`
	// Faults name the paths that could not be read.
	Faults []ParameterFault `json:"faults,omitempty"`
}

// ParameterValue is one value read. Value is nil and Secret true where the path
// is secret by its name.
type ParameterValue struct {
	Path   string  `json:"path"`
	Value  *string `json:"value"`
	Type   string  `json:"type,omitempty"`
	Secret bool    `json:"secret,omitempty"`
}

// SetParameterValuesResult is the result of SetParameterValues.
type SetParameterValuesResult struct {
	// Status is the device's: 0 applied, 1 accepted and not yet applied (TR-069
	// A.3.2.1).
	Status int `json:"status"`
	// Unchanged says that nothing was sent, as everything was so already.
	Unchanged bool `json:"unchanged,omitempty"`
	// Confirmed says that the answer was lost and the values were read back.
	Confirmed bool `json:"confirmed,omitempty"`
}

// GetParameterNamesResult is the result of GetParameterNames.
type GetParameterNamesResult struct {
	Names []ParameterName `json:"names"`
}

// ParameterName is one name of the tree.
type ParameterName struct {
	Path     string `json:"path"`
	Writable bool   `json:"writable"`
}

// GetParameterAttributesResult is the result of GetParameterAttributes.
type GetParameterAttributesResult struct {
	Attributes []ParameterAttributes `json:"attributes"`
	Faults     []ParameterFault      `json:"faults,omitempty"`
}

// ParameterAttributes are the attributes of one parameter.
type ParameterAttributes struct {
	Path         string   `json:"path"`
	Notification int      `json:"notification"`
	AccessList   []string `json:"accessList"`
}

// AddObjectResult is the result of AddObject.
type AddObjectResult struct {
	InstanceNumber int `json:"instanceNumber"`
	Status         int `json:"status"`
	// Confirmed says that the answer was lost and the instance was found.
	Confirmed bool `json:"confirmed,omitempty"`
}

// DeleteObjectResult is the result of DeleteObject.
type DeleteObjectResult struct {
	Status int `json:"status"`
	// Confirmed says that the answer was lost and the instance is gone.
	Confirmed bool `json:"confirmed,omitempty"`
}

// RefreshResult is the result of Refresh.
type RefreshResult struct {
	// Names and Values count what was read.
	Names  int `json:"names"`
	Values int `json:"values"`
	// Faults name the paths that could not be read, at most MaxRefreshFaults.
	Faults []ParameterFault `json:"faults,omitempty"`
}

// MaxRefreshFaults bounds RefreshResult.Faults.
const MaxRefreshFaults = 100

// DownloadResult is the result of Download.
type DownloadResult struct {
	// StartTime and CompleteTime are the device's, in RFC 3339, empty where it
	// does not know.
	StartTime    string `json:"startTime,omitempty"`
	CompleteTime string `json:"completeTime,omitempty"`
	// Evidence says what showed that the transfer ended.
	Evidence string `json:"evidence"`
}

// OccurredResult is the result of Reboot and FactoryReset: which event showed
// that it happened.
type OccurredResult struct {
	Evidence string `json:"evidence"`
}

// GetRPCMethodsResult is the result of GetRPCMethods.
type GetRPCMethodsResult struct {
	Methods []string `json:"methods"`
}
