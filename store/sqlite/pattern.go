package sqlite

import "github.com/dialtone-acs/dialtone/device/query"

// pattern writes the condition that the folded text matches. GLOB and LIKE are
// not used: they end at a NUL, take some characters for others, and give their
// own wildcards a meaning inside the text.
func (w *where) pattern(text string, p query.Pattern) {
	parts := p.Parts
	last := len(parts) - 1
	contained, isContained := p.Contained()
	switch {
	case last < 0:
		w.write("0")
	case last == 0:
		w.write(text+" = ?", parts[0])
	case isContained:
		w.write("instr("+text+", ?) > 0", contained)
	case last == 1 && parts[1] == "":
		w.prefix(text, parts[0])
	case last == 1 && parts[0] == "":
		w.write("substr(CAST("+text+" AS BLOB), ?) = ?", -len(parts[1]), []byte(parts[1]))
	default:
		w.sequence(text, parts)
	}
}

// prefix is a range, which an index serves.
func (w *where) prefix(text, prefix string) {
	if prefix == "" {
		w.write("1")
		return
	}
	w.write("("+text+" >= ? AND "+text+" < ?)", prefix, prefix+endOfText)
}

// sequence takes the parts off the text from the left, one subquery a part. The
// LIMIT keeps SQLite from merging the subqueries, which would work out each
// remainder again and again.
func (w *where) sequence(text string, parts []string) {
	last := len(parts) - 1
	// The cheap question first: most texts do not have even one of the parts.
	w.write("instr("+text+", ?) > 0 AND EXISTS (SELECT 1 FROM (", needle(query.Pattern{Parts: parts}))
	w.remainder(text, parts[:last])
	w.write(")")
	if parts[last] != "" {
		w.write(" WHERE substr(t, ?) = ?", -len(parts[last]), []byte(parts[last]))
	}
	w.write(")")
}

// remainder writes a query for t, what is left of the text after the parts: no
// row if they are not there.
func (w *where) remainder(text string, parts []string) {
	last := len(parts) - 1
	part := []byte(parts[last])
	switch {
	case last > 0:
		w.write("SELECT substr(t, instr(t, ?) + ?) AS t FROM (", part, len(part))
		w.remainder(text, parts[:last])
		w.write(") WHERE instr(t, ?) > 0 LIMIT 1", part)
	case len(part) > 0:
		w.write("SELECT substr(CAST("+text+" AS BLOB), ?) AS t WHERE substr(CAST("+text+" AS BLOB), 1, ?) = ? LIMIT 1", len(part)+1, len(part), part)
	default:
		w.write("SELECT CAST(" + text + " AS BLOB) AS t LIMIT 1")
	}
}
