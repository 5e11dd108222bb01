package dhcp

import (
	"fmt"
	"strings"
)

// windowsWriter writes PowerShell for the DHCP server of Windows Server 2012 and newer.
type windowsWriter struct{}

func (w windowsWriter) write(i Installation, rules []rule) ([]Part, error) {
	var b strings.Builder
	b.WriteString("# Where phones are managed, written by Dialtone. Run it in PowerShell as administrator.\n$ErrorActionPreference = 'Stop'\n\n")
	w.definitions(&b, rules)
	scopes := []string{""}
	if len(i.Subnets) > 0 {
		scopes = nil
		for _, subnet := range i.Subnets {
			scopes = append(scopes, " -ScopeId "+subnet.Addr().String())
		}
	}
	for n := range rules {
		r := &rules[n]
		fmt.Fprintf(&b, "\n# %s\n", r.Title)
		if r.Begins == "" && len(r.ouis) == 0 && !r.Every {
			return nil, &FieldError{Field: "classes", Reason: "has " + r.Name + ", of which it is not known how option 60 begins: this server compares beginnings and MAC addresses"}
		}
		if r.Begins != "" {
			fmt.Fprintf(&b, "Add-DhcpServerv4Class -Name %s -Type Vendor -Data %s\n", powershell("Dialtone "+r.Name), powershell(r.Begins))
		}
		for _, scope := range scopes {
			w.values(&b, r, scope)
		}
	}
	return []Part{{Filename: "dialtone.ps1", Language: "powershell", Text: b.String()}}, nil
}

// powershell writes a text that PowerShell takes as it is. The text is ASCII: other
// characters could be quotes to PowerShell.
func powershell(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// definitions makes the options that Windows does not know, where nobody has made them.
func (w windowsWriter) definitions(b *strings.Builder, rules []rule) {
	define := func(code uint8, kind, more string) {
		fmt.Fprintf(b, "if (-not (Get-DhcpServerv4OptionDefinition -OptionId %d -ErrorAction SilentlyContinue)) {\n"+
			"  Add-DhcpServerv4OptionDefinition -OptionId %d -Name 'Dialtone %d' -Type %s%s\n}\n", code, code, code, kind, more)
	}
	for n := range rules {
		if !rules[n].acs.IsZero() {
			define(OptionVendorIdentifying, "BinaryData", "")
			break
		}
	}
	for _, code := range codes(rules, OptionTFTPServerName) {
		define(code, "String", "")
	}
	for n := range rules {
		if len(rules[n].tftp) > 0 {
			define(OptionTFTPServers, "IPv4Address", " -MultiValued")
			break
		}
	}
}

// values writes the policy of a class and the options that it gives.
func (w windowsWriter) values(b *strings.Builder, r *rule, scope string) {
	policy := ""
	if !r.Every {
		policy = " -PolicyName " + powershell("Dialtone "+r.Name)
		fmt.Fprintf(b, "Add-DhcpServerv4Policy -Name %s%s -Condition OR%s\n", powershell("Dialtone "+r.Name), scope, w.conditions(r))
	}
	set := func(code uint8, value string) {
		fmt.Fprintf(b, "Set-DhcpServerv4OptionValue%s%s -OptionId %d -Value %s\n", scope, policy, code, value)
	}
	if content := r.binary43(); len(content) > 0 {
		set(OptionVendorSpecific, w.binary(content))
	}
	if content := r.binary125(); len(content) > 0 {
		set(OptionVendorIdentifying, w.binary(content))
	}
	for _, o := range r.files {
		set(o.code, powershell(o.value))
	}
	if len(r.tftp) > 0 {
		var addresses []string
		for _, a := range r.tftp {
			addresses = append(addresses, a.String())
		}
		set(OptionTFTPServers, strings.Join(addresses, ","))
	}
}

func (w windowsWriter) conditions(r *rule) string {
	var all string
	if r.Begins != "" {
		all += " -VendorClass EQ," + powershell("Dialtone "+r.Name+"*")
	}
	if len(r.ouis) > 0 {
		all += " -MacAddress EQ"
		for _, oui := range r.ouis {
			all += "," + powershell(strings.ToUpper(oui)+"*")
		}
	}
	return all
}

// binary writes bytes as the list that a binary option takes.
func (w windowsWriter) binary(content []byte) string {
	return "'0x" + separated(content, "','0x") + "'"
}

func (w windowsWriter) checks(_ Installation, rules []rule) []Check {
	return []Check{
		{Command: "Get-DhcpServerv4Policy", Expect: "a policy for each class, enabled (with -ScopeId for those of a scope)"},
		{Command: "Get-DhcpServerv4OptionValue -PolicyName " + powershell("Dialtone "+rules[0].Name) + " -All", Expect: "the options with the values that were set (with -ScopeId for those of a scope); the same for each policy"},
	}
}

func (w windowsWriter) notes(i Installation, rules []rule) []string {
	all := []string{
		"Windows compares option 60 with the beginning of a vendor class only: a device whose option 60 has dslforum.org behind something else is not found. Give its beginning as one more vendor class, and add that class to the policy.",
	}
	if tells(rules, ClassCisco) {
		all = append(all, "The class for Cisco multiplatform phones is known by its beginning, which phones of the same maker for its own call manager have too: they get these options as well. Where both are in one scope, name the models one by one in the vendor class.")
	}
	all = append(all, "The script makes classes and policies and stops if they exist: remove those named Dialtone first (Remove-DhcpServerv4Policy, Remove-DhcpServerv4Class).")
	if i.Existing66 {
		all = append(all, "What a policy gives counts before what scope and server give; a reservation counts before the policy.")
	}
	return all
}
