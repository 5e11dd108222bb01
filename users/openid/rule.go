package openid

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/users"
)

// Anybody is the value of a rule that matches every user of the provider, also one
// without the claim.
const Anybody = "*"

// RoleRule gives a role to whoever has a value in the claim of roles.
type RoleRule struct {
	// Value is compared to the letter; Anybody matches everybody.
	Value string
	Role  users.Role
	// Scope limits them to a subtree of the groups.
	Scope device.Scope
}

// ParseRoleRule reads "value=role" or "value=role@group/path". A value may hold
// "=" as long as no role follows it: of "cn=ops,dc=example=operator" the value is
// "cn=ops,dc=example". It does not say that the role exists, or that it may do
// without a group. The error wraps ErrRule.
func ParseRoleRule(text string) (RoleRule, error) {
	for i := range len(text) {
		if text[i] != '=' {
			continue
		}
		name, group, limited := strings.Cut(text[i+1:], "@")
		role, err := users.ParseRole(name)
		if err != nil {
			continue
		}
		rule := RoleRule{Value: text[:i], Role: role, Scope: device.Scope{Group: group}}
		return rule, rule.check(limited)
	}
	return RoleRule{}, fmt.Errorf("%w %q: expected value=role or value=role@group/path", ErrRule, text)
}

func (r RoleRule) check(limited bool) error {
	if r.Value == "" {
		return fmt.Errorf("%w: no value before the role %q; %q matches anybody", ErrRule, string(r.Role), Anybody)
	}
	if !limited {
		return nil
	}
	for part := range strings.SplitSeq(r.Scope.Group, "/") {
		unprintable := strings.ContainsFunc(part, func(c rune) bool { return !unicode.IsPrint(c) })
		if part == "" || strings.TrimSpace(part) != part || unprintable || !utf8.ValidString(part) {
			return fmt.Errorf("%w: %q is not the path of a group", ErrRule, r.Scope.Group)
		}
	}
	return nil
}

// ruleFor returns the first rule that matches one of the values.
func ruleFor(rules []RoleRule, values []string) (RoleRule, bool) {
	i := slices.IndexFunc(rules, func(r RoleRule) bool { return r.Value == Anybody || slices.Contains(values, r.Value) })
	if i < 0 {
		return RoleRule{}, false
	}
	return rules[i], true
}
