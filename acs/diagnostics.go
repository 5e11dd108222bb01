package acs

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/tasks"
)

// diagnosticsObjects returns where the object of a test may be, the likeliest first:
// TR-181 and TR-098 differ, and so do devices that have a TR-106 root with the
// objects of TR-098.
func diagnosticsObjects(kind tasks.Kind, root string) []string {
	paths := map[tasks.Kind][]string{
		tasks.IPPing:              {"IP.Diagnostics.IPPing.", "IPPingDiagnostics.", "LAN.IPPingDiagnostics."},
		tasks.TraceRoute:          {"IP.Diagnostics.TraceRoute.", "TraceRouteDiagnostics.", "LAN.TraceRouteDiagnostics."},
		tasks.DownloadDiagnostics: {"IP.Diagnostics.DownloadDiagnostics.", "DownloadDiagnostics."},
		tasks.UploadDiagnostics:   {"IP.Diagnostics.UploadDiagnostics.", "UploadDiagnostics."},
		tasks.NSLookup:            {"DNS.Diagnostics.NSLookupDiagnostics.", "NSLookupDiagnostics."},
	}[kind]
	if root == "" {
		root = "Device."
	}
	if root == "InternetGatewayDevice." {
		paths[0], paths[1] = paths[1], paths[0]
	}
	objects := make([]string, 0, len(paths))
	for _, path := range paths {
		objects = append(objects, root+path)
	}
	return objects
}

// diagnosticsInput is one parameter that a test takes. Given says that the task
// names it, so that a device that lacks it must not go on without.
type diagnosticsInput struct {
	name, value, xsdType string
	given                bool
}

// Values of inputs that the task does not name: those of the common tools.
const (
	pingRepetitions   = 4
	traceTries        = 3
	traceHops         = 30
	lookups           = 1
	probeMilliseconds = 5000
	pingBytes         = 56
	traceBytes        = 38
)

func textInput(name, value string, given bool) diagnosticsInput {
	return diagnosticsInput{name, value, cwmp.TypeString, given}
}

func numberInput(name string, n, otherwise int) diagnosticsInput {
	return diagnosticsInput{name, strconv.Itoa(cmp.Or(n, otherwise)), cwmp.TypeUnsignedInt, n != 0}
}

// diagnosticsInputs returns what a test takes, in the order of the data model.
func diagnosticsInputs(args tasks.Args) []diagnosticsInput {
	switch a := args.(type) {
	case *tasks.IPPingArgs:
		return []diagnosticsInput{
			textInput("Interface", a.Interface, a.Interface != ""), textInput("Host", a.Host, true), numberInput("NumberOfRepetitions", a.NumberOfRepetitions, pingRepetitions),
			numberInput("Timeout", a.TimeoutMilliseconds, probeMilliseconds), numberInput("DataBlockSize", a.DataBlockSize, pingBytes), numberInput("DSCP", a.DSCP, 0),
		}
	case *tasks.TraceRouteArgs:
		return []diagnosticsInput{
			textInput("Interface", a.Interface, a.Interface != ""), textInput("Host", a.Host, true), numberInput("NumberOfTries", a.NumberOfTries, traceTries),
			numberInput("Timeout", a.TimeoutMilliseconds, probeMilliseconds), numberInput("DataBlockSize", a.DataBlockSize, traceBytes), numberInput("DSCP", a.DSCP, 0),
			numberInput("MaxHopCount", a.MaxHopCount, traceHops),
		}
	case *tasks.DownloadDiagnosticsArgs:
		return []diagnosticsInput{textInput("Interface", a.Interface, a.Interface != ""), textInput("DownloadURL", a.URL, true), numberInput("DSCP", a.DSCP, 0)}
	case *tasks.UploadDiagnosticsArgs:
		return []diagnosticsInput{
			textInput("Interface", a.Interface, a.Interface != ""), textInput("UploadURL", a.URL, true), numberInput("DSCP", a.DSCP, 0),
			numberInput("TestFileLength", a.TestFileLength, 0),
		}
	case *tasks.NSLookupArgs:
		return []diagnosticsInput{
			textInput("Interface", a.Interface, a.Interface != ""), textInput("HostName", a.Host, true), textInput("DNSServer", a.DNSServer, a.DNSServer != ""),
			numberInput("Timeout", a.TimeoutMilliseconds, probeMilliseconds), numberInput("NumberOfRepetitions", a.NumberOfRepetitions, lookups),
		}
	default:
		return nil
	}
}

// diagnosticsFault says in words what a state means that is no success.
func diagnosticsFault(state string) string {
	switch state {
	case "":
		return "the device reports no " + diagnosticsState
	case "None":
		return "the device reports None: it restarted, or somebody changed the inputs meanwhile"
	case "Canceled", "Cancelled":
		return "the device reports " + state + ": somebody cancelled the test on it"
	}
	why := map[string]string{
		"Error_CannotResolveHostName": "the name of the host cannot be resolved",
		"Error_Internal":              "an error inside the device",
		"Error_Other":                 "the device does not say why",
		"Error_MaxHopCountExceeded":   "the host was not reached within so many hops",
		"Error_InitConnectionFailed":  "no connection to the server",
		"Error_NoResponse":            "the server does not answer",
		"Error_TransferFailed":        "the transfer broke off",
		"Error_PasswordRequestFailed": "the server asked for no password",
		"Error_LoginFailed":           "the server refused the login",
		"Error_NoTransferMode":        "the server has no mode for the transfer",
		"Error_NoPASV":                "the server has no passive mode",
		"Error_NoCWD":                 "the server has no such folder",
		"Error_NoSTOR":                "the server does not store files",
		"Error_NoTransferComplete":    "the server did not say that the transfer is complete",
		"Error_IncorrectSize":         "the file has another size",
		"Error_Timeout":               "it took too long",
		"Error_DNSServerNotResolved":  "the name of the DNS server cannot be resolved",
	}[state]
	if why == "" {
		return "the device reports " + strconv.Quote(clip(state))
	}
	return "the device reports " + state + ": " + why
}

// diagnosticsResult makes numbers of what the object of a test holds.
func diagnosticsResult(args tasks.Args, values map[string]string) any {
	switch a := args.(type) {
	case *tasks.IPPingArgs:
		return tasks.IPPingResult{
			SuccessCount: number(values["SuccessCount"]), FailureCount: number(values["FailureCount"]), AverageResponseTime: number(values["AverageResponseTime"]),
			MinimumResponseTime: number(values["MinimumResponseTime"]), MaximumResponseTime: number(values["MaximumResponseTime"]),
		}
	case *tasks.TraceRouteArgs:
		return tasks.TraceRouteResult{ResponseTime: number(values["ResponseTime"]), Hops: routeHops(values)}
	case *tasks.DownloadDiagnosticsArgs:
		received := int64(number(values["TestBytesReceived"]))
		return tasks.DownloadDiagnosticsResult{
			TransferTimes: transferTimes(values, received), TestBytesReceived: received, TotalBytesReceived: int64(number(values["TotalBytesReceived"])),
		}
	case *tasks.UploadDiagnosticsArgs:
		sent := int64(cmp.Or(number(values["TestBytesSent"]), a.TestFileLength))
		return tasks.UploadDiagnosticsResult{TransferTimes: transferTimes(values, sent), TestBytesSent: sent, TotalBytesSent: int64(number(values["TotalBytesSent"]))}
	case *tasks.NSLookupArgs:
		return tasks.NSLookupResult{SuccessCount: number(values["SuccessCount"]), Results: nameResults(values)}
	default:
		return nil
	}
}

// number returns a count, 0 for what is none.
func number(text string) int {
	n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
	if err != nil || n < 0 {
		return 0
	}
	return int(n)
}

func routeHops(values map[string]string) []tasks.RouteHop {
	hops := []tasks.RouteHop{}
	for _, hop := range rows(values, "RouteHops.", tasks.MaxHopCount) {
		h := tasks.RouteHop{
			Host: cmp.Or(hop["Host"], hop["HopHost"]), Address: cmp.Or(hop["HostAddress"], hop["HopHostAddress"]),
			ErrorCode: number(cmp.Or(hop["ErrorCode"], hop["HopErrorCode"])), Times: []int{},
		}
		for _, text := range pathList(cmp.Or(hop["RTTimes"], hop["HopRTTimes"])) {
			h.Times = append(h.Times, number(text))
		}
		hops = append(hops, h)
	}
	return hops
}

func nameResults(values map[string]string) []tasks.NameResult {
	results := []tasks.NameResult{}
	for _, r := range rows(values, "Result.", tasks.MaxRepetitions) {
		addresses := pathList(r["IPAddresses"])
		if addresses == nil {
			addresses = []string{}
		}
		results = append(results, tasks.NameResult{
			Status: r["Status"], AnswerType: r["AnswerType"], HostName: r["HostNameReturned"], Addresses: addresses, Server: r["DNSServerIP"], ResponseTime: number(r["ResponseTime"]),
		})
	}
	return results
}

// rows returns the instances of a table in the order of their numbers, at most
// limit.
func rows(values map[string]string, table string, limit int) []map[string]string {
	byNumber := map[int]map[string]string{}
	for name, value := range values {
		rest, ok := strings.CutPrefix(name, table)
		instance, field, found := strings.Cut(rest, ".")
		n, err := strconv.Atoi(instance)
		if !ok || !found || err != nil {
			continue
		}
		if byNumber[n] == nil {
			byNumber[n] = map[string]string{}
		}
		byNumber[n][field] = value
	}
	var numbers []int
	for n := range byNumber {
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	var all []map[string]string
	for _, n := range numbers[:min(len(numbers), limit)] {
		all = append(all, byNumber[n])
	}
	return all
}

// transferTimes are the times of a test by a transfer of so many bytes.
func transferTimes(values map[string]string, size int64) tasks.TransferTimes {
	began, ended := cwmp.ParseDateTime(values["BOMTime"]), cwmp.ParseDateTime(values["EOMTime"])
	t := tasks.TransferTimes{
		RomTime: preciseText(cwmp.ParseDateTime(values["ROMTime"])), BomTime: preciseText(began), EomTime: preciseText(ended),
		TCPOpenRequestTime: preciseText(cwmp.ParseDateTime(values["TCPOpenRequestTime"])), TCPOpenResponseTime: preciseText(cwmp.ParseDateTime(values["TCPOpenResponseTime"])),
	}
	if took := ended.Time.Sub(began.Time); began.Known() && ended.Known() && took > 0 {
		t.DurationMilliseconds = float64(took.Microseconds()) / 1000
		t.BytesPerSecond = int64(float64(size) / took.Seconds())
	}
	return t
}

// preciseText is timeText with microseconds.
func preciseText(d cwmp.DateTime) string {
	if !d.Known() {
		return ""
	}
	return d.Time.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}
