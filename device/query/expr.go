package query

// Expr is a parsed filter: one of All, And, Or, Not, Compare, Like, Has, Present
// and Search, as values, not pointers. A nil Expr means All. Trees that Parse
// returns are never changed afterwards and are safe for concurrent use.
//
// What Parse returns is normalised, so that there is little to compile:
//
//   - a != b is Not{a = b}, and a Not never holds a Not;
//   - a boolean is only ever compared as = true;
//   - a = "" is Not{Present{a}}, and a = "*" and a:* are Present{a};
//   - an And holds no And and an Or no Or, and each has at least two terms.
type Expr interface{ expr() }

// All matches every record: the empty filter, or a lone star.
type All struct{}

// And matches if every term does.
type And struct{ Terms []Expr }

// Or matches if any term does.
type Or struct{ Terms []Expr }

// Not matches exactly if its term does not, also where a field is missing.
type Not struct{ Term Expr }

// Op is the operator of a Compare.
type Op int

// The operators of Compare. There is none for !=, see Expr.
const (
	Equal Op = iota + 1
	Less
	LessOrEqual
	Greater
	GreaterOrEqual
)

// String returns the operator as it is written in a filter.
func (o Op) String() string {
	switch o {
	case Equal:
		return "="
	case Less:
		return "<"
	case LessOrEqual:
		return "<="
	case Greater:
		return ">"
	case GreaterOrEqual:
		return ">="
	}
	return "?"
}

// Compare matches if the field is not missing and stands in the relation to the
// constant. The field is a String, Int or Time, or a Bool, and then the
// comparison is = true. The constant has the field's type and is never empty. A
// String is compared folded, byte by byte.
type Compare struct {
	Field Field
	Op    Op
	Value Value
}

// Like matches if the folded String matches the pattern as a whole, or if at
// least one folded element of the StringList does. It comes from = with
// wildcards and from the operator ":" ("contains").
type Like struct {
	Field   Field
	Pattern Pattern
}

// Has matches if the StringList has an element that equals Text once folded.
// Text is folded and not empty.
type Has struct {
	Field Field
	Text  string
}

// Present matches if the field is not missing: a String that is not empty, a
// Time that is not zero, an Int that is there, a StringList with at least one
// element. It does not occur with a Bool.
type Present struct{ Field Field }

// Search is a bare word: it matches if any of its terms does. A store compiles
// it as Or{Terms}, or with an index of its own that gives the same answer.
type Search struct {
	// Pattern is the word, folded. It has no Wildcard unless one was written.
	Pattern Pattern
	// Terms is what the word means in each searched field of the schema: Like
	// with the word anywhere in a String, Has or Like for the elements of a
	// StringList. It holds at least one term.
	Terms []Expr
}

func (All) expr()     {}
func (And) expr()     {}
func (Or) expr()      {}
func (Not) expr()     {}
func (Compare) expr() {}
func (Like) expr()    {}
func (Has) expr()     {}
func (Present) expr() {}
func (Search) expr()  {}
