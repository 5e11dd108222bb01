package acs

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/tasks"
)

func TestNamesAreDataOrLeftOut(t *testing.T) {
	data := []string{"Device.$where", "Device.__proto__.constructor", "Device.a[b=='c'].d", "Device.'; DROP TABLE parameters; --", "Device.<script>", "Device.%00", "Device.ä"}
	for i, name := range data {
		data[i] = strings.ReplaceAll(name, " ", "")
	}
	left := []string{strings.Repeat("a.", 100_000), "Device." + strings.Repeat("x", 10_000), "Device..A", "..", "Device.A\nB", "Device.A B", ""}
	f := newFixture(t)
	p, d := f.known("S1")
	inform := p.inform("4 VALUE CHANGE")
	for _, name := range append(append([]string{}, data...), left...) {
		inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: name, Value: "value of " + name[:min(20, len(name))], Type: cwmp.TypeString})
	}
	p.send(inform, nil)
	p.work(nil)
	known, err := f.store.Parameters().Parameters(t.Context(), d.ID, "", "", device.MaxParameters)
	must(t, err)
	values := map[string]string{}
	for _, v := range known {
		values[v.Path] = v.Value
	}
	for _, name := range data {
		if values[name] != "value of "+name[:min(20, len(name))] {
			t.Errorf("%q has %q", name, values[name])
		}
	}
	if want := len(data) + 4; len(known) != want { // Four are in every Inform.
		t.Errorf("%d parameters are stored, want %d", len(known), want)
	}
}

func TestWhateverADeviceCallsItselfIsText(t *testing.T) {
	f := newFixture(t)
	ids := map[device.ID]string{}
	for _, serial := range []string{"a/b", "a%2Fb", "..", "../../etc/passwd", "a\x00b", "a\nb", "<script>alert(1)</script>", "📞", "\u202Etxt", "a'b", "$ne", "a-b", "a--b"} {
		p := f.newPhone(strings.ReplaceAll(serial, "\x00", "%00"))
		d := p.open("1 BOOT")
		if other, ok := ids[d.ID]; ok {
			t.Errorf("%q and %q are one device", serial, other)
		}
		ids[d.ID] = serial
		if d.SerialNumber != p.serial || strings.Trim(string(d.ID), "0123456789abcdefghijklmnopqrstuvwxyz-") != "" {
			t.Errorf("%q became %q with the id %q", p.serial, d.SerialNumber, d.ID)
		}
		p.work(nil)
	}
}

func TestNothingThatADeviceWritesBeginsALineOfTheLog(t *testing.T) {
	const forged = "S1\n2026-03-01T12:00:00Z level=ERROR msg=forged\r\x1b[31m"
	for name, handler := range map[string]func(*bytes.Buffer) slog.Handler{
		"text": func(b *bytes.Buffer) slog.Handler {
			return slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})
		},
		"json": func(b *bytes.Buffer) slog.Handler {
			return slog.NewJSONHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})
		},
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			f := newFixture(t, func(o *Options) { o.RefuseUnknown, o.Logger = true, slog.New(handler(&log)) })
			p := f.newPhone(strings.ReplaceAll(strings.ReplaceAll(forged, "\r", ""), "\x1b", ""))
			if fault, ok := p.send(p.inform("1 BOOT"), nil).Message.(*cwmp.Fault); !ok || fault.Code != 8001 {
				t.Fatal("it was not refused")
			}
			if !strings.Contains(log.String(), "forged") {
				t.Fatal("the log does not name the device: nothing was tested")
			}
			for _, line := range strings.Split(strings.TrimSpace(log.String()), "\n") {
				if !strings.HasPrefix(line, "time=") && !strings.HasPrefix(line, "{") {
					t.Errorf("a line of the log is %q", line)
				}
			}
		})
	}
}

func TestNumbersThatAreOutOfRangeChangeNoRecord(t *testing.T) {
	f := newFixture(t)
	p, _ := f.known("S1")
	for _, text := range []string{"0", "-1", "99999999999999999999", "1e3", "", "soon"} {
		inform := p.inform("2 PERIODIC")
		inform.RetryCount = 1<<32 - 1
		inform.Events = append(inform.Events, cwmp.EventStruct{EventCode: strings.Repeat("9", 1000) + " X", CommandKey: strings.Repeat("k", 1000)})
		inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: "Device.ManagementServer.PeriodicInformInterval", Value: text, Type: cwmp.TypeUnsignedInt})
		p.send(inform, nil)
		p.work(nil)
		d := p.record()
		if d.InformInterval != 0 || d.OnlineUntil.Before(f.clock.now()) {
			t.Errorf("%q: the interval is %d, online until %s", text, d.InformInterval, d.OnlineUntil)
		}
		for _, e := range d.Events {
			if len(e.Code) > 64 || len(e.CommandKey) > 64 {
				t.Errorf("an event of %d bytes is kept", len(e.Code)+len(e.CommandKey))
			}
		}
	}
}

func TestAnInstanceNumberOutOfRangeIsNoSuccess(t *testing.T) {
	for _, number := range []int{0, -1} {
		t.Run(fmt.Sprint(number), func(t *testing.T) {
			f := newFixture(t)
			p, d := f.known("S1")
			task := f.task(d.ID, tasks.AddObject, `{"objectName":"Device.L."}`)
			p.session(func(m cwmp.Message) cwmp.Message {
				if _, ok := m.(*cwmp.GetParameterNames); ok {
					return &cwmp.GetParameterNamesResponse{}
				}
				return &cwmp.AddObjectResponse{InstanceNumber: number}
			}, "2 PERIODIC")
			if got := f.want(task, tasks.Failed); got.Fault.Reason != tasks.OutcomeUnknown {
				t.Errorf("fault = %v", got.Fault)
			}
		})
	}
}

func TestADeviceIDThatCannotBeKeptIsRefused(t *testing.T) {
	long := strings.Repeat("ä", 257)
	for name, change := range map[string]func(id *cwmp.DeviceIDStruct){
		"Manufacturer": func(id *cwmp.DeviceIDStruct) { id.Manufacturer = long },
		"OUI":          func(id *cwmp.DeviceIDStruct) { id.OUI = long },
		"ProductClass": func(id *cwmp.DeviceIDStruct) { id.ProductClass = long },
		"SerialNumber": func(id *cwmp.DeviceIDStruct) { id.SerialNumber = strings.Repeat("s", 1<<20) },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			inform := f.newPhone("S1").inform("1 BOOT")
			change(&inform.DeviceID)
			fault, ok := f.newPhone("S1").send(inform, nil).Message.(*cwmp.Fault)
			if !ok || fault.Code != 8003 || !strings.HasPrefix(fault.String, name) {
				t.Errorf("answered with %+v", fault)
			}
			if page, err := f.store.Devices().List(t.Context(), device.List{PageSize: 10, Now: f.clock.now()}); err != nil || len(page.Devices) != 0 || f.server.Sessions() != 0 {
				t.Errorf("%d devices and %d sessions, %v: want none", len(page.Devices), f.server.Sessions(), err)
			}
		})
	}
	f := newFixture(t)
	if d := f.newPhone(strings.Repeat("ä", 256)).open("1 BOOT"); d.ID == "" {
		t.Error("256 characters are too many")
	}
}

func TestADeviceWhoseTreeGrowsWithoutEndIsManagedOn(t *testing.T) {
	f := newFixture(t)
	p, d := f.known("S1")
	all := make([]device.Observation, device.MaxParameters-10)
	for i := range all {
		all[i] = device.Observation{Path: fmt.Sprintf("Device.G.%d", i), Value: &device.Value{Text: "v"}}
	}
	must(t, f.store.Parameters().Observe(t.Context(), d.ID, f.clock.now(), all))
	for round := range 3 {
		inform := p.inform("4 VALUE CHANGE")
		for i := range 20 {
			inform.ParameterList = append(inform.ParameterList, cwmp.ParameterValueStruct{Name: fmt.Sprintf("Device.H%d.%d", round, i), Value: "v", Type: cwmp.TypeString})
		}
		p.send(inform, nil)
		p.work(nil)
	}
	task := f.task(d.ID, tasks.GetParameterValues, `{"paths":["Device.New","Device.G.7"]}`)
	p.session(values(map[string]string{"Device.New": "1", "Device.G.7": "2"}), "2 PERIODIC")
	f.want(task, tasks.Succeeded)
	if left := f.stored(d.ID, "Device.H0.1", "Device.H2.1"); len(left) != 0 {
		t.Errorf("beyond the limit %+v is stored", left)
	}
}
