package pack

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// maxName bounds the pattern of a file's name.
const maxName = 200

// placeholder is what stands in the place of a part of a name.
type placeholder string

// The placeholders; variables are {var.NAME}.
const (
	macPlaceholder      placeholder = "mac"
	upperMACPlaceholder placeholder = "MAC"
	colonsPlaceholder   placeholder = "mac:colons"
	serialPlaceholder   placeholder = "serial"
	modelPlaceholder    placeholder = "model"
	variablePrefix                  = "var."
)

// namePart is a text, or a placeholder.
type namePart struct {
	text string
	hole placeholder
}

// namePattern is the pattern of a file's name, with its folders.
type namePattern struct {
	parts    []namePart
	segments int
	upperMAC bool
	matcher  *regexp.Regexp
}

var braces = regexp.MustCompile(`\{[^{}]*\}`)

// compileName reads the pattern of a name; the pack's models must be known.
func compileName(name string, p *Pack) (*namePattern, error) {
	if name == "" || len(name) > maxName {
		return nil, fmt.Errorf("a name has 1 to %d bytes", maxName)
	}
	n := &namePattern{upperMAC: p.upperMAC}
	rest := name
	for rest != "" {
		place := braces.FindStringIndex(rest)
		if place == nil {
			n.parts = append(n.parts, namePart{text: rest})
			break
		}
		if place[0] > 0 {
			n.parts = append(n.parts, namePart{text: rest[:place[0]]})
		}
		n.parts = append(n.parts, namePart{hole: placeholder(rest[place[0]+1 : place[1]-1])})
		rest = rest[place[1]:]
	}
	if err := n.checkTexts(); err != nil {
		return nil, err
	}
	return n, n.compile(p)
}

// checkTexts refuses names that lead somewhere else.
func (n *namePattern) checkTexts() error {
	var plain strings.Builder
	for _, part := range n.parts {
		if strings.ContainsAny(part.text, "{}\\?#%\x00\r\n") {
			return fmt.Errorf(`a name has none of { } \ ? # %% outside of placeholders`)
		}
		plain.WriteString(part.text)
		if part.hole != "" {
			plain.WriteByte('x')
		}
	}
	segments := strings.Split(plain.String(), "/")
	if slices.Contains(segments, "") || slices.Contains(segments, "..") || slices.Contains(segments, ".") {
		return fmt.Errorf("a name begins and ends without slash, and has no empty folder, . or ..")
	}
	n.segments = len(segments)
	return nil
}

func (n *namePattern) compile(p *Pack) error {
	var b strings.Builder
	b.WriteString("(?i)^")
	for _, part := range n.parts {
		if part.hole == "" {
			b.WriteString(regexp.QuoteMeta(part.text))
			continue
		}
		alternatives, err := part.hole.expression(p)
		if err != nil {
			return err
		}
		b.WriteString("(" + alternatives + ")")
	}
	matcher, err := regexp.Compile(b.String() + "$")
	if err != nil {
		return fmt.Errorf("the name makes too large a pattern")
	}
	n.matcher = matcher
	return nil
}

// expression returns what may stand in the place of a placeholder.
func (h placeholder) expression(p *Pack) (string, error) {
	switch h {
	case macPlaceholder, upperMACPlaceholder:
		return "[0-9a-f]{12}", nil
	case colonsPlaceholder:
		return "[0-9a-f]{2}(?::[0-9a-f]{2}){5}", nil
	case serialPlaceholder:
		return "[0-9a-z]{4,32}", nil
	}
	var values []string
	for _, m := range p.Models {
		values = append(values, h.values(m)...)
	}
	slices.SortFunc(values, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	values = slices.DeleteFunc(slices.Compact(values), func(v string) bool { return v == "" })
	if len(values) == 0 {
		return "", fmt.Errorf("there is no placeholder {%s}, or no model has a value for it", string(h))
	}
	for i, value := range values {
		values[i] = regexp.QuoteMeta(value)
	}
	return strings.Join(values, "|"), nil
}

// values returns what a model has for {model} or {var.X}.
func (h placeholder) values(m *Model) []string {
	if h == modelPlaceholder {
		return append([]string{m.Name}, m.Aliases...)
	}
	if name, ok := strings.CutPrefix(string(h), variablePrefix); ok {
		return []string{m.Variables[name]}
	}
	return nil
}

// personal reports whether the name holds what only one phone has.
func (n *namePattern) personal() bool {
	return slices.ContainsFunc(n.parts, func(part namePart) bool {
		return slices.Contains([]placeholder{macPlaceholder, upperMACPlaceholder, colonsPlaceholder, serialPlaceholder}, part.hole)
	})
}

// expand returns the name for a phone, whose MAC is canonical or empty.
func (n *namePattern) expand(m *Model, mac, serial string) string {
	digits := strings.ReplaceAll(mac, ":", "")
	var b strings.Builder
	for _, part := range n.parts {
		switch part.hole {
		case "":
			b.WriteString(part.text)
		case macPlaceholder:
			if n.upperMAC {
				digits = strings.ToUpper(digits)
			}
			b.WriteString(digits)
		case upperMACPlaceholder:
			b.WriteString(strings.ToUpper(digits))
		case colonsPlaceholder:
			b.WriteString(mac)
		case serialPlaceholder:
			b.WriteString(serial)
		default:
			b.WriteString(part.hole.values(m)[0])
		}
	}
	return b.String()
}

// found is what a name that was asked for says.
type found struct {
	mac, serial string
	// models are those that it may be meant for.
	models []*Model
}

// match reads a path, whose last segments must fit.
func (n *namePattern) match(segments []string, models []*Model) (found, bool) {
	if len(segments) < n.segments {
		return found{}, false
	}
	values := n.matcher.FindStringSubmatch(strings.Join(segments[len(segments)-n.segments:], "/"))
	if values == nil {
		return found{}, false
	}
	f, next := found{models: models}, 1
	for _, part := range n.parts {
		if part.hole == "" {
			continue
		}
		if !f.take(part.hole, values[next]) {
			return found{}, false
		}
		next++
	}
	return f, len(f.models) > 0
}

// take notes the value of a placeholder; one that cannot be is refused.
func (f *found) take(hole placeholder, value string) bool {
	switch hole {
	case macPlaceholder, upperMACPlaceholder, colonsPlaceholder:
		mac, err := device.ParseMAC(value)
		if err != nil || f.mac != "" && f.mac != mac {
			return false
		}
		f.mac = mac
	case serialPlaceholder:
		f.serial = value
	default:
		var fit []*Model
		for _, m := range f.models {
			if slices.ContainsFunc(hole.values(m), func(v string) bool { return strings.EqualFold(v, value) }) {
				fit = append(fit, m)
			}
		}
		f.models = fit
	}
	return true
}

// NameFor returns the name under which a phone of the model asks for the file. The MAC is
// canonical (device.ParseMAC) or empty, as the serial number may be.
func (f *File) NameFor(m *Model, mac, serial string) string { return f.pattern.expand(m, mac, serial) }
