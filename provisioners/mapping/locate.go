package mapping

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// maxInstances bounds how many instances of a table are looked at, and asked for.
const maxInstances = 100

// problem says why a path has no instance numbers yet. The zero problem is none.
type problem struct {
	// waits says that a table must be asked for its instances, or given one more.
	waits bool
	// reason says why it never will have them.
	reason string
}

// locate returns the full path of one below the root, with the instance numbers that the
// device has: for {n} that of the account, for a number that one, and for 1 the lowest.
func (r *resolution) locate(path string, number int) (full string, p problem) {
	object, rest := lastInstance(path)
	if object == "" {
		return r.in.Root + path, problem{}
	}
	key := objectOfAccount{object, number}
	known, ok := r.located[key]
	if !ok {
		known.path, known.problem = r.walk(object, number)
		r.located[key] = known
	}
	if known.problem != (problem{}) {
		return "", known.problem
	}
	return known.path + rest, problem{}
}

// objectOfAccount is a path below the root that ends with an instance, for an account.
type objectOfAccount struct {
	path   string
	number int
}

// located is where such an object is.
type located struct {
	path    string
	problem problem
}

// lastInstance divides a path after its last instance.
func lastInstance(path string) (object, rest string) {
	for end := len(path); end > 0; {
		dot := strings.LastIndexByte(path[:end], '.')
		if segment := path[dot+1 : end]; isNumber(segment) || segment == account {
			return path[:end], path[end:]
		}
		end = dot
	}
	return "", path
}

// walk finds the instances of a path, one after the other.
func (r *resolution) walk(path string, number int) (full string, p problem) {
	at := r.in.Root
	for segment, rest, found := strings.Cut(path, "."); ; segment, rest, found = strings.Cut(rest, ".") {
		switch {
		case segment == account:
			segment, p = r.instanceOf(at, number)
		case isNumber(segment):
			segment, p = r.instance(at, segment)
		}
		if p != (problem{}) {
			return "", p
		}
		at += segment
		if !found {
			return at, problem{}
		}
		at += "."
	}
}

// instanceOf returns the instance of an account: the one of that number from the lowest.
func (r *resolution) instanceOf(table string, number int) (string, problem) {
	numbers, known := r.instances(table)
	switch {
	case !known:
		return r.ask(table)
	case number <= len(numbers):
		return strconv.Itoa(numbers[number-1]), problem{}
	case r.addable(table) && number <= maxInstances:
		return r.add(table)
	default:
		return "", problem{reason: roomFor(len(numbers))}
	}
}

// instance returns an instance that a mapping names. Of a table to which nothing can be
// added and whose instances nobody asked for it is believed.
func (r *resolution) instance(table, text string) (string, problem) {
	numbers, known := r.instances(table)
	number, err := strconv.Atoi(text)
	switch {
	case !known && r.addable(table):
		return r.ask(table)
	case !known:
		return text, problem{}
	case err == nil && slices.Contains(numbers, number):
		return text, problem{}
	case number == 1 && len(numbers) > 0:
		return strconv.Itoa(numbers[0]), problem{}
	case number == 1 && r.addable(table):
		return r.add(table)
	default:
		return "", problem{reason: reasonLacking}
	}
}

// instances returns those that a table is known to have, in order.
func (r *resolution) instances(table string) (numbers []int, known bool) {
	if numbers, known = r.tables[table]; known {
		return numbers, true
	}
	all, known := r.in.Instances[table]
	if !known {
		return nil, false
	}
	numbers = slices.Compact(slices.Sorted(slices.Values(all)))
	numbers = slices.DeleteFunc(numbers, func(n int) bool { return n < 1 })
	numbers = numbers[:min(len(numbers), maxInstances)]
	r.tables[table] = numbers
	return numbers, true
}

// addable reports whether the device makes instances of a table.
func (r *resolution) addable(table string) bool {
	below := strings.TrimPrefix(table, r.in.Root)
	return !r.in.Full[table] && (r.in.Names.Writable(below) || r.in.Names.Unseen(below))
}

func (r *resolution) ask(table string) (string, problem) {
	note(&r.unknown, table)
	return "", problem{waits: true}
}

func (r *resolution) add(table string) (string, problem) {
	note(&r.missing, table)
	return "", problem{waits: true}
}

// note appends a table that is not in the list yet.
func note(list *[]string, table string) {
	if !slices.Contains(*list, table) {
		*list = append(*list, table)
	}
}

// roomFor says how many accounts there is room for.
func roomFor(n int) string {
	if n == 1 {
		return "the device has room for 1 account"
	}
	return fmt.Sprintf("the device has room for %d accounts", n)
}
