package openid

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/dialtone-acs/dialtone/users"
)

// defaultUsernames are the claims that may hold the name of a new user, where none
// is configured.
func defaultUsernames() []string { return []string{"preferred_username", "email"} }

// username returns the first of the claims that can be the name of a user.
func (p *Provider) username(c claims) (string, error) {
	names := defaultUsernames()
	if p.options.UsernameClaim != "" {
		names = []string{p.options.UsernameClaim}
	}
	for _, claim := range names {
		if text, ok := c.text(claim); ok {
			if name, ok := normalName(text); ok {
				return name, nil
			}
		}
	}
	return "", fmt.Errorf("%w (claim %s)", ErrName, strings.Join(names, ", "))
}

// normalName returns text as the name of a user: in lower case, without marks on
// letters, and with one hyphen for whatever else a name may not hold. ok is false
// if nothing is left or too much.
func normalName(text string) (name string, ok bool) {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(text) {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r):
			// What NFKD took off its letter: é is e and a mark.
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || b.Len() > 0 && strings.ContainsRune("._-@", r):
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	return b.String(), b.Len() > 0 && b.Len() <= users.MaxName
}

// displayName returns how lists show somebody: the claim "name" on one line, at
// most users.MaxName characters, or nothing.
func displayName(c claims) string {
	text, _ := c.text("name")
	text = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) && r != unicode.ReplacementChar {
			return r
		}
		return ' '
	}, text)
	runes := []rune(strings.Join(strings.Fields(text), " "))
	return strings.TrimSpace(string(runes[:min(len(runes), users.MaxName)]))
}
