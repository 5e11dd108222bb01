package query

import (
	"strconv"
	"strings"
)

// Format returns canonical text that Parse turns into the same expression: equal
// expressions give equal text. Strings come out folded and times absolute. The
// text of All is empty. The text may be longer than the one it was parsed from,
// and so may exceed MaxLength.
func Format(e Expr) string {
	e = normal(e)
	if _, ok := e.(All); ok {
		return ""
	}
	var b strings.Builder
	format(&b, e)
	return b.String()
}

// normal joins what was built by hand.
func normal(e Expr) Expr {
	switch e := e.(type) {
	case nil:
		return All{}
	case And:
		return AllOf(normals(e.Terms)...)
	case Or:
		return AnyOf(normals(e.Terms)...)
	case Not:
		return Negate(normal(e.Term))
	}
	return e
}

func normals(terms []Expr) []Expr {
	all := make([]Expr, len(terms))
	for i, term := range terms {
		all[i] = normal(term)
	}
	return all
}

func format(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case All:
		b.WriteByte('*')
	case And:
		formatTerms(b, e.Terms, " AND ")
	case Or:
		formatTerms(b, e.Terms, " OR ")
	case Not:
		formatNot(b, e.Term)
	case Compare:
		formatCompare(b, e, e.Op.String())
	case Like:
		formatLike(b, e, "=")
	case Has:
		b.WriteString(e.Field.Name + ":")
		quotePattern(b, []string{e.Text})
	case Present:
		b.WriteString(e.Field.Name + ":*")
	case Search:
		quotePattern(b, e.Pattern.Parts)
	}
}

// formatTerms puts an And inside an Or in parentheses, which it needs, and an Or
// inside an And as well, so that nobody has to remember which binds tighter.
func formatTerms(b *strings.Builder, terms []Expr, separator string) {
	for i, term := range terms {
		if i > 0 {
			b.WriteString(separator)
		}
		formatGroup(b, term)
	}
}

func formatGroup(b *strings.Builder, e Expr) {
	switch e.(type) {
	case And, Or:
		b.WriteByte('(')
		format(b, e)
		b.WriteByte(')')
	default:
		format(b, e)
	}
}

// formatNot writes what != and the like were parsed to.
func formatNot(b *strings.Builder, e Expr) {
	switch e := e.(type) {
	case Compare:
		if e.Field.Type == Bool {
			e.Value.Bool = false
			formatCompare(b, e, "=")
			return
		}
		if e.Op == Equal {
			formatCompare(b, e, "!=")
			return
		}
	case Present:
		if e.Field.Type == String {
			b.WriteString(e.Field.Name + ` = ""`)
			return
		}
	case Like:
		if _, ok := e.contained(); !ok && e.Field.Type == String {
			formatLike(b, e, "!=")
			return
		}
	}
	b.WriteString("NOT ")
	formatGroup(b, e)
}

func formatCompare(b *strings.Builder, e Compare, op string) {
	b.WriteString(e.Field.Name + " " + op + " ")
	switch e.Value.Type {
	case String:
		quotePattern(b, []string{e.Value.Text})
	case Int:
		b.WriteString(strconv.FormatInt(e.Value.Int, 10))
	case Bool:
		b.WriteString(strconv.FormatBool(e.Value.Bool))
	case Time:
		b.WriteString(`"` + e.Value.Time.UTC().Format(timeForm) + `"`)
	case StringList:
	}
}

// contained returns what the right side of ":" was, if the restriction can be
// written with it. A list takes any pattern there.
func (e Like) contained() ([]string, bool) {
	parts := e.Pattern.Parts
	if e.Field.Type == StringList {
		return parts, true
	}
	if last := len(parts) - 1; last >= 2 && parts[0] == "" && parts[last] == "" {
		return parts[1:last], true
	}
	return nil, false
}

func formatLike(b *strings.Builder, e Like, op string) {
	if parts, ok := e.contained(); ok {
		b.WriteString(e.Field.Name + ":")
		quotePattern(b, parts)
		return
	}
	b.WriteString(e.Field.Name + " " + op + " ")
	quotePattern(b, e.Pattern.Parts)
}

var escapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, `*`, `\*`)

func quotePattern(b *strings.Builder, parts []string) {
	b.WriteByte('"')
	for i, part := range parts {
		if i > 0 {
			b.WriteByte('*')
		}
		b.WriteString(escapes.Replace(part))
	}
	b.WriteByte('"')
}
