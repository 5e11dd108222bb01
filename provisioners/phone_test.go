package provisioners_test

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"text/template"

	"github.com/google/go-cmp/cmp"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/provisioners"
)

func rendered(t *testing.T, text string, p provisioners.Phone) string {
	t.Helper()
	parsed, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := parsed.Execute(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestATemplateSeesADevice(t *testing.T) {
	d := device.Device{
		ID: "d", MAC: "00:15:65:aa:bb:cc", CWMPIdentity: device.CWMPIdentity{SerialNumber: "S1"}, Model: "T46S", SoftwareVersion: "66.86", Group: "a/b",
	}
	e := catalogue(t).Example([]provisioners.Entry{
		entry("account.1.user", "100"), entry("account.1.password", "hunter2"), entry("account.3.number", "300"), entry("account.3.label", "Three"),
		entry("account.9.user", "900"), entry("account.*.registrar", "sip.example.com"), entry("account.3.enabled", "false"),
		entry("key.2.type", "blf"), entry("key.2.value", "101"), entry("key.1.label", "no type"), entry("key.10.type", "line"), entry("key.10.account", "3"),
		entry("expansion.2.model", "EXP40"), entry("expansion.2.key.5.type", "speedDial"), entry("expansion.2.key.6.value", "no type"),
		entry("phonebook.1.name", "Company"), entry("phonebook.1.url", "company"),
		entry("network.vlan.voice.id", "100"), entry("owner", "100"), entry("provisioning.onBoot", "false"),
		entry("vendor.yealink.a.b", "x"), entry("vendor.snom.c", "y"),
		entry("vendor.yealink.Device.Time.NTPServer1", "z"), entry("vendor.yealink.InternetGatewayDevice.X", "z"), entry("vendor.yealink.Device", "w"),
	}, d, yealink())
	p := e.Phone(d, yealink())
	for text, want := range map[string]string{
		"{{.device.id}} {{.device.mac}} {{.device.macUpper}} {{.device.macColons}} {{.device.serial}} {{.device.model}} {{.device.firmware}} {{.device.group}}":   "d 001565aabbcc 001565AABBCC 00:15:65:aa:bb:cc S1 T46S 66.86 a/b",
		"{{.model.name}} {{.model.title}} {{.model.code}} {{.model.var.code}} {{.model.lines}} {{.model.keys}}":                                                   "SIP-T46S Yealink T46S 66 66 4 25",
		"{{range .accounts}}{{.n}}/{{.index0}} {{.user}} {{.authUser}} {{.number}} {{.label}} {{.displayName}} {{.registrar}} {{.enabled}} {{.password}}|{{end}}": "1/0 100 100 100 100 100 sip.example.com true hunter2|3/2 300 300 300 Three Three sip.example.com false |",
		"{{range .keys}}{{.n}}/{{.index0}} {{.type}} {{.value}} {{.account}}|{{end}}":                                                                             "2/1 blf 101 1|10/9 line  3|",
		"{{range .expansions}}{{.n}}/{{.index0}} {{.model}}{{range .keys}} {{.n}}/{{.index0}} {{.type}} {{.account}}{{end}}|{{end}}":                              "2/1 EXP40 5/4 speedDial 1|",
		"{{range .phonebooks}}{{.n}}/{{.index0}} {{.name}} {{.url}}|{{end}}":                                                                                      "1/0 Company company|",
		"{{.network.vlan.voice.id}} {{.owner}} [{{.network.vlan.data.id}}] {{.provisioning.interval}} {{.provisioning.onBoot}}":                                   "100 100 [] 86400 false",
		// A key that names a parameter is for CWMP.
		"{{index .vendor \"a.b\"}} {{.vendor.Device}} {{len .vendor}}":                                                            "x w 2",
		"{{.links.base}}{{.links.scheme}}{{.links.host}}{{.links.port}}{{.links.firmware}}{{.links.directory}}{{len .directory}}": "0",
	} {
		if got := rendered(t, text, p); got != want {
			t.Errorf("%s\ngives %s\nwant  %s", text, got, want)
		}
	}
	p.SetLinks(provisioners.Links{Base: "https://h:1/p/", Scheme: "https", Host: "h", Port: "1", Firmware: "f", Directory: "d"})
	p.SetDirectory([]provisioners.Contact{{Name: "Ada", Number: "1"}})
	const text = "{{.links.base}} {{.links.scheme}} {{.links.host}} {{.links.port}} {{.links.firmware}} {{.links.directory}} {{range .directory}}{{.name}} {{.number}}{{end}}"
	if got := rendered(t, text, p); got != "https://h:1/p/ https h 1 f d Ada 1" {
		t.Errorf("links are %s", got)
	}
}

func TestAPhonePrintsNoSecret(t *testing.T) {
	e := catalogue(t).Example([]provisioners.Entry{entry("admin.password", "hunter2")}, device.Device{}, yealink())
	p := e.Phone(device.Device{}, yealink())
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("phone", "phone", p, "effective", e)
	for _, text := range []string{fmt.Sprint(p), fmt.Sprintf("%#v %+v %s", p, p, p), log.String(), fmt.Sprintf("%+v", e), rendered(t, "{{.}}", p)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("printed is %s", text)
		}
	}
}

// leaves returns the paths of all leaves of a tree; an element of a list stands for
// all.
func leaves(t *testing.T, prefix string, tree any, into map[string]bool) {
	t.Helper()
	switch node := tree.(type) {
	case string:
		into[prefix] = true
	case map[string]any:
		for name, below := range node {
			leaves(t, strings.TrimPrefix(prefix+"."+name, "."), below, into)
		}
	case []any:
		for _, element := range node {
			leaves(t, prefix, element, into)
		}
	default:
		t.Errorf("%s is a %T", prefix, tree)
	}
}

func TestTheFullExampleHasAValueOfEverySettingAndTheEmptyOneAPlace(t *testing.T) {
	c := catalogue(t)
	served := yealink()
	full, empty := map[string]bool{}, map[string]bool{}
	p := c.ExamplePhone(true, device.Device{}, served)
	leaves(t, "", map[string]any(p), full)
	leaves(t, "", map[string]any(c.EmptyPhone()), empty)
	places := strings.NewReplacer("account.N", "accounts", "expansion.M.key.N", "expansions.keys", "expansion.M", "expansions", "key.N", "keys", "phonebook.N", "phonebooks")
	for _, group := range c.Groups() {
		for _, s := range group.Settings {
			if !full[places.Replace(s.Path)] {
				t.Errorf("the full example has no %s", s.Path)
			}
			if len(s.Indexes) == 0 && !empty[s.Path] {
				t.Errorf("the empty example has no place for %s", s.Path)
			}
		}
	}
	for _, text := range []string{
		"{{range .accounts}}{{if not .transport}}no transport{{end}}{{if not .codecs}}no codecs{{end}}{{end}}",
		"{{if not .time.zone}}no zone{{end}}{{if not .network.vlan.voice.id}}no VLAN{{end}}{{if not .provisioning.time}}no time{{end}}",
	} {
		if got := rendered(t, text, p); got != "" {
			t.Error(got)
		}
	}
	if got, want := rendered(t, "{{.admin.password}}", p), provisioners.ExampleSecret("admin.password"); got != want {
		t.Errorf("the secret is %s", got)
	}
}

func TestTheFullExampleIsMadeOfValuesThatTheCatalogueTakes(t *testing.T) {
	c := catalogue(t)
	e := c.Example(nil, device.Device{}, provisioners.Served{})
	if len(e.Settings) != 0 {
		t.Errorf("nothing makes %v", shown(e))
	}
	full := c.FullExample(yealink())
	functions := map[string]bool{}
	for _, example := range full {
		if text, err := c.Parse(example.Path, example.Value); err != nil || text != example.Value || text == "" {
			t.Errorf("%s %q: %v", example.Path, example.Value, err)
		}
		if strings.HasPrefix(example.Path, "key.") && strings.HasSuffix(example.Path, ".type") {
			functions[example.Value] = true
		}
	}
	s, _ := c.Find("key.1.type")
	if len(functions) != len(s.Choices) {
		t.Errorf("the keys have %d functions of %d", len(functions), len(s.Choices))
	}
	if limited := c.Example(full, device.Device{}, yealink()); len(limited.Unused) != 0 {
		t.Errorf("unused are %v", limited.Unused)
	}
}

func TestAnEmptyExampleHasOneAccount(t *testing.T) {
	p := catalogue(t).ExamplePhone(false, device.Device{}, yealink())
	if diff := cmp.Diff("100", rendered(t, "{{range .accounts}}{{.user}}{{end}}{{range .keys}}key{{end}}", p)); diff != "" {
		t.Error(diff)
	}
}
