package filephone

import (
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"regexp"
	"strings"
)

var grandstreamValue = regexp.MustCompile(`^P[0-9]+$`)

// take applies an XML file with P values (version 1) or aliases (version 2). A value
// that is there twice counts as it is the last time.
func (g *grandstream) take(f file, mac string) error {
	root, err := f.parseXML()
	if err != nil {
		return err
	}
	config := root.child("config")
	if root.name != "gs_provision" || config == nil {
		return f.refuse(root.line, "it is no gs_provision with a config")
	}
	if own := root.child("mac"); own != nil && !strings.EqualFold(own.value(), mac) {
		return f.refuse(own.line, "it is for another phone")
	}
	values := settings{}
	switch config.attributes["version"] {
	case "1":
		err = readGrandstreamValues(f, config, values)
	case "2":
		err = readGrandstreamItems(f, config, values)
	default:
		err = f.refuse(config.line, "it has no config of version 1 or 2")
	}
	if err != nil {
		return err
	}
	for name, value := range values {
		g.kept[name] = value
	}
	return nil
}

func readGrandstreamValues(f file, config *node, into settings) error {
	for _, n := range config.children {
		if !grandstreamValue.MatchString(n.name) || len(n.children) > 0 {
			return f.refuse(n.line, "%s is no P value", n.name)
		}
		into[strings.ToLower(n.name)] = n.value()
	}
	return nil
}

func readGrandstreamItems(f file, config *node, into settings) error {
	for _, item := range config.children {
		name := strings.ToLower(item.attributes["name"])
		if item.name != "item" || name == "" {
			return f.refuse(item.line, "%s is no item with a name", item.name)
		}
		if len(item.children) == 0 {
			into[name] = item.value()
		}
		for _, part := range item.children {
			leaf := strings.ToLower(part.attributes["name"])
			if part.name != "part" || leaf == "" {
				return f.refuse(part.line, "%s has something that is no part with a name", item.attributes["name"])
			}
			into[name+"."+leaf] = part.value()
		}
	}
	return nil
}

// binaryHeader is the length in words of 16 bits, a checksum, the MAC address and two
// line ends.
const binaryHeader = 16

// takeBinary applies the old format: P values as in a query behind a header, which the
// sum of all words makes 0.
func (g *grandstream) takeBinary(f file, mac string) error {
	raw := f.content
	if len(raw) < binaryHeader || len(raw)%2 != 0 || int(binary.BigEndian.Uint32(raw))*2 != len(raw) {
		return f.refuse(0, "its length is not the one that it tells")
	}
	var sum uint16
	for i := 0; i < len(raw); i += 2 {
		sum += binary.BigEndian.Uint16(raw[i:])
	}
	if sum != 0 {
		return f.refuse(0, "its checksum is wrong")
	}
	if hex.EncodeToString(raw[6:12]) != mac {
		return f.refuse(0, "it is for another phone")
	}
	values, err := url.ParseQuery(strings.TrimRight(string(raw[binaryHeader:]), "\x00"))
	if err != nil {
		return f.refuse(0, "its values cannot be read")
	}
	for name := range values {
		if grandstreamValue.MatchString(name) {
			g.kept[strings.ToLower(name)] = values.Get(name)
		}
	}
	return nil
}
