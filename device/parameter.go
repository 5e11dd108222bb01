package device

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/internal/secret"
)

// MaxPathLength is the longest parameter path that CWMP carries, in characters
// (TR-069 A.3.2.1, string(256)).
const MaxPathLength = 256

// Parameter is one leaf, or one object, of a device's CWMP data model.
type Parameter struct {
	// Path is the full name; that of an object ends with a dot.
	Path string
	// Value is empty where Sealed holds it.
	Value string
	// Sealed holds the value of a parameter that is secret by its name, sealed
	// for the owner ParameterOwner(device, path).
	Sealed secret.Sealed
	// Type is "xsd:string", "xsd:boolean" and so on; empty if unknown.
	Type string
	// Known says that a value was read or set; an object never has one.
	Known bool
	// Writable is nil if unknown. For an object it says that instances may be
	// added, or that this instance may be deleted (TR-069 A.3.2.3).
	Writable *bool
	// Notification is nil if unknown (TR-069 A.3.2.4: 0 off, 1 passive, 2
	// active).
	Notification *int
	// AccessList is nil if unknown.
	AccessList []string
	// UpdatedAt is when any of this was last seen to change or read.
	UpdatedAt time.Time
}

// Secret reports whether the value is kept from who may not reveal secrets.
func (p *Parameter) Secret() bool { return p.Sealed != "" || secret.NameIsSecret(p.Path) }

// IsObject reports whether the path names an object and not a leaf.
func IsObject(path string) bool { return strings.HasSuffix(path, ".") }

// ParameterOwner is the owner for which the value of a secret parameter is
// sealed.
func ParameterOwner(device ID, path string) string { return "parameter/" + string(device) + "/" + path }

// Observation is what one message of a device told of one path. Nil parts leave
// what is known as it is.
type Observation struct {
	Path         string
	Value        *Value
	Writable     *bool
	Notification *int
	AccessList   []string
}

// Value is a parameter's value as read or set; exactly one of Text and Sealed
// is used.
type Value struct {
	Text   string
	Sealed secret.Sealed
	Type   string
}

// Merge returns the parameter with the observation noted.
func (p Parameter) Merge(o Observation, at time.Time) Parameter {
	p.Path = o.Path
	if o.Value != nil {
		p.Value, p.Sealed, p.Known = o.Value.Text, o.Value.Sealed, true
		p.Type = orElse(o.Value.Type, p.Type)
	}
	if o.Writable != nil {
		p.Writable = o.Writable
	}
	if o.Notification != nil {
		p.Notification = o.Notification
	}
	if o.AccessList != nil {
		p.AccessList = o.AccessList
	}
	p.UpdatedAt = at
	return p
}

// CheckPath checks that a path can be a parameter or object name: not empty,
// at most MaxPathLength characters, no control characters or white space, no
// empty segment, and no {i}, which data models write for an instance number and
// devices do not know. The error wraps ErrInvalid.
func CheckPath(path string) error {
	if path == "" {
		return fmt.Errorf("%w: path must not be empty", ErrInvalid)
	}
	if !utf8.ValidString(path) || utf8.RuneCountInString(path) > MaxPathLength {
		return fmt.Errorf("%w: path must be UTF-8 of at most %d characters", ErrInvalid, MaxPathLength)
	}
	if strings.HasPrefix(path, ".") || strings.Contains(path, "..") {
		return fmt.Errorf("%w: path %q has an empty segment", ErrInvalid, path)
	}
	if strings.Contains(path, "{i}") {
		return fmt.Errorf("%w: path %q has {i} in place of an instance number", ErrInvalid, path)
	}
	for _, r := range path {
		if r <= ' ' || r == 0x7f {
			return fmt.Errorf("%w: path %q has a control character or white space", ErrInvalid, path)
		}
	}
	return nil
}
