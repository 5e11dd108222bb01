package provisioners

import (
	"fmt"
	"slices"
	"strings"
)

// unknown says that there is no setting of a path, and which one was likely meant.
func (c *Catalogue) unknown(text string) *SettingError {
	read := readPath(text)
	if found := c.byShape[read.shape]; found != nil && len(text) <= MaxPath {
		return wrongSetting(text, "path", "has an index that is out of range: %s", indexRanges(found))
	}
	e := wrongSetting(text, "path", "is no setting")
	if strings.HasPrefix(text, vendorPrefix) {
		e.Expected = "is no setting: expected vendor.PACK.KEY, a pack of a-z 0-9 - and a key of letters, digits and _.:/@$-"
		return e
	}
	e.Suggestion = c.suggest(&read)
	return e
}

func indexRanges(s *Setting) string {
	texts := make([]string, len(s.Indexes))
	for i, r := range s.Indexes {
		texts[i] = fmt.Sprintf("%s is %d to %d or *", r.Letter, r.From, r.To)
	}
	return "in " + s.Path + " " + strings.Join(texts, ", ")
}

// farthestSuggestion is in how many bytes a suggestion differs at most.
const farthestSuggestion = 3

// suggest returns the path that is nearest to one that is unknown, empty if none is
// near.
func (c *Catalogue) suggest(p *path) string {
	shape := strings.ToLower(strings.ReplaceAll(p.shape, "[", "."))
	if len(shape) > MaxPath {
		return ""
	}
	best, nearest := "", farthestSuggestion+1
	for known := range c.byShape {
		d := editDistance(strings.ToLower(known), shape, farthestSuggestion+1)
		if d < nearest || d == nearest && best != "" && known < best {
			best, nearest = known, d
		}
	}
	if best == "" {
		return ""
	}
	return c.withIndexes(c.byShape[best], p.indexes)
}

// withIndexes returns the path of a setting with the given indexes as far as they go,
// then its letters.
func (c *Catalogue) withIndexes(s *Setting, indexes []int) string {
	segments := strings.Split(s.Path, ".")
	for i, segment := range segments {
		isIndex := slices.ContainsFunc(s.Indexes, func(r IndexRange) bool { return r.Letter == segment })
		if !isIndex || len(indexes) == 0 {
			continue
		}
		segments[i] = "*"
		if indexes[0] != anyIndex {
			segments[i] = fmt.Sprint(indexes[0])
		}
		indexes = indexes[1:]
	}
	return strings.Join(segments, ".")
}

// editDistance returns the Levenshtein distance of two texts in bytes, or limit if it
// is no less.
func editDistance(a, b string, limit int) int {
	if max(len(a)-len(b), len(b)-len(a)) >= limit {
		return limit
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
	return min(row[len(b)], limit)
}
