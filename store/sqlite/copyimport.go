package sqlite

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/files"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/tasks"
)

// errNoRecord is returned for a record without content.
var errNoRecord = errors.New("no field of the record is set")

func (c *conn) importRecords(records []store.Record) error {
	cleared := make(map[device.ID]bool)
	for i := range records {
		if b := records[i].Parameters; b != nil && !cleared[b.Device] {
			cleared[b.Device] = true
			if err := c.clearTree(b.Device); err != nil {
				return fmt.Errorf("import parameters of device %s: %w", b.Device, err)
			}
		}
		if err := c.putRecord(&records[i]); err != nil {
			return fmt.Errorf("import %s: %w", records[i].Kind(), err)
		}
	}
	return nil
}

// clearTree removes the tree that a first branch replaces.
func (c *conn) clearTree(id device.ID) error {
	n, err := c.knownDevice(id)
	if err != nil {
		return err
	}
	_, err = c.exec("DELETE FROM parameters WHERE device = ?", n)
	return err
}

// putRecord stores a record in place of the one of the same key.
func (c *conn) putRecord(r *store.Record) error {
	switch r.Kind() {
	case store.KindDevice:
		return c.putDevice(r.Device)
	case store.KindParameters:
		return c.putBranch(r.Parameters)
	case store.KindCredential:
		return c.putCredential(r.Credential)
	case store.KindModel:
		return c.putModel(r.Model)
	case store.KindTask:
		return c.putTask(r.Task)
	case store.KindBulk:
		return c.putBulk(r.Bulk)
	case store.KindFile:
		return c.putFile(r.File)
	case store.KindGrant:
		return c.putGrant(r.Grant)
	case store.KindGroup:
		return c.putGroup(r.Group)
	case store.KindUser:
		return c.putUser(r.User)
	case store.KindRole:
		return c.putRole(r.Role)
	case store.KindToken:
		return c.putToken(r.Token)
	case store.KindAudit:
		return c.putAudit(r.Audit)
	case store.KindSession:
		return c.putPastSession(r.Session)
	case store.KindCounts:
		return c.putCounts(r.Counts)
	case store.KindDeclared:
		return c.putDeclared(r.Declared)
	case store.KindLevel:
		return c.putLevel(r.Level)
	case store.KindLine:
		return c.putLine(r.Line)
	case store.KindConvergence:
		return c.putValues(putConvergence)(convergenceValues(r.Convergence))
	case store.KindDataModel:
		return c.putValues(putDataModel)(dataModelValues(r.DataModel))
	default:
		return errNoRecord
	}
}

// putValues returns what runs a statement with its values, unless making these failed.
func (c *conn) putValues(sql string) func(values []any, err error) error {
	return func(values []any, err error) error {
		if err == nil {
			_, err = c.exec(sql, values...)
		}
		return err
	}
}

func (c *conn) putDevice(d *device.Device) error {
	n, err := c.deviceNumber(d.ID)
	if err != nil {
		return err
	}
	if err := c.checkFree(n, d.Identities()); err != nil {
		return fmt.Errorf("device %s: %w", d.ID, err)
	}
	if n == 0 {
		return c.insertDevice(d)
	}
	return c.applyEdit(n, d)
}

const putParameter = "INSERT OR REPLACE INTO parameters (device, " + parameterColumns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

func (c *conn) putBranch(b *store.Branch) error {
	n, err := c.knownDevice(b.Device)
	if err != nil {
		return fmt.Errorf("device %s: %w", b.Device, err)
	}
	for i := range b.Parameters {
		if err := c.putParameter(n, &b.Parameters[i]); err != nil {
			return err
		}
	}
	return nil
}

func (c *conn) putParameter(n int64, p *device.Parameter) error {
	var writable, notification, accessList any
	if p.Writable != nil {
		writable = boolInt(*p.Writable)
	}
	if p.Notification != nil {
		notification = int64(*p.Notification)
	}
	if p.AccessList != nil {
		raw, err := json.Marshal(p.AccessList)
		if err != nil {
			return fmt.Errorf("encode access list: %w", err)
		}
		accessList = string(raw)
	}
	_, err := c.exec(putParameter, n, p.Path, p.Value, string(p.Sealed), p.Type, p.Known, writable, notification, accessList, milliseconds(p.UpdatedAt))
	return err
}

func (c *conn) putTask(t *tasks.Task) error {
	var existing tasks.ID
	_, err := c.one(func(r *row) error { existing = tasks.ID(r.text()); return nil }, "SELECT id FROM tasks WHERE slot = ?", slot(t))
	if err != nil {
		return err
	}
	if existing != "" && existing != t.ID {
		return fmt.Errorf("task %s: %w", t.ID, &tasks.DuplicateError{Existing: existing})
	}
	values, err := taskValues(t)
	if err != nil {
		return err
	}
	changed, err := c.exec(updateTask, values...)
	if err == nil && changed == 0 {
		_, err = c.exec(insertTask, values...)
	}
	return err
}

func (c *conn) putBulk(b *tasks.Bulk) error {
	text, err := encodeBulk(wholeBulk(*b))
	if err != nil {
		return err
	}
	_, err = c.exec("INSERT OR REPLACE INTO bulks (id, finished_at, revision, bulk) VALUES (?, ?, ?, ?)",
		string(b.ID), milliseconds(b.FinishedAt), b.Revision, text)
	return err
}

func (c *conn) putFile(f *files.File) error {
	_, err := c.insertFile("INSERT OR REPLACE", f)
	return err
}
