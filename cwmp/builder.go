package cwmp

// document is a whole XML document, as the readers hand it on.
type document struct {
	root *element
	// namespace is the first CWMP namespace that was declared anywhere.
	namespace string
}

// attribute is an attribute before its prefix is resolved.
type attribute struct {
	prefix, local, value string
}

// builder makes the elements for both readers. It resolves namespaces (Namespaces
// in XML 1.0) and holds the document to the limits that are not about spelling.
type builder struct {
	limits Limits
	// elements is where the next elements come from.
	elements []element
	open     []frame
	bindings []binding
	document document
}

// frame is an open element; bindings is how many were in scope outside it.
type frame struct {
	element  *element
	bindings int
}

type binding struct {
	prefix, namespace string
}

// newBuilder makes a builder for about n elements.
func newBuilder(limits Limits, n int) *builder {
	return &builder{
		limits:   limits,
		elements: make([]element, 0, max(1, min(n, limits.Elements))),
		open:     make([]frame, 0, 8),
		bindings: make([]binding, 0, 8),
	}
}

func (b *builder) newElement() *element {
	if len(b.elements) == cap(b.elements) {
		b.elements = make([]element, 0, 64)
	}
	b.elements = b.elements[:len(b.elements)+1]
	return &b.elements[len(b.elements)-1]
}

func (b *builder) openElement(prefix, local string, attributes []attribute) error {
	e := b.newElement()
	outside := len(b.bindings)
	if err := b.bind(attributes); err != nil {
		return err
	}
	e.local, e.space = local, b.lookup(prefix)
	for _, a := range attributes {
		if isDeclaration(a) {
			continue
		}
		space := ""
		if a.prefix != "" {
			space = b.lookup(a.prefix)
		}
		if !e.attribute(space, a.local, a.value) {
			return decodeError(Structure, local, "reference to another element on element")
		}
	}
	if err := b.place(e); err != nil {
		return err
	}
	b.open = append(b.open, frame{e, outside})
	return nil
}

func (b *builder) place(e *element) error {
	if len(b.open) == 0 {
		if b.document.root != nil {
			return decodeError(Structure, e.local, "second document")
		}
		b.document.root = e
		return nil
	}
	parent := b.open[len(b.open)-1].element
	parent.append(e)
	if parent.count() > b.limits.Parameters {
		return decodeError(TooMany, parent.local, "items in a list")
	}
	return nil
}

func (b *builder) closeElement() {
	last := len(b.open) - 1
	b.bindings = b.bindings[:b.open[last].bindings]
	b.open = b.open[:last]
}

func isDeclaration(a attribute) bool {
	return a.prefix == "xmlns" || a.prefix == "" && a.local == "xmlns"
}

// bind takes the namespace declarations among attributes into scope.
func (b *builder) bind(attributes []attribute) error {
	for _, a := range attributes {
		if !isDeclaration(a) {
			continue
		}
		prefix := ""
		if a.prefix != "" {
			prefix = a.local
		}
		if len(b.bindings) == maxNamespaces {
			return decodeError(TooMany, "", "namespace declarations")
		}
		b.bindings = append(b.bindings, binding{prefix, a.value})
		if b.document.namespace == "" && IsNamespace(a.value) {
			b.document.namespace = a.value
		}
	}
	return nil
}

// lookup returns the namespace of a prefix; that of one which is not declared is
// empty.
func (b *builder) lookup(prefix string) string {
	for i := len(b.bindings) - 1; i >= 0; i-- {
		if b.bindings[i].prefix == prefix {
			return b.bindings[i].namespace
		}
	}
	if prefix == "xml" {
		return namespaceXML
	}
	return ""
}
