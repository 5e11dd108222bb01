package pack_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// lines returns the lines of what is wrong with a pack.
func wrong(t *testing.T, err error) []string {
	t.Helper()
	all, ok := errors.AsType[pack.Errors](err)
	if !ok {
		t.Fatalf("got %v, which is no Errors", err)
	}
	var lines []string
	for _, one := range all {
		lines = append(lines, one.Error())
	}
	return lines
}

func TestAManifestThatCannotBeIsRefusedWithItsLine(t *testing.T) {
	tests := map[string]struct {
		replace []string
		want    string
	}{
		"an unknown key":                    {[]string{"title: Tiny phones", "tittle: Tiny phones"}, `pack.yaml:2: unknown key "tittle"`},
		"an unknown key of a model":         {[]string{"lines: 2", "lnes: 2"}, `pack.yaml:13: unknown key "lnes"`},
		"a wrong type":                      {[]string{"lines: 2", "lines: two"}, "pack.yaml:13: expected a whole number, got str `two`"},
		"a list for a text":                 {[]string{"vendor: Tiny Telecom", "vendor: [a]"}, "pack.yaml:3: expected a text, got seq"},
		"no list":                           {[]string{`ouis: ["02aabb"]`, `ouis: {a: b}`}, "pack.yaml:6: expected a list, got map"},
		"a key twice":                       {[]string{"version: 1", "version: 1\nversion: 2"}, `pack.yaml:6: mapping key "version" already defined at line 5`},
		"no YAML":                           {[]string{"name: tiny", "name: [tiny"}, "pack.yaml:"},
		"a bad name":                        {[]string{"name: tiny", "name: Tiny_Pack"}, "pack.yaml:1: the name must be"},
		"no vendor":                         {[]string{"vendor: Tiny Telecom\n", ""}, "pack.yaml:1: vendor is missing"},
		"a bad OUI":                         {[]string{"02aabb", "02aab"}, "pack.yaml:6: an OUI has six"},
		"a bad pattern":                     {[]string{`^Tiny (?P<model>\S+) (?P<firmware>\S+) (?P<mac>[0-9a-f]{12})$`, `^Tiny (`}, "pack.yaml:8: error parsing regexp"},
		"a bad group":                       {[]string{"?P<serial>", "?P<sn>"}, "pack.yaml:9: a group is named"},
		"a bad attribute":                   {[]string{"model: OU", "model: OX"}, "pack.yaml:10: the subject's attribute"},
		"an unknown setting":                {[]string{"provisioning.interval: 7200", "provisioning.intervall: 7200"}, "pack.yaml:11: provisioning.intervall"},
		"an ill-typed setting":              {[]string{"provisioning.interval: 7200", "provisioning.interval: soon"}, "pack.yaml:11: provisioning.interval"},
		"a setting that is a map":           {[]string{"provisioning.interval: 7200", "provisioning.interval: {a: b}"}, "pack.yaml:11: a text or a list of texts is expected"},
		"an unsupported nothing":            {[]string{"network.cdp", "network.cdpp"}, `pack.yaml:23: there is no setting "network.cdpp"`},
		"unsupported values of nothing":     {[]string{"[network.cdp,", "[{path: network.cdpp, values: [a]},"}, `pack.yaml:23: there is no setting "network.cdpp"`},
		"an unsupported value that is none": {[]string{"[network.cdp,", "[{path: key.N.type, values: [hold, held]},"}, `pack.yaml:23: "held" is no value of key.N.type`},
		"values and only":                   {[]string{"[network.cdp,", "[{path: key.*.type, values: [hold], only: [line]},"}, "pack.yaml:23: values are those that cannot be given"},
		"values of a group":                 {[]string{"[network.cdp,", "[{path: network, values: [hold]},"}, `pack.yaml:23: there is no setting "network" whose values`},
		"unsupported by no model":           {[]string{"[network.cdp,", "[{path: network.cdp, models: [X*]},"}, `pack.yaml:23: "X*" fits no model`},
		"an unknown key of unsupported":     {[]string{"[network.cdp,", "[{path: network.cdp, model: T-100},"}, `pack.yaml:23: unknown key "model"`},
		"an unsupported list":               {[]string{"[network.cdp,", "[[network.cdp],"}, "pack.yaml:23: expected a path"},
		"too few lines":                     {[]string{"lines: 2", "lines: 0"}, "pack.yaml:13: lines must be 1 to 100"},
		"modules without keys":              {[]string{"modules: 2, keys: 20", "modules: 2"}, "pack.yaml:14: expansions have"},
		"other variables":                   {[]string{`variables: {code: "08"}`, `variables: {cod: "08"}`}, "pack.yaml:14: every model has the same variables"},
		"a name of two models":              {[]string{"T100A", "T 200"}, "pack.yaml:14: \"T-200\" names the model T-100 as well"},
		"an unknown placeholder":            {[]string{"tiny{var.code}", "tiny{var.cod}"}, "pack.yaml:16: there is no placeholder {var.cod}"},
		"a name that leaves":                {[]string{"books/{MAC}", "../{MAC}"}, "pack.yaml:18: a name begins and ends without slash"},
		"a template that leaves":            {[]string{"template: book.tmpl", "template: ../../etc/passwd"}, `pack.yaml:18: "../../etc/passwd" leaves the folder`},
		"an absolute template":              {[]string{"template: book.tmpl", "template: /etc/passwd"}, `pack.yaml:18: "/etc/passwd" leaves the folder`},
		"a template that turns":             {[]string{"template: book.tmpl", `template: '..\..\x'`}, `leaves the folder`},
		"no such template":                  {[]string{"template: book.tmpl", "template: boook.tmpl"}, `pack.yaml:18: there is no file "boook.tmpl"`},
		"a static file that leaves":         {[]string{"static/ring.bin", "static/../../ring.bin"}, `pack.yaml:20: "static/../../ring.bin" leaves the folder`},
		"no such format":                    {[]string{"format: xml", "format: html"}, "pack.yaml:18: the format must be one of"},
		"a generic file of one":             {[]string{"template: common.tmpl, format: keyvalue", "template: common.tmpl, secrets: true, format: keyvalue"}, "pack.yaml:16: a generic file holds no secrets"},
		"a generic name with MAC":           {[]string{"tiny{var.code}.cfg", "tiny{mac}.cfg"}, "pack.yaml:16: the name of a generic file has no {mac}"},
		"nothing that confirms":             {[]string{", confirms: true", ""}, "pack.yaml:13: T-100 has 0 files with confirms: true"},
		"models that are none":              {[]string{"'*-200'", "'*-300'"}, `pack.yaml:18: "*-300" fits no model`},
		"an unknown method":                 {[]string{"method: sipNotify", "method: shout"}, "pack.yaml:21: the method must be sipNotify or none"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"pack.yaml": manifest(t, test.replace...)}), ".", catalogue(t))
			if got := wrong(t, err); !slices.ContainsFunc(got, func(line string) bool { return strings.Contains(line, test.want) }) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestATemplateThatCannotBeIsRefusedWithItsLine(t *testing.T) {
	tests := map[string]struct{ template, want string }{
		"bad syntax":          {"a = 1\n{{if}}\n", "phone.tmpl:2: missing value for if"},
		"an unknown function": {"a = 1\nb = {{env \"HOME\"}}\n", `phone.tmpl:2: function "env" not defined`},
		"an unknown template": {"a = 1\n{{template \"nothing\"}}\n", "phone.tmpl:2: there is no template nothing"},
		"the guard's own":     {"a = 1\n\n{{_leave}}\n", "phone.tmpl:3: there is no function _leave"},
		"another escaper":     {"a = {{.owner | html}}\n", "phone.tmpl:1: the function html is not for packs"},
		"call":                {"a = {{call .owner}}\n", "phone.tmpl:1: the function call is not for packs"},
		"nested in brackets":  {"a = {{len (print (js .owner))}}\n", "phone.tmpl:1: the function js is not for packs"},
		"a value as format":   {"a = {{printf .owner}}\n", "phone.tmpl:1: printf needs a text in quotes"},
		"a format's width":    {"a = {{printf \"%1000000d\" 1}}\n", "phone.tmpl:1: printf: a width has at most two digits"},
		"a width from a list": {"a = {{printf \"%*d\" 1000000 1}}\n", "phone.tmpl:1: printf knows the verbs"},
		"a value as failure":  {"a = {{fail .admin.password}}\n", "phone.tmpl:1: fail needs a text in quotes"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": test.template}), ".", catalogue(t))
			if got := wrong(t, err); len(got) != 1 || !strings.HasPrefix(got[0], test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestTemplatesThatNestWithoutEndAreRefused(t *testing.T) {
	for _, template := range []string{
		strings.Repeat("{{if 1}}", 30_000) + strings.Repeat("{{end}}", 30_000), "{{" + strings.Repeat("(", 250_000) + "1" + strings.Repeat(")", 250_000) + "}}",
		"{{" + strings.Repeat("(", 100_000) + "}}",
	} {
		_, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": template}), ".", catalogue(t))
		if got := wrong(t, err); !strings.HasPrefix(got[0], "phone.tmpl") {
			t.Errorf("got %q", got)
		}
	}
	// What is nested as deep as a template is long is read and run.
	deep := strings.Repeat("{{if 1}}", 15_000) + strings.Repeat("{{end}}", 15_000)
	if got := render(t, tinyWith(t, "text", deep), "phone.tmpl", phone(t, tiny(t), "T-200", nil)); got != "" {
		t.Errorf("got %q", got)
	}
}

// check loads and checks the tiny pack with another template.
func check(t *testing.T, template string) []string {
	t.Helper()
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phone.tmpl": template}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if err = p.Check(t.Context()); err == nil {
		t.Fatal("the check passes")
	}
	return wrong(t, err)
}

func TestCheckFindsWhatOnlyRenderingShows(t *testing.T) {
	tests := map[string]struct{ template, want string }{
		"a missing key":          {"a = 1\nb = {{.network.vlan.voice.idd}}\n", `phone.tmpl:2: .network.vlan.voice.idd: map has no entry for key "idd" (the model T-100, bare)`},
		"a missing key of a map": {"a = 1\nb = {{index .vendor \"x\"}}\n", "phone.tmpl:2: there is no value"},
		"a wrong type":           {"a = 1\n\nb = {{add .owner 1}}\n", "phone.tmpl:3: add .owner 1: error calling add: a whole number is expected"},
		"a list as value":        {"b = {{.accounts}}\n", "phone.tmpl:1: a text or a number is expected"},
		"an endless loop":        {"a = 1\n{{range 9223372036854775807}}b = 1\n{{end}}", "phone.tmpl:"},
		"an endless loop without output": {
			"a = 1\n{{range 9223372036854775807}}{{end}}", "phone.tmpl:2: is stopped",
		},
		"loops in loops":    {"a = 1\n\n{{range seq 1 9999}}{{range seq 1 9999}}{{range seq 1 9999}}{{end}}{{end}}{{end}}", "phone.tmpl:3: is stopped"},
		"endless recursion": {"{{define \"a\"}}\n{{template \"a\"}}{{end}}\n{{template \"a\"}}", "phone.tmpl:1: is stopped"},
		"broad recursion":   {"{{define \"a\"}}{{if lt . 60}}{{template \"a\" (add . 1)}}{{template \"a\" (add . 1)}}{{end}}{{end}}\n{{template \"a\" 1}}", "phone.tmpl:1: is stopped"},
		"a text that grows": {"{{$x := \"0123456789\"}}{{range seq 1 60}}{{$x = print $x $x}}{{end}}a = 1", "phone.tmpl:1: is stopped"},
		"gathering":         {"{{$x := dict}}{{range 100000000}}{{$x = dict \"a\" $x \"b\" (seq 1 9000)}}{{end}}a = 1", "phone.tmpl:1: is stopped"},
		"too much output":   {"{{$a := printf \"%99d\" 1}}{{$b := print $a $a $a $a $a $a $a $a $a $a}}{{range seq 1 9999}}a = {{$b}}{{$b}}\n{{end}}", "phone.tmpl: writes more than 1048576 bytes"},
		"no keys":           {"a = 1\nwithout\n", `phone.tmpl: {mac}.cfg for the model T-100 (bare): line 2 has no key and "="`},
		"a raw name":        {"{{range .accounts}}a{{.n}} = {{raw .displayName}}\n{{end}}", "phone.tmpl: {mac}.cfg for the model T-100"},
		"an own failure":    {"a = 1\n{{if not .owner}}{{fail \"no owner\"}}{{end}}\n", "phone.tmpl:2: fail \"no owner\": error calling fail: no owner"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			begun := time.Now()
			got := check(t, test.template)
			// Which limit is reached first is a matter of the machine's speed.
			got[0] = strings.NewReplacer(pack.ErrTime.Error(), "is stopped", pack.ErrWork.Error(), "is stopped").Replace(got[0])
			if !strings.HasPrefix(got[0], test.want) {
				t.Errorf("got %q, want %q", got[0], test.want)
			}
			if took := time.Since(begun); took > 30*time.Second {
				t.Errorf("the check took %s", took)
			}
		})
	}
}

func TestCheckFindsSecretsWhereNoneMayBe(t *testing.T) {
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"common.tmpl": "a = {{.admin.password}}\n"}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := wrong(t, p.Check(t.Context())); !strings.Contains(got[0], "common.tmpl: tiny{var.code}.cfg holds a secret") {
		t.Errorf("got %q", got)
	}
}

func TestCheckFindsWhatIsOnePhonesInAGenericFile(t *testing.T) {
	for _, template := range []string{"a = {{.device.macUpper}}\n", "a = {{.device.macColons}}\n", "a = {{.device.serial}}\n"} {
		p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"common.tmpl": template}), ".", catalogue(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := wrong(t, p.Check(t.Context())); !strings.Contains(got[0], "common.tmpl: tiny{var.code}.cfg holds the phone's MAC") {
			t.Errorf("%s: got %q", template, got)
		}
	}
}

func TestCheckFindsTemplatesThatNothingUses(t *testing.T) {
	p, err := pack.Load(t.Context(), tinyFiles(t, map[string]string{"phon.tmpl": "a = 1\n"}), ".", catalogue(t))
	if err != nil {
		t.Fatal(err)
	}
	if got := wrong(t, p.Check(t.Context())); len(got) != 1 || got[0] != "phon.tmpl: no file of the manifest has this template" {
		t.Errorf("got %q", got)
	}
}

func TestCheckEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := tiny(t).Check(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestLinksAreRefused(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "tiny")
	if err := os.CopyFS(folder, os.DirFS("testdata/tiny")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/etc/hostname", filepath.Join(folder, "static", "leak.bin")); err != nil {
		t.Fatal(err)
	}
	_, err := pack.Load(t.Context(), os.DirFS(filepath.Dir(folder)), "tiny", catalogue(t))
	if got := wrong(t, err); !strings.Contains(got[0], "static/leak.bin: is a link") {
		t.Errorf("got %q", got)
	}
}

func TestAFolderWithTooMuchIsRefused(t *testing.T) {
	many := tinyFiles(t, nil)
	for i := range pack.MaxFiles {
		many["static/"+strings.Repeat("x", i+1)] = &fstest.MapFile{}
	}
	large := tinyFiles(t, nil)
	large["static/large"] = &fstest.MapFile{Data: make([]byte, pack.MaxFileBytes+1)}
	deep := tinyFiles(t, nil)
	deep[strings.Repeat("d/", 20)+"x"] = &fstest.MapFile{}
	for name, files := range map[string]fs.FS{"has more than 500 files": many, "static/large: is larger": large, "folders may be": deep} {
		_, err := pack.Load(t.Context(), files, ".", catalogue(t))
		if got := wrong(t, err); !strings.Contains(got[0], name) {
			t.Errorf("got %q, want %q", got, name)
		}
	}
}
