package cpe

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// diagnosticRun computes the results of one diagnostic. Nothing is sent on the
// network: the numbers are plausible, and the same for the same device and inputs. A
// host below .invalid does not exist; every other answers.
type diagnosticRun struct {
	device *Device
	object string
	start  time.Time
	random *rand.Rand
}

func newDiagnosticRun(d *Device, object string, start time.Time) *diagnosticRun {
	r := &diagnosticRun{device: d, object: object, start: start}
	sum := sha256.Sum256([]byte(d.id.OUI + d.id.SerialNumber + object + r.target()))
	r.random = rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16])))
	return r
}

// run sets the results and returns the state at the end. The caller holds mu.
func (r *diagnosticRun) run() (state string) {
	r.set("IPAddressUsed", r.device.localHost)
	switch {
	case strings.Contains(r.object, "IPPing"):
		return r.ping()
	case strings.Contains(r.object, "TraceRoute"):
		return r.traceRoute()
	case strings.Contains(r.object, "NSLookup"):
		return r.lookUp()
	}
	return r.speed()
}

// target is the host that a diagnostic is about.
func (r *diagnosticRun) target() string {
	for _, name := range []string{"Host", "HostName"} {
		if host := r.input(name); host != "" {
			return host
		}
	}
	u, err := url.Parse(r.input("DownloadURL") + r.input("UploadURL"))
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func exists(host string) bool {
	return host != "" && !strings.HasSuffix(strings.ToLower(strings.TrimSuffix(host, ".")), ".invalid")
}

func (r *diagnosticRun) input(name string) string {
	e, ok := r.device.tree.parameter(r.object + name)
	if !ok {
		return ""
	}
	return r.device.tree.value(e)
}

func (r *diagnosticRun) number(name string) int {
	n, err := strconv.Atoi(r.input(name))
	if err != nil {
		return 0
	}
	return n
}

// set sets a result, if the diagnostic has it under this root.
func (r *diagnosticRun) set(name string, value any) {
	if e, ok := r.device.tree.parameter(r.object + name); ok {
		r.device.setLocal(e, fmt.Sprint(value))
	}
}

// row adds a row to the table of results.
func (r *diagnosticRun) row(table string, values map[string]any) {
	path := strings.TrimPrefix(r.device.tree.row(r.object+table), r.object)
	for name, value := range values {
		r.set(path+name, value)
	}
}

func (r *diagnosticRun) ping() (state string) {
	n := r.number("NumberOfRepetitions")
	least := 1000 + r.random.IntN(40_000)
	mean := least + r.random.IntN(3000)
	most := mean + r.random.IntN(5000)
	state = diagnosticComplete
	if !exists(r.target()) {
		state, n, least, mean, most = "Error_CannotResolveHostName", 0, 0, 0, 0
	}
	r.set("SuccessCount", n)
	r.set("FailureCount", 0)
	for name, microseconds := range map[string]int{"Minimum": least, "Average": mean, "Maximum": most} {
		r.set(name+"ResponseTime", microseconds/1000)
		r.set(name+"ResponseTimeDetailed", microseconds)
	}
	return state
}

// traceRoute goes over hops in the documentation networks of RFC 5737.
func (r *diagnosticRun) traceRoute() (state string) {
	if !exists(r.target()) {
		r.set("ResponseTime", 0)
		return "Error_CannotResolveHostName"
	}
	hops := 3 + r.random.IntN(8)
	reached := min(hops, r.number("MaxHopCount"))
	took := 0
	for hop := 1; hop <= reached; hop++ {
		took += 1 + r.random.IntN(4)
		host, address := fmt.Sprintf("hop%d.example.net", hop), fmt.Sprintf("198.51.100.%d", hop)
		if hop == hops {
			host, address = r.target(), addressOf(r.target(), r.random)
		}
		var times []string
		for range r.number("NumberOfTries") {
			times = append(times, strconv.Itoa(took+r.random.IntN(2)))
		}
		list := strings.Join(times, ",")
		r.row("RouteHops.", map[string]any{
			"Host": host, "HostAddress": address, "ErrorCode": 0, "RTTimes": list,
			"HopHost": host, "HopHostAddress": address, "HopErrorCode": 0, "HopRTTimes": list,
		})
	}
	r.set("ResponseTime", took)
	if reached < hops {
		return "Error_MaxHopCountExceeded"
	}
	return diagnosticComplete
}

// addressOf is the address of a host: itself if it is one.
func addressOf(host string, random *rand.Rand) string {
	if address, err := netip.ParseAddr(host); err == nil {
		return address.String()
	}
	return fmt.Sprintf("203.0.113.%d", 1+random.IntN(254))
}

func (r *diagnosticRun) lookUp() (state string) {
	server := r.input("DNSServer")
	if server == "" {
		server = "192.0.2.53"
	}
	if !exists(server) {
		r.set("SuccessCount", 0)
		return "Error_DNSServerNotResolved"
	}
	n, found := r.number("NumberOfRepetitions"), exists(r.target())
	serverAddress, address := addressOf(server, r.random), addressOf(r.target(), r.random)
	successes := 0
	for range n {
		values := map[string]any{"Status": "Error_HostNameNotResolved", "DNSServerIP": serverAddress, "ResponseTime": 1 + r.random.IntN(30)}
		if found {
			successes++
			values["Status"], values["AnswerType"] = "Success", "NonAuthoritative"
			values["HostNameReturned"], values["IPAddresses"] = r.target(), address
		}
		r.row("Result.", values)
	}
	r.set("SuccessCount", successes)
	return diagnosticComplete
}

// speed is a download or an upload of TR-143, over a line of 40 to 95 Mbit/s.
func (r *diagnosticRun) speed() (state string) {
	u, err := url.Parse(r.input("DownloadURL") + r.input("UploadURL"))
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ftp" || !exists(u.Hostname()) {
		return "Error_InitConnectionFailed"
	}
	size := 10_000_000
	if strings.Contains(r.object, "UploadDiagnostics") {
		size = r.number("TestFileLength")
	}
	overhead := size/40 + 500
	bitsPerSecond := 40_000_000 + r.random.IntN(55_000_000)
	opened := r.start.Add(time.Duration(500+r.random.IntN(500)) * time.Microsecond)
	connected := opened.Add(time.Duration(2000+r.random.IntN(20_000)) * time.Microsecond)
	begun := connected.Add(time.Duration(3000+r.random.IntN(5000)) * time.Microsecond)
	ended := begun.Add(time.Duration(float64(size+overhead) * 8 / float64(bitsPerSecond) * float64(time.Second)))
	for name, at := range map[string]time.Time{
		"TCPOpenRequestTime": opened, "TCPOpenResponseTime": connected, "ROMTime": connected, "BOMTime": begun, "EOMTime": ended,
	} {
		r.set(name, at.UTC().Format("2006-01-02T15:04:05.000000Z"))
	}
	there, back := "TotalBytesReceived", "TotalBytesSent"
	if strings.Contains(r.object, "UploadDiagnostics") {
		there, back = back, there
	}
	r.set("TestBytesReceived", size)
	r.set("TestBytesSent", size)
	r.set(there, min(size+overhead, math.MaxUint32))
	r.set(back, overhead)
	return diagnosticComplete
}
