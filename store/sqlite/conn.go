package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"path/filepath"

	driversqlite "modernc.org/sqlite"
)

// conn is one connection with its prepared statements. It speaks to the driver
// directly, as the locking, pooling and conversions of database/sql cost more
// than the short statements of a session. One goroutine uses it at a time.
type conn struct {
	driver     driverConn
	statements map[string]driverStmt
	named      []driver.NamedValue
}

// driverConn and driverStmt are what the driver's own types offer.
type driverConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// databaseError marks what the database itself reports, apart from the errors
// of the domain.
type databaseError struct{ err error }

func (e *databaseError) Error() string { return "sqlite: " + e.err.Error() }

func (e *databaseError) Unwrap() error { return e.err }

func databaseFailure(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return &databaseError{err: err}
}

func isDatabaseError(err error) bool {
	var failure *databaseError
	return errors.As(err, &failure)
}

// open opens the file and sets what every connection needs. The busy timeout
// goes first, as the other pragmas may already meet a lock.
func openConn(path string, pragmas ...string) (*conn, error) {
	name, err := dataSource(path)
	if err != nil {
		return nil, err
	}
	opened, err := new(driversqlite.Driver).Open(name)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", path, databaseFailure(err))
	}
	dc, ok := opened.(driverConn)
	if !ok {
		return nil, errors.Join(errors.New("the sqlite driver lacks context methods"), opened.Close())
	}
	c := &conn{driver: dc, statements: make(map[string]driverStmt)}
	for _, pragma := range append([]string{"busy_timeout = 10000"}, pragmas...) {
		if err := c.script("PRAGMA " + pragma); err != nil {
			return nil, errors.Join(fmt.Errorf("set %s: %w", pragma, err), c.close())
		}
	}
	return c, nil
}

// dataSource returns the file URI of a path, in which no character has a
// meaning of its own.
func dataSource(path string) (string, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("resolve %s: %w", path, err)
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(absolute)}
	return u.String() + "?_dqs=0", nil
}

func (c *conn) close() error {
	var all []error
	for _, statement := range c.statements {
		all = append(all, statement.Close())
	}
	c.statements = nil
	return errors.Join(append(all, c.driver.Close())...)
}

// script runs statements without arguments that are not worth preparing.
func (c *conn) script(sql string) error {
	_, err := c.driver.ExecContext(context.Background(), sql, nil)
	return databaseFailure(err)
}

// prepared returns the statement, which stays prepared for the life of the
// connection. It is for the fixed statements of this package, whose number is
// bounded by its source.
func (c *conn) prepared(sql string) (driverStmt, error) {
	if statement, ok := c.statements[sql]; ok {
		return statement, nil
	}
	statement, err := c.prepare(sql)
	if err != nil {
		return nil, err
	}
	c.statements[sql] = statement
	return statement, nil
}

func (c *conn) prepare(sql string) (driverStmt, error) {
	statement, err := c.driver.PrepareContext(context.Background(), sql)
	if err != nil {
		return nil, databaseFailure(err)
	}
	ready, ok := statement.(driverStmt)
	if !ok {
		return nil, errors.Join(errors.New("the sqlite driver lacks context methods"), statement.Close())
	}
	return ready, nil
}

// bind returns the arguments as the driver takes them, in a slice that is used
// again by the next call. Arguments are string, int64, int, bool, []byte or nil.
func (c *conn) bind(args []any) []driver.NamedValue {
	c.named = c.named[:0]
	for i, arg := range args {
		switch v := arg.(type) {
		case int:
			arg = int64(v)
		case bool:
			arg = boolInt(v)
		}
		c.named = append(c.named, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return c.named
}

func boolInt(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// exec runs a fixed statement and returns how many rows it changed.
func (c *conn) exec(sql string, args ...any) (int, error) {
	statement, err := c.prepared(sql)
	if err != nil {
		return 0, err
	}
	result, err := statement.ExecContext(context.Background(), c.bind(args))
	if err != nil {
		return 0, databaseFailure(err)
	}
	changed, err := result.RowsAffected()
	return int(changed), databaseFailure(err)
}

// each runs a fixed query and calls visit for every row.
func (c *conn) each(visit func(*row) error, sql string, args ...any) error {
	statement, err := c.prepared(sql)
	if err != nil {
		return err
	}
	return c.visit(context.Background(), statement, visit, args)
}

// one runs a fixed query and calls visit for its first row; found says whether
// there is one.
func (c *conn) one(visit func(*row) error, sql string, args ...any) (found bool, err error) {
	err = c.each(func(r *row) error {
		found = true
		if err := visit(r); err != nil {
			return err
		}
		return errStop
	}, sql, args...)
	return found, err
}

// search runs a query that was composed for this call, such as that of a
// filter. It ends when the context does.
func (c *conn) search(ctx context.Context, visit func(*row) error, sql string, args []any) error {
	statement, err := c.prepare(sql)
	if err != nil {
		return err
	}
	return errors.Join(c.visit(ctx, statement, visit, args), databaseFailure(statement.Close()))
}

// errStop ends visit early without an error.
var errStop = errors.New("stop")

func (c *conn) visit(ctx context.Context, statement driverStmt, visit func(*row) error, args []any) (err error) {
	rows, err := statement.QueryContext(ctx, c.bind(args))
	if err != nil {
		return databaseFailure(err)
	}
	defer func() { err = errors.Join(err, databaseFailure(rows.Close())) }()
	r := &row{values: make([]driver.Value, len(rows.Columns()))}
	for {
		err := rows.Next(r.values)
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return databaseFailure(err)
		case ctx.Err() != nil:
			return ctx.Err()
		}
		r.next = 0
		if err := visit(r); err != nil {
			if errors.Is(err, errStop) {
				return nil
			}
			return err
		}
	}
}
