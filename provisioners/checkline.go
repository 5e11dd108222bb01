package provisioners

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxLineText is how many characters a text of a line may have.
const MaxLineText = 128

// CheckLine checks a line before it is stored. Its password is sealed already, for
// LineKey.Owner. The error is a SettingErrors whose paths are the fields: "number",
// "user", "authUser", "displayName", "label", "voicemail".
func CheckLine(l Line) error {
	var all SettingErrors
	if text, ok := canonicalDialled(l.Number); !ok || text != l.Number {
		all = append(all, wrongValue("number", l.Number, "must be a number of digits, * and #, + at its beginning"))
	}
	if text, ok := canonicalDialled(l.Voicemail); l.Voicemail != "" && (!ok || text != l.Voicemail) {
		all = append(all, wrongValue("voicemail", l.Voicemail, "must be a number of digits, * and #, + at its beginning"))
	}
	for _, field := range []struct{ name, value string }{{"user", l.User}, {"authUser", l.AuthUser}} {
		if strings.ContainsFunc(field.value, unicode.IsSpace) {
			all = append(all, wrongValue(field.name, field.value, "must be a text without spaces"))
		}
	}
	for _, field := range []struct{ name, value string }{
		{"user", l.User}, {"authUser", l.AuthUser}, {"displayName", l.DisplayName}, {"label", l.Label},
	} {
		if !cleanText(field.value) || utf8.RuneCountInString(field.value) > MaxLineText {
			all = append(all, wrongValue(field.name, field.value, "must be a text of at most %d characters without control characters", MaxLineText))
		}
	}
	return all.err()
}

// entries returns what a line gives to the account of that index. A phone that is not
// told the number registers as it all the same.
func (l *Line) entries(account int) []Entry {
	var all []Entry
	for _, given := range []Entry{
		{Path: "user", Value: cmp.Or(l.User, l.Number)},
		{Path: "authUser", Value: l.AuthUser},
		{Path: "password", Sealed: l.Password},
		{Path: "displayName", Value: l.DisplayName},
		{Path: "label", Value: l.Label},
		{Path: "number", Value: l.Number},
		{Path: "voicemail", Value: l.Voicemail},
	} {
		if given.Value != "" || given.Sealed != "" {
			given.Path = fill("account.#."+given.Path, []int{account})
			all = append(all, given)
		}
	}
	return all
}
