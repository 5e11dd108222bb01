package mapping

import (
	"fmt"
	"regexp"
	"strings"
)

// account stands in a path for the instance of an account.
const account = "{n}"

// location is a path below the root as a mapping writes it.
type location struct {
	// base is the name of the place that it begins with, empty for none.
	base string
	// rest is what comes after it; it may have {n}.
	rest string
	line int
}

// maxLocation bounds a path in bytes (TR-069 A.3.1.1 has 256 for a full one).
const maxLocation = 256

var (
	placeName = regexp.MustCompile(`^[a-z][A-Za-z0-9]*$`)
	// pathBelow has names, and between them instance numbers and {n}.
	pathBelow = regexp.MustCompile(`^((?:[1-9][0-9]{0,9}|\{n\})\.)?(?:[A-Za-z_][A-Za-z0-9_-]*\.(?:(?:[1-9][0-9]{0,9}|\{n\})\.)?)*(?:[A-Za-z_][A-Za-z0-9_-]*)?$`)
)

// readLocation takes a path apart.
func readLocation(text string, line int) (location, error) {
	l := location{rest: text, line: line}
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		name, rest, closed := strings.Cut(inner, "}")
		if !closed || !placeName.MatchString(name) || name == "n" {
			return l, fmt.Errorf("%.60q does not begin with the name of a place in braces", text)
		}
		l.base, l.rest = name, rest
	}
	switch {
	case len(text) > maxLocation:
		return l, fmt.Errorf("a path has at most %d bytes", maxLocation)
	case text == "":
		return l, fmt.Errorf("a path is missing")
	case !pathBelow.MatchString(l.rest):
		return l, fmt.Errorf("%.60q is no path below the root", text)
	case l.base == "" && pathBelow.FindStringSubmatch(l.rest)[1] != "":
		return l, fmt.Errorf("%.60q begins with an instance", text)
	case strings.HasPrefix(text, "Device.") || strings.HasPrefix(text, "InternetGatewayDevice."):
		return l, fmt.Errorf("%.60q has the root: paths are below it", text)
	}
	return l, nil
}

// isObject reports whether it is the path of an object or a table.
func (l *location) isObject() bool { return l.rest == "" || strings.HasSuffix(l.rest, ".") }

// below returns a location that begins where another, whose name is its base, ends.
func (l location) below(outer location) location {
	return location{base: outer.base, rest: outer.rest + l.rest, line: l.line}
}
