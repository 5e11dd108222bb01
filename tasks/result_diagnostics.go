package tasks

// IPPingResult is the result of IPPing. Times are in milliseconds, of the answers
// that came; a time that the device does not report is 0.
type IPPingResult struct {
	SuccessCount        int `json:"successCount"`
	FailureCount        int `json:"failureCount"`
	AverageResponseTime int `json:"averageResponseTime"`
	MinimumResponseTime int `json:"minimumResponseTime"`
	MaximumResponseTime int `json:"maximumResponseTime"`
}

// TraceRouteResult is the result of TraceRoute.
type TraceRouteResult struct {
	// ResponseTime is that of the last hop, in milliseconds.
	ResponseTime int `json:"responseTime"`
	// Hops are in order of the route, at most MaxHopCount.
	Hops []RouteHop `json:"hops"`
}

// RouteHop is one hop of a route.
type RouteHop struct {
	Host    string `json:"host"`
	Address string `json:"address"`
	// ErrorCode is the ICMP code that was not as expected, else 0.
	ErrorCode int `json:"errorCode"`
	// Times are in milliseconds, one for each try that was answered.
	Times []int `json:"times"`
}

// TransferTimes are what DownloadDiagnostics and UploadDiagnostics have in common
// (TR-143). Times are the device's, in RFC 3339 with microseconds, empty where it
// does not report them.
type TransferTimes struct {
	// RomTime is when the request was sent, BomTime when the transfer began,
	// EomTime when it ended.
	RomTime string `json:"romTime"`
	BomTime string `json:"bomTime"`
	EomTime string `json:"eomTime"`
	// TCPOpenRequestTime and TCPOpenResponseTime are when the connection was asked
	// for and when it was there.
	TCPOpenRequestTime  string `json:"tcpOpenRequestTime,omitempty"`
	TCPOpenResponseTime string `json:"tcpOpenResponseTime,omitempty"`
	// DurationMilliseconds is from BomTime to EomTime, 0 if one is not known.
	DurationMilliseconds float64 `json:"durationMilliseconds"`
	// BytesPerSecond is of the test's bytes in that time, 0 if it is not known.
	BytesPerSecond int64 `json:"bytesPerSecond"`
}

// DownloadDiagnosticsResult is the result of DownloadDiagnostics.
type DownloadDiagnosticsResult struct {
	TransferTimes
	// TestBytesReceived is of the transfer with its headers; TotalBytesReceived of
	// all that came by the interface meanwhile.
	TestBytesReceived  int64 `json:"testBytesReceived"`
	TotalBytesReceived int64 `json:"totalBytesReceived"`
}

// UploadDiagnosticsResult is the result of UploadDiagnostics.
type UploadDiagnosticsResult struct {
	TransferTimes
	// TestBytesSent is of the transfer: what the device reports, else the length
	// that it was told. TotalBytesSent is of all that went by the interface
	// meanwhile.
	TestBytesSent  int64 `json:"testBytesSent"`
	TotalBytesSent int64 `json:"totalBytesSent"`
}

// NSLookupResult is the result of NSLookup.
type NSLookupResult struct {
	SuccessCount int `json:"successCount"`
	// Results are one for each try, at most MaxRepetitions.
	Results []NameResult `json:"results"`
}

// NameResult is what came of one look-up.
type NameResult struct {
	// Status is Success, or what went wrong, such as
	// Error_DNSServerNotAvailable.
	Status string `json:"status"`
	// AnswerType is None, Authoritative or NonAuthoritative.
	AnswerType string `json:"answerType,omitempty"`
	// HostName is the full name that the server returned.
	HostName  string   `json:"hostName,omitempty"`
	Addresses []string `json:"addresses"`
	// Server is the address of the server that answered.
	Server string `json:"server,omitempty"`
	// ResponseTime is in milliseconds.
	ResponseTime int `json:"responseTime"`
}
