package cwmp

import (
	"errors"
	"strings"

	"github.com/beevik/etree"
)

// readTree reads a prepared document with etree. It takes all that is well formed,
// and every error of Decode about the XML itself is its.
func readTree(text string, limits Limits) (*document, error) {
	text, err := inspect(text, limits)
	if err != nil {
		return nil, err
	}
	tree, err := parseTree(text, limits)
	if err != nil {
		return nil, err
	}
	b := newBuilder(limits, strings.Count(text, "<")/2)
	if err := convertTree(b, tree); err != nil {
		return nil, err
	}
	return &b.document, nil
}

// parseTree lets etree read what inspect has passed.
func parseTree(text string, limits Limits) (*etree.Document, error) {
	tree := etree.NewDocument()
	tree.ReadSettings.MaxDepth = limits.Depth
	tree.ReadSettings.PreserveDuplicateAttrs = true
	if err := tree.ReadFromString(text); err != nil {
		if errors.Is(err, etree.ErrMaxDepth) {
			return nil, decodeError(TooDeep, "", "element nested too deep")
		}
		// The reader's error may quote the body, so it stays here.
		return nil, decodeError(Malformed, "", "not well-formed XML")
	}
	return tree, nil
}

// convertTree walks over the top level, where nothing but the one root element,
// comments, processing instructions and white space may be.
func convertTree(b *builder, tree *etree.Document) error {
	for _, token := range tree.Child {
		switch t := token.(type) {
		case *etree.Element:
			if err := convertElement(b, t); err != nil {
				return err
			}
		case *etree.CharData:
			if trim(t.Data) != "" {
				return decodeError(Structure, "", "text outside of the envelope")
			}
		case *etree.Directive:
			return decodeError(Forbidden, "", "document type or entity declaration")
		}
	}
	if b.document.root == nil {
		return decodeError(Structure, "", "no element")
	}
	return nil
}

func convertElement(b *builder, e *etree.Element) error {
	attributes := make([]attribute, len(e.Attr))
	for i, a := range e.Attr {
		attributes[i] = attribute{a.Space, a.Key, a.Value}
	}
	if err := b.openElement(e.Space, e.Tag, attributes); err != nil {
		return err
	}
	converted := b.open[len(b.open)-1].element
	var text strings.Builder
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.Element:
			if err := convertElement(b, t); err != nil {
				return err
			}
		case *etree.CharData:
			text.WriteString(t.Data)
		case *etree.Directive:
			return decodeError(Forbidden, "", "document type or entity declaration")
		}
	}
	if converted.children == 0 {
		converted.text = text.String()
	}
	b.closeElement()
	return nil
}
