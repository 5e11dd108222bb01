package query

import (
	"fmt"
	"strings"
)

// unknownField says that there is no field of that name and which one was
// likely meant, or else which there are, and what else may help.
func unknownField(names []string, name, help string) string {
	best, nearest := "", len(name)+1
	for _, candidate := range names {
		if d := distance(Fold(candidate), Fold(name)); near(candidate, name, d) && d < nearest {
			best, nearest = candidate, d
		}
	}
	if best != "" {
		return fmt.Sprintf("unknown field %s; did you mean %s?", shorten(name), best)
	}
	return fmt.Sprintf("unknown field %s; the fields are %s%s", shorten(name), strings.Join(names, ", "), help)
}

// near reports whether names at that distance are likely the same one mistyped:
// at most two letters changed, added or left out, and more than half of them
// right.
func near(a, b string, distance int) bool {
	return distance <= min(2, (min(len(a), len(b))-1)/2)
}

// longestName bounds the work of distance: no name of a field is longer.
const longestName = 64

// distance is the Levenshtein distance of two strings in bytes; it is their
// length where one is longer than any name.
func distance(a, b string) int {
	if len(a) > longestName || len(b) > longestName {
		return max(len(a), len(b))
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
