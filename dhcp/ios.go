package dhcp

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"strings"
)

// iosWriter writes for the DHCP server of Cisco IOS and IOS XE, which gives a pool's
// options to everybody in it.
type iosWriter struct{}

// iosOption is an option with what the command says behind its number.
type iosOption struct {
	code    uint8
	content []byte
	written string
	class   string
}

func (w iosWriter) write(i Installation, rules []rule) ([]Part, error) {
	options, err := w.merge(i, rules)
	if err != nil {
		return nil, err
	}
	var b strings.Builder
	b.WriteString("! Where phones are managed, written by Dialtone: for the pool of the phones.\nip dhcp pool PHONES\n")
	if len(i.Subnets) == 1 {
		fmt.Fprintf(&b, " network %s /%d\n", i.Subnets[0].Addr(), i.Subnets[0].Bits())
	}
	for _, o := range options {
		fmt.Fprintf(&b, " option %d %s\n", o.code, o.written)
	}
	if values, err := i.acs().values(); i.IPv6 && err == nil && len(values) > 0 {
		fmt.Fprintf(&b, "!\nipv6 dhcp pool PHONES6\n vendor-specific %d\n", Enterprise)
		for _, v := range values {
			fmt.Fprintf(&b, "  suboption %d %s\n", v.code, w.text(v.text))
		}
	}
	return []Part{{Filename: "running-config", Language: "ios", Text: b.String()}}, nil
}

// merge returns the options of all classes as one. It returns a *FieldError if two of
// them want different values.
func (w iosWriter) merge(i Installation, rules []rule) ([]iosOption, error) {
	var all []iosOption
	for n := range rules {
	options:
		for _, o := range w.options(i, &rules[n]) {
			for _, known := range all {
				if known.code == o.code && bytes.Equal(known.content, o.content) {
					continue options
				}
				if known.code == o.code {
					return nil, &FieldError{Field: "classes", Reason: fmt.Sprintf("has %s and %s, which want different values of option %d, and this server gives the same to all: take one of them", known.class, o.class, o.code)}
				}
			}
			all = append(all, o)
		}
	}
	return all, nil
}

func (w iosWriter) options(i Installation, r *rule) []iosOption {
	var all []iosOption
	for _, o := range []iosOption{{code: OptionVendorSpecific, content: r.binary43()}, {code: OptionVendorIdentifying, content: r.binary125()}} {
		if len(o.content) > 0 {
			o.written, o.class = "hex "+hex.EncodeToString(o.content), r.Name
			all = append(all, o)
		}
	}
	for _, o := range r.files {
		if o.code != OptionTFTPServerName || !i.Existing66 {
			all = append(all, iosOption{code: o.code, content: []byte(o.value), written: w.text(o.value), class: r.Name})
		}
	}
	if len(r.tftp) > 0 {
		o := iosOption{code: OptionTFTPServers, written: "ip", class: r.Name}
		for _, a := range r.tftp {
			o.content = append(o.content, a.AsSlice()...)
			o.written += " " + a.String()
		}
		all = append(all, o)
	}
	return all
}

// text writes a text: as such, or in hexadecimal digits where the command line would take
// a character of it for something else.
func (w iosWriter) text(value string) string {
	if strings.ContainsAny(value, `?"`) {
		return "hex " + hex.EncodeToString([]byte(value))
	}
	return `ascii "` + value + `"`
}

func (w iosWriter) checks(i Installation, _ []rule) []Check {
	all := []Check{
		{Command: "show running-config | section dhcp pool", Expect: "the lines as they were given"},
		{Command: "debug ip dhcp server packet", Expect: "what a phone is answered, while it starts; end it with undebug all"},
	}
	if i.IPv6 {
		all = append(all, Check{Command: "show ipv6 dhcp pool", Expect: "vendor-specific 3561 with its sub-options"})
	}
	return all
}

func (w iosWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"This server does not look at option 60: all that is in the pool goes to every device in it. Give phones a pool, and so a VLAN, of their own.",
		"Options 43 and 66 can be in a pool once: what is there already is replaced.",
	}
	if len(i.Subnets) > 1 {
		all = append(all, "Several subnets are named: give these lines to the pool of each of them.")
	}
	return all
}
