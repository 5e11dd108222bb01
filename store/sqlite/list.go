package sqlite

import "context"

// listing is one page of a list: the rows that match, after the place that the
// token names, one more than the page holds to see whether another follows.
type listing struct {
	from, columns string
	// row is the column of the key of a row where the rows of a page are to be
	// chosen before they are read; empty if they are not.
	row   string
	where *where
	order *keyset
	token string
	size  int
	count bool
}

// pageQuery returns the query for the rows of the page.
func (l *listing) pageQuery() (sql string, args []any, err error) {
	q := where{args: l.whereArgs()}
	columns := l.columns
	if l.row != "" {
		columns = l.row + " AS row"
	}
	q.write("SELECT " + columns + " FROM " + l.from + " WHERE " + l.where.text.String())
	if l.token != "" {
		p, err := l.order.place(l.token)
		if err != nil {
			return "", nil, err
		}
		q.write(" AND ")
		l.order.after(&q, p)
	}
	q.write(l.order.orderBy()+" LIMIT ?", l.size+1)
	if l.row == "" {
		return q.text.String(), q.args, nil
	}
	return l.readChosen(q.text.String()), q.args, nil
}

// readChosen returns the query that reads the rows that another one chooses.
// Whatever has to be sorted to choose them is then the key of each row and not
// the row with its forty columns, which takes several times as long. A CROSS
// JOIN keeps SQLite from walking the table instead.
func (l *listing) readChosen(choose string) string {
	order := *l.order
	order.sorted = true
	return "SELECT " + l.columns + " FROM (" + choose + ") AS page CROSS JOIN " + l.from + " ON " + l.row + " = page.row" + order.orderBy()
}

// countQuery returns the query for how many rows match in all.
func (l *listing) countQuery() (sql string, args []any) {
	return "SELECT count(*) FROM " + l.from + " WHERE " + l.where.text.String(), l.whereArgs()
}

// whereArgs returns the arguments without room to append in place.
func (l *listing) whereArgs() []any { return l.where.args[:len(l.where.args):len(l.where.args)] }

// list visits the rows of a page and returns how many match in all, if asked
// for; both are of one state of the database.
func (c *conn) list(ctx context.Context, l listing, visit func(*row) error) (total int, err error) {
	sql, args, err := l.pageQuery()
	if err != nil {
		return 0, err
	}
	rows := 0
	err = snapshot(c, func() error {
		if err := c.search(ctx, func(r *row) error { rows++; return visit(r) }, sql, args); err != nil || !l.count {
			return err
		}
		if l.token == "" && rows <= l.size {
			total = rows // A first page that is not full holds all there is.
			return nil
		}
		sql, args := l.countQuery()
		return c.search(ctx, func(r *row) error { total = r.int(); return nil }, sql, args)
	})
	return total, err
}
