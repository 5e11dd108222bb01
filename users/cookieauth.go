package users

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dialtone-acs/dialtone/device"
)

// openSession is what a browser session's requests need of it and of its user:
// little, because many are kept.
type openSession struct {
	id, user          string
	expires, lastUsed time.Time
	role              Role
	scope             device.Scope
	mustChange        bool
}

// newOpenSession joins a session and its user. Whoever signed in elsewhere is not
// asked to change a password that they may not even know.
func newOpenSession(b BrowserSession, u User) openSession {
	return openSession{
		id: b.ID, user: u.Name, expires: b.Expires, lastUsed: b.LastUsed,
		role: u.Role, scope: u.Scope, mustChange: u.MustChangePassword && b.Method == methodPassword,
	}
}

// AuthenticateCookie proves who holds the cookie of a browser session. It returns
// ErrUnauthenticated for one that is unknown, expired, unused for too long, or
// whose user is disabled or gone. A user whose role is gone has no permissions.
func (d *Directory) AuthenticateCookie(ctx context.Context, cookie string) (Principal, error) {
	if !isCookieText(cookie) {
		return Principal{}, ErrUnauthenticated
	}
	now := d.moment()
	hash := hashToken(cookie)
	o, ok := d.sessions.get(hash, now)
	if !ok {
		var err error
		if o, err = d.loadSession(ctx, hash, now); err != nil {
			return Principal{}, err
		}
	}
	if !d.isOpen(BrowserSession{Expires: o.expires, LastUsed: o.lastUsed}, now) {
		return Principal{}, ErrUnauthenticated
	}
	return d.principalOf(ctx, o)
}

// loadSession reads a session and its user, notes that it was used, and keeps both
// for a moment.
func (d *Directory) loadSession(ctx context.Context, hash string, now time.Time) (openSession, error) {
	generation := d.sessions.generation()
	b, err := d.options.BrowserSessions.BrowserSessionByHash(ctx, hash)
	if err != nil {
		return openSession{}, unknown("read browser session", err)
	}
	if !d.isOpen(b, now) {
		return openSession{}, ErrUnauthenticated
	}
	u, err := d.options.Users.User(ctx, b.User)
	if err != nil {
		return openSession{}, unknown("read user of browser session", err)
	}
	if u.Disabled {
		return openSession{}, ErrUnauthenticated
	}
	if now.Sub(b.LastUsed) >= min(lastUsedInterval, d.options.Idle/2) {
		if err := d.options.BrowserSessions.TouchBrowserSession(ctx, b.ID, now); err != nil {
			return openSession{}, unknown("note the use of a browser session", err)
		}
		b.LastUsed = now
	}
	o := newOpenSession(b, u)
	d.sessions.put(hash, o, now, generation)
	return o, nil
}

func (d *Directory) principalOf(ctx context.Context, o openSession) (Principal, error) {
	permissions, err := d.permissionsOf(ctx, o.role)
	if err != nil {
		return Principal{}, err
	}
	return Principal{
		Actor: "user:" + o.user, User: o.user, BrowserSession: o.id, Role: o.role,
		Permissions: permissions, Scope: o.scope, MustChangePassword: o.mustChange,
	}, nil
}

// unknown turns the error of a store into what somebody is told who asks with
// something that is not there.
func unknown(doing string, err error) error {
	if errors.Is(err, ErrNotFound) {
		return ErrUnauthenticated
	}
	return fmt.Errorf("%s: %w", doing, err)
}
