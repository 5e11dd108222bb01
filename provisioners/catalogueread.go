package provisioners

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// CatalogueError says what is wrong with a catalogue.
type CatalogueError struct {
	// Line is the line of the YAML text from 1, 0 if unknown.
	Line    int
	Message string
}

// Error returns line and message.
func (e *CatalogueError) Error() string {
	return fmt.Sprintf("catalogue of settings, line %d: %s", e.Line, e.Message)
}

func catalogueError(line int, format string, arguments ...any) error {
	return &CatalogueError{line, fmt.Sprintf(format, arguments...)}
}

// strict is a mapping of YAML that refuses keys that it does not know, and remembers
// its line.
type strict[T any] struct {
	Value T
	line  int
}

// UnmarshalYAML implements yaml.Unmarshaler.
func (s *strict[T]) UnmarshalYAML(node *yaml.Node) error {
	s.line = node.Line
	if node.Kind != yaml.MappingNode {
		return catalogueError(node.Line, "must be a mapping")
	}
	// A map of nodes tells the keys; the type tells which of them there are.
	known := map[string]yaml.Node{}
	empty, err := yaml.Marshal(s.Value)
	if err == nil {
		err = yaml.Unmarshal(empty, &known)
	}
	if err != nil {
		return err
	}
	var seen []string
	for i := 0; i < len(node.Content); i += 2 {
		key := node.Content[i]
		if _, ok := known[key.Value]; !ok {
			return catalogueError(key.Line, "unknown key %q", key.Value)
		}
		if slices.Contains(seen, key.Value) {
			return catalogueError(key.Line, "the key %q is there twice", key.Value)
		}
		seen = append(seen, key.Value)
	}
	return node.Decode(&s.Value)
}

type catalogueSource struct {
	Version int
	Groups  []strict[groupSource]
}

type groupSource struct {
	Name     string
	Title    string
	Help     string
	Index    map[string]strict[rangeSource]
	Settings []strict[settingSource]
}

type rangeSource struct{ From, To int }

type settingSource struct {
	Path       string
	Type       SettingType
	Title      string
	Help       string
	Unit       string
	Default    string
	Choices    []string
	Min        *int64
	Max        *int64
	Pattern    string
	EndUser    bool `yaml:"endUser"`
	Display    bool
	Deprecated bool
}

// ReadCatalogue reads a catalogue from YAML and checks all of it. The error is a
// *CatalogueError.
func ReadCatalogue(text []byte) (*Catalogue, error) {
	var source strict[catalogueSource]
	if err := yaml.Unmarshal(text, &source); err != nil {
		return nil, asCatalogueError(err)
	}
	if source.Value.Version < 1 {
		return nil, catalogueError(source.line, "version must be 1 or more")
	}
	c := &Catalogue{version: source.Value.Version, byShape: map[string]*Setting{}, byPrefix: map[string][]*Setting{}}
	var names []string
	for _, g := range source.Value.Groups {
		if g.Value.Name == "" || g.Value.Title == "" || slices.Contains(names, g.Value.Name) {
			return nil, catalogueError(g.line, "a group needs a name of its own and a title")
		}
		names = append(names, g.Value.Name)
		group, err := c.readGroup(&g.Value)
		if err != nil {
			return nil, err
		}
		c.groups = append(c.groups, group)
	}
	if err := c.checkNesting(source.line); err != nil {
		return nil, err
	}
	return c, nil
}

func asCatalogueError(err error) error {
	var known *CatalogueError
	if errors.As(err, &known) {
		return known
	}
	line := 0
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	text = strings.TrimSpace(strings.TrimPrefix(text, "unmarshal errors:\n"))
	if n, scanErr := fmt.Sscanf(text, "line %d:", &line); n == 1 && scanErr == nil {
		_, text, _ = strings.Cut(text, ": ")
	}
	return catalogueError(line, "%s", text)
}

func (c *Catalogue) readGroup(source *groupSource) (SettingGroup, error) {
	g := SettingGroup{Name: source.Name, Title: source.Title, Help: source.Help, Settings: make([]Setting, 0, len(source.Settings))}
	for _, s := range source.Settings {
		setting, err := readSetting(&s.Value, source)
		if err != nil {
			return g, catalogueError(s.line, "%s: %s", s.Value.Path, err)
		}
		g.Settings = append(g.Settings, setting)
		added := &g.Settings[len(g.Settings)-1]
		if c.byShape[added.shape] != nil {
			return g, catalogueError(s.line, "%s is there twice", s.Value.Path)
		}
		c.byShape[added.shape] = added
		prefix := shapePrefixOf(added.shape)
		c.byPrefix[prefix] = append(c.byPrefix[prefix], added)
		if err := c.checkDefault(added); err != nil {
			return g, catalogueError(s.line, "default of %s", err)
		}
	}
	return g, nil
}

// checkNesting refuses a setting whose path is also the beginning of another's: what
// templates see is a tree with values at its leaves only.
func (c *Catalogue) checkNesting(line int) error {
	for shape := range c.byShape {
		for other := range c.byShape {
			if strings.HasPrefix(other, shape+".") {
				return catalogueError(line, "%s is a setting and the beginning of %s", shape, other)
			}
		}
	}
	return nil
}
