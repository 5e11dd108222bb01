package cpe

import (
	"slices"
	"strings"
	"testing"

	"github.com/dialtone-acs/dialtone/cwmp"
)

func modelOf(t *testing.T, voice Voice, lines int) *Model {
	t.Helper()
	m, err := NewVoiceModel(RootDevice, voice, lines)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestEveryArrangementHasItsOwnNames(t *testing.T) {
	for voice, want := range map[Voice]struct{ has, hasNot string }{
		"":            {"Services.VoiceService.1.VoiceProfile.1.Line.3.SIP.URI", "Services.VoiceService.1.VoiceProfile.2."},
		VoiceLines:    {"Services.VoiceService.1.VoiceProfile.1.Line.3.SIP.URI", "Services.VoiceService.1.VoiceProfile.2."},
		VoiceProfiles: {"Services.VoiceService.1.VoiceProfile.3.Line.1.SIP.URI", "Services.VoiceService.1.VoiceProfile.1.Line.2."},
		VoiceShort:    {"VoiceService.VoiceProfile.3.Line.1.SIP.URI", "Services."},
		VoiceIssue2:   {"Services.VoiceService.1.CallControl.CallingFeatures.Set.3.CallerIDName", "Services.VoiceService.1.VoiceProfile."},
	} {
		m := modelOf(t, voice, 3)
		if lookup(m.entries, RootDevice+want.has) == nil {
			t.Errorf("%q has no %s", voice, want.has)
		}
		for _, e := range m.entries {
			if strings.HasPrefix(e.path, RootDevice+want.hasNot) || strings.Contains(e.path, "PROFILE") {
				t.Errorf("%q has %s", voice, e.path)
				break
			}
		}
		for i := 1; i < len(m.entries); i++ {
			if m.entries[i-1].path >= m.entries[i].path {
				t.Errorf("%q: %s is out of order, or there twice", voice, m.entries[i].path)
			}
		}
	}
	if !slices.Contains(Voices(), VoiceShort) || len(Voices()) != 4 {
		t.Errorf("arrangements %v", Voices())
	}
	if _, err := NewVoiceModel(RootDevice, "issue3", 1); err == nil {
		t.Error("an arrangement that there is not has no error")
	}
}

func TestObjectsAreAddedInEveryArrangement(t *testing.T) {
	for table, voice := range map[string]Voice{
		"Services.VoiceService.1.VoiceProfile.1.Line.":             VoiceLines,
		"Services.VoiceService.1.VoiceProfile.":                    VoiceProfiles,
		"VoiceService.VoiceProfile.":                               VoiceShort,
		"Services.VoiceService.1.SIP.Client.":                      VoiceIssue2,
		"Services.VoiceService.1.SIP.Network.":                     VoiceIssue2,
		"Services.VoiceService.1.CallControl.Line.":                VoiceIssue2,
		"Services.VoiceService.1.CallControl.Extension.":           VoiceIssue2,
		"Services.VoiceService.1.CallControl.CallingFeatures.Set.": VoiceIssue2,
		"Services.VoiceService.1.VoIPProfile.":                     VoiceIssue2,
	} {
		acs := newTestACS(t, &cwmp.AddObject{ObjectName: RootDevice + table, ParameterKey: "k"})
		c := testConfig(acs)
		c.Voice, c.Lines = voice, 1
		d := start(t, c)
		if added, ok := acs.answers[0].(*cwmp.AddObjectResponse); !ok || added.InstanceNumber != 2 {
			t.Errorf("%s: %+v", table, acs.answers[0])
		}
		if n := d.Executions()[Execution{Method: "AddObject", CommandKey: "k", ObjectName: RootDevice + table}]; n != 1 {
			t.Errorf("%s: executed %d times", table, n)
		}
	}
	acs := newTestACS(t, &cwmp.AddObject{ObjectName: RootDevice + "Services.VoiceService.1.VoiceProfile."})
	start(t, testConfig(acs))
	if _, ok := acs.answers[0].(*cwmp.Fault); !ok {
		t.Errorf("a profile is added where there is one for all: %+v", acs.answers[0])
	}
}

func TestAnAccountOfTheSecondIssueComesUpAndHidesItsPassword(t *testing.T) {
	const service = "Device.Services.VoiceService.1."
	set := sets("k", service+"SIP.Client.1.AuthPassword", "secret", service+"SIP.Client.1.Network", service+"SIP.Network.1.", service+"CallControl.Line.1.Provider", service+"SIP.Client.1.")
	for _, path := range []string{"SIP.Client.1.Enable", "CallControl.Line.1.Enable"} {
		set.ParameterList = append(set.ParameterList, cwmp.ParameterValueStruct{Name: service + path, Value: "true", Type: cwmp.TypeBoolean})
	}
	acs := newTestACS(t, set, &cwmp.GetParameterValues{ParameterNames: []string{service + "SIP.Client.1.AuthPassword"}})
	c := testConfig(acs)
	c.Voice = VoiceIssue2
	d := start(t, c)
	wantParameter(t, d, service+"SIP.Client.1.Status", "Up")
	wantParameter(t, d, service+"CallControl.Line.1.Status", "Up")
	wantParameter(t, d, service+"SIP.Client.1.AuthPassword", "secret")
	if read, ok := acs.answers[1].(*cwmp.GetParameterValuesResponse); !ok || read.ParameterList[0].Value != "" {
		t.Errorf("reads back %+v", acs.answers[1])
	}
	if summary, _ := d.Parameter("Device.DeviceSummary"); !strings.Contains(summary, "VoiceService:2.0") {
		t.Errorf("summary %q", summary)
	}
}
