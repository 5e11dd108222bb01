package sqlite

import (
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// column says where a field of a schema lies. Its conditions are never NULL:
// the logic of filters has two values.
type column struct {
	// sql is the column, or for a Bool the condition.
	sql string
	// args are those of the placeholders in sql.
	args []any
	// nullable marks an Int that may be missing.
	nullable bool
	// elements is the table of a StringList, with the column device and one for
	// the folded element.
	elements, element string
}

// folded returns the text of a String as filters and orders compare it. LOWER
// of SQLite changes A to Z only, as query.Fold does.
func (f column) folded() string { return "lower(" + f.sql + ")" }

// where composes a condition. Constants only ever become arguments.
type where struct {
	columns map[string]column
	// search is the column that holds the text of all the fields that
	// searchedFields names, empty if there is none.
	search string

	text strings.Builder
	args []any
}

func (w *where) write(sql string, args ...any) {
	w.text.WriteString(sql)
	w.args = append(w.args, args...)
}

// expr writes the condition that is true exactly where query.Match is.
func (w *where) expr(e query.Expr) error {
	switch e := e.(type) {
	case nil, query.All:
		w.write("1")
		return nil
	case query.And:
		return w.join(e.Terms, " AND ", "1")
	case query.Or:
		return w.join(e.Terms, " OR ", "0")
	case query.Not:
		w.write("NOT (")
		err := w.expr(e.Term)
		w.write(")")
		return err
	case query.Search:
		return w.searchWord(e)
	default:
		return w.field(e)
	}
}

// join writes the terms as a balanced tree, as SQLite bounds the depth of an
// expression and not its size.
func (w *where) join(terms []query.Expr, operator, none string) error {
	switch len(terms) {
	case 0:
		w.write(none)
		return nil
	case 1:
		return w.expr(terms[0])
	}
	half := len(terms) / 2
	w.write("(")
	if err := w.join(terms[:half], operator, none); err != nil {
		return err
	}
	w.write(operator)
	if err := w.join(terms[half:], operator, none); err != nil {
		return err
	}
	w.write(")")
	return nil
}

func (w *where) field(e query.Expr) error {
	switch e := e.(type) {
	case query.Compare:
		return w.compare(e)
	case query.Like:
		return w.like(e)
	case query.Has:
		f, err := w.column(e.Field)
		if err != nil {
			return err
		}
		w.write("d.n IN (SELECT device FROM "+f.elements+" WHERE "+f.element+" = ?)", e.Text)
		return nil
	case query.Present:
		return w.present(e.Field)
	default:
		return fmt.Errorf("%w: filter has an unknown term %T", device.ErrInvalid, e)
	}
}

func (w *where) column(field query.Field) (column, error) {
	f, ok := w.columns[field.Name]
	if !ok {
		return f, fmt.Errorf("%w: filter names the unknown field %q", device.ErrInvalid, field.Name)
	}
	return f, nil
}

func (w *where) compare(e query.Compare) error {
	f, err := w.column(e.Field)
	if err != nil {
		return err
	}
	operator := e.Op.String()
	switch e.Field.Type {
	case query.String:
		w.write("("+f.sql+" <> '' AND "+f.folded()+" "+operator+" ?)", e.Value.Text)
	case query.Int:
		w.write("("+f.sql+" IS NOT NULL AND "+f.sql+" "+operator+" ?)", e.Value.Int)
	case query.Time:
		w.write("("+f.sql+" <> 0 AND "+f.sql+" "+operator+" ?)", e.Value.Time.UnixMilli())
	case query.Bool:
		w.write("("+f.sql+")", f.args...)
	case query.StringList:
		return fmt.Errorf("%w: field %q cannot be compared", device.ErrInvalid, e.Field.Name)
	}
	return nil
}

func (w *where) like(e query.Like) error {
	f, err := w.column(e.Field)
	if err != nil {
		return err
	}
	if e.Field.Type != query.StringList {
		w.write("(" + f.sql + " <> '' AND ")
		w.pattern(f.folded(), e.Pattern)
		w.write(")")
		return nil
	}
	w.write("d.n IN (SELECT device FROM " + f.elements + " WHERE ")
	w.pattern(f.element, e.Pattern)
	w.write(")")
	return nil
}

func (w *where) present(field query.Field) error {
	f, err := w.column(field)
	if err != nil {
		return err
	}
	switch {
	case field.Type == query.Time:
		w.write("(" + f.sql + " <> 0)")
	case field.Type == query.Int && f.nullable:
		w.write("(" + f.sql + " IS NOT NULL)")
	case field.Type == query.Int:
		w.write("1")
	default:
		w.write("(" + f.sql + " <> '')")
	}
	return nil
}
