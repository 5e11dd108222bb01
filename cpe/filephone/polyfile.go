package filephone

import (
	"strings"
)

// polyMaster is a master file as it is for this phone.
type polyMaster struct {
	name        string
	application string
	files       []string
	// overrides is the folder of the override files, with a final slash unless empty.
	overrides string
}

// parsePolyMaster reads a master file: attributes of APPLICATION, which those of an
// element for the model replace.
func parsePolyMaster(f file, mac string) (polyMaster, error) {
	m := polyMaster{name: f.name}
	root, err := f.parseXML()
	if err != nil {
		return m, err
	}
	if root.name != "APPLICATION" {
		return m, f.refuse(root.line, "the root element is %s, not APPLICATION", root.name)
	}
	own := root.child("APPLICATION_" + polyModel)
	read := func(name string) string {
		value := root.attributes[name]
		if own != nil {
			if special, ok := own.attributes[name+"_"+polyModel]; ok {
				value = special
			}
		}
		value = strings.ReplaceAll(value, "[PHONE_MAC_ADDRESS]", mac)
		return strings.TrimSpace(strings.ReplaceAll(value, "[MACADDRESS]", mac))
	}
	m.application = read("APP_FILE_PATH")
	for _, name := range strings.Split(read("CONFIG_FILES"), ",") {
		if name = strings.TrimSpace(name); name != "" {
			m.files = append(m.files, name)
		}
	}
	if m.overrides = read("OVERRIDES_DIRECTORY"); m.overrides != "" && !strings.HasSuffix(m.overrides, "/") {
		m.overrides += "/"
	}
	return m, nil
}

// readPoly adds the parameters of a configuration file: all attributes of all elements,
// whatever those are called. Those that are known already stay unless replace is set.
func readPoly(f file, into settings, replace bool) error {
	root, err := f.parseXML()
	if err != nil {
		return err
	}
	var walk func(n *node)
	walk = func(n *node) {
		for name, value := range n.attributes {
			if strings.HasPrefix(name, "xmlns") || strings.Contains(name, ":") {
				continue
			}
			if _, known := into[name]; !known || replace {
				into[name] = value
			}
		}
		for _, c := range n.children {
			walk(c)
		}
	}
	walk(root)
	return nil
}

// parsePolyDirectory reads the speed dials of a directory, by their index.
func parsePolyDirectory(f file) (map[int]polyContact, error) {
	root, err := f.parseXML()
	if err != nil {
		return nil, err
	}
	list := root.child("item_list")
	if root.name != "directory" || list == nil {
		return nil, f.refuse(root.line, "it is no directory with an item_list")
	}
	speed := map[int]polyContact{}
	for _, item := range list.children {
		number := item.childValue("ct")
		if item.name != "item" || number == "" {
			return nil, f.refuse(item.line, "an entry has no contact")
		}
		if index := numberOf(item.childValue("sd"), 0); index > 0 {
			name := strings.TrimSpace(item.childValue("fn") + " " + item.childValue("ln"))
			speed[index] = polyContact{number: number, name: name}
		}
	}
	return speed, nil
}

// childValue is the text of a child, empty if there is none.
func (n *node) childValue(name string) string {
	if c := n.child(name); c != nil {
		return c.value()
	}
	return ""
}
