package console

import (
	"strconv"
	"strings"
)

// accepts reports whether an Accept-Encoding (RFC 9110, 12.5.3) takes the
// encoding: named with a weight above 0, or by * if it is not named.
func accepts(header, name string) bool {
	any := false
	for field := range strings.SplitSeq(header, ",") {
		coding, parameters, _ := strings.Cut(field, ";")
		switch coding = strings.TrimSpace(coding); {
		case strings.EqualFold(coding, name):
			return weight(parameters) > 0
		case coding == "*":
			any = weight(parameters) > 0
		}
	}
	return any
}

func weight(parameters string) float64 {
	text, ok := strings.CutPrefix(strings.ToLower(strings.ReplaceAll(parameters, " ", "")), "q=")
	if !ok {
		return 1
	}
	q, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0
	}
	return q
}
