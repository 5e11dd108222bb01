package dhcp

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// keaWriter writes for Kea 2.2 and newer.
type keaWriter struct{}

// keaDefinition is an entry of option-def.
type keaDefinition struct {
	Name        string `json:"name"`
	Code        uint8  `json:"code"`
	Space       string `json:"space"`
	Type        string `json:"type"`
	Array       bool   `json:"array,omitempty"`
	Encapsulate string `json:"encapsulate,omitempty"`
}

// keaOption is an entry of option-data.
type keaOption struct {
	Name   string `json:"name,omitempty"`
	Code   uint8  `json:"code,omitempty"`
	Space  string `json:"space,omitempty"`
	CSV    *bool  `json:"csv-format,omitempty"`
	Data   string `json:"data,omitempty"`
	Always bool   `json:"always-send,omitempty"`
}

// keaClass is an entry of client-classes.
type keaClass struct {
	Name        string          `json:"name"`
	Test        string          `json:"test"`
	Definitions []keaDefinition `json:"option-def,omitempty"`
	Options     []keaOption     `json:"option-data"`
}

// keaPart is what goes into Dhcp4 or Dhcp6.
type keaPart struct {
	Definitions []keaDefinition `json:"option-def,omitempty"`
	Classes     []keaClass      `json:"client-classes,omitempty"`
	Options     []keaOption     `json:"option-data,omitempty"`
}

const (
	keaSpace43  = "vendor-encapsulated-options-space"
	keaSpace125 = "vendor-3561"
)

func (w keaWriter) write(i Installation, rules []rule) ([]Part, error) {
	part := keaPart{Definitions: w.definitions(rules)}
	for n := range rules {
		r := &rules[n]
		options := append(w.acs(r), w.files(r)...)
		if r.Every {
			part.Options = options
			continue
		}
		part.Classes = append(part.Classes, keaClass{Name: "dialtone-" + r.Name, Test: w.test(r), Definitions: w.own43(r), Options: options})
	}
	parts, err := keaText(nil, "/etc/kea/kea-dhcp4.conf", "Dhcp4", part)
	if values, wrong := i.acs().values(); err == nil && i.IPv6 && wrong == nil && len(values) > 0 {
		parts, err = keaText(parts, "/etc/kea/kea-dhcp6.conf", "Dhcp6", w.version6(values))
	}
	return parts, err
}

// keaText adds a part as JSON.
func keaText(parts []Part, file, name string, part keaPart) ([]Part, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(map[string]keaPart{name: part})
	text := keaEntry.ReplaceAllStringFunc(b.String(), func(entry string) string { return keaBreak.ReplaceAllString(entry, " ") })
	return append(parts, Part{Filename: file, Language: "json", Text: text}), err
}

// An entry of a list is shown in one line. A text in JSON has no line breaks, so none of
// these is inside one.
var (
	keaEntry = regexp.MustCompile(`\{\n[^{}\[\]]*\n\s+\}`)
	keaBreak = regexp.MustCompile(`\n\s*`)
)

// keaNames are the names of sub-options by code: those of an ACS and of a gateway.
func keaNames() map[uint8]string {
	return map[uint8]string{1: "acs-url", 2: "provisioning-code", 3: "retry-minimum-wait", 4: "retry-multiplier"}
}

func keaIdentifyingNames() map[uint8]string {
	return map[uint8]string{
		4: "gateway-oui", 5: "gateway-serial-number", 6: "gateway-product-class",
		11: "acs-url", 12: "provisioning-code", 13: "retry-minimum-wait", 14: "retry-multiplier",
	}
}

func (w keaWriter) definitions(rules []rule) []keaDefinition {
	var all []keaDefinition
	seen := map[string]bool{}
	add := func(d keaDefinition) {
		if key := fmt.Sprint(d.Space, d.Code); !seen[key] {
			seen[key], all = true, append(all, d)
		}
	}
	for n := range rules {
		for _, v := range rules[n].acsValues() {
			add(keaDefinition{Name: keaNames()[v.code], Code: v.code, Space: keaSpace43, Type: "string"})
		}
		for _, v := range rules[n].identifyingValues() {
			add(keaDefinition{Name: keaIdentifyingNames()[v.code], Code: v.code, Space: keaSpace125, Type: "string"})
		}
		if len(rules[n].tftp) > 0 {
			add(keaDefinition{Name: "dialtone-150", Code: OptionTFTPServers, Space: "dhcp4", Type: "ipv4-address", Array: true})
		}
	}
	for _, code := range codes(rules, keaStandard()...) {
		add(keaDefinition{Name: fmt.Sprintf("dialtone-%d", code), Code: code, Space: "dhcp4", Type: "string"})
	}
	return all
}

// keaStandard are options that Kea has a definition of.
func keaStandard() []uint8 { return []uint8{OptionTFTPServerName, OptionURL} }

// own43 defines option 43 for a class, as Kea leaves to classes what is in it.
func (w keaWriter) own43(r *rule) []keaDefinition {
	d := keaDefinition{Name: "vendor-encapsulated-options", Code: OptionVendorSpecific, Space: "dhcp4", Type: "empty", Encapsulate: keaSpace43}
	switch {
	case !r.acs.IsZero():
		return []keaDefinition{d}
	case len(r.specific) > 0:
		d.Type, d.Encapsulate = "binary", ""
		return []keaDefinition{d}
	default:
		return nil
	}
}

// keaData escapes a text for a field of Kea, where a comma ends the field.
func keaData(text string) string { return strings.ReplaceAll(text, ",", `\,`) }

func (w keaWriter) acs(r *rule) []keaOption {
	if r.acs.IsZero() {
		return nil
	}
	all := []keaOption{{Name: "vendor-encapsulated-options", Always: true}}
	for _, v := range r.acsValues() {
		all = append(all, keaOption{Name: keaNames()[v.code], Space: keaSpace43, Data: keaData(v.text)})
	}
	all = append(all, keaOption{Name: "vivso-suboptions", Data: fmt.Sprint(Enterprise), Always: true})
	for _, v := range r.identifyingValues() {
		all = append(all, keaOption{Name: keaIdentifyingNames()[v.code], Space: keaSpace125, Data: keaData(v.text), Always: true})
	}
	return all
}

func (w keaWriter) files(r *rule) []keaOption {
	var all []keaOption
	if len(r.specific) > 0 {
		no := false
		all = append(all, keaOption{Name: "vendor-encapsulated-options", CSV: &no, Data: hex.EncodeToString(r.specific)})
	}
	for _, o := range r.files {
		all = append(all, keaOption{Code: o.code, Data: keaData(o.value)})
	}
	if len(r.tftp) > 0 {
		var addresses []string
		for _, a := range r.tftp {
			addresses = append(addresses, a.String())
		}
		all = append(all, keaOption{Name: "dialtone-150", Data: strings.Join(addresses, ", ")})
	}
	return all
}

// keaOffsets is up to which place in a vendor class a text is searched.
const keaOffsets = 32

// test tells the class. Kea compares parts of an option at a place that is known, so a
// text that may be anywhere is looked for at each.
func (w keaWriter) test(r *rule) string {
	var all []string
	switch size := len(r.Contains); {
	case r.Ends != "":
		// A NUL may follow.
		all = append(all, fmt.Sprintf("substring(option[60].hex,-%d,all) == '%s'", len(r.Ends), r.Ends),
			fmt.Sprintf("substring(option[60].hex,-%d,%d) == '%s'", len(r.Ends)+1, len(r.Ends), r.Ends))
	case size > 0 && r.Begins != "" && !r.Anywhere:
		all = append(all, fmt.Sprintf("substring(option[60].hex,0,%d) == '%s'", len(r.Begins), r.Begins))
	case size > 0:
		for offset := range keaOffsets {
			all = append(all, fmt.Sprintf("substring(option[60].hex,%d,%d) == '%s'", offset, size, r.Contains))
		}
	}
	if r.In124 {
		// Enterprise, two lengths and the text.
		all = append(all, fmt.Sprintf("substring(option[124].hex,6,%d) == '%s'", len(r.Contains), r.Contains))
	}
	for _, oui := range r.ouis {
		all = append(all, fmt.Sprintf("substring(pkt4.mac,0,3) == 0x%s", strings.ToLower(oui)))
	}
	return strings.Join(all, " or ")
}

func (w keaWriter) version6(values []acsValue) keaPart {
	part := keaPart{}
	options := []keaOption{{Name: "vendor-opts", Data: fmt.Sprint(Enterprise), Always: true}}
	for _, v := range values {
		part.Definitions = append(part.Definitions, keaDefinition{Name: keaNames()[v.code], Code: v.code, Space: keaSpace125, Type: "string"})
		options = append(options, keaOption{Name: keaNames()[v.code], Space: keaSpace125, Data: keaData(v.text), Always: true})
	}
	test := fmt.Sprintf("substring(option[16].hex,0,4) == 0x%08x and substring(option[16].hex,6,%d) == '%s'", Enterprise, len(TR069Class), TR069Class)
	part.Classes = []keaClass{{Name: "dialtone-tr069", Test: test, Options: options}}
	return part
}

func (w keaWriter) checks(i Installation, _ []rule) []Check {
	all := []Check{{Command: "kea-dhcp4 -t /etc/kea/kea-dhcp4.conf", Expect: "no line with ERROR"}}
	restart := "systemctl restart kea-dhcp4-server"
	if i.IPv6 {
		all = append(all, Check{Command: "kea-dhcp6 -t /etc/kea/kea-dhcp6.conf", Expect: "no line with ERROR"})
		restart += " kea-dhcp6-server"
	}
	return append(all, Check{Command: restart, Expect: "no error; leases stay"})
}

func (w keaWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"Put each list into the one of that name in Dhcp4 (Dhcp6), or make it. Kea refuses two definitions of the same code in the same space: keep one.",
		"Kea sends option 125 without its sub-options unless each of them has always-send, and option 43 only to those who ask for it without always-send: both are set.",
	}
	if tells(rules, ClassTR069) {
		all = append(all, fmt.Sprintf("Kea cannot look for a text anywhere in option 60: dslforum.org is found if it begins within the first %d bytes. In DHCPv6 it must be the first class of option 16.", keaOffsets))
	}
	if i.Existing66 {
		all = append(all, "In Kea what a subnet, a shared network, a pool or a host says counts before what a class says: if the site's option 66 (tftp-server-name) stands there, "+
			"move it to the option-data of Dhcp4 itself, or phones keep getting that one.")
	}
	return all
}
