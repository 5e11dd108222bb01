package sqlite

import (
	"errors"
	"reflect"
	"slices"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/store"
)

// errKeyChanged says that a change of Rewrite made another record of one.
var errKeyChanged = errors.New("rewrite: the key of a record was changed")

// position is where a page of records ended: the key of a record, for parameters
// the device and the path, for documents and levels the kind and the ID, for lines
// the group and the number.
type position struct{ key, path string }

// rewrite reads records of one kind that may hold sealed secrets, page by page.
type rewrite struct {
	// size is how many rows a page has at most: what one transaction holds in
	// memory, so few where rows are large.
	size int
	read func(c *conn, after position, size int) ([]store.Record, error)
}

func rewrites() []rewrite {
	return []rewrite{
		{64, readRecords(rewriteDevices, recordOfDevice)},
		{store.MaxBranch, readBranches},
		{64, readRecords(rewriteCredentials, recordOfCredential)},
		{8, readRecords(rewriteTasks, recordOfTask)},
		{64, readRecords(rewriteBulks, recordOfBulk)},
		{16, readRecords(rewriteUsers, recordOfUser)},
		{16, readPairs(rewriteDeclared, recordOfDeclared)},
		{8, readPairs(rewriteLevels, recordOfLevel)},
		{64, readPairs(rewriteLines, recordOfLine)},
	}
}

const (
	rewriteDevices     = "SELECT " + deviceColumns + " FROM devices d WHERE d.id > ? ORDER BY d.id LIMIT ? + 0"
	rewriteCredentials = "SELECT " + credentialColumns + " FROM credentials WHERE username > ? ORDER BY username LIMIT ? + 0"
	rewriteTasks       = "SELECT " + taskColumns + " FROM tasks t WHERE t.id > ? ORDER BY t.id LIMIT ? + 0"
	rewriteBulks       = "SELECT bulk FROM bulks WHERE id > ? ORDER BY id LIMIT ? + 0"
	rewriteUsers       = "SELECT " + userColumns + " FROM users WHERE name > ? ORDER BY name LIMIT ? + 0"
	rewriteDeclared    = "SELECT " + declaredColumns + " FROM declared WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ? + 0"
	rewriteLevels      = "SELECT " + levelColumns + " FROM levels WHERE (kind, id) > (?, ?) ORDER BY kind, id LIMIT ? + 0"
	rewriteLines       = "SELECT " + lineColumns + " FROM lines WHERE (group_path, number) > (?, ?) ORDER BY group_path, number LIMIT ? + 0"
	rewriteTree        = "SELECT d.id, " + parameterColumns + ` FROM devices d CROSS JOIN parameters p ON p.device = d.n
	WHERE d.id >= ? AND (d.id > ? OR p.path > ?) ORDER BY d.id, p.path LIMIT ? + 0`
)

func readRecords(sql string, record func(*row) (store.Record, error)) func(*conn, position, int) ([]store.Record, error) {
	return func(c *conn, after position, size int) (all []store.Record, err error) {
		err = c.each(func(r *row) error {
			found, err := record(r)
			all = append(all, found)
			return err
		}, sql, after.key, size)
		return all, err
	}
}

func readBranches(c *conn, after position, size int) (all []store.Record, err error) {
	b := branches{each: func(r store.Record) error { all = append(all, r); return nil }}
	if err := c.each(b.add, rewriteTree, after.key, after.key, after.path, size); err != nil {
		return nil, err
	}
	return all, b.end()
}

// readPairs reads records whose key has two parts.
func readPairs(sql string, record func(*row) (store.Record, error)) func(*conn, position, int) ([]store.Record, error) {
	return func(c *conn, after position, size int) (all []store.Record, err error) {
		err = c.each(func(r *row) error {
			found, err := record(r)
			all = append(all, found)
			return err
		}, sql, after.key, after.path, size)
		return all, err
	}
}

// rewritten is the outcome of one page.
type rewritten struct {
	last          position
	rows, changed int
}

// rewritePage reads a page, gives every record to change and stores those that
// were changed.
func (c *conn) rewritePage(kind rewrite, after position, change func(*store.Record) (bool, error)) (rewritten, error) {
	records, err := kind.read(c, after, kind.size)
	if err != nil {
		return rewritten{}, err
	}
	page := rewritten{last: after}
	for i := range records {
		r := &records[i]
		before, rows := positionOf(r)
		tree := treeOf(r)
		changed, err := change(r)
		if err != nil {
			return rewritten{}, err
		}
		if now, n := positionOf(r); now != before || n != rows {
			return rewritten{}, errKeyChanged
		}
		page.last, page.rows = before, page.rows+rows
		if !changed {
			continue
		}
		page.changed++
		if err := c.putChanged(r, tree); err != nil {
			return rewritten{}, err
		}
	}
	return page, nil
}

// positionOf returns the place after a record and of how many rows it was read.
func positionOf(r *store.Record) (position, int) {
	switch {
	case r.Device != nil:
		return position{key: string(r.Device.ID)}, 1
	case r.Parameters != nil && len(r.Parameters.Parameters) > 0:
		all := r.Parameters.Parameters
		return position{key: string(r.Parameters.Device), path: all[len(all)-1].Path}, len(all)
	case r.Credential != nil:
		return position{key: r.Credential.Username}, 1
	case r.Task != nil:
		return position{key: string(r.Task.ID)}, 1
	case r.Bulk != nil:
		return position{key: string(r.Bulk.ID)}, 1
	case r.User != nil:
		return position{key: r.User.Name}, 1
	case r.Declared != nil:
		return position{key: string(r.Declared.Kind), path: r.Declared.ID}, 1
	case r.Level != nil:
		return position{key: string(r.Level.Key.Kind), path: r.Level.Key.ID}, 1
	case r.Line != nil:
		return position{key: r.Line.Group, path: r.Line.Number}, 1
	default:
		return position{}, 0
	}
}

// treeOf returns a copy of the parameters of a branch, nil for other records.
func treeOf(r *store.Record) []device.Parameter {
	if r.Parameters == nil {
		return nil
	}
	return slices.Clone(r.Parameters.Parameters)
}

// putChanged stores a record; of a branch only the parameters that changed.
func (c *conn) putChanged(r *store.Record, before []device.Parameter) error {
	if r.Parameters == nil {
		return c.putRecord(r)
	}
	n, err := c.knownDevice(r.Parameters.Device)
	if err != nil {
		return err
	}
	for i := range r.Parameters.Parameters {
		p := &r.Parameters.Parameters[i]
		if reflect.DeepEqual(before[i], *p) {
			continue
		}
		if p.Path != before[i].Path {
			return errKeyChanged
		}
		if err := c.putParameter(n, p); err != nil {
			return err
		}
	}
	return nil
}
