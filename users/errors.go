package users

import "errors"

var (
	// ErrUnauthenticated is returned for a token or a password that is not
	// valid: unknown, wrong, expired or malformed. It never says which.
	ErrUnauthenticated = errors.New("not authenticated")
	// ErrName is returned for the name of a user or a token that cannot be one.
	ErrName = errors.New("invalid name")
	// ErrPassword is returned for a password that is too short or too long.
	ErrPassword = errors.New("invalid password")
	// ErrExpires is returned for an expiry that does not lie in the future.
	ErrExpires = errors.New("expiry must lie in the future")
	// ErrHash is returned for text that is not an Argon2id hash in PHC string
	// form.
	ErrHash = errors.New("not an argon2id hash")
	// ErrLimit is returned when as many tokens exist as may.
	ErrLimit = errors.New("too many tokens")
)
