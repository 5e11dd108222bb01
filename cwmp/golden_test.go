package cwmp

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// goldenMessages has one full example of every message; where the two sides send
// different things under one name, one for each.
func goldenMessages() map[string]Message {
	parameters := []ParameterValueStruct{
		{Name: "Device.Time.NTPServer1", Value: "ntp.example.net", Type: TypeString},
		{Name: "Device.ManagementServer.PeriodicInformEnable", Value: "1", Type: TypeBoolean},
		{Name: "Device.X_EXAMPLE_Note", Value: " <a href=\"x\">5 > 4 & ok</a>\r\n\tend \u00e9\u4e2d\U0001F4DE ", Type: TypeString},
	}
	return map[string]Message{
		"Inform.cpe":                   sampleInform(),
		"InformResponse.acs":           &InformResponse{MaxEnvelopes: 1},
		"TransferComplete.cpe":         &TransferComplete{CommandKey: "task 1", Fault: FaultStruct{FaultTransferFileCorrupted, "checksum"}, StartTime: NewDateTime(testTime), CompleteTime: ParseDateTime(UnknownTime)},
		"TransferCompleteResponse.acs": &TransferCompleteResponse{},
		"GetRPCMethods.acs":            &GetRPCMethods{},
		"GetRPCMethods.cpe":            &GetRPCMethods{},
		"GetRPCMethodsResponse.acs":    &GetRPCMethodsResponse{MethodList: []string{"Inform", "GetRPCMethods", "TransferComplete"}},
		"GetRPCMethodsResponse.cpe":    &GetRPCMethodsResponse{MethodList: []string{"GetRPCMethods", "SetParameterValues", "X_00AABB_Ring"}},
		"GetParameterValues.acs":       &GetParameterValues{ParameterNames: []string{"Device.DeviceInfo.", "Device.Time.NTPServer1", ""}},
		"GetParameterValuesResponse.cpe": &GetParameterValuesResponse{ParameterList: append([]ParameterValueStruct{
			{Name: "Device.A", Value: "-2147483648", Type: TypeInt},
			{Name: "Device.B", Value: "4294967295", Type: TypeUnsignedInt},
			{Name: "Device.C", Value: "-9223372036854775808", Type: TypeLong},
			{Name: "Device.D", Value: "18446744073709551615", Type: TypeUnsignedLong},
			{Name: "Device.E", Value: "2026-03-14T15:09:26Z", Type: TypeDateTime},
			{Name: "Device.F", Value: "AAEC\nAwQF", Type: TypeBase64},
			{Name: "Device.G", Value: "00ff", Type: TypeHexBinary},
			{Name: "Device.H", Value: "-1.50", Type: TypeDecimal},
			{Name: "Device.I", Value: "", Type: TypeString},
			{Name: "Device.J", Type: TypeString, NoValue: true},
		}, parameters...)},
		"SetParameterValues.acs":         &SetParameterValues{ParameterList: parameters, ParameterKey: "generation 5"},
		"SetParameterValuesResponse.cpe": &SetParameterValuesResponse{Status: 1},
		"GetParameterNames.acs":          &GetParameterNames{ParameterPath: "Device.Services.", NextLevel: true},
		"GetParameterNamesResponse.cpe": &GetParameterNamesResponse{ParameterList: []ParameterInfoStruct{
			{Name: "Device.Services.VoiceService.", Writable: true},
			{Name: "Device.Services.VoiceServiceNumberOfEntries"},
		}},
		"GetParameterAttributes.acs": &GetParameterAttributes{ParameterNames: []string{"Device.DeviceInfo.SoftwareVersion"}},
		"GetParameterAttributesResponse.cpe": &GetParameterAttributesResponse{ParameterList: []ParameterAttributeStruct{
			{Name: "Device.DeviceInfo.SoftwareVersion", Notification: 2, AccessList: []string{"Subscriber", "X_00AABB_User"}},
			{Name: "Device.DeviceInfo.UpTime"},
		}},
		"SetParameterAttributes.acs": &SetParameterAttributes{ParameterList: []SetParameterAttributesStruct{
			{Name: "Device.DeviceInfo.SoftwareVersion", NotificationChange: true, Notification: 2},
			{Name: "Device.Services.", AccessListChange: true, AccessList: []string{"Subscriber"}},
		}},
		"SetParameterAttributesResponse.cpe": &SetParameterAttributesResponse{},
		"AddObject.acs":                      &AddObject{ObjectName: "Device.Services.VoiceService.1.VoiceProfile.1.Line.", ParameterKey: "generation 5"},
		"AddObjectResponse.cpe":              &AddObjectResponse{InstanceNumber: 268435457, Status: 1},
		"DeleteObject.acs":                   &DeleteObject{ObjectName: "Device.Services.VoiceService.1.VoiceProfile.1.Line.2.", ParameterKey: "generation 5"},
		"DeleteObjectResponse.cpe":           &DeleteObjectResponse{Status: 1},
		"Reboot.acs":                         &Reboot{CommandKey: "task 2"},
		"RebootResponse.cpe":                 &RebootResponse{},
		"FactoryReset.acs":                   &FactoryReset{},
		"FactoryResetResponse.cpe":           &FactoryResetResponse{},
		"Download.acs": &Download{
			CommandKey: "task 1", FileType: FileTypeFirmware, URL: "http://acs.example.net:7567/files/t/abc/fw.loads?x=1&y=2",
			Username: "user", Password: "p:<\">&", FileSize: 52428800, DelaySeconds: 5,
		},
		"DownloadResponse.cpe": &DownloadResponse{Status: 1, StartTime: ParseDateTime(UnknownTime), CompleteTime: ParseDateTime(UnknownTime)},
		"AutonomousTransferComplete.cpe": &AutonomousTransferComplete{
			AnnounceURL: "http://files.example.net/announce", TransferURL: "http://files.example.net/tone.wav", IsDownload: true,
			FileType: FileTypeTone, FileSize: 4294967295, TargetFileName: "tone & ring", Fault: FaultStruct{FaultTransferIncomplete, "cut"},
			StartTime: NewDateTime(testTime), CompleteTime: ParseDateTime(UnknownTime),
		},
		"AutonomousTransferCompleteResponse.acs": &AutonomousTransferCompleteResponse{},
		"Kicked.cpe":                             &Kicked{Command: "portal", Referer: "http://192.0.2.17/", Arg: "a=1&b=2", Next: "http://www.example.net/"},
		"KickedResponse.acs":                     &KickedResponse{NextURL: "http://portal.example.net/?a=1&b=2"},
		"RequestDownload.cpe":                    &RequestDownload{FileType: FileTypeRinger, FileTypeArg: []ArgStruct{{"Name", " chime "}, {"Length", "30"}}},
		"RequestDownloadResponse.acs":            &RequestDownloadResponse{},
		"DUStateChangeComplete.cpe":              &DUStateChangeComplete{Results: goldenResults(), CommandKey: "task 3"},
		"DUStateChangeCompleteResponse.acs":      &DUStateChangeCompleteResponse{},
		"AutonomousDUStateChangeComplete.cpe": &AutonomousDUStateChangeComplete{Results: []AutonOpResultStruct{
			{OpResultStruct: goldenResults()[0], OperationPerformed: OperationUpdate},
			{OpResultStruct: goldenResults()[1], OperationPerformed: OperationInstall},
		}},
		"AutonomousDUStateChangeCompleteResponse.acs": &AutonomousDUStateChangeCompleteResponse{},
		"Upload.acs": &Upload{
			CommandKey: "task 4", FileType: FileTypeUploadNumberedLog + " 2", URL: "http://acs.example.net:7567/files/u/abc?x=1&y=2",
			Username: "user", Password: "p:<\">&", DelaySeconds: 5,
		},
		"UploadResponse.cpe":         &UploadResponse{Status: 1, StartTime: ParseDateTime(UnknownTime), CompleteTime: ParseDateTime(UnknownTime)},
		"ScheduleInform.acs":         &ScheduleInform{DelaySeconds: 3600, CommandKey: "task 5"},
		"ScheduleInformResponse.cpe": &ScheduleInformResponse{},
		"ScheduleDownload.acs": &ScheduleDownload{
			CommandKey: "task 6", FileType: FileTypeFirmware, URL: "http://acs.example.net/fw.loads", Username: "user", Password: "secret",
			FileSize: 52428800, TargetFileName: "fw.loads", TimeWindowList: []TimeWindowStruct{
				{WindowStart: 3600, WindowEnd: 7200, WindowMode: WindowConfirmationNeeded, UserMessage: "Update <now>?", MaxRetries: 3},
				{WindowStart: 86400, WindowEnd: 4294967295, WindowMode: WindowAtAnyTime, MaxRetries: -1},
			},
		},
		"ScheduleDownloadResponse.cpe": &ScheduleDownloadResponse{},
		"CancelTransfer.acs":           &CancelTransfer{CommandKey: "task 6"},
		"CancelTransferResponse.cpe":   &CancelTransferResponse{},
		"GetQueuedTransfers.acs":       &GetQueuedTransfers{},
		"GetQueuedTransfersResponse.cpe": &GetQueuedTransfersResponse{TransferList: []QueuedTransferStruct{
			{"task 4", TransferInProgress}, {"task 6", TransferNotStarted},
		}},
		"GetAllQueuedTransfers.acs": &GetAllQueuedTransfers{},
		"GetAllQueuedTransfersResponse.cpe": &GetAllQueuedTransfersResponse{TransferList: []AllQueuedTransferStruct{
			{CommandKey: "task 6", State: TransferNotStarted, IsDownload: true, FileType: FileTypeFirmware, FileSize: 52428800, TargetFileName: "fw.loads"},
			{State: TransferCompleted, FileType: "7 Vendor Log File 2"},
		}},
		"ChangeDUState.acs": &ChangeDUState{Operations: []OperationStruct{
			InstallOpStruct{URL: "http://files.example.net/a.pkg?x=1&y=2", UUID: goldenResults()[0].UUID, Username: "user", Password: "p<", ExecutionEnvRef: "Device.SoftwareModules.ExecEnv.1."},
			InstallOpStruct{URL: "http://files.example.net/b.pkg"},
			UpdateOpStruct{UUID: goldenResults()[0].UUID, Version: "1.0", URL: "http://files.example.net/a2.pkg", Username: "user", Password: "secret"},
			UpdateOpStruct{},
			UninstallOpStruct{UUID: goldenResults()[0].UUID, Version: "1.0", ExecutionEnvRef: "Device.SoftwareModules.ExecEnv.1."},
			UninstallOpStruct{UUID: goldenResults()[1].UUID},
		}, CommandKey: "task 3"},
		"ChangeDUStateResponse.cpe": &ChangeDUStateResponse{},
		"SetVouchers.acs":           &SetVouchers{VoucherList: []string{"PHZvdWNoZXIvPg==", "AAEC"}},
		"SetVouchersResponse.cpe":   &SetVouchersResponse{},
		"GetOptions.acs":            &GetOptions{OptionName: "Recording & more"},
		"GetOptionsResponse.cpe": &GetOptionsResponse{OptionList: []OptionStruct{
			{OptionName: "Recording", VoucherSN: 4294967295, State: 3, Mode: 1, StartDate: NewDateTime(testTime), ExpirationDate: NewDateTime(testTime), IsTransferable: 1},
			{OptionName: "Paging", Mode: 2, StartDate: NewDateTime(testTime)},
		}},
		"Fault.acs": NewFault(FaultACSMethodNotSupported, ""),
		"Fault.cpe": &Fault{SOAPCode: SOAPClient, SOAPString: "CWMP fault", Detail: true, Code: FaultInvalidArguments, String: "Invalid arguments",
			ParameterFaults: []SetParameterValuesFault{
				{"Device.DeviceInfo.UpTime", FaultNonWritableParameter, "Attempt to set a non-writable parameter"},
				{"Device.Time.NTPServer1", FaultInvalidParameterValue, "no <such> host"},
			}},
	}
}

func goldenResults() []OpResultStruct {
	return []OpResultStruct{{
		UUID: "00000000-0000-5000-8000-000000000001", DeploymentUnitRef: "Device.SoftwareModules.DeploymentUnit.1.", Version: "1.0",
		CurrentState: DeploymentUnitInstalled, Resolved: true, ExecutionUnitRefList: "Device.SoftwareModules.ExecutionUnit.1.,Device.SoftwareModules.ExecutionUnit.2.",
		StartTime: NewDateTime(testTime), CompleteTime: NewDateTime(testTime),
	}, {
		UUID: "00000000-0000-5000-8000-000000000002", CurrentState: DeploymentUnitFailed,
		StartTime: ParseDateTime(UnknownTime), CompleteTime: ParseDateTime(UnknownTime),
		Fault: FaultStruct{FaultUnknownExecutionEnvironment, "no <such> environment"},
	}}
}

func goldenEnvelope(m Message) *Envelope {
	return &Envelope{ID: "a&b <1>", HasID: true, Namespace: NamespaceV1_2, Message: m}
}

func TestEveryMessageIsWrittenAndReadAsItsGoldenFile(t *testing.T) {
	for name, message := range goldenMessages() {
		t.Run(name, func(t *testing.T) {
			envelope := goldenEnvelope(message)
			got := mustEncode(t, envelope)
			file := name + ".xml"
			if *update {
				if err := os.WriteFile(filepath.Join("testdata", file), got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want := readFile(t, file)
			if !bytes.Equal(got, want) {
				t.Errorf("Encode:\n got %s\nwant %s", got, want)
			}
			wantEqual(t, "Decode", mustDecode(t, want), envelope)
		})
	}
}

func TestEveryMethodHasAGoldenFileOfEachSenderAndAResponse(t *testing.T) {
	names := map[string]bool{}
	for _, m := range Methods() {
		names[m.Name] = true
		senders := []string{m.From.String()}
		if m.From == FromEither {
			senders = []string{FromACS.String(), FromCPE.String()}
		}
		for _, sender := range senders {
			message := goldenMessages()[m.Name+"."+sender]
			if message == nil || message.Method() != m.Name {
				t.Errorf("%s from %s: no golden message", m.Name, sender)
			}
			readFile(t, m.Name+"."+sender+".xml")
		}
	}
	for _, m := range Methods() {
		isRequest := m.Name != "Fault" && !strings.HasSuffix(m.Name, "Response")
		if isRequest != (m.Response != "") || isRequest && !names[m.Response] {
			t.Errorf("%s: response %q", m.Name, m.Response)
		}
	}
}

func TestThereIsNoGoldenFileWithoutAMessage(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		t.Fatal(err)
	}
	headers := []string{"headers", "versions", "VendorRPC.acs"}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".xml")
		if goldenMessages()[name] == nil && !slices.Contains(headers, name) {
			t.Errorf("%s belongs to no message", file)
		}
	}
}

func TestTheHeadersOfVersion1_4AreWrittenAndReadAsTheGoldenFile(t *testing.T) {
	envelope := &Envelope{
		ID: "1", HasID: true, Namespace: NamespaceV1_2, HoldRequestsOver: true,
		SupportedCWMPVersions: []string{"1.0", "1.1", "1.4"}, UseCWMPVersion: "1.4", Message: &GetRPCMethods{},
	}
	got := mustEncode(t, envelope)
	writeGolden(t, "versions.xml", got)
	if want := readFile(t, "versions.xml"); !bytes.Equal(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	wantEqual(t, "Decode", mustDecode(t, got), envelope)
}

func TestAVendorsRPCIsWrittenAsTheGoldenFileAndReadAsUnknown(t *testing.T) {
	m := &VendorRPC{Name: "X_00AABB_Ring", Body: `<Line>1</Line><Tone xsi:type="xsd:string">a &amp; b</Tone>`}
	got := mustEncode(t, goldenEnvelope(m))
	writeGolden(t, "VendorRPC.acs.xml", got)
	if want := readFile(t, "VendorRPC.acs.xml"); !bytes.Equal(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	wantEqual(t, "Decode", mustDecode(t, got).Message, Message(&Unknown{Name: "X_00AABB_Ring", Namespace: NamespaceV1_2,
		Content: `<Line>1</Line><Tone xsi:type="xsd:string" xmlns:xsi="` + namespaceInstance + `" xmlns:xsd="` + namespaceSchema + `">a &amp; b</Tone>`}))
}

func writeGolden(t *testing.T, name string, data []byte) {
	t.Helper()
	if !*update {
		return
	}
	if err := os.WriteFile(filepath.Join("testdata", name), data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestAllHeadersAreWrittenAndReadAsTheGoldenFile(t *testing.T) {
	envelope := &Envelope{ID: "", HasID: true, Namespace: NamespaceV1_1, HoldRequests: true, NoMoreRequests: true, SessionTimeout: 300, Message: &GetRPCMethods{}}
	got := mustEncode(t, envelope)
	if *update {
		if err := os.WriteFile("testdata/headers.xml", got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want := readFile(t, "headers.xml"); !bytes.Equal(got, want) {
		t.Errorf("got %s\nwant %s", got, want)
	}
	wantEqual(t, "Decode", mustDecode(t, got), envelope)
}
