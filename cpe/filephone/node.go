package filephone

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
)

// node is an element of an XML file.
type node struct {
	name       string
	attributes map[string]string
	text       string
	children   []*node
	line       int
}

// deepest is how deep elements may be nested.
const deepest = 32

// parseXML reads a file as a phone does: it must be well-formed, with one root.
func (f file) parseXML() (*node, error) {
	decoder := xml.NewDecoder(bytes.NewReader(f.content))
	root := &node{}
	open := []*node{root}
	for {
		token, err := decoder.Token()
		line, _ := decoder.InputPos()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, f.refuse(line, "it is not well-formed XML")
		}
		switch t := token.(type) {
		case xml.StartElement:
			child, err := f.element(t, line)
			if err != nil {
				return nil, err
			}
			parent := open[len(open)-1]
			if len(open) > deepest || parent == root && len(root.children) == 1 {
				return nil, f.refuse(line, "it has elements where none may be")
			}
			parent.children = append(parent.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) == 1 && strings.TrimSpace(string(t)) != "" {
				return nil, f.refuse(line, "it has text outside the root element")
			}
			open[len(open)-1].text += string(t)
		}
	}
	if len(root.children) == 0 {
		return nil, f.refuse(0, "it has no root element")
	}
	return root.children[0], nil
}

// element checks what the decoder does not: that no attribute is there twice.
func (f file) element(start xml.StartElement, line int) (*node, error) {
	n := &node{name: start.Name.Local, attributes: make(map[string]string, len(start.Attr)), line: line}
	for _, a := range start.Attr {
		name := a.Name.Local
		if a.Name.Space != "" {
			name = a.Name.Space + ":" + name
		}
		if _, twice := n.attributes[name]; twice {
			return nil, f.refuse(line, "the attribute %s is there twice", name)
		}
		n.attributes[name] = a.Value
	}
	return n, nil
}

// child returns the first child of a name, nil if there is none.
func (n *node) child(name string) *node {
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// value is the text of an element without white space around it.
func (n *node) value() string { return strings.TrimSpace(n.text) }
