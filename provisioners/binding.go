package provisioners

import (
	"fmt"
	"slices"
)

// bound is an account that is bound to a line.
type bound struct {
	account int
	number  string
}

// bindings returns the accounts that are bound to lines.
func (l *ladder) bindings() []bound {
	var all []bound
	for _, account := range l.exist["account"] {
		path := fill("account.#.line", []int{account})
		number := l.value(path)
		if number == ownerWord {
			if number = l.value(ownerWord); number == "" {
				l.noteWinner(path, "the setting owner names no line")
			}
		}
		if number != "" {
			all = append(all, bound{account, number})
		}
	}
	return all
}

// ownerWord is the setting that names the line of the device's owner, and the value of
// account.N.line that refers to it.
const ownerWord = "owner"

func (l *ladder) noteWinner(path, reason string) {
	s := l.said[path]
	at, _ := s.winner()
	l.note(path, s.candidates[at].key, reason)
}

// lineKeys returns where the line of a number may be, the nearest group first.
func lineKeys(group, number string) []LineKey {
	keys := []LineKey{}
	for _, path := range slices.Backward(groupPaths(group)) {
		keys = append(keys, LineKey{Group: path, Number: number})
	}
	return append(keys, LineKey{Number: number})
}

// groupPaths returns a group and those above it, without the root, the highest first.
func groupPaths(group string) []string {
	var paths []string
	for i := range len(group) {
		if group[i] == '/' {
			paths = append(paths, group[:i])
		}
	}
	if group != "" {
		paths = append(paths, group)
	}
	return paths
}

// bind puts what a line gives to its account.
func (l *ladder) bind(c *Catalogue, b bound, line *Line) {
	key := LevelKey{LineLevel, line.String()}
	for _, e := range line.entries(b.account) {
		if l.served != nil && l.served.cannot(e.Path) {
			l.noteUnsupported(e.Path, key)
			continue
		}
		read := readPath(e.Path)
		l.put(e.Path, c.find(&read), candidate{rung: l.lineRung, key: key, entry: &e, owner: line.Owner()})
	}
}

func noLine(b bound, group string) string {
	where := "no group has it"
	if group != "" {
		where = "neither " + group + " nor a group above has it"
	}
	return fmt.Sprintf("there is no line %s: %s", b.number, where)
}
