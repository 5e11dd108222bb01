package sqlite

import (
	"context"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/history"
)

const pastSessionColumns = "id, device, events, started_at, ended_at, outcome, rpcs, address, node, calls, retry_count"

func scanPastSession(r *row) (history.Session, error) {
	s := history.Session{ID: r.text(), Device: device.ID(r.text())}
	if err := r.json(&s.Events); err != nil {
		return s, fmt.Errorf("session %s: events: %w", s.ID, err)
	}
	s.StartedAt, s.EndedAt, s.Outcome, s.RPCs, s.Address, s.Node = r.time(), r.time(), r.text(), r.int(), r.text(), r.text()
	if err := r.json(&s.Calls); err != nil {
		return s, fmt.Errorf("session %s: calls: %w", s.ID, err)
	}
	s.RetryCount = r.int()
	return s, nil
}

func (c *conn) putPastSession(s *history.Session) error {
	events, err := encodeList(s.Events)
	if err != nil {
		return err
	}
	calls := ""
	if len(s.Calls) > 0 {
		if calls, err = encode(s.Calls); err != nil {
			return err
		}
	}
	_, err = c.exec("INSERT OR REPLACE INTO past_sessions ("+pastSessionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", s.ID, string(s.Device), events,
		milliseconds(s.StartedAt), milliseconds(s.EndedAt), s.Outcome, s.RPCs, s.Address, s.Node, calls, s.RetryCount)
	return err
}

func (s pastStore) PutSession(ctx context.Context, session history.Session) error {
	return s.write(ctx, "putPastSession", func(c *conn) error { return c.putPastSession(&session) })
}

const pastSessions = "SELECT " + pastSessionColumns + ` FROM past_sessions WHERE device = ? AND ended_at <= ? AND (ended_at < ? OR id < ?)
	ORDER BY ended_at DESC, id DESC LIMIT ? + 0`

func (s pastStore) Sessions(ctx context.Context, id device.ID, before time.Time, beforeID string, limit int) (all []history.Session, err error) {
	ended := milliseconds(before)
	err = s.read(ctx, "listPastSessions", func(c *conn) error {
		return c.each(func(r *row) error {
			session, err := scanPastSession(r)
			all = append(all, session)
			return err
		}, pastSessions, string(id), ended, ended, beforeID, limit)
	})
	return all, err
}

const deletePastSessions = "DELETE FROM past_sessions WHERE id IN (SELECT id FROM past_sessions WHERE ended_at < ? ORDER BY ended_at LIMIT ?)"

func (s pastStore) DeleteSessions(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deletePastSessions", deletePastSessions, before, limit)
}

const countsColumns = "at, node, counted"

func scanCounts(r *row) (history.Counts, error) {
	counts := history.Counts{At: r.time(), Node: r.text()}
	if err := r.json(&counts.Values); err != nil {
		return counts, fmt.Errorf("counts of node %s at %s: %w", counts.Node, counts.At, err)
	}
	return counts, nil
}

// putCounts stores counts in place of those of their span and node.
func (c *conn) putCounts(counts *history.Counts) error {
	text, err := encode(counts.Values)
	if err != nil {
		return err
	}
	_, err = c.exec("INSERT OR REPLACE INTO counts ("+countsColumns+") VALUES (?, ?, ?)", milliseconds(counts.At), counts.Node, text)
	return err
}

func (s pastStore) AddCounts(ctx context.Context, added history.Counts) error {
	return s.write(ctx, "addCounts", func(c *conn) error {
		sum := history.Counts{At: added.At, Node: added.Node}
		_, err := c.one(func(r *row) (err error) { sum, err = scanCounts(r); return err },
			"SELECT "+countsColumns+" FROM counts WHERE at = ? AND node = ?", milliseconds(added.At), added.Node)
		if err != nil {
			return err
		}
		if sum.Values == nil {
			sum.Values = make(map[string]int64, len(added.Values))
		}
		for name, n := range added.Values {
			sum.Values[name] += n
		}
		return c.putCounts(&sum)
	})
}

func (s pastStore) Counts(ctx context.Context, from, to time.Time) (all []history.Counts, err error) {
	err = s.read(ctx, "listCounts", func(c *conn) error {
		return c.each(func(r *row) error {
			counts, err := scanCounts(r)
			all = append(all, counts)
			return err
		}, "SELECT "+countsColumns+" FROM counts WHERE at >= ? AND at < ? ORDER BY at, node", sinceMilliseconds(from), sinceMilliseconds(to))
	})
	return all, err
}

const deleteCounts = "DELETE FROM counts WHERE (at, node) IN (SELECT at, node FROM counts WHERE at < ? ORDER BY at, node LIMIT ?)"

func (s pastStore) DeleteCounts(ctx context.Context, before time.Time, limit int) (int, error) {
	return s.deleteOld(ctx, "deleteCounts", deleteCounts, before, limit)
}
