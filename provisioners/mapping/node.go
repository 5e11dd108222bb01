package mapping

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxBytes bounds a mapping.
const maxBytes = 256 << 10

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)$`)

// document returns the root node of a text of YAML with one document. It notes what is
// wrong and returns nil if it cannot be read.
func (p *parser) document(data []byte) *yaml.Node {
	if len(data) > maxBytes {
		p.problems.add(0, "is larger than %d bytes", maxBytes)
		return nil
	}
	if !utf8.Valid(data) {
		p.problems.add(0, "is not UTF-8")
		return nil
	}
	var document yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	if err := decoder.Decode(&document); errors.Is(err, io.EOF) {
		p.problems.add(1, "is empty")
		return nil
	} else if err != nil {
		p.syntax(err)
		return nil
	}
	if err := decoder.Decode(&yaml.Node{}); !errors.Is(err, io.EOF) {
		p.problems.add(0, "holds more than one document")
		return nil
	}
	if len(document.Content) != 1 || document.Content[0].Tag == "!!null" {
		p.problems.add(1, "is empty")
		return nil
	}
	return document.Content[0]
}

func (p *parser) syntax(err error) {
	message, line := strings.TrimPrefix(err.Error(), "yaml: "), 0
	if parts := yamlLine.FindStringSubmatch(err.Error()); parts != nil {
		line, _ = strconv.Atoi(parts[1])
		message = parts[2]
	}
	p.problems.add(line, "%s", message)
}

// plain refuses what makes one node stand for others: a mapping is read as it is written.
func (p *parser) plain(node *yaml.Node) bool {
	if node.Kind == yaml.AliasNode || node.Anchor != "" {
		p.problems.add(node.Line, "anchors and aliases are not taken")
		return false
	}
	return true
}

// keys reads a mapping of YAML: the function of each key gets its value. Unknown keys and
// keys that are there twice are problems.
func (p *parser) keys(node *yaml.Node, what string, known map[string]func(*yaml.Node)) {
	p.pairs(node, what, func(key, value *yaml.Node) {
		if read, ok := known[key.Value]; ok {
			read(value)
			return
		}
		p.problems.add(key.Line, "unknown key %.60q", key.Value)
	})
}

// pairs passes the keys of a mapping of YAML and their values to each, in order.
func (p *parser) pairs(node *yaml.Node, what string, each func(key, value *yaml.Node)) {
	if !p.plain(node) {
		return
	}
	if node.Kind != yaml.MappingNode {
		p.problems.add(node.Line, "%s must be keys with values", what)
		return
	}
	var seen []string
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		switch {
		case !p.plain(key) || !p.plain(value):
		case key.Kind != yaml.ScalarNode:
			p.problems.add(key.Line, "a key must be a text")
		case slices.Contains(seen, key.Value):
			p.problems.add(key.Line, "the key %.60q is there twice", key.Value)
		default:
			seen = append(seen, key.Value)
			each(key, value)
		}
	}
}

// list passes the elements of a list to each.
func (p *parser) list(node *yaml.Node, what string, most int, each func(*yaml.Node)) {
	switch {
	case !p.plain(node):
	case node.Kind != yaml.SequenceNode || len(node.Content) == 0:
		p.problems.add(node.Line, "%s must be a list with something in it", what)
	case len(node.Content) > most:
		p.problems.add(node.Line, "%s: at most %d", what, most)
	default:
		for _, element := range node.Content {
			each(element)
		}
	}
}

// text returns a scalar as it is written.
func (p *parser) text(node *yaml.Node, what string) string {
	if !p.plain(node) {
		return ""
	}
	if node.Kind != yaml.ScalarNode || node.Tag == "!!null" {
		p.problems.add(node.Line, "%s must be a text", what)
		return ""
	}
	return node.Value
}

// texts returns the elements of a list, or the one text that stands for it.
func (p *parser) texts(node *yaml.Node, what string, most int) (all []*yaml.Node) {
	if node.Kind == yaml.ScalarNode && node.Tag != "!!null" {
		return []*yaml.Node{node}
	}
	p.list(node, what, most, func(element *yaml.Node) {
		if p.text(element, "an element of "+what); element.Kind == yaml.ScalarNode {
			all = append(all, element)
		}
	})
	return all
}

// boolean reads true or false.
func (p *parser) boolean(node *yaml.Node, what string) bool {
	if !p.plain(node) {
		return false
	}
	if node.Kind != yaml.ScalarNode || node.Tag != "!!bool" || node.Value != "true" && node.Value != "false" {
		p.problems.add(node.Line, "%s must be true or false", what)
	}
	return node.Value == "true"
}

// into returns a reader of a text that keeps it.
func (p *parser) into(target *string, what string) func(*yaml.Node) {
	return func(node *yaml.Node) { *target = p.text(node, what) }
}

// optional returns a reader of a text that may be empty, and is nil if it is not there.
func (p *parser) optional(target **string, what string) func(*yaml.Node) {
	return func(node *yaml.Node) {
		text := p.text(node, what)
		*target = &text
	}
}
