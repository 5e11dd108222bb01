package sqlite

import (
	"context"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

const browserSessionColumns = "id, hash, user, method, created_at, last_used, expires, address, user_agent"

func scanBrowserSession(r *row) users.BrowserSession {
	return users.BrowserSession{
		ID: r.text(), Hash: r.text(), User: r.text(), Method: r.text(), CreatedAt: r.time(), LastUsed: r.time(), Expires: r.time(),
		Address: r.text(), UserAgent: r.text(),
	}
}

func (s browserSessions) PutBrowserSession(ctx context.Context, b users.BrowserSession) error {
	return s.write(ctx, "putBrowserSession", func(c *conn) error {
		_, err := c.exec("INSERT INTO browser_sessions ("+browserSessionColumns+") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", b.ID, b.Hash, b.User, b.Method,
			milliseconds(b.CreatedAt), milliseconds(b.LastUsed), milliseconds(b.Expires), b.Address, b.UserAgent)
		return err
	})
}

func (s browserSessions) BrowserSessionByHash(ctx context.Context, hash string) (b users.BrowserSession, err error) {
	err = s.read(ctx, "browserSessionByHash", func(c *conn) error {
		found, err := c.one(func(r *row) error { b = scanBrowserSession(r); return nil },
			"SELECT "+browserSessionColumns+" FROM browser_sessions WHERE hash = ?", hash)
		return orNotFound(found, err)
	})
	return b, err
}

const (
	browserSessionsOfUser = "SELECT " + browserSessionColumns + " FROM browser_sessions WHERE user = ? ORDER BY created_at DESC, id DESC LIMIT ?"
	allBrowserSessions    = "SELECT " + browserSessionColumns + " FROM browser_sessions ORDER BY created_at DESC, id DESC LIMIT ?"
)

func (s browserSessions) BrowserSessions(ctx context.Context, user string, limit int) (all []users.BrowserSession, err error) {
	sql, args := browserSessionsOfUser, []any{user, limit}
	if user == "" {
		sql, args = allBrowserSessions, []any{limit}
	}
	err = s.read(ctx, "listBrowserSessions", func(c *conn) error {
		return c.each(func(r *row) error { all = append(all, scanBrowserSession(r)); return nil }, sql, args...)
	})
	return all, err
}

func (s browserSessions) TouchBrowserSession(ctx context.Context, id string, at time.Time) error {
	return s.touch(ctx, "touchBrowserSession", "UPDATE browser_sessions SET last_used = ? WHERE id = ?", id, at)
}

func (s browserSessions) DeleteBrowserSession(ctx context.Context, id string) error {
	return s.deleteOne(ctx, "deleteBrowserSession", "DELETE FROM browser_sessions WHERE id = ?", id)
}

func (s browserSessions) DeleteBrowserSessions(ctx context.Context, user, keep string) (int, error) {
	return s.deleteMany(ctx, "deleteBrowserSessions", "DELETE FROM browser_sessions WHERE user = ? AND id <> ?", user, keep)
}

const deleteOldBrowserSessions = "DELETE FROM browser_sessions WHERE id IN (SELECT id FROM browser_sessions WHERE expires < ? OR last_used < ? LIMIT ?)"

func (s browserSessions) DeleteOldBrowserSessions(ctx context.Context, expired, unused time.Time, limit int) (int, error) {
	return s.deleteMany(ctx, "deleteOldBrowserSessions", deleteOldBrowserSessions, milliseconds(expired), milliseconds(unused), limit)
}
