package sqlite

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/dialtone-acs/dialtone/device"
)

// indexedValue is the value of an indexed parameter in a row of devices, empty
// where there is none. The name is one that device.CheckIndexedName takes, so
// that it can stand in a statement: an index serves only the very same
// expression, in which no argument may stand.
func indexedValue(table, name string) string {
	return "coalesce(json_extract(" + table + "indexed, '$." + name + "'), '')"
}

// indexedColumns returns where the fields of the indexed parameters lie.
func indexedColumns(names []string) map[string]column {
	columns := make(map[string]column, len(names))
	for _, name := range names {
		columns[device.IndexedField+name] = column{sql: indexedValue("d.", name)}
	}
	return columns
}

// indexedPrefix begins the names of the indexes of indexed parameters.
const indexedPrefix = "devices_indexed_"

const indexesOfParameters = "SELECT name FROM sqlite_schema WHERE type = 'index' AND substr(name, 1, ?) = ?"

// indexParameters makes the index of each name, and drops those of names that
// are indexed no longer: each costs time at every change of a value.
func (c *conn) indexParameters(names []string) error {
	var there []string
	err := c.each(func(r *row) error {
		there = append(there, strings.TrimPrefix(r.text(), indexedPrefix))
		return nil
	}, indexesOfParameters, len(indexedPrefix), indexedPrefix)
	if err != nil {
		return fmt.Errorf("list indexes of parameters: %w", err)
	}
	for _, name := range there {
		if slices.Contains(names, name) {
			continue
		}
		if err := c.script("DROP INDEX " + indexedPrefix + name); err != nil {
			return fmt.Errorf("drop index of parameter %s: %w", name, err)
		}
	}
	for _, name := range names {
		if slices.Contains(there, name) {
			continue
		}
		if err := c.script("CREATE INDEX " + indexedPrefix + name + " ON devices (lower(" + indexedValue("", name) + "))"); err != nil {
			return fmt.Errorf("create index of parameter %s: %w", name, err)
		}
	}
	return nil
}

func checkIndexedNames(names []string) error {
	for _, name := range names {
		if err := device.CheckIndexedName(name); err != nil {
			return fmt.Errorf("indexed parameter: %w", err)
		}
	}
	return nil
}

// encodeIndexed returns the indexed column of a record.
func encodeIndexed(values map[string]string) (string, error) {
	if len(values) == 0 {
		return "{}", nil
	}
	return encode(values)
}

func decodeIndexed(text string) (values map[string]string, err error) {
	if text == "{}" {
		return nil, nil // What most records have: no decoder is needed for it.
	}
	if err := json.Unmarshal([]byte(text), &values); err != nil {
		return nil, fmt.Errorf("stored JSON is damaged: %w", err)
	}
	return values, nil
}
