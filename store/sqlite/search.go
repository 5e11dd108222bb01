package sqlite

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
)

// searchSeparator stands between the fields in the search column.
const searchSeparator = "\n"

// searchedFields names the Strings whose text is in the search column: all that
// a bare word searches.
func searchedFields() []string {
	return []string{"manufacturer", "productClass", "serialNumber", "model", "softwareVersion", "address", "mac"}
}

// searchText returns the search column of a record.
func searchText(d *device.Device) string {
	return query.Fold(strings.Join([]string{d.Manufacturer, d.ProductClass, d.SerialNumber, d.Model, d.SoftwareVersion, d.Address, d.MAC}, searchSeparator))
}

// searchWord writes the condition for a bare word. It looks into the search
// column first, once for what may stand in any field, and at single fields only
// where that found something.
func (w *where) searchWord(s query.Search) error {
	texts, others := w.splitSearch(s.Terms)
	if len(texts) == 0 {
		return w.join(s.Terms, " OR ", "0")
	}
	w.write("(")
	if err := w.searchColumn(texts); err != nil {
		return err
	}
	for _, other := range others {
		w.write(" OR ")
		if err := w.expr(other); err != nil {
			return err
		}
	}
	w.write(")")
	return nil
}

// splitSearch parts the terms that the search column helps with from others.
func (w *where) splitSearch(terms []query.Expr) (texts, others []query.Expr) {
	for _, term := range terms {
		like, ok := term.(query.Like)
		if ok && w.search != "" && slices.Contains(searchedFields(), like.Field.Name) && needle(like.Pattern) != "" {
			texts = append(texts, term)
			continue
		}
		others = append(others, term)
	}
	return texts, others
}

// searchColumn writes that the search column holds what the terms need, and,
// unless that says it all, that one of them is true.
func (w *where) searchColumn(texts []query.Expr) error {
	var needles []string
	exact := len(texts) == len(searchedFields())
	for _, term := range texts {
		pattern := term.(query.Like).Pattern
		contained, ok := pattern.Contained()
		exact = exact && ok && !strings.Contains(contained, searchSeparator)
		if n := needle(pattern); !slices.Contains(needles, n) {
			needles = append(needles, n)
		}
	}
	w.write("(")
	for i, n := range needles {
		if i > 0 {
			w.write(" OR ")
		}
		w.write("instr("+w.search+", ?) > 0", n)
	}
	w.write(")")
	if exact && len(needles) == 1 {
		return nil
	}
	w.write(" AND ")
	return w.join(texts, " OR ", "0")
}

// needle returns the longest text that whatever matches the pattern contains.
func needle(p query.Pattern) string {
	longest := ""
	for _, part := range p.Parts {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}
