package cwmp

import (
	"errors"
	"fmt"

	"github.com/beevik/etree"
)

// checkContent returns an error that says why body cannot be the inside of a message
// that this package writes.
func checkContent(body string) error {
	if len(body) > MaxVendorContent {
		return fmt.Errorf("longer than %d bytes", MaxVendorContent)
	}
	if err := ValidText(body); err != nil {
		return err
	}
	limits := DefaultLimits()
	limits.Depth -= 2 // The one element around it stands for three.
	const open, shut = "<content>", "</content>"
	text, err := inspect(open+body+shut, limits)
	if err != nil {
		return contentError(err)
	}
	if text != open+body+shut {
		return errors.New("an ampersand that starts no reference that XML knows")
	}
	tree, err := parseTree(text, limits)
	if err != nil {
		return contentError(err)
	}
	if len(tree.Child) != 1 {
		return errors.New("not well-formed XML: an end tag without a start tag")
	}
	return checkContentElement(tree.Root(), limits)
}

// contentError is a DecodeError in the words of who writes content.
func contentError(err error) error {
	var failure *DecodeError
	if errors.As(err, &failure) {
		return errors.New(failure.Reason)
	}
	return err
}

func checkContentElement(root *etree.Element, limits Limits) error {
	c := contentWriter{builder: newBuilder(limits, 1)}
	c.builder.bindings = append(c.builder.bindings, envelopeBindings[:]...)
	c.outside = len(c.builder.bindings)
	if err := onlyElementsAndText(root); err != nil {
		return err
	}
	if err := c.collect(root); err != nil {
		return errors.New("a prefix that is not declared, or too many declarations")
	}
	return nil
}

// envelopeBindings is what the Envelope that Encode writes declares.
var envelopeBindings = [...]binding{
	{prefixEnvelope, namespaceEnvelope}, {prefixEncoding, namespaceEncoding},
	{"xsd", namespaceSchema}, {"xsi", namespaceInstance}, {prefixCWMP, NamespaceV1_0},
}

func onlyElementsAndText(e *etree.Element) error {
	for _, token := range e.Child {
		switch t := token.(type) {
		case *etree.Element:
			if err := onlyElementsAndText(t); err != nil {
				return err
			}
		case *etree.CharData:
		case *etree.Comment:
			return errors.New("a comment")
		default:
			return errors.New("a processing instruction or declaration")
		}
	}
	return nil
}
