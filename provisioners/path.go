package provisioners

import (
	"cmp"
	"strconv"
	"strings"
)

// MaxPath is the longest path of a setting in bytes.
const MaxPath = 200

// vendorPrefix begins the paths of what a vendor has and the catalogue does not.
const vendorPrefix = "vendor."

// anyIndex stands for "*" among the indexes of a path.
const anyIndex = 0

// path is a path as it was taken apart.
type path struct {
	text string
	// shape has # in the place of every index: two paths of one setting have the same.
	shape string
	// indexes are in the order of the path; anyIndex for "*".
	indexes []int
}

// stars returns how many indexes are "*".
func (p *path) stars() int {
	n := 0
	for _, index := range p.indexes {
		if index == anyIndex {
			n++
		}
	}
	return n
}

// readPath takes a path of the catalogue apart; it does not look whether there is such
// a setting. A vendor's path has no indexes.
func readPath(text string) path {
	p := path{text: text, shape: text}
	if strings.HasPrefix(text, vendorPrefix) || !strings.ContainsAny(text, "*0123456789") {
		return p
	}
	var shape strings.Builder
	for segment := range strings.SplitSeq(text, ".") {
		if shape.Len() > 0 {
			shape.WriteByte('.')
		}
		if index, ok := readIndex(segment); ok {
			p.indexes = append(p.indexes, index)
			segment = "#"
		}
		shape.WriteString(segment)
	}
	p.shape = shape.String()
	return p
}

// readIndex reads an index: "*" or a number from 1 without leading zeros.
func readIndex(segment string) (int, bool) {
	if segment == "*" {
		return anyIndex, true
	}
	if segment == "" || len(segment) > 4 || segment[0] == '0' {
		return 0, false
	}
	n := 0
	for i := range len(segment) {
		if segment[i] < '0' || segment[i] > '9' {
			return 0, false
		}
		n = 10*n + int(segment[i]-'0')
	}
	return n, true
}

// fill returns the concrete path of a shape and its indexes.
func fill(shape string, indexes []int) string {
	if len(indexes) == 0 {
		return shape
	}
	text := make([]byte, 0, len(shape)+2*len(indexes))
	for i := range len(shape) {
		if shape[i] != '#' {
			text = append(text, shape[i])
			continue
		}
		text = strconv.AppendInt(text, int64(indexes[0]), 10)
		indexes = indexes[1:]
	}
	return string(text)
}

// ComparePaths orders paths as forms and lists show them: by segments, indexes by
// number and "*" before them, the rest bytewise. It returns -1, 0 or 1.
func ComparePaths(a, b string) int {
	for a != "" && b != "" {
		var left, right string
		left, a, _ = strings.Cut(a, ".")
		right, b, _ = strings.Cut(b, ".")
		if left != right {
			return compareSegments(left, right)
		}
	}
	return cmp.Compare(len(a), len(b))
}

func compareSegments(a, b string) int {
	x, first := readIndex(a)
	y, second := readIndex(b)
	if first && second {
		return cmp.Compare(x, y)
	}
	return cmp.Compare(a, b)
}
