package mapping

import (
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/dialtone-acs/dialtone/provisioners"
	"github.com/dialtone-acs/dialtone/provisioners/zone"
)

// Bounds of a mapping.
const (
	maxDiscover   = 100
	maxPlaces     = 50
	maxLayouts    = 20
	maxParameters = 500
	maxTogether   = 100
	maxElements   = 50
	maxText       = 1024
)

// Mapping says which settings are carried by which parameters. It is immutable and safe
// for concurrent use.
type Mapping struct {
	split      bool
	profile    *profile
	caFileType string
	silent     bool
	discover   []string
	places     []place
	layouts    []*layout
	entries    []*entry
	together   [][]string
	// reserved are settings that files leave out and no parameter carries: a session gives
	// them by itself.
	reserved  []string
	patterns  []string
	carried   map[string]bool
	catalogue *provisioners.Catalogue
	zones     *zone.Table
}

type profile struct{ file, fileType string }

// place is an object that is called by a name: the first of its paths that a device has.
type place struct {
	name  string
	paths []location
}

// Parse reads a mapping strictly. The error is Problems, which name every fault.
func Parse(data []byte, c *provisioners.Catalogue) (*Mapping, error) {
	p := &parser{
		mapping: &Mapping{carried: map[string]bool{}, catalogue: c, zones: zone.NewTable(time.Now)},
		names:   map[string]int{},
	}
	if root := p.document(data); root != nil {
		p.all(root)
	}
	if err := p.problems.err(); err != nil {
		return nil, err
	}
	return p.mapping, nil
}

// parser reads a mapping and notes what is wrong.
type parser struct {
	problems Problems
	mapping  *Mapping
	// names are those of places and of the objects of layouts, and their lines.
	names map[string]int
}

func (p *parser) all(root *yaml.Node) {
	m := p.mapping
	sections := map[string]*yaml.Node{}
	section := func(name string) func(*yaml.Node) { return func(node *yaml.Node) { sections[name] = node } }
	known := map[string]func(*yaml.Node){
		"split": func(node *yaml.Node) { m.split = p.boolean(node, "split") },
	}
	for _, name := range []string{"version", "profile", "ca", "factoryReset", "discover", "places", "layouts", "parameters", "together", "reserved"} {
		known[name] = section(name)
	}
	p.keys(root, "a mapping", known)
	// In the order in which one needs what another defines, wherever they are written.
	for _, step := range []struct {
		name   string
		needed bool
		read   func(*yaml.Node)
	}{
		{"version", true, p.version}, {"profile", false, p.profile}, {"ca", false, p.ca}, {"factoryReset", false, p.factoryReset},
		{"discover", true, p.discover}, {"places", false, p.places}, {"layouts", false, p.layouts},
		{"parameters", true, p.parameters}, {"together", false, p.together},
		{"reserved", false, p.reserved},
	} {
		if node := sections[step.name]; node != nil {
			step.read(node)
		} else if step.needed {
			p.problems.add(root.Line, "%s is missing", step.name)
		}
	}
}

func (p *parser) version(node *yaml.Node) {
	if p.text(node, "version") != "1" {
		p.problems.add(node.Line, "version must be 1")
	}
}

func (p *parser) profile(node *yaml.Node) {
	var read profile
	p.keys(node, "profile", map[string]func(*yaml.Node){
		"file": p.into(&read.file, "file"), "fileType": p.into(&read.fileType, "fileType"),
	})
	if read.file == "" {
		p.problems.add(node.Line, "the profile needs a file")
	}
	p.fileType(node.Line, read.fileType)
	p.mapping.profile = &read
}

func (p *parser) ca(node *yaml.Node) {
	p.keys(node, "ca", map[string]func(*yaml.Node){"fileType": p.into(&p.mapping.caFileType, "fileType")})
	p.fileType(node.Line, p.mapping.caFileType)
}

// fileType checks a FileType of Download (TR-069 A.3.2.8).
func (p *parser) fileType(line int, text string) {
	printable := !strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c > '~' })
	if text == "" || len(text) > 64 || !printable {
		p.problems.add(line, "a fileType has 1 to 64 characters of plain ASCII")
	}
}

func (p *parser) factoryReset(node *yaml.Node) {
	if p.text(node, "factoryReset") != "silent" {
		p.problems.add(node.Line, "factoryReset must be silent, or absent")
	}
	p.mapping.silent = true
}

func (p *parser) discover(node *yaml.Node) {
	p.list(node, "discover", maxDiscover, func(element *yaml.Node) {
		l, ok := p.location(element, "an element of discover")
		switch {
		case !ok:
		case l.base != "" || !l.isObject() || strings.Contains(l.rest, account):
			p.problems.add(l.line, "%q must be a path with a final dot, without braces", element.Value)
		case slices.Contains(p.mapping.discover, l.rest):
			p.problems.add(l.line, "%q is there twice", element.Value)
		default:
			p.mapping.discover = append(p.mapping.discover, l.rest)
		}
	})
}

// location reads a path; ok is false if it is none, which is noted.
func (p *parser) location(node *yaml.Node, what string) (l location, ok bool) {
	before := len(p.problems)
	text := p.text(node, what)
	if len(p.problems) > before {
		return l, false
	}
	l, err := readLocation(text, node.Line)
	if err != nil {
		p.problems.add(node.Line, "%v", err)
	}
	return l, err == nil
}

// name notes the name of a place or an object; ok is false if it cannot be one.
func (p *parser) name(key *yaml.Node, mine map[string]int) bool {
	_, taken := mine[key.Value]
	_, elsewhere := p.names[key.Value]
	switch {
	case !placeName.MatchString(key.Value) || key.Value == "n" || len(key.Value) > 40:
		p.problems.add(key.Line, "the name %.60q must be of letters and digits, begin with a lower-case letter, and not be n", key.Value)
	case taken || elsewhere:
		p.problems.add(key.Line, "the name %q is taken", key.Value)
	default:
		mine[key.Value] = key.Line
		return true
	}
	return false
}

func (p *parser) places(node *yaml.Node) {
	if node.Kind == yaml.MappingNode && len(node.Content) > 2*maxPlaces {
		p.problems.add(node.Line, "at most %d places", maxPlaces)
		return
	}
	p.pairs(node, "places", func(key, value *yaml.Node) {
		made := place{name: key.Value}
		for _, element := range p.texts(value, "a place", maxElements) {
			l, ok := p.location(element, "a place")
			if ok && p.object(l, element.Value, p.names) {
				made.paths = append(made.paths, l)
			}
		}
		if p.name(key, p.names) {
			p.mapping.places = append(p.mapping.places, made)
		}
	})
}

// object checks the path of an object that may begin with those that are known.
func (p *parser) object(l location, text string, known map[string]int) bool {
	if _, ok := known[l.base]; l.base != "" && !ok {
		p.problems.add(l.line, "no place %q is defined above", l.base)
		return false
	}
	if !l.isObject() {
		p.problems.add(l.line, "%q must end with a dot: it is an object", text)
		return false
	}
	if strings.Contains(l.rest, account) {
		p.problems.add(l.line, "%q has %s, which only the objects of accounts have", text, account)
		return false
	}
	return true
}
