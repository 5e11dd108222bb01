package mongo

import (
	"errors"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
)

var (
	// ErrClosed is returned by a store that was closed.
	ErrClosed = errors.New("mongo: store is closed")
	// ErrServer says that the server cannot be used: too old, read-only, or not
	// allowing what the store does. The error that wraps it says why.
	ErrServer = errors.New("mongo: unusable server")
	// ErrNewer says that the data was written by a newer version of Dialtone.
	ErrNewer = errors.New("mongo: data of a newer version")
	// ErrURI says what is wrong with the address of the store. It never holds the
	// password.
	ErrURI = errors.New("mongo: invalid address")
)

// isServerError reports whether the error is one of the database or of the way
// to it, and not a refusal by a rule of ours.
func isServerError(err error) bool {
	var server driver.ServerError
	return errors.As(err, &server) || driver.IsNetworkError(err) || driver.IsTimeout(err) || errors.Is(err, ErrClosed)
}
