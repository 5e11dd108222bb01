package pack

import (
	"maps"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// ValueError is returned by Render, inside of an Error, for a setting that the file cannot
// carry as it was declared. It holds no value.
type ValueError struct {
	// Path is the setting's.
	Path   string
	reason string
}

// Error returns the path and what the file has no way to write.
func (e *ValueError) Error() string { return e.Path + " cannot be given as declared: " + e.reason }

// escape returns a value as it may stand in a file of the format. A text that is for
// people loses line ends and the like; any other that the format does not carry is a
// *ValueError.
func (g *guard) escape(format Format, text string) (string, error) {
	if !format.carries(text) {
		reason := "the format " + string(format) + " has no way to write " + format.lacks()
		if err := g.exact(text, reason, format.carries); err != nil {
			return "", err
		}
	}
	return format.escape(text), nil
}

// quote puts a text between quotes, in which the formats that need them have none: a text
// for people gets ' instead, any other is a *ValueError.
func (g *guard) quote(x any) (string, error) {
	text, err := plainText(x)
	if err != nil {
		return "", err
	}
	if strings.Contains(text, `"`) {
		const reason = "it stands between quotation marks, and holds one"
		if err := g.exact(text, reason, func(value string) bool { return !strings.Contains(value, `"`) }); err != nil {
			return "", err
		}
	}
	return g.made(`"` + strings.ReplaceAll(text, `"`, "'") + `"`)
}

// exact returns a *ValueError if a text is, or was made of, a setting that is not for
// people, and that is not carried.
func (g *guard) exact(text, reason string, carries func(string) bool) error {
	if g.pack == nil {
		return nil
	}
	s := &search{pack: g.pack, text: strings.ToLower(text), carries: carries}
	s.top(g.data)
	if s.found == "" {
		return nil
	}
	return &ValueError{Path: s.found, reason: reason}
}

// search looks for the setting of which a text was made. It goes through what the
// template sees, which is only done for the few texts that something is wrong with.
type search struct {
	pack    *Pack
	text    string
	carries func(string) bool
	found   string
}

// top goes through the settings of a phone.
func (s *search) top(data map[string]any) {
	lists := map[string]string{"accounts": "account", "keys": "key", "expansions": "expansion", "phonebooks": "phonebook"}
	for _, name := range slices.Sorted(maps.Keys(data)) {
		switch value := data[name]; {
		case lists[name] != "":
			s.list(lists[name], value)
		case name == "vendor":
			s.value("vendor."+s.pack.Name, value)
		case name != "device" && name != "model" && name != "links" && name != "directory" && name != "owned":
			s.value(name, value)
		}
	}
}

func (s *search) list(path string, value any) {
	elements, _ := value.([]any)
	for _, one := range elements {
		element, _ := one.(map[string]any)
		n, _ := element["n"].(string)
		for _, leaf := range slices.Sorted(maps.Keys(element)) {
			switch {
			case leaf == "keys":
				s.list(path+"."+n+".key", element[leaf])
			case leaf == "authUser" && element[leaf] == element["user"]:
				// It was filled in with the user, which is what was declared.
			default:
				s.value(path+"."+n+"."+leaf, element[leaf])
			}
		}
	}
}

func (s *search) value(path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for _, leaf := range slices.Sorted(maps.Keys(v)) {
			s.value(path+"."+leaf, v[leaf])
		}
	case string:
		if s.found == "" && v != "" && !s.carries(v) && strings.Contains(s.text, strings.ToLower(v)) && !s.isForPeople(path) {
			s.found = path
		}
	}
}

// isForPeople reports whether the setting is a text that only people read, which may lose
// what a phone could not show.
func (s *search) isForPeople(path string) bool {
	setting, known := s.pack.catalogue.Find(path)
	if !known {
		// "n" of an account, and the like, are no settings.
		return !strings.HasPrefix(path, "vendor.")
	}
	return setting.Display && setting.Type == provisioners.TextType
}
