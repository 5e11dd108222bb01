package cpe

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// changing is what differs between two runs of one device.
var changing = regexp.MustCompile(`127\.0\.0\.1:\d+|[0-9a-f]{32}`)

// sentBy returns what a device sends in two sessions with an ACS that asks for much.
func sentBy(t *testing.T, odd ...string) string {
	t.Helper()
	const voice = "Device.Services.VoiceService.1."
	names := make([]string, 0, rdkNames+1)
	for range rdkNames + 1 {
		names = append(names, "Device.DeviceInfo.SerialNumber")
	}
	script := []cwmp.Message{
		&cwmp.GetParameterNames{ParameterPath: "Device."}, &cwmp.GetParameterNames{ParameterPath: voice, NextLevel: true},
		&cwmp.GetParameterValues{ParameterNames: []string{"Device.ManagementServer.", "Device.DeviceInfo."}},
		&cwmp.GetParameterValues{ParameterNames: names}, &cwmp.GetParameterValues{ParameterNames: []string{"Device.None"}},
		&cwmp.GetParameterAttributes{ParameterNames: []string{"Device.Time.NTPServer1"}},
		&cwmp.SetParameterValues{ParameterList: []cwmp.ParameterValueStruct{
			{Name: "Device.ManagementServer.PeriodicInformEnable", Value: "true", Type: cwmp.TypeBoolean},
			{Name: "Device.ManagementServer.PeriodicInformTime", Value: "2026-01-01T00:00:00.5Z", Type: cwmp.TypeDateTime},
			{Name: "Device.Time.NTPServer1", Value: "a", Type: cwmp.TypeInt}, {Name: "Device.Time.NTPServer1", Value: "a", Type: cwmp.TypeString},
		}},
		&cwmp.SetParameterValues{ParameterList: []cwmp.ParameterValueStruct{{Name: "Device.Time.NTPServer1", Value: "set", Type: cwmp.TypeString}}},
		&cwmp.GetParameterValues{ParameterNames: []string{"Device.Time.NTPServer1"}},
		&cwmp.SetParameterValues{ParameterKey: "7", ParameterList: []cwmp.ParameterValueStruct{
			{Name: voice + "VoiceProfile.1.SIP.RegistrarServer", Value: "sip.example", Type: cwmp.TypeString},
			{Name: voice + "VoiceProfile.1.Line.1.CallingFeatures.CallerIDName", Value: "Ada", Type: cwmp.TypeString},
		}},
		&cwmp.GetParameterValues{ParameterNames: []string{voice + "VoiceProfile.1.SIP.RegistrarServer"}},
		&cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{
			{Name: "Device.Time.NTPServer1", NotificationChange: true, Notification: notificationActive},
		}},
	}
	acs := newTestACS(t, script...)
	c := testConfig(acs)
	w := &wire{}
	c.Clock, c.Dial, c.Odd = fixedClock{}, w.dial, odd
	d, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	d.boot()
	d.transfers = append(d.transfers, &transfer{request: cwmp.Download{CommandKey: "k"}, method: methodDownload, state: transferDone})
	d.bootstrap = false
	d.runSession(t.Context())
	if err := d.startUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.boot()
	acs.ask(&cwmp.GetParameterValues{ParameterNames: []string{"Device.Time."}})
	d.runSession(t.Context())
	w.mu.Lock()
	defer w.mu.Unlock()
	return changing.ReplaceAllString(w.sent.String(), "…")
}

// seenElsewhere are oddities that need an ACS that does wrong, or asks for credentials, a
// call, a diagnostic or a time that passes: the tests of the whole program show them.
var seenElsewhere = []string{
	"wants-namespaces", "wants-prefixes", "wants-must-understand", "wants-max-envelopes", "wants-order", "wants-file-type", "wants-length", "small-buffers",
	"basic-first", "digest-without-qop", "digest-count-fixed", "digest-verbatim", "digest-unquoted", "cookies-without-login", "connection-after-401",
	"called-drops-connection", "called-busy", "called-without-qop", "called-with-qop-list", "called-with-opaque",
	"no-transfer-complete", "no-diagnostics-event", "keeps-events", "slow", "cookies-with-path", "fault-to-fault", "no-connection-request-url",
}

func TestEveryOddityShowsInWhatTheDeviceSends(t *testing.T) {
	plain := sentBy(t)
	if again := sentBy(t); again != plain {
		t.Fatal("two runs of a device by the book differ")
	}
	if !strings.Contains(plain, "TransferComplete") || !strings.Contains(plain, "FaultCode") || !strings.Contains(plain, ">set<") {
		t.Fatalf("the ACS did not get far: %s", plain)
	}
	for _, o := range Oddities() {
		if slices.Contains(seenElsewhere, o.Name) {
			continue
		}
		if sentBy(t, o.Name) == plain {
			t.Errorf("%s changes nothing", o.Name)
		}
	}
}
