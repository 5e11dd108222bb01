//go:build e2e

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// soapNamespaces are the declarations of a CWMP envelope.
const soapNamespaces = `xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/" ` +
	`xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0"`

// envelope wraps the content of a SOAP body.
func envelope(id, body string) string {
	return `<?xml version="1.0"?><soap:Envelope ` + soapNamespaces + `><soap:Header><cwmp:ID soap:mustUnderstand="1">` + id +
		`</cwmp:ID></soap:Header><soap:Body>` + body + `</soap:Body></soap:Envelope>`
}

// informOf is the Inform of a device with a serial number.
func informOf(serial string) string {
	return envelope("inform-"+serial, `<cwmp:Inform><DeviceId><Manufacturer>Test</Manufacturer><OUI>00AABB</OUI><ProductClass>Raw</ProductClass><SerialNumber>`+serial+
		`</SerialNumber></DeviceId><Event enc:arrayType="cwmp:EventStruct[1]"><EventStruct><EventCode>2 PERIODIC</EventCode><CommandKey></CommandKey></EventStruct></Event>`+
		`<MaxEnvelopes>1</MaxEnvelopes><CurrentTime>2026-01-01T00:00:00Z</CurrentTime><RetryCount>0</RetryCount><ParameterList enc:arrayType="cwmp:ParameterValueStruct[2]">`+
		`<ParameterValueStruct><Name>Device.DeviceInfo.SoftwareVersion</Name><Value xsi:type="xsd:string">1</Value></ParameterValueStruct>`+
		`<ParameterValueStruct><Name>Device.ManagementServer.ConnectionRequestURL</Name><Value xsi:type="xsd:string">http://127.0.0.1:9/</Value></ParameterValueStruct>`+
		`</ParameterList></cwmp:Inform>`)
}

// rawDevice posts what it is told to the CWMP listener.
type rawDevice struct {
	tb     testing.TB
	url    string
	cookie string
	http   *http.Client
}

func (s *server) rawDevice(tb testing.TB) *rawDevice {
	transport := &http.Transport{MaxConnsPerHost: 1, DisableCompression: true}
	tb.Cleanup(transport.CloseIdleConnections)
	return &rawDevice{tb: tb, url: s.CWMPURL(), http: &http.Client{Transport: transport, Timeout: 60 * time.Second}}
}

// post sends a body, keeps the cookie, and returns status and body of the answer.
// Headers are names and values by turns.
func (d *rawDevice) post(body string, headers ...string) (int, string) {
	d.tb.Helper()
	status, text, err := d.try(strings.NewReader(body), headers...)
	if err != nil {
		d.tb.Fatal(err)
	}
	return status, text
}

func (d *rawDevice) try(body io.Reader, headers ...string) (int, string, error) {
	request, err := http.NewRequestWithContext(context.Background(), http.MethodPost, d.url, body)
	if err != nil {
		return 0, "", err
	}
	request.Header.Set("Content-Type", `text/xml; charset="utf-8"`)
	if d.cookie != "" {
		request.Header.Set("Cookie", d.cookie)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := d.http.Do(request)
	if err != nil {
		return 0, "", err
	}
	defer func() { _ = response.Body.Close() }()
	if cookie, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";"); cookie != "" {
		d.cookie = cookie
	}
	raw, err := io.ReadAll(response.Body)
	return response.StatusCode, string(raw), err
}

// exchangeBytes writes bytes to an address as they are and returns the status
// line of the first answer.
func exchangeBytes(tb testing.TB, address, request string) string {
	tb.Helper()
	connection, err := net.DialTimeout("tcp", address, 5*time.Second)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = connection.Close() }()
	_ = connection.SetDeadline(time.Now().Add(20 * time.Second))
	if _, err := io.WriteString(connection, request); err != nil {
		tb.Fatal(err)
	}
	line, err := bufio.NewReader(connection).ReadString('\n')
	if err != nil {
		return fmt.Sprintf("no answer: %v", err)
	}
	return strings.TrimSpace(line)
}
