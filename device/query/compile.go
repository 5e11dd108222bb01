package query

import (
	"errors"
	"strconv"
	"strings"
)

// comparison reads the constant after "field op" and gives the restriction its
// normal form.
func (p *parser) comparison(name string, start int, op string, at int) (Expr, error) {
	field, ok := p.schema.Field(name)
	if !ok {
		return nil, errorAt(start, "%s", unknownField(p.schema.Names(), name, "; put quotes around text that contains "+op+" to search for it"))
	}
	if err := checkOperator(field, op, at); err != nil {
		return nil, err
	}
	c, err := p.constant(op)
	if err != nil {
		return nil, err
	}
	if op == "!=" {
		e, err := p.restrict(field, "=", c)
		if err != nil {
			return nil, err
		}
		return Negate(e), nil
	}
	return p.restrict(field, op, c)
}

func checkOperator(field Field, op string, at int) error {
	switch {
	case field.Type == StringList && op != ":":
		return errorAt(at, "%s is %s and cannot be compared with %s; use %s:element", field.Name, field.Type, op, field.Name)
	case field.Type == Bool && strings.ContainsAny(op, "<>"):
		return errorAt(at, "%s is %s and cannot be compared with %s; use = true or = false", field.Name, field.Type, op)
	}
	return nil
}

func (p *parser) restrict(field Field, op string, c constant) (Expr, error) {
	pattern, err := p.pattern(field, c)
	if err != nil {
		return nil, err
	}
	if pattern.everything() && (op == "=" || op == ":") && field.Type != Bool {
		return Present{Field: field}, nil
	}
	switch field.Type {
	case String:
		return restrictString(field, op, pattern, c.position)
	case StringList:
		return restrictList(field, pattern, c.position)
	case Int, Bool, Time:
	}
	return p.restrictScalar(field, op, c)
}

func restrictString(field Field, op string, pattern Pattern, at int) (Expr, error) {
	empty := !pattern.Wildcard() && pattern.Literal() == ""
	switch {
	case op == ":" && empty:
		return nil, errorAt(at, `%s:"" would match everything; write %s:* for any text or %s = "" for none`, field.Name, field.Name, field.Name)
	case op == ":":
		return Like{Field: field, Pattern: pattern.anywhere()}, nil
	case op == "=" && empty:
		return Not{Term: Present{Field: field}}, nil
	case op == "=" && pattern.Wildcard():
		return Like{Field: field, Pattern: pattern}, nil
	case pattern.Wildcard():
		return nil, errorAt(at, `wildcards work with =, != and : but not with %s; write "\*" for a star`, op)
	case empty:
		return nil, errorAt(at, "%s %s needs a text that is not empty", field.Name, op)
	}
	return Compare{Field: field, Op: relations[op], Value: TextValue(pattern.Literal())}, nil
}

func restrictList(field Field, pattern Pattern, at int) (Expr, error) {
	if pattern.Wildcard() {
		return Like{Field: field, Pattern: pattern}, nil
	}
	if pattern.Literal() == "" {
		return nil, errorAt(at, `%s:"" needs an element that is not empty; write %s:* for any element`, field.Name, field.Name)
	}
	return Has{Field: field, Text: pattern.Literal()}, nil
}

// relations maps what is written to the operators of Compare. A colon compares
// numbers, times and booleans like an equals sign.
var relations = map[string]Op{"=": Equal, ":": Equal, "<": Less, "<=": LessOrEqual, ">": Greater, ">=": GreaterOrEqual}

func (p *parser) restrictScalar(field Field, op string, c constant) (Expr, error) {
	e := Compare{Field: field, Op: relations[op]}
	var err error
	switch field.Type {
	case Int:
		e.Value, err = intConstant(field, c)
	case Bool:
		e.Value, err = boolConstant(field, c)
	default:
		e.Value, err = p.timeConstant(field, c)
	}
	if err != nil {
		return nil, err
	}
	if field.Type == Bool && !e.Value.Bool {
		e.Value.Bool = true
		return Not{Term: e}, nil
	}
	return e, nil
}

func intConstant(field Field, c constant) (Value, error) {
	n, err := strconv.ParseInt(c.literal(), 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return Value{}, errorAt(c.position, "%s is %s of 64 bits; %s is out of range", field.Name, field.Type, shorten(c.literal()))
	}
	if err != nil {
		return Value{}, errorAt(c.position, "%s is %s; expected digits, found %q", field.Name, field.Type, shorten(c.literal()))
	}
	return IntValue(n), nil
}

func boolConstant(field Field, c constant) (Value, error) {
	switch Fold(c.literal()) {
	case "true":
		return BoolValue(true), nil
	case "false":
		return BoolValue(false), nil
	}
	return Value{}, errorAt(c.position, "%s is %s; expected true or false, found %q", field.Name, field.Type, shorten(c.literal()))
}

// pattern folds the constant and writes it in the form of the field.
func (p *parser) pattern(field Field, c constant) (Pattern, error) {
	parts := c.parts
	if field.MAC {
		parts = macParts(parts)
	}
	pattern := Pattern{Parts: parts}.tidy()
	if len(pattern.Parts)-1 > MaxWildcards {
		return pattern, errorAt(c.position, "a string may have at most %d wildcards", MaxWildcards)
	}
	return pattern, nil
}

// search gives a bare word its meaning in every searched field.
func (p *parser) search(c constant) (Expr, error) {
	word, err := p.pattern(Field{}, c)
	if err != nil {
		return nil, err
	}
	if word.everything() {
		return All{}, nil
	}
	if !word.Wildcard() && word.Literal() == "" {
		return nil, errorAt(c.position, "an empty string cannot be searched for")
	}
	s := Search{Pattern: word}
	for _, field := range p.schema.fields {
		if !field.Search {
			continue
		}
		e, err := p.restrict(field, ":", c)
		if err != nil {
			return nil, err
		}
		s.Terms = append(s.Terms, e)
	}
	if len(s.Terms) == 0 {
		return nil, errorAt(c.position, "no field is searched for a bare word here; name one of %s", strings.Join(p.schema.Names(), ", "))
	}
	return s, nil
}
