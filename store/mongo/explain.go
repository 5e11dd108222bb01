package mongo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	driver "go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/description"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"
)

var (
	// ErrUnreachable says that no server could be reached in time. The error that
	// wraps it says which were tried.
	ErrUnreachable = errors.New("mongo: server not reached")
	// ErrRefused says that the server does not take the user or the password.
	ErrRefused = errors.New("mongo: user refused")
)

// Codes of MongoDB's errors.
const (
	codeUnauthorized         = 13
	codeAuthenticationFailed = 18
)

// explain turns what the driver says of a server that cannot be used into one
// sentence: its own words run over lines and name inner parts of it.
func explain(err error) error {
	var selection topology.ServerSelectionError
	var login *auth.Error
	var command driver.CommandError
	switch {
	case err == nil, isExplained(err), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &selection):
		return explainSelection(selection.Desc)
	case errors.As(err, &command) && command.Code == codeAuthenticationFailed, errors.As(err, &login):
		return fmt.Errorf("%w: the server does not know this user with this password; check both, and the option authSource", ErrRefused)
	case errors.As(err, &command) && command.Code == codeUnauthorized:
		return fmt.Errorf("%w: the user may not do what is needed; give it the role readWrite on the database", ErrRefused)
	case strings.Contains(err.Error(), "reports wire version"): // The driver has no type for it.
		return fmt.Errorf("%w: its version is not one that can be used, at least 6.0 is needed: %w", ErrServer, innermost(err))
	case driver.IsTimeout(err):
		return fmt.Errorf("%w: it does not answer in time", ErrUnreachable)
	case driver.IsNetworkError(err):
		return fmt.Errorf("%w: %s", ErrUnreachable, innermost(err))
	}
	return err
}

func isExplained(err error) bool {
	for _, known := range []error{ErrURI, ErrServer, ErrNewer, ErrUnreachable, ErrRefused} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

// explainSelection says why none of the servers could be chosen.
func explainSelection(found description.Topology) error {
	if len(found.Servers) == 0 {
		return fmt.Errorf("%w: none of the servers in the address belongs to the replica set that it names", ErrUnreachable)
	}
	var silent, answered []string
	for _, s := range found.Servers {
		switch {
		case s.Kind != 0:
			answered = append(answered, s.Addr.String())
		case s.LastError != nil:
			silent = append(silent, fmt.Sprintf("%s (%s)", s.Addr, innermost(s.LastError)))
		default:
			silent = append(silent, s.Addr.String()+" (no answer)")
		}
	}
	if len(answered) > 0 {
		return fmt.Errorf("%w: %s can be read only and no primary is known", ErrServer, strings.Join(answered, ", "))
	}
	return fmt.Errorf("%w: no answer from %s", ErrUnreachable, strings.Join(silent, ", "))
}

// innermost returns the cause at the end of a chain of errors.
func innermost(err error) error {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
