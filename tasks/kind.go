package tasks

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Kind says what a task does.
type Kind string

// Args are the typed arguments of a kind.
type Args interface {
	// Validate returns an *ArgumentError for the first argument that is wrong.
	Validate() error
}

// KindInfo describes a kind.
type KindInfo struct {
	Kind Kind
	// Title says in a few words what a task of this kind does.
	Title string
	// NewArgs returns empty arguments to decode into.
	NewArgs func() Args
	// Outcome is how long the device has to show the outcome of an RPC that it
	// carries out later, 0 for kinds whose answer is the outcome.
	Outcome time.Duration
	// Ask is how long after the device accepted it is first asked whether it is
	// done, for kinds whose end not every device tells; 0 for all others. Tasks
	// of such a kind take turns: a device has one of them under way at a time.
	Ask time.Duration
}

// Info returns the description of k; ok is false for an unknown kind.
func (k Kind) Info() (info KindInfo, ok bool) {
	for _, info := range Kinds() {
		if info.Kind == k {
			return info, true
		}
	}
	return KindInfo{}, false
}

// Parse reads and validates arguments. It returns an *ArgumentError for an
// unknown kind, an unknown field, a field of the wrong type, or a value that
// cannot be.
func (k Kind) Parse(raw json.RawMessage) (Args, error) {
	args, err := k.decode(raw)
	if err != nil {
		return nil, err
	}
	if err := args.Validate(); err != nil {
		return nil, err
	}
	return args, nil
}

func (k Kind) decode(raw json.RawMessage) (Args, error) {
	info, ok := k.Info()
	if !ok {
		return nil, &ArgumentError{Field: "kind", Message: "must be one of " + kindNames()}
	}
	if len(raw) == 0 {
		raw = json.RawMessage("{}")
	}
	if len(raw) > MaxArgs {
		return nil, &ArgumentError{Field: "kind", Message: fmt.Sprintf("arguments must have at most %d bytes", MaxArgs)}
	}
	args := info.NewArgs()
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(args); err != nil {
		return nil, argumentError(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, &ArgumentError{Field: "kind", Message: "arguments must be one JSON object"}
	}
	return args, nil
}

// argumentError turns what encoding/json says into the field and what was
// expected of it.
func argumentError(err error) error {
	var argument *ArgumentError
	if errors.As(err, &argument) {
		return argument
	}
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return &ArgumentError{Field: wrongType.Field, Message: "must be " + jsonTypeName(wrongType.Type.Kind().String())}
	}
	if name, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		if unquoted := strings.Trim(name, `"`); unquoted != "" {
			name = unquoted
		}
		return &ArgumentError{Field: name, Message: "is not an argument of this kind"}
	}
	return &ArgumentError{Field: "kind", Message: "arguments must be a JSON object"}
}

func jsonTypeName(goKind string) string {
	switch goKind {
	case "string":
		return "a string"
	case "bool":
		return "true or false"
	case "slice":
		return "an array"
	case "struct", "map":
		return "an object"
	default:
		return "a whole number"
	}
}

func kindNames() string {
	var names []string
	for _, info := range Kinds() {
		names = append(names, string(info.Kind))
	}
	return strings.Join(names, ", ")
}
