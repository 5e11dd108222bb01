package tasks

import "time"

// Bounds of the arguments of diagnostics.
const (
	MaxRepetitions         = 1000
	MaxTimeoutMilliseconds = 60_000
	MaxDataBlockSize       = 65_535
	MaxDSCP                = 63
	MaxHopCount            = 64
	// MaxTestFileLength is how many bytes an UploadDiagnostics sends at most.
	MaxTestFileLength = 1 << 30
)

// IPPingArgs are the arguments of IPPing (TR-098, TR-181: IPPing). A number that
// is 0 leaves the choice to Dialtone.
type IPPingArgs struct {
	// Host is a name or an address.
	Host                string `json:"host"`
	NumberOfRepetitions int    `json:"numberOfRepetitions,omitempty"`
	TimeoutMilliseconds int    `json:"timeoutMilliseconds,omitempty"`
	// DataBlockSize is in bytes.
	DataBlockSize int `json:"dataBlockSize,omitempty"`
	DSCP          int `json:"dscp,omitempty"`
	// Interface is the path of the interface to ping from; empty leaves it to the
	// device.
	Interface string `json:"interface,omitempty"`
}

// Validate checks host and bounds.
func (a *IPPingArgs) Validate() error {
	if err := checkHost("host", a.Host); err != nil {
		return err
	}
	return checkNumbers([]numberBound{
		{"numberOfRepetitions", a.NumberOfRepetitions, MaxRepetitions}, {"timeoutMilliseconds", a.TimeoutMilliseconds, MaxTimeoutMilliseconds},
		{"dataBlockSize", a.DataBlockSize, MaxDataBlockSize}, {"dscp", a.DSCP, MaxDSCP},
	}, a.Interface)
}

func (a *IPPingArgs) delay() time.Duration {
	return probing(a.NumberOfRepetitions, a.TimeoutMilliseconds)
}

// TraceRouteArgs are the arguments of TraceRoute. A number that is 0 leaves the
// choice to Dialtone.
type TraceRouteArgs struct {
	// Host is a name or an address.
	Host string `json:"host"`
	// NumberOfTries is how often each hop is asked.
	NumberOfTries       int `json:"numberOfTries,omitempty"`
	TimeoutMilliseconds int `json:"timeoutMilliseconds,omitempty"`
	// DataBlockSize is in bytes.
	DataBlockSize int `json:"dataBlockSize,omitempty"`
	DSCP          int `json:"dscp,omitempty"`
	MaxHopCount   int `json:"maxHopCount,omitempty"`
	// Interface is the path of the interface to ask from; empty leaves it to the
	// device.
	Interface string `json:"interface,omitempty"`
}

// maxTries bounds TraceRouteArgs.NumberOfTries (TR-181 allows 1 to 3).
const maxTries = 3

// Validate checks host and bounds.
func (a *TraceRouteArgs) Validate() error {
	if err := checkHost("host", a.Host); err != nil {
		return err
	}
	return checkNumbers([]numberBound{
		{"numberOfTries", a.NumberOfTries, maxTries}, {"timeoutMilliseconds", a.TimeoutMilliseconds, MaxTimeoutMilliseconds},
		{"dataBlockSize", a.DataBlockSize, MaxDataBlockSize}, {"dscp", a.DSCP, MaxDSCP}, {"maxHopCount", a.MaxHopCount, MaxHopCount},
	}, a.Interface)
}

func (a *TraceRouteArgs) delay() time.Duration {
	return probing(max(1, a.NumberOfTries)*max(1, a.MaxHopCount), a.TimeoutMilliseconds)
}

// DownloadDiagnosticsArgs are the arguments of DownloadDiagnostics (TR-143).
type DownloadDiagnosticsArgs struct {
	// URL is of what the device fetches, by HTTP or FTP; nothing is kept of it.
	URL  string `json:"url"`
	DSCP int    `json:"dscp,omitempty"`
	// Interface is the path of the interface to fetch by; empty leaves it to the
	// device.
	Interface string `json:"interface,omitempty"`
}

// Validate checks URL and bounds.
func (a *DownloadDiagnosticsArgs) Validate() error {
	if err := checkURL("url", a.URL, []string{"http", "https", "ftp"}); err != nil {
		return err
	}
	if err := checkLength("url", a.URL, 256); err != nil {
		return err
	}
	return checkNumbers([]numberBound{{"dscp", a.DSCP, MaxDSCP}}, a.Interface)
}

// UploadDiagnosticsArgs are the arguments of UploadDiagnostics (TR-143).
type UploadDiagnosticsArgs struct {
	// URL is where the device sends what it makes up, by HTTP or FTP.
	URL string `json:"url"`
	// TestFileLength is how much it sends, in bytes.
	TestFileLength int `json:"testFileLength"`
	DSCP           int `json:"dscp,omitempty"`
	// Interface is the path of the interface to send by; empty leaves it to the
	// device.
	Interface string `json:"interface,omitempty"`
}

// Validate checks URL and bounds.
func (a *UploadDiagnosticsArgs) Validate() error {
	same := DownloadDiagnosticsArgs{URL: a.URL, DSCP: a.DSCP, Interface: a.Interface}
	if err := same.Validate(); err != nil {
		return err
	}
	return checkRange("testFileLength", a.TestFileLength, 1, MaxTestFileLength)
}

// NSLookupArgs are the arguments of NSLookup. A number that is 0 leaves the choice
// to Dialtone.
type NSLookupArgs struct {
	// Host is the name, or the address, to look up.
	Host string `json:"host"`
	// DNSServer is the name or address of the server to ask; empty takes the
	// device's own.
	DNSServer           string `json:"dnsServer,omitempty"`
	NumberOfRepetitions int    `json:"numberOfRepetitions,omitempty"`
	TimeoutMilliseconds int    `json:"timeoutMilliseconds,omitempty"`
	// Interface is the path of the interface to ask from; empty leaves it to the
	// device.
	Interface string `json:"interface,omitempty"`
}

// Validate checks hosts and bounds.
func (a *NSLookupArgs) Validate() error {
	if err := checkHost("host", a.Host); err != nil {
		return err
	}
	if a.DNSServer != "" {
		if err := checkHost("dnsServer", a.DNSServer); err != nil {
			return err
		}
	}
	return checkNumbers([]numberBound{
		{"numberOfRepetitions", a.NumberOfRepetitions, MaxRepetitions}, {"timeoutMilliseconds", a.TimeoutMilliseconds, MaxTimeoutMilliseconds},
	}, a.Interface)
}

func (a *NSLookupArgs) delay() time.Duration {
	return probing(a.NumberOfRepetitions, a.TimeoutMilliseconds)
}

// probing is how long so many probes last at most, an hour at the longest.
func probing(probes, timeoutMilliseconds int) time.Duration {
	return min(time.Hour, time.Duration(probes)*time.Duration(timeoutMilliseconds)*time.Millisecond)
}

// numberBound is a number among arguments, and the greatest that it may be.
type numberBound struct {
	field    string
	n        int
	greatest int
}

// checkNumbers checks the numbers, and the path of an interface if there is one.
func checkNumbers(all []numberBound, interfacePath string) error {
	for _, b := range all {
		if err := checkRange(b.field, b.n, 0, b.greatest); err != nil {
			return err
		}
	}
	if interfacePath == "" {
		return nil
	}
	return checkPath("interface", interfacePath)
}
