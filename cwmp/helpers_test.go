package cwmp

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

// readFile reads a file below testdata.
func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func mustDecode(t testing.TB, body []byte) *Envelope {
	t.Helper()
	e, err := Decode(body, DefaultLimits())
	if err != nil {
		t.Fatalf("Decode: %v", err)
	}
	return e
}

func mustEncode(t testing.TB, e *Envelope) []byte {
	t.Helper()
	data, err := Encode(e)
	if err != nil {
		t.Fatalf("Encode: %v", err)
	}
	return data
}

func wantEqual(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// soap wraps a header and a body in an envelope with the usual prefixes.
func soap(header, body string) string {
	return `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:enc="http://schemas.xmlsoap.org/soap/encoding/"` +
		` xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:cwmp="urn:dslforum-org:cwmp-1-0">` +
		`<soap:Header>` + header + `</soap:Header><soap:Body>` + body + `</soap:Body></soap:Envelope>`
}

var testTime = time.Date(2026, 3, 14, 15, 9, 26, 0, time.UTC)

// sampleInform is the Inform of a phone, of about 3 kB.
func sampleInform() *Inform {
	const root = "Device."
	values := []ParameterValueStruct{
		{Name: root + "DeviceInfo.Manufacturer", Value: "Example Phones", Type: TypeString},
		{Name: root + "DeviceInfo.ManufacturerOUI", Value: "00AABB", Type: TypeString},
		{Name: root + "DeviceInfo.HardwareVersion", Value: "1.2", Type: TypeString},
		{Name: root + "DeviceInfo.SoftwareVersion", Value: "12.0.3-MPP", Type: TypeString},
		{Name: root + "DeviceInfo.ProvisioningCode", Value: "site.7 & more", Type: TypeString},
		{Name: root + "DeviceInfo.UpTime", Value: "86400", Type: TypeUnsignedInt},
		{Name: root + "ManagementServer.ConnectionRequestURL", Value: "http://192.0.2.17:7547/cr?a=1&b=2", Type: TypeString},
		{Name: root + "ManagementServer.ParameterKey", Value: "generation 4", Type: TypeString},
		{Name: root + "ManagementServer.PeriodicInformEnable", Value: "1", Type: TypeBoolean},
		{Name: root + "LAN.IPAddress", Value: "192.0.2.17", Type: TypeString},
		{Name: root + "LAN.MACAddress", Value: "00:AA:BB:01:02:03", Type: TypeString},
	}
	return &Inform{
		DeviceID: DeviceIDStruct{Manufacturer: "Example Phones", OUI: "00AABB", ProductClass: "EP-8851", SerialNumber: "EPH2345A6B7"},
		Events: []EventStruct{
			{EventCode: EventTransferComplete},
			{EventCode: EventMDownload, CommandKey: "task 1"},
			{EventCode: EventPeriodic},
		},
		MaxEnvelopes:  1,
		CurrentTime:   NewDateTime(testTime),
		RetryCount:    2,
		ParameterList: values,
	}
}

func largeResponse(n int) *GetParameterValuesResponse {
	m := &GetParameterValuesResponse{}
	for i := range n {
		m.ParameterList = append(m.ParameterList, ParameterValueStruct{
			Name:  fmt.Sprintf("Device.Services.VoiceService.1.VoiceProfile.1.Line.%d.SIP.AuthUserName", i),
			Value: fmt.Sprintf("user-%d", i), Type: TypeString,
		})
	}
	return m
}
