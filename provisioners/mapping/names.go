package mapping

import (
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/provisioners"
)

// Names are the parameters and objects that devices of one kind have. They are immutable
// and safe for concurrent use.
type Names struct {
	// list is in the bytewise order of Path.
	list []provisioners.ParameterName
}

// NewNames returns the names of a list, which is kept and must not change; it should be in
// the order of Path (provisioners.DataModel.Names), else it is copied.
func NewNames(list []provisioners.ParameterName) *Names {
	if !slices.IsSortedFunc(list, comparePaths) {
		list = slices.SortedFunc(slices.Values(list), comparePaths)
	}
	return &Names{list: list}
}

func comparePaths(a, b provisioners.ParameterName) int { return strings.Compare(a.Path, b.Path) }

// Has reports whether there is a parameter, or for a path with a final dot an object or
// anything in it. The path is below the root, with instance numbers or {i}.
func (n *Names) Has(path string) bool {
	path = Generic(path)
	at, found := n.find(path)
	return found || strings.HasSuffix(path, ".") && at < len(n.list) && strings.HasPrefix(n.list[at].Path, path)
}

// Writable reports whether a parameter can be set; of a table with its final dot, whether
// instances can be added to it. The path is as that of Has.
func (n *Names) Writable(path string) bool {
	at, found := n.find(Generic(path))
	return found && n.list[at].Writable
}

// Unseen reports whether the path is in a table of which nothing but itself is known: the
// device that was asked had no instance of it.
func (n *Names) Unseen(path string) bool {
	path = Generic(path)
	for at := 0; ; {
		next := strings.Index(path[at:], "{i}.")
		if next < 0 {
			return false
		}
		table, inside := path[:at+next], path[:at+next+len("{i}.")]
		at = len(inside)
		if n.Has(table) && !n.hasInside(inside) {
			return true
		}
	}
}

// hasInside reports whether there is anything in an object.
func (n *Names) hasInside(object string) bool {
	at, found := n.find(object)
	if found {
		at++
	}
	return at < len(n.list) && strings.HasPrefix(n.list[at].Path, object)
}

// find returns where a generic path is, or would be.
func (n *Names) find(path string) (at int, found bool) {
	return slices.BinarySearchFunc(n.list, path, func(name provisioners.ParameterName, path string) int {
		return strings.Compare(name.Path, path)
	})
}

// Generic returns a path with {i} for every instance number.
func Generic(path string) string {
	if !strings.ContainsAny(path, "0123456789") && !strings.Contains(path, account) {
		return path
	}
	segments := strings.Split(path, ".")
	for i, segment := range segments {
		if isNumber(segment) || segment == account {
			segments[i] = "{i}"
		}
	}
	return strings.Join(segments, ".")
}

// isNumber reports whether a segment of a path is an instance number.
func isNumber(segment string) bool {
	return segment != "" && strings.Trim(segment, "0123456789") == ""
}
