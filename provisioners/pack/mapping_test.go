package pack_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

const (
	tinyMapping = `version: 1
profile: {file: '{mac}.cfg', fileType: 3 Vendor Configuration File}
discover: [Services.VoiceService., Time.]
parameters:
  - {setting: time.zone, path: Time.LocalTimeZone, convert: posix}
`
	anyManifest = `name: any
title: Any phone
version: 1
fallback: true
models:
  - {name: generic, lines: 100, keys: 200}
`
	anyMapping = `version: 1
discover: [Time.]
parameters:
  - {setting: time.zone, path: Time.LocalTimeZone, convert: posix}
  - {setting: time.ntp.primary, path: Time.NTPServer1}
`
)

func TestAPackHasTheMappingOfItsFile(t *testing.T) {
	if tiny(t).Mapping != nil {
		t.Error("a pack without cwmp.yaml has a mapping")
	}
	files := tinyFiles(t, map[string]string{"cwmp.yaml": tinyMapping})
	plain := map[string][]byte{}
	for name, file := range files {
		plain[name] = file.Data
	}
	folder, err := pack.Load(t.Context(), files, ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	inZip, err := loadZip(t, zipped(t, files, "tiny/"))
	if err != nil {
		t.Fatal(err)
	}
	byPath, err := pack.LoadFiles(plain, catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]*pack.Pack{"folder": folder, "zip": inZip, "files": byPath} {
		if p.Mapping == nil || !slices.Equal(p.Mapping.Settings(), []string{"time.zone"}) {
			t.Errorf("the pack of a %s has the mapping %+v", name, p.Mapping)
			continue
		}
		if p.Revision() == tiny(t).Revision() || p.Revision() != folder.Revision() {
			t.Errorf("the mapping is no part of the revision of a %s", name)
		}
		if source, ok := p.Source("cwmp.yaml"); !ok || string(source) != tinyMapping {
			t.Errorf("the pack of a %s does not show its mapping", name)
		}
		if err := p.Check(t.Context()); err != nil {
			t.Errorf("the pack of a %s: %v", name, err)
		}
	}
}

func TestWhatIsWrongWithAMappingIsToldWithItsLine(t *testing.T) {
	for name, test := range map[string]struct {
		mapping string
		want    []string
	}{
		"a fault": {"version: 1\ndiscover: [Time.]\nparameters:\n  - {setting: time.zoen, path: Time}\n  - {setting: time.zone, pat: x}\n", []string{
			`cwmp.yaml:4: there is no setting "time.zoen", or it is not written with account.N`, "cwmp.yaml:5: a parameter needs a path", `cwmp.yaml:5: unknown key "pat"`,
		}},
		"no YAML": {"version: [", []string{"cwmp.yaml:1: did not find expected node content"}},
		"a profile that is no file": {"version: 1\nprofile:\n  fileType: 3 Vendor Configuration File\n  file: '{mac}.xml'\ndiscover: [Time.]\nparameters:\n  - {setting: time.zone, path: Time}\n", []string{
			`cwmp.yaml:4: the pack has no file "{mac}.xml"`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"cwmp.yaml": test.mapping}), ".", catalogue(t))
			got := wrong(t, err)
			slices.Sort(got)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func anyPack(t testing.TB) *pack.Pack {
	t.Helper()
	p, err := pack.LoadFiles(map[string][]byte{"pack.yaml": []byte(anyManifest), "cwmp.yaml": []byte(anyMapping)}, catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPackForAllServesWhatSpeaksCWMPAndNoOtherPackServes(t *testing.T) {
	registry := pack.NewRegistry(anyPack(t), tiny(t))
	speaks := func(d device.Device) device.Device { d.Root = "Device."; return d }
	for name, test := range map[string]struct {
		device device.Device
		want   string
	}{
		"a phone of a pack":                        {speaks(device.Device{Model: "T-100"}), "tiny T-100"},
		"a phone of a pack that speaks no CWMP":    {device.Device{Model: "T-100"}, "tiny T-100"},
		"a gateway":                                {speaks(device.Device{Model: "Box 1"}), "any generic"},
		"one that names no model":                  {speaks(device.Device{}), "any generic"},
		"one that speaks no CWMP":                  {device.Device{Model: "Box 1"}, ""},
		"one whose model is called as that":        {device.Device{Model: "generic"}, ""},
		"a model that the pack of its maker lacks": {speaks(device.Device{Model: "T-900", MAC: "02:aa:bb:00:00:01"}), "any generic"},
		"a model of another maker":                 {speaks(device.Device{Model: "T-100", Manufacturer: "Other", CWMPIdentity: device.CWMPIdentity{OUI: "001122"}}), "any generic"},
	} {
		t.Run(name, func(t *testing.T) {
			served, ok := registry.For(test.device)
			got := ""
			if ok {
				got = served.Pack + " " + served.Model
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			p, m, found := registry.ModelOf(test.device)
			if found != ok || ok && p.Name+" "+m.Name != got {
				t.Errorf("For and ModelOf do not agree: %v", m)
			}
		})
	}
	if _, ok := pack.NewRegistry(tiny(t)).For(speaks(device.Device{Model: "Box 1"})); ok {
		t.Error("without a pack for all, a gateway is served")
	}
}

func TestAPackForAllTakesNoRequestsForFiles(t *testing.T) {
	registry := pack.NewRegistry(anyPack(t))
	for _, asked := range []pack.Asked{{Path: "/generic.cfg"}, {Path: "/02aabb112233.cfg", UserAgent: "generic"}, {}} {
		if all := registry.Match(asked); len(all) > 0 {
			t.Errorf("%+v is for %s", asked, all[0].Pack.Name)
		}
	}
	if files := registry.Files("any", "generic"); len(files) > 0 {
		t.Errorf("it has the files %v", files)
	}
}

func TestAPackForAllPassesItsCheckAndIgnoresWhatItDoesNotMap(t *testing.T) {
	p := anyPack(t)
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
	ignored, err := p.Ignored(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{"time.zone": false, "time.ntp.primary": false, "time.ntp.secondary": true, "account.N.user": true, "cwmp.drift": false} {
		if slices.Contains(ignored, path) != want {
			t.Errorf("%s is ignored: %v", path, !want)
		}
	}
}

func TestAPackForAllThatCannotBeIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"without a mapping":  {map[string]string{"cwmp.yaml": ""}, "pack.yaml:4: a pack with fallback: true needs cwmp.yaml"},
		"with another model": {map[string]string{"pack.yaml": "name: any\nversion: 1\nfallback: true\nmodels:\n  - {name: A, lines: 1}\n"}, "pack.yaml:4: a pack with fallback: true has one model, generic"},
		"with an OUI":        {map[string]string{"pack.yaml": anyManifest + "ouis: ['02aabb']\n"}, "pack.yaml:7: a pack with fallback: true has no ouis"},
		"with files": {map[string]string{"pack.yaml": anyManifest + "files:\n  - {name: '{mac}.cfg', template: a.tmpl, format: text, confirms: true}\n", "a.tmpl": "x\n"},
			"pack.yaml:7: a pack with fallback: true has no files"},
		"that splits": {map[string]string{"cwmp.yaml": anyMapping + "split: true\n"}, "cwmp.yaml:6: a pack without files has nothing to split"},
	} {
		t.Run(name, func(t *testing.T) {
			all := map[string]string{"pack.yaml": anyManifest, "cwmp.yaml": anyMapping}
			maps.Copy(all, test.files)
			plain := map[string][]byte{}
			for path, text := range all {
				if text != "" {
					plain[path] = []byte(text)
				}
			}
			_, err := pack.LoadFiles(plain, catalogue(t))
			got := wrong(t, err)
			if !slices.ContainsFunc(got, func(line string) bool { return len(line) >= len(test.want) && line[:len(test.want)] == test.want }) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
