package cpe

import (
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// identityOddities are about who a device says it is. Some let it pass for a device of
// a maker, of which an ACS may have a profile.
var identityOddities = []Oddity{
	{Name: "no-oui", Manner: "has no OUI", text: emptied("OUI", "Inform")},
	{Name: "no-manufacturer", Manner: "leaves Manufacturer out of the DeviceId", text: without("Manufacturer", "Inform")},
	{Name: "no-product-class", Manner: "leaves ProductClass out of the DeviceId", text: without("ProductClass", "Inform")},
	{Name: "clone-serial", Manner: "has the serial number AABBCCDDEEFF, as every other device of its make", config: func(c *Config) { c.Identity.SerialNumber = "AABBCCDDEEFF" }},
	{Name: "umlauts", Manner: "has a maker with characters that are not ASCII", config: made("Gerätebau Müller & Söhne", "")},
	{Name: "is-cisco-spa", Manner: "says that it is an SPA122 of Cisco", config: made("Cisco Systems, Inc.", "SPA122")},
	{Name: "is-cisco-867", Manner: "says that it is an 867VAE of Cisco", config: made("Cisco Systems, Inc.", "CISCO867VAE")},
	{Name: "is-grandstream", Manner: "says that it is a phone of Grandstream", config: made("Grandstream", "GXV3370")},
	{Name: "is-mikrotik", Manner: "says that it is a router of MikroTik", config: made("MikroTik", "RB951G")},
	{Name: "is-dm955", Manner: "says that it is a DM955", config: made("Datacom", "DM955")},
	{Name: "is-zhone", Manner: "says that it is a device of Zhone", config: made("Zhone", "6748-W1-NA")},
	{Name: "is-sagemcom", Manner: "says that it is a Fast 2764 of Sagemcom", config: made("Sagemcom", "F@st 2764")},
	{Name: "is-tp-link", Manner: "says that it is a TD-W8980 of TP-Link", config: made("TP-LINK", "TD-W8980")},
	{Name: "is-thomson", Manner: "says that it is a gateway of Thomson", config: made("THOMSON", "TG784n")},
	{Name: "is-zyxel", Manner: "says that it is a P-2601HN of ZyXEL", config: made("ZyXEL", "P-2601HN-F1")},
	{Name: "is-avm", Manner: "says that it is a router of AVM", config: made("AVM", "FRITZ!Box")},
}

func made(manufacturer, productClass string) func(*Config) {
	return func(c *Config) {
		c.Identity.Manufacturer = manufacturer
		if productClass != "" {
			c.Identity.ProductClass, c.Identity.ModelName = productClass, productClass
		}
	}
}

// without leaves an element out of messages, with all in it.
func without(element string, methods ...string) func(cwmp.Message, string) string {
	return changed(func(text string) string { return cutElement(text, element, "") }, methods...)
}

// emptied leaves nothing in an element of messages.
func emptied(element string, methods ...string) func(cwmp.Message, string) string {
	return changed(func(text string) string { return cutElement(text, element, "<"+element+"></"+element+">") }, methods...)
}

// cutElement puts something in the place of every element of a name.
func cutElement(text, element, with string) string {
	var b strings.Builder
	for {
		start := strings.Index(text, "<"+element)
		if start < 0 {
			break
		}
		after := start + 1 + len(element)
		if after >= len(text) || !strings.ContainsRune(" >/", rune(text[after])) {
			b.WriteString(text[:after])
			text = text[after:]
			continue
		}
		closing := "</" + element + ">"
		end := strings.Index(text, closing)
		if end < start {
			break
		}
		b.WriteString(text[:start] + with)
		text = text[end+len(closing):]
	}
	return b.String() + text
}
