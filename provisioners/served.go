package provisioners

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// Packs is what the Resolver asks of the vendor packs. It is safe for concurrent use.
type Packs interface {
	// For returns the pack and the model that serve a device; ok is false if none does.
	For(d device.Device) (served Served, ok bool)
}

// Served is what a vendor pack says of a device's model. What is returned is shared:
// nobody changes it.
type Served struct {
	// Pack is the name of the pack, Model that of the model in it.
	Pack  string
	Model string
	// Title is what people call the model.
	Title string
	// Revision identifies the content of the pack.
	Revision string
	// Lines is how many accounts the model has, 0 if unknown. Keys is how many line
	// keys, ExpansionModules how many modules can be attached, 0 for none.
	// ExpansionKeys is how many keys a module has, 0 if unknown.
	Lines, Keys, ExpansionModules, ExpansionKeys int
	// Variables are those of the model, such as "code".
	Variables map[string]string
	// Defaults are the settings that the pack gives, those of the model later. The
	// value of a secret one is in Value, as it is no secret.
	Defaults []Entry
	// Unsupported are settings that the pack cannot give: paths or the beginning of
	// paths, in which a letter or * stands for any index, such as "network.cdp" or
	// "account.N.srtp".
	Unsupported []string
	// Limits are settings of which the pack can give only some values.
	Limits []ValueLimit
}

// ValueLimit says which values of a setting cannot be given.
type ValueLimit struct {
	// Path is the setting's, in which a letter or * stands for any index.
	Path string
	// Refused are the values that cannot be given. If there are none, Taken are all that
	// can. A language stands for its regional variants too: "de" for "de-AT".
	Refused, Taken []string
}

// refuses reports whether a value cannot be given.
func (v *ValueLimit) refuses(value string) bool {
	is := func(one string) bool { return value == one || strings.HasPrefix(value, one+"-") }
	if len(v.Refused) > 0 {
		return slices.ContainsFunc(v.Refused, is)
	}
	return !slices.ContainsFunc(v.Taken, is)
}

// divide returns what of a value the pack can give, and what of it it cannot. A list is
// divided into its elements.
func (s *Served) divide(path, value string, isList bool) (given, refused string) {
	for i := range s.Limits {
		limit := &s.Limits[i]
		if value == "" || lastSegment(limit.Path) != lastSegment(path) || !covers(limit.Path, path) {
			continue
		}
		if !isList {
			if limit.refuses(value) {
				return "", value
			}
			continue
		}
		var kept, lost []string
		for element := range strings.SplitSeq(value, ",") {
			if limit.refuses(element) {
				lost = append(lost, element)
			} else {
				kept = append(kept, element)
			}
		}
		if len(lost) > 0 {
			return strings.Join(kept, ","), strings.Join(lost, ",")
		}
	}
	return value, ""
}

func lastSegment(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// cannot reports whether the pack cannot give the setting of a path.
func (s *Served) cannot(path string) bool {
	for _, pattern := range s.Unsupported {
		if covers(pattern, path) {
			return true
		}
	}
	return false
}

// covers reports whether a pattern is the path or its beginning.
func covers(pattern, path string) bool {
	for pattern != "" {
		var want, got string
		want, pattern, _ = strings.Cut(pattern, ".")
		if path == "" {
			return false
		}
		got, path, _ = strings.Cut(path, ".")
		if want == got {
			continue
		}
		isIndex := want == "*" || len(want) == 1 && want[0] >= 'A' && want[0] <= 'Z'
		if _, ok := readIndex(got); !isIndex || !ok {
			return false
		}
	}
	return true
}

// limitReason says why an index is beyond what the model has, empty if it is not.
// Prefix is the path before the index, with # for indexes.
func (s *Served) limitReason(prefix string, index int) string {
	switch {
	case prefix == "account" && s.Lines > 0 && index > s.Lines:
		return counted("the model has", s.Lines, "line")
	case prefix == "key" && index > s.Keys:
		return counted("the model has", s.Keys, "key")
	case prefix == "expansion" && index > s.ExpansionModules:
		return counted("the model takes", s.ExpansionModules, "expansion module")
	case prefix == "expansion.#.key" && s.ExpansionKeys > 0 && index > s.ExpansionKeys:
		return counted("the module has", s.ExpansionKeys, "key")
	}
	return ""
}
