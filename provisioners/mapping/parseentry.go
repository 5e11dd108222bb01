package mapping

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is one element of parameters.
type entry struct {
	line int
	// lines are those of its keys.
	lines map[string]int
	// settings are patterns: of an account (account.N.user), or a path. There are several
	// for one text, and none for a value that is always the same.
	settings []string
	// perAccount says that it is for each account.
	perAccount bool
	paths      []location
	// kind is the type without its prefix: "string".
	kind string
	// value is what is set where there is no setting; nil if there is one.
	value *string
	// text has settings in braces, and other text between them; nil for the value of the
	// one setting.
	text []part
	// values are the counterparts of values of the setting, in order.
	values []counterpart
	// except are values of the setting that cannot be carried.
	except []string
	// convert names a conversion, empty for none.
	convert string
	// fallback is what the setting is without a value, empty for none.
	fallback string
	// absent is set in instances without an account, empty where an account has no value;
	// both are values of the parameter, nil if nothing is set.
	absent, empty *string
	// secret says that a setting, the entry, or the name of a parameter calls it one.
	secret   bool
	optional bool
	// display are the settings that only people read.
	display []string
	// list says that the setting is a list, whose elements values are for.
	list bool
}

// part is a text, or a setting that stands for its value.
type part struct{ text, setting string }

// counterpart is a value of a setting, and what it is as that of a parameter.
type counterpart struct{ setting, parameter string }

func (p *parser) parameters(node *yaml.Node) {
	p.list(node, "parameters", maxParameters, func(element *yaml.Node) {
		e := &entry{line: element.Line, lines: map[string]int{}, kind: "string"}
		p.entry(e, element)
		p.mapping.entries = append(p.mapping.entries, e)
	})
	p.mapping.notePatterns()
}

func (p *parser) entry(e *entry, node *yaml.Node) {
	var one, text string
	var forWhat, fallback *string
	known := map[string]func(*yaml.Node){
		"setting":  p.into(&one, "setting"),
		"settings": func(value *yaml.Node) { p.settings(e, value) },
		"for":      p.optional(&forWhat, "for"),
		"path":     func(value *yaml.Node) { p.paths(e, value) },
		"value":    p.optional(&e.value, "value"),
		"text":     p.into(&text, "text"),
		"values":   func(value *yaml.Node) { p.values(e, value) },
		"except":   func(value *yaml.Node) { p.except(e, value) },
		"convert":  p.into(&e.convert, "convert"),
		"default":  p.optional(&fallback, "default"),
		"absent":   p.optional(&e.absent, "absent"),
		"empty":    p.optional(&e.empty, "empty"),
		"type":     p.into(&e.kind, "type"),
		"secret":   func(value *yaml.Node) { e.secret = p.boolean(value, "secret") },
		"optional": func(value *yaml.Node) { e.optional = p.boolean(value, "optional") },
	}
	p.keys(node, "a parameter", noting(e.lines, known))
	if one != "" && len(e.settings) > 0 {
		p.problems.add(e.line, "setting and settings: one of them")
	}
	if one != "" {
		e.settings = append(e.settings, one)
	}
	if forWhat != nil && *forWhat != "account" {
		p.problems.add(e.at("for"), "for must be account, or absent")
	}
	if fallback != nil {
		if e.fallback = *fallback; e.fallback == "" {
			p.problems.add(e.at("default"), "default is a value of the setting: what is set without one is empty")
		}
	}
	e.perAccount = forWhat != nil || slices.ContainsFunc(e.settings, isOfAccount)
	e.text = p.parts(text, e.at("text"))
	p.check(e)
}

// noting returns readers that note the line of their key's value first.
func noting(lines map[string]int, known map[string]func(*yaml.Node)) map[string]func(*yaml.Node) {
	all := make(map[string]func(*yaml.Node), len(known))
	for key, read := range known {
		all[key] = func(value *yaml.Node) {
			lines[key] = value.Line
			read(value)
		}
	}
	return all
}

// at returns the line of a key, or that of the entry.
func (e *entry) at(key string) int {
	if line, ok := e.lines[key]; ok {
		return line
	}
	return e.line
}

// settingLine returns the line of what names the settings.
func (e *entry) settingLine() int {
	if line, ok := e.lines["setting"]; ok {
		return line
	}
	return e.at("settings")
}

// isOfAccount reports whether a setting is one that each account has.
func isOfAccount(pattern string) bool { return strings.HasPrefix(pattern, accountPrefix) }

// accountPrefix begins the patterns of what each account has.
const accountPrefix = "account.N."

func (p *parser) settings(e *entry, node *yaml.Node) {
	p.list(node, "settings", maxElements, func(element *yaml.Node) {
		if text := p.text(element, "a setting"); slices.Contains(e.settings, text) {
			p.problems.add(element.Line, "%q is there twice", text)
		} else if text != "" {
			e.settings = append(e.settings, text)
		}
	})
}

func (p *parser) paths(e *entry, node *yaml.Node) {
	for _, element := range p.texts(node, "path", maxElements) {
		l, ok := p.location(element, "path")
		switch _, known := p.names[l.base]; {
		case !ok:
		case l.base != "" && !known:
			p.problems.add(l.line, "there is no place %q", l.base)
		case l.isObject():
			p.problems.add(l.line, "%q is an object, not a parameter", element.Value)
		case strings.Contains(l.rest, account):
			p.problems.add(l.line, "%q has %s, which only the objects of accounts have", element.Value, account)
		default:
			e.paths = append(e.paths, l)
		}
	}
}

func (p *parser) values(e *entry, node *yaml.Node) {
	p.pairs(node, "values", func(key, value *yaml.Node) {
		e.values = append(e.values, counterpart{key.Value, p.text(value, "a value")})
	})
	if len(node.Content) > 4*maxElements {
		p.problems.add(node.Line, "at most %d values", 2*maxElements)
	}
}

func (p *parser) except(e *entry, node *yaml.Node) {
	p.list(node, "except", maxElements, func(element *yaml.Node) {
		e.except = append(e.except, p.text(element, "a value"))
	})
}

// parts reads a text with settings in braces; nil for the empty one.
func (p *parser) parts(text string, line int) (all []part) {
	if len(text) > maxText {
		p.problems.add(line, "a text has at most %d bytes", maxText)
		return nil
	}
	for text != "" {
		before, rest, opened := strings.Cut(text, "{")
		if before != "" {
			all = append(all, part{text: before})
		}
		if !opened {
			break
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" {
			p.problems.add(line, "a brace of %.60q is not closed, or has nothing in it", text)
			return nil
		}
		all = append(all, part{setting: name})
		text = after
	}
	return all
}
