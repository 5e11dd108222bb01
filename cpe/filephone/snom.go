package filephone

import (
	"context"
	"strings"
)

// snom is a D785: a file of the model, then one of the phone, each of which may name
// others.
type snom struct {
	kept settings
	// keys are the function keys, by their index.
	keys map[int]snomKey
}

// snomKey is a function key as the file says it.
type snomKey struct{ function, label, context string }

const (
	snomModel    = "D785"
	snomFirmware = "10.1.33.33"
	// snomDeepest is how far lists of files may lead on to others.
	snomDeepest = 3
)

func newSnom() *snom { return &snom{kept: settings{}, keys: map[int]snomKey{}} }

func (s *snom) userAgent(mac string) string {
	return "Mozilla/4.0 (compatible; snom" + snomModel + "-SIP " + snomFirmware + " 2010.12-00004-g9ba52f5 " + strings.ToUpper(mac) + " SXM:0 UXM:0)"
}

func (s *snom) start(ctx context.Context, v *visit) error {
	mac := strings.ToUpper(v.mac())
	names := []string{"snom" + snomModel + ".htm", "snom" + snomModel + "-" + mac + ".htm"}
	if url := v.phone.config.Files; strings.Contains(url, "{mac}") {
		names = []string{strings.ReplaceAll(url, "{mac}", mac)}
	}
	none := true
	for _, name := range names {
		found, err := s.fetch(ctx, v, name, 0)
		if err != nil {
			return err
		}
		none = none && !found
	}
	if none {
		return ErrNoFile
	}
	return v.upgrade(ctx, s.kept["firmware"])
}

// fetch asks for a file and takes it, and what it names.
func (s *snom) fetch(ctx context.Context, v *visit, name string, depth int) (bool, error) {
	f, found, err := v.get(ctx, name)
	if err != nil || !found {
		return found, err
	}
	root, err := f.parseXML()
	if err != nil {
		return true, err
	}
	switch root.name {
	case "settings":
		return true, s.take(f, root)
	case "phone-book", "tbook":
		return true, nil
	case "setting-files":
	default:
		return true, f.refuse(root.line, "the root element is %s", root.name)
	}
	if depth == snomDeepest {
		return true, f.refuse(0, "lists of files lead on to lists without end")
	}
	for _, entry := range root.children {
		url := entry.attributes["url"]
		if entry.name != "file" || url == "" {
			return true, f.refuse(entry.line, "an entry is no file with a url")
		}
		if _, err := s.fetch(ctx, v, url, depth+1); err != nil {
			return true, err
		}
	}
	return true, nil
}

// take applies a file of settings. What it does not say stays.
func (s *snom) take(f file, root *node) error {
	for _, section := range root.children {
		switch section.name {
		case "phone-settings", "firmware-settings":
			if err := s.takeSettings(f, section); err != nil {
				return err
			}
		case "functionKeys":
			if err := s.takeKeys(f, section); err != nil {
				return err
			}
		case "tbook", "phone-book", "dialplan", "ReplacementPlan", "certificates", "gui-languages", "web-languages", "uploads":
		default:
			return f.refuse(section.line, "it has a section %s", section.name)
		}
	}
	return nil
}

func (s *snom) takeSettings(f file, section *node) error {
	for _, entry := range section.children {
		name := entry.name
		if index, ok := entry.attributes["idx"]; ok {
			if numberOf(index, 0) < 1 {
				return f.refuse(entry.line, "the index of %s is not a number from 1", name)
			}
			name += " " + index
		}
		if len(entry.children) > 0 {
			return f.refuse(entry.line, "%s has elements in place of a value", entry.name)
		}
		s.kept[name] = entry.value()
	}
	return nil
}

func (s *snom) takeKeys(f file, section *node) error {
	for _, entry := range section.children {
		index := numberOf(entry.attributes["idx"], -1)
		if entry.name != "fkey" || index < 0 {
			return f.refuse(entry.line, "an entry is no fkey with an idx from 0")
		}
		s.keys[index] = snomKey{function: entry.value(), label: entry.attributes["label"], context: entry.attributes["context"]}
	}
	return nil
}
