package sqlite

import (
	"context"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/trace"
)

const traceColumns = "device, id, at, session, direction, method, start, headers, cut, body"

func scanTrace(r *row) trace.Entry {
	e := trace.Entry{
		Device: device.ID(r.text()), ID: r.text(), At: r.time(), Session: r.text(), Direction: trace.Direction(r.text()), Method: r.text(), Start: r.text(),
	}
	if headers := r.text(); headers != "" {
		e.Headers = strings.Split(headers, headerEnd)
	}
	e.Cut, e.Body = r.int(), r.text()
	return e
}

// headerEnd stands between headers, none of which holds it. They need not be
// UTF-8, as JSON has to be.
const headerEnd = "\n"

const putTrace = `INSERT OR REPLACE INTO traces (` + traceColumns + `, size) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

func (s traces) AppendTrace(ctx context.Context, entries []trace.Entry) error {
	return s.write(ctx, "appendTrace", func(c *conn) error {
		for i := range entries {
			e := &entries[i]
			_, err := c.exec(putTrace, string(e.Device), e.ID, milliseconds(e.At), e.Session, string(e.Direction), e.Method, e.Start,
				strings.Join(e.Headers, headerEnd), e.Cut, e.Body, e.Size())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

const (
	traceSizes   = "SELECT id, size FROM traces INDEXED BY traces_size WHERE device = ? AND id > ? ORDER BY id LIMIT ? + 0"
	traceEntries = "SELECT " + traceColumns + " FROM traces INDEXED BY traces_device WHERE device = ? AND id > ? AND id <= ? ORDER BY id"
)

func (s traces) Trace(ctx context.Context, id device.ID, after string, limit, bytes int) (all []trace.Entry, err error) {
	err = s.read(ctx, "getTrace", func(c *conn) error {
		return snapshot(c, func() error {
			last, err := c.traceUpTo(id, after, limit, bytes)
			if err != nil || last == "" {
				return err
			}
			return c.each(func(r *row) error { all = append(all, scanTrace(r)); return nil }, traceEntries, string(id), after, last)
		})
	})
	return all, err
}

// traceUpTo returns the last entry that fits, empty if there is none at all.
func (c *conn) traceUpTo(id device.ID, after string, limit, bytes int) (last string, err error) {
	sum := 0
	err = c.each(func(r *row) error {
		next, size := r.text(), r.int()
		if sum += size; last != "" && sum > bytes {
			return errStop
		}
		last = next
		return nil
	}, traceSizes, string(id), after, limit)
	return last, err
}

const (
	deleteDeviceTrace = "DELETE FROM traces WHERE device = ?"
	deleteOldestTrace = "DELETE FROM traces WHERE n IN (SELECT n FROM traces INDEXED BY traces_device WHERE device = ? ORDER BY id LIMIT ? + 0)"
)

func (s traces) DeleteTrace(ctx context.Context, id device.ID, limit int) (removed int, err error) {
	err = s.write(ctx, "deleteTrace", func(c *conn) error {
		if limit > 0 {
			removed, err = c.exec(deleteOldestTrace, string(id), limit)
		} else {
			removed, err = c.exec(deleteDeviceTrace, string(id))
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	return removed, nil
}

const (
	traceUsage       = "SELECT coalesce(sum(size), 0) FROM traces INDEXED BY traces_at"
	deviceTraceUsage = "SELECT coalesce(sum(size), 0) FROM traces INDEXED BY traces_size WHERE device = ?"
)

func (s traces) TraceUsage(ctx context.Context, id device.ID) (bytes int64, err error) {
	sql, args := traceUsage, []any(nil)
	if id != "" {
		sql, args = deviceTraceUsage, []any{string(id)}
	}
	err = s.read(ctx, "traceUsage", func(c *conn) error {
		_, err := c.one(func(r *row) error { bytes = r.int64(); return nil }, sql, args...)
		return err
	})
	return bytes, err
}

const oldTraces = "SELECT n, size FROM traces INDEXED BY traces_at WHERE at < ? ORDER BY at LIMIT ? + 0"

func (s traces) PruneTraces(ctx context.Context, before time.Time, limit int) (entries int, bytes int64, err error) {
	err = s.write(ctx, "pruneTraces", func(c *conn) error {
		var numbers []int64
		bytes = 0
		err := c.each(func(r *row) error {
			numbers = append(numbers, r.int64())
			bytes += r.int64()
			return nil
		}, oldTraces, sinceMilliseconds(before), limit)
		if err != nil {
			return err
		}
		for _, n := range numbers {
			if _, err := c.exec("DELETE FROM traces WHERE n = ?", n); err != nil {
				return err
			}
		}
		entries = len(numbers)
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return entries, bytes, nil
}
