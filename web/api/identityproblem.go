package api

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/users"
)

// passwordRule says which passwords may be.
var passwordRule = fmt.Sprintf("must have %d to %d characters, and not be the name", users.MinPassword, users.MaxPassword)

// identityProblem returns the problem of an error that says more than its
// sentinel: how long to wait, or what is lacking.
func identityProblem(err error) *Problem {
	var attempts *users.AttemptsError
	if errors.As(err, &attempts) {
		p := kindLimit.problem("too many attempts failed: wait before the next")
		return p.with("Retry-After", fmt.Sprint(secondsUp(attempts.RetryAfter)))
	}
	var grant *users.GrantError
	if errors.As(err, &grant) {
		return kindForbidden.problem(grantDetail(grant))
	}
	return nil
}

// secondsUp returns how long to wait in whole seconds, at least one.
func secondsUp(wait time.Duration) int { return max(1, int(math.Ceil(wait.Seconds()))) }

func grantDetail(e *users.GrantError) string {
	var lacking []string
	for _, p := range e.Lacking {
		lacking = append(lacking, string(p))
	}
	switch {
	case e.Scope && len(lacking) > 0:
		return "nobody grants what they lack: " + strings.Join(lacking, ", ") + ", and what lies outside of their group"
	case e.Scope:
		return "nobody grants a scope beyond their own group"
	default:
		return "nobody grants a permission that they lack: " + strings.Join(lacking, ", ")
	}
}

// grantProblem names the field of the body that an error of a role, a scope, a
// name or a password is about.
func grantProblem(err error) error {
	switch {
	case errors.Is(err, users.ErrGrant):
		return err
	case errors.Is(err, users.ErrRole):
		return invalid("body.role", "must be the name of a role that exists")
	case errors.Is(err, users.ErrScope):
		return invalid("body.scope", "is required: the role must be limited to a group")
	case errors.Is(err, users.ErrPassword):
		return invalid("body.password", passwordRule)
	default:
		return err
	}
}
