package users

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// How a browser session was begun, as BrowserSession.Method says it.
const (
	methodPassword = "password"
	methodOpenID   = "openid"
)

// maxSessions is how many browser sessions a user has at most; the oldest ends
// where another begins. listedSessions leaves room for those that begin at once.
const (
	maxSessions    = 50
	listedSessions = 2 * maxSessions
)

// maxUserAgent bounds BrowserSession.UserAgent in bytes.
const maxUserAgent = 256

// beginSession opens a browser session for a user who was just proven.
func (d *Directory) beginSession(ctx context.Context, u User, b BrowserSession) (SignedIn, error) {
	if err := d.makeRoomForSession(ctx, u.Name); err != nil {
		return SignedIn{}, err
	}
	cookie, now := newCookieText(), d.moment()
	b.ID, b.Hash, b.User = newOrderedID(now), hashToken(cookie), u.Name
	b.CreatedAt, b.LastUsed, b.Expires = now, now, now.Add(d.options.Lifetime)
	b.Address, b.UserAgent = cutText(b.Address, maxAddress), cutText(b.UserAgent, maxUserAgent)
	if err := d.options.BrowserSessions.PutBrowserSession(ctx, b); err != nil {
		return SignedIn{}, fmt.Errorf("store browser session: %w", err)
	}
	o, err := d.confirmSession(ctx, u, b)
	if err != nil {
		return SignedIn{}, err
	}
	p, err := d.principalOf(ctx, o)
	if err != nil {
		return SignedIn{}, err
	}
	return SignedIn{Principal: p, Session: b, Cookie: cookie}, nil
}

// confirmSession reads the user again: a change of the password or the end of the
// user ends the sessions that are there at that moment, and this one may have come
// just after.
func (d *Directory) confirmSession(ctx context.Context, proven User, b BrowserSession) (openSession, error) {
	u, err := d.options.Users.User(ctx, proven.Name)
	if err == nil && !u.Disabled && u.PasswordHash == proven.PasswordHash {
		return newOpenSession(b, u), nil
	}
	if err == nil || errors.Is(err, ErrNotFound) {
		err = ErrUnauthenticated
	} else {
		err = fmt.Errorf("read user: %w", err)
	}
	if gone := d.options.BrowserSessions.DeleteBrowserSession(ctx, b.ID); gone != nil && !errors.Is(gone, ErrNotFound) {
		err = errors.Join(err, fmt.Errorf("end browser session: %w", gone))
	}
	return openSession{}, err
}

func (d *Directory) makeRoomForSession(ctx context.Context, name string) error {
	all, err := d.options.BrowserSessions.BrowserSessions(ctx, name, listedSessions)
	if err != nil {
		return fmt.Errorf("list browser sessions: %w", err)
	}
	for i := maxSessions - 1; i < len(all); i++ {
		if err := d.options.BrowserSessions.DeleteBrowserSession(ctx, all[i].ID); err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("end browser session: %w", err)
		}
		d.forgetSession(all[i].ID)
	}
	return nil
}

// SessionsOf returns the browser sessions of a user that are open, the newest
// first.
func (d *Directory) SessionsOf(ctx context.Context, name string) ([]BrowserSession, error) {
	all, err := d.options.BrowserSessions.BrowserSessions(ctx, name, listedSessions)
	if err != nil {
		return nil, fmt.Errorf("list browser sessions: %w", err)
	}
	now := d.moment()
	return slices.DeleteFunc(all, func(b BrowserSession) bool { return !d.isOpen(b, now) }), nil
}

// EndSession ends one browser session of a user; with an empty ID all of them but
// the one with the ID keep. It is void from that moment in this process and within
// two seconds in others. It returns ErrNotFound for an ID that is not theirs.
func (d *Directory) EndSession(ctx context.Context, name, id, keep string) error {
	if id == "" {
		return d.endSessions(ctx, name, keep)
	}
	all, err := d.options.BrowserSessions.BrowserSessions(ctx, name, listedSessions)
	if err != nil {
		return fmt.Errorf("list browser sessions: %w", err)
	}
	if !slices.ContainsFunc(all, func(b BrowserSession) bool { return b.ID == id && b.User == name }) {
		return fmt.Errorf("browser session of user %s: %w", name, ErrNotFound)
	}
	if err := d.options.BrowserSessions.DeleteBrowserSession(ctx, id); err != nil {
		return fmt.Errorf("end browser session: %w", err)
	}
	d.forgetSession(id)
	return nil
}

func (d *Directory) endSessions(ctx context.Context, name, keep string) error {
	if name == "" {
		return fmt.Errorf("browser sessions of nobody: %w", ErrNotFound)
	}
	if _, err := d.options.BrowserSessions.DeleteBrowserSessions(ctx, name, keep); err != nil {
		return fmt.Errorf("end browser sessions of user %s: %w", name, err)
	}
	d.forgetSessionsOf(name)
	return nil
}

// DeleteOldSessions removes up to limit browser sessions that are void because of
// their age, and returns how many. They are void without it; it is for the store.
func (d *Directory) DeleteOldSessions(ctx context.Context, limit int) (int, error) {
	now := d.moment()
	removed, err := d.options.BrowserSessions.DeleteOldBrowserSessions(ctx, now, now.Add(-d.options.Idle), limit)
	if err != nil {
		return removed, fmt.Errorf("remove old browser sessions: %w", err)
	}
	return removed, nil
}

// isOpen reports whether a session is neither expired nor unused for too long.
func (d *Directory) isOpen(b BrowserSession, now time.Time) bool {
	return now.Before(b.Expires) && now.Sub(b.LastUsed) < d.options.Idle
}

func (d *Directory) forgetSession(id string) {
	d.sessions.forget(func(o openSession) bool { return o.id == id })
}

func (d *Directory) forgetSessionsOf(name string) {
	d.sessions.forget(func(o openSession) bool { return o.user == name })
}
