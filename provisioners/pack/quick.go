package pack

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// wellFormed checks the syntax of a file that is about to be given to a phone, as
// Structure does, but without gathering what it consists of. The error holds nothing of
// the file.
func (f Format) wellFormed(content []byte) error {
	if !utf8.Valid(content) {
		return errors.New("is not UTF-8")
	}
	switch f {
	case FormatXML:
		return wellFormedXML(content)
	case FormatJSON:
		if !json.Valid(content) {
			return errors.New("is not JSON")
		}
		return nil
	case FormatCSV:
		return wellFormedCSV(content)
	case FormatPanasonic:
		return scanPanasonic(content, func([]byte) {})
	case FormatKeyValue:
		return scanLines(content, '=', func([]byte) {})
	case FormatColonValue:
		return scanLines(content, ':', func([]byte) {})
	default:
		return nil
	}
}

func wellFormedCSV(content []byte) error {
	reader := csv.NewReader(bytes.NewReader(content))
	reader.ReuseRecord = true
	for {
		_, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return csvError(err)
		}
	}
}

func csvError(err error) error {
	line := 0
	if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
		line = wrong.Line
	}
	return fmt.Errorf("line %d is not CSV, or has not as many fields as the first", line)
}

// scanLines reads lines of a key, a separator and a value, and tells note each key. Lines
// that begin with a bracket are headings, and told as they are; of empty ones and comments
// the first byte is told.
func scanLines(content []byte, separator byte, note func([]byte)) error {
	for n := 1; len(content) > 0 || n == 1; n++ {
		var line []byte
		line, content, _ = bytes.Cut(content, []byte("\n"))
		line = bytes.TrimSpace(line)
		switch {
		case len(line) == 0:
			note(nil)
			continue
		case line[0] == '#' || line[0] == ';':
			note(line[:1])
			continue
		case line[0] == '[' || line[0] == '<':
			note(line)
			continue
		}
		key := bytes.TrimSpace(line[:max(0, bytes.IndexByte(line, separator))])
		if len(key) == 0 {
			return fmt.Errorf("line %d has no key and %q", n, string(separator))
		}
		note(key)
	}
	return nil
}

// What Panasonic's phones insist on.
const (
	panasonicFirst = "# Panasonic SIP Phone Standard Format File #"
	panasonicLine  = 537
	panasonicBytes = 120 << 10
)

// scanPanasonic reads lines of KEY="value" and tells note as scanLines does.
func scanPanasonic(content []byte, note func([]byte)) error {
	if len(content) > panasonicBytes {
		return fmt.Errorf("has %d bytes, and the phones read %d", len(content), panasonicBytes)
	}
	if !bytes.HasPrefix(content, []byte(panasonicFirst)) {
		return errors.New("does not begin with the line " + panasonicFirst)
	}
	if !bytes.HasSuffix(content, []byte("\r\n")) {
		return errors.New("does not end with an empty line")
	}
	for n := 1; len(content) > 0; n++ {
		var line []byte
		line, content, _ = bytes.Cut(content, []byte("\r\n"))
		key, value, _ := bytes.Cut(line, []byte("="))
		switch {
		case len(line) > panasonicLine:
			return fmt.Errorf("line %d has more than %d bytes", n, panasonicLine)
		case bytes.ContainsAny(line, "\r\n"):
			return fmt.Errorf("line %d does not end with CR and LF", n)
		case len(line) == 0 || line[0] == '#':
			note(line[:min(1, len(line))])
		case len(key) == 0 || len(value) < 2 || value[0] != '"' || bytes.IndexByte(value[1:], '"') != len(value)-2:
			return fmt.Errorf(`line %d is not KEY="value"`, n)
		default:
			note(key)
		}
	}
	return nil
}
