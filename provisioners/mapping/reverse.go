package mapping

import "strings"

// reverse returns what Parameter.Adopt is for a setting, nil if its value cannot be told
// from that of the parameter. The entry is nil for a parameter that an operator named.
func (m *Mapping) reverse(e *entry, path string) func(string) (string, bool) {
	if e == nil {
		return func(value string) (string, bool) { return m.canonical(path, value) }
	}
	before, after, ok := e.around()
	if e.convert != "" || !ok {
		return nil
	}
	return func(value string) (string, bool) {
		if e.empty != nil && same(e.kind, value, *e.empty) {
			return "", true
		}
		inner, begins := strings.CutPrefix(value, before)
		inner, ends := strings.CutSuffix(inner, after)
		if !begins || !ends {
			return "", false
		}
		if e.values != nil {
			inner = e.original(inner)
		} else if e.kind == "boolean" {
			inner = map[string]string{"1": "true", "0": "false"}[asSent(e.kind, inner)]
		}
		return m.canonical(path, inner)
	}
}

// canonical returns the canonical text of a value that a setting may have.
func (m *Mapping) canonical(path, value string) (string, bool) {
	text, err := m.catalogue.Parse(path, value)
	return text, err == nil && text != ""
}

// around returns what is before and after the one setting of an entry's text; ok is false
// if the text has it more than once.
func (e *entry) around() (before, after string, ok bool) {
	seen := 0
	for _, part := range e.text {
		switch {
		case part.setting != "":
			seen++
		case seen == 0:
			before += part.text
		default:
			after += part.text
		}
	}
	return before, after, seen <= 1
}

// original returns the value of the setting of which a value of the parameter is the
// counterpart, empty if there is none. Devices change the case of such words.
func (e *entry) original(value string) string {
	elements := []string{value}
	if e.list {
		elements = strings.Split(value, ",")
	}
	for i, element := range elements {
		if elements[i] = e.originalOf(strings.TrimSpace(element)); elements[i] == "" {
			return ""
		}
	}
	return strings.Join(elements, ",")
}

func (e *entry) originalOf(value string) string {
	for _, c := range e.values {
		if same(e.kind, c.parameter, value) {
			return c.setting
		}
	}
	for _, c := range e.values {
		if strings.EqualFold(c.parameter, value) {
			return c.setting
		}
	}
	return ""
}

// same reports whether two texts are one value of a type.
func same(kind, a, b string) bool { return asSent(kind, a) == asSent(kind, b) }

// asSent returns the form of a value that is sent, or the text as it is if it is none.
func asSent(kind, text string) string {
	if sent, ok := lexical(kind, text); ok {
		return sent
	}
	return text
}
