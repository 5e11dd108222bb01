package cpe

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/dialtone-acs/dialtone/cwmp"
)

// schemaObject is one object of the text of a model.
type schemaObject struct {
	name     string
	leaves   []*leaf
	children []*schemaObject
	// table and instance are set for a multi-instance object.
	table    *table
	instance *schemaObject
}

// parseModel reads the text of a model for one root. The word LINES in the text
// stands for lines.
func parseModel(text, root string, lines int) (*Model, error) {
	m := &Model{root: root}
	top := &schemaObject{}
	current, skip := top, false
	for number, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		var err error
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[':
			current, skip, err = top.section(line, root, lines)
		case skip:
		case line[0] == '!':
			m.inform = append(m.inform, root+strings.TrimSpace(line[1:]))
		default:
			err = current.parameter(line)
		}
		if err != nil {
			return nil, fmt.Errorf("cpe: data model, line %d: %w", number+1, err)
		}
	}
	m.expand(top)
	return m, nil
}

// section finds or makes the object that a line such as
//
//	[Device: Services.VoiceService.{1}]
//
// names; skip says that it is for another root.
func (o *schemaObject) section(line, root string, lines int) (object *schemaObject, skip bool, err error) {
	path, closed := strings.CutSuffix(line[1:], "]")
	if !closed {
		return nil, false, errors.New("want ] at the end of a section")
	}
	if only, rest, ok := strings.Cut(path, ":"); ok {
		if only+"." != root {
			return o, true, nil
		}
		path = strings.TrimSpace(rest)
	}
	if path == "" {
		return o, false, nil
	}
	for segment := range strings.SplitSeq(path, ".") {
		if o, err = o.step(segment, lines); err != nil {
			return nil, false, err
		}
	}
	return o, false, nil
}

func (o *schemaObject) step(segment string, lines int) (*schemaObject, error) {
	if counts, ok := strings.CutPrefix(segment, "{"); ok {
		return o.stepTable(strings.TrimSuffix(counts, "}"), lines)
	}
	for _, child := range o.children {
		if child.name == segment {
			return child, nil
		}
	}
	child := &schemaObject{name: segment}
	o.children = append(o.children, child)
	return child, nil
}

// stepTable reads "" (declared before), "3" (three instances) or "3/8" (three, and
// the ACS may have up to eight).
func (o *schemaObject) stepTable(counts string, lines int) (*schemaObject, error) {
	if counts == "" {
		if o.instance == nil {
			return nil, fmt.Errorf("object %s: {} before its number of instances", o.name)
		}
		return o.instance, nil
	}
	firstText, mostText, addable := strings.Cut(strings.ReplaceAll(counts, "LINES", strconv.Itoa(lines)), "/")
	t := &table{addable: addable}
	var err error
	if t.first, err = strconv.Atoi(firstText); err == nil && addable {
		t.most, err = strconv.Atoi(mostText)
	}
	if err != nil {
		return nil, fmt.Errorf("object %s: number of instances: %w", o.name, err)
	}
	o.table, o.instance = t, &schemaObject{}
	return o.instance, nil
}

// parameter reads "Name type flags value", of which the value may be missing.
func (o *schemaObject) parameter(line string) error {
	fields := strings.Fields(line)
	if len(fields) < 3 {
		return errors.New("want: name, type, flags, value")
	}
	l := &leaf{name: fields[0]}
	if err := l.readType(fields[1]); err != nil {
		return fmt.Errorf("%s: %w", l.name, err)
	}
	for flag := range strings.SplitSeq(fields[2], ",") {
		if err := l.readFlag(flag); err != nil {
			return fmt.Errorf("%s: %w", l.name, err)
		}
	}
	if len(fields) > 3 {
		rest := line
		for _, f := range fields[:3] {
			rest = strings.TrimSpace(strings.TrimPrefix(rest, f))
		}
		l.initial = rest
	}
	if live, ok := strings.CutPrefix(l.initial, "@"); ok {
		l.live, l.initial = live, ""
	} else if _, code := l.check(strings.ReplaceAll(l.initial, "{n}", "1")); code != 0 {
		return fmt.Errorf("%s: value %q does not fit its type", l.name, l.initial)
	}
	o.leaves = append(o.leaves, l)
	return nil
}

func (l *leaf) readFlag(flag string) error {
	switch flag {
	case "ro":
	case "rw":
		l.writable = true
	case "hidden":
		l.hidden = true
	case "volatile":
		l.volatile = true
	case "quiet":
		l.quiet = true
	case "forced":
		l.forced = true
	default:
		return fmt.Errorf("unknown flag %q", flag)
	}
	return nil
}

// readType reads a type such as string, string:64 (at most 64 characters),
// string{UDP|TCP} (an enumeration; ~ is a space) or int[0:100] (a range).
func (l *leaf) readType(text string) error {
	end := strings.IndexAny(text, ":{[")
	if end < 0 {
		end = len(text)
	}
	l.kind = cwmp.NormalType(text[:end])
	if l.kind != "xsd:"+text[:end] {
		return fmt.Errorf("unknown type %q", text[:end])
	}
	rest := text[end:]
	switch {
	case rest == "":
		return nil
	case rest[0] == '{':
		l.enumeration = strings.Split(strings.ReplaceAll(strings.Trim(rest, "{}"), "~", " "), "|")
		return nil
	case rest[0] == ':':
		length, err := strconv.Atoi(rest[1:])
		l.maxLength = length
		return err
	}
	low, high, _ := strings.Cut(strings.Trim(rest, "[]"), ":")
	var err error
	if l.minimum, err = strconv.ParseInt(low, 10, 64); err != nil {
		return err
	}
	l.maximum, err = strconv.ParseInt(high, 10, 64)
	l.ranged = true
	return err
}
