package acs

import (
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestTheClockOfADeviceIsNotThatOfTheServer(t *testing.T) {
	f := newFixture(t)
	for _, clock := range []string{
		"", "-", cwmp.UnknownTime, "0001-01-01T00:00:00+00:00", "1970-01-01T00:00:05", "2026-03-01T14:00:00+02:00", "2026-03-01T12:00:00", "2199-12-31T23:59:59Z", "yesterday",
	} {
		p := f.newPhone("S1")
		inform := p.inform("2 PERIODIC")
		inform.CurrentTime = cwmp.DateTime{Raw: clock}
		if answer := p.send(inform, nil); answer.Message.Method() != "InformResponse" {
			t.Errorf("%q: answered with %s", clock, answer.Message.Method())
		}
		p.send(nil, nil)
		if d := p.record(); !d.LastInform.Equal(f.clock.now()) || !d.FirstSeen.Equal(f.clock.now()) && clock == "" {
			t.Errorf("%q: informed at %s, want our own %s", clock, d.LastInform, f.clock.now())
		}
		f.clock.advance(time.Minute)
	}
}

func TestAnInformMayLackAllButWhoItIs(t *testing.T) {
	const head, tail = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:n="http://schemas.xmlsoap.org/soap/encoding/" xmlns:c="urn:dslforum-org:cwmp-1-0"><e:Body><c:Inform>` +
		`<DeviceId><OUI>00562B</OUI><ProductClass>CP-8851-3PCC</ProductClass><SerialNumber>S1</SerialNumber></DeviceId>`, `</c:Inform></e:Body></e:Envelope>`
	const one = `<ParameterValueStruct><Name>Device.DeviceInfo.SoftwareVersion</Name><Value>9</Value></ParameterValueStruct>`
	for name, c := range map[string]struct{ inside, version string }{
		"no list at all":            {"", ""},
		"an empty list":             {`<Event n:arrayType="c:EventStruct[0]"/><ParameterList n:arrayType="c:ParameterValueStruct[0]"/>`, ""},
		"a count that is too large": {`<ParameterList n:arrayType="c:ParameterValueStruct[5]">` + one + `</ParameterList>`, "9"},
		"a count of none":           {`<ParameterList n:arrayType="c:ParameterValueStruct[0]">` + one + `</ParameterList>`, "9"},
		"no count":                  {`<ParameterList>` + one + `</ParameterList>`, "9"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newFixture(t).newPhone("S1")
			response, answer := p.post([]byte(head + c.inside + tail))
			if response.StatusCode != 200 || !strings.Contains(string(answer), "InformResponse") {
				t.Fatalf("status %d: %s", response.StatusCode, answer)
			}
			if d := p.record(); d.SoftwareVersion != c.version {
				t.Errorf("SoftwareVersion = %q", d.SoftwareVersion)
			}
		})
	}
}

func TestDevicesAreToldApartByAllThreePartsOfTheirIdentity(t *testing.T) {
	f := newFixture(t)
	identities := []cwmp.DeviceIDStruct{
		{OUI: "00562B", ProductClass: "P", SerialNumber: "S"}, {OUI: "0004F2", ProductClass: "P", SerialNumber: "S"}, {OUI: "00562B", ProductClass: "Q", SerialNumber: "S"},
		{OUI: "00562B", SerialNumber: "S"}, {OUI: "00562B", ProductClass: "a-b", SerialNumber: "c"}, {OUI: "00562B", ProductClass: "a", SerialNumber: "b-c"},
		{OUI: "00562B", ProductClass: "a b", SerialNumber: "S 1/%é"}, {OUI: "00562B", ProductClass: strings.Repeat("p", 65), SerialNumber: strings.Repeat("s", 200)},
	}
	for range 2 {
		for _, identity := range identities {
			p := f.newPhone("")
			inform := p.inform("1 BOOT")
			inform.DeviceID = identity
			if answer := p.send(inform, nil); answer.Message.Method() != "InformResponse" {
				t.Errorf("%+v is answered with %s", identity, answer.Message.Method())
			}
			p.send(nil, nil)
			identities[0].OUI = "00562b" // The second time in lower case.
		}
	}
	page, err := f.store.Devices().List(t.Context(), device.List{PageSize: 50, Now: f.clock.now()})
	must(t, err)
	if len(page.Devices) != len(identities) {
		t.Errorf("%d records, want %d", len(page.Devices), len(identities))
	}
}

func TestEventsCountInAnyOrderAndHoweverOftenTheyAreThere(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	task := f.task(d.ID, tasks.Reboot, `{}`)
	var key string
	p.session(func(m cwmp.Message) cwmp.Message {
		key = m.(*cwmp.Reboot).CommandKey
		return &cwmp.RebootResponse{}
	}, "2 PERIODIC")
	inform := p.inform("4 VALUE CHANGE")
	inform.Events = append(inform.Events, cwmp.EventStruct{EventCode: "M Reboot", CommandKey: "another's"}, cwmp.EventStruct{EventCode: "M Reboot", CommandKey: key},
		cwmp.EventStruct{EventCode: "M Reboot", CommandKey: key}, cwmp.EventStruct{EventCode: "1 BOOT"}, cwmp.EventStruct{EventCode: "1 BOOT"})
	p.send(inform, nil)
	if got := f.want(task, tasks.Succeeded); !strings.Contains(string(got.Result), "M Reboot") {
		t.Errorf("result = %s", got.Result)
	}
	if d := p.record(); !d.LastBoot.Equal(f.clock.now()) {
		t.Errorf("last boot %s", d.LastBoot)
	}
}

func TestAnEventThatIsSentAgainHasNoSecondEffect(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	first, second := f.task(d.ID, tasks.Reboot, `{}`), tasks.Task{}
	reboot := func() (key string) {
		p.session(func(m cwmp.Message) cwmp.Message {
			key = m.(*cwmp.Reboot).CommandKey
			return &cwmp.RebootResponse{}
		}, "2 PERIODIC")
		return key
	}
	key := reboot()
	inform := p.inform()
	inform.Events = []cwmp.EventStruct{{EventCode: "M Reboot", CommandKey: key}}
	p.send(inform, nil)
	f.want(first, tasks.Succeeded)
	p.send(nil, nil)
	second = f.task(d.ID, tasks.Reboot, `{}`)
	reboot()
	p.send(inform, nil) // As if its answer had been lost.
	f.want(first, tasks.Succeeded)
	f.want(second, tasks.Waiting)
}

func TestAValueChangeIsNotedAsItIsReported(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	inform := p.inform("4 VALUE CHANGE")
	inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: "Device.Time.NTPServer1", Value: "ntp.example.net", Type: cwmp.TypeString})
	p.send(inform, nil)
	got, err := f.store.Parameters().Values(t.Context(), d.ID, []string{"Device.Time.NTPServer1"})
	if must(t, err); len(got) != 1 || got[0].Value != "ntp.example.net" {
		t.Errorf("stored %+v", got)
	}
}
