package mapping

import (
	"maps"
	"strings"

	"go.yaml.in/yaml/v3"
)

// layout is a way in which devices have their accounts.
type layout struct {
	name string
	// with are objects that the device must have.
	with []location
	// many is a table that must take or have more than one instance, nil for none.
	many *location
	// objects are those of an account by their names. Their bases are places: what they
	// have in common was put together.
	objects map[string]location
}

func (p *parser) layouts(node *yaml.Node) {
	p.list(node, "layouts", maxLayouts, func(element *yaml.Node) {
		made := &layout{objects: map[string]location{}}
		p.keys(element, "a layout", map[string]func(*yaml.Node){
			"name": p.into(&made.name, "name"),
			"with": func(value *yaml.Node) { made.with = p.objects(value, "with") },
			"many": func(value *yaml.Node) {
				if all := p.objects(value, "many"); len(all) == 1 {
					made.many = &all[0]
				} else if len(all) > 1 {
					p.problems.add(value.Line, "many is one table")
				}
			},
			"account": func(value *yaml.Node) { p.accountObjects(value, made) },
		})
		if made.name == "" {
			p.problems.add(element.Line, "a layout needs a name")
		}
		if len(made.objects) == 0 {
			p.problems.add(element.Line, "a layout needs the objects of an account")
		}
		p.mapping.layouts = append(p.mapping.layouts, made)
	})
	// The objects of different layouts may have the same names, those of places not.
	for _, l := range p.mapping.layouts {
		for name := range l.objects {
			p.names[name] = 0
		}
	}
}

// objects reads paths that layouts ask for.
func (p *parser) objects(node *yaml.Node, what string) (all []location) {
	for _, element := range p.texts(node, what, maxElements) {
		if l, ok := p.location(element, what); ok && p.object(l, element.Value, p.names) {
			all = append(all, l)
		}
	}
	return all
}

// accountObjects reads what an account consists of in a layout.
func (p *parser) accountObjects(node *yaml.Node, made *layout) {
	mine := map[string]int{}
	p.pairs(node, "account", func(key, value *yaml.Node) {
		l, ok := p.location(value, "an object")
		if !ok {
			return
		}
		known := maps.Clone(p.names)
		maps.Copy(known, mine)
		if outer, below := made.objects[l.base]; below {
			l = l.below(outer)
		}
		numbers := strings.Count(l.rest, account)
		checked := l
		checked.rest = strings.ReplaceAll(l.rest, account, "1")
		switch {
		case !p.object(checked, value.Value, known):
		case numbers > 1:
			p.problems.add(l.line, "%q has %s more than once, with the object that it begins with", value.Value, account)
		case p.name(key, mine):
			made.objects[key.Value] = l
		}
	})
	if len(mine) > maxElements {
		p.problems.add(node.Line, "at most %d objects", maxElements)
	}
}
