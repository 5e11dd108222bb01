package storetest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/device/query"
	"github.com/dialtone-acs/dialtone/store"
)

func fullGroup(path string) device.Group {
	return device.Group{Path: path, Title: "Müller & Söhne", Description: "Zwei\nZeilen", CreatedAt: now(), UpdatedAt: now().Add(time.Second)}
}

// storedGroup returns the group as it comes back once it was put.
func storedGroup(g device.Group) device.Group {
	g.CreatedAt, g.UpdatedAt = stored(g.CreatedAt), stored(g.UpdatedAt)
	g.Revision++
	return g
}

func groupTests() []test {
	groupOf := func(t *testing.T, s store.Store, path string) device.Group {
		t.Helper()
		return got[device.Group](t)(s.Groups().Group(t.Context(), path))
	}
	return []test{
		{"a new group comes back with the first revision, and the path is taken", func(t *testing.T, s store.Store) {
			g := fullGroup("reseller/customer")
			must(t, s.Groups().PutGroup(t.Context(), g))
			checkFull(t, storedGroup(g))
			same(t, "group", groupOf(t, s, g.Path), storedGroup(g))
			fails(t, s.Groups().PutGroup(t.Context(), g), device.ErrDuplicate)
			for _, path := range []string{"reseller", "reseller/Customer", "reseller/customer/", ""} {
				_, err := s.Groups().Group(t.Context(), path)
				fails(t, err, device.ErrNotFound)
			}
		}},
		{"a group is replaced once for each revision, and what was emptied is empty", func(t *testing.T, s store.Store) {
			must(t, s.Groups().PutGroup(t.Context(), fullGroup("a")))
			g := device.Group{Path: "a", UpdatedAt: now(), Revision: 1}
			must(t, s.Groups().PutGroup(t.Context(), g))
			fails(t, s.Groups().PutGroup(t.Context(), g), device.ErrConflict)
			same(t, "group", groupOf(t, s, "a"), storedGroup(g))
		}},
		{"changing a group that is not there conflicts", func(t *testing.T, s store.Store) {
			g := fullGroup("a")
			g.Revision = 1
			fails(t, s.Groups().PutGroup(t.Context(), g), device.ErrConflict)
		}},
		{"a group is deleted once, and what lies below it stays", func(t *testing.T, s store.Store) {
			for _, path := range []string{"a", "a/b"} {
				must(t, s.Groups().PutGroup(t.Context(), fullGroup(path)))
			}
			must(t, s.Groups().DeleteGroup(t.Context(), "a"))
			fails(t, s.Groups().DeleteGroup(t.Context(), "a"), device.ErrNotFound)
			same(t, "below", groupOf(t, s, "a/b"), storedGroup(fullGroup("a/b")))
			must(t, s.Groups().PutGroup(t.Context(), fullGroup("a")))
		}},
		{"groups come in the order of their paths, bytewise, in pages", func(t *testing.T, s store.Store) {
			paths := addTree(t, s)
			for _, size := range []int{1, 2, 5, 100} {
				var listed []string
				l := device.GroupList{Limit: size}
				for {
					page := groupPaths(t, s, l)
					if listed = append(listed, page...); len(page) < size {
						break
					}
					l.After = page[len(page)-1]
				}
				same(t, fmt.Sprint("paths in pages of ", size), listed, paths)
			}
			same(t, "whole", got[[]device.Group](t)(s.Groups().Groups(t.Context(), device.GroupList{Limit: 1})), []device.Group{storedGroup(titled("A"))})
		}},
		{"any scope, parent, search and place list the groups that they should", groupLists},
	}
}

// titles are by path; other groups of the tree have none.
func titles() map[string]string {
	return map[string]string{"A": "Acme, 100% GmbH", "a/b": "Site_A", "a/b/c": `C:\site [1]`, "b": "Ünïcode É", "ab": "site.a*"}
}

func titled(path string) device.Group {
	g := fullGroup(path)
	g.Title = titles()[path]
	return g
}

// addTree stores groups whose names are awkward neighbours and returns their
// paths in order.
func addTree(t *testing.T, s store.Store) []string {
	t.Helper()
	paths := []string{"a", "a/b", "a/b/c", "a/b-c", "a-b", "a-b/c", "a/b0", "a0", "a ", "A", "ab", "b", "b/Ä", "a/b/c/d", "a/b%c", "c/d"}
	for _, path := range paths {
		must(t, s.Groups().PutGroup(t.Context(), titled(path)))
	}
	slices.Sort(paths)
	return paths
}

func groupPaths(t *testing.T, s store.Store, l device.GroupList) []string {
	t.Helper()
	var paths []string
	for _, g := range got[[]device.Group](t)(s.Groups().Groups(t.Context(), l)) {
		paths = append(paths, g.Path)
	}
	return paths
}

func groupLists(t *testing.T, s store.Store) {
	paths := addTree(t, s)
	type below struct {
		parent   string
		children bool
	}
	belows := []below{{}, {parent: "ignored"}, {"", true}, {"a", true}, {"a/b", true}, {"c", true}, {"c/d", true}}
	for _, scope := range []string{"", "a", "a/b", "a-b", "b", "c", "none"} {
		for _, b := range belows {
			for _, search := range []string{"", "B", "site", "%", "_", "é", `\`, ".a*"} {
				for _, after := range []string{"", "a-b", "a/b/", "b"} {
					l := device.GroupList{Scope: device.Scope{Group: scope}, Parent: b.parent, Children: b.children, Search: search, After: after, Limit: 5}
					same(t, fmt.Sprintf("%+v", l), groupPaths(t, s, l), expectedGroups(paths, l))
					if t.Failed() {
						return
					}
				}
			}
		}
	}
}

// expectedGroups says which of the sorted paths a list should have.
func expectedGroups(paths []string, l device.GroupList) []string {
	var want []string
	for _, path := range paths {
		parent, _, _ := cutLast(path)
		switch {
		case l.Scope.Group != "" && path != l.Scope.Group && !strings.HasPrefix(path, l.Scope.Group+"/"):
		case l.Children && parent != l.Parent:
		case !strings.Contains(query.Fold(path), query.Fold(l.Search)) && !strings.Contains(query.Fold(titles()[path]), query.Fold(l.Search)):
		case path <= l.After:
		default:
			want = append(want, path)
		}
	}
	return want[:min(len(want), l.Limit)]
}

// cutLast parts a path before its last name; what is before it is empty at the
// root.
func cutLast(path string) (parent, name string, below bool) {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i], path[i+1:], true
	}
	return "", path, false
}
