package mapping

import (
	"slices"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// values are those of a device's settings.
type values struct {
	in *Input
	// accounts are those that exist by their numbers, numbers in order.
	accounts map[int]map[string]any
	numbers  []int
	// ungenerated are the paths of secrets that are yet to be made.
	ungenerated []string
}

func newValues(in *Input) *values {
	v := &values{in: in, accounts: map[int]map[string]any{}}
	for i := range in.Effective.Settings {
		if s := &in.Effective.Settings[i]; s.Ungenerated {
			v.ungenerated = append(v.ungenerated, s.Path)
		}
	}
	list, _ := in.Phone["accounts"].([]any)
	for _, element := range list {
		tree, _ := element.(map[string]any)
		text, _ := tree["n"].(string)
		if n, err := strconv.Atoi(text); err == nil && n > 0 {
			v.accounts[n] = tree
			v.numbers = append(v.numbers, n)
		}
	}
	slices.Sort(v.numbers)
	v.numbers = slices.Compact(v.numbers)
	return v
}

// isDeclared reports whether a setting has a value. A secret that is yet to be made has none.
func isDeclared(s *provisioners.EffectiveSetting) bool {
	if s.IsSecret {
		return !s.Secret.IsZero() && !s.Ungenerated
	}
	return s.Value != ""
}

// declared reports whether a level says what a setting is.
func (v *values) declared(path string) bool {
	s, ok := v.in.Effective.Setting(path)
	return ok && isDeclared(&s)
}

// of returns the value of a setting, with all that the tree of templates adds to it; empty
// for none.
func (v *values) of(path string) string {
	if slices.Contains(v.ungenerated, path) {
		return ""
	}
	if number, leaf, ok := accountOf(path); ok {
		return leafOf(v.accounts[number], leaf)
	}
	if value := leafOf(v.in.Phone, path); value != "" {
		return value
	}
	// The tree has no paths for what is in lists, and for vendors' own settings.
	s, _ := v.in.Effective.Setting(path)
	if s.IsSecret {
		return s.Secret.Reveal()
	}
	return s.Value
}

// accountOf returns the number and the rest of the path of an account's setting.
func accountOf(path string) (number int, leaf string, ok bool) {
	rest, ok := strings.CutPrefix(path, "account.")
	if !ok {
		return 0, "", false
	}
	text, leaf, _ := strings.Cut(rest, ".")
	number, err := strconv.Atoi(text)
	return number, leaf, err == nil
}

// leafOf returns what is at a path of a tree, empty if there is no text.
func leafOf(tree map[string]any, path string) string {
	for {
		first, rest, nested := strings.Cut(path, ".")
		if !nested {
			text, _ := tree[first].(string)
			return text
		}
		tree, _ = tree[first].(map[string]any)
		path = rest
	}
}

// concrete returns the path of a pattern's setting for an account.
func concrete(pattern string, number int) string {
	leaf, ok := strings.CutPrefix(pattern, accountPrefix)
	if !ok {
		return pattern
	}
	return "account." + strconv.Itoa(number) + "." + leaf
}
