package access

import (
	"cmp"
	"fmt"
	"slices"
)

// Set is all rules and shared credentials as they are at one time. It does not
// change and is safe for concurrent use.
type Set struct {
	rules  []Rule
	shared []SharedCredential
}

// NewSet returns a set of the rules that are enabled, those of ParseRule, and the
// fallback, which is for every device that no rule fits; its priority, listeners and
// filter do not count. It returns a *FieldError if the fallback cannot be.
func NewSet(rules []Rule, credentials []SharedCredential, fallback Rule) (*Set, error) {
	s := &Set{}
	for _, r := range rules {
		if r.Enabled {
			s.rules = append(s.rules, r)
		}
	}
	slices.SortStableFunc(s.rules, func(a, b Rule) int {
		return cmp.Or(cmp.Compare(b.Priority, a.Priority), cmp.Compare(a.ID, b.ID))
	})
	fallback.Priority, fallback.Listeners, fallback.Filter = 0, nil, ""
	last, err := fallback.compiled()
	if err != nil {
		return nil, fmt.Errorf("rule %q: %w", fallback.Name, err)
	}
	s.rules = append(s.rules, last)
	for _, c := range credentials {
		if c.Enabled {
			s.shared = append(s.shared, c)
		}
	}
	return s, nil
}

// Named returns the shared credentials of a user name that may be used on a
// listener.
func (s *Set) Named(username, listener string) []SharedCredential {
	var found []SharedCredential
	for _, c := range s.shared {
		if c.Username == username && (len(c.Listeners) == 0 || slices.Contains(c.Listeners, listener)) {
			found = append(found, c)
		}
	}
	return found
}

// Offer returns by which methods passwords are asked for on a listener, Digest first,
// before it is known which device asks. Must says that no device may do without on
// this listener, given what the connection has shown: then a request without a
// password need not be read at all.
func (s *Set) Offer(a Account) (methods []Method, must bool) {
	must = true
	for i := range s.rules {
		r := &s.rules[i]
		if !r.hears(a.Listener) {
			continue
		}
		for _, m := range r.offers(a.Secure) {
			if !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
		if r.takes(None) || a.Certificate != nil && r.takes(a.certificateMethod()) || !r.asksPassword() {
			must = false
		}
		if r.filter.expr == nil {
			break // No rule behind it ever counts on this listener.
		}
	}
	slices.SortFunc(methods, func(a, b Method) int { return cmp.Compare(b, a) }) // "digest" before "basic".
	return methods, must && len(methods) > 0
}

// rule returns the rule that counts for a device.
func (s *Set) rule(listener string, c *Candidate) *Rule {
	for i := range s.rules {
		if r := &s.rules[i]; r.hears(listener) && r.filter.fits(&c.Device) {
			return r
		}
	}
	return &s.rules[len(s.rules)-1]
}
