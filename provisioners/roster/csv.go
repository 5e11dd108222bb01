package roster

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadCSV reads phones, lines or settings: the first row names the columns, and with
// them what the rows are.
//
// Phones have a column "mac"; "model", "group", "owner" and "tags" (separated by spaces)
// may be there, and every other column is the path of a setting, such as
// "account.1.user". Lines have a column "number" beside those that are named as the
// fields of Line in JSON. Settings have a column "path", one entry of a level in each row:
// "value", "group" (empty for the global level), "models" (separated by spaces), "filter"
// and "locked".
//
// An empty cell says nothing. A cell that Cell marked, so that no spreadsheet takes it
// for a formula, is read without the mark.
//
// It returns the rows that cannot be used as RowErrors beside the others, and an error
// if r fails, the header cannot be used, or there are more than MaxRows.
func ReadCSV(r io.Reader) (Roster, []*RowError, error) {
	reader := csv.NewReader(skipMark(r))
	reader.FieldsPerRecord = -1
	reader.TrimLeadingSpace = true
	header, err := reader.Read()
	if err != nil {
		return Roster{}, nil, fmt.Errorf("read the header of a CSV: %w", err)
	}
	add, err := rowReader(header)
	if err != nil {
		return Roster{}, nil, err
	}
	var read Roster
	var wrong []*RowError
	for rows := 0; ; rows++ {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return read, wrong, nil
		}
		var syntax *csv.ParseError
		if errors.As(err, &syntax) {
			return read, append(wrong, &RowError{syntax.Line, "row", "must be one of a CSV: " + syntax.Err.Error()}), nil
		}
		if err != nil {
			return Roster{}, nil, fmt.Errorf("read CSV: %w", err)
		}
		if rows >= MaxRows {
			return Roster{}, nil, fmt.Errorf("read CSV: there are more than %d rows", MaxRows)
		}
		line, _ := reader.FieldPos(0)
		if len(record) > len(header) {
			wrong = append(wrong, &RowError{line, "row", fmt.Sprintf("must have at most %d cells", len(header))})
			continue
		}
		if problem := add(&read, cellsOf(line, header, record)); problem != nil {
			wrong = append(wrong, problem)
		}
	}
}

// cells are those of one row that say something.
type cells struct {
	row    int
	values map[string]string
}

func cellsOf(row int, header, record []string) cells {
	c := cells{row: row, values: map[string]string{}}
	for i, cell := range record {
		if cell = plain(strings.TrimSpace(cell)); cell != "" {
			c.values[header[i]] = cell
		}
	}
	return c
}

// rowReader returns what adds a row to a roster, as the header says what rows are.
func rowReader(header []string) (func(*Roster, cells) *RowError, error) {
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	switch {
	case slices.Contains(header, "mac"):
		return addPhone, nil
	case slices.Contains(header, "number"):
		return addLine, checkColumns(header, "group", "number", "user", "authUser", "password", "displayName", "label", "voicemail", "listed")
	case slices.Contains(header, "path"):
		return addEntry, checkColumns(header, "group", "path", "value", "models", "filter", "locked")
	default:
		return nil, errors.New(`read the header of a CSV: a column "mac" (phones), "number" (lines) or "path" (settings) must be there`)
	}
}

// checkHeader wants each column once.
func checkHeader(header []string) error {
	for i, name := range header {
		header[i] = strings.TrimSpace(name)
		if header[i] == "" {
			return fmt.Errorf("read the header of a CSV: column %d must have a name", i+1)
		}
		if slices.Contains(header[:i], header[i]) {
			return fmt.Errorf("read the header of a CSV: column %q is there twice", header[i])
		}
	}
	return nil
}

// checkColumns wants no other columns than these.
func checkColumns(header []string, known ...string) error {
	for _, name := range header {
		if !slices.Contains(known, name) {
			return fmt.Errorf("read the header of a CSV: column %q must be one of %s", name, strings.Join(known, ", "))
		}
	}
	return nil
}

// skipMark leaves out the byte order mark that spreadsheets write.
func skipMark(r io.Reader) io.Reader {
	var head [3]byte
	n, _ := io.ReadFull(r, head[:])
	if n == 3 && string(head[:]) == "\ufeff" {
		return r
	}
	return io.MultiReader(strings.NewReader(string(head[:n])), r)
}
