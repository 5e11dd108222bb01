package access

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"
)

// Duration is a length of time that JSON has as text, such as "720h".
type Duration time.Duration

// MarshalText writes the duration as time.Duration does.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// UnmarshalJSON reads a duration; the empty text is 0.
func (d *Duration) UnmarshalJSON(raw []byte) error {
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return wrong("rotateAfter", "must be text, such as 720h")
	}
	if text == "" {
		*d = 0
		return nil
	}
	parsed, err := time.ParseDuration(text)
	if err != nil {
		return wrong("rotateAfter", "must be a duration such as 720h")
	}
	*d = Duration(parsed)
	return nil
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%s]", field, strconv.Itoa(i)) }

func printable(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	for _, r := range text {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
