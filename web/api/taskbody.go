package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"

	"github.com/dialtone-acs/dialtone/tasks"
)

// taskFields are the keys of the flat body that queues a task which are not
// arguments of its kind.
type taskFields struct {
	Kind      tasks.Kind `json:"kind" doc:"What the task does."`
	Priority  int        `json:"priority,omitempty" minimum:"-1000" maximum:"1000" doc:"Orders the tasks of a device: the greater first, then the older."`
	NotBefore time.Time  `json:"notBefore,omitzero" doc:"The task is not begun before."`
	Expires   time.Time  `json:"expires,omitzero" doc:"The task ends as expired if it is still queued then."`
	After     []string   `json:"after,omitempty" nullable:"false" maxItems:"16" doc:"Tasks of the same device that must succeed first."`
	UniqueKey string     `json:"uniqueKey,omitempty" maxLength:"128" doc:"Refused with 409 while an open task of the device has the same."`
}

// bulkFields are those of the body that queues a task for many devices.
type bulkFields struct {
	Filter            string     `json:"filter" maxLength:"8192" doc:"Which devices, in the filter language; * for all."`
	Kind              tasks.Kind `json:"kind" doc:"What the tasks do."`
	DryRun            bool       `json:"dryRun,omitempty" doc:"Only count the devices and show some of them."`
	Priority          int        `json:"priority,omitempty" minimum:"-1000" maximum:"1000" doc:"Orders the tasks of a device: the greater first, then the older."`
	Expires           time.Time  `json:"expires,omitzero" doc:"Tasks end as expired if they are still queued then, and no more are made."`
	ConnectionRequest bool       `json:"connectionRequest,omitempty" doc:"Call each device once its task is queued."`
}

// maxPriority bounds the priority of a task on both sides of 0.
const maxPriority = 1000

// maxTaskBody bounds the body that queues a task: its arguments and room for
// the rest.
const maxTaskBody = tasks.MaxArgs + 32<<10

// splitBody takes the flat body apart: the fields that T has go into it, the
// others are returned as one JSON object, the arguments of the kind. The error
// is a *Problem that names the place.
func splitBody[T any](raw []byte) (fields T, args json.RawMessage, err error) {
	members, err := members(raw)
	if err != nil {
		return fields, nil, err
	}
	own := reflect.ValueOf(&fields).Elem()
	for i := range own.NumField() {
		name, _, _ := strings.Cut(own.Type().Field(i).Tag.Get("json"), ",")
		value, ok := members.take(name)
		if !ok {
			continue
		}
		if err := decodeField(value, own.Field(i).Addr().Interface()); err != nil {
			return fields, nil, invalid("body."+name, err.Error())
		}
	}
	return fields, members.object(), nil
}

// member is one key of a JSON object with its value.
type member struct {
	name  string
	value json.RawMessage
}

// memberList is a JSON object in the order in which it is written.
type memberList []member

// members reads a JSON object. It refuses one that has a key twice, as it would
// not be clear which is meant.
func members(raw []byte) (memberList, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	if start, err := decoder.Token(); err != nil || start != json.Delim('{') {
		return nil, invalid("body", "must be a JSON object")
	}
	var list memberList
	seen := map[string]bool{}
	for decoder.More() {
		key, err := decoder.Token()
		if err != nil {
			return nil, malformedBody()
		}
		name, _ := key.(string)
		if seen[name] {
			return nil, invalid("body."+name, "is given twice")
		}
		seen[name] = true
		var value json.RawMessage
		if err := decoder.Decode(&value); err != nil {
			return nil, malformedBody()
		}
		list = append(list, member{name, value})
	}
	if _, err := decoder.Token(); err != nil {
		return nil, malformedBody()
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, malformedBody()
	}
	return list, nil
}

func malformedBody() error { return kindMalformed.problem("the body is not JSON") }

// take removes a member and returns its value.
func (l *memberList) take(name string) (json.RawMessage, bool) {
	for i, m := range *l {
		if m.name == name {
			*l = append((*l)[:i:i], (*l)[i+1:]...)
			return m.value, true
		}
	}
	return nil, false
}

// object returns the members as a JSON object again.
func (l memberList) object() json.RawMessage {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range l {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(m.name) // A string always encodes.
		b.Write(name)
		b.WriteByte(':')
		b.Write(m.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// decodeField reads one field of our own. The error says what was expected.
func decodeField(value json.RawMessage, into any) error {
	if bytes.Equal(value, []byte("null")) {
		return errors.New("must not be null: leave it out")
	}
	if json.Unmarshal(value, into) == nil {
		return nil
	}
	switch into.(type) {
	case *time.Time:
		return errors.New("must be a time such as 2030-01-31T12:00:00Z (RFC 3339)")
	case *int:
		return errors.New("must be a whole number")
	case *bool:
		return errors.New("must be true or false")
	case *[]string:
		return errors.New("must be an array of strings")
	default:
		return errors.New("must be a string")
	}
}

// newTask checks the fields and returns the task that they and the arguments
// describe.
func (f *taskFields) newTask(args json.RawMessage) (tasks.New, error) {
	n := tasks.New{Kind: f.Kind, Args: args, Priority: f.Priority, NotBefore: stored(f.NotBefore), Expires: stored(f.Expires), UniqueKey: f.UniqueKey}
	if err := checkKind(f.Kind); err != nil {
		return n, err
	}
	if err := checkPriority(f.Priority); err != nil {
		return n, err
	}
	for _, own := range []string{tasks.BulkKeyPrefix, tasks.RetryKeyPrefix} {
		if strings.HasPrefix(f.UniqueKey, own) {
			return n, invalid("body.uniqueKey", "must not begin with "+own)
		}
	}
	if len(f.After) > tasks.MaxAfter {
		return n, invalid("body.after", fmt.Sprintf("must name at most %d tasks", tasks.MaxAfter))
	}
	for i, text := range f.After {
		id, err := tasks.ParseID(text)
		if err != nil {
			return n, invalid(fmt.Sprintf("body.after[%d]", i), "must be the id of a task of the same device")
		}
		n.After = append(n.After, id)
	}
	return n, nil
}

func checkKind(k tasks.Kind) error {
	if k == "" {
		return invalid("body.kind", "is required")
	}
	if _, ok := k.Info(); !ok {
		var names []string
		for _, info := range tasks.Kinds() {
			names = append(names, string(info.Kind))
		}
		return invalid("body.kind", "must be one of "+strings.Join(names, ", "))
	}
	return nil
}

func checkPriority(priority int) error {
	if priority < -maxPriority || priority > maxPriority {
		return invalid("body.priority", fmt.Sprintf("must be between %d and %d", -maxPriority, maxPriority))
	}
	return nil
}

// stored returns a time as it is kept: UTC, whole milliseconds.
func stored(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Millisecond)
}
