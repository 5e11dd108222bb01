package users

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// GrantError says what a principal lacks to give somebody else a role and a scope.
// It wraps ErrGrant.
type GrantError struct {
	// Lacking are the permissions of the role that the principal does not have.
	Lacking []Permission
	// Scope says that the scope reaches beyond the principal's own.
	Scope bool
}

// Error names the permissions that are lacking.
func (e *GrantError) Error() string {
	var reasons []string
	if len(e.Lacking) > 0 {
		names := make([]string, len(e.Lacking))
		for i, p := range e.Lacking {
			names[i] = string(p)
		}
		reasons = append(reasons, "you lack "+strings.Join(names, ", "))
	}
	if e.Scope {
		reasons = append(reasons, "the scope reaches beyond your own")
	}
	return ErrGrant.Error() + ": " + strings.Join(reasons, "; ")
}

// Unwrap returns ErrGrant.
func (e *GrantError) Unwrap() error { return ErrGrant }

// MayGrant checks that a principal may give somebody a role and a scope: nobody
// grants a permission they lack or a scope beyond their own. It returns the errors
// of MayHave, or *GrantError. Whoever changes a user or a token has to pass it for
// what these have before the change too: else a new password would lend the rights
// of somebody more powerful.
func (d *Directory) MayGrant(ctx context.Context, p Principal, r Role, s device.Scope) error {
	if err := d.MayHave(ctx, r, s); err != nil {
		return err
	}
	permissions, err := d.permissionsOf(ctx, r)
	if err != nil {
		return err
	}
	return p.mayGrant(permissions, s)
}

// MayGrantPermissions checks that a principal may put permissions into a role. It
// returns *GrantError.
func (p Principal) MayGrantPermissions(permissions Permissions) error {
	return p.mayGrant(permissions, p.Scope)
}

func (p Principal) mayGrant(permissions Permissions, s device.Scope) error {
	lacking, beyond := permissions.Without(p.Permissions), !within(s, p.Scope)
	if lacking == (Permissions{}) && !beyond {
		return nil
	}
	return &GrantError{Lacking: lacking.List(), Scope: beyond}
}

// MayHave checks that a role and a scope go together. It returns ErrRole if there
// is no such role, and ErrScope if it must be limited to a group.
func (d *Directory) MayHave(ctx context.Context, r Role, s device.Scope) error {
	_, err := d.Role(ctx, r)
	if errors.Is(err, ErrNotFound) {
		return fmt.Errorf("%w %q", ErrRole, string(r))
	}
	if err != nil {
		return err
	}
	if r == Support && s.Group == "" {
		return ErrScope
	}
	return nil
}
