// Package secret keeps secrets out of logs, errors, API answers and the disk.
//
// A plaintext in memory is a [Text]: nothing but [Text.Reveal] shows it. At rest it is a [Sealed]:
// authenticated ciphertext that a [Keeper] makes and opens, bound to the record that owns it.
// [NameIsSecret] tells by its name whether a parameter or a setting holds a secret, and [RandomText]
// makes credentials for devices.
package secret

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

// Mask is what stands for a secret wherever one would be shown as text.
const Mask = "[secret]"

// Text is a plaintext secret in memory. The zero value is no secret: [Text.IsZero] says so.
//
// Every way of turning it into text (fmt, slog, encoding/json, encoding.TextMarshaler) yields [Mask],
// or null in JSON, for an empty secret as for any other. Compare two of them with [Text.Equal]: the
// operator == compares identity, not content.
type Text struct {
	// A pointer, because fmt prints unexported fields of an enclosing struct without asking their
	// methods: it prints a string's content, but only a pointer's address.
	value *string
}

// NewText makes a secret of s. The empty string gives the zero Text.
func NewText(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{value: &s}
}

// Reveal returns the plaintext. It is the only way to get it; the caller answers for where it goes.
func (t Text) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// IsZero reports whether the secret is empty.
func (t Text) IsZero() bool { return t.value == nil }

// Equal reports whether both hold the same plaintext, in a time that does not depend on where they differ
// nor on their lengths being equal.
func (t Text) Equal(other Text) bool {
	a, b := sha256.Sum256([]byte(t.Reveal())), sha256.Sum256([]byte(other.Reveal()))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// String returns [Mask].
func (t Text) String() string { return Mask }

// GoString returns [Mask].
func (t Text) GoString() string { return Mask }

// Format writes [Mask] for every verb, %q, %x and %#v among them.
func (t Text) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, Mask) }

// LogValue returns [Mask].
func (t Text) LogValue() slog.Value { return slog.StringValue(Mask) }

// MarshalJSON returns null: unlike a mask, it cannot be sent back and taken for a new secret.
func (t Text) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// MarshalText returns [Mask], which is what YAML and printed configuration show.
func (t Text) MarshalText() ([]byte, error) { return []byte(Mask), nil }

// UnmarshalText takes a secret from a flag, an environment variable, YAML or a JSON string.
func (t *Text) UnmarshalText(text []byte) error {
	*t = NewText(string(text))
	return nil
}
