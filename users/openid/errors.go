package openid

import "errors"

// What a sign-in fails with; test with errors.Is. Their texts are for the log,
// not for the one who signs in.
var (
	// ErrProvider is returned if the provider cannot be reached in time, refuses
	// Dialtone itself, or answers what cannot be trusted.
	ErrProvider = errors.New("the OpenID provider failed")
	// ErrDenied is returned if the provider refused the sign-in: the user declined,
	// may not sign in, or the code is used up.
	ErrDenied = errors.New("the OpenID provider refused the sign-in")
	// ErrState is returned for an answer that does not belong to a sign-in that was
	// begun in this browser, or that was begun too long ago.
	ErrState = errors.New("the sign-in was not begun in this browser, or too long ago")
	// ErrNoRole is returned if no rule gives the user a role.
	ErrNoRole = errors.New("no role for this user of the OpenID provider")
	// ErrName is returned if the provider gives nothing that can be the name of a
	// user.
	ErrName = errors.New("the OpenID provider gives no name that a user can have")
	// ErrRule is returned for text that is no rule.
	ErrRule = errors.New("invalid rule of roles")
	// ErrOptions is returned for options that cannot work.
	ErrOptions = errors.New("invalid OpenID options")
)
