package cwmp

import (
	"errors"
	"slices"
	"strings"

	"github.com/beevik/etree"
)

// Content is XML from inside an element, as text that can be put into another
// document. The readers of messages keep no prefixes and few attributes, so what a
// vendor defined is read once more for it; there is little of that.

// errContent says that the inside of an element cannot be handed on.
var errContent = errors.New("content cannot be kept")

// contentOf returns the inside of the message in a document that was read before,
// without comments and processing instructions, and with the declarations that its
// prefixes need. It fails for what is longer than MaxVendorContent, and for prefixes
// that nothing declares.
func contentOf(text string, limits Limits) (string, error) {
	text, err := inspect(text, limits)
	if err != nil {
		return "", err
	}
	tree, err := parseTree(text, limits)
	if err != nil {
		return "", err
	}
	c := contentWriter{builder: newBuilder(limits, 1)}
	message, err := c.enterMessage(tree.Root())
	if err != nil {
		return "", err
	}
	if err := c.inside(message); err != nil {
		return "", err
	}
	return string(c.w.buf), nil
}

// contentWriter writes elements with all that they need from around them.
type contentWriter struct {
	w writer
	// builder knows what is declared, the first outside of it around the
	// content.
	builder *builder
	outside int
	// missing is the declarations that the element at hand needs from around.
	missing []binding
}

// enterMessage goes down to the one element in the SOAP Body.
func (c *contentWriter) enterMessage(root *etree.Element) (*etree.Element, error) {
	if err := c.builder.bind(attributesOf(root)); err != nil {
		return nil, err
	}
	for _, body := range root.ChildElements() {
		before := len(c.builder.bindings)
		if err := c.builder.bind(attributesOf(body)); err != nil {
			return nil, err
		}
		if body.Tag == "Body" && c.builder.lookup(body.Space) == namespaceEnvelope && len(body.ChildElements()) > 0 {
			message := body.ChildElements()[0]
			err := c.builder.bind(attributesOf(message))
			c.outside = len(c.builder.bindings)
			return message, err
		}
		c.builder.bindings = c.builder.bindings[:before]
	}
	return nil, errContent
}

func attributesOf(e *etree.Element) []attribute {
	attributes := make([]attribute, len(e.Attr))
	for i, a := range e.Attr {
		attributes[i] = attribute{a.Space, a.Key, a.Value}
	}
	return attributes
}

// inside writes the children of an element.
func (c *contentWriter) inside(e *etree.Element) error {
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.Element:
			c.missing = nil
			if err := c.collect(t); err != nil {
				return err
			}
			if err := c.element(t, c.missing); err != nil {
				return err
			}
		case *etree.CharData:
			c.w.escape("content", "", t.Data)
		}
		if c.w.err != nil || len(c.w.buf) > MaxVendorContent {
			return errContent
		}
	}
	return nil
}

// collect finds the declarations around the content that an element needs.
func (c *contentWriter) collect(e *etree.Element) error {
	before := len(c.builder.bindings)
	attributes := attributesOf(e)
	if err := c.builder.bind(attributes); err != nil {
		return err
	}
	if err := c.need(e.Space); err != nil {
		return err
	}
	for _, a := range attributes {
		if isDeclaration(a) || a.prefix == "" {
			continue
		}
		if err := c.need(a.prefix); err != nil {
			return err
		}
		// The value of xsi:type is a name with a prefix too.
		if prefix, _, ok := strings.Cut(a.value, ":"); ok && a.local == "type" {
			if err := c.need(trim(prefix)); err != nil {
				return err
			}
		}
	}
	for _, child := range e.ChildElements() {
		if err := c.collect(child); err != nil {
			return err
		}
	}
	// What is added around it must leave room for the envelope that carries it.
	if len(c.builder.bindings)-c.outside+len(c.missing) > maxNamespaces/2 {
		return errContent
	}
	c.builder.bindings = c.builder.bindings[:before]
	return nil
}

// need notes a prefix, empty for the default namespace, that is declared around the
// content.
func (c *contentWriter) need(prefix string) error {
	bindings := c.builder.bindings
	for i, b := range slices.Backward(bindings) {
		if b.prefix != prefix {
			continue
		}
		if b.namespace == "" && prefix != "" {
			return errContent
		}
		if i < c.outside && b.namespace != "" && !slices.Contains(c.missing, b) {
			c.missing = append(c.missing, b)
		}
		return nil
	}
	if prefix != "" && prefix != "xml" {
		return errContent
	}
	return nil
}

// element writes an element with its attributes, further declarations, and all that
// is in it.
func (c *contentWriter) element(e *etree.Element, declarations []binding) error {
	limits := &c.builder.limits
	if len(e.Attr)+len(declarations) > limits.Attributes || len(c.w.buf) > MaxVendorContent {
		return errContent
	}
	name := e.FullTag()
	c.w.raw("<" + name)
	for _, a := range e.Attr {
		if err := c.attribute(a.FullKey(), a.Value); err != nil {
			return err
		}
	}
	for _, b := range declarations {
		key := "xmlns"
		if b.prefix != "" {
			key += ":" + b.prefix
		}
		if err := c.attribute(key, b.namespace); err != nil {
			return err
		}
	}
	c.w.raw(">")
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.Element:
			if err := c.element(t, nil); err != nil {
				return err
			}
		case *etree.CharData:
			c.w.escape("content", "", t.Data)
		}
	}
	c.w.close(name)
	return nil
}

func (c *contentWriter) attribute(key, value string) error {
	c.w.raw(" " + key + `="`)
	start := len(c.w.buf)
	c.w.escapeAttribute("content", value)
	if len(c.w.buf)-start > c.builder.limits.AttributeLength {
		return errContent
	}
	c.w.raw(`"`)
	return nil
}
