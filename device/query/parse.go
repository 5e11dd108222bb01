package query

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Limits of a filter: a longer or deeper one is a SyntaxError.
const (
	// MaxLength is the length of a filter or an order in bytes.
	MaxLength = 8 << 10
	// MaxTerms is how many comparisons and bare words a filter may have.
	MaxTerms = 250
	// MaxDepth is how deep And and Or may hold one another.
	MaxDepth = 32
	// MaxWildcards is how many wildcards one string may have.
	MaxWildcards = 16
)

// Option changes how Parse reads a filter.
type Option func(*parser)

// WithNow gives the time to which relative times such as "-24h" refer. Without
// it they are a SyntaxError.
func WithNow(now time.Time) Option {
	return func(p *parser) { p.now = TimeValue(now).Time }
}

// Parse reads a filter; a text of nothing but space gives All. The error is a
// *SyntaxError.
func Parse(schema *Schema, text string, options ...Option) (Expr, error) {
	p := &parser{schema: schema, scanner: scanner{text: text}}
	for _, option := range options {
		option(p)
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	p.space()
	if p.end() {
		return All{}, nil
	}
	n, err := p.conjunction()
	if err != nil {
		return nil, err
	}
	if !p.end() {
		return nil, errorAt(p.pos, "this ) closes no parenthesis")
	}
	return n.expr, nil
}

// checkText refuses what no filter or order may contain.
func checkText(text string) error {
	if len(text) > MaxLength {
		return errorAt(MaxLength, "the text has %d bytes, at most %d are allowed", len(text), MaxLength)
	}
	for i, r := range text {
		if r == 0 {
			return errorAt(i, "the text must not contain a NUL character")
		}
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], string(utf8.RuneError)) {
			return errorAt(i, "the text is not valid UTF-8")
		}
	}
	return nil
}

// parser descends recursively:
//
//	conjunction = disjunction { [ "AND" ] disjunction }
//	disjunction = term { "OR" term }
//	term        = { "NOT" | "-" } ( "(" conjunction ")" | restriction )
//	restriction = field operator constant | word | string
type parser struct {
	scanner
	schema *Schema
	now    time.Time
	terms  int
}

// node is an expression with the number of And and Or on its longest path.
type node struct {
	expr  Expr
	depth int
}

func (p *parser) conjunction() (node, error) {
	var terms []node
	start := p.pos
	for {
		n, err := p.disjunction()
		if err != nil {
			return node{}, err
		}
		terms = append(terms, n)
		p.space()
		if p.end() || p.peek() == ')' {
			return join(terms, start, AllOf)
		}
		if p.keyword("AND") {
			p.space()
		}
	}
}

func (p *parser) disjunction() (node, error) {
	var terms []node
	start := p.pos
	for {
		n, err := p.term()
		if err != nil {
			return node{}, err
		}
		terms = append(terms, n)
		p.space()
		if !p.keyword("OR") {
			return join(terms, start, AnyOf)
		}
		p.space()
	}
}

// join unites the terms that began at start.
func join(terms []node, start int, unite func(...Expr) Expr) (node, error) {
	if len(terms) == 1 {
		return terms[0], nil
	}
	expressions := make([]Expr, len(terms))
	for i, term := range terms {
		expressions[i] = term.expr
	}
	n := node{expr: unite(expressions...)}
	for _, term := range terms {
		if !sameKind(n.expr, term.expr) {
			term.depth++
		}
		n.depth = max(n.depth, term.depth)
	}
	if n.depth > MaxDepth {
		return node{}, errorAt(start, "AND and OR are nested more than %d deep", MaxDepth)
	}
	return n, nil
}

// sameKind reports whether the term became a part of the whole instead of a
// level below it.
func sameKind(whole, term Expr) bool {
	switch term.(type) {
	case And:
		_, ok := whole.(And)
		return ok
	case Or:
		_, ok := whole.(Or)
		return ok
	}
	return false
}

func (p *parser) term() (node, error) {
	negated := false
	for {
		switch {
		case p.keyword("NOT"):
			p.space()
		case p.peek() == '-':
			p.pos++
			if p.end() || p.atSpace() {
				return node{}, errorAt(p.pos-1, `- must stand directly before what it negates; to search for the character, write "-"`)
			}
		default:
			n, err := p.simple()
			if err == nil && negated {
				n.expr = Negate(n.expr)
			}
			return n, err
		}
		negated = !negated
	}
}

func (p *parser) simple() (node, error) {
	if p.peek() == '(' {
		return p.group()
	}
	position := p.pos
	if p.terms++; p.terms > MaxTerms {
		return node{}, errorAt(position, "the filter has more than %d comparisons and words", MaxTerms)
	}
	e, err := p.restriction()
	return node{expr: e}, err
}

func (p *parser) group() (node, error) {
	opening := p.pos
	p.pos++
	p.space()
	if p.peek() == ')' {
		return node{}, errorAt(p.pos, "expected a comparison or a word between ( and )")
	}
	n, err := p.conjunction()
	if err != nil {
		return node{}, err
	}
	if p.peek() != ')' {
		return node{}, errorAt(opening, "this ( is never closed")
	}
	p.pos++
	return n, nil
}

func (p *parser) restriction() (Expr, error) {
	start := p.pos
	if p.atQuote() {
		return p.quotedSearch()
	}
	word := p.word()
	if word == "" {
		return nil, p.missingTerm()
	}
	after := p.pos
	p.space()
	at := p.pos
	if op := p.operator(); op != "" {
		return p.comparison(word, start, op, at)
	}
	p.pos = after
	if err := p.checkWord(word, start); err != nil {
		return nil, err
	}
	if field, ok := p.schema.Field(word); ok && field.Type == Bool {
		return Compare{Field: field, Op: Equal, Value: BoolValue(true)}, nil
	}
	return p.search(constant{position: start, parts: strings.Split(word, "*")})
}

func (p *parser) quotedSearch() (Expr, error) {
	c, err := p.quoted()
	if err != nil {
		return nil, err
	}
	p.space()
	at := p.pos
	if op := p.operator(); op != "" {
		return nil, errorAt(at, "%s needs a field before it, and the name of a field is written without quotes", op)
	}
	return p.search(c)
}

// missingTerm says what stands where a comparison or word should.
func (p *parser) missingTerm() error {
	at := p.pos
	switch op := p.operator(); {
	case p.end() && op == "":
		return errorAt(at, "the filter ends where a comparison or a word is expected")
	case op != "":
		return errorAt(at, "%s needs a field before it", op)
	}
	return errorAt(at, "expected a comparison or a word, found %q; put quotes around text to search for it", p.peekRune())
}

// checkWord refuses bare words that are likely to mean something else.
func (p *parser) checkWord(word string, start int) error {
	if isKeyword(word) {
		return errorAt(start, `expected a comparison or a word, found %s; to search for the word, write "%s"`, word, word)
	}
	if upper := strings.ToUpper(word); isKeyword(upper) {
		return errorAt(start, `operators are written in capitals: %s; to search for the word, write "%s"`, upper, word)
	}
	switch p.peek() {
	case '(':
		return errorAt(start, "functions are not supported: %s(", shorten(word))
	case '"':
		return errorAt(p.pos, "a quote must not stand inside a word; put quotes around all of it")
	case '!':
		return errorAt(p.pos, "! is only used in !=; put quotes around text that contains it")
	}
	return nil
}
