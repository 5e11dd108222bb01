package sqlite

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"time"
)

// row is one row of an answer, read column by column from the left. NULL reads
// as the zero value.
type row struct {
	values []driver.Value
	next   int
}

func (r *row) value() driver.Value {
	v := r.values[r.next]
	r.next++
	return v
}

func (r *row) text() string {
	s, _ := r.value().(string)
	return s
}

func (r *row) int64() int64 {
	n, _ := r.value().(int64)
	return n
}

func (r *row) int() int { return int(r.int64()) }

func (r *row) bool() bool { return r.int64() != 0 }

func (r *row) blob() []byte {
	b, _ := r.value().([]byte)
	return b
}

// optionalInt returns nil for NULL.
func (r *row) optionalInt() *int {
	n, ok := r.value().(int64)
	if !ok {
		return nil
	}
	i := int(n)
	return &i
}

func (r *row) time() time.Time { return fromMilliseconds(r.int64()) }

// json decodes a column that holds JSON; empty or NULL leaves v as it is.
func (r *row) json(v any) error {
	text := r.text()
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("stored JSON is damaged: %w", err)
	}
	return nil
}

// milliseconds is how a time is stored: Unix milliseconds, 0 for the zero time.
func milliseconds(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func fromMilliseconds(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// whole returns the time as it comes back from the store.
func whole(t time.Time) time.Time { return fromMilliseconds(milliseconds(t)) }

// encode returns v as JSON text for a column.
func encode(v any) (string, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode for the store: %w", err)
	}
	return string(raw), nil
}
