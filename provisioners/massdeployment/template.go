package massdeployment

import (
	"bufio"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// Template is one template of phones.
type Template struct {
	// Name is the file's name without ".conf".
	Name string
	// MenuName is what menus show, empty for the Name.
	MenuName string
	general  map[string]string
	// contexts are the lines of each context, as they stand in the file.
	contexts map[string][]string
}

// Contexts returns the names of contexts of text, in the order in which their outputs
// come.
func Contexts() []string {
	return []string{"dialplan", "dialplan2", "dialplan3", "dialplan4", "dialplan5", "dialplan6", "sip", "pjsip", "phoneprov"}
}

// maxTemplate is how many bytes a template may have.
const maxTemplate = 1 << 20

// ReadTemplate reads a template. It returns every line that cannot be used as a
// LineError, and an error if r fails or the template is larger than 1 MiB.
func ReadTemplate(name string, r io.Reader) (*Template, []*LineError, error) {
	if !isTemplateName(name) {
		return nil, nil, fmt.Errorf("template name must be of letters, digits, dot, hyphen and underscore")
	}
	t := &Template{Name: name, general: map[string]string{}, contexts: map[string][]string{}}
	limited := &io.LimitedReader{R: r, N: maxTemplate + 1}
	scanner := bufio.NewScanner(limited)
	scanner.Buffer(nil, maxTemplate)
	reading := reading{template: t}
	for number := 1; scanner.Scan(); number++ {
		reading.line(number, strings.TrimSuffix(scanner.Text(), "\r"))
	}
	if err := scanner.Err(); err != nil {
		return nil, nil, fmt.Errorf("read template %s: %w", name, err)
	}
	if limited.N == 0 {
		return nil, nil, fmt.Errorf("template %s is larger than %d bytes", name, maxTemplate)
	}
	if !reading.general {
		reading.wrong = append(reading.wrong, &LineError{0, "[general]", "must be there"})
	}
	return t, reading.wrong, nil
}

// reading is a template that is being read.
type reading struct {
	template *Template
	// context is the one that lines belong to, empty before the first.
	context string
	general bool
	wrong   []*LineError
}

var (
	heading    = regexp.MustCompile(`^\[([^\]]*)\]\s*$`)
	definition = regexp.MustCompile(`^([a-z][a-z0-9_]*)=(.*)$`)
)

func (r *reading) line(number int, line string) {
	if h := heading.FindStringSubmatch(line); h != nil {
		r.begin(number, h[1])
		return
	}
	switch r.context {
	case "", "general":
		r.define(number, line)
	case unknownContext:
	default:
		r.template.contexts[r.context] = append(r.template.contexts[r.context], line)
	}
}

// unknownContext is where the lines of a context go that is not known: nowhere, its
// heading was reported.
const unknownContext = "?"

func (r *reading) begin(number int, name string) {
	switch {
	case name == "general":
		r.context, r.general = name, true
	case slices.Contains(Contexts(), name):
		r.context = name
		if r.template.contexts[name] == nil {
			r.template.contexts[name] = []string{}
		}
	default:
		r.context = unknownContext
		r.wrong = append(r.wrong, &LineError{number, "[" + name + "]", `must be general, ` + strings.Join(Contexts(), ", ") + `; a line that begins with [ is written \[`})
	}
}

func (r *reading) define(number int, line string) {
	text := strings.TrimSpace(line)
	if text == "" || strings.HasPrefix(text, "#") {
		return
	}
	d := definition.FindStringSubmatch(text)
	switch {
	case d == nil:
		r.wrong = append(r.wrong, &LineError{number, "line", "must be name=value"})
	case r.context == "" && d[1] == "menu_name":
		r.template.MenuName = d[2]
	case r.context == "" || !knownDefinition(d[1]):
		r.wrong = append(r.wrong, &LineError{number, d[1], "is no definition that can stand here"})
	case strings.HasSuffix(d[1], "_case") && d[2] != "upper" && d[2] != "lower":
		r.wrong = append(r.wrong, &LineError{number, d[1], "must be upper or lower"})
	default:
		r.template.general[d[1]] = d[2]
	}
}

// knownDefinition reports whether [general] may define a name.
func knownDefinition(name string) bool {
	switch name {
	case "macaddress_case", "model", "vendor", "auto_account_prefix", "auto_account_suffix", "auto_account_case",
		"prov_path", "prov_file", "sql_enable", "sip_driver":
		return true
	}
	context, rest, ok := strings.Cut(name, "_")
	return ok && context != "phoneprov" && slices.Contains(Contexts(), context) &&
		(rest == "path" || rest == "file" || rest == "context" && strings.HasPrefix(context, "dialplan"))
}

// Model returns what the template calls its phones, its name if nothing.
func (t *Template) Model() string { return orElse(t.general["model"], t.Name) }

// Vendor returns who makes its phones, the model if it says nothing.
func (t *Template) Vendor() string { return orElse(t.general["vendor"], t.Model()) }

// UsesPJSIP reports whether its accounts are for chan_pjsip.
func (t *Template) UsesPJSIP() bool { return t.general["sip_driver"] == "pjsip" }

func orElse(value, otherwise string) string {
	if value == "" {
		return otherwise
	}
	return value
}
