package mapping

import "strings"

// carryAbsent makes the candidates of an entry for the instances without an account.
func (r *resolution) carryAbsent(e *entry, path string) {
	table, _, found := strings.Cut(path, account)
	if !found {
		return
	}
	table, p := r.locate(table, 0)
	if p != (problem{}) {
		return
	}
	numbers, known := r.instances(table)
	if !known {
		r.ask(table)
		return
	}
	value, _ := lexical(e.kind, *e.absent)
	for i := range numbers {
		if _, exists := r.values.accounts[i+1]; exists && r.noRoom[i+1] == "" {
			continue
		}
		// An object that is missing in it is not made: there is nothing to switch off.
		wanted := len(r.missing)
		full, p := r.locate(path, i+1)
		r.missing = r.missing[:wanted]
		if p == (problem{}) {
			r.addCandidate(&candidate{entry: e, kind: e.kind, path: full, value: value, absent: true})
		}
	}
}
