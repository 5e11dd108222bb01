package dhcp

import (
	"encoding/hex"
	"fmt"
	"strings"
)

// mikrotikWriter writes for RouterOS 7.
type mikrotikWriter struct{}

func (w mikrotikWriter) write(i Installation, rules []rule) ([]Part, error) {
	var b strings.Builder
	b.WriteString("# Where phones are managed, written by Dialtone.\n")
	for n := range rules {
		r := &rules[n]
		if !r.Every && r.Contains == "" {
			return nil, &FieldError{Field: "classes", Reason: "has " + r.Name + ", whose phones only their MAC addresses tell: this server compares options only"}
		}
		fmt.Fprintf(&b, "\n# %s\n/ip dhcp-server option\n", r.Title)
		names := w.options(&b, r)
		fmt.Fprintf(&b, "/ip dhcp-server option sets\nadd name=dialtone-%s options=%s\n", r.Name, strings.Join(names, ","))
		w.attach(&b, i, r)
	}
	w.version6(&b, i)
	return []Part{{Filename: "dialtone.rsc", Language: "routeros", Text: b.String()}}, nil
}

// options writes each option of a class and returns the names.
func (w mikrotikWriter) options(b *strings.Builder, r *rule) []string {
	var names []string
	add := func(code int, value, comment string) {
		name := fmt.Sprintf("dialtone-%s-%d", r.Name, code)
		names = append(names, name)
		if comment != "" {
			comment = ` comment="` + comment + `"`
		}
		fmt.Fprintf(b, "add name=%s code=%d value=\"%s\"%s\n", name, code, value, comment)
	}
	if content := r.binary43(); len(content) > 0 {
		add(OptionVendorSpecific, "0x"+hex.EncodeToString(content), w.said(r))
	}
	if content := r.binary125(); len(content) > 0 {
		add(OptionVendorIdentifying, "0x"+hex.EncodeToString(content), w.said(r))
	}
	for _, o := range r.files {
		add(int(o.code), w.text(o.value), "")
	}
	if len(r.tftp) > 0 {
		var content []byte
		for _, a := range r.tftp {
			content = append(content, a.AsSlice()...)
		}
		add(OptionTFTPServers, "0x"+hex.EncodeToString(content), strings.Trim(fmt.Sprint(r.tftp), "[]"))
	}
	return names
}

// said is what hexadecimal digits mean, for who reads them in the router.
func (w mikrotikWriter) said(r *rule) string {
	if r.acs.IsZero() {
		return w.escape(r.url)
	}
	return w.escape(r.acs.URL)
}

// text writes a value that is a text: as such where RouterOS reads it as it is written,
// else in hexadecimal digits.
func (w mikrotikWriter) text(value string) string {
	if strings.ContainsAny(value, "'?()") {
		return "0x" + hex.EncodeToString([]byte(value))
	}
	return "s'" + w.escape(value) + "'"
}

// escape writes a text for a place between double quotes. In RouterOS a $ there begins
// the name of a variable, and ? asks for help.
func (w mikrotikWriter) escape(text string) string {
	return strings.NewReplacer(`\`, `\\`, `"`, `\"`, `$`, `\$`, `?`, `\?`).Replace(text)
}

// attach says who is given the options of a class.
func (w mikrotikWriter) attach(b *strings.Builder, i Installation, r *rule) {
	switch {
	case !r.Every:
		fmt.Fprintf(b, "/ip dhcp-server matcher\nadd name=dialtone-%s code=%d matching-type=substring value=\"%s\" option-set=dialtone-%s\n",
			r.Name, OptionVendorClass, w.escape(r.Contains), r.Name)
		if r.In124 {
			fmt.Fprintf(b, "add name=dialtone-%s-124 code=%d matching-type=substring value=\"%s\" option-set=dialtone-%s\n",
				r.Name, OptionIdentifyingClass, w.escape(r.Contains), r.Name)
		}
	case len(i.Subnets) == 0:
		fmt.Fprintf(b, "/ip dhcp-server network\nset [find] dhcp-option-set=dialtone-%s\n", r.Name)
	default:
		b.WriteString("/ip dhcp-server network\n")
		for _, subnet := range i.Subnets {
			fmt.Fprintf(b, "set [find address=\"%s\"] dhcp-option-set=dialtone-%s\n", subnet, r.Name)
		}
	}
}

func (w mikrotikWriter) version6(b *strings.Builder, i Installation) {
	content, err := i.acs().VendorOptions6()
	if !i.IPv6 || err != nil || i.ACSURL == "" {
		return // The rules have checked it.
	}
	fmt.Fprintf(b, "\n# DHCPv6: the ACS, for all devices that ask for option 17\n/ipv6 dhcp-server option\nadd name=dialtone-17 code=17 value=\"0x%s\" comment=\"%s\"\n",
		hex.EncodeToString(content), w.escape(i.ACSURL))
	b.WriteString("/ipv6 dhcp-server\nset [find] dhcp-option=dialtone-17\n")
}

func (w mikrotikWriter) checks(Installation, []rule) []Check {
	return []Check{
		{Command: "/import file-name=dialtone.rsc", Expect: "Script file loaded and executed successfully"},
		{Command: "/ip dhcp-server option print detail", Expect: "raw-value has what is sent, in hexadecimal digits: `dialtone dhcp decode --option 43 DIGITS` says what it means"},
		{Command: "/ip dhcp-server matcher print", Expect: "a matcher for each class, none of them marked invalid"},
	}
}

func (w mikrotikWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"RouterOS gives options only to devices that list them in option 55.",
		"In RouterOS a $ between double quotes begins the name of a variable: it is written as \\$, which keeps the $PSN and $MA of Cisco phones. Values with quotes, brackets or question marks are written in hexadecimal digits.",
		"Matchers are those of RouterOS 7; where a router wants address-pool in them, give the pool of the phones. Options of a lease count before all others. These lines were not tried on a router: look at what is sent.",
	}
	if i.IPv6 {
		all = append(all, "The DHCPv6 server of RouterOS does not look at classes: option 17 goes to all who ask.")
	}
	if i.Existing66 {
		all = append(all, "The option set of a network counts after that of a matcher; one of a lease counts before.")
	}
	return all
}
