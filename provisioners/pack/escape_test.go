package pack_test

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/provisioners/pack"
)

// escaped are templates with a text for people in every place that a format has.
func escaped() map[pack.Format]string { return escapedAs("displayName") }

// escapedAs are templates with a value of the first account.
func escapedAs(leaf string) map[pack.Format]string {
	all := map[pack.Format]string{
		pack.FormatKeyValue:   "a = 1\nname = {{.text}}\nb = 2\n",
		pack.FormatColonValue: "a: 1\nname: {{.text}}\nb: 2\n",
		pack.FormatXML:        "<r a=\"{{.text}}\" b='{{.text}}'><x>{{.text}}</x></r>",
		pack.FormatPanasonic:  "# Panasonic SIP Phone Standard Format File #\nA=\"1\"\nNAME=\"{{.text}}\"\nB=\"2\"\n",
		pack.FormatJSON:       "{\"a\": \"{{.text}}\", \"b\": [\"{{.text}}\"]}",
		pack.FormatCSV:        "1,{{.text}},2\n3,4,5\n",
		pack.FormatText:       "a\n{{.text}}\nb\n",
	}
	for format, template := range all {
		all[format] = strings.ReplaceAll(template, "{{.text}}", "{{(index .accounts 0)."+leaf+"}}")
	}
	return all
}

// texts are settings with one of the first account.
func texts(leaf, value string) map[string]string {
	return map[string]string{"account.1.user": "200", "account.1." + leaf: value}
}

// FuzzEscape shows that no value changes what a file consists of.
func FuzzEscape(f *testing.F) {
	for _, seed := range []string{
		"Ada", "", "a\nb = c", "\r\n\r\n", `"`, `'"<>&`, "]]>", "-->", "#", ";", "=", ":", ",", `\`, "\x00", "\xff\xfe", "\u2028\u2029\u0085", "\ufffe\uffff",
		"{{.text}}", "%s%n", " lead", "trail ", "\t", "中文", strings.Repeat("x", 400),
	} {
		f.Add(seed)
	}
	packs, exact, want := map[pack.Format]*pack.Pack{}, map[pack.Format]*pack.Pack{}, map[pack.Format][]string{}
	for format, template := range escapedAs("dialPlan") {
		exact[format] = tinyWith(f, string(format), template)
	}
	for format, template := range escaped() {
		packs[format] = tinyWith(f, string(format), template)
		harmless := render(f, packs[format], "phone.tmpl", phone(f, packs[format], "T-200", texts("displayName", "Ada")))
		structure, err := format.Structure([]byte(harmless))
		if err != nil {
			f.Fatal(err)
		}
		want[format] = structure
	}
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 120 {
			t.Skip("lines of Panasonic's phones are short")
		}
		for format, p := range packs {
			content := render(t, p, "phone.tmpl", phone(t, p, "T-200", texts("displayName", value)))
			structure, err := format.Structure([]byte(content))
			if err != nil || !slices.Equal(structure, want[format]) {
				t.Errorf("%s: %q gives %q: %v", format, value, content, err)
			}
			isOrIsRefused(t, exact[format], format, value)
		}
	})
}

// isOrIsRefused checks that a value for the phone is in the file as it is, or nothing is.
func isOrIsRefused(t *testing.T, p *pack.Pack, format pack.Format, value string) {
	t.Helper()
	content, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", texts("dialPlan", value)))
	if err != nil {
		if _, refused := errors.AsType[*pack.ValueError](err); !refused || len(value) > 8 && strings.Contains(err.Error(), value) {
			t.Errorf("%s: %q: %v", format, value, err)
		}
		return
	}
	if format == pack.FormatText || format == pack.FormatKeyValue || format == pack.FormatPanasonic {
		if !strings.Contains(string(content), value) {
			t.Errorf("%s: %q is %q", format, value, content)
		}
	}
}

func TestAValueThatAFormatCannotCarryIsRefusedByTheNameOfItsSetting(t *testing.T) {
	quote, space, line := `se"cret`, " secret ", "a\u0085b"
	refused := map[pack.Format][]string{
		pack.FormatKeyValue: {space, line}, pack.FormatColonValue: {space, line}, pack.FormatPanasonic: {quote, line},
		pack.FormatXML: {line}, pack.FormatJSON: {line}, pack.FormatCSV: {line}, pack.FormatText: {line},
	}
	for format, template := range escapedAs("password") {
		p := tinyWith(t, string(format), template)
		for _, value := range []string{quote, space, line, "plain"} {
			settings := map[string]string{"account.1.user": "200", "account.1.password": value, "account.1.displayName": value}
			content, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", settings))
			wrong, is := errors.AsType[*pack.ValueError](err)
			switch {
			case is != slices.Contains(refused[format], value):
				t.Errorf("%s: %q gives %q, %v", format, value, content, err)
			case is && (wrong.Path != "account.1.password" || strings.Contains(err.Error(), value) || !strings.HasPrefix(err.Error(), "phone.tmpl:")):
				t.Errorf("%s: %q is refused by %v", format, value, err)
			}
		}
	}
}

func TestAQuotedValueWithAQuotationMarkIsRefusedAndATextForPeopleGetsAnother(t *testing.T) {
	p := tinyWith(t, "colonvalue", "{{range .accounts}}password: {{quote .password}}\nname: {{quote .displayName}}\n{{end}}")
	settings := map[string]string{"account.1.user": "200", "account.1.displayName": `Bob "B"`, "account.1.password": "#1"}
	if got := render(t, p, "phone.tmpl", phone(t, p, "T-200", settings)); got != "password: \"#1\"\nname: \"Bob 'B'\"\n" {
		t.Errorf("got %q", got)
	}
	settings["account.1.password"] = `#"1`
	_, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", settings))
	if err == nil || err.Error() != "phone.tmpl:1: account.1.password cannot be given as declared: it stands between quotation marks, and holds one" {
		t.Errorf("got %v", err)
	}
}

func TestTheKeyOfAVendorsSettingIsANameOfTheFormatOrRefused(t *testing.T) {
	template := map[pack.Format]string{
		pack.FormatXML: "<r>{{range $n, $v := .vendor}}<{{name $n}}>{{$v}}</{{name $n}}>{{end}}</r>", pack.FormatKeyValue: "{{range $n, $v := .vendor}}{{name $n}} = {{$v}}\n{{end}}",
		pack.FormatColonValue: "{{range $n, $v := .vendor}}{{name $n}}: {{$v}}\n{{end}}",
		pack.FormatPanasonic:  "# Panasonic SIP Phone Standard Format File #\n{{range $n, $v := .vendor}}{{name $n}}=\"{{$v}}\"\n{{end}}",
	}
	keys := map[string][]pack.Format{
		"Time_Zone":             {pack.FormatXML, pack.FormatKeyValue, pack.FormatColonValue, pack.FormatPanasonic},
		"P1234":                 {pack.FormatXML, pack.FormatKeyValue, pack.FormatColonValue, pack.FormatPanasonic},
		"reg.1.address":         {pack.FormatXML, pack.FormatKeyValue, pack.FormatColonValue},
		"static.network.x":      {pack.FormatXML, pack.FormatKeyValue, pack.FormatColonValue},
		"sip line1 user name":   {pack.FormatKeyValue, pack.FormatColonValue},
		"a:b":                   {pack.FormatKeyValue},
		"auto_provision@x/y$z1": {pack.FormatKeyValue, pack.FormatColonValue},
	}
	for format, text := range template {
		p := tinyWith(t, string(format), text)
		for key, takes := range keys {
			path := "vendor." + p.Name + "." + key
			if _, known := catalogue(t).Find(path); !known {
				t.Errorf("the catalogue refuses %s", path)
			}
			content, err := p.Render(t.Context(), p.Files[1], phone(t, p, "T-200", map[string]string{path: "value"}))
			wrong, refused := errors.AsType[*pack.ValueError](err)
			if refused == slices.Contains(takes, format) || refused && wrong.Path != path || !refused && !strings.Contains(string(content), key) {
				t.Errorf("%s: %s gives %q, %v", format, key, content, err)
			}
		}
	}
}

func TestEscapedValuesAreReadAsTheyWere(t *testing.T) {
	value := `O'Brien "Bob" <b> & #1; \ , = : ]]> --> % 中文`
	files := map[pack.Format]string{}
	for format, template := range escaped() {
		p := tinyWith(t, string(format), template)
		files[format] = render(t, p, "phone.tmpl", phone(t, p, "T-200", texts("displayName", value)))
	}
	var x struct {
		A string `xml:"a,attr"`
		B string `xml:"b,attr"`
		X string `xml:"x"`
	}
	if err := xml.Unmarshal([]byte(files[pack.FormatXML]), &x); err != nil || x.A != value || x.B != value || x.X != value {
		t.Errorf("XML: %+v, %v", x, err)
	}
	var j struct{ A string }
	if err := json.Unmarshal([]byte(files[pack.FormatJSON]), &j); err != nil || j.A != value {
		t.Errorf("JSON: %+v, %v", j, err)
	}
	records, err := csv.NewReader(strings.NewReader(files[pack.FormatCSV])).ReadAll()
	if err != nil || records[0][1] != value {
		t.Errorf("CSV: %q, %v", records, err)
	}
	if !strings.Contains(files[pack.FormatPanasonic], strings.ReplaceAll(value, `"`, "'")) {
		t.Errorf("Panasonic: %q", files[pack.FormatPanasonic])
	}
	for _, format := range []pack.Format{pack.FormatKeyValue, pack.FormatColonValue, pack.FormatText} {
		if !strings.Contains(files[format], value+"\n") {
			t.Errorf("%s: %q", format, files[format])
		}
	}
}

func TestStructureFindsBrokenFiles(t *testing.T) {
	broken := map[pack.Format][]string{
		pack.FormatKeyValue:   {"a", "= 1", "a = 1\nb"},
		pack.FormatColonValue: {"a = 1", ": 1"},
		pack.FormatXML:        {"", "x", "<a>", "<a></b>", "<a/><b/>", "<a/>x", "<a b=c/>", "<a>&x;</a>", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>"},
		pack.FormatJSON:       {"", "{", "{a: 1}", "{} {}"},
		pack.FormatCSV:        {"a,b\nc\n", "a\"b,c\n"},
		pack.FormatPanasonic: {
			"", "# Panasonic SIP Phone Standard Format File #\nA=\"1\"\n", "A=\"1\"\r\n", "# Panasonic SIP Phone Standard Format File #\r\nA=1\r\n",
			"# Panasonic SIP Phone Standard Format File #\r\nA=\"1\"", "# Panasonic SIP Phone Standard Format File #\r\nA=\"1\"2\"\r\n",
			"# Panasonic SIP Phone Standard Format File #\r\nA=\"" + strings.Repeat("x", 540) + "\"\r\n",
		},
		pack.FormatText: {"\xff"},
	}
	for format, files := range broken {
		for _, file := range files {
			if structure, err := format.Structure([]byte(file)); err == nil {
				t.Errorf("%s: %q has the structure %q", format, file, structure)
			}
		}
	}
}

// FuzzStructure shows that no content stops the readers of formats.
func FuzzStructure(f *testing.F) {
	for _, template := range escaped() {
		f.Add(template)
	}
	f.Fuzz(func(t *testing.T, content string) {
		for _, format := range pack.Formats() {
			if _, err := format.Structure([]byte(content)); err == nil && !utf8.ValidString(content) {
				t.Errorf("%s takes what is not UTF-8: %q", format, content)
			}
		}
	})
}
