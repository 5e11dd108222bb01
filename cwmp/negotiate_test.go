package cwmp

import (
	"errors"
	"slices"
	"testing"
)

func TestTheVersionIsTheHighestInCommonOrFollowsFromTheNamespace(t *testing.T) {
	for _, c := range []struct {
		name           string
		namespace      string
		supported      []string
		sessionTimeout bool
		version        string
		use            bool
		err            error
	}{
		{"all are offered", NamespaceV1_2, []string{"1.0", "1.1", "1.2", "1.3", "1.4"}, true, "1.4", true, nil},
		{"in any order", NamespaceV1_0, []string{"1.2", "1.0"}, false, "1.2", true, nil},
		{"with some that are not known", NamespaceV1_2, []string{"2.0", "1.1", "1.10"}, false, "1.1", true, nil},
		{"none in common", NamespaceV1_2, []string{"9.9"}, false, "", false, ErrVersion},
		{"1-0 without the header", NamespaceV1_0, nil, true, "1.0", false, nil},
		{"1-1 without the header", NamespaceV1_1, nil, false, "1.1", false, nil},
		{"1-2 without the header", NamespaceV1_2, nil, false, "1.2", false, nil},
		{"1-2 with a session timeout", NamespaceV1_2, nil, true, "1.3", false, nil},
		{"the unofficial 1-3", "urn:dslforum-org:cwmp-1-3", nil, false, "1.3", false, nil},
		{"the unofficial 1-4", "urn:dslforum-org:cwmp-1-4", nil, false, "1.4", false, nil},
		{"one that is yet to come", "urn:dslforum-org:cwmp-1-12", nil, false, "1.4", false, nil},
		{"no namespace", "", nil, false, "1.0", false, nil},
		{"a foreign namespace", "urn:x", nil, false, "", false, ErrVersion},
	} {
		version, use, err := Negotiate(c.namespace, c.supported, c.sessionTimeout)
		if version != c.version || use != c.use || !errors.Is(err, c.err) {
			t.Errorf("%s: got %q, %v, %v", c.name, version, use, err)
		}
	}
}

func TestVersionsAreOrderedAndHaveANamespace(t *testing.T) {
	if !AtLeast("1.4", "1.1") || !AtLeast("1.1", "1.1") || AtLeast("1.0", "1.1") || AtLeast("2.0", "1.0") {
		t.Error("wrong order")
	}
	want := []string{NamespaceV1_0, NamespaceV1_1, NamespaceV1_2, NamespaceV1_2, NamespaceV1_2}
	for i, v := range Versions() {
		if got := NamespaceOf(v); got != want[i] {
			t.Errorf("%s: %q", v, got)
		}
	}
	if NamespaceOf("1.5") != "" {
		t.Error("a version that is not known has a namespace")
	}
}

func TestTheTableTellsWhatADeviceMustHave(t *testing.T) {
	var required []string
	for _, m := range Methods() {
		if !slices.Contains(Versions(), m.Since) {
			t.Errorf("%s: since %q", m.Name, m.Since)
		}
		if m.Response != "" && m.From != FromCPE && !m.Optional {
			required = append(required, m.Name)
		}
	}
	slices.Sort(required)
	want := []string{"AddObject", "DeleteObject", "Download", "GetParameterAttributes", "GetParameterNames", "GetParameterValues",
		"GetRPCMethods", "Reboot", "SetParameterAttributes", "SetParameterValues"}
	wantEqual(t, "required of a device", required, want)
}

func TestAHeaderThatADeviceMustNotSendIsNamed(t *testing.T) {
	for _, c := range []struct {
		envelope Envelope
		want     string
	}{
		{Envelope{HasID: true, SessionTimeout: 60, SupportedCWMPVersions: []string{"1.4"}, NoMoreRequests: true, Message: &Inform{}}, ""},
		{Envelope{HoldRequests: true, Message: &Inform{}}, "HoldRequests"},
		{Envelope{HoldRequestsOver: true, Message: &RebootResponse{}}, "HoldRequests"},
		{Envelope{UseCWMPVersion: "1.4", Message: &Inform{}}, "UseCWMPVersion"},
		{Envelope{SessionTimeout: 60, Message: &GetRPCMethods{}}, "SessionTimeout"},
		{Envelope{SupportedCWMPVersions: []string{"1.4"}, Message: &TransferComplete{}}, "SupportedCWMPVersions"},
	} {
		if got := c.envelope.HeaderOutOfPlace(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
