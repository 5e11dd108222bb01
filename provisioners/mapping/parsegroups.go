package mapping

import (
	"maps"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// notePatterns fills what Settings returns.
func (m *Mapping) notePatterns() {
	for _, e := range m.entries {
		for _, pattern := range e.settings {
			m.carried[pattern] = true
		}
	}
	m.patterns = slices.SortedFunc(maps.Keys(m.carried), provisioners.ComparePaths)
}

// reserved reads the settings that files leave out although no parameter carries them.
func (p *parser) reserved(node *yaml.Node) {
	m := p.mapping
	p.list(node, "reserved", maxElements, func(element *yaml.Node) {
		text := p.text(element, "a setting")
		_, known := p.setting(text)
		switch {
		case text == "":
		case !known:
			p.problems.add(element.Line, "there is no setting %.60q, or it is not written with account.N", text)
		case m.carried[text] || slices.Contains(m.reserved, text):
			p.problems.add(element.Line, "%q is reserved already, or a parameter carries it", text)
		default:
			m.reserved = append(m.reserved, text)
		}
	})
	m.patterns = slices.SortedFunc(slices.Values(slices.Concat(m.patterns, m.reserved)), provisioners.ComparePaths)
}

// together reads the groups of settings that go by one road.
func (p *parser) together(node *yaml.Node) {
	seen := map[string]bool{}
	p.list(node, "together", maxTogether, func(element *yaml.Node) {
		var group []string
		p.list(element, "settings that go together", maxElements, func(one *yaml.Node) {
			text := p.text(one, "a setting")
			_, known := p.setting(text)
			switch {
			case text == "":
			case !known:
				p.problems.add(one.Line, "there is no setting %.60q, or it is not written with account.N", text)
			case seen[text]:
				p.problems.add(one.Line, "%q is already named above: a setting goes together with others once", text)
			default:
				seen[text] = true
				group = append(group, text)
			}
		})
		if len(group) < 2 {
			p.problems.add(element.Line, "at least two settings go together")
		} else if !slices.ContainsFunc(group, func(text string) bool { return p.mapping.carried[text] }) {
			p.problems.add(element.Line, "no parameter carries any of these settings")
		}
		p.mapping.together = append(p.mapping.together, group)
	})
}
