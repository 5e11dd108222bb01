package cpe

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/dialtone-acs/dialtone/cwmp"
)

const (
	profile = "Device.Services.VoiceService.1.VoiceProfile.1."
	lines   = profile + "Line."
)

func text(name, value string) cwmp.ParameterValueStruct {
	return cwmp.ParameterValueStruct{Name: name, Value: value, Type: cwmp.TypeString}
}

func typed(name, value, kind string) cwmp.ParameterValueStruct {
	return cwmp.ParameterValueStruct{Name: name, Value: value, Type: kind}
}

func set(parameters ...cwmp.ParameterValueStruct) *cwmp.SetParameterValues {
	return &cwmp.SetParameterValues{ParameterList: parameters, ParameterKey: "key"}
}

// summary writes a response in one line.
func summary(m cwmp.Message) string {
	switch m := m.(type) {
	case *cwmp.Fault:
		s := fmt.Sprintf("fault %d", m.Code)
		for _, p := range m.ParameterFaults {
			s += fmt.Sprintf(" %s=%d", p.ParameterName[strings.LastIndexByte(p.ParameterName, '.')+1:], p.Code)
		}
		return s
	case *cwmp.GetParameterValuesResponse:
		var values []string
		for _, p := range m.ParameterList {
			values = append(values, fmt.Sprintf("%s %s %q", p.Name, strings.TrimPrefix(p.Type, "xsd:"), p.Value))
		}
		return strings.Join(values, "\n")
	case *cwmp.GetParameterNamesResponse:
		var names []string
		for _, p := range m.ParameterList {
			names = append(names, fmt.Sprintf("%s %t", p.Name, p.Writable))
		}
		return strings.Join(names, "\n")
	case *cwmp.GetParameterAttributesResponse:
		var list []string
		for _, p := range m.ParameterList {
			list = append(list, fmt.Sprintf("%s %d %v", p.Name, p.Notification, p.AccessList))
		}
		return strings.Join(list, "\n")
	}
	return fmt.Sprintf("%T %+v", m, m)
}

func TestEveryRPCIsAnsweredAsAPhoneWould(t *testing.T) {
	long := strings.Repeat("k", 33)
	tests := map[string]struct {
		before  []cwmp.Message
		request cwmp.Message
		want    string
	}{
		"GetParameterValues of one":                {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInfo.SerialNumber"}}, `Device.DeviceInfo.SerialNumber string "FCH2401TEST"`},
		"GetParameterValues below an object":       {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInfo.ProcessStatus."}}, `Device.DeviceInfo.ProcessStatus.CPUUsage unsignedInt "4"`},
		"GetParameterValues of an unknown name":    {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInfo.SerialNumber", "Device.None"}}, "fault 9005"},
		"GetParameterValues of an unknown object":  {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.None."}}, "fault 9005"},
		"GetParameterValues of half a name":        {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInf"}}, "fault 9005"},
		"GetParameterValues of an object sans dot": {nil, &cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInfo"}}, "fault 9005"},
		"a password reads back empty": {
			[]cwmp.Message{set(text("Device.ManagementServer.Password", "secret"))},
			&cwmp.GetParameterValues{ParameterNames: []string{"Device.ManagementServer.Password"}}, `Device.ManagementServer.Password string ""`,
		},
		"SetParameterValues sets the ParameterKey": {
			[]cwmp.Message{set(text(profile+"Name", "sales"))},
			&cwmp.GetParameterValues{ParameterNames: []string{profile + "Name", "Device.ManagementServer.ParameterKey"}},
			profile + "Name string \"sales\"\nDevice.ManagementServer.ParameterKey string \"key\"",
		},
		"SetParameterValues takes all or none": {
			[]cwmp.Message{set(text(profile+"Name", "sales"), text("Device.DeviceInfo.SerialNumber", "1"))},
			&cwmp.GetParameterValues{ParameterNames: []string{profile + "Name", "Device.ManagementServer.ParameterKey"}},
			profile + "Name string \"Profile 1\"\nDevice.ManagementServer.ParameterKey string \"\"",
		},
		"SetParameterValues says what is wrong with each": {nil, set(
			text("Device.DeviceInfo.SerialNumber", "1"), text("Device.None", "1"), text(profile+"MaxSessions", "1"), text(profile+"Enable", "On"),
			text(profile+"SIP.ProxyServerPort", "5060"), typed(profile+"SIP.RegistrarServerPort", "70000", cwmp.TypeUnsignedInt), text(profile+"Name", "fine"),
		), "fault 9003 SerialNumber=9008 None=9005 MaxSessions=9008 Enable=9007 ProxyServerPort=9006 RegistrarServerPort=9007"},
		"SetParameterValues of a name twice": {nil, set(text(profile+"Name", "a"), text(profile+"Name", "b")), "fault 9003 Name=9003"},
		"SetParameterValues of an object":    {nil, set(text("Device.DeviceInfo.", "a")), "fault 9003 =9005"},
		"SetParameterValues without a value": {nil, set(cwmp.ParameterValueStruct{Name: profile + "Name", Type: cwmp.TypeString, NoValue: true}), "fault 9003 Name=9007"},
		"SetParameterValues with a long key": {nil, &cwmp.SetParameterValues{ParameterKey: long}, "fault 9003"},
		"a boolean in words reads back as a digit": {
			[]cwmp.Message{set(typed("Device.Time.Enable", "false", cwmp.TypeBoolean))},
			&cwmp.GetParameterValues{ParameterNames: []string{"Device.Time.Enable"}}, `Device.Time.Enable boolean "0"`,
		},
		"a line that is enabled registers": {
			[]cwmp.Message{set(text(lines+"1.Enable", "Enabled"))},
			&cwmp.GetParameterValues{ParameterNames: []string{lines + "1.Status"}}, lines + `1.Status string "Up"`,
		},
		"GetParameterNames of the root": {nil, &cwmp.GetParameterNames{NextLevel: true}, "Device. false"},
		"GetParameterNames of the next level": {nil, &cwmp.GetParameterNames{ParameterPath: "Device.Services.", NextLevel: true},
			"Device.Services.VoiceService. false\nDevice.Services.VoiceServiceNumberOfEntries false"},
		"GetParameterNames of all levels has the object": {nil, &cwmp.GetParameterNames{ParameterPath: "Device.DeviceInfo.ProcessStatus."},
			"Device.DeviceInfo.ProcessStatus. false\nDevice.DeviceInfo.ProcessStatus.CPUUsage false"},
		"GetParameterNames of a table":                    {nil, &cwmp.GetParameterNames{ParameterPath: lines, NextLevel: true}, lines + "1. true\n" + lines + "2. true"},
		"GetParameterNames of a parameter":                {nil, &cwmp.GetParameterNames{ParameterPath: profile + "Name"}, profile + "Name true"},
		"GetParameterNames of a parameter's next level":   {nil, &cwmp.GetParameterNames{ParameterPath: profile + "Name", NextLevel: true}, "fault 9003"},
		"GetParameterNames of an unknown path":            {nil, &cwmp.GetParameterNames{ParameterPath: "Device.None."}, "fault 9005"},
		"AddObject gives the next number":                 {nil, &cwmp.AddObject{ObjectName: lines}, "*cwmp.AddObjectResponse &{InstanceNumber:3 Status:0}"},
		"AddObject never gives a number twice":            {[]cwmp.Message{&cwmp.AddObject{ObjectName: lines}, &cwmp.DeleteObject{ObjectName: lines + "3."}}, &cwmp.AddObject{ObjectName: lines}, "*cwmp.AddObjectResponse &{InstanceNumber:4 Status:0}"},
		"AddObject does not fill a gap":                   {[]cwmp.Message{&cwmp.DeleteObject{ObjectName: lines + "2."}}, &cwmp.AddObject{ObjectName: lines}, "*cwmp.AddObjectResponse &{InstanceNumber:3 Status:0}"},
		"AddObject in an empty table":                     {nil, &cwmp.AddObject{ObjectName: profile + "SIP.EventSubscribe."}, "*cwmp.AddObjectResponse &{InstanceNumber:1 Status:0}"},
		"AddObject of what is no table":                   {nil, &cwmp.AddObject{ObjectName: "Device.DeviceInfo."}, "fault 9005"},
		"AddObject of an instance":                        {nil, &cwmp.AddObject{ObjectName: lines + "1."}, "fault 9005"},
		"AddObject of a fixed table":                      {nil, &cwmp.AddObject{ObjectName: "Device.Services.VoiceService."}, "fault 9005"},
		"AddObject of an unknown table":                   {nil, &cwmp.AddObject{ObjectName: "Device.None."}, "fault 9005"},
		"AddObject without its dot":                       {nil, &cwmp.AddObject{ObjectName: strings.TrimSuffix(lines, ".")}, "fault 9005"},
		"AddObject with a long key":                       {nil, &cwmp.AddObject{ObjectName: lines, ParameterKey: long}, "fault 9003"},
		"AddObject above what the phone bears":            {slices.Repeat([]cwmp.Message{&cwmp.AddObject{ObjectName: lines}}, 14), &cwmp.AddObject{ObjectName: lines}, "fault 9004"},
		"a new instance is counted":                       {[]cwmp.Message{&cwmp.AddObject{ObjectName: lines}}, &cwmp.GetParameterValues{ParameterNames: []string{profile + "NumberOfLines"}}, profile + `NumberOfLines unsignedInt "3"`},
		"a new instance is like a first one":              {[]cwmp.Message{&cwmp.AddObject{ObjectName: lines}}, &cwmp.GetParameterValues{ParameterNames: []string{lines + "3.Codec.List.2.EntryID"}}, lines + `3.Codec.List.2.EntryID unsignedInt "2"`},
		"a new instance can be set":                       {[]cwmp.Message{&cwmp.AddObject{ObjectName: lines}, set(text(lines+"3.DirectoryNumber", "100"))}, &cwmp.GetParameterValues{ParameterNames: []string{lines + "3.DirectoryNumber"}}, lines + `3.DirectoryNumber string "100"`},
		"DeleteObject of a first instance":                {[]cwmp.Message{&cwmp.DeleteObject{ObjectName: lines + "1."}}, &cwmp.GetParameterNames{ParameterPath: lines, NextLevel: true}, lines + "2. true"},
		"DeleteObject twice":                              {[]cwmp.Message{&cwmp.DeleteObject{ObjectName: lines + "1."}}, &cwmp.DeleteObject{ObjectName: lines + "1."}, "fault 9005"},
		"DeleteObject of a table":                         {nil, &cwmp.DeleteObject{ObjectName: lines}, "fault 9005"},
		"DeleteObject of a fixed instance":                {nil, &cwmp.DeleteObject{ObjectName: profile}, "fault 9005"},
		"DeleteObject of what is not there":               {nil, &cwmp.DeleteObject{ObjectName: lines + "9."}, "fault 9005"},
		"DeleteObject with a long key":                    {nil, &cwmp.DeleteObject{ObjectName: lines + "1.", ParameterKey: long}, "fault 9003"},
		"a deleted instance has no parameters":            {[]cwmp.Message{&cwmp.DeleteObject{ObjectName: lines + "1."}}, &cwmp.GetParameterValues{ParameterNames: []string{lines + "1.Enable"}}, "fault 9005"},
		"GetParameterAttributes of a forced one":          {nil, &cwmp.GetParameterAttributes{ParameterNames: []string{"Device.DeviceInfo.SoftwareVersion"}}, "Device.DeviceInfo.SoftwareVersion 2 []"},
		"GetParameterAttributes of an unknown one":        {nil, &cwmp.GetParameterAttributes{ParameterNames: []string{"Device.None"}}, "fault 9005"},
		"SetParameterAttributes of one":                   {[]cwmp.Message{attribute(profile+"Name", 1, "Subscriber")}, &cwmp.GetParameterAttributes{ParameterNames: []string{profile + "Name"}}, profile + "Name 1 [Subscriber]"},
		"SetParameterAttributes below an object":          {[]cwmp.Message{attribute(lines+"1.SIP.", 2)}, &cwmp.GetParameterAttributes{ParameterNames: []string{lines + "1.SIP.URI"}}, lines + "1.SIP.URI 2 []"},
		"SetParameterAttributes leaves what is not meant": {[]cwmp.Message{attribute(profile+"Name", 1, "Subscriber"), &cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{Name: profile + "Name", Notification: 2, AccessListChange: true}}}}, &cwmp.GetParameterAttributes{ParameterNames: []string{profile + "Name"}}, profile + "Name 1 []"},
		"SetParameterAttributes of a counter":             {nil, attribute(lines+"1.Stats.PacketsSent", 2), "fault 9009"},
		"SetParameterAttributes of a forced one":          {nil, attribute("Device.DeviceInfo.SoftwareVersion", 0), "fault 9009"},
		"SetParameterAttributes of a wrong notification":  {nil, attribute(profile+"Name", 7), "fault 9003"},
		"SetParameterAttributes of a wrong access list":   {nil, attribute(profile+"Name", 1, "Everybody"), "fault 9003"},
		"SetParameterAttributes of an unknown one":        {nil, attribute("Device.None", 1), "fault 9005"},
		"SetParameterAttributes takes all or none": {[]cwmp.Message{&cwmp.SetParameterAttributes{ParameterList: append(attribute(profile+"Name", 2).ParameterList, attribute("Device.None", 2).ParameterList...)}},
			&cwmp.GetParameterAttributes{ParameterNames: []string{profile + "Name"}}, profile + "Name 0 []"},
		"Reboot":                                  {nil, &cwmp.Reboot{CommandKey: "a"}, "*cwmp.RebootResponse &{}"},
		"Reboot with a long key":                  {nil, &cwmp.Reboot{CommandKey: long}, "fault 9003"},
		"FactoryReset":                            {nil, &cwmp.FactoryReset{}, "*cwmp.FactoryResetResponse &{}"},
		"Download":                                {nil, &cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "http://files.example/a"}, "*cwmp.DownloadResponse &{Status:1 StartTime:{Raw: Time:0001-01-01 00:00:00 +0000 UTC NoZone:false} CompleteTime:{Raw: Time:0001-01-01 00:00:00 +0000 UTC NoZone:false}}"},
		"Download of a vendor's type":             {nil, &cwmp.Download{FileType: "X 000E08 Custom CA File", URL: "http://files.example/a"}, "*cwmp.DownloadResponse &{Status:1 StartTime:{Raw: Time:0001-01-01 00:00:00 +0000 UTC NoZone:false} CompleteTime:{Raw: Time:0001-01-01 00:00:00 +0000 UTC NoZone:false}}"},
		"Download of an unknown type":             {nil, &cwmp.Download{FileType: "2 Web Content", URL: "http://files.example/a"}, "fault 9003"},
		"Download by tftp":                        {nil, &cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "tftp://files.example/a"}, "fault 9013"},
		"Download with a password in the URL":     {nil, &cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "http://a:b@files.example/a"}, "fault 9003"},
		"Download without a host":                 {nil, &cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "/a"}, "fault 9003"},
		"Download with a long key":                {nil, &cwmp.Download{CommandKey: long, FileType: cwmp.FileTypeFirmware, URL: "http://files.example/a"}, "fault 9003"},
		"more Downloads than the phone bears":     {slices.Repeat([]cwmp.Message{&cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "http://files.example/a"}}, 16), &cwmp.Download{FileType: cwmp.FileTypeFirmware, URL: "http://files.example/a"}, "fault 9004"},
		"an RPC that is unknown":                  {nil, &cwmp.Unknown{Name: "X_00AABB_Ring", Namespace: cwmp.NamespaceV1_2}, "fault 9000"},
		"an RPC that is for the other side":       {nil, &cwmp.TransferComplete{}, "fault 9000"},
		"GetRPCMethods lists what is implemented": {nil, &cwmp.GetRPCMethods{}, "*cwmp.GetRPCMethodsResponse &{MethodList:[GetRPCMethods SetParameterValues GetParameterValues GetParameterNames SetParameterAttributes GetParameterAttributes AddObject DeleteObject Reboot FactoryReset Download Upload ScheduleInform ScheduleDownload CancelTransfer GetQueuedTransfers GetAllQueuedTransfers ChangeDUState SetVouchers GetOptions X_DIALTONE_Echo]}"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := testConfig(nil)
			c.FileTypes = []string{"X 000E08 Custom CA File"}
			d := newTestDevice(t, c)
			for _, m := range test.before {
				d.execute(m)
			}
			if got := summary(d.execute(test.request)); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func attribute(name string, notification int, accessList ...string) *cwmp.SetParameterAttributes {
	return &cwmp.SetParameterAttributes{ParameterList: []cwmp.SetParameterAttributesStruct{{
		Name: name, NotificationChange: true, Notification: notification, AccessListChange: true, AccessList: accessList,
	}}}
}

func TestEveryRPCThatAnACSMaySendIsListedAndAnswered(t *testing.T) {
	for _, m := range cwmp.Methods() {
		if m.From == cwmp.FromCPE || m.Response == "" {
			continue
		}
		d := newTestDevice(t, testConfig(nil))
		if !slices.Contains(d.methods(), m.Name) {
			t.Errorf("GetRPCMethods does not list %s", m.Name)
		}
		envelope, err := cwmp.Encode(&cwmp.Envelope{Namespace: cwmp.NamespaceV1_2, Message: &cwmp.Unknown{Name: m.Name, Namespace: cwmp.NamespaceV1_2}})
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := cwmp.Decode(envelope, cwmp.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		response := d.execute(decoded.Message)
		if fault, ok := response.(*cwmp.Fault); ok && fault.Code == cwmp.FaultMethodNotSupported {
			t.Errorf("%s is not implemented", m.Name)
		} else if !ok && response.Method() != m.Response {
			t.Errorf("%s is answered with %s", m.Name, response.Method())
		}
	}
}

func TestQuirksAreNotAppliedUnlessAsked(t *testing.T) {
	c := testConfig(nil)
	c.Quirks = Quirks{AnyType: true, MaxParameters: 5, Unsupported: []string{"FactoryReset"}}
	d := newTestDevice(t, c)
	for _, test := range []struct {
		request cwmp.Message
		want    string
	}{
		{&cwmp.FactoryReset{}, "fault 9000"},
		{set(text(profile+"SIP.ProxyServerPort", "5061")), "*cwmp.SetParameterValuesResponse &{Status:0}"},
		{&cwmp.GetParameterValues{ParameterNames: []string{"Device.DeviceInfo."}}, "fault 9004"},
		{&cwmp.GetParameterValues{ParameterNames: slices.Repeat([]string{"Device.DeviceInfo.UpTime"}, 6)}, "fault 9004"},
		{&cwmp.GetParameterNames{}, "fault 9004"},
		{&cwmp.GetParameterAttributes{ParameterNames: []string{"Device."}}, "fault 9004"},
		{attribute("Device.", 1), "fault 9004"},
		{set(slices.Repeat([]cwmp.ParameterValueStruct{text("Device.None", "")}, 6)...), "fault 9004"},
	} {
		if got := summary(d.execute(test.request)); got != test.want {
			t.Errorf("%s: got %s, want %s", test.request.Method(), got, test.want)
		}
	}
	if slices.Contains(d.methods(), "FactoryReset") {
		t.Error("an RPC that the device lacks is listed")
	}
}

func TestAnyRPCMayBeMissing(t *testing.T) {
	c := testConfig(nil)
	c.Quirks.Unsupported = newTestDevice(t, c).methods()
	d := newTestDevice(t, c)
	if got := d.methods(); len(got) != 0 {
		t.Errorf("listed: %v", got)
	}
	for _, m := range []cwmp.Message{
		&cwmp.Upload{}, &cwmp.ScheduleInform{}, &cwmp.ScheduleDownload{}, &cwmp.CancelTransfer{}, &cwmp.GetQueuedTransfers{},
		&cwmp.GetAllQueuedTransfers{}, &cwmp.ChangeDUState{}, &cwmp.SetVouchers{}, &cwmp.GetOptions{}, &cwmp.Unknown{Name: EchoMethod},
	} {
		if got := summary(d.execute(m)); got != "fault 9000" {
			t.Errorf("%s: %s", m.Method(), got)
		}
	}
}

func TestExecutedRPCsAreCounted(t *testing.T) {
	c := testConfig(nil)
	c.JournalSize = 2
	d := newTestDevice(t, c)
	d.execute(&cwmp.AddObject{ObjectName: lines, ParameterKey: "one"})
	d.execute(&cwmp.AddObject{ObjectName: lines, ParameterKey: "two"})
	d.execute(&cwmp.AddObject{ObjectName: "Device.None.", ParameterKey: "three"})
	d.execute(&cwmp.Reboot{CommandKey: "r"})
	if diff := cmp.Diff(map[string]int{"AddObject": 2, "Reboot": 1}, d.Counters()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]int{"AddObject": 1}, d.FaultCounters()); diff != "" {
		t.Error(diff)
	}
	want := map[Execution]int{
		{Method: "AddObject", CommandKey: "one", ObjectName: lines}: 1,
		{Method: "AddObject", CommandKey: "two", ObjectName: lines}: 1,
		{Method: "Reboot", CommandKey: "r"}:                         1,
	}
	if diff := cmp.Diff(want, d.Executions()); diff != "" {
		t.Error(diff)
	}
	journal := d.Journal()
	if len(journal) != 2 || journal[0].FaultCode != 9005 || journal[1].CommandKey != "r" {
		t.Errorf("journal %+v", journal)
	}
}

func TestDevicesOfOneModelDoNotShareWhatWasSet(t *testing.T) {
	model, err := NewPhoneModel(RootDevice, 2)
	if err != nil {
		t.Fatal(err)
	}
	c := testConfig(nil)
	c.Model = model
	a, b := newTestDevice(t, c), newTestDevice(t, c)
	before := b.Parameters()
	a.execute(set(text(profile+"Name", "a")))
	a.execute(&cwmp.AddObject{ObjectName: lines})
	a.execute(&cwmp.DeleteObject{ObjectName: lines + "1."})
	a.execute(attribute("Device.", 1, "Subscriber"))
	if diff := cmp.Diff(names(before), names(b.Parameters())); diff != "" {
		t.Error(diff)
	}
	if value, _ := b.Parameter(profile + "Name"); value != "Profile 1" {
		t.Errorf("the other device has %q", value)
	}
}

func names(values []cwmp.ParameterValueStruct) []string {
	var list []string
	for _, v := range values {
		list = append(list, v.Name)
	}
	return list
}

// TestTheTreeBehavesLikeAPlainMap compares the copy-on-write tree with a map of
// paths under any order of AddObject, DeleteObject and SetParameterValues.
func TestTheTreeBehavesLikeAPlainMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, err := New(testConfig(nil))
		if err != nil {
			t.Fatal(err)
		}
		instances := map[int]string{1: "", 2: ""}
		highest := 2
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			number := rapid.IntRange(1, highest+1).Draw(t, "number")
			_, exists := instances[number]
			path := fmt.Sprintf("%s%d.", lines, number)
			switch rapid.SampledFrom([]string{"add", "delete", "set"}).Draw(t, "step") {
			case "add":
				r, ok := d.execute(&cwmp.AddObject{ObjectName: lines}).(*cwmp.AddObjectResponse)
				if ok != (len(instances) < 16) {
					t.Fatalf("AddObject with %d instances: %t", len(instances), ok)
				}
				if ok {
					highest++
					if r.InstanceNumber != highest {
						t.Fatalf("AddObject gave %d, want %d", r.InstanceNumber, highest)
					}
					instances[highest] = ""
				}
			case "delete":
				_, ok := d.execute(&cwmp.DeleteObject{ObjectName: path}).(*cwmp.DeleteObjectResponse)
				if ok != exists {
					t.Fatalf("DeleteObject %s: %t, want %t", path, ok, exists)
				}
				delete(instances, number)
			case "set":
				value := rapid.StringMatching("[0-9]{1,8}").Draw(t, "value")
				_, ok := d.execute(set(text(path+"DirectoryNumber", value))).(*cwmp.SetParameterValuesResponse)
				if ok != exists {
					t.Fatalf("SetParameterValues %s: %t, want %t", path, ok, exists)
				}
				if exists {
					instances[number] = value
				}
			}
			got := make(map[int]string)
			for _, n := range d.tree.instances(lines) {
				got[n], _ = d.Parameter(fmt.Sprintf("%s%d.DirectoryNumber", lines, n))
			}
			if diff := cmp.Diff(instances, got); diff != "" {
				t.Fatal(diff)
			}
		}
	})
}
