package pack_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// splitMapping carries registrar and NTP server; a backup registrar takes the registrar to
// the file.
const splitMapping = `version: 1
split: true
profile: {file: '{mac}.cfg', fileType: 3 Vendor Configuration File}
discover: [Services.VoiceService., Time.]
layouts:
  - {name: profiles, with: [Services.VoiceService.1.VoiceProfile.], account: {profile: 'Services.VoiceService.1.VoiceProfile.{n}.'}}
parameters:
  - {setting: account.N.registrar, path: '{profile}SIP.RegistrarServer'}
  - {setting: time.ntp.primary, path: Time.NTPServer1}
together:
  - [account.N.registrar, account.N.backupRegistrar]
reserved: [cwmp.connectionRequest.username]
`

// splitTemplate sends each setting by one road.
const splitTemplate = `{{$root := .}}admin = {{.admin.password}}
{{if byFile $root "time.ntp.primary"}}ntp = {{.time.ntp.primary}}
{{end}}{{if byFile $root "cwmp.connectionRequest.username"}}request = {{.cwmp.connectionRequest.username}}
{{end}}{{range .accounts}}user.{{.n}} = {{.user}}
{{if byFile $root (print "account." .n ".registrar")}}registrar.{{.n}} = {{.registrar}}
backup.{{.n}} = {{.backupRegistrar}}
{{end}}{{end}}`

// splitSettings are those that the pack supports.
var splitSettings = []string{
	"account.N.user", "account.N.registrar", "account.N.backupRegistrar", "time.ntp.primary", "admin.password", "cwmp.connectionRequest.username",
}

// splitPack returns a pack of one model with two roads.
func splitPack(t *testing.T, template, mapping string) (*pack.Pack, error) {
	t.Helper()
	var manifest strings.Builder
	manifest.WriteString("name: split\nvendor: Split\nversion: 1\nmodels: [{name: S1, lines: 2, keys: 0}]\n" +
		"files: [{name: '{mac}.cfg', template: phone.tmpl, format: keyvalue, secrets: true, confirms: true}]\nunsupported:\n")
	for _, group := range catalogue(t).Groups() {
		for _, s := range group.Settings {
			if !slices.Contains(splitSettings, s.Path) {
				fmt.Fprintf(&manifest, "  - %s\n", s.Path)
			}
		}
	}
	return pack.Load(t.Context(), fstest.MapFS{
		"pack.yaml": {Data: []byte(manifest.String())}, "phone.tmpl": {Data: []byte(template)}, "cwmp.yaml": {Data: []byte(mapping)},
	}, ".", catalogue(t))
}

func TestEachSettingOfAPackWithTwoRoadsGoesByOneOfThem(t *testing.T) {
	p, err := splitPack(t, splitTemplate, splitMapping)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestATemplateThatSendsASettingByBothRoadsOrByNoneIsRefused(t *testing.T) {
	unasked := func(setting string) string {
		return strings.Replace(splitTemplate, `{{if byFile $root `+setting+`}}`, `{{if true}}`, 1)
	}
	for name, c := range map[string]struct{ template, mapping, want string }{
		"a file shows what a parameter of accounts carries": {
			unasked(`(print "account." .n ".registrar")`), splitMapping, "phone.tmpl: account.N.registrar goes by both roads",
		},
		"a file shows what a parameter carries": {
			unasked(`"time.ntp.primary"`), splitMapping, "phone.tmpl: time.ntp.primary goes by both roads",
		},
		"a file shows what a session gives by itself": {
			unasked(`"cwmp.connectionRequest.username"`), splitMapping, "phone.tmpl: cwmp.connectionRequest.username goes by both roads",
		},
		"a file asks for another account": {
			strings.Replace(splitTemplate, `(print "account." .n ".registrar")`, `"account.2.registrar"`, 1),
			strings.Replace(splitMapping, "together:\n  - [account.N.registrar, account.N.backupRegistrar]\n", "", 1),
			"phone.tmpl: account.N.backupRegistrar goes by no road",
		},
		"a file cannot be rendered beside parameters": {
			splitTemplate + `{{if not (byFile $root "time.ntp.primary")}}{{fail "no time"}}{{end}}`, splitMapping, "phone.tmpl:7: ",
		},
		"nothing shows a setting": {
			strings.Replace(splitTemplate, ".admin.password", ".admin.name", 1), splitMapping, "phone.tmpl: admin.password goes by no road",
		},
		"a file leaves out beside a parameter what only it shows": {
			strings.NewReplacer("admin = {{.admin.password}}\n", "", "ntp = {{.time.ntp.primary}}", "ntp = {{.time.ntp.primary}}\nadmin = {{.admin.password}}").Replace(splitTemplate),
			splitMapping, "phone.tmpl: admin.password goes by no road",
		},
		"only a parameter carries a setting": {
			strings.Replace(splitTemplate, ".time.ntp.primary}}", `"none"}}`, 1), splitMapping, "phone.tmpl: time.ntp.primary goes by parameters only",
		},
		"a backup has no road beside a registrar that has gone": {
			splitTemplate, strings.Replace(splitMapping, "together:\n  - [account.N.registrar, account.N.backupRegistrar]\n", "", 1),
			"phone.tmpl: account.N.backupRegistrar goes by no road",
		},
		"a parameter carries what the manifest calls unsupported": {
			splitTemplate, strings.Replace(splitMapping, "  - {setting: time.ntp.primary", "  - {setting: time.ntp.secondary, path: Time.NTPServer2}\n  - {setting: time.ntp.primary", 1),
			"cwmp.yaml: a parameter carries time.ntp.secondary",
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := splitPack(t, c.template, c.mapping)
			if err != nil {
				t.Fatal(err)
			}
			err = p.Roads(t.Context())
			if _, ok := errors.AsType[pack.Errors](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
			if checked := p.Check(t.Context()); checked == nil {
				t.Error("the check finds nothing")
			}
		})
	}
}

func TestAPackWhoseFilesHoldEverythingMayShowWhatParametersCarry(t *testing.T) {
	template := strings.NewReplacer(`{{if byFile $root "time.ntp.primary"}}`, "{{if true}}", `{{if byFile $root "cwmp.connectionRequest.username"}}`, "{{if true}}").Replace(splitTemplate)
	p, err := splitPack(t, template, strings.Replace(splitMapping, "split: true\n", "", 1))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Roads(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAFileLeavesOutWhatASessionSets(t *testing.T) {
	p, err := splitPack(t, splitTemplate, splitMapping)
	if err != nil {
		t.Fatal(err)
	}
	m, _ := p.Model("S1")
	phone := p.PhoneOf(m, device.Device{MAC: "02:00:00:00:00:01"}, map[string]string{
		"account.1.user": "200", "account.1.registrar": "a.example.com", "account.2.user": "201", "account.2.registrar": "b.example.com",
	})
	for want, owned := range map[string][]string{
		"registrar.1 = a.example.com registrar.2 = b.example.com": nil,
		"registrar.2 = b.example.com":                             {"account.1.registrar"},
		"":                                                        {"account.1.registrar", "account.2.registrar"},
	} {
		phone.SetOwned(owned)
		content, err := p.Render(t.Context(), p.Files[0], phone)
		if err != nil {
			t.Fatal(err)
		}
		var registrars []string
		for line := range strings.Lines(string(content)) {
			if strings.HasPrefix(line, "registrar") {
				registrars = append(registrars, strings.TrimSpace(line))
			}
		}
		if got := strings.Join(registrars, " "); got != want {
			t.Errorf("with %v the file has %q, want %q", owned, got, want)
		}
	}
}

func TestByFileRefusesWhatIsNoSetting(t *testing.T) {
	for template, want := range map[string]string{
		`a = {{if byFile . "account.1.registar"}}1{{end}}{{.admin.password}}` + "\n":  `the catalogue has no setting "account.1.registar"`,
		`a = {{if byFile .admin "admin.password"}}1{{end}}{{.admin.password}}` + "\n": "byFile takes what the template was given",
	} {
		p, err := splitPack(t, template, splitMapping)
		if err != nil {
			t.Fatal(err)
		}
		m, _ := p.Model("S1")
		_, err = p.Render(t.Context(), p.Files[0], p.PhoneOf(m, device.Device{}, nil))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
