package dhcp

import (
	"fmt"
	"regexp"
	"strings"
)

// iscWriter writes for ISC dhcpd 4.
type iscWriter struct{}

func (w iscWriter) write(i Installation, rules []rule) ([]Part, error) {
	var b strings.Builder
	b.WriteString("# Where phones are managed, written by Dialtone.\n\n")
	w.definitions(&b, rules)
	for n := range rules {
		w.class(&b, &rules[n])
	}
	parts := []Part{{Filename: "/etc/dhcp/dhcpd.conf", Language: "dhcpd", Text: b.String()}}
	if values, err := i.acs().values(); i.IPv6 && err == nil && len(values) > 0 {
		parts = append(parts, Part{Filename: "/etc/dhcp/dhcpd6.conf", Language: "dhcpd", Text: w.version6(values)})
	}
	return parts, nil
}

// iscNames are the names of sub-options of the ACS by code.
func iscNames() map[uint8]string {
	return map[uint8]string{subURL: "acs-url", subProvisioningCode: "provisioning-code", subRetryMinimumWait: "retry-minimum-wait", subRetryMultiplier: "retry-multiplier"}
}

func (w iscWriter) definitions(b *strings.Builder, rules []rule) {
	for n := range rules {
		if rules[n].acs.IsZero() {
			continue
		}
		b.WriteString("option space dialtone;\n")
		for code := uint8(subURL); code <= subRetryMultiplier; code++ {
			fmt.Fprintf(b, "option dialtone.%s code %d = text;\n", iscNames()[code], code)
		}
		fmt.Fprintf(b, "option dialtone-125 code %d = string;\n", OptionVendorIdentifying)
		break
	}
	for _, code := range codes(rules, OptionTFTPServerName) {
		fmt.Fprintf(b, "option dialtone-%d code %d = text;\n", code, code)
	}
	for n := range rules {
		if len(rules[n].tftp) > 0 {
			fmt.Fprintf(b, "option dialtone-150 code %d = array of ip-address;\n", OptionTFTPServers)
			break
		}
	}
}

func (w iscWriter) class(b *strings.Builder, r *rule) {
	fmt.Fprintf(b, "\n# %s\n", r.Title)
	indent := "  "
	if r.Every {
		indent = ""
	} else {
		fmt.Fprintf(b, "class \"dialtone-%s\" {\n  match if %s;\n", r.Name, w.condition(r))
	}
	w.acs(b, r, indent)
	if len(r.specific) > 0 {
		fmt.Fprintf(b, "%s# option 43 says %s\n%soption vendor-encapsulated-options %s;\n", indent, r.url, indent, separated(r.specific, ":"))
	}
	for _, o := range r.files {
		name := fmt.Sprintf("dialtone-%d", o.code)
		if o.code == OptionTFTPServerName {
			name = "tftp-server-name"
		}
		fmt.Fprintf(b, "%soption %s \"%s\";\n", indent, name, o.value)
	}
	for n, a := range r.tftp {
		if n == 0 {
			fmt.Fprintf(b, "%soption dialtone-150 %s", indent, a)
		} else {
			fmt.Fprintf(b, ", %s", a)
		}
		if n == len(r.tftp)-1 {
			b.WriteString(";\n")
		}
	}
	if !r.Every {
		b.WriteString("}\n")
	}
}

func (w iscWriter) acs(b *strings.Builder, r *rule, indent string) {
	for n, v := range r.acsValues() {
		if n == 0 {
			fmt.Fprintf(b, "%svendor-option-space dialtone;\n", indent)
		}
		fmt.Fprintf(b, "%soption dialtone.%s \"%s\";\n", indent, iscNames()[v.code], v.text)
	}
	values := r.identifyingValues()
	if len(values) == 0 {
		return
	}
	fmt.Fprintf(b, "%s# option 125: enterprise %d", indent, Enterprise)
	for _, v := range values {
		fmt.Fprintf(b, ", %d %s", v.code, v.text)
	}
	fmt.Fprintf(b, "\n%soption dialtone-125 %s;\n", indent, separated(r.binary125(), ":"))
}

// condition tells the class.
func (w iscWriter) condition(r *rule) string {
	var all []string
	if r.Contains != "" {
		pattern := strings.ReplaceAll(regexp.QuoteMeta(r.Contains), `\`, `\\`)
		all = append(all, fmt.Sprintf("option vendor-class-identifier ~= \"%s\"", pattern))
	}
	if r.In124 {
		// Enterprise, two lengths and the text; ~= does not see beyond a NUL.
		all = append(all, fmt.Sprintf("substring(option vivco, 6, %d) = \"%s\"", len(r.Contains), r.Contains))
	}
	for _, oui := range r.ouis {
		all = append(all, "substring(hardware, 1, 3) = "+octets(oui, ":"))
	}
	return strings.Join(all, "\n    or ")
}

func (w iscWriter) version6(values []acsValue) string {
	var b strings.Builder
	b.WriteString("# Where devices find their ACS, written by Dialtone.\n\noption space dialtone code width 2 length width 2;\n")
	for code := uint8(subURL); code <= subRetryMultiplier; code++ {
		fmt.Fprintf(&b, "option dialtone.%s code %d = text;\n", iscNames()[code], code)
	}
	fmt.Fprintf(&b, "option vsio.dialtone code %d = encapsulate dialtone;\n", Enterprise)
	b.WriteString("option dhcp6.dialtone-16 code 16 = string;\n")
	// The content of option 16 begins with the enterprise and a length of two bytes each.
	fmt.Fprintf(&b, "\nclass \"dialtone-tr069\" {\n  match if substring(option dhcp6.dialtone-16, 6, %d) = \"%s\";\n", len(TR069Class), TR069Class)
	for _, v := range values {
		fmt.Fprintf(&b, "  option dialtone.%s \"%s\";\n", iscNames()[v.code], v.text)
	}
	b.WriteString("}\n")
	return b.String()
}

func (w iscWriter) checks(i Installation, _ []rule) []Check {
	all := []Check{{Command: "dhcpd -t -cf /etc/dhcp/dhcpd.conf", Expect: "no line that begins with the name of the file"}}
	if i.IPv6 {
		all = append(all, Check{Command: "dhcpd -6 -t -cf /etc/dhcp/dhcpd6.conf", Expect: "no line that begins with the name of the file"})
	}
	return append(all, Check{Command: "systemctl restart isc-dhcp-server", Expect: "no error; leases stay"})
}

func (w iscWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"Put it before the subnets of dhcpd.conf, outside of all braces. Where the file gives one of the codes a name already, two names stand for the same option, which is allowed.",
		"ISC dhcpd gives options 43, 125 and the others only to devices that list them in option 55.",
	}
	if i.Existing66 {
		all = append(all, "What a class says counts before pool, subnet and the whole file; a host declaration counts before the class.")
	}
	return all
}
