package dhcp

import (
	"fmt"
	"strconv"
)

// Statement is one thing that an option says, for people.
type Statement struct{ Name, Value string }

// maxOption bounds what is read of an option that came in several pieces.
const maxOption = 64 << 10

// Describe says what the content of an option means, in its order. Values that are not
// printable are quoted. It returns ErrMalformed if it cannot be read, and a *FieldError
// for an option that is not known here.
func Describe(option int, version6 bool, content []byte) ([]Statement, error) {
	if len(content) > maxOption {
		return nil, &FieldError{Field: "hex", Reason: "has more than 64 KB"}
	}
	if version6 {
		return describe6(option, content)
	}
	switch option {
	case OptionVendorSpecific:
		v, err := ParseVendorSpecific(content)
		return v.statements(), err
	case OptionVendorIdentifying:
		v, err := ParseVendorIdentifying(content)
		return v.statements(), err
	case OptionIdentifyingClass:
		classes, err := ParseIdentifyingClass(content)
		return classStatements(classes), err
	case OptionVendorClass:
		return classStatements([]string{text(content)}), nil
	case OptionTFTPServers:
		var all []Statement
		servers, err := parseAddresses(content)
		for _, a := range servers {
			all = append(all, Statement{"TFTP server", a.String()})
		}
		return all, err
	case OptionTFTPServerName, OptionBootFile, OptionURL, OptionVLAN, OptionFiles159, OptionFiles160, OptionFiles161:
		return []Statement{{"text", shown(text(content))}}, nil
	default:
		return nil, &FieldError{Field: "option", Reason: "is none that leads phones"}
	}
}

func describe6(option int, content []byte) ([]Statement, error) {
	switch option {
	case 16:
		classes, err := ParseVendorClass6(content)
		return classStatements(classes), err
	case 17:
		a, others, err := ParseVendorOptions6(content)
		return append(a.statements(), otherStatements(others)...), err
	default:
		return nil, &FieldError{Field: "option", Reason: "is none of DHCPv6 that leads phones"}
	}
}

func (a ACS) statements() []Statement {
	return said(
		Statement{"ACS URL", a.URL}, Statement{"provisioning code", a.ProvisioningCode},
		Statement{"retry minimum wait (s)", decimal(a.RetryMinimumWait)}, Statement{"retry multiplier (1/1000)", decimal(a.RetryMultiplier)},
	)
}

func (i Identity) statements(who string) []Statement {
	return said(Statement{who + " OUI", i.OUI}, Statement{who + " serial number", i.SerialNumber}, Statement{who + " product class", i.ProductClass})
}

func (v VendorSpecific) statements() []Statement {
	all := append(v.ACS.statements(), otherStatements(v.Others)...)
	switch v.Form {
	case RawURL:
		return append([]Statement{{"form", "a URL without sub-options"}}, said(Statement{"URL", v.URL})...)
	case Prefixed:
		return append([]Statement{{"form", "sub-options after a length that does not belong there"}}, all...)
	default:
		return all
	}
}

func (v VendorIdentifying) statements() []Statement {
	all := append(v.Device.statements("device"), v.Gateway.statements("gateway")...)
	return append(append(all, v.ACS.statements()...), otherStatements(v.Others)...)
}

func classStatements(classes []string) []Statement {
	var all []Statement
	for _, class := range classes {
		all = append(all, Statement{"vendor class", shown(class)})
		if model, ok := CiscoModel(class); ok {
			all = append(all, Statement{"means", "Cisco multiplatform phone " + model})
		}
		if IsTR069Class(class) {
			all = append(all, Statement{"means", "looks for an ACS (TR-069)"})
		}
	}
	return all
}

func otherStatements(others []SubOption) []Statement {
	var all []Statement
	for _, o := range others {
		all = append(all, Statement{fmt.Sprintf("sub-option %d", o.Code), shown(string(o.Value))})
	}
	return all
}

// said leaves out what is empty.
func said(all ...Statement) []Statement {
	var kept []Statement
	for _, s := range all {
		if s.Value != "" {
			kept = append(kept, Statement{s.Name, shown(s.Value)})
		}
	}
	return kept
}

// shown is a text as a terminal may have it.
func shown(s string) string {
	if isPrintable(s) {
		return s
	}
	return strconv.QuoteToASCII(s)
}
