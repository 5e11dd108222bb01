package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/dialtone-acs/dialtone/internal/secret"
	"github.com/dialtone-acs/dialtone/store"
	"github.com/dialtone-acs/dialtone/users"
)

// withStore opens the store beside a server that may be running, and closes it
// after the work.
func withStore(ctx context.Context, o dataOptions, work func(store.Store) error) error {
	opened, err := openStore(ctx, o, true, nil, slog.New(slog.DiscardHandler), nil)
	if err != nil && !o.Store.isMongoDB() {
		return fmt.Errorf("%w (has the server run with this --data-dir?)", err)
	}
	if err != nil {
		return err
	}
	return errors.Join(work(opened), opened.Close())
}

// audited is the directory for commands, with the log in which they leave what
// they did.
type audited struct {
	*users.Directory
	log *users.AuditLog
}

// commandActor is how the audit log names whoever works on the machine itself.
const commandActor = "command line"

// note leaves an audit entry of a command that did its work.
func (a *audited) note(ctx context.Context, action, target, detail string) error {
	err := a.log.Append(ctx, users.AuditEntry{Actor: commandActor, Action: action, Target: target, Detail: detail})
	if err != nil {
		return fmt.Errorf("it is done, but the audit log does not say so: %w", err)
	}
	return nil
}

func withDirectory(ctx context.Context, o dataOptions, work func(*audited) error) error {
	return withStore(ctx, o, func(s store.Store) error {
		return work(&audited{Directory: newDirectory(s, nil, signInOptions{}, clock), log: users.NewAuditLog(s.Audit(), clock)})
	})
}

// newDirectory returns the directory over a store. Commands have no keeper: none
// of them reads or sets up a second factor.
func newDirectory(s store.Store, keeper *secret.Keeper, o signInOptions, now func() time.Time) *users.Directory {
	options := users.Options{
		Users: s.Users(), Roles: s.Roles(), Tokens: s.Tokens(), BrowserSessions: s.BrowserSessions(), Now: now,
		Idle: o.SignInIdle, Lifetime: o.SignInLifetime,
	}
	if keeper != nil {
		options.Keeper = keeper
	}
	return users.NewDirectory(options)
}
