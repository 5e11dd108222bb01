package dhcp

import (
	"fmt"
	"strings"
)

// dnsmasqWriter writes for dnsmasq 2.80 and newer.
type dnsmasqWriter struct{ file, program, restart string }

func (w dnsmasqWriter) write(i Installation, rules []rule) ([]Part, error) {
	var b strings.Builder
	b.WriteString("# Where phones are managed, written by Dialtone.\n")
	for n := range rules {
		r := &rules[n]
		fmt.Fprintf(&b, "\n# %s\n", r.Title)
		tag := ""
		if !r.Every {
			tag = "tag:dialtone-" + r.Name + ","
			w.match(&b, r)
		}
		w.acs(&b, r, tag)
		if len(r.specific) > 0 {
			fmt.Fprintf(&b, "# option 43 says %s\ndhcp-option-force=%s43,%s\n", r.url, tag, separated(r.specific, ":"))
		}
		for _, o := range r.files {
			fmt.Fprintf(&b, "dhcp-option=%s%s,\"%s\"\n", tag, dnsmasqName(o.code), o.value)
		}
		if len(r.tftp) > 0 {
			fmt.Fprintf(&b, "dhcp-option=%s%d", tag, OptionTFTPServers)
			for _, a := range r.tftp {
				fmt.Fprintf(&b, ",%s", a)
			}
			b.WriteString("\n")
		}
	}
	if i.IPv6 {
		w.version6(&b, i)
	}
	return []Part{{Filename: w.file, Language: "dnsmasq", Text: b.String()}}, nil
}

func dnsmasqName(code uint8) string {
	if code == OptionTFTPServerName {
		return "option:tftp-server"
	}
	return fmt.Sprint(code)
}

// match writes what tells the class.
func (w dnsmasqWriter) match(b *strings.Builder, r *rule) {
	if r.Contains != "" {
		fmt.Fprintf(b, "dhcp-vendorclass=set:dialtone-%s,%s\n", r.Name, r.Contains)
	}
	if r.In124 {
		fmt.Fprintf(b, "dhcp-match=set:dialtone-%s,%d,%s\n", r.Name, OptionIdentifyingClass, r.Contains)
	}
	for _, oui := range r.ouis {
		fmt.Fprintf(b, "dhcp-mac=set:dialtone-%s,%s:*:*:*\n", r.Name, octets(oui, ":"))
	}
}

// acs writes options 43 and 125: forced, as not every device asks for them.
func (w dnsmasqWriter) acs(b *strings.Builder, r *rule, tag string) {
	for _, v := range r.acsValues() {
		fmt.Fprintf(b, "dhcp-option-force=%svendor:%s,%d,\"%s\"\n", tag, r.Contains, v.code, v.text)
	}
	for _, v := range r.identifyingValues() {
		fmt.Fprintf(b, "dhcp-option-force=%svi-encap:%d,%d,\"%s\"\n", tag, Enterprise, v.code, v.text)
	}
}

func (w dnsmasqWriter) version6(b *strings.Builder, i Installation) {
	values, err := i.acs().values()
	if err != nil || len(values) == 0 {
		return // The rules have checked it.
	}
	fmt.Fprintf(b, "\n# DHCPv6: devices that look for an ACS\ndhcp-vendorclass=set:dialtone-tr069-v6,enterprise:%d,%s\n", Enterprise, TR069Class)
	for _, v := range values {
		fmt.Fprintf(b, "dhcp-option=tag:dialtone-tr069-v6,vi-encap:%d,option6:%d,\"%s\"\n", Enterprise, v.code, v.text)
	}
}

func (w dnsmasqWriter) checks(Installation, []rule) []Check {
	return []Check{
		{Command: w.program + " --test --conf-file=" + w.file, Expect: "dnsmasq: syntax check OK."},
		{Command: w.restart, Expect: "no error; leases stay"},
	}
}

func (w dnsmasqWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"dnsmasq puts a byte 0xFF behind the sub-options of option 43, a NUL behind the text of option 66, and gives the option 60 of a device back to it: devices are used to all three.",
		"Options 43 and 125 are written as dhcp-option-force, so that a device gets them that forgets to ask; all others go to those who ask.",
	}
	if i.Existing66 {
		all = append(all, "A dhcp-option with a tag counts before one without; if the site's option 66 has a tag too, which of both counts is not sure: give that line tag:!dialtone-cisco, and so on for each class.")
	}
	return all
}

// opnsenseWriter writes for the dnsmasq of OPNsense.
type opnsenseWriter struct{ dnsmasqWriter }

func (w opnsenseWriter) notes(i Installation, rules []rule) []string {
	return append([]string{
		"This is for the Dnsmasq of OPNsense (Services: Dnsmasq DNS & DHCP). Put the file onto the firewall: what is in that folder stays when the web pages write the configuration anew, and is not in its backups.",
		"If Kea serves DHCP on the firewall, take the configuration for Kea; the pages of OPNsense for Kea have no classes.",
	}, w.dnsmasqWriter.notes(i, rules)...)
}
