package dhcp

import (
	"fmt"
	"strings"
)

// siteNotes are what to mind whatever the server is.
func siteNotes(i Installation, rules []rule, server Server) []string {
	var all []string
	if tells(rules, ClassCisco) {
		all = append(all, ciscoNotes(i)...)
	}
	if i.Existing66 {
		all = append(all, existing66Note(rules, server))
	}
	all = append(all, sizeNotes(rules)...)
	if i.IPv6 && !server.IPv6() {
		all = append(all, "No part for DHCPv6 is written for this server.")
	}
	if i.IPv6 && i.ACSURL == "" {
		all = append(all, "DHCPv6 leads devices to an ACS only, and no URL of one is given: there is no part for it.")
	}
	if strings.HasPrefix(i.ACSURL, "http:") || strings.HasPrefix(i.FilesURL, "http:") || strings.HasPrefix(i.FilesURL, "tftp:") {
		all = append(all, "Whoever can answer DHCP in a network can lead its phones elsewhere, and what is not https can be read on the way: use https where phones know the CA.")
	}
	return all
}

// roomy is how many bytes of options certainly fit into an answer beside what every
// answer has: 576 bytes are all that a device must take, and 308 of them are for options.
const roomy = 200

// sizeNotes warn of answers that are too long for devices that take no longer ones.
func sizeNotes(rules []rule) []string {
	var all []string
	for n := range rules {
		if size := rules[n].size(); size > roomy {
			all = append(all, fmt.Sprintf("What phones of the class %s are given takes %d bytes. A phone that does not say in option 57 that it takes long answers has room for about 300, "+
				"with all that it is given beside: the server leaves out what does not fit, and says nothing of it. Shorter URLs help.", rules[n].Name, size))
		}
	}
	return all
}

// size is how many bytes the options of a class take in a packet.
func (r *rule) size() int {
	const head = 2 // Code and length.
	size := 0
	for _, content := range [][]byte{r.binary43(), r.binary125()} {
		if len(content) > 0 {
			size += head + len(content)
		}
	}
	for _, o := range r.files {
		size += head + len(o.value)
	}
	if len(r.tftp) > 0 {
		size += head + 4*len(r.tftp)
	}
	return size
}

func tells(rules []rule, class string) bool {
	for _, r := range rules {
		if r.Name == class {
			return true
		}
	}
	return false
}

func ciscoNotes(i Installation) []string {
	all := []string{"A Cisco multiplatform phone takes the first of the options 66, 160, 159, 150, 60, 43 and 125 that it is given, unless its DHCP_Option_To_Use says otherwise. " +
		"It asks Cisco's own redirection service only if none of them led to a profile."}
	if i.ACSURL != "" {
		all = append(all, "TR-069 is off on a new Cisco multiplatform phone: options 43 and 125 mean nothing to it until its first profile turns TR-069 on. "+
			"The same phone says its model in option 60 before, and may say dslforum.org afterwards: both are answered.")
	}
	if i.FilesURL == "" {
		all = append(all, "Without filesUrl a new Cisco multiplatform phone is not given its first profile: its TR-069 must be turned on by other means.")
	}
	return all
}

// existing66Note says what it means for a site that it gives option 66 already.
func existing66Note(rules []rule, server Server) string {
	if !server.TellsApart() {
		return "Option 66 is left as the site has it, as this server gives the same to all. A Cisco multiplatform phone looks at 66 before all others, so it goes on to " +
			"follow the site's: it comes here only if the profile that it finds there leads here, or if its DHCP_Option_To_Use leaves 66 out. The same is so for other phones that look at 66."
	}
	var own []string
	for _, r := range rules {
		for _, o := range r.files {
			if o.code == OptionTFTPServerName {
				own = append(own, r.Name)
			}
		}
	}
	if len(own) == 0 {
		return "Option 66 stays as the site has it: nothing here gives it."
	}
	return fmt.Sprintf("The site gives option 66 already, and a phone that finds it looks at nothing else: so phones of the classes here (%s) get a 66 of their own, "+
		"and all others keep the site's. Leave out a class whose phones are to stay with the other server.", strings.Join(own, ", "))
}

// clientChecks are run on a machine in the network of the phones.
func clientChecks(rules []rule) []Check {
	var all []Check
	if tells(rules, ClassTR069) {
		all = append(all, Check{
			Command: "udhcpc -i eth0 -n -q -f -s /usr/bin/env -V dslforum.org -O 43 -O 125",
			Expect:  "opt43= and opt125= with hexadecimal digits: `dialtone dhcp decode --option 43 DIGITS` says what they mean. Nothing is set on the machine, but it uses a lease.",
		})
	}
	if tells(rules, ClassCisco) {
		all = append(all, Check{
			Command: `udhcpc -i eth0 -n -q -f -s /usr/bin/env -V 'Cisco Systems, Inc. IP Phone CP-8851-3PCC' -O 66 -O 160 -O 150 -O 43 -O 125`,
			Expect:  "opt160=, opt150= and the others in hexadecimal digits. For a URL in option 66 it shows tftp=bad, as it expects a name of a host there: tcpdump shows it.",
		})
	}
	return append(all, Check{
		Command: "tcpdump -n -vvv -s 0 -i any udp port 67 or udp port 68",
		Expect:  "what a phone asks (Vendor-Class, Parameter-Request) and what it is answered, while it starts",
	})
}
