package provisioners

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of values.
const (
	// MaxValue is the longest canonical text of a value in bytes.
	MaxValue = 4096
	// MaxSecret is the longest secret in bytes.
	MaxSecret = 256
)

// Parse returns the canonical text of a value: one of JSON (bool, number, string, list
// of strings) or its text. The empty text is a value of every setting: it says that
// nothing is set, whatever the levels above say. The error is a *SettingError.
func (c *Catalogue) Parse(path string, value any) (text string, err error) {
	read := readPath(path)
	setting := c.find(&read)
	if setting == nil {
		return "", c.unknown(path)
	}
	return setting.parse(path, value)
}

// Native returns a canonical text as a value of JSON: bool, int, string, []string; nil
// for the empty text. What is not canonical is returned as it is.
func (c *Catalogue) Native(path, text string) any {
	read := readPath(path)
	setting := c.find(&read)
	switch {
	case text == "":
		return nil
	case setting == nil:
		return text
	case setting.Type == BooleanType && (text == "true" || text == "false"):
		return text == "true"
	case setting.Type.numeric():
		if n, err := strconv.Atoi(text); err == nil {
			return n
		}
	case setting.Type == ListType:
		return strings.Split(text, ",")
	}
	return text
}

// parse checks a value and returns its canonical text.
func (s *Setting) parse(path string, value any) (string, error) {
	text, ok := s.plain(value)
	if !ok {
		return "", s.wrong(path, jsonKind(value))
	}
	if text == "" {
		return "", nil
	}
	canonical, ok := s.canonical(text)
	if !ok {
		return "", s.wrong(path, quoted(text))
	}
	return canonical, nil
}

// wrong says that a value does not fit. What was given for a secret is not repeated.
func (s *Setting) wrong(path, got string) error {
	e := wrongSetting(path, "value", "must be %s", s.Expected())
	if !s.Secret {
		e.Got = got
	}
	return e
}

// plain returns a value of JSON as text; ok is false for a value of a kind that the
// setting does not have.
func (s *Setting) plain(value any) (text string, ok bool) {
	switch v := value.(type) {
	case string:
		return v, true
	case bool:
		return strconv.FormatBool(v), s.Type == BooleanType
	case int:
		return strconv.Itoa(v), s.takesNumber()
	case int64:
		return strconv.FormatInt(v, 10), s.takesNumber()
	case float64:
		whole := v == math.Trunc(v) && math.Abs(v) < 1<<53
		return strconv.FormatFloat(v, 'f', -1, 64), whole && s.takesNumber()
	case json.Number:
		return v.String(), s.takesNumber()
	case []string:
		return strings.Join(v, ","), s.Type == ListType
	case []any:
		return s.plainList(v)
	}
	return "", false
}

// takesNumber reports whether a number of JSON may stand for a value: also for a
// directory number, a text or a choice such as 24, as people write them.
func (s *Setting) takesNumber() bool {
	return s.Type.numeric() || s.Type == NumberType || s.Type == ChoiceType || s.Type == TextType
}

func (s *Setting) plainList(values []any) (string, bool) {
	texts := make([]string, len(values))
	for i, value := range values {
		text, ok := value.(string)
		if !ok {
			return "", false
		}
		texts[i] = text
	}
	return strings.Join(texts, ","), s.Type == ListType
}

// canonical returns the canonical form of a text; ok is false if it is none.
func (s *Setting) canonical(text string) (string, bool) {
	if len(text) > MaxValue || !cleanText(text) {
		return "", false
	}
	if (s.Type == URLType || s.Type == NumberType) && slices.Contains(s.Choices, text) {
		return text, true
	}
	switch s.Type {
	case TextType:
		return text, s.fits(utf8.RuneCountInString(text)) && (s.pattern == nil || s.pattern.MatchString(text))
	case SecretType:
		return text, len(text) <= MaxSecret && s.fits(utf8.RuneCountInString(text)) && !strings.ContainsAny(text, "\t\r\n")
	case BooleanType:
		text = strings.ToLower(strings.TrimSpace(text))
		return text, text == "true" || text == "false"
	case IntegerType, PortType, DurationType:
		return s.canonicalNumber(strings.TrimSpace(text))
	case ChoiceType:
		return s.choice(text)
	case ListType:
		return s.canonicalList(text)
	case NumberType:
		return canonicalDialled(text)
	}
	return canonicalName(s.Type, text)
}

func (s *Setting) canonicalNumber(text string) (string, bool) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || s.Type != IntegerType && n < 0 || s.Type == PortType && n > 65535 {
		return "", false
	}
	return strconv.FormatInt(n, 10), s.fits(int(n))
}

// fits reports whether a number is within the bounds.
func (s *Setting) fits(n int) bool {
	return (s.Min == nil || int64(n) >= *s.Min) && (s.Max == nil || int64(n) <= *s.Max)
}

// choice returns the choice that a text names, whatever its case.
func (s *Setting) choice(text string) (string, bool) {
	i := slices.IndexFunc(s.Choices, func(c string) bool { return strings.EqualFold(c, strings.TrimSpace(text)) })
	if i < 0 {
		return "", false
	}
	return s.Choices[i], true
}

func (s *Setting) canonicalList(text string) (string, bool) {
	var elements []string
	for element := range strings.SplitSeq(text, ",") {
		choice, ok := s.choice(element)
		if !ok || slices.Contains(elements, choice) {
			return "", false
		}
		elements = append(elements, choice)
	}
	return strings.Join(elements, ","), true
}

// cleanText reports whether a text is UTF-8 without what no format of a phone can
// carry: control characters but tab and line ends.
func cleanText(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f || r == 0xFFFE || r == 0xFFFF
	})
}

// jsonKind names the kind of a value of JSON.
func jsonKind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case float64, json.Number, int, int64:
		return "the number " + cut(fmt.Sprint(value), longestGot)
	case []any, []string:
		return "this list"
	case map[string]any:
		return "an object"
	}
	return "this"
}
