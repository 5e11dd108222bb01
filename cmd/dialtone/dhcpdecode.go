package main

import (
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/dhcp"
)

// dhcpDecodeCommand reads bytes as a packet capture or a log shows them.
type dhcpDecodeCommand struct {
	Option int      `required:"" help:"The number of the option: 43, 60, 66, 67, 114, 124, 125, 132, 150, 159, 160, 161, or with --ipv6 16 and 17." placeholder:"N"`
	IPv6   bool     `name:"ipv6" env:"DIALTONE_IPV6" help:"The option is one of DHCPv6."`
	Digits []string `arg:"" name:"hex" help:"The content in hexadecimal digits, without code and length of the option; colons, spaces and 0x are passed over."`
}

// Run writes a line for each thing that the option says.
func (c *dhcpDecodeCommand) Run(s *streams) error {
	content, err := hexBytes(strings.Join(c.Digits, " "))
	if err != nil {
		return err
	}
	statements, err := dhcp.Describe(c.Option, c.IPv6, content)
	if err != nil {
		return err
	}
	for _, statement := range statements {
		fmt.Fprintf(s.out, "%-28s %s\n", statement.Name, statement.Value)
	}
	return nil
}

// hexBytes reads digits as programs show them: with 0x before all or before each byte,
// with something between bytes, which then may have one digit.
func hexBytes(text string) ([]byte, error) {
	text = strings.ReplaceAll(strings.ToLower(text), "0x", " ")
	groups := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(":,-. \n\t'\"", r) })
	var digits strings.Builder
	for _, group := range groups {
		if len(group) == 1 {
			digits.WriteByte('0')
		}
		digits.WriteString(group)
	}
	content, err := hex.DecodeString(digits.String())
	if err != nil || len(content) == 0 {
		return nil, fmt.Errorf("hex: must be hexadecimal digits, two for each byte")
	}
	return content, nil
}
