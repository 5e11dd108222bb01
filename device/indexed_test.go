package device

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device/query"
)

const (
	lineStatus    = "Device.Services.VoiceService.1.VoiceProfile.1.Line.1.Status"
	igdLineStatus = "InternetGatewayDevice.Services.VoiceService.1.VoiceProfile.1.Line.1.Status"
	vlan          = "Device.Ethernet.VLANTermination.1.VLANID"
)

func parseIndexed(t *testing.T, paths map[string]string) IndexedParameters {
	t.Helper()
	p, err := ParseIndexedParameters(paths)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAnIndexedParameterIsFoundByEachOfItsPaths(t *testing.T) {
	p := parseIndexed(t, map[string]string{"registration": lineStatus + "|" + igdLineStatus, "vlan": vlan})
	for path, want := range map[string]string{lineStatus: "registration", igdLineStatus: "registration", vlan: "vlan", "Device.X": "", "": ""} {
		if name, ok := p.Name(path); name != want || ok != (want != "") {
			t.Errorf("%s is %q, %v, want %q", path, name, ok, want)
		}
	}
	if diff := cmp.Diff([]string{"registration", "vlan"}, p.Names()); diff != "" {
		t.Error(diff)
	}
	var none IndexedParameters
	if _, ok := none.Name(vlan); ok || len(none.Names()) != 0 {
		t.Error("the zero value indexes something")
	}
}

func TestIndexedParametersThatCannotBeAreRefusedAndSayWhatIsWrong(t *testing.T) {
	many, paths := map[string]string{}, []string{}
	for i := range MaxIndexedParameters + 1 {
		many[fmt.Sprintf("name%d", i)] = fmt.Sprintf("Device.X%d", i)
		paths = append(paths, fmt.Sprintf("Device.X%d", i))
	}
	for _, c := range []struct {
		name  string
		paths map[string]string
		says  string
	}{
		{"an empty name", map[string]string{"": "Device.X"}, `name ""`},
		{"a name with a dot", map[string]string{"a.b": "Device.X"}, `name "a.b"`},
		{"a name that begins with a capital", map[string]string{"Vlan": "Device.X"}, `name "Vlan"`},
		{"a name that begins with a digit", map[string]string{"1a": "Device.X"}, `name "1a"`},
		{"a name with a letter beyond ASCII", map[string]string{"é": "Device.X"}, `name "é"`},
		{"a name that is too long", map[string]string{strings.Repeat("a", MaxIndexedName+1): "Device.X"}, "at most 32"},
		{"names that differ only in case", map[string]string{"vlanId": "Device.X", "vlanID": "Device.Y"}, "differ only in case"},
		{"too many names", many, "at most 16"},
		{"too many paths", map[string]string{"a": strings.Join(paths, "|")}, "at most 16"},
		{"no path", map[string]string{"a": ""}, "must not be empty"},
		{"an empty alternative", map[string]string{"a": "Device.X|"}, "must not be empty"},
		{"white space around an alternative", map[string]string{"a": "Device.X | Device.Y"}, "white space"},
		{"an object", map[string]string{"a": "Device.X."}, "names an object"},
		{"a name without its root", map[string]string{"a": "Status"}, "full name"},
		{"a path twice under one name", map[string]string{"a": "Device.X|Device.X"}, "a path of a already"},
		{"a path under two names", map[string]string{"a": "Device.X", "b": "Device.X"}, "a path of a already"},
		{"a secret", map[string]string{"a": "Device.ManagementServer.Password"}, "secret"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseIndexedParameters(c.paths)
			if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v, want one that says %q", err, c.says)
			}
		})
	}
	parseIndexed(t, map[string]string{strings.Repeat("a", MaxIndexedName): "Device.X", "b2C": "Device.Y"})
}

func TestAValueIsIndexedAsAWholeOrNotAtAll(t *testing.T) {
	longest := strings.Repeat("é", MaxIndexedValue/2)
	for value, want := range map[string]string{"": "", "Up": "Up", "a\x00b": "", "\xff": "", longest: longest, longest + "x": ""} {
		if got := IndexedValue(value); got != want {
			t.Errorf("%q is indexed as %q, want %q", value, got, want)
		}
	}
}

func TestAParameterIsGoneOnceNoneOfThePathsThatTheDeviceCanHaveIsThere(t *testing.T) {
	p := parseIndexed(t, map[string]string{"status": "Device.A.1.S|InternetGatewayDevice.A.1.S", "either": "Device.A.1.E|Device.B.1.E", "other": "Device.C.O"})
	for _, c := range []struct {
		name, root, branch string
		there              []string
		want               []string
	}{
		{"an instance is deleted", "Device.", "Device.A.1.", nil, []string{"status"}},
		{"another instance is deleted", "Device.", "Device.A.2.", nil, nil},
		{"a branch without one of two paths", "Device.", "Device.A.", []string{"Device.A.1.S"}, nil},
		{"the whole tree with all of them", "Device.", "Device.", []string{"Device.A.1.S", "Device.B.1.E", "Device.C.O"}, nil},
		{"the whole tree with none of them", "Device.", "Device.", nil, []string{"either", "other", "status"}},
		{"the whole tree, called by the empty path", "Device.", "", []string{"Device.C.O"}, []string{"either", "status"}},
		{"a device of another root", "InternetGatewayDevice.", "InternetGatewayDevice.", nil, []string{"status"}},
		{"a device whose root is not known", "", "Device.A.", nil, nil},
		{"a single parameter that is there", "Device.", "Device.C.O", []string{"Device.C.O"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			has := func(path string) bool { return strings.Contains(strings.Join(c.there, " "), path) }
			if diff := cmp.Diff(c.want, p.Gone(c.root, c.branch, has)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReportedValuesOfIndexedParametersAreMergedIntoTheRecord(t *testing.T) {
	known := map[string]string{"registration": "Up"}
	d := Device{Indexed: known}.Note(Reported{Indexed: map[string]string{"vlan": "100"}})
	if diff := cmp.Diff(map[string]string{"registration": "Up", "vlan": "100"}, d.Indexed); diff != "" {
		t.Error(diff)
	}
	if len(known) != 1 {
		t.Error("the record that was noted on is changed too")
	}
	d = d.Note(Reported{Indexed: map[string]string{"registration": ""}})
	if diff := cmp.Diff(map[string]string{"registration": "", "vlan": "100"}, d.Indexed); diff != "" {
		t.Error(diff)
	}
	same := Reported{Indexed: map[string]string{"vlan": "100"}}
	if n := testing.AllocsPerRun(10, func() { _ = d.Note(same) }); n > 0 {
		t.Errorf("a value that is unchanged costs %v allocations", n)
	}
}

func TestAnIndexedParameterIsAFieldOfTheSchema(t *testing.T) {
	d := Device{Indexed: map[string]string{"registration": "Up"}}
	record := func(name string) (query.Value, bool) { return d.Field(name, testStart) }
	schema := Schema("registration", "vlan")
	for text, want := range map[string]bool{
		"parameter.registration = up": true, "parameter.registration:P": true, "parameter.registration != Up": false,
		"parameter.vlan:*": false, `parameter.vlan = ""`: true, "parameter.vlan = 100": false, "up": false,
	} {
		e, err := query.Parse(schema, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := query.Match(e, record); got != want {
			t.Errorf("%s matches: %v, want %v", text, got, want)
		}
	}
	if orders, err := query.ParseOrderBy(schema, "parameter.registration desc"); err != nil || len(orders) != 1 {
		t.Errorf("order is %v, %v", orders, err)
	}
	for _, text := range []string{"parameter.color = red", "parameter. = red"} {
		if _, err := query.Parse(schema, text); err == nil || !strings.Contains(err.Error(), "parameter.registration, parameter.vlan") {
			t.Errorf("%s: error is %v, want one that names the fields", text, err)
		}
	}
	if _, err := query.Parse(schema, "parameter.registrations = Up"); err == nil || !strings.Contains(err.Error(), "did you mean parameter.registration?") {
		t.Errorf("error is %v, want one that names the nearest", err)
	}
}
