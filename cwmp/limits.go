package cwmp

// Limits bounds what Decode accepts, so that no message costs more memory or time
// than its size justifies. The size of the body itself is bounded by who reads
// it.
type Limits struct {
	// Depth is how deep elements may nest; the Envelope is at depth 1.
	Depth int
	// Elements is how many elements a message may have in all.
	Elements int
	// Parameters is how many items any list of a message may have:
	// parameters, names, events, faults.
	Parameters int
	// Attributes is how many attributes an element may have, namespace
	// declarations included.
	Attributes int
	// NameLength is how long, in bytes, the name of an element or attribute
	// may be, its prefix included.
	NameLength int
	// AttributeLength is how long, in bytes, the value of an attribute may
	// be.
	AttributeLength int
}

// DefaultLimits are generous for what devices send: a gateway with tens of
// thousands of parameters stays inside them.
func DefaultLimits() Limits {
	return Limits{
		Depth:           64,
		Elements:        300_000,
		Parameters:      50_000,
		Attributes:      64,
		NameLength:      256,
		AttributeLength: 4096,
	}
}

// withDefaults replaces the limits that are zero or negative: no limit is ever
// off.
func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	for _, f := range []struct {
		limit       *int
		replacement int
	}{
		{&l.Depth, d.Depth}, {&l.Elements, d.Elements}, {&l.Parameters, d.Parameters},
		{&l.Attributes, d.Attributes}, {&l.NameLength, d.NameLength}, {&l.AttributeLength, d.AttributeLength},
	} {
		if *f.limit <= 0 {
			*f.limit = f.replacement
		}
	}
	return l
}

// maxNamespaces is how many namespace declarations may be in scope at once.
const maxNamespaces = 128
