package roster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// ReadJSON reads a Roster. It returns an error for what is not one, for a field that is
// not known, and for more than MaxRows of a list.
func ReadJSON(r io.Reader) (Roster, error) {
	var read Roster
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&read); err != nil {
		return Roster{}, fmt.Errorf("read JSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Roster{}, errors.New("read JSON: there must be nothing after the object")
	}
	for name, n := range map[string]int{"phones": len(read.Phones), "lines": len(read.Lines), "levels": len(read.Levels)} {
		if n > MaxRows {
			return Roster{}, fmt.Errorf("read JSON: %s must be at most %d", name, MaxRows)
		}
	}
	for i := range read.Phones {
		read.Phones[i].Row = i + 1
	}
	for i := range read.Lines {
		read.Lines[i].Row = i + 1
	}
	for i := range read.Levels {
		read.Levels[i].Row = i + 1
	}
	return read, nil
}
