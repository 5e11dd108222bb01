package tasks

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/dialtone-acs/dialtone/device"
	"github.com/dialtone-acs/dialtone/internal/secret"
)

// ParameterSetting is a value for one parameter.
type ParameterSetting struct {
	Path string `json:"path"`
	// Value is the value as CWMP writes it. In JSON a number or a boolean may
	// stand for its text.
	Value Text `json:"value"`
	// Type is "xsd:string" and so on; empty takes the type that the device
	// reports, else xsd:string.
	Type string `json:"type,omitempty"`
	// Sealed holds Value at rest where the path is secret by its name.
	Sealed secret.Sealed `json:"sealed,omitempty"`
}

// Text is a string that may be written as a number or a boolean in JSON.
type Text string

// UnmarshalJSON reads a string, a number or a boolean.
func (t *Text) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) == 0:
		return &ArgumentError{Field: "value", Message: "must be a string, a number or a boolean"}
	case raw[0] == '"':
		return json.Unmarshal(raw, (*string)(t))
	case raw[0] == '{', raw[0] == '[', raw[0] == 'n':
		return &ArgumentError{Field: "value", Message: "must be a string, a number or a boolean"}
	default:
		*t = Text(raw)
		return nil
	}
}

// types are the XSD types that a parameter may have (TR-069 A.2.1 with the
// spelling of TR-106).
var types = regexp.MustCompile(`^xsd:(string|int|unsignedInt|long|unsignedLong|boolean|dateTime|base64|base64Binary|hexBinary|decimal)$`)

func checkSettings(settings []ParameterSetting) error {
	if len(settings) > MaxPaths {
		return &ArgumentError{Field: "parameters", Message: fmt.Sprintf("must have at most %d parameters", MaxPaths)}
	}
	seen := make(map[string]bool, len(settings))
	for i, s := range settings {
		field := fmt.Sprintf("parameters[%d]", i)
		if err := checkPath(field+".path", s.Path); err != nil {
			return err
		}
		if device.IsObject(s.Path) {
			return &ArgumentError{Field: field + ".path", Message: "must be a parameter, not an object"}
		}
		if seen[s.Path] {
			return &ArgumentError{Field: field + ".path", Message: "is named twice"}
		}
		seen[s.Path] = true
		if s.Type != "" && !types.MatchString(s.Type) {
			return &ArgumentError{Field: field + ".type", Message: "must be xsd:string, xsd:int, xsd:unsignedInt, xsd:long, xsd:unsignedLong, xsd:boolean, xsd:dateTime, xsd:base64, xsd:hexBinary or xsd:decimal"}
		}
		if s.Sealed != "" {
			return &ArgumentError{Field: field + ".sealed", Message: "is not an argument"}
		}
		if err := checkText(field+".value", string(s.Value)); err != nil {
			return err
		}
	}
	return nil
}

// sealer seals one secret for the task that it belongs to.
type sealer func(plain string) (secret.Sealed, error)

func sealSettings(settings []ParameterSetting, seal sealer) error {
	for i := range settings {
		s := &settings[i]
		if s.Sealed != "" || !secret.NameIsSecret(s.Path) {
			continue
		}
		sealed, err := seal(string(s.Value))
		if err != nil {
			return err
		}
		s.Value, s.Sealed = "", sealed
	}
	return nil
}

func checkPaths(paths []string) error {
	if len(paths) == 0 || len(paths) > MaxPaths {
		return &ArgumentError{Field: "paths", Message: fmt.Sprintf("must have 1 to %d paths", MaxPaths)}
	}
	seen := make(map[string]bool, len(paths))
	for i, path := range paths {
		field := fmt.Sprintf("paths[%d]", i)
		if err := checkPath(field, path); err != nil {
			return err
		}
		if seen[path] {
			return &ArgumentError{Field: field, Message: "is named twice"}
		}
		seen[path] = true
	}
	return nil
}

func checkPath(field, path string) error {
	if err := device.CheckPath(path); err != nil {
		return &ArgumentError{Field: field, Message: strings.TrimPrefix(err.Error(), device.ErrInvalid.Error()+": ")}
	}
	return nil
}

// checkBranch accepts what checkPath does, and the empty path of the root.
func checkBranch(field, path string) error {
	if path == "" {
		return nil
	}
	return checkPath(field, path)
}

func checkObject(field, path string) error {
	if err := checkPath(field, path); err != nil {
		return err
	}
	if !device.IsObject(path) {
		return &ArgumentError{Field: field, Message: "must end with a dot"}
	}
	return nil
}

func checkLength(field, text string, limit int) error {
	if utf8.RuneCountInString(text) > limit {
		return &ArgumentError{Field: field, Message: fmt.Sprintf("must have at most %d characters", limit)}
	}
	return checkText(field, text)
}

// checkText refuses what XML 1.0 cannot carry (section 2.2, Char).
func checkText(field, text string) error {
	if !utf8.ValidString(text) {
		return &ArgumentError{Field: field, Message: "must be UTF-8"}
	}
	for _, r := range text {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return &ArgumentError{Field: field, Message: fmt.Sprintf("has the character %U, which XML cannot carry", r)}
		}
	}
	return nil
}
