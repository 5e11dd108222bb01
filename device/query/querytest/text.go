package querytest

import (
	"slices"
	"strings"

	"pgregory.net/rapid"
)

// fragments are what stores get wrong: case in ASCII and beyond, letters that
// change their length when folded, characters that LIKE, regular expressions,
// JSON and SQL treat specially, and numbers in strings.
func fragments() []string {
	return []string{
		"T46S", "t46s", "T4", "SIP", "a", "A", "b", "z", "Z",
		"é", "É", "e\u0301", "ß", "ẞ", "ss", "İ", "ı", "i", "\u212a", "ſ", "Ω", "日本", "😀", "\u00a0", "\ufffd",
		"%", "_", "*", "?", "[", "]", "^", "$", "(", ")", "{", "}", "|", "+", ".", "-", ":", "/", ",", "=", "!", "<", "#", "&",
		`"`, "'", "`", `\`, `\\`, " ", "\t", "\n", "\x01", "\x7f",
		"0", "1", "9", "10", "-1", "1.5", "1e3", "0x1F", "007", "true", "null", "NaN", "AND", "or", "NOT",
	}
}

// Text generates strings that are not empty, hold no NUL and are valid UTF-8.
func Text() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(rapid.SampledFrom(fragments()), 1, 3).Draw(t, "fragments"), "")
	})
}

// Element generates elements of lists: like Text, without space at their ends.
func Element() *rapid.Generator[string] {
	return Text().Filter(func(text string) bool { return strings.TrimSpace(text) == text })
}

// MAC generates a few MAC addresses in the form 00:15:65:4a:a9:37.
func MAC() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"00:15:65:4a:a9:37", "00:15:65:4a:a9:38", "80:5e:c0:00:00:01", "64:16:7f:ab:cd:ef", "ab:cd:ef:64:16:7f",
	})
}

// elements generates sets of up to three strings that differ also when folded.
func elements() *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		all := rapid.SliceOfNDistinct(Element(), 1, 3, strings.ToLower).Draw(t, "elements")
		slices.Sort(all)
		return all
	})
}
