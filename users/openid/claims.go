package openid

import "strings"

// claims is what the provider says of somebody, as JSON gives it.
type claims map[string]any

// find returns the claim of a name. A dot leads into an object, unless it is part
// of the name, as it is in "https://example.com/roles".
func (c claims) find(name string) (any, bool) {
	if value, ok := c[name]; ok {
		return value, true
	}
	for i := range len(name) {
		if name[i] != '.' {
			continue
		}
		inner, ok := c[name[:i]].(map[string]any)
		if !ok {
			continue
		}
		if value, ok := claims(inner).find(name[i+1:]); ok {
			return value, true
		}
	}
	return nil, false
}

// text returns the claim of a name if it is a string that is not blank.
func (c claims) text(name string) (string, bool) {
	value, _ := c.find(name)
	text, ok := value.(string)
	return text, ok && strings.TrimSpace(text) != ""
}

// values returns the claim of a name as a list: that of one string, or the strings
// of a list.
func (c claims) values(name string) []string {
	value, _ := c.find(name)
	switch value := value.(type) {
	case string:
		return []string{value}
	case []any:
		var all []string
		for _, one := range value {
			if text, ok := one.(string); ok {
				all = append(all, text)
			}
		}
		return all
	}
	return nil
}

// add takes the claims that are not there yet.
func (c claims) add(more claims) {
	for name, value := range more {
		if _, known := c[name]; !known {
			c[name] = value
		}
	}
}
