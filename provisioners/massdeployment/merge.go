package massdeployment

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// Account returns the name of the account of an extension: its own, or the one that the
// template makes of the extension.
func (t *Template) Account(e Extension) string {
	if e.Account != "" {
		return e.Account
	}
	account := t.general["auto_account_prefix"] + e.Number + t.general["auto_account_suffix"]
	switch t.general["auto_account_case"] {
	case "upper":
		return strings.ToUpper(account)
	case "lower":
		return strings.ToLower(account)
	default:
		return account
	}
}

// variables returns what @NAME@ stands for with a phone.
func (t *Template) variables(p Phone, server string) map[string]string {
	mac := strings.ReplaceAll(p.MAC, ":", "")
	if t.general["macaddress_case"] == "upper" {
		mac = strings.ToUpper(mac)
	}
	v := map[string]string{
		"TEMPLATE": t.Name, "MODEL": t.Model(), "VENDOR": t.Vendor(), "MAC_ADDR": p.MAC, "MAC": mac,
		"MAC4": mac[len(mac)-4:], "MAC6": mac[len(mac)-6:], "SIP_SERVER_IPV4": server,
	}
	for i := range MaxLines {
		var e Extension
		if i < len(p.Extensions) {
			e = p.Extensions[i]
		}
		for name, value := range t.extensionVariables(e) {
			v[name+strconv.Itoa(i+1)] = value
			if i == 0 {
				v[name] = value
			}
		}
	}
	return v
}

// extensionVariables returns the variables of one extension; all are empty for the
// zero Extension.
func (t *Template) extensionVariables(e Extension) map[string]string {
	if e.Number == "" {
		return map[string]string{"EXT": "", "CID_NAME": "", "CID_NUM": "", "PASSWORD": "", "ACCOUNT": "", "USERNAME": ""}
	}
	account := t.Account(e)
	return map[string]string{
		"EXT": e.Number, "CID_NAME": orElse(e.Name, e.Number), "CID_NUM": orElse(e.CallerNumber, e.Number),
		"PASSWORD": e.Password.Reveal(), "ACCOUNT": account, "USERNAME": account,
	}
}

var variable = regexp.MustCompile(`@[A-Z][A-Z0-9_]*@`)

// merge replaces the variables of a text; what is no variable stays.
func merge(text string, variables map[string]string) string {
	return variable.ReplaceAllStringFunc(text, func(name string) string {
		if value, ok := variables[strings.Trim(name, "@")]; ok {
			return value
		}
		return name
	})
}

// Output is one text that a template makes of a phone.
type Output struct {
	// Context is the one that it comes from: "phoneprov" makes a file of its own for
	// each phone, the others are joined, phone after phone.
	Context string
	// Path and File say where it goes.
	Path, File string
	// Section is the Asterisk context that a dialplan is put into, empty for none.
	Section string
	// Text may hold passwords.
	Text secret.Text
}

// Outputs returns what the template makes of a phone, in the order of Contexts. Server
// is the address of the SIP server that phones see. It returns an error for a phone
// without a password, and for a path or file that a variable would lead elsewhere.
func (t *Template) Outputs(p Phone, server string) ([]Output, error) {
	for _, e := range p.Extensions {
		if e.Password.IsZero() {
			return nil, &LineError{p.Line, "password", "must be there; missing ones can be generated"}
		}
	}
	variables := t.variables(p, server)
	var all []Output
	for _, context := range Contexts() {
		lines, ok := t.contexts[context]
		if !ok {
			continue
		}
		o := Output{
			Context: context, Path: merge(t.place(context, "path"), variables), File: merge(t.place(context, "file"), variables),
			Section: merge(t.general[context+"_context"], variables), Text: secret.NewText(mergeLines(lines, p, variables)),
		}
		if o.File == "" || o.File == "." || o.File == ".." || strings.ContainsAny(o.File, "/\x00") {
			return nil, fmt.Errorf("template %s: %s must be the name of a file without folders", t.Name, fileKey(context))
		}
		all = append(all, o)
	}
	return all, nil
}

func fileKey(context string) string {
	if context == "phoneprov" {
		return "prov_file"
	}
	return context + "_file"
}

// place returns the path or the file of a context, as [general] has it or as it is
// where nothing is said.
func (t *Template) place(context, what string) string {
	if context == "phoneprov" {
		return orElse(t.general["prov_"+what], map[string]string{"path": "/mnt/kd/phoneprov/@VENDOR@", "file": "@MAC@.cfg"}[what])
	}
	if what == "path" {
		// The further dialplans lie where the first one does.
		shared := strings.TrimRight(context, "23456")
		return orElse(t.general[context+"_path"], orElse(t.general[shared+"_path"], "/mnt/kd/asterisk/includes"))
	}
	name := "astlinux-phoneprov-" + strings.Replace(context, "dialplan", "exten", 1) + ".conf"
	return orElse(t.general[context+"_file"], name)
}

// mergeLines merges the variables of the lines of a context and decides on those that
// begin with a mark.
func mergeLines(lines []string, p Phone, variables map[string]string) string {
	var text strings.Builder
	for _, line := range lines {
		if merged, ok := decide(merge(line, variables), p.Extensions[0].Number); ok {
			text.WriteString(merged + "\n")
		}
	}
	return text.String()
}

var condition = regexp.MustCompile(`^#<(!?)([^>]*?)!?>(.*)$`)

// decide returns a line without its mark, and false for one that is left out: a
// comment, or one for another extension.
func decide(line, extension string) (string, bool) {
	switch {
	case strings.HasPrefix(line, `\#`), strings.HasPrefix(line, `\[`):
		return line[1:], true
	case !strings.HasPrefix(line, "#"):
		return line, true
	}
	c := condition.FindStringSubmatch(line)
	if c == nil {
		return "", false
	}
	named := slices.Contains(strings.Split(c[2], "!"), extension)
	return c[3], named != (c[1] == "!")
}
