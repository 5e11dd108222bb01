package cwmp

import "strings"

// WireValue returns the text of a value as every device reads it: booleans as 0 and 1,
// beside which TR-069 A.2.1 allows words. XSDType is as NormalType returns it.
func WireValue(text, xsdType string) string {
	if xsdType != TypeBoolean {
		return text
	}
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true":
		return "1"
	case "false":
		return "0"
	default:
		return text
	}
}

// SameValue reports whether two texts are the same value of a type: a string counts as it
// is, of the rest white space around it and the way to write a boolean do not.
func SameValue(a, b, xsdType string) bool {
	if xsdType == TypeString {
		return a == b
	}
	return strings.TrimSpace(WireValue(a, xsdType)) == strings.TrimSpace(WireValue(b, xsdType))
}
